"""All facts of one target at one moment: a frozen value, stored as JSON, judged again without the machine.

The JSON begins with ``{"snapshot":1,``; a change that old readers would misread raises the number. Secrets are masked
before anything is stored, and what a collector hands out is masked, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.facts import (
    Account,
    Answer,
    Clock,
    Folder,
    GoFile,
    Goroot,
    Pairs,
    PathStat,
    Shell,
    TextFile,
    User,
)
from pytest_wslgo.model.mounts import Mount, mount_of
from pytest_wslgo.model.platform import Platform, PlatformEvidence  # noqa: TC001  # as above
from pytest_wslgo.model.redaction import mask, mask_value

SNAPSHOT_VERSION = 1
# Two threads that make msgspec (0.22) look at the same dataclasses for the first time crash the process.
_CONVERTING = Lock()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What ``snapshot.sh`` gathered on a target, and what follows from it without judging (the platform).

    ``subject`` is the directory of the user's own module, where the caller named one on this target.
    """

    snapshot: int
    platform: Platform
    evidence: PlatformEvidence
    user: User
    clock: Clock
    cwd: str
    shells: tuple[Shell, ...]
    gos: tuple[GoFile, ...]
    goroots: tuple[Goroot, ...]
    folders: tuple[Folder, ...]
    path_folders: tuple[str, ...]
    stats: tuple[PathStat, ...]
    links: Pairs
    files: tuple[TextFile, ...]
    tools: Pairs
    answers: tuple[tuple[str, Answer], ...]
    accounts: tuple[Account, ...]
    cpu_flags: tuple[str, ...]
    subject: str | None = None

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Return the mount table, in the kernel's order."""
        return self.evidence.mounts

    @property
    def plain(self) -> Shell:
        """Return the shell of ``sh -c``."""
        return self.shell("plain")

    @property
    def bare(self) -> Shell:
        """Return the shell of ``sh -c`` that inherits nothing."""
        return self.shell("bare")

    @property
    def login(self) -> Shell:
        """Return the user's login shell."""
        return self.shell("login")

    @property
    def interactive(self) -> Shell:
        """Return the user's interactive shell."""
        return self.shell("interactive")

    def shell(self, name: str) -> Shell:
        """Return a shell by its name; one that is missing in the record never started."""
        return next((shell for shell in self.shells if shell.name == name), Shell(name, started=False, status=None))

    def text(self, path: str) -> str | None:
        """Return the text of a file, or None when it is not there, not readable or not recorded."""
        return next((file.text for file in self.files if file.path == path), None)

    @property
    def texts(self) -> dict[str, str]:
        """Return the texts of all files that could be read, the SDKs' go.env among them, by path."""
        own = {file.path: file.text for file in self.files if file.text is not None}
        sdks = {f"{sdk.path}/go.env": sdk.go_env_file for sdk in self.goroots if sdk.go_env_file}
        return {**sdks, **own}

    def stat(self, path: str) -> PathStat | None:
        """Return what a well-known path leads to, or None when it is not there or not recorded."""
        return next((stat for stat in self.stats if stat.path == path), None)

    def link(self, path: str) -> str | None:
        """Return where a well-known symbolic link points, or None when it is none."""
        return dict(self.links).get(path)

    def tool(self, name: str) -> str | None:
        """Return the path of a tool as the login shell finds it, or None."""
        return dict(self.tools).get(name)

    def answer(self, name: str) -> Answer | None:
        """Return what a tool said (``cc gcc``, ``dlv-version``, ``systemd-state``, ``wsl-version``, …), or None."""
        return dict(self.answers).get(name)

    def folder(self, path: str) -> Folder | None:
        """Return the facts of a folder, or None when it was not recorded."""
        return next((folder for folder in self.folders if folder.path == path), None)

    def go_file(self, path: str) -> GoFile | None:
        """Return the facts of a ``go``, or None when it was not recorded."""
        return next((go for go in self.gos if go.path == path), None)

    def goroot(self, path: str) -> Goroot | None:
        """Return the facts of an SDK, or None when it was not recorded."""
        return next((goroot for goroot in self.goroots if goroot.path == path), None)

    def mount_of(self, path: str) -> Mount | None:
        """Return the file system of a path, links followed where the path is a recorded folder or go."""
        folder, go = self.folder(path), self.go_file(path)
        real = folder.real if folder else go.real if go else None
        return mount_of(real or path, self.mounts)


def dump(snapshot: Snapshot) -> bytes:
    """Return the snapshot as JSON, masked, ready to be stored."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(_masked_tree(msgspec.to_builtins(snapshot))), indent=1)


def load(data: bytes, name: str) -> Snapshot:
    """Read what ``dump`` wrote; ``name`` is the file, for messages.

    Raises BadInput, with the file and the field, for what is no snapshot of this version.
    """
    import msgspec

    try:
        tree = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInput(
            f"{name} is not a snapshot: it is no whole JSON ({problem}). Save it again with --wslgo-save-facts."
        ) from None
    if not isinstance(tree, dict) or "snapshot" not in tree:
        raise BadInput(f'{name} is not a snapshot: expected a JSON object with "snapshot": {SNAPSHOT_VERSION}.')
    if tree["snapshot"] != SNAPSHOT_VERSION or isinstance(tree["snapshot"], bool):
        raise BadInput(
            f"{name} has snapshot version {tree['snapshot']!r} in the field `snapshot`; this plugin reads version"
            f" {SNAPSHOT_VERSION}. Save it again with --wslgo-save-facts."
        )
    try:
        return _converted(tree)
    except (msgspec.ValidationError, RecursionError) as problem:
        raise BadInput(f"{name} is not a whole snapshot: {problem}.") from None


def masked(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with every secret in it replaced by ``***``."""
    import msgspec

    return _converted(_masked_tree(msgspec.to_builtins(snapshot)))


def _converted(tree: object) -> Snapshot:
    import msgspec

    with _CONVERTING:
        return msgspec.convert(tree, Snapshot)


def _masked_tree(tree: object) -> object:
    match tree:
        case str():
            return mask(tree)
        case [str() as name, str() as value]:
            return [name, mask_value(name, value)]
        case list() | tuple():
            return [_masked_tree(item) for item in tree]
        case dict():
            return {key: _masked_tree(value) for key, value in tree.items()}
        case _:
            return tree

"""Mounts that one command sees: a directory on itself, read-only or without the right to execute.

The mount is made in a mount namespace of that command (unshare(1)), and is gone with its last process, whatever ended
it: nothing to unmount, nothing to leave behind. An ordinary user gets the right to mount by a user namespace, where
the system allows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pytest_wslgo.errors import MissingTool, NoPrivilege
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target

Option = Literal["noexec", "ro"]

_UNSHARE: Final = ("unshare", "-m")
# For an ordinary user: root of a namespace of its own, which may mount.
_OWN_ROOT: Final = ("-U", "-r")
# nosuid and nodev of the mount below cannot be taken away in a user namespace, so they are named too.
_MOUNT: Final = """
mount -o bind "$1" "$1" && mount -o "remount,bind,nosuid,nodev,$2" "$1" || exit 125
shift 2
exec "$@"
"""


def through_mount(target: Target, folder: str, option: Option) -> tuple[str, ...]:
    """Return the words before a command that make it see ``folder`` mounted so; what is in the folder stays there.

    Raises:
        MissingTool: the target has no unshare.
        NoPrivilege: it does not let us make a mount, not even in a namespace of our own.
    """
    said = ""
    for rights in ((), _OWN_ROOT):
        words = (*_UNSHARE, *rights, "/bin/sh", "-c", _MOUNT, "sh", folder, option)
        tried = target.run([*words, "true"], check=False)
        if tried.status == 0:
            return words
        if tried.status == 127:
            raise MissingTool(f"Target {target.name} has no unshare: install util-linux.")
        said = last_lines(tried.stderr, 1) or f"status {tried.status}"
    raise NoPrivilege(
        f"Target {target.name} does not let us mount {folder} with {option}, not even in a namespace of our own"
        f" ({said}). Run as root there, in a container with --cap-add=SYS_ADMIN, or allow user namespaces."
    )

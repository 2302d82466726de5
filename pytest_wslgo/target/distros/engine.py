"""Start one container per image and run, by the engine that works: podman, else docker.

An engine works when it answers within seconds and a container of the image really starts, not when its program is
there. A container has no network and a first process that ends by itself; it is labelled with the lease of its run and
recorded in the run's directory before it is started, so that the run, or the next one after a kill -9, removes it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, WslgoError
from pytest_wslgo.model.program_head import arch_of_uname
from pytest_wslgo.target.distros.place import Place
from pytest_wslgo.target.kernel import is_root, uname_machine
from pytest_wslgo.target.process import Outcome, run_process
from pytest_wslgo.target.result import last_lines
from pytest_wslgo.target.workdir import CONTAINERS, Lease

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_wslgo.target.distros.image import Image

ENGINES: Final = ("podman", "docker")
LABEL: Final = "pytest-wslgo"
# In seconds. The first one decides that an engine hangs.
ANSWER_DEADLINE: Final = 10.0
START_DEADLINE: Final = 60.0
PULL_DEADLINE: Final = 600.0
# An orphan ends by itself; the longest run is shorter. The trap lets it end at once when it is asked to.
LIFE: Final = 'trap "exit 0" TERM; sleep 21600 & wait'


class Unfit(Exception):
    """An engine that does not do it; the text is a clause that says why."""


def at_image(image: Image, run_dir: Path, refusal: Callable[[str], str], *, network: bool) -> Place:
    """Return the place of a container of ``image``, started; ``refusal`` tells why an engine does not work, or "".

    Raises MissingTool (no engine works), BadInput (the image is wrong, or not there and named by the caller).
    """
    refusals, absent = [], []
    for engine in ENGINES:
        try:
            if why := refusal(engine):
                raise Unfit(why)
            if why := _absence(engine, image.text, network=network):
                absent.append(f"{engine}: {why}")
                continue
            return _started(engine, image, run_dir)
        except Unfit as unfit:
            refusals.append(str(unfit))
    subject = f"distro {image.name}: "
    if not absent:
        raise MissingTool(
            f"{subject}no container engine works here for image {image.text} ({'; '.join(refusals)}): start one, or"
            f" give a root file system with --wslgo-distro {image.name}=DIR."
        )
    engine = absent[0].partition(":")[0]
    advice = "check its name" if network else f"`{engine} pull {image.text}`, or --wslgo-network, brings it"
    kind = BadInput if image.named else MissingTool
    raise kind(f"{subject}there is no image {image.text} ({'; '.join(absent)}): {advice}.")


def look_at(engine: str, *, network: bool) -> str:
    """Return why ``engine`` does not work here, or ""; remove what dead runs left in it."""
    if shutil.which(engine) is None:
        return f"{engine} is not installed"
    if engine == "podman" and not network and not _podman_was_used():
        return "podman was never used by this user, so it has no image"
    listing = [engine, "ps", "-a", "--filter", f"label={LABEL}", "--format", "{{.Names}}"]
    listed = run_process(listing, deadline=ANSWER_DEADLINE)
    if listed.status != 0 or listed.overran:
        return f"{engine} {_said(listed, ANSWER_DEADLINE)}"
    _sweep(engine, listed.stdout.decode().split())
    return ""


def _podman_was_used() -> bool:
    """Tell whether podman has a store already: a mere question would make one, in the user's home (containers-storage).

    Where a configuration of his own may name another place, that counts as one.
    """
    if "CONTAINERS_STORAGE_CONF" in os.environ:
        return True
    if is_root():
        return Path("/var/lib/containers/storage").exists()
    home = os.environ.get("HOME") or "/"
    data = os.environ.get("XDG_DATA_HOME") or f"{home}/.local/share"
    config = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    return Path(data, "containers").exists() or Path(config, "containers/storage.conf").exists()


def _said(outcome: Outcome, deadline: float) -> str:
    if outcome.overran:
        return f"did not answer within {deadline:g} s"
    return f"says: {last_lines(outcome.stderr, 1) or f'status {outcome.status}'}"


def _sweep(engine: str, names: list[str]) -> None:
    for name in names:
        told = run_process(
            [engine, "inspect", "--format", f'{{{{index .Config.Labels "{LABEL}"}}}}', name], deadline=ANSWER_DEADLINE
        )
        lease = Lease.parse(told.stdout.decode())
        if lease is not None and lease.is_dead():
            run_process([engine, "rm", "-f", name], deadline=START_DEADLINE)


def _absence(engine: str, image: str, *, network: bool) -> str:
    """Return what the engine says of an image that is not there, or ""; with the network it is fetched."""
    inspected = _inspected(engine, image)
    if inspected.status == 0 or not network:
        return "" if inspected.status == 0 else last_lines(inspected.stderr, 1)
    pulled = run_process([engine, "pull", "-q", image], deadline=PULL_DEADLINE)
    if pulled.overran:
        raise Unfit(f"{engine} did not fetch the image within {PULL_DEADLINE:g} s")
    return "" if pulled.status == 0 else last_lines(pulled.stderr, 1)


def _inspected(engine: str, image: str) -> Outcome:
    argv = [engine, "image", "inspect", "--format", "{{.Architecture}}", image]
    inspected = run_process(argv, deadline=ANSWER_DEADLINE)
    if inspected.overran:
        raise Unfit(f"{engine} {_said(inspected, ANSWER_DEADLINE)}")
    return inspected


def _started(engine: str, image: Image, run_dir: Path) -> Place:
    name = f"{run_dir.name}-{image.name}".lower()
    _record(engine, name, run_dir)
    words = [engine, "run", "-d", "--rm", "--pull=never", "--name", name, "--label", f"{LABEL}={_lease_of(run_dir)}"]
    words += ["--network", "none", "--stop-timeout", "1", "--entrypoint", "/bin/sh", image.text, "-c", LIFE]
    try:
        _see_it_start(engine, name, image, run_process(words, deadline=START_DEADLINE))
    except (Unfit, WslgoError):
        # What never started may stay as "created", whatever --rm says.
        run_process([engine, "rm", "-f", name], deadline=START_DEADLINE)
        raise
    return Place(f"image {image.text} by {engine}", spec=f"{engine}://{name}")


def _see_it_start(engine: str, name: str, image: Image, started: Outcome) -> None:
    said = last_lines(started.stderr, 1)
    if started.status != 0 or started.overran:
        if "/bin/sh" in said and "no such file" in said:
            raise BadInput(f"distro {image.name}: image {image.text} has no /bin/sh, which every test of it needs.")
        if "exec format error" not in said.lower():
            raise Unfit(f"{engine}, asked for a container of it, {_said(started, START_DEADLINE)}")
    _try_shell(engine, name, image)


def _try_shell(engine: str, name: str, image: Image) -> None:
    """A program of another machine is only seen to fail when it starts."""
    tried = run_process([engine, "exec", name, "/bin/sh", "-c", ":"], deadline=START_DEADLINE)
    if tried.status == 0 and not tried.overran:
        return
    arch = _inspected(engine, image.text).stdout.decode().strip()
    here = arch_of_uname(uname_machine())
    if arch == here:
        raise Unfit(f"{engine}, asked for a command in a container of it, {_said(tried, START_DEADLINE)}")
    raise BadInput(
        f"distro {image.name}: image {image.text} is for {arch}, and this machine is {here}: register an emulator"
        f" with the flag F (binfmt_misc, such as qemu-user-static), or give an image for {here}."
    )


def _lease_of(run_dir: Path) -> str:
    """Return the lease of the run: of its controller, who outlives its workers."""
    leases = sorted((run_dir / ".leases").glob("*"))
    return (leases[0].read_text(encoding="utf-8") if leases else str(Lease.ours())).strip()


def _record(engine: str, name: str, run_dir: Path) -> None:
    folder = run_dir / CONTAINERS
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{engine} {name}\n", encoding="utf-8")


def remove_containers(run_dir: Path) -> None:
    """Remove the containers of a run; whoever made its directory calls this once, at the end."""
    for record in _records(run_dir):
        engine, _, name = record.read_text(encoding="utf-8").strip().partition(" ")
        with suppress(WslgoError):
            run_process([engine, "rm", "-f", name], deadline=START_DEADLINE)
        record.unlink(missing_ok=True)


def _records(run_dir: Path) -> Iterator[Path]:
    folder = run_dir / CONTAINERS
    if folder.is_dir():
        yield from sorted(folder.iterdir())

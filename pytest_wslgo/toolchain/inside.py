"""Commands with mounts, rights and a network of their own: how Go behaves on a machine that is set up otherwise.

All is made in namespaces (unshare(1)) that end with the command, however it ends: nothing is ever mounted where other
processes see it, and there is nothing to undo. Root makes them at once; an ordinary user in a user namespace.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, NoPrivilege
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_wslgo.target.target import Target

# Words: place, verb and value of each mount, "--", "drop" or "", the command. "kept" reads what the mount hides through
# a descriptor that was opened before. A user namespace cannot take nosuid and nodev away, so they are named.
_ENTER: Final = """\
mount() { command mount "$@" || exit 125; }
while [ "$1" != -- ]; do
  case $2 in
  bind) mount -o bind "$1" "$1"; mount -o "remount,bind,nosuid,nodev,$3" "$1" ;;
  over) mount -o bind "$3" "$1" ;;
  hold) exec 9<"$1" ;;
  tmpfs) mount -t tmpfs -o "mode=1777$3" tmpfs "$1" ;;
  kept) cp -R /proc/self/fd/9/. "$1" && exec 9<&- || exit 125 ;;
  full) cat /dev/zero >"$1/.full" 2>/dev/null ;;
  esac
  shift 3
done
[ "$2" = drop ] && [ "$(id -u)" = 0 ] || { shift 2; exec "$@"; }
shift 2
exec setpriv --bounding-set=-all --inh-caps=-all -- "$@"
"""
_WAYS: Final = (("unshare", "-m"), ("unshare", "-U", "-r", "-m"))
_VERBS: Final = ("bind", "over", "tmpfs", "drive")


def open_inside(
    target: Target,
    mounts: Mapping[str, str],
    *,
    privileged: bool = True,
    network: bool = True,
    drive: str | None = None,
    env: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return the words before a command that give it these mounts, tried once with a command that does nothing.

    ``mounts`` says by place what is mounted there: ``bind,ro`` or ``bind,noexec`` (what lies there, otherwise),
    ``over=PATH`` (another file or directory), ``tmpfs,size=1m,noexec`` (another, empty file system; with ``kept`` what
    lay there is copied into it, with ``full`` it is then filled to the last page), ``drive,latency=100us`` (what lies
    there, as a Windows drive would show it; ``told=FILE`` gets the number of requests that ``drive``, the path of the
    program that serves it, has answered).
    Not ``privileged`` takes root's rights away, so that modes and owners count; without ``network`` there is none.
    Raises BadInput (a mount that is none of these), MissingTool, NoPrivilege (with what the machine said).
    """
    steps = tuple(word for place, kind in mounts.items() for word in _steps(place, kind))
    server = tuple(word for place, kind in mounts.items() for word in _server(place, kind, drive or ""))
    ways = [(*way, *(() if network else ("-n",))) for way in _WAYS] if mounts or not network else [()]
    said = ""
    for way in ways:
        words = (*way, "/bin/sh", "-c", _ENTER, "sh", *steps, "--", "" if privileged else "drop", *server)
        got = target.run([*words, "/bin/sh", "-c", ":"], env=env, check=False)
        if got.status == 0:
            return words
        said = last_lines(got.stderr)
    raise _refusal(target, said, mounts=bool(mounts) or not network)


def _steps(place: str, kind: str) -> Iterable[str]:
    verb, *options = kind.replace("over=", "over,", 1).split(",")
    ours = [option for option in options if option in ("kept", "full")]
    value = [option for option in options if option not in ours]
    if verb not in _VERBS or (verb in ("bind", "over") and not value):
        raise BadInput(f"{place}: {kind!r} is no mount of ours: give bind,ro, over=PATH, tmpfs,size=1m or drive.")
    if "full" in ours and not any(option.startswith("size=") for option in value):
        raise BadInput(f"{place}: {kind!r} has no size=, and would fill the memory of the machine: give tmpfs,size=1m.")
    if verb == "drive":
        return
    if "kept" in ours:
        yield from (place, "hold", "")
    yield from (place, verb, "".join(f",{option}" for option in value) if verb == "tmpfs" else ",".join(value))
    for word in ours:
        yield from (place, word, "")


def _server(place: str, kind: str, program: str) -> Iterable[str]:
    verb, *options = kind.split(",")
    if verb == "drive":
        given = dict(option.split("=", 1) for option in options)
        yield from (program, place, given.get("latency", "0"), given.get("told", ""))


def _refusal(target: Target, said: str, *, mounts: bool) -> Exception:
    for program in ("unshare", "setpriv", "mount"):
        if re.search(rf"\b{program}'?: (not found|No such file)", said):
            return MissingTool(f"target {target.name} has no {program}, which this check needs: install util-linux.")
    if "/dev/fuse" in said:
        return NoPrivilege(f"target {target.name} lets this run serve no file system of its own (FUSE): {said}")
    what = "mounts or network of its own (run as root, or allow user namespaces)" if mounts else "fewer rights"
    return NoPrivilege(f"target {target.name} gives a command no {what}: {said}")

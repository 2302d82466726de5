"""Give a command its working directory and its exact environment by a few words of POSIX shell.

Used where the local process cannot carry them: the directory is one of another machine, or a program stands between
that does not pass an environment on. A target may have no ``env`` program; then the shell itself drops what it got.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Words: directory or "", "+" (keep the environment) or the number of NAME=VALUE words, these, the command.
# Names begin with _w so that no variable of the machine's own environment is changed on the way.
PLACE = """\
if [ "$1" ]; then cd "$1" || exit 126; fi
_wn=$2
shift 2
[ "$_wn" = + ] && exec "$@"
if _we=$(command -v env); then exec "$_we" -i "$@"; fi
set -f
for _wv in $(export -p); do
  _wv=${_wv%%=*}
  case $_wv in "" | _w* | [0-9]* | *[!A-Za-z0-9_]*) ;; *) unset "$_wv" ;; esac
done
while [ "$_wn" -gt 0 ]; do export "$1"; shift; _wn=$((_wn - 1)); done
exec "$@"
"""


def place(argv: Sequence[str], cwd: str | None, env: Mapping[str, str] | None = None) -> list[str]:
    """Return an argv that runs ``argv`` in ``cwd`` (``None``: where it is) with exactly ``env`` (``None``: as it is).

    >>> place(["go", "env"], None)
    ['go', 'env']
    """
    if cwd is None and env is None:
        return list(argv)
    words = [f"{name}={value}" for name, value in (env or {}).items()]
    # `env` would take a program whose name has a "=" for one more variable.
    command = ["/bin/sh", "-c", 'exec "$0" "$@"', *argv] if env is not None and "=" in argv[0] else list(argv)
    return ["/bin/sh", "-c", PLACE, "sh", cwd or "", "+" if env is None else str(len(words)), *words, *command]

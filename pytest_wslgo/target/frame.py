"""Frame a command that a login shell or a container engine starts, so that what it gave can be told from their noise.

``ssh`` gives 255 for a lost connection and for a command that ends with 255; a .bashrc may print before the command
starts; a client may lose the end of the output. So a few words of POSIX shell around the command write a random mark
before its output, and the mark with its status after its end. Without the second mark the command did not end.

With a limit the machine itself kills the command when it passes: a client that lost its connection cannot.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Words: the mark, the limit in seconds or "", the command.
# Standard error gets MARK pid outputs ";" at the start and MARK "=" status ";" at the end.
# The limit is a `timeout cat` on a pipe that the command's shell holds open: it leaves nothing behind, polls nothing.
# Without a limit the input is read to its end: `podman exec -i` loses output and status when input is left over
# (https://github.com/containers/podman/issues/3302).
# "outputs" are pipes and sockets by inode, as /proc tells since Linux 5.14; reap.sh finds by them who holds them open.
FRAME = """\
_wm=$1 _wt=$2
shift 2
_wo=
for _wf in 1 2; do
  _wk=
  [ -p "/proc/$$/fd/$_wf" ] && _wk=pipe
  [ -S "/proc/$$/fd/$_wf" ] && _wk=socket
  [ "$_wk" ] || continue
  while read -r _wn _wv; do [ "$_wn" = ino: ] && _wo="$_wo $_wk:[$_wv]"; done <"/proc/$$/fdinfo/$_wf"
done
printf %s "$_wm"
printf %s "$_wm$$$_wo;" >&2
exec 3>&2 2>/dev/null
[ "$_wt" ] && command -v timeout >/dev/null || {
  (exec "$@") 2>&3 3>&-
  _ws=$?
  cat >/dev/null
  printf %s "$_wm=$_ws;" >&3
  exit
}
exec 4<&0 5>&1
{
  (exec "$@") <&4 >&5 2>&3 3>&- 4<&- 5>&-
  printf %s "$_wm=$?;" >&3
} | {
  exec 3>&- 4<&- 5>&- >/dev/null
  timeout "$_wt" cat
  case $? in 124 | 143) kill -9 0 ;; esac
}
"""


@dataclass(frozen=True, slots=True)
class Framed:
    """What a framed command gave.

    ``leader`` is its pid there (``None``: it never started), ``status`` its own (``None``: it never ended), ``noise``
    is what came before the command on either output.
    """

    leader: str | None
    outputs: tuple[str, ...]
    status: int | None
    stdout: bytes
    stderr: bytes
    noise: bytes


class Frame:
    """The frame of one command, with a mark of its own."""

    def __init__(self) -> None:
        self._mark = f"wslgo-{secrets.token_hex(12)}"

    def around(self, argv: Sequence[str], limit: int | None = None) -> list[str]:
        """Return the argv that runs ``argv`` framed, to be killed there after ``limit`` seconds."""
        return ["/bin/sh", "-c", FRAME, "sh", self._mark, "" if limit is None else str(limit), *argv]

    def read(self, stdout: bytes, stderr: bytes) -> Framed:
        """Take the frame off what a client wrote; what has not come yet is absent.

        Of a command that printed "oops" and gave 3, standard error with the mark M is, after a noisy start:
        ``welcome!M812 pipe:[77] pipe:[78];oopsM=3;``
        """
        mark = self._mark.encode()
        out_noise, _, out = stdout.partition(mark) if mark in stdout else (stdout, b"", b"")
        begun = re.search(re.escape(mark) + rb"(\d+)((?: (?:pipe|socket):\[\d+\])*);", stderr)
        if begun is None:
            return Framed(None, (), None, b"", b"", _joined(out_noise, stderr))
        err = stderr[begun.end() :]
        ended = re.search(re.escape(mark) + rb"=(\d+);", err)
        status = None
        if ended is not None:
            status, err = int(ended[1]), err[: ended.start()] + err[ended.end() :]
        outputs = tuple(begun[2].decode().split())
        return Framed(begun[1].decode(), outputs, status, out, err, _joined(out_noise, stderr[: begun.start()]))


def _joined(out: bytes, err: bytes) -> bytes:
    return b"\n".join(filter(None, (out.strip(), err.strip())))

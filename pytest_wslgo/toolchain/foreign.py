"""Programs for another system or machine on a target: what starts them there, and what becomes of them.

The kernel runs its own programs, hands some others to a handler (binfmt_misc), and refuses the rest. Which it does is
seen by one that asks the kernel alone, not a shell: see ``fixtures/modules/starter``. No handler is ever registered for
the machine: the one that is registered here belongs to a user namespace that ends with the program.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import NoPrivilege
from pytest_wslgo.model.binfmt import handler_for, has_private_tables, parse_handler, registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.binfmt import Handler
    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.toolchain.binary import Binary
    from pytest_wslgo.toolchain.workbench import Workbench

# The first program that Wine or an emulator starts may take its time.
_DEADLINE: Final = 60.0
ENOEXEC: Final = 8  # the status of the starter when the kernel says "exec format error"
_EMULATORS: Final = {"arm64": "qemu-aarch64-static", "amd64": "qemu-x86_64-static"}
_ELF_MAGIC: Final = 20  # bytes of the header, up to the machine

_SHOW: Final = r"""
show() {
    [ "$(cat "$1/status")" = enabled ] || exit 0
    for entry in "$1"/*; do
        case $entry in */register | */status) continue ;; esac
        printf '= %s\n' "${entry##*/}"
        cat "$entry"
    done
}
"""
# $1 is a directory to mount on, $2 the second script. A table that no mount shows is read through a mount that nobody
# else sees; where the kernel does not know the file system (yet), there can be no handler. Within a user namespace that
# mount would make a new table, and hide the handlers of the machine from all of that namespace.
_READ: Final = f"""{_SHOW}
[ -e /proc/sys/fs/binfmt_misc/status ] && {{ show /proc/sys/fs/binfmt_misc; exit 0; }}
grep -q binfmt_misc /proc/filesystems || exit 0
read -r inside outside count </proc/self/uid_map
[ "$inside $outside $count" = "0 0 4294967295" ] || exit 9
mkdir -p "$1" && unshare -m /bin/sh -c "$2" sh "$1"
"""
_READ_MOUNTED: Final = f"""{_SHOW}
mount --make-rprivate / && mount -t binfmt_misc wslgo "$1" && show "$1"
"""

# $1 is a directory to mount on, $2 what to register, then the command. An empty table is that of the new namespace.
_REGISTER: Final = r"""
mount -t binfmt_misc wslgo "$1" || exit 9
for entry in "$1"/*; do
    case $entry in */register | */status) ;; *) echo "its table is not empty" >&2; exit 9 ;; esac
done
printf %s "$2" >"$1/register" || exit 9
echo registered
shift 2
exec "$@"
"""


class Foreign:
    """What a workbench's target does with programs that are not for it."""

    def __init__(self, workbench: Workbench) -> None:
        self._bench = workbench
        self._target = workbench.target

    @property
    def goarch(self) -> str:
        """A machine that is not the toolchain's, and for which there is an emulator."""
        return "arm64" if self._bench.toolchain.goarch == "amd64" else "amd64"

    def handler_of(self, binary: Binary) -> Handler | None:
        """Return the handler that the kernel hands this program to, or None; raises NoPrivilege where none can tell."""
        return handler_for(binary.data, binary.path, self._handlers)

    def start(self, binary: Binary) -> CommandResult:
        """Have the kernel start the program, without a shell; the status is ENOEXEC when it refuses the format."""
        starter = self._bench.build("starter", cgo=False)
        return starter.run(binary.path, deadline=_DEADLINE, check=False)

    def emulator(self) -> str:
        """Return qemu's program for ``goarch``; raises MissingTool."""
        return self._bench.tool(_EMULATORS[self.goarch])

    def start_with_handler(self, binary: Binary) -> CommandResult:
        """Start the program, which is for ``goarch``, where the emulator is registered for it, in a private namespace.

        Raises MissingTool (unshare, qemu), NoPrivilege where the kernel has no private table, or does not give us one.
        """
        kernel = self._target.run(["uname", "-r"]).text.strip()
        if not has_private_tables(kernel):
            raise NoPrivilege(
                f"Linux {kernel} of target {self._target.name} has one table of binfmt_misc for all; nothing is "
                "registered there, since others would meet it. From Linux 6.7 on each user namespace has its own."
            )
        line = registration("wslgo", binary.data[:_ELF_MAGIC], self.emulator())
        words = [self._bench.tool("unshare"), "-U", "-r", "-m", "/bin/sh", "-c", _REGISTER, "sh", self._mount_point]
        starter = self._bench.build("starter", cgo=False)
        environment = dict(starter.environment)
        started = self._target.run([*words, line, starter.path, binary.path], env=environment, check=False)
        if not started.text.startswith("registered"):
            raise NoPrivilege(
                f"Target {self._target.name} does not let us register a handler in a user namespace of our own: "
                f"{started.err.strip() or 'it says nothing'}. Run the check where user namespaces are allowed."
            )
        return started

    @cached_property
    def _handlers(self) -> tuple[Handler, ...]:
        argv = ["/bin/sh", "-c", _READ, "sh", self._mount_point, _READ_MOUNTED]
        read = self._target.run(argv, env=dict(self._bench.environment), check=False)
        if read.status != 0:
            raise NoPrivilege(
                f"Which handlers the kernel of target {self._target.name} has (binfmt_misc) cannot be seen: "
                "/proc/sys/fs/binfmt_misc is not mounted there, and we may not mount it. `sudo mount -t binfmt_misc "
                "binfmt_misc /proc/sys/fs/binfmt_misc` shows them, on the machine itself and not in a container; "
                "or run the check there as root."
            )
        return tuple(_parsed(read.text))

    @cached_property
    def _mount_point(self) -> str:
        path = f"{self._bench.places.run}/binfmt_misc"
        self._target.run(["mkdir", "-p", path])
        return path


def _parsed(table: str) -> Iterator[Handler]:
    for entry in f"\n{table}".split("\n= ")[1:]:
        name, _, text = entry.partition("\n")
        if handler := parse_handler(name, text):
            yield handler

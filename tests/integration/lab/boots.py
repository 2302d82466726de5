"""Boot one distro in a process of its own, with whatever rights that has, and print what came of it as JSON.

    python -m tests.integration.lab.boots RUN_DIR NAME=IMAGE [WAY]

WAY is a function of ``pytest_wslgo.target.distros.sandbox`` to go alone; without it the best way that works is taken.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.target.distros import sandbox
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.image import parse_image

CHECKOUT = Path(__file__).parents[3]
LOOK = """\
id -u
touch /etc/wslgo 2>/dev/null && echo "changed the root"
for name in null zero full random urandom; do [ -c "/dev/$name" ] || echo "no /dev/$name"; done
touch /tmp/wslgo && rm /tmp/wslgo || echo "no /tmp"
"""


def main() -> None:
    run_dir, text, *way = sys.argv[1:]
    if way:
        chosen = getattr(sandbox, way[0])
        sandbox.ways = lambda: (chosen,)
    distros = Distros([parse_image(text, Path.cwd())], Path(run_dir))
    try:
        distro = distros.get(text.partition("=")[0])
        target = distro.target
        target.write(f"{target.workdir}/there", bytes(range(256)))
        whole = target.read(f"{target.workdir}/there") == bytes(range(256))
        told = {
            "way": target.transport.wrap(["X"])[:-1],
            "kind": type(target.transport).__name__,
            "look": target.run(["/bin/sh", "-c", LOOK]).text,
            "userland": distro.userland.describe(),
            "net": target.run(["/bin/cat", "/proc/net/dev"], check=False).text,
            "how": distro.how,
            "whole": whole,
            "absent": target.run(["/nonexistent/program"], check=False).status,
        }
    except WslgoError as error:
        told = {"reason": str(error.reason), "why": str(error)}
    finally:
        for opened in distros.targets():
            opened.close()
    sys.stdout.write(json.dumps(told))


def boot(prefix: list[str], *args: str, python: str = sys.executable, **environ: str) -> dict[str, Any]:
    """Boot a distro below ``prefix``, such as setpriv(1), and return what the process printed."""
    argv = [*prefix, python, "-m", "tests.integration.lab.boots", *args]
    done = subprocess.run(
        argv, cwd=CHECKOUT, env=os.environ | environ, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def python_for(prefix: list[str]) -> tuple[str, dict[str, str]] | None:
    """Return a Python that also runs below ``prefix``, with its environment: that of the tests may be root's alone."""
    paths = [str(CHECKOUT), *(path for path in sys.path if path.endswith("site-packages"))]
    for python in (sys.executable, "/usr/bin/python3"):
        environ = {"PYTHONPATH": ":".join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        argv = [*prefix, python, "-c", "import tests.integration.lab.boots"]
        tried = subprocess.run(
            argv, cwd=CHECKOUT, env=os.environ | environ, capture_output=True, check=False, timeout=60
        )
        if tried.returncode == 0:
            return python, environ
    return None


if __name__ == "__main__":
    main()

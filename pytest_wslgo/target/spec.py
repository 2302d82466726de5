"""Read a target's spec, such as ``ssh://dev@box:2222?identity=~/.ssh/lab``, and make the target of it."""

from __future__ import annotations

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.transport import Local, enter_root


def open_target(spec: str, *, name: str | None = None, run_id: str = "") -> Target:
    scheme, _, rest = spec.partition("://")
    if scheme == "local":
        return Target(name or "local", spec, Local, run_id)
    if scheme == "chroot":
        return Target(name or rest, spec, lambda: enter_root(rest), run_id)
    raise BadInput(f"unknown target {spec!r}{nearest(scheme, ['local', 'chroot'])}")

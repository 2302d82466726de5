"""The other Go that a check needs beside the one under test: which is chosen, and what is said where there is none."""

from __future__ import annotations

import pytest

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.sdk_origin import Origin
from pytest_wslgo.toolchain.sdk import Toolchain
from pytest_wslgo.toolchain.several import Toolchains


def sdk(version: str) -> Toolchain:
    goroot = f"/sdk/{version}"
    return Toolchain(goroot, f"{goroot}/bin/go", GoVersion.parse(version), Origin.UNKNOWN, "linux", "amd64")


OWN, OLD, PATCH, NEW = sdk("1.24.11"), sdk("1.19.8"), sdk("1.24.3"), sdk("1.27.3")
ALL = Toolchains("box", (OWN, OLD, PATCH, NEW))


def test_the_first_that_fits_is_chosen() -> None:
    assert ALL.of_another_minor(OWN) is OLD
    assert ALL.of_the_same_minor(OWN) is PATCH
    assert ALL.that_switch(OWN) is PATCH
    assert ALL.newer(OWN) is NEW


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("of_another_minor", "of another minor version"),
        ("of_the_same_minor", "of the same minor version and another patch"),
        ("that_switch", "that is 1.21 or newer"),
        ("newer", "that is newer"),
    ],
)
def test_one_that_is_missing_is_named_with_how_to_give_it(method: str, what: str) -> None:
    with pytest.raises(MissingTool) as raised:
        getattr(Toolchains("box", (OWN,)), method)(OWN)
    assert str(raised.value) == (
        f"Target box has no second Go {what} beside go1.24.11 (it has go1.24.11 in /sdk/1.24.11): name one more with"
        " --wslgo-go GOROOT; `go install golang.org/dl/go1.24.11@latest && go1.24.11 download` makes one in ~/sdk."
    )

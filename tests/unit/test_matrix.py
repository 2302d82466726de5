"""The compatibility matrix: put together from the evidence of checks, as a picture and as a table."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as Xml

from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.heat_map import heat_map
from pytest_wslgo.report.matrix import Matrix, Shade, matrices_of
from pytest_wslgo.report.terminal import Line, summary
from tests.unit.making import a_gate, a_run, a_verdict

SVG = "{http://www.w3.org/2000/svg}"
SECRET = "ghp_" + "a1B2" * 9


def a_cell(program: str = "net", distro: str = "alpine", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    values = {
        "build": "CC=gcc",
        "userland": "alpine 3.20, musl 1.2.5",
        "predicted": "loader-missing",
        "happened": "loader-missing",
        "why": "interpreter /lib64/ld-linux-x86-64.so.2 is missing",
        "agrees": True,
    }
    return {"program": program, "distro": distro, **values, **changes}


def matrix_of(*evidence: dict[str, Any], target: str = "local") -> Matrix:
    verdict = a_verdict(Verdict.VERIFIED, target=target, evidence={f"t::{n}": one for n, one in enumerate(evidence)})
    (matrix,) = matrices_of(a_run(a_gate([verdict])))
    return matrix


STARTS = {"predicted": "starts", "happened": "starts", "why": "starts"}


def test_cells_of_all_checks_make_one_matrix() -> None:
    matrix = matrix_of(
        {"cells": [a_cell("hello", "host", **STARTS), a_cell("net")]},
        {"cells": [a_cell("hello", "alpine", build="CGO_ENABLED=0", **STARTS)], "commands": []},
        {"commands": [{"command": "no cells here"}]},
    )
    assert matrix.rows == (("hello", "CC=gcc"), ("hello", "CGO_ENABLED=0"), ("net", "CC=gcc"))
    assert [distro for distro, _ in matrix.distros] == ["host", "alpine"]
    assert matrix.at(("hello", "CGO_ENABLED=0"), "host") is None
    assert (matrix.agreeing, len(matrix.cells)) == (3, 3)


def test_a_cell_that_two_claims_saw_counts_once() -> None:
    assert len(matrix_of({"cells": [a_cell()]}, {"cells": [a_cell()]}).cells) == 1


def test_each_target_has_a_matrix_of_its_own_and_a_run_without_cells_has_none() -> None:
    verdicts = [
        a_verdict(Verdict.VERIFIED, target=name, evidence={"t::x": {"cells": [a_cell()]}}) for name in ("one", "two")
    ]
    assert [matrix.target for matrix in matrices_of(a_run(a_gate(verdicts)))] == ["one", "two"]
    assert matrices_of(a_run(a_gate([a_verdict(Verdict.VERIFIED)]))) == ()


def test_what_was_not_predicted_stands_out_in_shade_and_word() -> None:
    matrix = matrix_of({"cells": [a_cell("a", **STARTS), a_cell("b"), a_cell("c", happened="starts", agrees=False)]})
    assert [(cell.shade, cell.text) for cell in matrix.cells] == [
        (Shade.STARTS, "starts"),
        (Shade.REFUSED, "loader-missing"),
        (Shade.SURPRISE, "starts!"),
    ]


def test_the_picture_shows_every_cell_with_its_reason() -> None:
    surprise = a_cell("cgo", happened="library-missing", agrees=False)
    picture = Xml.fromstring(heat_map(matrix_of({"cells": [a_cell(), surprise]})))
    texts = [element.text or "" for element in picture.iter(f"{SVG}text")]
    tooltips = [element.text or "" for element in picture.iter(f"{SVG}title")]
    assert {"net: CC=gcc", "cgo: CC=gcc", "alpine", "musl 1.2.5", "○ loader-missing", "▲ library-missing!"} <= set(
        texts
    )
    assert "local: 1 of 2 cells as predicted" in texts
    assert "net (CC=gcc) on alpine: interpreter /lib64/ld-linux-x86-64.so.2 is missing" in tooltips
    assert any(told.endswith("; predicted loader-missing, happened library-missing") for told in tooltips)


def test_nothing_of_the_picture_lies_outside_it() -> None:
    long = a_cell("a-program-with-a-long-name", build="CC=zig-gnu.2.17 -ldflags=-linkmode=external")
    picture = Xml.fromstring(heat_map(matrix_of({"cells": [long, a_cell(distro="ubuntu-24.04")]})))
    wide, high = float(picture.attrib["width"]), float(picture.attrib["height"])
    for shape in picture.iter(f"{SVG}rect"):
        if shape.attrib["width"] != "100%":
            assert 0 <= float(shape.attrib["x"]) <= float(shape.attrib["x"]) + float(shape.attrib["width"]) <= wide
            assert 0 <= float(shape.attrib["y"]) <= float(shape.attrib["y"]) + float(shape.attrib["height"]) <= high


def test_markup_and_secrets_do_not_get_into_the_picture() -> None:
    picture = heat_map(matrix_of({"cells": [a_cell("<script>alert(1)</script>", why=f"token {SECRET}\x1b[31m")]}))
    assert "<script" not in picture
    assert SECRET not in picture
    assert "\x1b" not in picture


def test_the_terminal_tells_how_many_trials_ended_as_predicted() -> None:
    surprise = a_cell("cgo", happened="library-missing", agrees=False)
    verdict = a_verdict(Verdict.VERIFIED, evidence={"t::x": {"cells": [a_cell(), surprise]}})
    lines = list(summary(a_run(a_gate([verdict]))))
    assert Line("local: 1 of 2 trials of a binary on a distribution ended as predicted", "red") in lines

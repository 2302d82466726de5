"""The compatibility matrix as one SVG picture: it stands alone, in a page, and as an attachment of a report.

A colour never stands alone: each cell has its word and its shape, and the clause that explains it as a tooltip.
Elements are those of SVG 1.1 (https://www.w3.org/TR/SVG11/), which every browser and Allure show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as Xml

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.report.matrix import Shade
from pytest_wslgo.report.prose import columns, plain

if TYPE_CHECKING:
    from pytest_wslgo.report.matrix import Cell, Matrix

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_FONT: Final = "12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_SIGN: Final = 7.4
"""Width of a column of text in that font, in pixels."""
_ROW: Final = 24
_GAP: Final = 12
_TITLE: Final = 30
# Colour-blind safe (Okabe and Ito), and each with dark text of at least 4.5 to 1.
_FILLS: Final = {Shade.STARTS: "#8fd6b4", Shade.REFUSED: "#d8dbe0", Shade.SURPRISE: "#f2b04a"}
_SIGNS: Final = {Shade.STARTS: "●", Shade.REFUSED: "○", Shade.SURPRISE: "▲"}
_LEGEND: Final = {
    Shade.STARTS: "starts, as predicted",
    Shade.REFUSED: "does not start, as predicted",
    Shade.SURPRISE: "not what was predicted",
}


def heat_map(matrix: Matrix) -> str:
    """Return the picture of ``matrix`` as the text of an SVG file, secrets masked."""
    return Xml.tostring(_Picture(matrix).draw(), encoding="unicode")


class _Picture:
    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._head = max(_width(f"{program}: {build}") for program, build in matrix.rows) + _GAP
        self._widths = [self._column(distro, userland) for distro, userland in matrix.distros]
        legend = sum(_width(f"○ {text}") + 2 * _GAP for text in _LEGEND.values())
        self._wide = round(max(self._head + sum(self._widths), legend, _width(self._title())) + 2 * _GAP)
        self._high = _TITLE + 2 * _ROW + _ROW * len(matrix.rows) + _ROW + 2 * _GAP

    def draw(self) -> Xml.Element:
        size = {"width": str(self._wide), "height": str(self._high), "viewBox": f"0 0 {self._wide} {self._high}"}
        root = Xml.Element("svg", {"xmlns": _NAMESPACE, "role": "img", "style": f"font:{_FONT}", **size})
        _add(root, "title", text=self._title())
        _add(root, "rect", width="100%", height="100%", fill="#ffffff")
        _text(root, _GAP, _TITLE - _GAP, self._title(), weight="bold")
        self._heads(root)
        for number, row in enumerate(self._matrix.rows):
            self._row(root, row, _TITLE + 2 * _ROW + number * _ROW)
        self._legend(root)
        return root

    def _title(self) -> str:
        matrix = self._matrix
        return f"{matrix.target}: {matrix.agreeing} of {len(matrix.cells)} cells as predicted"

    def _column(self, distro: str, userland: str) -> float:
        cells = (self._matrix.at(row, distro) for row in self._matrix.rows)
        words = (distro, *userland.split(", "), *(f"○ {cell.text}" for cell in cells if cell))
        return max(map(_width, words)) + _GAP

    def _heads(self, root: Xml.Element) -> None:
        left = _GAP + self._head
        for (distro, userland), width in zip(self._matrix.distros, self._widths, strict=True):
            _text(root, left, _TITLE + _ROW - 8, distro, weight="bold", tooltip=userland)
            _text(root, left, _TITLE + 2 * _ROW - 10, userland.rpartition(", ")[2], fill="#4a4f57")
            left += width

    def _row(self, root: Xml.Element, row: tuple[str, str], top: float) -> None:
        _text(root, _GAP, top + 16, f"{row[0]}: {row[1]}")
        left = _GAP + self._head
        for (distro, _), width in zip(self._matrix.distros, self._widths, strict=True):
            if cell := self._matrix.at(row, distro):
                self._cell(root, cell, left, top, width)
            left += width

    def _cell(self, root: Xml.Element, cell: Cell, left: float, top: float, width: float) -> None:
        group = _add(root, "g")
        _add(group, "title", text=_tooltip(cell))
        _add(
            group,
            "rect",
            x=f"{left - 4:.1f}",
            y=f"{top + 1:.1f}",
            width=f"{width - 4:.1f}",
            height=f"{_ROW - 2}",
            rx="3",
            fill=_FILLS[cell.shade],
        )
        _text(group, left, top + 16, f"{_SIGNS[cell.shade]} {cell.text}")

    def _legend(self, root: Xml.Element) -> None:
        left: float = _GAP
        for shade, text in _LEGEND.items():
            words = f"{_SIGNS[shade]} {text}"
            size = {"width": f"{_width(words) + _GAP:.1f}", "height": f"{_ROW - 4}"}
            _add(root, "rect", x=f"{left - 4:.1f}", y=f"{self._high - _ROW - 4}", rx="3", fill=_FILLS[shade], **size)
            _text(root, left, self._high - _GAP, words)
            left += _width(words) + 2 * _GAP


def _tooltip(cell: Cell) -> str:
    told = f"{cell.program} ({cell.build}) on {cell.distro}: {cell.why}"
    return told if cell.agrees else f"{told}; predicted {cell.predicted}, happened {cell.happened}"


def _width(text: str) -> float:
    return columns(_clean(text)) * _SIGN


def _clean(text: str) -> str:
    return " ".join(plain(mask(text)).split())


def _text(
    parent: Xml.Element, x: float, y: float, text: str, *, weight: str = "", fill: str = "#1b1e23", tooltip: str = ""
) -> None:
    bold = {"font-weight": weight} if weight else {}
    element = _add(parent, "text", x=f"{x:.1f}", y=f"{y:.1f}", fill=fill, text=text, **bold)
    if tooltip:
        _add(element, "title", text=tooltip)


def _add(parent: Xml.Element, tag: str, *, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag, attributes)
    element.text = _clean(text) or None
    return element

"""What the workbook reader does not tell, read from the XML of the file itself.

How far the cells reach (a value in the last corner would ask for terabytes), which cells hold a formula that was
never computed or ended in an error (both read as empty), and which dates are formatted as a month or a year only.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree
from xml.parsers import expat

type Place = tuple[int, int]  # row and column from 0


class Damaged(Exception):
    """A part that must be there is missing, or holds what no spreadsheet program writes."""


@dataclass
class Marks:
    """Of one worksheet. `holes` look empty but are not; `coarse` says how much of a date is shown."""

    extent: Place = (0, 0)
    holes: dict[Place, Literal["formula", "error"]] = field(default_factory=dict)
    coarse: dict[Place, Literal["month", "year"]] = field(default_factory=dict)

    def reach(self, place: Place) -> None:
        self.extent = max(self.extent[0], place[0]), max(self.extent[1], place[1])


def scan_xlsx(package: dict[str, bytes]) -> dict[str, Marks]:
    """Marks by worksheet name. Raises Damaged, ExpatError or ParseError."""
    at = {name.lower(): content for name, content in package.items()}
    styles = _coarse_styles(at.get("xl/styles.xml", b""))
    targets = {
        _attribute(link, "id"): _attribute(link, "target")
        for link in _elements(at.get("xl/_rels/workbook.xml.rels", b""), "Relationship")
    }
    marks = {}
    for sheet in _elements(at.get("xl/workbook.xml", b""), "sheet"):
        target = targets.get(_attribute(sheet, "id"), "").replace("\\", "/").lower()
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
        if "chartsheets/" in part or "dialogsheets/" in part:
            continue
        if part not in at:
            raise Damaged(part)
        marks[_attribute(sheet, "name")] = _scan_cells(at[part], styles)
    return marks


def scan_ods(package: dict[str, bytes]) -> dict[str, Marks]:
    """Marks by table name. A repeated cell with content reaches as far as it repeats."""
    marks: dict[str, Marks] = {}
    state = {"row": 0, "rows": 1, "column": 0}

    def start(name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            marks[given.get("table:name", "")] = Marks()
            state.update(row=0)
        elif name == "table:table-row" and marks:
            state.update(rows=int(given.get("table:number-rows-repeated", 1)), column=0)
        elif name in {"table:table-cell", "table:covered-table-cell"} and marks:
            sheet = marks[next(reversed(marks))]
            span = int(given.get("table:number-columns-repeated", 1))
            last = state["row"] + state["rows"] - 1, state["column"] + span - 1
            if "office:value-type" in given:
                sheet.reach(last)
            elif "table:formula" in given:
                sheet.reach(last)
                sheet.holes[state["row"], state["column"]] = "formula"
            state["column"] += span

    def end(name: str) -> None:
        if name == "table:table-row":
            state["row"] += state["rows"]

    _parse(package["content.xml"], start, end)
    return marks


@dataclass
class _Cell:
    """A `<c>` while its parts go by. `cached` says that a value element was there, even an empty one."""

    place: Place
    kind: str = "n"
    style: str = ""
    formula: bool = False
    cached: bool = False
    text: str = ""


def _scan_cells(xml: bytes, styles: dict[str, Literal["month", "year"]]) -> Marks:
    """Rows and cells may leave out their reference; they then follow the one before."""
    marks = Marks()
    cell = _Cell((-1, -1))
    inside = False

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal cell, inside
        name = name.rpartition(":")[2]
        if name == "c":
            place = _place(given["r"]) if "r" in given else (cell.place[0], cell.place[1] + 1)
            cell = _Cell(place, given.get("t", "n"), given.get("s", ""))
        elif name == "row":
            cell = _Cell((int(given["r"]) - 1 if "r" in given else cell.place[0] + 1, -1))
        elif name == "f":
            cell.formula = True
        elif name in {"v", "t"}:
            inside = cell.cached = True

    def text(data: str) -> None:
        if inside:
            cell.text += data

    def end(name: str) -> None:
        nonlocal inside
        name = name.rpartition(":")[2]
        if name == "c":
            _mark(marks, cell, styles)
        inside = inside and name not in {"v", "t"}

    _parse(xml, start, end, text)
    return marks


def _mark(marks: Marks, cell: _Cell, styles: dict[str, Literal["month", "year"]]) -> None:
    if cell.text and (
        (cell.kind == "s" and not cell.text.strip().isdecimal()) or (cell.kind == "n" and not _numeric(cell.text))
    ):
        raise Damaged(cell.text)  # the reader would take the first string of the workbook instead
    if cell.kind == "e":
        marks.holes[cell.place] = "error"
    elif cell.formula and not cell.text and not (cell.kind == "str" and cell.cached):
        marks.holes[cell.place] = "formula"
    elif cell.text and cell.kind == "n" and cell.style in styles:
        marks.coarse[cell.place] = styles[cell.style]
    if cell.text or cell.place in marks.holes:
        marks.reach(cell.place)


def _numeric(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _place(reference: str) -> Place:
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})", reference)
    if not found:
        raise Damaged(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


# Month formats among the numbers that a Chinese Excel uses without spelling them out (ECMA-376, 18.8.30, zh-cn).
_MONTH_FORMATS = {"17", "27", "36", "50", "52", "57"}


def _coarse_styles(xml: bytes) -> dict[str, Literal["month", "year"]]:
    """Which cell styles show a date without its day, by the index cells refer to."""
    if not xml:
        return {}
    shown: dict[str, Literal["month", "year"]] = dict.fromkeys(_MONTH_FORMATS, "month")
    for one in _elements(xml, "numFmt"):
        code = re.sub(r'"[^"]*"|\\.|\[[^]]*\]|_.', "", _attribute(one, "formatcode").partition(";")[0]).lower()
        if "y" in code and not re.search("[dhs]", code):
            shown[_attribute(one, "numfmtid")] = "month" if "m" in code else "year"
    styles = next(iter(_elements(xml, "cellXfs")), None)
    formats = [_attribute(one, "numfmtid") for one in styles] if styles is not None else []
    return {str(index): shown[number] for index, number in enumerate(formats) if number in shown}


def _elements(xml: bytes, name: str) -> list[ElementTree.Element]:
    if not xml:
        raise Damaged(name)
    _parse(xml, lambda _name, _given: None, lambda _name: None)  # refuses a DTD before a tree is built
    return [one for one in ElementTree.fromstring(xml).iter() if one.tag.rpartition("}")[2] == name]  # noqa: S314 -- no DTD is left


def _attribute(element: ElementTree.Element, name: str) -> str:
    """By its local name in lower case: namespaces differ between the two OOXML dialects."""
    return next((value for key, value in element.items() if key.rpartition("}")[2].lower() == name), "")


def _parse(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text

    def doctype(*_about: object) -> None:
        raise Damaged("doctype")

    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(xml, True)

"""A composition on paper, as JSON, and as a spreadsheet: one function for each thing it can be taken away as."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as __

from tongzhou.kernel import paper, sheets
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.paper import Block, Cell, Heading, Paper, Paragraph, Run, Table
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.models import Chronicle, Kind
from tongzhou.modules.chronicle.rules import prose
from tongzhou.modules.chronicle.rules.prose import Composition, Part, Shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    "html": "text/html; charset=utf-8", "docx": DOCX, "pdf": "application/pdf", "md": "text/markdown; charset=utf-8",
    "json": "application/json", "xlsx": XLSX,
}  # fmt: skip
BINARY = {"docx", "pdf", "xlsx"}
COLUMNS = 6  # units on the width of a page


def composed(chronicle: Chronicle, by: Person) -> Composition:
    """As published, or as it stands now for this person."""
    return queries.published(chronicle) if chronicle.frozen else queries.composition(chronicle, by)


def taken_away(chronicle: Chronicle, composition: Composition, by: Person, form: str) -> bytes:
    """The paper in one of FORMATS. Raises paper.NoFont for a PDF on a machine without Chinese fonts."""
    match form:
        case "json":
            text = json.dumps(as_json(composition, by), ensure_ascii=False, indent=2) + "\n"
            return text.encode()
        case "xlsx":
            return spreadsheet(composition)
        case "docx":
            return paper.docx(on_paper(chronicle, composition), base=settings.PUBLIC_URL)
        case "pdf":
            return paper.pdf(on_paper(chronicle, composition), base=settings.PUBLIC_URL)
        case "md":
            return paper.markdown(on_paper(chronicle, composition), base=settings.PUBLIC_URL).encode()
        case _:
            return paper.html(on_paper(chronicle, composition), base=settings.PUBLIC_URL).encode()


def as_json(composition: Composition, by: Person) -> dict[str, Any]:
    return prose.as_json(composition, lambda shown: queries.keys(shown, by))


def on_paper(chronicle: Chronicle, composition: Composition) -> Paper:
    """In the layout of GB/T 9704; a brief has a red head and its number."""
    brief = chronicle.kind == Kind.BRIEF
    blocks = [block for part in composition.parts for block in _part(part)]
    return Paper(
        title="" if brief else composition.title,
        masthead=composition.title if brief else None,
        number=composition.number,
        subtitle=composition.subtitle,
        issuer=composition.issuer,
        date_text=composition.day,
        lang=lang(),
        blocks=(*paper.numbered(blocks, lang()), *_tables(composition)),
        source_note=_source(composition),
    )


def spreadsheet(composition: Composition) -> bytes:
    """A return as Excel takes it: numbers as numbers, how well each is known in words beside the whole."""
    if composition.grid is None:
        rows = [{"label": _sentence_of(composition, shown), "value": shown.text} for shown in composition.figures]
        columns = [sheets.Column("label", __("出处"), width=60), sheets.Column("value", __("数字"))]
        return sheets.write(composition.title, columns, rows, note=_source(composition))
    units = [sheets.Column(f"unit{i}", name) for i, name in enumerate(composition.grid.columns)]
    columns = [sheets.Column("label", __("统计项目"), width=32), *units]
    rows = [
        {"label": row.label} | {f"unit{i}": cell.text for i, cell in enumerate(row.cells)}
        for row in composition.grid.rows
    ]
    return sheets.write(composition.title, columns, rows, note=_source(composition))


def _part(part: Part) -> list[Block]:
    title: list[Block] = [Heading(part.title)] if part.title else []
    return title + [
        Paragraph(tuple(run for one in paragraph for run in _runs(one.pieces))) for paragraph in part.paragraphs
    ]


def _runs(pieces: tuple[prose.Piece, ...]) -> list[Run]:
    runs: list[Run] = []
    for piece in pieces:
        if isinstance(piece, str):
            runs.append(Run(piece))
        else:
            runs.append(Run(piece.text, piece.url))
            runs += [Run(piece.correction)] if piece.now else []
    return runs


def _tables(composition: Composition) -> list[Block]:
    """As many tables as the units need; each begins with the total."""
    grid = composition.grid
    if grid is None:
        return []
    if not grid.rows:
        return [Paragraph((Run(__("范围内没有记录。")),))]
    tables: list[Block] = []
    for start in range(1, max(len(grid.columns), 2), COLUMNS):
        columns = [0, *range(start, min(start + COLUMNS, len(grid.columns)))]
        rows: list[tuple[Cell, ...]] = [
            (row.label, *(tuple(_runs((row.cells[i],))) for i in columns)) for row in grid.rows
        ]
        header = (__("统计项目"), *(grid.columns[i] for i in columns))
        tables.append(Table(header, tuple(rows), widths=(2.0, *[1.0] * len(columns))))
    return tables


def _source(composition: Composition) -> str:
    """Where it comes from: the scope, the time, the records cited."""
    lines = [__("统计范围：{scope}。每个数字都链接到所据记录。").format(scope=composition.scope_text)]
    if composition.frozen_at:
        at = composition.frozen_at[:16].replace("T", " ")
        lines.append(__("签发时间 {at}，内容摘要（SHA-256）{digest}。").format(at=at, digest=composition.digest))
    if composition.notes:
        lines.append(__("引用记录：{names}。").format(names=__("；").join(name for name, _url in composition.notes)))
    return "\n".join(lines)


def _sentence_of(composition: Composition, shown: Shown) -> str:
    said = (one for part in composition.parts for paragraph in part.paragraphs for one in paragraph)
    return next((one.text.strip() for one in said if shown in one.figures), shown.fact)

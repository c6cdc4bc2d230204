"""A paper as a Word document that an office can go on editing."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import segno
from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run as WordRun

from . import layout
from .blocks import QR, Block, Heading, Paper, Paragraph, Run, Signatures, Table, absolute, clean, runs
from .word import dress, grid, indent, page_numbers, page_size


def docx(paper: Paper, base: str = "") -> bytes:
    """The same paper gives the same bytes. Raises ValueError for a relative link without `base`.

    Fonts are named (仿宋_GB2312, 方正小标宋简体, 黑体, 楷体_GB2312, Times New Roman), not embedded.
    """
    document = Document()
    dress(document, paper.lang)
    page_size(document.sections[0])
    page_numbers(document)
    _head(document, paper)
    for block in paper.blocks:
        _block(document, block, base, paper.lang)
    _foot(document, paper)
    _properties(document, paper)
    return _same_bytes(document)


def _head(document: Doc, paper: Paper) -> None:
    masthead = clean(paper.masthead or "")
    if masthead:
        line = _centred(document, masthead, layout.XIAOBIAOSONG, layout.masthead_size(masthead), layout.RED)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        line.paragraph_format.space_before = Mm(35) - Pt(layout.MASTHEAD)
    if paper.number:
        line = _centred(document, paper.number, layout.FANGSONG, layout.BODY)
        if masthead:
            line.paragraph_format.space_before = Pt(layout.LINE_PITCH)
        else:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if masthead:
        _rule(document.add_paragraph(), "top", layout.RED, eighths=16)
    if paper.title:
        _centred(document, paper.title, layout.XIAOBIAOSONG, layout.TITLE, style="Title")
    if paper.subtitle:
        _centred(document, paper.subtitle, layout.KAITI, layout.BODY)
    if paper.title or paper.subtitle:
        document.add_paragraph()


def _foot(document: Doc, paper: Paper) -> None:
    indents = layout.date_indents(clean(paper.issuer), clean(paper.date_text))
    lines = [(text, right) for text, right in zip((paper.issuer, paper.date_text), indents, strict=True) if text]
    for at, (text, right) in enumerate(lines):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.space_before = Pt(0 if at else 2 * layout.LINE_PITCH)
        line.paragraph_format.keep_with_next = at + 1 < len(lines)
        indent(line, right=right)
        _write(line, [Run(text)], "")
    if paper.source_note:
        line = document.add_paragraph()
        line.paragraph_format.space_before = Pt(layout.LINE_PITCH)
        _rule(line, "top", "000000", eighths=4)
        _write(line, [Run(paper.source_note)], "", size=layout.SMALL)


def _block(document: Doc, block: Block, base: str, lang: str) -> None:
    match block:
        case Heading(text, level):
            line = document.add_paragraph(style=f"Heading {level}")
            indent(line, first=2)
            _write(line, [Run(text)], base, font=layout.HEADING_FONTS[level - 1])
        case Paragraph(stretches):
            line = document.add_paragraph()
            indent(line, first=2)
            _write(line, stretches, base)
        case Table():
            _table(document, block, base)
        case Signatures(labels):
            _signatures(document, labels, lang)
        case QR(text, caption):
            _qr(document, clean(text), caption)


def _table(document: Doc, table: Table, base: str) -> None:
    if table.caption:
        line = _centred(document, table.caption, layout.HEITI, layout.TABLE)
        line.paragraph_format.keep_with_next = True
    size = layout.TABLE if len(table.header) < layout.WIDE_TABLE else layout.SMALL
    lines = table.lines()
    drawn = grid(document, len(lines), table.shares(), style="Table Grid")
    for at, (row, cells) in enumerate(zip(drawn.rows, lines, strict=True)):
        properties: Any = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for box, cell in zip(row.cells, cells, strict=True):
            font = layout.FANGSONG if at else layout.HEITI
            _write(_loose(box), runs(cell), base, font=font, size=size)
    note = document.add_paragraph()
    note.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _write(note, [Run(table.note)], base, size=layout.SMALL)


def _signatures(document: Doc, labels: tuple[str, ...], lang: str) -> None:
    """Two to a row: the label, then a cell with a line below it."""
    drawn = grid(document, (len(labels) + 1) // 2, [0.22, 0.26, 0.04, 0.22, 0.26])
    for at, label in enumerate(labels):
        row = drawn.rows[at // 2]
        row.height = Pt(layout.LINE_PITCH * 1.5)
        left = 3 * (at % 2)
        _write(row.cells[left].paragraphs[0], [Run(label + ("：" if lang == "zh" else ":"))], "")
        _rule(row.cells[left + 1].paragraphs[0], "bottom", "000000", eighths=4)
    document.add_paragraph()


def _qr(document: Doc, text: str, caption: str) -> None:
    picture = io.BytesIO()
    segno.make(text, micro=False).save(picture, kind="png", scale=8)
    picture.seek(0)
    line = _centred(document, "", layout.FANGSONG, layout.BODY)
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.add_run().add_picture(picture, width=Mm(30))
    if caption:
        line.paragraph_format.keep_with_next = True
        _centred(document, caption, layout.FANGSONG, layout.SMALL)


def _centred(document: Doc, text: str, font: str, size: float, colour: str = "", style: str = "Normal") -> Line:
    line = document.add_paragraph(style=style)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(line, [Run(text)], "", font=font, size=size, colour=colour)
    return line


def _loose(box: _Cell) -> Line:
    """The first line of a table cell, off the page's grid of lines."""
    line: Line = box.paragraphs[0]
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    snap: Any = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties: Any = line._p.get_or_add_pPr()
    properties.insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    return line


def _write(
    line: Line, stretches: Iterable[Run], base: str, *, font: str = "", size: float = 0, colour: str = ""
) -> None:
    for stretch in stretches:
        run = line.add_run(clean(stretch.text))
        _letter(run, font, size, layout.LINK if stretch.url else colour)
        if stretch.url:
            target = line.part.relate_to(absolute(stretch.url, base), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link: Any = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), target)
            run._r.addprevious(link)
            link.append(run._r)


def _letter(run: WordRun, font: str, size: float, colour: str) -> None:
    if font:
        run.font.name = layout.LATIN
        fonts: Any = run._r.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), font)
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _rule(line: Line, side: str, colour: str, eighths: int) -> None:
    """A line above or below, its width in eighths of a point."""
    borders: Any = OxmlElement("w:pBdr")
    border: Any = OxmlElement(f"w:{side}")
    for name, value in {"val": "single", "sz": str(eighths), "space": "4", "color": colour}.items():
        border.set(qn(f"w:{name}"), value)
    borders.append(border)
    properties: Any = line._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _properties(document: Doc, paper: Paper) -> None:
    """Name the paper; leave out the template's author, comment and dates, which would be untrue."""
    core = document.core_properties
    core.title, core.author = clean(paper.title)[:255], clean(paper.issuer)[:255]
    core.language = "zh-CN" if paper.lang == "zh" else "en-GB"
    core.comments = core.last_modified_by = ""
    element: Any = core._element
    for name in ("dcterms:created", "dcterms:modified"):
        for found in element.findall(qn(name)):
            element.remove(found)


def _same_bytes(document: Doc) -> bytes:
    """Pack again without the hour of writing, which zip archives carry for each part."""
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            part.external_attr = 0o600 << 16
            target.writestr(part, source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()

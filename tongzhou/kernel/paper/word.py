"""The Word document around the text: styles, page, grid of lines and letters, page numbers."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph as Line

from . import layout


def dress(document: Doc, lang: str) -> None:
    """Set the styles that a paper uses; the template's own are coloured and spaced for screens."""
    fonts = {"Normal": layout.FANGSONG, "Title": layout.XIAOBIAOSONG}
    fonts |= {f"Heading {level}": font for level, font in enumerate(layout.HEADING_FONTS, 1)}
    for name, font in fonts.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _style(style, font, layout.TITLE if name == "Title" else layout.BODY)
        # Latin has no 黑体 to tell them by
        style.font.bold = lang == "en" and name in (
            "Title",
            "Heading 1",
            "Heading 2",
        )
    language: Any = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US" if lang == "zh" else "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def page_size(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    section.footer_distance = Mm(layout.BOTTOM - layout.FOOTER_GAP) - Pt(layout.PAGE_NUMBER)
    properties: Any = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    letters: Any = OxmlElement("w:docGrid")
    letters.set(qn("w:type"), "linesAndChars")
    letters.set(qn("w:linePitch"), str(round(layout.LINE_PITCH * 20)))  # twentieths of a point
    letters.set(qn("w:charSpace"), str(round((layout.LETTER_PITCH - layout.BODY) * 4096)))  # 4096ths of a point
    properties.append(letters)


def page_numbers(document: Doc) -> None:
    """— 1 — on the outer side, one letter in: right on odd pages, left on even ones (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.style = document.styles["Normal"]
        line.alignment = side
        line.paragraph_format.line_spacing = Pt(layout.PAGE_NUMBER)
        inner = Pt(layout.PAGE_NUMBER)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = inner
        line.add_run("— ").font.size = Pt(layout.PAGE_NUMBER)
        number: Any = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        shown = line.add_run("1")
        shown.font.size = Pt(layout.PAGE_NUMBER)
        line._p.append(number)
        number.append(shown._r)
        line.add_run(" —").font.size = Pt(layout.PAGE_NUMBER)


def indent(line: Line, *, first: float = 0, right: float = 0) -> None:
    """Indents in letters: Word goes by the letters, other programs by the points beside them."""
    indents: Any = line._p.get_or_add_pPr().get_or_add_ind()
    for side, letters in (("firstLine", first), ("right", right)):
        if letters:
            indents.set(qn(f"w:{side}Chars"), str(round(letters * 100)))
            indents.set(qn(f"w:{side}"), str(round(letters * layout.LETTER_PITCH * 20)))


def grid(document: Doc, rows: int, shares: Sequence[float], style: str = "Normal Table") -> Grid:
    """A table over the width of the text, in columns of these shares of it."""
    drawn: Grid = document.add_table(rows, len(shares), style=document.styles[style])
    drawn.autofit = False
    for column, share in zip(drawn.columns, shares, strict=True):
        column.width = Mm(layout.TEXT_WIDTH * share)
        for cell in column.cells:
            cell.width = Mm(layout.TEXT_WIDTH * share)
    return drawn


def _style(style: ParagraphStyle, font: str, size: float) -> None:
    properties: Any = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts: Any = properties.get_or_add_rFonts()
    for script, name in (("ascii", layout.LATIN), ("hAnsi", layout.LATIN), ("cs", layout.LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{script}"), name)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(layout.LINE_PITCH)
    form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if style.name == "Normal" else WD_ALIGN_PARAGRAPH.LEFT
    for name in ("w:pBdr", "w:contextualSpacing"):
        for old in style.element.pPr.findall(qn(name)):
            style.element.pPr.remove(old)
    for name in ("w:spacing", "w:kern"):
        for old in properties.findall(qn(name)):
            properties.remove(old)

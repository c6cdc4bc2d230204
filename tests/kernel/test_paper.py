import io
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
import typst
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tongzhou.kernel import paper as p
from tongzhou.kernel.paper.blocks import clean

BASE = "https://tongzhou.example/benxi/"
GIFTS = p.Table(
    ("物资", "数量"),
    (("消毒液", p.Run("100瓶", "donations/?item=消毒液")), ("防护服",)),
    (2, 1),
    "捐赠物资一览",
    "数据截至2022年4月。",
)
SAMPLE = p.Paper(
    title="众志成城赴时艰",
    subtitle="——2022年抗疫纪实",
    issuer="九三学社本溪市委员会",
    date_text="2022年4月5日",
    blocks=(
        p.Heading("号令聚合力"),
        p.prose("完成核酸采样", p.Run("近30万人次", "/testing/"), "。"),
        GIFTS,
        p.Signatures(("交付人", "接收人", "日期")),
        p.QR("https://tongzhou.example/x", "扫码查看"),
    ),
    masthead="九三学社本溪市委员会文件",
    source_note="每个数字都可以点开。",
    number="本九三发〔2022〕3号",
)

nasty = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["", "\x00", "#set page()", "$x^2$", "@ref <label>", "\\u{1f600}", "🙂👨‍👩‍👧", "a" * 400, "*_`[](x)", "]]>&<b>", "\ud800", "\ufffe",
     "1. x\n- y\n    z\n===", "| a | b |", "//c", "\u202e倒", "A\r\nB\x85C\u2028D"]
)  # fmt: skip


def papers(text: str) -> p.Paper:
    return p.Paper(
        title=text, subtitle=text, issuer=text, date_text=text, masthead=text, number=text, source_note=text,
        blocks=(
            p.Heading(text, 3),
            p.prose(text, p.Run(text, "/x/" + text.replace(":", ""))),
            p.Table((text, text), ((text, p.Run(text, "https://e.example/")), (text,)), None, text, text),
            p.Signatures((text, text, text)),
            p.QR("x" + text[:50], text),
        ),
    )  # fmt: skip


def pdf_text(pdf: bytes, where: Path, *options: str) -> str:
    (where / "paper.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", *options, str(where / "paper.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@settings(max_examples=40, deadline=None)
@given(nasty)
def test_any_text_prints(text: str) -> None:
    paper = papers(text)
    Document(io.BytesIO(p.docx(paper, BASE)))
    assert p.pdf(paper, BASE).startswith(b"%PDF")
    assert p.markdown(paper, BASE).endswith("\n")


@settings(max_examples=200, deadline=None)
@given(nasty)
def test_docx_holds_the_text_given(text: str) -> None:
    document = Document(io.BytesIO(p.docx(p.Paper("题", blocks=(p.prose(text),)))))
    assert document.paragraphs[-1].text == clean(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(nasty, min_size=1, max_size=3))
def test_markdown_shows_the_text_given(texts: list[str]) -> None:
    """A reader of CommonMark gets back the letters; only blanks at line ends and empty lines are gone."""
    tokens = MarkdownIt().parse(p.markdown(p.Paper("", blocks=(p.prose(*texts),))))
    kinds = {child.type for token in tokens for child in token.children or ()}
    shown = "".join(
        child.content or "\n" * (child.type == "hardbreak") for token in tokens for child in token.children or ()
    )
    wanted = [line.strip() for line in "".join(map(clean, texts)).split("\n")]
    assert shown == "\n".join(line for line in wanted if line)
    assert kinds <= {"text", "hardbreak"}


def test_full_page_holds_22_lines_of_28_letters(tmp_path: Path) -> None:
    body = "同舟共济众志成城" * 200
    page = pdf_text(p.pdf(p.Paper("", blocks=(p.prose(body),))), tmp_path, "-f", "1", "-l", "1")
    *lines, number = [line.strip() for line in page.splitlines() if line.strip()]
    assert [len(line) for line in lines] == [26] + [28] * 21
    assert number.replace(" ", "") == "—1—"


def test_page_numbers_stand_on_the_outer_side(tmp_path: Path) -> None:
    pages = pdf_text(p.pdf(p.Paper("", blocks=(p.prose("同舟" * 700),))), tmp_path).split("\f")
    ends = [page.rstrip().splitlines()[-1] for page in pages if page.strip()]
    assert [line.strip().replace(" ", "") for line in ends] == ["—1—", "—2—", "—3—"]
    indents = [len(line) - len(line.lstrip()) for line in ends]
    assert (indents[0], indents[0] > indents[1] + 10) == (indents[2], True)


def test_pdf_holds_every_part(tmp_path: Path) -> None:
    shown = re.sub(r"\s", "", pdf_text(p.pdf(SAMPLE, BASE), tmp_path))
    parts = ["众志成城赴时艰", "本九三发〔2022〕3号", "号令聚合力", "近30万人次", "消毒液", "100瓶", "交付人：", "扫码查看", "2022年4月5日"]  # fmt: skip
    assert [part for part in parts if part not in shown] == []


def test_figures_are_links_in_every_output(tmp_path: Path) -> None:
    testing = "https://tongzhou.example/testing/"
    gifts = "https://tongzhou.example/benxi/donations/?item=%E6%B6%88%E6%AF%92%E6%B6%B2"
    (tmp_path / "paper.pdf").write_bytes(p.pdf(SAMPLE, BASE))
    listed = subprocess.run(["pdfinfo", "-url", tmp_path / "paper.pdf"], capture_output=True, check=True, text=True)
    assert re.findall(r"https?://\S+", listed.stdout) == [testing, gifts]
    document = Document(io.BytesIO(p.docx(SAMPLE, BASE)))
    cells = [cell.paragraphs[0] for row in document.tables[0].rows for cell in row.cells]
    links = [(link.text, link.address) for line in (*document.paragraphs, *cells) for link in line.hyperlinks]
    assert links == [("近30万人次", testing), ("100瓶", gifts)]
    assert re.findall(r"\[(.*?)\]\(<(.*?)>\)", p.markdown(SAMPLE, BASE)) == [("近30万人次", testing), ("100瓶", gifts)]


def test_relative_link_without_base_is_refused_on_paper_and_kept_in_markdown() -> None:
    paper = p.Paper("题", blocks=(p.prose(p.Run("100瓶", "donations/")),))
    for printed in (p.docx, p.pdf):
        with pytest.raises(ValueError, match="base="):
            printed(paper)
    assert p.markdown(paper) == "# 题\n\n[100瓶](<donations/>)\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_link_to_anything_but_an_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be a web"):
        p.Run("x", url)


def test_same_paper_gives_same_bytes() -> None:
    assert p.docx(SAMPLE, BASE) == p.docx(SAMPLE, BASE)
    assert p.pdf(SAMPLE, BASE) == p.pdf(SAMPLE, BASE)
    with zipfile.ZipFile(io.BytesIO(p.docx(SAMPLE, BASE))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms:" not in parts.read("docProps/core.xml").replace(b"xmlns:dcterms", b"")


def test_docx_is_laid_out_as_the_standard_says() -> None:
    document = Document(io.BytesIO(p.docx(SAMPLE, BASE)))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides if side] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")
    fonts = {
        name: (document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")), document.styles[name].font.size.pt)
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")
    }
    assert fonts == {
        "Normal": ("仿宋_GB2312", 16),
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Heading 3": ("仿宋_GB2312", 16),
    }
    sides = [footer.paragraphs[0].alignment for footer in (section.footer, section.even_page_footer)]
    assert [side.name for side in sides if side is not None] == ["RIGHT", "LEFT"]
    day = next(line for line in document.paragraphs if line.text == "2022年4月5日")
    assert day._p.pPr.ind.get(qn("w:rightChars")) == "400"


def test_markdown_reads_like_the_paper() -> None:
    assert p.markdown(p.Paper("纪实", "——本溪", blocks=(p.Heading("号令"), GIFTS), date_text="2022年4月5日"), BASE) == (
        "# 纪实\n\n——本溪\n\n## 号令\n\n**捐赠物资一览**\n\n| 物资 | 数量 |\n| --- | --- |\n"
        "| 消毒液 | [100瓶](<https://tongzhou.example/benxi/donations/?item=%E6%B6%88%E6%AF%92%E6%B6%B2>) |\n"
        "| 防护服 |  |\n\n数据截至2022年4月。\n\n2022年4月5日\n"
    )


def test_headings_are_numbered_by_level() -> None:
    levels = [1, 2, 2, 3, 4, 1, 2, *[1] * 9]
    shown = [block.text for block in p.numbered([p.Heading("", level) for level in levels])]
    assert shown == [
        "一、", "（一）", "（二）", "1.", "（1）", "二、", "（一）",
        "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、", "十一、",
    ]  # fmt: skip
    assert p.numbered((p.Heading("Call"), p.Heading("Duty", 2)), "en") == (
        p.Heading("1. Call"),
        p.Heading("1.1. Duty", 2),
    )


def test_date_has_no_leading_zero() -> None:
    assert (p.dated(date(2022, 3, 5)), p.dated(date(2022, 3, 5), "en")) == ("2022年3月5日", "5 March 2022")


def test_machine_without_chinese_font_is_told_what_to_install() -> None:
    with pytest.raises(p.NoFont, match="fonts-noto-cjk"):
        p.pdf(SAMPLE, BASE, fonts=typst.Fonts(include_system_fonts=False))


def test_malformed_table_is_refused() -> None:
    for table in (((), ()), (("甲",), (("1", "2"),)), (("甲",), (), (0,))):
        with pytest.raises(ValueError):
            p.Table(*table)

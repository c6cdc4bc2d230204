"""A paper as one HTML file that stands alone: it holds its own style, and prints on A4 in the layout of GB/T 9704."""

import io
from html import escape
from urllib.parse import urljoin

import segno

from . import layout
from .blocks import QR, Block, Cell, Heading, Paper, Paragraph, Run, Signatures, Table, clean, encoded, runs


def html(paper: Paper, base: str = "") -> str:
    """Relative links are joined to `base`. Text never turns into markup. The same paper gives the same file."""
    lang = "zh-Hans" if paper.lang == "zh" else "en"
    head = [_line("masthead", paper.masthead or ""), _line("number", paper.number), "<hr>" if paper.masthead else ""]
    title = [f"<h1>{_text(paper.title)}</h1>" if paper.title else "", _line("subtitle", paper.subtitle)]
    foot = [_line("issuer", paper.issuer), _line("date", paper.date_text), _line("source", paper.source_note)]
    body = [_block(block, base) for block in paper.blocks]
    parts = "\n".join(part for part in (*head, *title, *body, *foot) if part)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(paper.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{parts}\n</main>\n</body>\n</html>\n"
    )


_STYLE = f"""
@page {{ size: A4; margin: {layout.TOP}mm {layout.RIGHT}mm {layout.BOTTOM}mm {layout.LEFT}mm; }}
body {{ margin: 0; background: #e9ecee; color: #000; font: {layout.BODY}pt/1.8 "{layout.LATIN}", "FangSong_GB2312", "{layout.FANGSONG}",
  FangSong, STFangsong, "Noto Serif CJK SC", serif; }}
main {{ max-width: {layout.TEXT_WIDTH}mm; margin: 0 auto; padding: 12mm 7mm; background: #fff; overflow-wrap: anywhere; }}
h1 {{ font: {layout.TITLE}pt/1.4 "FZXiaoBiaoSong-B05S", "{layout.XIAOBIAOSONG}", SimSun, "Noto Serif CJK SC", serif; text-align: center; margin: 1em 0 .4em; }}
h2, h3, h4, h5 {{ font-size: {layout.BODY}pt; font-weight: normal; margin: 0; }} p, h2, h3, h4, h5 {{ text-indent: 2em; margin: 0; }}
h2 {{ font-family: SimHei, "{layout.HEITI}", "Noto Sans CJK SC", sans-serif; }} h3 {{ font-family: "KaiTi_GB2312", KaiTi, STKaiti, serif; }}
:lang(en) h2 {{ font-weight: bold; margin-top: .6em; }}
a {{ color: #{layout.LINK}; text-decoration: underline dotted; }}
hr {{ border: 0; border-top: 2pt solid #{layout.RED}; }}
.masthead, .number, .subtitle {{ text-align: center; text-indent: 0; }} .masthead {{ color: #{layout.RED}; font-size: 32pt; }}
.subtitle {{ font-family: "KaiTi_GB2312", KaiTi, STKaiti, serif; margin-bottom: 1.5em; }}
.issuer, .date {{ text-align: right; text-indent: 0; padding-right: 4em; }} .issuer {{ margin-top: 2em; padding-right: 2em; }}
.source, .note {{ font-size: {layout.SMALL}pt; text-indent: 0; }} .source {{ margin-top: 2em; border-top: 1px solid #000;
  padding-top: .5em; white-space: pre-line; }}
.wide {{ overflow-x: auto; }} table {{ border-collapse: collapse; width: 100%; font-size: {layout.TABLE}pt; margin: .6em 0; line-height: 1.4; }}
th, td {{ border: 1px solid #000; padding: .2em .4em; text-align: left; }} caption {{ font-weight: bold; }}
.sign {{ text-indent: 0; margin-top: 1em; }} figure {{ margin: 1em 0; text-align: center; }} figure svg {{ width: 32mm; height: 32mm; }}
@media print {{ body {{ background: none; }} main {{ padding: 0; }} a {{ color: inherit; }} tr, h2, h3 {{ break-inside: avoid; break-after: auto; }} }}
@media (max-width: 40rem) {{ body {{ font-size: 13pt; }} h1 {{ font-size: 17pt; }} h2, h3, h4, h5 {{ font-size: 13pt; }} main {{ padding: 5mm; }}
  .masthead {{ font-size: 20pt; }} }}
"""


def _block(block: Block, base: str) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level + 1}>{_text(text)}</h{level + 1}>"
        case Paragraph(stretches):
            return f"<p>{_runs(stretches, base)}</p>"
        case Table():
            return _table(block, base)
        case Signatures(labels):
            return "\n".join(f'<p class="sign">{_text(label)}：＿＿＿＿＿＿＿＿</p>' for label in labels)
        case QR(text, caption):
            return f"<figure>{_svg(clean(text))}<figcaption>{_text(caption)}</figcaption></figure>"


def _table(table: Table, base: str) -> str:
    head, *rows = table.lines()
    caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
    top = "".join(f'<th scope="col">{_cell(cell, base)}</th>' for cell in head)
    body = "\n".join("<tr>" + "".join(f"<td>{_cell(cell, base)}</td>" for cell in row) + "</tr>" for row in rows)
    made = f'<div class="wide"><table>{caption}<thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table></div>'
    return made + _line("note", table.note)


def _cell(cell: Cell, base: str) -> str:
    return _runs(runs(cell), base)


def _runs(stretches: tuple[Run, ...], base: str) -> str:
    return "".join(
        f'<a href="{escape(encoded(urljoin(base, run.url)))}">{_text(run.text)}</a>' if run.url else _text(run.text)
        for run in stretches
    )


def _line(kind: str, text: str) -> str:
    return f'<p class="{kind}">{_text(text)}</p>' if text.strip() else ""


def _text(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")


def _svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="svg", xmldecl=False)
    return out.getvalue().decode()

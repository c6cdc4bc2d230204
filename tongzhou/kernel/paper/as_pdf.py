"""A paper as PDF, set by Typst from the template beside this file.

The template is fixed and the paper reaches it as JSON, so no text can be read as Typst markup.
"""

import io
import json
from functools import cache
from importlib.resources import files
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _

from . import layout
from .blocks import QR, Block, Cell, Heading, Paper, Paragraph, Signatures, Table, absolute, clean, runs


class NoFont(Exception):
    """The machine has no Chinese font; the message says what to install."""


def pdf(paper: Paper, base: str = "", fonts: typst.Fonts | None = None) -> bytes:
    """Set the paper in the best fonts among `fonts` (those of the machine unless given).

    `base` is the address that relative links start from. Raises NoFont without any Chinese font and ValueError for
    a relative link without base. The same paper gives the same bytes on the same machine.
    """
    fonts = fonts or _machine_fonts()
    inputs = {"paper": json.dumps(_data(paper, base) | {"fonts": _families(fonts)}, ensure_ascii=False)}
    template = files(__package__).joinpath("paper.typ").read_bytes()
    return typst.compile(template, format="pdf", font_paths=fonts, sys_inputs=inputs, timestamp=0)


@cache
def _machine_fonts() -> typst.Fonts:
    """Searching the machine takes a tenth of a second. Without a Chinese font the answer is not kept."""
    fonts = typst.Fonts()
    _families(fonts)
    return fonts


def _families(fonts: typst.Fonts) -> dict[str, list[str]]:
    """The families present for each font of the standard, in order of preference."""
    present = set(fonts.families())
    if not present & {name for names in (*layout.FAMILIES.values(), layout.FALLBACKS) for name in names}:
        raise NoFont(
            _("本机没有中文字体，无法生成PDF。请安装 fonts-noto-cjk（apt-get install fonts-noto-cjk）或仿宋体后再试。")
        )
    return {
        "latin": [name for name in layout.LATIN_FAMILIES if name in present],
        **{role: [name for name in (*layout.FAMILIES[font], *layout.FALLBACKS) if name in present]
           for role, font in _ROLES.items()},
    }  # fmt: skip


_ROLES = {
    "fangsong": layout.FANGSONG,
    "xiaobiaosong": layout.XIAOBIAOSONG,
    "heiti": layout.HEITI,
    "kaiti": layout.KAITI,
}


def _data(paper: Paper, base: str) -> dict[str, Any]:
    masthead = clean(paper.masthead or "")
    return {
        "lang": paper.lang,
        **{name: clean(getattr(paper, name)) for name in ("title", "subtitle", "issuer", "source_note", "number")},
        "date": clean(paper.date_text),
        "indents": layout.date_indents(clean(paper.issuer), clean(paper.date_text)),
        "masthead": masthead,
        "masthead_size": layout.masthead_size(masthead),
        "blocks": [_block(block, base) for block in paper.blocks],
        "layout": {name.lower(): value for name, value in vars(layout).items() if name.isupper()},
    }


def _block(block: Block, base: str) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": clean(text), "level": level}
        case Paragraph(stretches):
            return {"kind": "paragraph", "runs": _runs(stretches, base)}
        case Table():
            return {
                "kind": "table",
                "caption": clean(block.caption),
                "note": clean(block.note),
                "shares": block.shares(),
                "lines": [[_runs(cell, base) for cell in line] for line in block.lines()],
            }
        case Signatures(labels):
            return {"kind": "signatures", "labels": [clean(label) for label in labels]}
        case QR(text, caption):
            return {"kind": "qr", "svg": _svg(clean(text)), "caption": clean(caption)}


def _runs(cell: Cell, base: str) -> list[dict[str, str]]:
    return [{"text": clean(run.text), "url": absolute(run.url, base) if run.url else ""} for run in runs(cell)]


def _svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="svg", xmldecl=False)
    return out.getvalue().decode()

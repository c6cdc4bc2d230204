"""A paper as CommonMark with GitHub tables."""

import re
from urllib.parse import urljoin

from .blocks import QR, Block, Cell, Heading, Paper, Paragraph, Run, Signatures, Table, clean, encoded, runs


def markdown(paper: Paper, base: str = "") -> str:
    """Relative links are joined to `base`, and stay relative without one. Text never turns into markup."""
    front = [f"**{_line(text)}**" for text in (paper.masthead or "", paper.number) if text.strip()]
    title = [f"# {_line(paper.title)}"] if paper.title.strip() else []
    body = [_block(block, base, paper.lang) for block in paper.blocks]
    end = [_lines([Run(text)], base) for text in (paper.issuer, paper.date_text)]
    note = [f"---\n\n{_lines([Run(paper.source_note)], base)}"] if paper.source_note.strip() else []
    parts = [*front, *title, _lines([Run(paper.subtitle)], base), *body, *end, *note]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block, base: str, lang: str) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {_line(text)}"
        case Paragraph(stretches):
            return _lines(stretches, base)
        case Table():
            return _table(block, base)
        case Signatures(labels):
            colon = "：" if lang == "zh" else ": "
            return "\n\n".join(f"{_line(label)}{colon}＿＿＿＿＿＿" for label in labels)
        case QR(text, caption):
            return _lines([Run(f"{caption} {text}".strip())], base)


def _table(table: Table, base: str) -> str:
    head, *rows = ([_cell(cell, base) for cell in line] for line in table.lines())
    lines = [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]
    caption = f"**{_line(table.caption)}**" if table.caption.strip() else ""
    return "\n\n".join(part for part in (caption, "\n".join(lines), _lines([Run(table.note)], base)) if part)


def _cell(cell: Cell, base: str) -> str:
    return "".join(_run(run, base, " ") for run in runs(cell)).strip()


def _line(text: str) -> str:
    return _run(Run(text), "", " ").strip()


def _lines(stretches: list[Run] | tuple[Run, ...], base: str) -> str:
    """Runs as one paragraph. Blanks at the ends of a line are dropped: they would make code blocks or breaks."""
    text = "".join(_run(run, base, "\n") for run in stretches)
    lines = [line.strip() for line in text.split("\n")]
    return "\\\n".join(_LINE_START.sub(r"\1\\\2", line) for line in lines if line)


def _run(run: Run, base: str, line_break: str) -> str:
    text = _MARKUP.sub(r"\\\g<0>", clean(run.text)).replace("\n", line_break)
    if not run.url or not text.strip():
        return text
    url = encoded(urljoin(base, run.url))
    return line_break.join(f"[{part}](<{url}>)" if part.strip() else part for part in text.split(line_break))


_MARKUP = re.compile(r"[\\`*_\[\]<>#|~$&!{}]")
_LINE_START = re.compile(r"^(\d{0,9})([-+=.)])")

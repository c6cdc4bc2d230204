"""An article as the editor of an account on WeChat takes it: no style sheet and no class survives there, so each element bears its own.

Pictures belong to the account's own library; their places are marked, with their number in the package and what they show.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tongzhou.modules.publications.rules.markup import Block, Span

TAGS = frozenset({"section", "p", "strong", "span", "br"})  # all that an exported text is made of
WHOLE = "font-size: 16px; line-height: 1.75; letter-spacing: 0.5px; color: #333333;"
STYLES = {
    "p": "margin: 0 0 16px; text-align: justify;",
    "h": "margin: 28px 0 16px; padding-left: 10px; border-left: 4px solid #0c5c6b; font-size: 18px; font-weight: bold; color: #0c5c6b;",
    "quote": "margin: 0 0 16px; padding: 12px 16px; background-color: #f3f6f7; color: #555555;",
    "picture": "margin: 0 0 16px; padding: 20px 12px; border: 1px dashed #999999; text-align: center; color: #777777;",
    "end": "margin: 24px 0 0; font-size: 14px; text-align: right; color: #777777;",
}
BREAK = SafeString("<br>")
INLINE = {"strong": "font-weight: bold; color: #0c5c6b;", "figure": "font-weight: bold;"}


def export(blocks: Iterable[Block], *, places: Mapping[int, str], end: Sequence[str] = ()) -> SafeString:
    """`places` says what stands where a picture belongs; one that is not named is left out. `end`: lines under the text."""
    shown = [block for block in blocks if block.kind != "picture" or block.number in places]
    parts = [_block(block, places) for block in shown] + [_element("end", line) for line in end]
    return format_html(
        '<section style="{}">{}</section>', WHOLE, format_html_join("", "{}", ((part,) for part in parts))
    )


def _block(block: Block, places: Mapping[int, str]) -> SafeString:
    if block.kind == "picture":
        return _element("picture", places[block.number])
    lines = [format_html_join("", "{}", ((_span(span),) for span in line)) for line in block.lines]
    return _element(block.kind, format_html_join(BREAK, "{}", ((line,) for line in lines)))


def _span(span: Span) -> str:
    if span.kind == "strong":
        return format_html('<strong style="{}">{}</strong>', INLINE["strong"], span.text)
    if span.kind == "figure":
        return format_html('<span style="{}">{}</span>', INLINE["figure"], span.text)
    return span.text


def _element(kind: str, inside: str) -> SafeString:
    return format_html('<p style="{}">{}</p>', STYLES[kind], inside)

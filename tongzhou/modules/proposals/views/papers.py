"""An item as the paper that goes to a channel."""

from django.utils.translation import gettext as __

from tongzhou.kernel import paper
from tongzhou.kernel.dates import show
from tongzhou.kernel.lang import lang
from tongzhou.modules.proposals.models import Item


def item_paper(item: Item) -> paper.Paper:
    """The text by its parts, who brings it, and when. Nothing of what the office thinks of it."""
    situation, suggestions = map(str, item.heads)
    parts = [(situation, item.situation), (__("问题分析"), item.analysis), (suggestions, item.suggestions_shown)]
    blocks: list[paper.Block] = []
    for head, text in parts:
        if text.strip():
            blocks += [paper.Heading(head), *(paper.prose(line.strip()) for line in text.splitlines() if line.strip())]
    who = __("作者：{who}（{unit}）").format(who=item.byline, unit=item.unit) if item.authors else item.byline
    return paper.Paper(
        title=str(item), subtitle=str(item.get_kind_display()), issuer=str(item.unit), date_text=show(item.when, lang()), lang=lang(),
        blocks=(*paper.numbered(tuple(blocks), lang()), paper.prose(who)),
    )  # fmt: skip

"""The versions of a text, with every changed word; and the paper that goes to a channel."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, paper
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.proposals import rules
from tongzhou.modules.proposals.models import Item, Version
from tongzhou.modules.proposals.models.item import TEXTS
from tongzhou.modules.proposals.views import items
from tongzhou.modules.proposals.views.papers import item_paper
from tongzhou.modules.proposals.workflow import OUT, READ, ItemState

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def versions(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The newest version beside the one before it, or beside `since`."""
    item: Item = access.find(items.rows(response_or_404(request, response)), request.user, READ, pk=key)
    found = list(item.versions.select_related("by"))
    new = _chosen(found, request.GET.get("to", ""), found[-1] if found else None)
    before = [one for one in found if new and one.number < new.number]
    old = _chosen(before, request.GET.get("since", ""), before[-1] if before else None)
    page = {
        "item": item,
        "response": item.response,
        "versions": found,
        "old": old,
        "new": new,
        "parts": _parts(item, old, new),
    }
    return render(request, "proposals/versions.html", page)


@require_safe
def docx(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The settled text as Word, for a channel that takes paper or mail."""
    item: Item = access.find(items.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if item.state not in (ItemState.SIGNED, *OUT):
        raise Http404
    answer = HttpResponse(paper.docx(item_paper(item)), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="item-{item.happened_on}.docx"'
    return answer


def _chosen(rows: list[Version], number: str, otherwise: Version | None) -> Version | None:
    return next((one for one in rows if str(one.number) == number), otherwise)


def _parts(item: Item, old: Version | None, new: Version | None) -> list[tuple[str, list[rules.Piece]]]:
    """Each part of the text by its label, word by word."""
    if new is None:
        return []
    labels = {name: str(Item._meta.get_field(name).verbose_name) for name in TEXTS}  # type: ignore[union-attr]  # plain fields
    return [
        (labels[name], rules.wording(getattr(old or new, name), getattr(new, name)))
        for name in TEXTS
        if getattr(new, name) or getattr(old, name, "")
    ]

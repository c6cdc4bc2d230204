"""Pages that the rooms of the front line share: the board of the command post, the rules in force, attachments."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, attachments, module
from tongzhou.kernel import board as boards
from tongzhou.kernel import rulebook as rules
from tongzhou.kernel.models import Attachment
from tongzhou.kernel.signed_in import SignedIn


@require_safe
def board(request: SignedIn, response: str) -> HttpResponse:
    """One screen of how the response stands now. Asked for by htmx, only the tiles: the page renews itself that way."""
    found, now = access.find_response(request.user, response), timezone.localtime()
    page = {"answer": found, "rooms": boards.tiles(found, request.user, now), "now": now}
    template = "web/board.html#tiles" if request.headers.get("HX-Request") else "web/board.html"
    answer = render(request, template, page)
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


@require_safe
def rulebook(request: SignedIn) -> HttpResponse:
    """The rules as they hold today, or held on another day (`day`)."""
    today = timezone.localdate()
    day = _day(request.GET.get("day", "")) or today
    titles = {room.name: room.title for room in module.rooms()}
    shown = [(titles.get(rule.room, rule.room), rule, _held(rule, day)) for rule in rules.rules()]
    return render(request, "web/rulebook.html", {"rules": shown, "day": day})


@require_safe
def attachment(request: SignedIn, key: UUID) -> HttpResponse:
    """A photograph in the page, a document to be saved; whoever does not see the record finds nothing."""
    found = attachments.find(request.user, key)
    answer = HttpResponse(bytes(found.content), content_type=found.media)
    if found.kind == Attachment.Kind.DOCUMENT:
        answer.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def _held(rule: rules.Rule, day: date) -> rules.Edition | None:
    try:
        return rule.on(day)
    except rules.NoRule:
        return None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None

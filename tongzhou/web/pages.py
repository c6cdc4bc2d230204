"""Pages that belong to no room: the to-do list, a response's front, the inbox, units, the ledger."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tongzhou.kernel import access, asks, facts, ledger, module
from tongzhou.kernel.models import Entry, Unit
from tongzhou.kernel.scope import Scope


def home(request: HttpRequest) -> HttpResponse:
    """What awaits this person, and how their responses stand."""
    awaiting = asks.awaiting(request.user, timezone.localdate())
    rooms = [(room, list(found)) for room, found in groupby(awaiting, key=lambda a: a.room)]
    overdue = sum(item.overdue for found in awaiting for item in found.items)
    fronts = [(answer, tiles(answer, request.user)) for answer in access.responses(request.user)[:6]]
    return render(request, "web/home.html", {"rooms": rooms, "overdue": overdue, "fronts": fronts, "count": sum(a.count for a in awaiting)})


def response(request: HttpRequest, response: str) -> HttpResponse:
    found = access.find_response(request.user, response)
    request.session["response"] = found.slug
    return render(request, "web/response.html", {"answer": found, "rooms": tiles(found, request.user)})


def tiles(answer: Any, person: Any) -> list[tuple[module.Module, list[facts.Finding]]]:
    """Each room's figures in this response, as far as the person reaches."""
    shown = []
    for room in module.rooms():
        if any(desk.open_to(person) for desk in room.desks):
            plain = [fact for fact in room.facts if not fact.each]
            found = [f for fact in plain for f in facts.measure(fact, Scope(answer), person)]
            shown.append((room, facts.nonzero(found)))
    return shown


def inbox(request: HttpRequest) -> HttpResponse:
    notices = request.user.notices.select_related("response")
    if request.method == "POST":
        notices.filter(read_at=None).update(read_at=timezone.now())
        return redirect("inbox")
    page = Paginator(notices, 50).get_page(request.GET.get("page"))
    return render(request, "web/inbox.html", {"page": page})


@require_POST
def open_notice(request: HttpRequest, key: UUID) -> HttpResponse:
    notice = get_object_or_404(request.user.notices, pk=key)
    if notice.read_at is None:
        request.user.notices.filter(pk=key).update(read_at=timezone.now())
    safe = url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()})
    return redirect(notice.url if notice.url and safe else "inbox")


def units(request: HttpRequest) -> HttpResponse:
    """The trees, as far as the person reaches; a branch is opened by asking for what is below it."""
    reached = access.units(request.user, "people.read")
    if not access.reach(request.user, "people.read"):
        raise Http404
    under = get_object_or_404(reached, code=request.GET["under"]) if request.GET.get("under") else None
    rows = reached.filter(parent=under) if under else [u for u in reached if u.parent_id is None or u.parent not in reached]
    listed = [(u, u.children.count(), u.people.filter(is_active=True).count()) for u in rows]
    above = Unit.objects.filter(path__in=_above(under.path)) if under else []
    return render(request, "web/units.html", {"under": under, "above": [u for u in above if u in reached], "rows": listed})


def ledger_page(request: HttpRequest) -> HttpResponse:
    """The latest entries on what the person may audit. Only entries of records in responses within reach are listed."""
    if not access.reach(request.user, "ledger.read"):
        raise Http404
    entries = Entry.objects.filter(response__in=access.responses(request.user)).select_related("by").order_by("-pk")
    page = Paginator(entries, 100).get_page(request.GET.get("page"))
    shown = [(entry, ledger.sentence(entry)) for entry in page]
    return render(request, "web/ledger.html", {"page": page, "shown": shown})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    code, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = redirect(back)
    if translation.check_for_language(code) and code in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.PRODUCTION)
    return answer


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: the process answers and the database does."""
    Unit.objects.exists()
    return HttpResponse("ok", content_type="text/plain")


def _above(path: str) -> list[str]:
    return [path[: i + 1] for i, letter in enumerate(path) if letter == "/" and i]

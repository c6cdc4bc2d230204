"""Pages that belong to no room: the to-do list, a response's front, the inbox, units."""

from dataclasses import replace
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, asks, facts, module
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.kernel.scope import Scope
from tongzhou.kernel.signed_in import SignedIn

YEAR = 365 * 24 * 3600  # seconds


@require_safe
def home(request: SignedIn) -> HttpResponse:
    """What awaits this person, the overdue first, and their responses."""
    awaiting = asks.awaiting(request.user, timezone.localdate())
    rooms = [
        (room, [_overdue_first(one) for one in found]) for room, found in groupby(awaiting, key=lambda one: one.room)
    ]
    overdue = sum(item.overdue for one in awaiting for item in one.items)
    context = {"rooms": rooms, "overdue": overdue, "count": sum(one.count for one in awaiting)}
    return render(request, "web/home.html", context | {"fronts": access.responses(request.user)[:6]})


@require_safe
def response(request: SignedIn, response: str) -> HttpResponse:
    """How one response stands: what it is, and each room's figures."""
    found = access.find_response(request.user, response)
    if request.session.get("response") != found.slug:
        request.session["response"] = found.slug
    return render(request, "web/response.html", {"answer": found, "rooms": tiles(found, request.user)})


@require_safe
def figures(request: SignedIn, response: str) -> HttpResponse:
    """The figures of a response alone: they are many queries, and come to the to-do page after what awaits the person."""
    found = access.find_response(request.user, response)
    return render(request, "web/tiles.html", {"rooms": tiles(found, request.user)})


def tiles(answer: Response, person: Person) -> list[tuple[module.Module, str, list[facts.Finding]]]:
    """Each room the person may enter, its address, and its figures in this response as far as the person reaches."""
    shown = []
    for room in module.rooms():
        desk = next((desk for desk in room.desks if desk.open_to(person)), None)
        if desk:
            plain = [fact for fact in room.facts if not fact.each]
            found = [finding for fact in plain for finding in facts.measure(fact, Scope(answer), person)]
            shown.append((room, desk.url("list", answer), facts.nonzero(found)))
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: SignedIn) -> HttpResponse:
    """The person's notices; POST marks all of them read."""
    notices = request.user.notices.select_related("response")
    if request.method == "POST":
        notices.filter(read_at=None).update(read_at=timezone.now())
        return redirect("inbox")
    page = Paginator(notices, 50).get_page(request.GET.get("page"))
    return render(request, "web/inbox.html", {"page": page})


@require_POST
def open_notice(request: SignedIn, key: UUID) -> HttpResponse:
    """Mark one read and go where it leads."""
    notice = get_object_or_404(request.user.notices, pk=key)
    if notice.read_at is None:
        request.user.notices.filter(pk=key).update(read_at=timezone.now())
    safe = url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(notice.url) if safe and notice.url.startswith("/") else redirect("inbox")


@require_safe
def units(request: SignedIn) -> HttpResponse:
    """The trees, as far as the person reaches; a branch is opened by asking for what is below it (`under`)."""
    if not access.reach(request.user, "people.read"):
        raise Http404
    reached = access.units(request.user, "people.read")
    code = request.GET.get("under", "")
    under = get_object_or_404(reached, code=code) if slug_re.match(code) else None
    rows = reached.filter(parent=under) if under else _tops(reached)
    staffed = Count("people", filter=Q(people__is_active=True), distinct=True)
    rows = rows.annotate(below=Count("children", distinct=True), staff=staffed).order_by("path")
    above = reached.filter(path__in=_above(under.path)) if under else []
    return render(request, "web/units.html", {"under": under, "above": above, "rows": rows})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    code, back = request.POST.get("language", ""), request.POST.get("next", "/")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    answer = HttpResponseRedirect(back if safe else "/")  # `redirect` would look a bare word up as the name of a page
    if code in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax", secure=settings.PRODUCTION)
    return answer


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: the process answers and the database does."""
    Unit.objects.exists()
    return HttpResponse("ok", content_type="text/plain")


def _overdue_first(one: asks.Awaiting) -> asks.Awaiting:
    return replace(one, items=sorted(one.items, key=lambda item: (item.due is None, item.due)))


def _tops(reached: QuerySet[Unit]) -> QuerySet[Unit]:
    """Units whose superior is out of reach: where the person's trees begin."""
    return reached.exclude(parent__in=reached.order_by())


def _above(path: str) -> list[str]:
    return [path[: i + 1] for i, letter in enumerate(path) if letter == "/" and i]

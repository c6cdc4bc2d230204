"""What came of it all: points, rates and quotas of a quarter by unit and author; one author's own page."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, rulebook, sheets, steps
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.views import EXPORTED, response_or_404
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.proposals import queries, rules
from tongzhou.modules.proposals.models import Item, Jotting
from tongzhou.modules.proposals.workflow import READ

QUARTERS = 5  # the present one and those before it that are offered


@require_safe
def scores(request: SignedIn, response: str) -> HttpResponse:
    found, first, last = _asked(request, response)
    units, authors = _scores(request, found, first, last)
    today = timezone.localdate()
    page = {
        "response": found, "first": first, "last": last, "quarters": _quarters(today), "units": units, "authors": authors,
        "table": rulebook.in_force("proposals", "scoring", last), "quotas": rulebook.in_force("proposals", "quotas", last),
    }  # fmt: skip
    return render(request, "proposals/scores.html", page)


@require_safe
def export(request: SignedIn, response: str) -> HttpResponse:
    """The same table, to be taken into the yearly circular. Taking it away is an entry on the person."""
    found, first, last = _asked(request, response)
    units, authors = _scores(request, found, first, last)
    rows = [*(_row(__("单位"), one) for one in units), *(_row(__("作者"), one) for one in authors)]
    told = {"list": "采用和计分", "response": found.slug, "n": len(rows)}
    steps.note(request.user, "export", by=request.user, said=EXPORTED, data=told)
    columns = [
        sheets.Column("kind", __("单位或作者")), sheets.Column("who", __("名称")), sheets.Column("submitted", __("报送数"), "integer"),
        sheets.Column("quota", __("任务数"), "integer"), sheets.Column("adopted", __("采用"), "integer"), sheets.Column("rate", __("采用率（%）"), "integer"),
        sheets.Column("notes", __("批示"), "integer"), sheets.Column("points", __("得分")),
    ]  # fmt: skip
    body = sheets.write(__("采用和计分"), columns, rows, note=f"{first} – {last}")
    answer = HttpResponse(body, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="proposals-{first}.xlsx"'
    return answer


@require_safe
def mine(request: SignedIn, response: str) -> HttpResponse:
    """What I wrote, how far it has come, what it scored; and what I have not saved yet."""
    found = response_or_404(request, response)
    unsaved = list(Jotting.objects.filter(person=request.user, response=found))
    kept = set(Item.objects.filter(pk__in=[one.item for one in unsaved]).values_list("pk", flat=True))
    page = _author(request, found, request.user) | {
        "unsaved": [(one, one.item in kept) for one in unsaved],
        "is_own": True,
    }
    return render(request, "proposals/author.html", page)


@require_safe
def author(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Somebody's, as far as it may be seen: an author within reach, or with something that is."""
    found = response_or_404(request, response)
    person = Person.objects.filter(pk=key).select_related("unit").first()
    if person is None or not access.reach(request.user, READ):
        raise Http404
    known = access.visible(Person.objects.filter(pk=key), request.user, READ).exists()
    page = _author(request, found, person)
    if not known and not page["items"]:
        raise Http404
    return render(request, "proposals/author.html", page)


def _author(request: SignedIn, response: Response, person: Person) -> dict[str, Any]:
    rows = access.visible(queries.of_person(person, response), request.user, READ)
    today = timezone.localdate()
    lives = queries.lives(rows.order_by(), date(today.year, 1, 1), today)
    own = next((one for one in queries.by_author(lives) if one.who.pk == person.pk), queries.Score(person))
    points = {
        life.item.pk: rules.shown(rules.shared(life.points, life.item.authors)[person])
        for life in lives
        if person in life.item.authors
    }
    return {
        "response": response,
        "person": person,
        "items": [(item, points.get(item.pk, "")) for item in rows],
        "score": own,
        "year": today.year,
    }


def _asked(request: SignedIn, response: str) -> tuple[Response, date, date]:
    """The response and the quarter in which the day `on` lies; by default the present one."""
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = timezone.localdate()
    return found, *rules.quarter(min(max(on, date(2000, 1, 1)), timezone.localdate()))


def _scores(request: SignedIn, response: Response, first: date, last: date) -> tuple[list[Any], list[Any]]:
    lives = queries.lives(queries.visible(response, request.user), first, last)
    units = access.units(request.user, READ).filter(path__startswith=response.lead.path).order_by("path")
    return queries.by_unit(lives, units, last), queries.by_author(lives)


def _quarters(today: date) -> list[tuple[date, date]]:
    starts = [rules.quarter(today)[0]]
    while len(starts) < QUARTERS:
        starts.append(rules.months_after(starts[-1], -3))
    return [rules.quarter(day) for day in starts]


def _row(kind: str, score: Any) -> dict[str, Any]:
    return {
        "kind": kind, "who": str(score.who), "submitted": score.submitted, "quota": score.quota, "adopted": score.adopted, "rate": score.rate,
        "notes": score.notes, "points": score.points_shown,
    }  # fmt: skip

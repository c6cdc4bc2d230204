"""The ledger as far as a person may audit it: entries on the records, people and units in their reach, and no other."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Case, Exists, Model, OuterRef, Q, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, ledger, module
from tongzhou.kernel.models import Entry, Kept, Person, Response, Unit
from tongzhou.kernel.signed_in import SignedIn

PAGE = 50
KERNEL = {
    "kernel.person": _("人员"),
    "kernel.unit": _("单位"),
    "kernel.grant": _("角色"),
    "kernel.response": _("响应"),
    "kernel.channel": _("工作群"),
}


@require_safe
def page(request: SignedIn) -> HttpResponse:
    """The latest entries, or those of one person (`by`), from an entry on (`before`)."""
    if not access.reach(request.user, "ledger.read"):
        raise Http404
    entries = auditable(request.user).select_related("by", "response").order_by("-pk")
    by = _person(request)
    if by:
        entries = entries.filter(by=by)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: PAGE + 1])
    things = _things()
    shown = [(e, things.get(e.table, e.table), ledger.sentence(e), _address(e)) for e in found[:PAGE]]
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(request, "web/ledger.html", {"shown": shown, "more": more, "by": by, "later": bool(before)})


def auditable(person: Person) -> QuerySet[Entry]:
    paths = access.reach(person, "ledger.read")
    if "/" in paths:
        return Entry.objects.all()
    within = []
    for model in apps.get_models():
        if issubclass(model, Kept) and (where := _at(model, paths)) is not None:
            own = access.open_to(model._default_manager.filter(where, pk=OuterRef("record")), person)
            within.append(When(table=model._meta.label_lower, then=Exists(own)))
    # By cases, so that the latest entries are looked at one by one until there are enough; an OR would look at all first.
    return Entry.objects.filter(Case(*within, default=Value(False), output_field=BooleanField()))


def _at(model: type[Model], paths: tuple[str, ...]) -> Q | None:
    """Which rows of the model stand at these units; None for a model whose rows stand at none."""
    if model is Unit:
        return Q(*[Q(path__startswith=path) for path in paths], _connector=Q.OR)
    if model is Response:
        return access.within(paths, via="lead")
    try:
        model._meta.get_field("unit")
    except FieldDoesNotExist:
        return None
    return access.within(paths)


def _things() -> dict[str, Any]:
    """What the rows of each table are called."""
    rooms = {desk.model._meta.label_lower: desk.title for room in module.rooms() for desk in room.desks}
    return KERNEL | rooms


def _person(request: SignedIn) -> Person | None:
    """The person whose entries are asked for, if they are within the reader's reach."""
    try:
        key = UUID(request.GET.get("by", ""))
    except ValueError:
        return None
    return access.find(Person.objects.all(), request.user, "people.read", pk=key)


def _address(entry: Entry) -> str:
    """Where the row is shown: records on their desk, people in the register; "" for rows without a page."""
    if entry.table == "kernel.person":
        return reverse("person", args=[entry.record])
    try:
        return reverse(f"{entry.table}.detail", args=[entry.response.slug, entry.record]) if entry.response else ""
    except NoReverseMatch:
        return ""

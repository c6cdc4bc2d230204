"""Whom a call reaches, and how they are told."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.models import Channel, Grant, Person, Unit
from tongzhou.modules.calls import queries
from tongzhou.modules.calls.models import Call, Reply
from tongzhou.modules.calls.workflow import FOLLOW


def addressees(call: Call) -> tuple[list[Unit], list[Person]]:
    """The units and the active members the call is addressed to, today."""
    return list(queries.addressed_units(call)), list(queries.addressed_members(call))


def reachable(person: Person | None) -> bool:
    """Whether a notice arrives: in the inbox of who can sign in, or by e-mail. Nothing is sent to telephones."""
    return bool(person and (person.username or person.email))


def send(call: Call, units: Sequence[Unit], members: Sequence[Person], by: Person) -> None:
    """A reply for each to fill, delivered where the house can reach them; then the notices. All in one transaction."""
    given = {"response": call.response, "call": call, "happened_on": call.happened_on}
    rows = [Reply(pk=uuid5(call.pk, str(one.pk)), unit=one, **given) for one in units]
    rows += [Reply(pk=uuid5(call.pk, str(one.pk)), unit=one.unit, person=one, **given) for one in members]
    steps.file_many(rows, by=by)
    heads = _heads(units)
    robots = set(Channel.objects.filter(unit__in=units, is_active=True).values_list("unit", flat=True))
    arrived = [
        row
        for row in rows
        if reachable(row.person) or (row.is_unit and (row.unit_id in heads or row.unit_id in robots))
    ]
    steps.advance_many(arrived, "deliver", by=by, delivered_at=timezone.now())
    _tell(
        call, units, [row.person for row in arrived if row.person], [head for some in heads.values() for head in some]
    )


def own_url(call: Call) -> str:
    """Where each addressee finds their own reply."""
    return reverse("calls.mine", args=[call.response.slug, call.pk])


def _tell(call: Call, units: Sequence[Unit], members: Sequence[Person], heads: Sequence[Person]) -> None:
    words = {"unit": call.unit, "call": call, "day": str(call.answer_by)}
    text = format_lazy(_("{unit}发出倡议“{call}”，请于{day}前答复。"), **words)
    notices.tell(members, text, response=call.response, record=call, url=own_url(call), units=units)
    text = format_lazy(_("{unit}发出倡议“{call}”，请组织本单位于{day}前答复。"), **words)
    url = reverse("calls.progress", args=[call.response.slug, call.pk])
    notices.tell(heads, text, response=call.response, record=call, url=url)


def _heads(units: Sequence[Unit]) -> dict[UUID, list[Person]]:
    """For each unit those who follow up at that very unit and can be reached; units without one are left out."""
    today, roles = timezone.localdate(), access.CAPABILITIES[FOLLOW].roles
    current = Q(until=None) | Q(until__gte=today)
    grants = Grant.objects.filter(current, since__lte=today, role__in=roles, unit__in=units, person__is_active=True)
    found: dict[UUID, list[Person]] = defaultdict(list)
    for grant in grants.select_related("person"):
        if reachable(grant.person):
            found[grant.unit_id].append(grant.person)
    return dict(found)

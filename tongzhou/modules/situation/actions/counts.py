"""Daily counts: one for an area and day, never beside one of an area above or below it; corrected with a reason."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.models import DayCount


@transaction.atomic
def file(count: DayCount, *, by: Person) -> tuple[DayCount, bool]:
    if DayCount.objects.filter(pk=count.pk).exists():
        return steps.file(count, by=by)
    _alone(count)
    return steps.file(count, by=by, data={"confirmed": count.confirmed, "asymptomatic": count.asymptomatic})


@transaction.atomic
def amend(count: DayCount, *, by: Person, version: int, changes: Mapping[str, Any], reason: str = "") -> DayCount:
    """Correct it. Old and new figures and the reason are the entry."""
    changed = {name: value for name, value in changes.items() if getattr(count, name) != value}
    if changed and not reason.strip():
        raise ValidationError({"reason": __("更正须写明原因。")})
    if changed.keys() & {"unit", "happened_on"}:
        _alone(
            DayCount(
                pk=count.pk,
                response=count.response,
                **{"unit": count.unit, "happened_on": count.happened_on} | _place(changed),
            )
        )
    return steps.amend(count, by=by, version=version, note=reason.strip(), **changes)


def _place(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name in {"unit", "happened_on"}}


def _alone(count: DayCount) -> None:
    """Refuse what would count the same cases twice. Holds the response's row, so that two who file at once come one after the other."""
    Response.objects.filter(pk=count.response_id).update(version=F("version"))
    if other := queries.overlapping(count):
        raise ValidationError(other)

"""What follows from a tube that is not negative: its people are listed for single retest, and whoever must find them is told at once."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, rulebook, seal, steps
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.steps.one import REVEALED_PARTS
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import publishing
from tongzhou.modules.testing.models import Campaign, Device, Pool, PoolPerson, Resident, Result
from tongzhou.modules.testing.workflow import FOLLOW, READ, REVEAL, PoolState


@dataclass(frozen=True)
class Shown:
    """A person to be found; empty as far as the register does not know."""

    name: str
    number: str
    lives: str
    retest: str


def report(campaign: Campaign, result: Result, *, by: Person) -> None:
    """List the people of the tube; testing group, point and the communities of its people are told in the same transaction."""
    key = uuid5(campaign.pk, f"pool/{result.tube}")
    if Pool.objects.filter(pk=key).exists():
        return
    device = Device.objects.select_related("point__unit", "unit").get(number=queries.tube_device(campaign, result.tube))
    persons, unnamed = queries.persons_in(campaign, result.tube), queries.unnamed(campaign, result.tube)
    assert device.point is not None
    pool = Pool(
        pk=key, response=campaign.response, unit=device.point.unit, campaign=campaign, point=device.point, tube=result.tube, value=result.value,
        people=len(persons) + unnamed, due_at=_due(campaign), happened_on=timezone.localdate(result.tested_at),
    )  # fmt: skip
    steps.file(pool, by=by)
    text = format_lazy(
        _("采样管{tube}结果为“{value}”，{point}，管内{n}人：请按单管复采，其间原地等候。"),
        tube=pool.tube, value=result.get_value_display(), point=str(pool.point), n=pool.people,
    )  # fmt: skip
    _list(pool, persons, text)


@transaction.atomic
def join(pool: Pool, *, by: Person, note: str = "") -> Pool:
    """Swabs that came after the list was made. The tube waits for resampling again, since theirs may be the one that is positive.

    Raises ValidationError where nothing came.
    """
    listed = set(pool.persons.values_list("person", flat=True))
    persons = queries.persons_in(pool.campaign, pool.tube) - listed
    people = len(listed) + len(persons) + queries.unnamed(pool.campaign, pool.tube)
    n = max(len(persons), people - pool.people)
    if n <= 0:
        raise ValidationError(__("这一管没有后到的采样登记。"))
    changes: dict[str, Any] = {"people": people, "positives": None}
    if pool.state != PoolState.REPORTED:  # else the time that was set for the others holds
        changes["due_at"] = _due(pool.campaign)
    pool = steps.advance(pool, "join", by=by, note=note, data={"n": n, "people": people}, **changes)
    text = format_lazy(
        _("采样管{tube}（{point}，“{value}”）后到采样登记{n}份，已列入复采名单：请按单管复采，其间原地等候。"),
        tube=pool.tube, point=str(pool.point), value=pool.get_value_display(), n=n,
    )  # fmt: skip
    _list(pool, persons, text)
    return pool


def join_late(campaign: Campaign, *, by: Person) -> None:
    for pool in queries.perhaps_late(campaign):
        with suppress(ValidationError, OutOfStep):  # nothing came; or somebody works on it now: the next look finds it
            join(pool, by=by)


@transaction.atomic
def resample(pool: Pool, *, by: Person, note: str = "", tubes: dict[UUID, str] | None = None) -> Pool:
    """Everybody of the tube has a tube of their own now, found among the retests, or the note says who is missing and why."""
    found = queries.retests(pool)
    for one in pool.persons.all():
        code = (tubes or {}).get(one.person) or found.get(one.person, "")
        if code and one.retest != code:
            PoolPerson.objects.filter(pk=one.pk).update(retest=code)
    missing = pool.persons.filter(retest="").count() + queries.unnamed(pool.campaign, pool.tube)
    if missing and not note.strip():
        raise ValidationError({"note": __("还有 %(n)d 人没有复采记录，请补采或写明原因。") % {"n": missing}})
    return steps.advance(pool, "resample", by=by, note=note, data={"people": max(0, pool.people - missing)})


def confirm(pool: Pool, *, by: Person, positives: int, note: str = "") -> Pool:
    if not 1 <= positives <= max(pool.people, 1):
        raise ValidationError({"positives": __("复核阳性人数应在 1 到 %(n)d 之间。") % {"n": pool.people}})
    return steps.advance(pool, "confirm", by=by, note=note, data={"positives": positives}, positives=positives)


@transaction.atomic
def clear(pool: Pool, *, by: Person, note: str = "") -> Pool:
    """Its people are negative, and are told so with the next publication."""
    publishing.want(pool.campaign)
    return steps.advance(pool, "clear", by=by, note=note)


def reveal(pool: Pool, *, by: Person, purpose: str) -> list[Shown]:
    """The people whom this person has to find, as far as the register knows them, for a purpose that goes into the ledger.

    Raises PermissionDenied, ValidationError for no purpose.
    """
    if not access.may(by, REVEAL, pool):
        raise PermissionDenied(
            __("只有组织复采的点位负责人、指挥部值班员，以及个人信息管理员，可以查看姓名和证件号码。")
        )
    purpose = purpose.strip()[:200]
    if not purpose:
        raise ValidationError({"purpose": __("请写明查看用途。")})
    persons = list(pool.listed(by).order_by("retest", "pk"))
    known = Resident.objects.in_bulk([one.person for one in persons])
    lives, found = queries.dwellings(pool.response, known.values()), queries.retests(pool)
    data = {"field": "姓名、证件号码、住处", "purpose": purpose, "n": len(persons)}
    steps.note(pool, "reveal", by=by, said=REVEALED_PARTS, text=purpose, data=data)
    return [
        _shown(known.get(one.person), lives.get(one.person), one.retest or found.get(one.person, "")) for one in persons
    ]


def _shown(resident: Resident | None, lives: queries.Dwelling | None, retest: str) -> Shown:
    if resident is None:
        return Shown("", "", "", retest)
    try:
        return Shown(seal.open(resident, "name"), seal.open(resident, "number"), str(lives or ""), retest)
    except seal.Broken:  # one that cannot be read must not hide the others
        return Shown(__("无法读取"), "", str(lives or ""), retest)


def _due(campaign: Campaign) -> datetime:
    hours = rulebook.in_force("testing", "hours", campaign.happened_on)["resample"]
    return timezone.now() + timedelta(hours=hours)


def _list(pool: Pool, persons: Collection[UUID], text: Any) -> None:
    PoolPerson.objects.bulk_create([PoolPerson(pool=pool, person=person) for person in sorted(persons)])
    areas = _areas(pool, persons)
    people = set(access.holders(FOLLOW, pool.unit)) | set(access.holders(FOLLOW, pool.campaign.unit))
    for area in areas:
        own = access.holders(READ, area).filter(grants__unit=area)  # whatever their post in the community is
        people |= {*access.holders(FOLLOW, area), *own}
    units = {one.pk: one for one in (pool.unit, *areas)}
    notices.tell(
        people, text, response=pool.response, record=pool, url=pool.people_url(), units=units.values(), once=f"testing.pool/{pool.pk}/{pool.version}",
    )  # fmt: skip


def _areas(pool: Pool, persons: Collection[UUID]) -> list[Unit]:
    """The communities in which these people live, as far as they registered."""
    found = queries.dwellings(pool.response, Resident.objects.filter(key__in=persons)).values()
    return list({one.unit.pk: one.unit for one in found if one.unit}.values())

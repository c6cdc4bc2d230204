"""Temperatures: readings come in, episodes out of range follow from them, and what is done to the vaccine is written down."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import queries, rules
from tongzhou.modules.vaccination.actions import batches as stock
from tongzhou.modules.vaccination.models import Batch, Excursion, Fridge, Reading
from tongzhou.modules.vaccination.workflow import WORK, BatchState, ExcursionState, FridgeState

RUNNING = (ExcursionState.OUT, ExcursionState.HANDLED)
Rows = Sequence[tuple[datetime, Decimal, UUID]]


@transaction.atomic
def read(fridge: Fridge, rows: Rows, *, by: Person, from_file: bool = False) -> int:
    """Write readings down (time, °C, key), those that are new; returns how many. Episodes out of range follow.

    Read at the refrigerator or out of a logger's file: the same time with the same temperature comes in once.
    """
    access.require(by, WORK, fridge)
    if fridge.state != FridgeState.IN_USE:
        raise ValidationError(__("这台设备已停用，不能登记温度。"))
    if any(at > timezone.now() for at, _celsius, _key in rows):
        raise ValidationError(__("测温时间不能晚于现在。"))
    fresh = _fresh(fridge, rows)
    made = [
        Reading(key=key, fridge=fridge, at=at, celsius=celsius, by=by, from_file=from_file)
        for at, celsius, key in fresh
    ]
    for one in made:
        one.clean_fields(exclude=["fridge", "by", "corrects"])
    Reading.objects.bulk_create(made, batch_size=500)
    if made:
        _follow(fridge, min(one.at for one in made), by=by)
    return len(made)


@transaction.atomic
def correct(reading: Reading, *, by: Person, celsius: Decimal, reason: str) -> Reading:
    """Set a reading right by another at the same time; the wrong one stays readable. Raises ValidationError."""
    fridge = reading.fridge
    access.require(by, WORK, fridge)
    if not reason.strip():
        raise ValidationError({"reason": __("请写明更正原因。")})
    if Reading.objects.filter(corrects=reading).exists():
        raise ValidationError(__("这个读数已被更正，请刷新。"))
    made = Reading(
        key=uuid4(), fridge=fridge, at=reading.at, celsius=celsius, by=by, corrects=reading, reason=reason.strip()
    )
    made.clean_fields(exclude=["fridge", "by", "corrects"])
    made.save(force_insert=True)
    _follow(fridge, made.at, by=by)
    return made


def handle(one: Excursion, *, by: Person, outcome: str, batches: Sequence[Batch] = (), note: str = "") -> Excursion:
    return _settle(one, "handle", by=by, outcome=outcome, batches=batches, note=note)


def settle(one: Excursion, *, by: Person, outcome: str, batches: Sequence[Batch] = (), note: str = "") -> Excursion:
    return _settle(one, "settle", by=by, outcome=outcome, batches=batches, note=note)


def by_readings(one: Excursion, *, by: Person, note: str = "") -> Excursion:
    raise ValidationError(__("温度是否恢复由读数决定，请登记读数。"))


def _fresh(fridge: Fridge, rows: Rows) -> Rows:
    """Neither there by key nor, as a logger repeats itself from file to file, by time and temperature."""
    keys = set(
        Reading.objects.filter(pk__in=[key for _at, _celsius, key in rows][:20_000]).values_list("pk", flat=True)
    )
    first, last = min((row[0] for row in rows), default=None), max((row[0] for row in rows), default=None)
    near = Reading.objects.filter(fridge=fridge, at__range=(first, last)) if first else Reading.objects.none()
    known = set(near.values_list("at", "celsius"))
    fresh = {(at, celsius): key for at, celsius, key in rows if key not in keys and (at, celsius) not in known}
    return [(at, celsius, key) for (at, celsius), key in fresh.items()]


def _follow(fridge: Fridge, since: datetime, *, by: Person) -> None:
    """Make the episodes on record those that the readings tell, from the last good reading before `since` on."""
    low, high = queries.limits(timezone.localtime(since).date())
    valid = queries.valid(fridge)
    before = (
        valid.filter(at__lt=since, celsius__gte=low, celsius__lte=high)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    rows = valid.filter(at__gte=before) if before else valid
    told = rules.episodes(rows.order_by("at", "key").values_list("at", "celsius"), low, high)
    kept = Excursion.objects.filter(fridge=fridge).exclude(state=ExcursionState.VOID).select_related("response", "unit")
    there = list((kept.filter(began_at__gte=before) if before else kept).order_by("began_at"))
    for episode in told:
        found = next((one for one in there if _is(one, episode)), None)
        if found:
            there.remove(found)
        _tell(fridge, found, episode, by)
    for one in there:
        steps.advance(one, "void", by=by)


def _is(one: Excursion, episode: rules.Episode) -> bool:
    """Whether what is on record is this episode. One that was over and now is not is told anew."""
    if one.ended_at and not episode.ended:
        return False
    return (one.ended_at is None or one.ended_at > episode.began) and (
        episode.ended is None or one.began_at < episode.ended
    )


def _tell(fridge: Fridge, found: Excursion | None, episode: rules.Episode, by: Person) -> None:
    """File the episode or bring what is on record up to it."""
    if found is None:
        found = Excursion(
            pk=uuid5(fridge.pk, episode.began.isoformat()), response=fridge.response, unit=fridge.unit, fridge=fridge, began_at=episode.began,
            worst=episode.worst, happened_on=timezone.localtime(episode.began).date(),
        )  # fmt: skip
        if Excursion.objects.filter(pk=found.pk).exists():  # told before and withdrawn
            found.pk = uuid4()
        found = steps.file(found, by=by, data={"celsius": str(episode.worst)})[0]
    changes: dict[str, Any] = {"began_at": episode.began, "worst": episode.worst}
    if found.ended_at:
        changes["ended_at"] = episode.ended
    steps.amend(found, by=by, **changes)
    if episode.ended and found.state in RUNNING:
        move = "back" if found.state == ExcursionState.OUT else "restore"
        minutes = int((episode.ended - episode.began).total_seconds() // 60)
        steps.advance(found, move, by=by, data={"minutes": minutes}, ended_at=episode.ended)


@transaction.atomic
def _settle(one: Excursion, move: str, *, by: Person, outcome: str, batches: Sequence[Batch], note: str) -> Excursion:
    """What was done to the vaccine. Held and discarded batches are named, and change with it."""
    kinds = Excursion.Outcome
    if outcome in {kinds.HELD, kinds.DISCARDED} and not batches:
        raise ValidationError({"batches": __("请勾选涉及的批次；没有疫苗的，请选“设备内没有疫苗”。")})
    if outcome == kinds.EMPTY and Batch.objects.filter(fridge=one.fridge_id, stock__gt=0).exists():
        raise ValidationError({"outcome": __("账上这台设备里还有疫苗，请选择怎样处置。")})
    told = __("、").join(str(batch) for batch in batches)
    data = {"outcome": source_text(kinds(outcome).label), "batches": told}
    steps.advance(one, move, by=by, note=note, data=data, outcome=outcome)
    if outcome in {kinds.HELD, kinds.DISCARDED}:
        stock.hold_all([batch for batch in batches if batch.state == BatchState.USABLE], by=by, note=note)
    if outcome == kinds.DISCARDED:
        for batch in batches:
            batch.refresh_from_db()
            stock.discard(batch, by=by, doses=batch.stock, note=note)
    return one

"""Counts of a session: tapped on a telephone or typed. Each has a key of its own, so that one sent twice counts once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.actions.batches import refuse_use
from tongzhou.modules.vaccination.actions.stock import shift
from tongzhou.modules.vaccination.models import Batch, Session, Tally
from tongzhou.modules.vaccination.models.work import Deferral, Severity
from tongzhou.modules.vaccination.workflow import WORK, BatchState, SessionState

DETAILS = {"deferred": set(Deferral.values), "adverse": set(Severity.values)}
MOST = 2000  # of one count: a slip of the finger, not a morning


@dataclass(frozen=True)
class Tap:
    kind: str
    number: int
    detail: str = ""
    slot: int | None = None
    batch: Batch | None = None
    key: UUID = field(default_factory=uuid4)


def count(session: Session, taps: Sequence[Tap], *, by: Person, reason: str = "") -> int:
    """Write down the counts that are new, all or none; returns how many. Raises OutOfStep, ValidationError, PermissionDenied.

    Doses leave the stock of their batch in the same transaction. A negative number sets an earlier one right and needs its reason.
    """
    access.require(by, WORK, session)
    try:
        with transaction.atomic():
            return _count(session, taps, by=by, reason=reason)
    except IntegrityError:  # the same taps sent twice at once: one of them counted
        if Tally.objects.filter(pk__in=[tap.key for tap in taps]).count() < len(taps):
            raise
        return 0


def _count(session: Session, taps: Sequence[Tap], *, by: Person, reason: str) -> int:
    known = {tally.pk: tally for tally in Tally.objects.filter(pk__in=[tap.key for tap in taps])}
    fresh = [tap for tap in taps if tap.number and not _same(known.get(tap.key), session, tap)]
    for tap in fresh:
        _check(session, tap, reason)
    if not fresh:
        return 0
    sums: dict[str, int] = {}
    for tap in fresh:
        name = rules.column(tap.kind, tap.detail)
        sums[name] = sums.get(name, 0) + tap.number
    guards = {f"{name}__gte": -number for name, number in sums.items() if number < 0}
    held = Session.objects.filter(pk=session.pk, state=SessionState.OPEN)
    if not held.exists():
        raise OutOfStep
    if not held.filter(**guards).update(**{name: F(name) + number for name, number in sums.items()}):
        raise ValidationError(__("更正后会小于 0，请核对原来的数字。"))
    rows = [
        Tally(key=tap.key, session=session, kind=tap.kind, detail=tap.detail, slot=tap.slot, number=tap.number, batch=tap.batch, reason=reason.strip(), by=by)
        for tap in fresh
    ]  # fmt: skip
    Tally.objects.bulk_create(rows)
    for row, tap in zip(rows, fresh, strict=True):
        _take(session, row, tap, by, reason)
    session.refresh_from_db()
    return len(fresh)


def _same(known: Tally | None, session: Session, tap: Tap) -> bool:
    """Whether this very count is there already. A key that stands for another count is refused, not taken for it."""
    if known is None:
        return False
    if (known.session_id, known.kind, known.number) != (session.pk, tap.kind, tap.number):
        raise ValidationError(__("这个编号已用于另一笔计数，请刷新后重按。"))
    return True


def _check(session: Session, tap: Tap, reason: str) -> None:
    if tap.kind not in rules.KINDS or (
        (tap.detail or tap.kind in DETAILS) and tap.detail not in DETAILS.get(tap.kind, set())
    ):
        raise ValidationError(__("请选择计数的项目。"))
    if abs(tap.number) > MOST:
        raise ValidationError(__("一次最多记 %(most)d，请核对。") % {"most": MOST})
    if tap.number < 0 and not reason.strip():
        raise ValidationError({"reason": __("减少数字请写明原因。")})
    if (tap.kind == "dose") != (tap.batch is not None):
        raise ValidationError(__("请选择接种所用的批次。"))
    if tap.batch and (tap.batch.station_id != session.station_id or tap.batch.response_id != session.response_id):
        raise ValidationError(__("这个批次不在本接种点。"))


def _take(session: Session, row: Tally, tap: Tap, by: Person, reason: str) -> None:
    """Doses out of the stock; back into it where the count is set right, whatever has become of the batch since."""
    if tap.batch is None:
        return
    day = session.happened_on
    if tap.number < 0:
        shift(tap.batch, "unused", -tap.number, by=by, day=day, reason=reason.strip(), tally=row)
        return
    if said := refuse_use(Batch.objects.select_related("station").get(pk=tap.batch.pk), day):
        raise ValidationError(said)
    shift(tap.batch, "used", tap.number, by=by, day=day, tally=row, state=BatchState.USABLE, expires_on__gte=day)

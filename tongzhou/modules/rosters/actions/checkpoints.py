"""What a checkpoint counts: how many were passed, turned back, released, referred; which bodies signed for how many. Nobody by name."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.models import Letter, Shift, Tap
from tongzhou.modules.rosters.workflow import LOG, ShiftState


def tap(shift: Shift, *, by: Person, kind: str, key: UUID, number: int = 1) -> bool:
    """One more of this kind, or one less. The same key counts once; True if this was the first time."""
    access.require(by, LOG, shift)
    if kind not in Tap.Kind.values or number not in {1, -1}:
        raise ValidationError(__("没有这种计数。"))
    try:
        with transaction.atomic():
            Tap.objects.create(pk=key, shift=shift, kind=kind, number=number, by=by)
            _add(shift, kind, number)
    except IntegrityError:  # sent again
        return False
    return True


def sign_letter(shift: Shift, *, by: Person, body: str, people: int, key: UUID) -> bool:
    """A community or an employer signed for so many: they are released, and counted as such."""
    access.require(by, LOG, shift)
    try:
        with transaction.atomic():
            Letter.objects.create(pk=key, shift=shift, body=body.strip(), people=people, by=by)
            _add(shift, Tap.Kind.RELEASED, people)
    except IntegrityError:
        return False
    return True


def hand_over(shift: Shift, *, by: Person, handover: str = "", note: str = "") -> Shift:
    """End of the shift: the counts are final, and the entry keeps them."""
    shift.refresh_from_db(fields=["checked", "vehicles", "turned_back"])
    told = handover.strip() or source_text(_("无"))
    if shift.post.is_checkpoint:
        counts = {"people": shift.checked, "vehicles": shift.vehicles, "back": shift.turned_back}
        told += source_text(_("（查验 %(people)d 人次、车辆 %(vehicles)d 辆，劝返 %(back)d 人次）")) % counts
    return steps.advance(shift, "hand_over", by=by, note=note, data={"handover": told}, handover=handover.strip())


def _add(shift: Shift, kind: str, number: int) -> None:
    """One guarded update: never below zero, never after the shift was handed over."""
    changes = {kind: F(kind) + number} | ({"checked": F("checked") + number} if kind in rules.VERDICTS else {})
    rows = Shift.objects.filter(pk=shift.pk, state=ShiftState.PLANNED, **{f"{kind}__gte": max(0, -number)})
    if not rows.update(**changes):
        raise ValidationError(__("这个班已经交班，或者没有可以减去的计数。"))

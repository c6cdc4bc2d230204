"""What a supervisor says about what does not fit."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.testing.models import Campaign, Conflict, Tube
from tongzhou.modules.testing.workflow import JUDGE

DECIDED = _("{by}处理待核记录{n}条：{decision}")


@transaction.atomic
def decide(campaign: Campaign, keys: Iterable[UUID], *, by: Person, decision: str, note: str = "") -> int:
    """Say the same of several, once each; returns how many were still open. A swab that never was leaves its tube's count."""
    access.require(by, JUDGE, campaign)
    if decision not in Conflict.Decision.values:
        raise ValidationError(__("请选择处理意见。"))
    if decision == Conflict.Decision.DISMISSED and not note.strip():
        raise ValidationError(__("不计入的，请写明原因。"))
    found = Conflict.objects.select_for_update().filter(campaign=campaign, pk__in=list(keys), decision="")
    open_ones = list(found)
    for one in open_ones:
        _weigh(one, decision)
    changed = {"decision": decision, "note": note.strip()[:200], "decided_by": by, "decided_at": timezone.now()}
    Conflict.objects.filter(pk__in=[one.pk for one in open_ones], decision="").update(**changed)
    if open_ones:
        data = {"n": len(open_ones), "decision": source_text(Conflict.Decision(decision).label)}
        steps.note(campaign, "decide", by=by, said=DECIDED, text=note, data=data)
    return len(open_ones)


def _weigh(one: Conflict, decision: str) -> None:
    """In the tube's count stand those kept aside, except what bears another's number: until it is decided either way."""
    if one.kind == Conflict.Kind.BOX:
        return
    counted = not one.stored and one.kind != Conflict.Kind.NUMBER
    kept = decision == Conflict.Decision.KEPT
    change = 0 if one.stored else int(kept) - int(counted)
    if change:
        tubes = Tube.objects.filter(campaign=one.campaign_id, code=one.tube, device_id=one.device_id)  # type: ignore[misc]  # an id may be None there, and then finds nothing
        tubes.update(people=F("people") + change)

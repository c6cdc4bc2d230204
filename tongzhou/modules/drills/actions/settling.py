"""A drill after it ended: evaluated by another person than the lead, closed when no finding is open."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.models import Drill
from tongzhou.modules.drills.workflow import UNSETTLED


@transaction.atomic
def evaluate(drill: Drill, *, by: Person, evaluation: str = "", note: str = "") -> Drill:
    """Write what was seen, and freeze the times."""
    if by.pk == drill.lead_id:
        raise ValidationError(__("演练负责人不能评估自己负责的演练，请由评估人办理。"))
    if not evaluation.strip():
        raise ValidationError({"evaluation": __("请写评估意见。")})
    found = rules.tally(drill.timings())
    data = {"met": found["met"], "missed": found["missed"], "unmeasured": found["unmeasured"]}
    return steps.advance(drill, "evaluate", by=by, note=note, data=data, evaluation=evaluation.strip(), evaluated_by=by)


@transaction.atomic
def close(drill: Drill, *, by: Person, note: str = "") -> Drill:
    """Refused while a finding is open. Nobody files another one meanwhile: both hold the drill's row."""
    Drill.objects.select_for_update().get(pk=drill.pk)
    if n := drill.findings.filter(state__in=UNSETTLED).count():
        raise ValidationError(__("还有%(n)d个问题没有销号，不能办结。") % {"n": n})
    return steps.advance(drill, "close", by=by, note=note)

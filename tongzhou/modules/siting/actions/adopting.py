"""Taking an option: its points go to the campaign, its places to the roster, and whoever runs a point is told."""

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, handoff, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.siting.models import Option, Study
from tongzhou.modules.siting.workflow import READ, OptionState

POINTS, DUTY = "points", "duty"


@transaction.atomic
def adopt(option: Option, *, by: Person, note: str = "") -> Option:
    """One option of a study is in force at a time; another takes its place, and the campaign goes on with what changes.

    The roster goes on too: its posts follow, whoever has been called there is moved by its head.
    """
    study = Study.objects.select_for_update().select_related("unit", "response").get(pk=option.study_id)
    held = study.options.filter(state=OptionState.ADOPTED).select_related("unit", "response", "study").first()
    told = source_text(option)
    if held:
        steps.advance(held, "replace", by=by, data={"option": told})
    steps.advance(study, "adopt", by=by, data={"option": told})
    base = {} if held is None or option.base_id == held.pk else {"base": held}
    steps.advance(option, "adopt", by=by, note=note, data={"points": option.points, "tables": option.tables}, **base)
    spots = option.brief().spots
    if handoff.accepted(POINTS):
        handoff.hand_over(option, POINTS, by=by)
    if handoff.accepted(DUTY):
        handoff.hand_over(option, DUTY, by=by)
    units = {spot.unit or option.unit for spot in spots}
    people = {one for unit in units for one in access.holders(READ, unit)} - {by}
    text = format_lazy(_("布点方案已采用：{option}。请按点位表准备。"), option=option)
    notices.tell(
        people,
        text,
        response=option.response,
        record=option,
        url=option.get_absolute_url(),
        once=f"adopted/{option.pk}",
    )
    return option

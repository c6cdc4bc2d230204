"""What may be counted of volunteering. An activity counts when it is over, service once another person has confirmed it.

A total that only a source gives counts as that total; an act of which it gives no number is told by name and counted nowhere.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.volunteering.models import Activity, Signup
from tongzhou.modules.volunteering.queries import COUNTED
from tongzhou.modules.volunteering.workflow import READ, ActivityState

MOST_TOLD = 8  # acts told by name
NAMES = ("activities", "person_times", "hours", "served")


def acts() -> QuerySet[Activity]:
    return Activity.objects.filter(state=ActivityState.DONE, unnumbered=True)


def activities() -> QuerySet[Activity]:
    return Activity.objects.filter(state=ActivityState.DONE, unnumbered=False)


def served() -> QuerySet[Activity]:
    return activities().filter(served__gt=0)


def service() -> QuerySet[Signup]:
    """Confirmed, also where a correction is asked for but not settled."""
    return Signup.objects.filter(state__in=COUNTED).exclude(confirmed_at=None, source="")


def timed() -> QuerySet[Signup]:
    return service().filter(minutes__gt=0)


FACTS = (
    Fact("activities", _("志愿服务活动{value}"), activities, measure="场", nouns=("activity", "activities"), label=_("志愿服务活动")),
    Fact("person_times", _("志愿者参加{value}"), service, measure="人次", label=_("志愿者参加")),
    Fact("hours", _("服务时长{value}"), timed, value="minutes", measure="小时", scale=60, places=1, label=_("服务时长")),
    Fact("served", _("服务{value}"), served, value="served", measure="人次", label=_("服务人次")),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Acts that a report tells by name, each by the unit that did it; then the figures in one sentence."""
    rows = access.visible(scope.of(acts()), by, READ).select_related("unit").prefetch_related("teams")
    told = [_act(activity) for activity in rows.order_by("happened_on", "pk")[:MOST_TOLD]]
    found = [one for name in NAMES for one in facts.nonzero(findings.get(f"volunteering.{name}", []))]
    if not found:
        return told
    said = __("，").join(one.sentence(one.token) for one in found) + __("。")
    return [*told, Sentence(said[:1].upper() + said[1:], tuple(found))]


def _act(activity: Activity) -> Sentence:
    teams = activity.team_names
    said = __("会同{teams}开展{name}") if teams else __("开展{name}")
    return Sentence(said.format(teams=teams, name=activity), who=str(activity.unit))

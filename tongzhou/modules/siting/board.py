"""A tile for the command post: the plan in force, with its line."""

from datetime import datetime

from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import Option
from tongzhou.modules.siting.workflow import READ, OptionState, StudyState

SHOWN = 2


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    if not access.reach(person, READ):
        return []
    rows = Option.objects.filter(response=response, state=OptionState.ADOPTED, study__state=StudyState.ADOPTED)
    found = access.visible(rows, person, READ).select_related("response", "study").order_by("happened_on", "pk")[:SHOWN]
    return [_tile(one) for one in found]


def _tile(option: Option) -> Tile:
    lines = [Line(__("采样台数"), option.tables), Line(__("平均步行"), __("%(n)d米") % {"n": round(option.walk or 0)})]
    if option.ends is not None:
        lines.append(Line(__("预计采完"), rules.hour(option.ends)))
    if option.results is not None:
        lines.append(Line(__("预计最后结果"), rules.hour(option.results)))
    return Tile(
        f"siting-{option.pk}",
        __("采样点 · %(study)s") % {"study": option.study},
        option.points,
        option.get_absolute_url(),
        lines=lines,
    )

"""Lines, their duty, the weeks' returns; lines known from a report."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import handoff, rulebook, steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.kernel.models import Person
from tongzhou.modules.hotline import queries, rules
from tongzhou.modules.hotline.models import Line, Return
from tongzhou.modules.hotline.workflow import LineState


def open_line(line: Line, *, by: Person, note: str = "") -> Line:
    """Not before it has what people need to know. Raises ValidationError."""
    least = rulebook.in_force("hotline", "service", timezone.localdate())["seats_least"]
    if line.seats < least:
        raise ValidationError(__("席位不得少于 %(n)d 个。") % {"n": least})
    if not line.hours or not (line.number or line.by_text):
        raise ValidationError(__("开通前请写明服务时间，以及号码或文字交谈至少一种。"))
    return steps.advance(line, "open", by=by, note=note)


def ask_duty(line: Line, *, by: Person, note: str = "") -> Line:
    """The room of rosters makes a roster of it, under the right of whoever asks."""
    made = handoff.hand_over(line, "duty", by=by)
    return steps.advance(line, "ask_duty", by=by, note=note, data={"roster": str(made)})


def file_return(made: Return, *, by: Person) -> tuple[Return, bool]:
    """Count a week that is over. Whole weeks only: two that overlap would tell what lies between."""
    made.happened_on = rules.week(made.happened_on)
    if (timezone.localdate() - made.happened_on).days < 7:
        raise ValidationError({"happened_on": __("这一周还没有结束。")})
    if made.unit_id != made.line.unit_id or made.response_id != made.line.response_id:
        raise ValidationError({"line": __("汇总须属于热线所在的单位。")})
    for name, value in _counted(made).items():
        setattr(made, name, value)
    return steps.file(made, by=by)


def recount(made: Return, *, by: Person, note: str = "") -> Return:
    return steps.advance(made, "recount", by=by, note=note, **_counted(made))


def _counted(made: Return) -> dict[str, Any]:
    least = rulebook.in_force("hotline", "service", made.happened_on)["count_least"]
    return {"least": least, **queries.count(made.line, made.happened_on, least)}


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[line]]: who gave what help to whom, in the words of the report. Loading again changes nothing."""
    for row in data.get("line", []):
        when = parse_when(row["when"])
        made = Line(
            pk=loading.key("hotline", row["key"]), response=loading.response, unit=loading.units[row["unit"]],
            state=LineState.CLOSED if row.get("closed") else LineState.OPEN, happened_on=when.day, happened_precision=when.precision,
            source=row.get("source", loading.source), name=row["name"], name_en=row.get("name_en", ""),
            person=loading.people[row["person"]] if "person" in row else None, audience=row.get("audience", ""), by_text=False,
            words=row["words"], words_en=row.get("words_en", ""),
        )  # fmt: skip
        steps.report(made, by=loading.by)
    return len(data.get("line", []))

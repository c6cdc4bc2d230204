"""A call known from a report: its requirements as the report lists them, and only the answers that it tells of by name."""

from typing import Any

from django.db import transaction

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.calls.actions.issuing import set_requirements
from tongzhou.modules.calls.models import Answer, Call, Reply
from tongzhou.modules.calls.workflow import CallState, ReplyState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[call]] with its requirements and answers. Loading again changes nothing."""
    return sum(_call(row, loading) for row in data.get("call", []))


@transaction.atomic
def _call(row: dict[str, Any], loading: Loading) -> int:
    when, mandate = parse_when(row["when"]), row.get("mandate", {})
    call = Call(
        pk=loading.key("call", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=CallState.ISSUED,
        name=row["name"], name_en=row.get("name_en", ""), preface=row.get("preface", ""),
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
        mandate_issuer=mandate.get("issuer", ""), mandate_title=mandate.get("title", ""),
        mandate_number=mandate.get("number", ""), mandate_en=mandate.get("en", ""), mandate_on=mandate.get("on"),
    )  # fmt: skip
    call, new = steps.report(call, by=loading.by)
    if not new:
        return 0
    call.addressed.set([loading.units[code] for code in row["addressed"]])
    set_requirements(call, [{**one, "asks": "\n".join(one["asks"])} for one in row["requirement"]])
    for answer in row.get("answer", []):
        _answer(call, answer, loading)
    return 1


def _answer(call: Call, row: dict[str, Any], loading: Loading) -> None:
    """An act the report states, as the answer of whoever did it to the requirement it meets."""
    person = loading.people[row["person"]] if "person" in row else None
    unit = person.unit if person and person.unit else loading.units[row["unit"]]
    given = {"response": call.response, "happened_on": call.happened_on, "happened_precision": call.happened_precision}
    who = person.pk if person else unit.pk
    reply = Reply(
        pk=loading.key("reply", call.pk, who), call=call, unit=unit, person=person, state=ReplyState.ANSWERED,
        source=call.source, **given,
    )  # fmt: skip
    reply, _new = steps.report(reply, by=loading.by)
    requirement = call.requirements.get(name=row["requirement"])
    Answer.objects.create(reply=reply, requirement=requirement, stance=Answer.Stance.DONE, text=row["text"])

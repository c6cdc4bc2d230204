"""What may be counted of calls.

Delivery, reading and answers are counted only for calls that were issued here. Of a call known from a report nobody knows
how many were reached, and those who answered by name are not all who did: such a call is told by name, without counts.
"""

from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.calls import queries
from tongzhou.modules.calls.models import Answer, Call, Reply, Requirement
from tongzhou.modules.calls.workflow import READ, CallState, ReplyState

OUT = (CallState.ISSUED, CallState.CLOSED)
MOST_TOLD = 8  # calls told one by one; the rest are in the counts
NUMBERS = "一二三四五六七八九"  # 一要…；二要…


def issued() -> QuerySet[Call]:
    return Call.objects.filter(state__in=OUT)


def requirements() -> QuerySet[Requirement]:
    return Requirement.objects.filter(call__state__in=OUT)


def units() -> QuerySet[Reply]:
    return Reply.objects.filter(person=None, source="")


def settled() -> QuerySet[Reply]:
    return units().filter(state=ReplyState.SETTLED)


def members() -> QuerySet[Reply]:
    return Reply.objects.filter(person__isnull=False, source="")


def read() -> QuerySet[Reply]:
    return members().filter(read_at__isnull=False)


def answered() -> QuerySet[Reply]:
    return members().filter(state=ReplyState.ANSWERED)


def excused() -> QuerySet[Reply]:
    return members().filter(state=ReplyState.EXCUSED)


def committed() -> QuerySet[Answer]:
    return _stance(Answer.Stance.COMMITTED)


def done() -> QuerySet[Answer]:
    return _stance(Answer.Stance.DONE)


def cannot() -> QuerySet[Answer]:
    return _stance(Answer.Stance.CANNOT)


_BY_REQUIREMENT: dict[str, Any] = {
    "value": "",
    "measure": "人",
    "via": "reply",
    "each": ("requirement__title",),
    "words": ("english",),
}

FACTS = (
    Fact("calls", _("发出倡议{value}"), issued, measure="份", nouns=("call", "calls"), label=_("发出倡议")),
    Fact(
        "requirements",
        _("提出要求{value}"),
        requirements,
        value="",
        measure="项",
        nouns=("requirement", "requirements"),
        via="call",
        label=_("提出要求"),
    ),
    Fact("units", _("覆盖基层组织{value}"), units, measure="个", nouns=("unit", "units"), label=_("覆盖基层组织")),
    Fact("members", _("覆盖社员{value}"), members, measure="人", nouns=("member", "members"), label=_("覆盖社员")),
    Fact("read", _("已读{value}"), read, measure="人"),
    Fact("answered", _("已答复{value}"), answered, measure="人"),
    Fact("excused", _("免予答复{value}"), excused, measure="人"),
    Fact("settled", _("办结基层组织{value}"), settled, measure="个", nouns=("unit", "units"), label=_("办结基层组织")),
    Fact("committed", _("承诺“{requirement__title}”{value}"), committed, **_BY_REQUIREMENT),
    Fact("done", _("已做到“{requirement__title}”{value}"), done, **_BY_REQUIREMENT),
    Fact("cannot", _("做不到“{requirement__title}”{value}"), cannot, **_BY_REQUIREMENT),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Each call with what it asked; by name who answered where only a report is known; then how far the others have come."""
    rows = access.visible(scope.of(issued()), by, READ).select_related("unit").prefetch_related("requirements")
    told: list[Sentence] = []
    for call in rows.order_by("happened_on", "pk")[:MOST_TOLD]:
        told.append(_asked(call, scope, by))
        told += _named(call, by) if call.is_reported else []
    return told + _counted(findings, "units", "members", "read", "answered", "settled") + _counted(findings, *_STANCES)


_STANCES = ("committed", "done", "cannot")


def _asked(call: Call, scope: Scope, by: Person) -> Sentence:
    listed = [_numbered(n, one) for n, one in enumerate(call.requirements.all())]
    fact = replace(next(fact for fact in FACTS if fact.name == "requirements"), room="calls")
    found = facts.nonzero(facts.one(fact, scope, by, call))
    said = __("根据{mandate}，{unit}发出“{call}”") if call.mandate else __("{unit}发出“{call}”")
    said = said.format(mandate=call.mandate, unit=call.unit, call=call)
    if found:
        said += __("，提出要求{value}：{list}").format(value=found[0].token, list=__("；").join(listed))
    return Sentence(said + __("。"), tuple(found))


def _numbered(index: int, requirement: Requirement) -> str:
    """一要… as such papers count; a list so long is not counted."""
    if index >= len(NUMBERS):
        return str(requirement)
    number = str(index + 1) if lang() == "en" else NUMBERS[index]
    return __("{number}要{requirement}").format(number=number, requirement=requirement)


def _named(call: Call, by: Person) -> list[Sentence]:
    """Who answered which requirement, as the report tells it."""
    replies = access.visible(call.replies.all(), by, READ).values("pk")
    rows = Answer.objects.filter(reply__in=replies).exclude(stance=Answer.Stance.CANNOT)
    rows = rows.select_related("requirement", "reply__unit", "reply__person")
    told = []
    for requirement, answers in groupby(rows.order_by("requirement__number", "pk"), key=lambda one: one.requirement):
        names = __("、").join(dict.fromkeys(one.reply.addressee for one in answers))
        told.append(Sentence(__("响应“{requirement}”的有：{names}。").format(requirement=requirement, names=names)))
    return told


def _counted(findings: dict[str, list[Finding]], *names: str) -> list[Sentence]:
    found = facts.nonzero([one for name in names for one in findings.get(f"calls.{name}", [])])
    return [Sentence(__("，").join(one.sentence(one.token) for one in found) + __("。"), tuple(found))] if found else []


def _stance(stance: Answer.Stance) -> QuerySet[Answer]:
    rows = queries.answers().filter(stance=stance, reply__source="", reply__state=ReplyState.ANSWERED)
    return rows.filter(reply__person__isnull=False)

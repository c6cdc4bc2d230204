"""Synthetic calls: one that everybody is asked to answer, two to parts of the organisation, and drafts; about three records in five are replies."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongzhou.kernel import ledger, module
from tongzhou.kernel.models import Entry, Person, Unit
from tongzhou.kernel.rehearsing import Given, pick, whole
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.actions.sending import reachable
from tongzhou.modules.calls.models import Answer, Call, Reply
from tongzhou.modules.calls.workflow import CallState

REQUIREMENTS = [
    {"title": "参加值守", "title_en": "Stand duty", "asks": "服从社区安排\n每周至少一班"},
    {"title": "不信谣不传谣", "title_en": "Spread no rumours", "asks": "以官方发布为准"},
    {"title": "力所能及捐赠", "title_en": "Give what you can", "asks": "款物均可", "follow_up": "pledge"},
    {
        "title": "发挥专长参加服务",
        "title_en": "Serve with what you know",
        "asks": "采样、驾驶、外语、心理",
        "follow_up": "volunteer",
    },
]
ACTS = {
    "参加值守": "完成两班值守",
    "不信谣不传谣": "已转告家人",
    "力所能及捐赠": "捐口罩一箱",
    "发挥专长参加服务": "会采样",
}
REASONS = ("居家隔离", "身在外地", "另有任务")
STANCES = {Answer.Stance.COMMITTED: 45, Answer.Stance.DONE: 45, Answer.Stance.CANNOT: 10}
GIVING = {Answer.Stance.COMMITTED: 15, Answer.Stance.DONE: 5, Answer.Stance.CANNOT: 80}
# What becomes of a reply, by whether the house could deliver it; in a unit that is to be settled nobody is left out.
REACHED = {"answer": 60, "open": 12, "excuse": 4, "restore": 2, "": 22}
UNREACHED = {"register": 40, "inform": 25, "excuse": 5, "": 30}
ACCOUNTED = {"answer": 85, "register": 10, "excuse": 5}
COMPLETE, REOPENED = 0.3, 0.15  # branches in which all are accounted for; of these, opened again
OPENED, PROMISED = 0.5, 0.6  # heads who have read; promises that are taken over
UNISSUED = {
    "draft": ("居家防护倡议", "Protect yourself at home"), "reviewed": ("春耕助农倡议", "Help with the spring ploughing"),
    "discarded": ("重复的倡议", "A call sent twice"),
}  # fmt: skip
SENT, DELIVERED = 1, 2  # versions of replies that nobody has touched


def rehearse(given: Given, n: int) -> Iterator[str]:
    everyone = max(1, round(0.6 * n / (len(given.members) + len(given.branches))))
    parts = sorted(
        {unit.parent for unit in given.branches if unit.parent and unit.parent != given.org}, key=lambda unit: unit.path
    )
    whom = [given.org] * everyone + [given.branches[-1], parts[0]]
    for number, unit in enumerate(whom):
        call = _issued(given, number, unit)
        closes = number == len(whom) - 1
        for done in _answered(given, call) if call.state == CallState.ISSUED else ():
            yield f"{number + 1}/{len(whom)} {done}"
        if call.state == CallState.ISSUED:
            _settled(given, call)
            _ended(given, call, closes)
    for _done in whole(UNISSUED, partial(_unissued, given)):
        yield f"{len(whom)}/{len(whom)}"


@transaction.atomic
def _issued(given: Given, number: int, unit: Unit) -> Call:
    """Written by the office, passed by one leader and issued by another."""
    call, new = _drafted(
        given,
        f"call-{number}",
        (f"同心抗疫倡议（{number + 1}）", f"Together against the epidemic ({number + 1})"),
        unit,
    )
    if new:
        module.perform(call, "review", by=given.posts["leader"][0])
        module.perform(call, "issue", by=given.posts["leader"][-1])
    return Call.objects.select_related("response", "unit").prefetch_related("requirements").get(pk=call.pk)


def _unissued(given: Given, state: str) -> None:
    call, new = _drafted(given, state, UNISSUED[state], given.org)
    if new and state == "reviewed":
        module.perform(call, "review", by=given.posts["leader"][0])
    if new and state == "discarded":
        module.perform(call, "discard", by=given.posts["office"][0], note="与前一份重复")


def _drafted(given: Given, key: str, names: tuple[str, str], unit: Unit) -> tuple[Call, bool]:
    chance = given.chance("call", key)
    call = Call(
        pk=given.key("call", key), response=given.response, unit=given.org, name=names[0], name_en=names[1],
        preface="本倡议由推演脚本生成。", happened_on=given.day(30 + chance.randrange(15)),
        answer_by=timezone.localdate() + timedelta(days=3 + chance.randrange(5)),
    )  # fmt: skip
    return module.file(call, by=given.posts["office"][0], lines=REQUIREMENTS, addressed=[unit])


def _answered(given: Given, call: Call) -> Iterator[str]:
    """The replies nobody has touched yet, of members and of units; those of guests are left to them."""
    rows = call.replies.select_related("unit", "person", "response").order_by("pk")
    rows = rows.exclude(person__in=given.guests)
    fresh = [reply for reply in rows if reply.version == (DELIVERED if _reached(given, reply) else SENT)]
    for reply in fresh:
        reply.call = call  # the same for all: its requirements are read once
    for done in whole(fresh, partial(_life, given)):
        yield f"{done}/{len(fresh)}"


def _life(given: Given, reply: Reply) -> None:
    chance = given.chance("reply", reply.call_id, reply.addressee, reply.pk)
    head = given.heads.get(reply.unit.code) or given.posts["office"][0]
    if reply.person is None:
        if chance.random() < OPENED and reply.unit.code in given.heads:
            module.perform(reply, "open", by=head)
        return
    reached = _reached(given, reply)
    whole_unit = _complete(given, reply.call, reply.unit)
    end = pick(chance, ACCOUNTED if whole_unit else REACHED if reached else UNREACHED)
    if end == "answer" and not reached:
        end = "register"
    _come_to(reply, end, reply.person, head, chance)
    if end in ("answer", "register") and chance.random() < PROMISED:
        _promise(reply, head)


def _reached(given: Given, reply: Reply) -> bool:
    """Whether the house delivered it when the call was issued."""
    return reachable(reply.person) if reply.person else reply.unit.code in given.heads


def _come_to(reply: Reply, end: str, person: Person, head: Person, chance: Random) -> None:
    if end == "open":
        module.perform(reply, "open", by=person)
    if end == "inform":
        module.perform(reply, "inform", by=head)
    if end == "answer":
        module.perform(reply, "answer", by=person, answers=_answers(reply.call, chance))
    if end == "register":
        module.perform(reply, "register", by=head, answers=_answers(reply.call, chance), known="电话告知")
    if end in ("excuse", "restore"):
        module.perform(reply, "excuse", by=head, note=chance.choice(REASONS))
    if end == "restore":
        module.perform(reply, "restore", by=head, note="已返回本地")


def _answers(call: Call, chance: Random) -> list[dict[str, Any]]:
    rows = []
    for one in call.requirements.all():
        stance = pick(chance, GIVING if one.follow_up else STANCES)
        rows.append({
            "requirement": one.name, "stance": stance, "text": ACTS[one.title] if stance == Answer.Stance.DONE else "",
            "reason": chance.choice(REASONS) if stance == Answer.Stance.CANNOT else "",
        })  # fmt: skip
    return rows


def _promise(reply: Reply, head: Person) -> None:
    """What was promised goes over to the room that takes it."""
    for said in (
        reply.answers.select_related("requirement")
        .exclude(stance=Answer.Stance.CANNOT)
        .exclude(requirement__follow_up="")
    ):
        actions.follow_up(reply, said.requirement.follow_up, by=head)


def _complete(given: Given, call: Call, unit: Unit) -> bool:
    """Whether everybody in this branch is accounted for. The first branch is left to those who look around."""
    first = given.branches[0].code
    return (
        unit.code in given.heads
        and unit.code != first
        and given.chance("complete", call.pk, unit.code).random() < COMPLETE
    )


@transaction.atomic
def _settled(given: Given, call: Call) -> None:
    """Branches in which all are accounted for report themselves done; some are opened again."""
    settled = Entry.objects.filter(
        table="calls.reply", move="settle", record__in=call.replies.filter(person=None).values("pk")
    )
    before = set(settled.values_list("record", flat=True))
    for reply in call.replies.filter(person=None).select_related("unit", "response", "call").order_by("unit__path"):
        if _complete(given, call, reply.unit) and reply.pk not in before:
            head = given.heads[reply.unit.code]
            module.perform(reply, "settle", by=head)
            if given.chance("reopened", reply.pk).random() < REOPENED:
                module.perform(reply, "reopen", by=head, note="有一人情况有变")


@transaction.atomic
def _ended(given: Given, call: Call, closes: bool) -> None:
    """The office reminds those who are missing, once; the last call is closed."""
    office = given.posts["office"][0]
    if not ledger.entries(call).filter(verb="chase").exists():
        actions.chase(call, by=office)
    if closes:
        module.perform(call, "close", by=office)

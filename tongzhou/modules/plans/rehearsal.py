"""Synthetic plans: one for each thing that may become of a plan, then active ones, whose tasks come to every end."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import Given, whole
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.models import Opinion, Plan, Task

# How far each of the first plans comes; the later ones are all stood down after some days in force.
ENDS = ("draft", "consulting", "consulted", "approved", "active", "stood_down", "superseded", "discarded")
SUBJECTS = (
    "社区传播处置",
    "采样点应急",
    "集中隔离转运",
    "生活物资保障",
    "医疗救治",
    "舆情应对",
    "极端天气值守",
    "重点场所防控",
)
ENGLISH = (
    "community spread", "sampling points", "transfer to quarantine", "daily supplies", "medical care", "public messages", "severe weather",
    "key places",
)  # fmt: skip
TEXT = """一、总则
（一）编制目的
为科学、有序处置{subject}事件，制定本预案。本预案由推演脚本生成。
（二）工作原则
统一指挥、分级负责，快速反应、依法处置。
二、组织指挥
指挥部统一指挥，各街道负责本辖区工作。
三、应急响应
接到启动命令后，各岗位按时限到岗，任务办结后即时报告。
四、附则
本预案自批准之日起施行。
"""
LEVELS = [
    {"rank": 2, "name": "Ⅱ级（重大）", "trigger": "出现社区传播，且传播链不清", "figure": "24小时新增感染者", "threshold": 10, "measure": "例"},
    {"rank": 3, "name": "Ⅲ级（较大）", "trigger": "出现本土病例，传播链清楚", "figure": "24小时新增感染者", "threshold": 1, "measure": "例"},
]  # fmt: skip
ORDERS = [  # name, kind, hours, what was done
    ("发出居家防护倡议", "call", 4, "倡议已起草"), ("安排卡口值守", "duty", 2, "三班已排定"), ("检查重点场所", "round", 24, "检查12处"),
    ("开设采样点", "", 2, "采样点已开设"), ("公布求助电话", "", 1, "电话已公布"), ("调运防护物资", "", 6, "物资已到位"),
]  # fmt: skip
DID, LATE, LEFT = 0.7, 0.2, 0.15  # of the tasks: done; of these, after their hour; open for whoever looks around


def rehearse(given: Given, n: int) -> Iterator[str]:
    """About one record in ten is a plan, an activation or a task."""
    count = max(len(ENDS), n // 80)
    for done in whole(range(count), partial(_life, given)):
        yield f"{done}/{count}"


def _life(given: Given, number: int) -> None:
    """One plan from the draft to its end. Every second one is the organisation's own, which may hand a call over."""
    end = ENDS[number] if number < len(ENDS) else "stood_down"
    chance, own = given.chance("plan", number), number % 2 == 0
    unit, writer = (given.org, given.posts["office"][0]) if own else (given.command, given.posts["commander"][0])
    plan = Plan(
        pk=given.key("plan", number), response=given.response, unit=unit, kind=Plan.Kind.WORK if number % 4 == 3 else Plan.Kind.CONTINGENCY,
        name=f"{SUBJECTS[number % len(SUBJECTS)]}{'工作方案' if number % 4 == 3 else '应急预案'}",
        name_en=f"Plan for {ENGLISH[number % len(ENGLISH)]}", happened_on=given.day(number * 3),
    )  # fmt: skip
    plan, new = module.file(plan, by=writer, leads=[writer])
    if not new or end == "draft":
        return
    if end == "discarded":
        module.perform(plan, "discard", by=writer, note="与另一预案合并")
        return
    _write(given, plan, writer, SUBJECTS[number % len(SUBJECTS)])
    _agree(given, plan, writer, chance, end)
    if end in ("active", "stood_down", "superseded"):
        _act(given, plan, writer, chance, end)
    if end == "superseded":
        _renew(given, plan, writer, chance)


def _write(given: Given, plan: Plan, writer: Person, subject: str) -> None:
    def part(name: str, rows: Any) -> None:
        actions.set_part(plan, name, rows, by=writer, version=plan.version)

    below = list(given.branches if plan.unit == given.org else given.streets) or [plan.unit]
    part("text", TEXT.format(subject=subject))
    part("levels", LEVELS)
    part("posts", _posts(given, plan, below))
    part("resources", [
        {"kind": "goods", "name": "防护服", "quantity": 500, "measure": "套", "place": "推演市物资站"},
        {"kind": "team", "name": "机动采样队", "quantity": 20, "measure": "人", "place": "推演市中心医院"},
        {"kind": "place", "name": "推演体育馆", "quantity": 1, "measure": "处", "place": "推演1区"},
    ])  # fmt: skip
    part("tasks", [
        {
            "rank": rank, "kind": kind, "name": name, "text": "", "unit": plan.unit if kind == "call" else below[i % len(below)],
            "person": None, "hours": Decimal(hours),
        }
        for rank, some in ((2, ORDERS), (3, ORDERS[1:4])) for i, (name, kind, hours, _did) in enumerate(some)
    ])  # fmt: skip


def _posts(given: Given, plan: Plan, below: list[Unit]) -> list[dict[str, Any]]:
    """The leader calls the duty officer, who calls one in each unit."""
    leaders, duty = given.posts["leader"], given.posts["commander"]

    def post(name: str, at: Unit, by: str, number: int, person: Person | None, deputy: Person | None) -> dict[str, Any]:
        return {
            "name": name,
            "at": at,
            "person": person,
            "deputy": deputy,
            "phone": f"1000000{number:04}",
            "called_by": by,
        }

    rest = [
        post(f"{unit.name}联络员", unit, "值班长", n, given.heads.get(unit.code), None)
        for n, unit in enumerate(below[:6], 3)
    ]
    return [
        post("总指挥", plan.unit, "", 1, leaders[0], leaders[-1]),
        post("值班长", plan.unit, "总指挥", 2, duty[0], duty[-1]),
        *rest,
    ]


def _agree(given: Given, plan: Plan, writer: Person, chance: Random, end: str) -> None:
    """Keepers and inspectors are asked; of the one still out for opinions the inspector has spoken, the others have not."""
    asked = [given.posts["inspector"][0], given.posts["leader"][-1]]
    module.perform(plan, "consult", by=writer, people=asked, day=timezone.localdate() + timedelta(days=2))
    module.perform(plan, "opine", by=asked[0], stance=Opinion.Stance.REMARKS, text="建议写明夜间值守的人数。")
    if end == "consulting":
        return
    module.perform(plan, "opine", by=asked[1], stance=Opinion.Stance.AGREE)
    module.perform(plan, "conclude", by=writer, note="意见已采纳")
    if end != "consulted":
        approver = given.posts["leader"][0] if plan.unit == given.org else given.by
        module.perform(
            plan, "approve", by=approver, number=f"推演〔{given.response.began_on.year}〕{chance.randrange(1, 90)}号"
        )


def _act(given: Given, plan: Plan, writer: Person, chance: Random, end: str) -> None:
    module.perform(plan, "activate", by=writer, rank=2, basis="指挥部会议决定", observed=12)
    # what no room takes over comes first, so that something is left to do
    tasks = list(plan.tasks.select_related("response", "unit", "person", "plan", "activation").order_by("kind", "pk"))
    for number, task in enumerate(tasks):
        _do(task, writer, chance, number)
    if end == "active":
        return
    module.perform(plan, "shift", by=writer, rank=3, basis="新增持续下降", observed=3)
    module.perform(plan, "stand_down", by=writer, note="连续14天无新增")


def _do(task: Task, by: Person, chance: Random, number: int) -> None:
    """The first is left as it is, the second waits to be confirmed, the rest are mostly done."""
    did = next(did for name, _kind, _hours, did in ORDERS if name == task.name)
    if number == 0 or task.kind == "call" or chance.random() > DID:
        return
    module.perform(task, "finish", by=by, did=did)
    if number > 1:
        module.perform(task, "confirm", by=by)


def _renew(given: Given, plan: Plan, writer: Person, chance: Random) -> None:
    new, _is_new = actions.renew(plan, by=writer)
    actions.set_part(new, "text", TEXT.format(subject="社区传播和聚集性疫情"), by=writer, version=new.version)
    _agree(given, new, writer, chance, "approved")

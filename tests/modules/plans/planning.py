"""Plans at every stage, as plain functions. Wang of the office drafts, Qian approves.

The duty officer's journey: paste the text, write levels, tasks and the call tree, consult, have it approved, activate, lower, stand down.
The consulted: find it on the to-do page, say agree, remarks or object. The leader: read what was said, approve what others wrote.
Who gets a task: find it on the phone with its hour, say what was done. Who is to call others: open their numbers, for a purpose.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Unit
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.models import Plan, Task

TEXT = "一、总则\n（一）编制目的\n为及时处置疫情，制定本预案。\n二、应急响应\n接到命令2小时内到岗。\n"
LEVELS = [
    {"rank": 2, "name": "Ⅱ级（重大）", "trigger": "出现社区传播", "figure": "24小时新增感染者", "threshold": 10, "measure": "例"},
    {"rank": 3, "name": "Ⅲ级（较大）", "trigger": "出现输入病例", "figure": "", "threshold": None, "measure": ""},
]  # fmt: skip


def draft(cast: World, unit: Unit | None = None, **fields: Any) -> Plan:
    usual = {
        "pk": uuid4(),
        "response": cast.response,
        "unit": unit or cast.units.org,
        "name": "疫情处置预案",
        "kind": "contingency",
    }
    extras = {name: fields.pop(name) for name in ("leads", "helpers", "usual") if name in fields}
    return module.file(Plan(**usual | fields), by=cast.people.wang, **extras)[0]


def write(cast: World, plan: Plan, part: str, rows: Any) -> Plan:
    return actions.set_part(plan, part, rows, by=cast.people.wang, version=plan.version)


def ordered(unit: Unit, rank: int = 2, **fields: Any) -> dict[str, Any]:
    usual = {
        "rank": rank,
        "kind": "",
        "name": "开设采样点",
        "text": "",
        "unit": unit,
        "person": None,
        "hours": Decimal(2),
    }
    return usual | fields


def written(cast: World, unit: Unit | None = None, tasks: Any = None, **fields: Any) -> Plan:
    """A draft with its text, two levels and, at level II, one task of its own unit."""
    plan = draft(cast, unit, **fields)
    write(cast, plan, "text", TEXT)
    write(cast, plan, "levels", LEVELS)
    return write(cast, plan, "tasks", [ordered(plan.unit)] if tasks is None else tasks)


def consulting(cast: World, unit: Unit | None = None, **fields: Any) -> Plan:
    plan = written(cast, unit, **fields)
    return actions.consult(plan, by=cast.people.wang, units=[plan.unit], day=timezone.localdate() + timedelta(days=3))


def consulted(cast: World, unit: Unit | None = None, **fields: Any) -> Plan:
    return actions.conclude(consulting(cast, unit, **fields), by=cast.people.wang, note="疫情紧急")


def approved(cast: World, unit: Unit | None = None, **fields: Any) -> Plan:
    return actions.approve(consulted(cast, unit, **fields), by=cast.people.qian)


def active(cast: World, unit: Unit | None = None, rank: int = 2, **fields: Any) -> Plan:
    return actions.activate(approved(cast, unit, **fields), by=cast.people.wang, rank=rank, basis="指挥部令")


def the_task(plan: Plan) -> Task:
    return plan.tasks.select_related("response", "unit", "person", "plan", "activation").get()

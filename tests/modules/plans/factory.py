"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any

from tests.modules.plans import planning
from tests.world import World
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.models import Activation, Plan, Task


def plan(cast: World, unit: Unit | None = None, marker: str = "") -> Plan:
    """The draft of a second edition, in which every part says something."""
    return actions.renew(standing(cast, unit, marker), by=cast.people.wang)[0]


def standing(cast: World, unit: Unit | None = None, marker: str = "") -> Plan:
    unit = unit or cast.units.branch1
    made = planning.draft(
        cast, unit, name=f"疫情处置预案{marker}", number=f"〔2022〕{marker}号", helpers=[cast.people.wang]
    )
    planning.write(cast, made, "text", f"一、总则{marker}\n为处置疫情{marker}。\n")
    planning.write(cast, made, "levels", [{**level, "trigger": f"出现疫情{marker}"} for level in planning.LEVELS])
    planning.write(cast, made, "posts", posts(cast, unit, marker))
    planning.write(
        cast,
        made,
        "resources",
        [{"kind": "goods", "name": f"防护服{marker}", "quantity": 20, "measure": "套", "place": f"库房{marker}"}],
    )
    planning.write(cast, made, "tasks", [planning.ordered(unit, name=f"开设采样点{marker}", text=f"按图布置{marker}")])
    actions.consult(made, by=cast.people.wang, units=[unit], day=planning.timezone.localdate())
    actions.conclude(made, by=cast.people.wang, note=f"当日办结{marker}")
    return actions.approve(made, by=cast.people.qian)


def posts(cast: World, unit: Unit, marker: str) -> list[dict[str, Any]]:
    first = {
        "name": f"组长{marker}",
        "at": unit,
        "person": cast.people.wang,
        "deputy": None,
        "phone": "13800000001",
        "called_by": "",
    }
    return [first, {**first, "name": f"组员{marker}", "phone": "", "called_by": f"组长{marker}"}]


def active(cast: World, unit: Unit | None = None, marker: str = "") -> Plan:
    return actions.activate(standing(cast, unit, marker), by=cast.people.wang, rank=2, basis=f"指挥部令{marker}")


def activation(cast: World, unit: Unit | None = None, marker: str = "") -> Activation:
    return active(cast, unit, marker).activations.select_related("response", "unit", "plan").get()


def task(cast: World, unit: Unit | None = None, marker: str = "") -> Task:
    found = planning.the_task(active(cast, unit, marker))
    return actions.finish(found, by=cast.people.wang, did=f"已开设{marker}")


MAKE: dict[type[Record], Callable[..., Record]] = {Plan: plan, Task: task, Activation: activation}


def _plan(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": plan(cast, unit).pk}


def _part(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": plan(cast, unit).pk, "part": "text"}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "plans.part": _part,
    "plans.annex": _plan,
    "plans.renew": _plan,
    "plans.compare": _plan,
    "plans.phones": _plan,
    "plans.docx": _plan,
    "plans.pdf": _plan,
}

"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.proposals import actions
from tongzhou.modules.proposals.models import Case, Item, Submission

TEXT = {
    "name": "关于为独居老人上门采样的建议", "situation": "独居老人下楼不便，社区登记了一百二十户。", "suggestions": "由街道统一排班。",
}  # fmt: skip


def item(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Item:
    """A draft of a unit as a body, as the office puts it down."""
    usual: dict[str, Any] = {
        "pk": uuid4(), "response": cast.response, "unit": unit or cast.units.branch1, "happened_on": date(2022, 3, 5), **TEXT,
    }  # fmt: skip
    made = Item(**usual | {"name": f"{TEXT['name']}{marker}"} | fields)
    return module.file(made, by=cast.people.wang)[0]


def sent(cast: World, by: Person | None = None, **fields: Any) -> Item:
    """Written by Zhao, a member without any role, and sent for review."""
    author = by or cast.people.zhao
    made = item_of(cast, author, **fields)
    module.perform(made, "send", by=author)
    return made


def item_of(cast: World, author: Person, **fields: Any) -> Item:
    usual: dict[str, Any] = {"response": cast.response, "unit": author.unit, "author": author, **TEXT}
    return module.file(Item(**usual | fields), by=author)[0]


def signed(cast: World, made: Item) -> Item:
    """On from a draft or from review to the signature: reviewed and edited by the office, signed by a leader."""
    if made.state == "draft":
        module.perform(made, "send", by=made.author or cast.people.wang)
    module.perform(made, "pass", by=cast.people.wang)
    module.perform(made, "ready", by=cast.people.wang)
    module.perform(made, "sign", by=cast.people.qian)
    return made


def submitted(cast: World, *channels: str, unit: Unit | None = None, marker: str = "", **fields: Any) -> Item:
    made = signed(cast, item(cast, unit, marker, **fields))
    module.perform(made, "submit", by=cast.people.wang, channels=list(channels) or ["cppcc-city"])
    return made


def submission(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Submission:
    return (
        submitted(cast, unit=unit, marker=marker, **fields).submissions.select_related("response", "unit", "item").get()
    )


def case(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Case:
    made = submitted(cast, unit=unit, marker=marker, kind=Item.Kind.PROPOSAL, **fields)
    return made.cases.select_related("response", "unit", "item").get()


MAKE: dict[type[Record], Callable[..., Record]] = {Item: item, Submission: submission, Case: case}


def _keyed(cast: World, unit: Unit) -> dict[str, Any]:
    return {"response": cast.response.slug, "key": item(cast, unit).pk}


def _signed(cast: World, unit: Unit) -> dict[str, Any]:
    return {"response": cast.response.slug, "key": signed(cast, item(cast, unit)).pk}


def _author(cast: World, unit: Unit) -> dict[str, Any]:
    author = cast.people.chen if unit == cast.units.branch1 else cast.people.wu
    return {"response": cast.response.slug, "key": sent(cast, author).author_id}


def _jotting(cast: World, unit: Unit) -> dict[str, Any]:
    """What Chen has not saved: nobody else's."""
    row = actions.items.jot(uuid4(), {"name": "没有写完"}, by=cast.people.chen, response=cast.response)
    return {"response": cast.response.slug, "key": row.item}


ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "proposals.rewrite": _keyed,
    "proposals.versions": _keyed,
    "proposals.paper": _signed,
    "proposals.author": _author,
    "proposals.drop": _jotting,
}

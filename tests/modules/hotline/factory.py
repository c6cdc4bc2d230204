"""One valid record, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from tests.modules.hotline.sealing import line, opened
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.hotline.models import Line, Return


def week(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Return:
    """The week of 28 February 2022 of a line of its own."""
    of = line(cast, unit, marker)
    usual = {"pk": uuid4(), "response": cast.response, "unit": of.unit, "line": of, "happened_on": date(2022, 3, 5)}
    return module.file(Return(**usual | fields), by=cast.people.wang)[0]


def _line(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": opened(cast, unit).line.pk}


def _case(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": opened(cast, unit).call().key}


def _act(cast: World, unit: Unit) -> dict[str, Any]:
    return _case(cast, unit) | {"act": "take"}


MAKE: dict[type[Record], Callable[..., Record]] = {Line: line, Return: week}
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "hotline.talk": _line,
    "hotline.voice": _case,
    "hotline.case": _case,
    "hotline.act": _act,
}

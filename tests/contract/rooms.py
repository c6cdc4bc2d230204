"""What the contract tests run over: every registered room, its desks, and a factory for each kind of record."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from tongzhou.kernel import module
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.module import Module

ROOMS = module.rooms()
DESKS = [desk for room in ROOMS for desk in room.desks]

each_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
each_desk = pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.model._meta.label_lower)


def factory(desk: Desk) -> Callable[..., Any]:
    """`make(cast, unit=None, marker="") -> record` from tests/modules/<room>/factory.py."""
    name = f"tests.modules.{desk.room.name}.factory"
    try:
        makes = import_module(name).MAKE
    except ModuleNotFoundError:
        raise AssertionError(f"Write tests/modules/{desk.room.name}/factory.py with MAKE = {{model: make}}.") from None
    assert desk.model in makes, f"tests/modules/{desk.room.name}/factory.py makes no {desk.model.__name__}."
    made: Callable[..., Any] = makes[desk.model]
    return made


def room_of(name: str) -> Module:
    return module.room(name)

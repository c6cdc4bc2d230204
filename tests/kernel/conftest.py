from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests import world
from tests.errands import room
from tests.errands.models import Errand
from tongzhou.kernel.module import Module


@pytest.fixture
def cast(db: None) -> world.World:
    return world.build()


@pytest.fixture
def errands_room() -> Iterator[Module]:
    with room.opened() as opened:
        yield opened


@pytest.fixture
def errand(cast: world.World, errands_room: Module) -> Callable[..., Errand]:
    """An errand of the first branch, not filed yet."""

    def make(**fields: Any) -> Errand:
        usual = {
            "pk": uuid4(),
            "response": cast.response,
            "unit": cast.units.branch1,
            "what": "买药",
            "happened_on": date(2022, 3, 5),
        }
        return Errand(**usual | fields)

    return make

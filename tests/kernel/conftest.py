from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel.module import Module


@pytest.fixture
def errand(cast: World, errands_room: Module) -> Callable[..., Errand]:
    """An errand of the first branch, not filed yet."""

    def make(**fields: Any) -> Errand:
        usual = {"pk": uuid4(), "response": cast.response, "unit": cast.units.branch1, "what": "买药"}
        return Errand(**usual | {"happened_on": date(2022, 3, 5)} | fields)

    return make

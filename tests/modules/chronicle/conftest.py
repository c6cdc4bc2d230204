"""The invented room beside the chronicle, so that these tests stand when other rooms change."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.errands.models import Errand, Item
from tests.world import World
from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.module import Module
from tongzhou.modules.chronicle.models import Chronicle

Make = Callable[..., Any]


@pytest.fixture
def errand(cast: World, errands_room: Module) -> Make:
    """An errand on the books: `errand(weight=30, items=[("口罩", "个", 20)])`."""

    def make(*, items: list[tuple[str, str, int]] | None = None, **fields: Any) -> Errand:
        usual = {"pk": uuid4(), "response": cast.response, "unit": cast.units.branch1, "what": "买药"}
        made, _new = steps.file(Errand(**usual | {"happened_on": date(2022, 3, 5)} | fields), by=cast.people.house)
        for name, measure, count in items or []:
            Item.objects.create(errand=made, name=name, measure=measure, count=count)
        return made

    return make


@pytest.fixture
def paper(cast: World, errands_room: Module) -> Make:
    """A draft by Wang about the whole response."""

    def make(*, by: Person | None = None, **fields: Any) -> Chronicle:
        usual = {
            "pk": uuid4(),
            "response": cast.response,
            "unit": cast.units.org,
            "kind": "chronicle",
            "heading": "抗疫纪实",
        }
        made = Chronicle(**usual | {"happened_on": date(2022, 4, 1)} | fields)
        return module.file(made, by=by or cast.people.wang)[0]

    return make


@pytest.fixture
def publish(cast: World) -> Make:
    """Submit as Wang, sign as Qian."""

    def go(chronicle: Chronicle) -> Chronicle:
        module.perform(chronicle, "submit", by=cast.people.wang)
        module.perform(chronicle, "publish", by=cast.people.qian)
        return Chronicle.objects.get(pk=chronicle.pk)

    return go

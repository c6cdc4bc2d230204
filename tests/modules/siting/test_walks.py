"""Ways that were measured: taken as given, the others along the straight line, counted and named."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.modules.siting.planned import fed, lines, study
from tests.world import World
from tongzhou.modules.siting import actions, queries
from tongzhou.modules.siting.models import Option, Outcome


def ways(n: int, metres: int) -> list[dict[str, object]]:
    """From the first buildings to the first site."""
    return [{"home": f"B{i}", "site": "P0", "metres": metres} for i in range(n)]


def test_given_ways_are_walked_and_missing_ones_estimated(cast: World, signed_in: object) -> None:
    """A fence makes the way to the first school long: nobody of those buildings goes there any more."""
    made, feng = fed(cast), cast.people.feng
    straight = queries.case_of(made)
    before = straight.ways.nearest(planned_rows(1), 6)
    actions.tables.take(made, "walks", lines(ways(4, 5000)), by=feng)
    case = queries.case_of(made)
    row = case.ways.nearest(planned_rows(1), 6)
    assert (row.site[-1], row.metres[-1]) == (0, 5000.0)
    assert sorted(row.metres[:-1].tolist()) == pytest.approx(sorted(before.metres[before.site != 0].tolist()))
    assert queries.walks_of(made) == {"given": 4, "missing": 68, "names": [f"{i}号楼" for i in range(4, 12)]}
    option = actions.planning.ask(made, by=feng, seconds=0.1)
    assert actions.planning.work(str(option.pk)) == "ready"
    shown = Outcome.objects.get(option=option).shown
    assert {unit["point"] for unit in shown["units"] if unit["key"] in ("B0", "B1", "B2", "B3")} & {"P0"} == set()
    assert sum(tour["km"] for tour in shown["tours"]) > 0.5  # vans drive by the coordinates all the same
    client: Client = signed_in(feng)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "给了 4 段步行路程；没有给的 68 段按直线乘以 1.3 估算。" in page
    assert "一段路程也没有给的 8 处：4号楼" in page
    kept = Option.objects.select_related("study", "base").get(pk=option.pk)
    moved = actions.planning.close_points(kept, [shown["points"][0]["key"]], by=feng)
    assert actions.planning.work(str(moved.pk)) in ("ready", "failed")


def planned_rows(n: int) -> object:
    import numpy as np

    return np.arange(n)


def test_ways_to_nowhere_are_refused_with_their_row(cast: World) -> None:
    feng = cast.people.feng
    with pytest.raises(ValidationError, match="请先导入居民和候选点"):
        actions.tables.take(study(cast), "walks", lines(ways(1, 10)), by=feng)
    made = fed(cast)
    rows = [*ways(1, 10), {"home": "B99", "site": "P0", "metres": 5}, *ways(1, 20)]
    with pytest.raises(ValidationError) as fault:
        actions.tables.take(made, "walks", lines(rows), by=feng)
    assert fault.value.messages == ["第4行：编号“B0 → P0”与第2行重复，请改为不同编号。"]
    with pytest.raises(ValidationError) as fault:
        actions.tables.take(made, "walks", lines(rows[:2]), by=feng)
    assert fault.value.messages == ["第3行：没有编号“B99”，请改为居民表或候选点表里的编号。"]

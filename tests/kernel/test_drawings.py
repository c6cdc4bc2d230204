"""Charts and maps: the drawing and the table say the same, and labels are only text."""

import json
from typing import Any

from django.template import Context, Template

from tests.world import World
from tongzhou.kernel import maps
from tongzhou.kernel.charts import Chart, Series
from tongzhou.kernel.models import Outline

SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[123.7, 41.3], [123.8, 41.3], [123.8, 41.4], [123.7, 41.3]]],
}


def test_a_chart_draws_and_tables_the_same_figures() -> None:
    rt = Series("Rt", [1.5, None, 0.8], low=[1.0, None, 0.5], high=[2.25, None, 1.125])
    chart = Chart(
        "传播", ["03-01", "03-02", "03-03"], [Series("病例", [1, 2, 3], "bar"), rt], unit="例", lines=[(1, "临界")]
    )
    assert chart.rows() == [("03-01", ["1", "1.5 (1–2.25)"]), ("03-02", ["2", "—"]), ("03-03", ["3", "0.8 (0.5–1.12)"])]
    data = chart.as_data()
    assert (data["x"], data["lines"], [one["values"] for one in data["series"]]) == (
        ["03-01", "03-02", "03-03"],
        [[1, "临界"]],
        [[1, 2, 3], [1.5, None, 0.8]],
    )


def test_a_label_cannot_leave_its_attribute() -> None:
    chart = Chart('"><script>alert(1)</script>', ["a"], [Series("'\"<b>", [1])])
    page = Template('{% include "desk/chart.html" %}').render(Context({"chart": chart}))
    assert ("<script>" in page, "<b>" in page) == (False, False)


def test_outlines_are_those_of_units_that_have_one(cast: World) -> None:
    Outline.objects.create(unit=cast.units.district, geometry=SQUARE)
    shapes = maps.outlines([cast.units.district, cast.units.street1])
    assert [(str(one.label), one.geometry, one.tone) for one in shapes] == [("测试区", SQUARE, "off")]
    assert (maps.at_or_above(cast.units.street1), maps.at_or_above(cast.units.branch1)) == (cast.units.district, None)
    drawn = maps.Map("图", shapes, [maps.Place(41.3, 123.7, "药店", number=1)], route=True)
    page = Template('{% include "desk/map.html" %}').render(Context({"map": drawn}))
    assert ("data-map" in page, "药店" in page) == (True, True)
    assert json.loads(json.dumps(drawn.as_data())) == drawn.as_data()
    assert Template('{% include "desk/map.html" %}').render(Context({"map": maps.Map("空")})).strip() == ""


def test_a_map_has_thin_lines_and_marks_of_different_size() -> None:
    drawn = maps.Map("图", places=[maps.Place(41.3, 123.7, "点", size=0.25)], lines=[(41.3, 123.7, 41.4, 123.8, "bad")])
    assert (drawn.as_data()["lines"], drawn.as_data()["places"][0]["size"]) == (
        [[41.3, 123.7, 41.4, 123.8, "bad"]],
        0.25,
    )
    assert "lines" not in maps.Map("图", places=[maps.Place(41.3, 123.7, "点")]).as_data()


def test_a_map_has_layers_a_legend_and_marks_that_offer_something() -> None:
    """What is not there is not in the data; a label of a legend is only text."""
    mark = maps.Place(41.3, 123.7, "一小", "good", links=[("关闭", "?point=P1")])
    layer = maps.Layer("路线", [maps.Place(41.3, 123.7, "第1站")], [(41.3, 123.7, 41.4, 123.8, "plain")])
    drawn = maps.Map("点", places=[mark], layers=[layer], legend=[("good", "<b>宽裕")])
    data = drawn.as_data()
    assert data["places"][0]["links"] == [["关闭", "?point=P1"]]
    (told,) = data["layers"]
    assert (told["name"], told["lines"], [one["label"] for one in told["places"]]) == (
        "路线", [[41.3, 123.7, 41.4, 123.8, "plain"]], ["第1站"],
    )  # fmt: skip
    plain = maps.Map("点", places=[maps.Place(1, 2, "x")]).as_data()
    assert ("layers" in plain, "links" in plain["places"][0]) == (False, False)
    page = Template('{% include "desk/map.html" %}').render(Context({"map": drawn}))
    assert ('class="mark-good"' in page, "&lt;b&gt;宽裕" in page) == (True, True)

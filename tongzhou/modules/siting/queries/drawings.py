"""The map and the charts of an option, from what was kept to be shown."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as __

from tongzhou.kernel.charts import Chart, Series
from tongzhou.kernel.maps import Layer, Line, Map, Place, Tone
from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import Option
from tongzhou.modules.siting.queries.cases import rates_of

FULL, BUSY = 1.0, 0.9  # of what a table may take as planned


def drawing(shown: dict[str, Any], address: str = "") -> Map:
    """Points sized by people and coloured by use, a thin line from each building; red where it is too far or too full. Van rounds are a layer.

    address  of the option, where its points may be closed, have fewer tables or open again; without it no mark offers that
    """
    most = max((row["persons"] for row in shown["points"]), default=0) or 1
    points = {row["key"]: row for row in shown["points"]}
    places = [
        Place(
            row["lat"], row["lon"], _label(row), _tone(row), size=None if row.get("closed") else row["persons"] / most, links=_links(row, address)
        )
        for row in shown["points"]
    ]  # fmt: skip
    places += [
        Place(lab["lat"], lab["lon"], __("%(name)s：检测线%(lanes)d条") % {"name": lab["name"], "lanes": lab["lanes"]})
        for lab in shown.get("places", ())
    ]
    moved = {move["key"] for move in shown["moves"]}
    lines: list[Line] = [
        (unit["lat"], unit["lon"], points[unit["point"]]["lat"], points[unit["point"]]["lon"], "bad" if unit["key"] in moved else "off")
        for unit in shown["units"] if unit["point"] in points and unit["persons"]
    ]  # fmt: skip
    driven = tours(shown)
    return Map(
        __("采样点和各楼栋去向"), places=places, lines=lines, layers=(driven,) if driven else (), legend=_legend(shown)
    )


def _links(row: dict[str, Any], address: str) -> list[tuple[str, str]]:
    """What a mark offers: its row in the table, and what may be changed about the point."""
    found, point = [(__("看这个点的数"), f"#point-{row['key']}")], f"?point={quote(row['key'])}"
    if not address:
        return found
    if row.get("closed"):
        return [*found, (__("重新开放这个点…"), f"{address}step/reopen/{point}")]
    fewer = [(__("这个点少几张台…"), f"{address}step/reduce/{point}")] if row["tables"] > 1 else []
    return [*found, (__("关闭这个点…"), f"{address}close/{point}"), *fewer]


def _legend(shown: dict[str, Any]) -> list[tuple[Tone, str]]:
    found: list[tuple[Tone, str]] = [
        ("good", __("宽裕")), ("wait", __("计划利用率超过九成")), ("bad", __("超员或步行超限")), ("off", __("已关闭")),
    ]  # fmt: skip
    return found + ([("plain", __("实验室"))] if shown.get("places") else [])


def _label(row: dict[str, Any]) -> str:
    if row.get("closed"):
        return __("%(name)s：已关闭") % {"name": row["name"]}
    return __("%(name)s：%(persons)d人，%(tables)d台，利用率%(use)d%%") % {
        "name": row["name"],
        "persons": row["persons"],
        "tables": row["tables"],
        "use": round(100 * row["use"]),
    }


def _tone(row: dict[str, Any]) -> Tone:
    if row.get("closed"):
        return "off"
    if row["use"] > FULL or row.get("over"):
        return "bad"
    return "wait" if row["use"] > BUSY else "good"


def queues(shown: dict[str, Any]) -> Chart | None:
    """People waiting over all points by quarter hour, with the band of nine days in ten."""
    queue = shown["queue"]
    if not queue:
        return None
    low, middle, high = queue["bands"]
    return Chart(
        __("全区排队人数"),
        _hours(queue["hours"]),
        [Series(__("排队人数"), middle, low=low, high=high)],
        __("时间"),
        __("人"),
    )


def labs(shown: dict[str, Any]) -> Chart | None:
    """Tubes under way and tubes that wait for a lane."""
    found = shown["labs"]
    if not found:
        return None
    series = [
        Series(name, found[key][1], low=found[key][0], high=found[key][2])
        for name, key in ((__("在途采样管"), "on_way"), (__("实验室待检采样管"), "waiting"))
    ]
    return Chart(__("采样管：在途与待检"), _hours(found["hours"]), series, __("时间"), __("管"))


def _hours(hours: list[float]) -> list[str]:
    return [rules.hour(hour) for hour in hours]


def frontier(options: Iterable[Option], named: Callable[[dict[str, Any]], str]) -> list[Chart]:
    """The options of a study that are plans of their own, by number of points: like with like, a line for each set of other settings, the
    best of each number. One number alone is no line; no line, no chart.

    named  a set of settings in words; none: as the study has it
    """
    lines: dict[str, dict[int, Option]] = {}
    for one in options:
        if one.walk is None or one.is_running or one.step:
            continue
        best = lines.setdefault(named({name: value for name, value in one.changes.items() if name != "points"}), {})
        if one.points not in best or one.walk < (best[one.points].walk or 0):
            best[one.points] = one
    lines = {name: best for name, best in sorted(lines.items()) if len(best) > 1}
    if not lines:
        return []
    numbers = sorted({n for best in lines.values() for n in best})
    columns: tuple[tuple[str, str, Callable[[Option], Any]], ...] = (
        (__("平均步行"), __("米"), lambda one: round(one.walk or 0)),
        (__("等候（95%的人不超过）"), __("分钟"), lambda one: one.wait),
        (__("同时在岗"), __("人"), lambda one: one.staff),
        (__("用工"), __("人时"), lambda one: round(one.staff * _open_hours(one))),
        (__("费用"), __("元"), cost_of),
    )
    return [
        Chart(
            title, [str(n) for n in numbers],
            [Series(name or __("按测算的设定"), [value(best[n]) if n in best else None for n in numbers]) for name, best in lines.items()],
            __("采样点数"), unit,
        )
        for title, unit, value in columns
    ]  # fmt: skip


def cost_of(option: Option) -> int | None:
    """Yuan by the house's own rates: staff from opening to the last swab, tubes, swabs, rounds of vans. None without a plan that is final."""
    if option.tubes is None or option.ends is None:
        return None
    rates = rates_of(option.study).values
    hours = option.staff * _open_hours(option)
    return rules.cost(rates, staff_hours=hours, tubes=option.tubes, people=option.people, rounds=option.trips)


def _open_hours(option: Option) -> float:
    """From the first swab to the last, and at least as long as the points are open: so long their staff is there."""
    opens, closes = (rules.minutes(at) / 60 for at in (option.opens, option.closes))
    return max(closes, option.ends or 0) - opens


def tours(shown: dict[str, Any]) -> Layer | None:
    """How the vans drive: their stops in the order of each round, from the laboratory and back to it."""
    points = {row["key"]: row for row in shown["points"]}
    lab = next(iter(shown.get("places", ())), None)
    lines: list[Line] = []
    places = []
    for tour in shown["tours"]:
        stops = [points[key] for key in tour["points"] if key in points]
        said = __("%(van)s 第%(n)d站：%(name)s")
        places += [
            Place(stop["lat"], stop["lon"], said % {"van": tour["van"], "n": n, "name": stop["name"]}, "plain", f"#point-{stop['key']}", n)
            for n, stop in enumerate(stops, start=1)
        ]  # fmt: skip
        way = [lab, *stops, lab] if lab else stops
        lines += [(a["lat"], a["lon"], b["lat"], b["lon"], "plain") for a, b in pairwise(way)]
    return Layer(__("转运路线"), places, lines) if places else None

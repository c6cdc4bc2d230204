"""The live board against the plan: who was to have come by now, where tables are missing, and that a reader's language is their own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel import module
from tongzhou.modules.testing import actions, queries, rules
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.board import board
from tongzhou.modules.testing.models import Campaign, Count, Device, Home, Point, Pool
from tongzhou.modules.testing.rules import Verdict

QUARTER = 900


@pytest.mark.parametrize(
    ("left", "at_work", "hours", "missing"),
    [(240, 2, 2, 0), (241, 2, 2, 1), (600, 2, 2, 3), (100, 4, 2, -3), (0, 4, 2, -4), (600, 2, 0, 0), (1, 1, 9, 0)],
)  # fmt: skip
def test_tables_are_missing_or_may_help_by_what_is_left(left: int, at_work: int, hours: float, missing: int) -> None:
    """60 an hour at each table; while anybody is awaited one stays; without time nothing is said."""
    assert rules.missing_tables(left, at_work, hours, 60) == missing


def planned(cast: World, **fields: Any) -> tuple[Campaign, Point, Point]:
    """Two points open since an hour, for an hour more; the plan calls 20 a quarter at one, 200 at the other."""
    now = timezone.now()
    begin = now - timedelta(hours=1)
    campaign = sampling.campaign(
        cast, happened_on=timezone.localdate(begin), begins_at=begin, ends_at=now + timedelta(hours=1)
    )
    calm, full = (
        sampling.point(cast, campaign, name=name, expected=n) for name, n in (("东街小学", 40), ("西街小学", 400))
    )
    midnight = datetime.combine(campaign.happened_on, datetime.min.time(), timezone.get_current_timezone())
    minute = int((now - midnight).total_seconds() // QUARTER * 15)
    for point, people in ((calm, 20), (full, 200)):
        Home.objects.create(
            campaign=campaign, point=point, area="a", key=point.name, name=point.name, people=2 * people,
            calls=[[minute - 15, people], [minute, people]],
        )  # fmt: skip
    for one in (campaign, calm, full):
        module.perform(one, "open", by=cast.people.house)
    return Campaign.objects.get(pk=campaign.pk), calm, full


def swab(cast: World, point: Point, n: int, devices: int = 1) -> None:
    first = 7001 + 10 * Device.objects.count()
    made = [sampling.device(cast, point, first + n, table=n + 1) for n in range(devices)]
    quarter = int(timezone.now().timestamp()) // QUARTER
    Count.objects.create(campaign=made[0].campaign, device=made[0], quarter=quarter, verdict=Verdict.FINE, n=n)


def test_the_board_says_who_was_called_and_where_tables_are_wanted(cast: World, signed_in: Any) -> None:
    campaign, calm, full = planned(cast)
    swab(cast, calm, 35, devices=3)
    swab(cast, full, 50)
    seen = queries.course(campaign)
    rows = {one.line.name: (one.due, one.late, one.tables) for one in seen.points}
    assert rows == {"东街小学": (20, 0, -2), "西街小学": (200, 150, 5)}
    assert sorted(seen.plan.values()) == [220, 220]
    page = signed_in(cast.people.feng).get(f"/{cast.response.slug}/testing/{campaign.pk}/live/")
    words = page.content.decode()
    assert [one in words for one in ("还需 5 台", "可支援 2 台", "应到未采", "每台每小时 60 人")] == [True] * 4
    bars, plan = page.context["chart"].series
    assert (sum(bars.values), sum(plan.values)) == (85, 440)
    bars, plan = signed_in(cast.people.feng).get(full.get_absolute_url()).context["chart"].series
    assert (sum(bars.values), sum(plan.values), len(bars.values)) == (50, 400, 2)


def test_without_a_plan_nothing_is_awaited_by_the_quarter(cast: World, signed_in: Any) -> None:
    campaign = sampling.campaign(cast)
    point = sampling.point(cast, campaign)
    module.perform(campaign, "open", by=cast.people.house)
    swab(cast, point, 3)
    seen = queries.course(Campaign.objects.get(pk=campaign.pk))
    assert [(one.due, one.late, one.tables) for one in seen.points] == [(None, None, 0)]
    page = signed_in(cast.people.feng).get(f"/{cast.response.slug}/testing/{campaign.pk}/live/")
    assert ("应到未采" in page.content.decode(), len(page.context["chart"].series)) == (False, 1)
    assert "各点排队人数不详" in page.content.decode()


def test_a_point_that_the_plan_does_not_know_has_an_unknown_queue(cast: World, signed_in: Any) -> None:
    campaign, _calm, _full = planned(cast)
    module.perform(sampling.point(cast, campaign, name="临时点"), "open", by=cast.people.house)
    rows = {one.line.name: one.late for one in queries.course(campaign).points}
    assert rows == {"东街小学": 20, "西街小学": 200, "临时点": None}
    page = signed_in(cast.people.feng).get(f"/{cast.response.slug}/testing/{campaign.pk}/live/").content.decode()
    assert (page.count(">不详<"), "各点排队人数不详" in page) == (1, False)


def test_the_board_tells_the_steps_of_pools_apart(cast: World, signed_in: Any) -> None:
    """Two reported, of which one is resampled, and one confirmed: three figures, each leading to its tubes."""
    at = sampling.session(cast)
    send(at, *[item(n, text(n, tube=f"T{n}")) for n in (1, 2, 3, 4)])
    campaign = Campaign.objects.select_related("response", "unit").get()
    module.perform(campaign, "open", by=cast.people.house)
    for n in (1, 2, 3, 4):
        actions.results.take(campaign, Line(f"T{n}", "positive", timezone.now(), "市疾控"), by=cast.people.feng)
    for tube, moves in {"T2": ["resample"], "T3": ["resample", "confirm"], "T4": ["clear"]}.items():
        for move in moves:
            pool = Pool.objects.select_related("unit", "response", "campaign").get(tube=tube)
            more = {"positives": 1} if move == "confirm" else {}
            module.perform(pool, move, by=cast.people.feng, note="纸质登记", **more)
    page = signed_in(cast.people.feng).get(f"/{cast.response.slug}/testing/{campaign.pk}/live/")
    assert [(str(step), n) for step, n in page.context["pools"]] == [
        ("reported", 1), ("resampled", 1), ("confirmed", 1), ("cleared", 1),
    ]  # fmt: skip
    assert "异常管：已复采，待结果" in page.content.decode()
    (tile,) = [one for one in board(cast.response, cast.people.feng, timezone.now()) if one.name == "pools"]
    assert [(str(line.text), line.value) for line in tile.lines][:2] == [("待复采", 1), ("已复采，待结果", 1)]


def test_the_second_reader_reads_their_own_language(cast: World, signed_in: Any) -> None:
    """Figures are kept for a second for all readers: the first of them must not choose the words of the next."""
    campaign, _calm, _full = planned(cast)
    client = signed_in(cast.people.feng)
    address = f"/{cast.response.slug}/testing/{campaign.pk}/live/"
    with translation.override("en"):
        queries.course(campaign)
    assert ">开放<" in client.get(address).content.decode()
    client.cookies["language"] = "en"
    english = client.get(address).content.decode()
    assert (">open<" in english, ">开放<" in english) == (True, False)

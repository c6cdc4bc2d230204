"""Two schools of one name: told apart from the list to the campaign, the roster, the slips and the closing of one of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, lines, ready, study
from tests.modules.testing import sampling
from tests.world import World
from tongzhou.kernel import handoff, module, sheets
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import actions, queries, rules
from tongzhou.modules.siting.models import Option, Outcome
from tongzhou.modules.testing.models import Count
from tongzhou.modules.testing.rules import Verdict
from tongzhou.planning.columns import Fault
from tongzhou.planning.naming import called
from tongzhou.planning.words import say

SignIn = Callable[[Person], Client]
SAME = [row | {"name": "实验小学"} for row in planned.SITES[:2]] + planned.SITES[2:]


def taken(option: Option, label: str) -> Any:
    return next(one for one in handoff.went_to(option) if one._meta.label == label)


def test_open_sites_of_one_name_are_adopted_counted_and_closed_apart(cast: World) -> None:
    made, feng = fed(cast, person_seconds=30), cast.people.feng
    actions.tables.take(made, "sites", lines(SAME), by=feng)
    option: Any = module.perform(ready(cast, made, 5), "adopt", by=feng)
    campaign = taken(option, "testing.Campaign")
    called = {row["key"]: row["name"] for row in option.outcome.shown["points"]}
    names = set(called.values())
    assert names >= {"实验小学（P0）", "实验小学（P1）"}
    assert {point.name for point in campaign.points.all()} == names
    assert {post.name for post in taken(option, "rosters.Roster").posts.all()} == names
    goes = {unit["key"]: unit["point"] for unit in option.outcome.shown["units"]}
    assert {home.key: home.point.name for home in campaign.homes.select_related("point")} == {
        key: called[point] for key, point in goes.items()
    }
    for one in (*campaign.points.all(), campaign):
        module.perform(one, "open", by=feng)
    device = sampling.device(cast, campaign.points.get(name="实验小学（P1）"))
    Count.objects.create(campaign=campaign, device=device, quarter=1, verdict=Verdict.FINE, n=7)
    assert queries.seen(option) == {key: 7 if key == "P1" else 0 for key in called}
    closing = actions.planning.close_points(option, ["P0"], by=feng, at="10:00")
    assert actions.planning.work(str(closing.pk)) == "ready"
    module.perform(Option.objects.get(pk=closing.pk), "adopt", by=feng)
    states = {point.name: point.state for point in campaign.points.all()}
    assert (states["实验小学（P0）"], states["实验小学（P1）"]) == ("closed", "open")


def test_an_option_kept_before_names_were_told_apart_is_adopted_all_the_same(cast: World) -> None:
    option = ready(cast, fed(cast))
    shown = option.outcome.shown
    for row in shown["points"]:
        row["name"] = "实验小学" * 15  # and as long as a roster's post takes
    Outcome.objects.filter(option=option).update(shown=shown)
    module.perform(Option.objects.get(pk=option.pk), "adopt", by=cast.people.feng)
    assert len({point.name for point in taken(option, "testing.Campaign").points.all()}) == len(shown["points"])


def test_an_import_says_which_rows_are_alike(cast: World, signed_in: SignIn) -> None:
    made, client = fed(cast), signed_in(cast.people.feng)
    book = SimpleUploadedFile("表.xlsx", sheets.write("表", queries.COLUMNS["sites"], SAME))
    address = f"/{cast.response.slug}/siting/{made.pk}/tables/"
    page = client.post(address, {"kind": "sites", "file": book}, follow=True).content.decode()
    assert "第2、3行都叫“实验小学”：用时在名称后加编号，如“实验小学（P0）”" in page


def test_what_a_campaign_has_no_room_for_is_refused_by_the_title_of_its_column(cast: World) -> None:
    long = [planned.SITES[0] | {"key": "P" * 41, "tables": -1}, planned.SITES[1] | {"name": "校" * 81}]
    with pytest.raises(ValidationError) as fault:
        actions.tables.take(study(cast), "sites", lines(long), by=cast.people.feng)
    assert fault.value.messages == [
        "第2行：“编号”最多40个字，请缩短。",
        "第2行：“可设采样台”不能小于0，请改正。",
        "第3行：“候选点”最多80个字，请缩短。",
    ]


@given(st.dictionaries(st.text("P1234567890", min_size=1, max_size=40), st.text("ab（P1）", max_size=80)))
def test_no_two_are_called_alike_as_far_as_anybody_reads(names: dict[str, str]) -> None:
    called = rules.told_apart(names)
    assert len({name[: rules.MOST_NAME] for name in called.values()}) == len(names)
    assert rules.told_apart(called) == called


def test_what_the_engine_would_not_take_is_refused_by_the_line_and_the_title(cast: World) -> None:
    made, feng = study(cast), cast.people.feng
    labs = [planned.LABS[0], planned.LABS[0] | {"key": "市医院", "opens": 50}]
    wrong = {
        "labs": (labs, "第3行：“几点开始”为50，应在0与48之间；请改正。"),
        "vans": ([{"key": "一队", "number": 0}], "第2行：“车辆数”为0，应在1与∞之间；请改正。"),
        "demand": ([planned.HOMES[0] | {"impaired": 900}], "第2行：行动不便人数多于人数，请改正。"),
    }
    for kind, (rows, words) in wrong.items():
        with pytest.raises(ValidationError) as fault:
            actions.tables.take(made, kind, lines(rows), by=feng)
        assert fault.value.messages == [words]
    fault_in_both = queries.cases.said(
        Fault("labs", 2, say("outside", column=called("opens"), value=50, least="0", most="48"))
    )
    assert fault_in_both == {
        "zh": "实验室表头下第2行：“几点开始”为50，应在0与48之间；请改正。",
        "en": "laboratories, row 2 below the heading: “Starts at” is 50; it must be between 0 and 48.",
    }

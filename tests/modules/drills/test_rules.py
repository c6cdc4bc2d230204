"""Lengths of time, timings, comparison, head counts, the order of a script, the library: without a database."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.drills import rules
from tongzhou.modules.drills.rules import Timing, library

TODAY = date(2022, 4, 1)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("10分钟", 600), ("2小时", 7200), ("1小时30分", 5400), ("20秒", 20), ("90", 5400), ("1:30", 90), ("1:00:05", 3605), ("1天", 86400),
        ("10 min", 600), ("1 h 20 min", 4800), ("45s", 45), (" 5 分 ", 300), ("12′30″", 750),
    ],
)  # fmt: skip
def test_seconds_reads_what_people_write(text: str, total: int) -> None:
    assert rules.seconds(text) == total


@pytest.mark.parametrize("text", ["", "快", "0", "0分", "-5", "1:75", "31天", "9" * 30, "１０分钟多", "5分5"])
def test_seconds_refuses_what_is_no_length(text: str) -> None:
    with pytest.raises(ValueError, match="时长"):
        rules.seconds(text)


@given(st.integers(1, rules.MOST_SECONDS), st.sampled_from(["zh-hans", "en"]))
def test_a_length_in_words_reads_back(total: int, language: str) -> None:
    with translation.override(language):
        assert rules.seconds(rules.length(total)) == total


@pytest.mark.parametrize(
    ("total", "chinese", "english"),
    [
        (0, "0秒", "0 s"),
        (20, "20秒", "20 s"),
        (600, "10分", "10 min"),
        (7200, "2小时", "2 h"),
        (4805, "1小时20分5秒", "1 h 20 min 5 s"),
    ],
)
def test_length_is_said_in_both_languages(total: int, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert rules.length(total) == chinese
    with translation.override("en"):
        assert rules.length(total) == english


@pytest.mark.parametrize(("total", "shown"), [(0, "0:00"), (59, "0:59"), (600, "10:00"), (3605, "1:00:05")])
def test_clock_shows_minutes_and_seconds(total: int, shown: str) -> None:
    assert rules.clock(total) == shown


@pytest.mark.parametrize(
    ("used", "met", "words"),
    [
        (None, None, "未测"),
        (599, True, "达标，用时9分59秒"),
        (600, True, "达标，用时10分"),
        (601, False, "超时1秒，用时10分1秒"),
    ],
)
def test_a_target_is_met_up_to_its_limit(used: int | None, met: bool | None, words: str) -> None:
    timing = Timing(used, 600)
    assert (timing.met, timing.words()) == (met, words)


@pytest.mark.parametrize(
    ("before", "used", "words"),
    [(None, 60, ""), (60, None, ""), (60, 60, "与上次持平"), (90, 60, "比上次快30秒"), (60, 180, "比上次慢2分")],
)
def test_change_says_faster_or_slower(before: int | None, used: int | None, words: str) -> None:
    assert rules.change(before, used) == words


def test_tally_counts_each_kind() -> None:
    timings = [Timing(10, 20), Timing(30, 20), Timing(None, 20), Timing(20, 20)]
    assert rules.tally(timings) == {"met": 2, "missed": 1, "unmeasured": 1}


def test_heads_reads_units_with_their_numbers() -> None:
    text = "桥头街道 12人\n市医院：3名、第3中学8人；Bridge Street 5 people\n\n"
    assert rules.heads(text) == [("桥头街道", 12), ("市医院", 3), ("第3中学", 8), ("Bridge Street", 5)]
    assert rules.heads("") == []


@pytest.mark.parametrize("line", ["桥头街道", "12人", "桥头街道 0人", "桥头街道 9999999人", "三人"])
def test_heads_names_the_line_at_fault(line: str) -> None:
    with pytest.raises(ValueError, match=f"“{line}”"):
        rules.heads(f"市医院 3人\n{line}")


NAMES = st.text("甲乙丙街道医院", min_size=1, max_size=8)


@given(st.lists(st.tuples(NAMES, st.integers(1, rules.MOST_PEOPLE)), max_size=6), st.sampled_from(["zh-hans", "en"]))
def test_heads_written_out_read_back(rows: list[tuple[str, int]], language: str) -> None:
    with translation.override(language):
        assert rules.heads(rules.heads_text(rows)) == rows


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.data())
def test_a_target_follows_its_injects_into_order(minutes: list[int], data: st.DataObject) -> None:
    """Whatever the order in which they were typed, a target still speaks of the injects it spoke of."""
    injects = [{"place": n, "minute": minute, "text": f"{n}"} for n, minute in enumerate(minutes, 1)]
    starts = data.draw(st.integers(1, len(minutes)))
    ends = data.draw(
        st.sampled_from([n for n in range(1, len(minutes) + 1) if (minutes[n - 1], n) >= (minutes[starts - 1], starts)])
    )
    made, (target,) = rules.ordered(injects, [{"name": "指标", "starts": starts, "ends": ends}])
    assert [row["minute"] for row in made] == sorted(minutes)
    assert [row["number"] for row in made] == list(range(1, len(minutes) + 1))
    assert (made[target["starts"] - 1]["text"], made[target["ends"] - 1]["text"]) == (f"{starts}", f"{ends}")


@pytest.mark.parametrize(
    ("starts", "ends", "fault"),
    [(3, None, "第 3 条注入不存在"), (None, 9, "第 9 条注入不存在"), (2, 1, "终点在起点之前")],
)
def test_a_target_that_cannot_be_measured_is_refused(starts: int | None, ends: int | None, fault: str) -> None:
    injects = [{"place": 1, "minute": 0}, {"place": 2, "minute": 5}]
    with pytest.raises(ValueError, match=fault):
        rules.ordered(injects, [{"name": "指标", "starts": starts, "ends": ends}])


@pytest.mark.parametrize(("days", "late"), [(-1, 0), (0, 0), (1, 1), (10, 10)])
def test_the_day_of_the_deadline_is_in_time(days: int, late: int) -> None:
    assert rules.overdue(TODAY - timedelta(days=days), TODAY) == late


def test_a_scenario_never_practised_is_due_now() -> None:
    assert (rules.practise_by(None, 90), rules.practise_by(TODAY, 90)) == (None, date(2022, 6, 30))


# -- the library


def test_the_library_holds_the_four_scenarios_with_their_scripts() -> None:
    found = library.scenarios(TODAY)
    assert {one.name: (len(one.injects), len(one.targets)) for one in found} == {
        "testing": (8, 5), "zone": (6, 3), "fever": (6, 4), "system": (5, 4),
    }  # fmt: skip
    assert library.scenarios(date(2020, 1, 1)) == []
    assert {one.name for one in found} == set(library.frequency(TODAY))


def test_the_limits_of_the_library_are_those_of_their_sources() -> None:
    limits = {(one.name, row["code"]): row["limit"] for one in library.scenarios(TODAY) for row in one.targets}
    assert [limits[key] for key in (("testing", "set-up"), ("testing", "open"), ("testing", "pace"), ("testing", "result"))] == [
        7200, 21600, 20, 86400,
    ]  # fmt: skip
    assert [limits[key] for key in (("system", "cloud"), ("system", "software"), ("fever", "report"))] == [
        240,
        300,
        7200,
    ]


def test_every_script_of_the_library_stands_as_it_would_be_saved() -> None:
    """In the order of its minutes, its targets speaking of injects that are there, a source for every limit, in both languages."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for one in library.scenarios(TODAY):
                injects = [
                    {"place": row["number"], **{k: v for k, v in row.items() if k != "number"}} for row in one.injects
                ]
                assert rules.ordered(injects, one.targets) == (
                    [{k: row[k] for k in ("minute", "to", "text", "expected", "number")} for row in one.injects],
                    one.targets,
                )
                assert [row["name"] for row in one.targets if not row["basis"]] == []
                assert all(
                    len(row["text"]) <= 500 and len(row["basis"]) <= 300
                    for row in [*one.injects, *one.targets]
                    for row in [{"text": "", "basis": ""} | row]
                )


def test_scenarios_are_called_in_the_readers_language() -> None:
    with translation.override("en"):
        assert str(dict(library.choices())["fever"]) == "A feverish traveller at a checkpoint"
    with translation.override("zh-hans"):
        assert str(dict(library.choices())["fever"]) == "发热旅客到达卡口"

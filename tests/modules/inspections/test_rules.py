"""Checklists by their editions, the way from place to place, deadlines and counts."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import rulebook
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.models import Place
from tongzhou.modules.inspections.rules import Cover, Point

DAY = date(2022, 3, 1)
points = st.lists(
    st.builds(
        lambda key, where: Point(key, *where),
        st.uuids(),
        st.one_of(st.just((None, None)), st.tuples(st.floats(-89, 89), st.floats(-179, 179))),
    ),
    max_size=25,
    unique_by=lambda point: point.key,
)


@pytest.mark.parametrize(
    ("day", "version", "asked"),
    [(date(2022, 3, 1), "2020-12", 12), (date(2022, 5, 8), "2020-12", 12), (date(2022, 5, 9), "2022-05", 13)],
)
def test_a_past_day_has_the_checklist_of_its_time(day: date, version: str, asked: int) -> None:
    held = rulebook.in_force("inspections", "checklists", day)
    assert (held.version, len(rules.checklist(held, "hotel"))) == (version, asked)
    assert rules.edition(version) == held


def test_before_the_first_edition_there_is_none() -> None:
    with pytest.raises(rulebook.NoRule):
        rulebook.in_force("inspections", "checklists", date(2019, 1, 1))
    with pytest.raises(rulebook.NoRule):
        rules.edition("never")


def test_codes_are_used_once_in_a_checklist_and_mean_the_same_in_every_edition() -> None:
    meanings: dict[str, set[str]] = {}
    for held in rulebook.rule("inspections", "checklists").editions:
        for kind in Place.Type.values:
            asked = rules.checklist(held, kind)
            assert [code for code, n in Counter(item.code for item in asked).items() if n > 1] == []
            assert {item.severity for item in asked} <= {"minor", "major", "grave"}
            for item in asked:
                meanings.setdefault(item.code, set()).add(item.texts[0])
    assert {code: len(texts) for code, texts in meanings.items() if len(texts) > 1} == {}


def test_the_page_of_rules_says_it_in_the_readers_words() -> None:
    rule = rulebook.rule("inspections", "checklists")
    for language, severity, source in (("zh-hans", "较重", "依据"), ("en", "major", "Drawn")):
        with translation.override(language):
            [(_word, common), *_rest] = rule.called(rule.editions[0])
            assert (severity in common[0].values(), rule.editions[0].cited()[: len(source)]) == (True, source)


def test_every_type_named_in_the_rulebook_is_a_type_of_place() -> None:
    named = {name for held in rulebook.rule("inspections", "checklists").editions for name in held.values}
    assert named - set(Place.Type.values) == {"common"}


def test_a_pharmacy_is_asked_about_its_register_and_nobody_copies_it() -> None:
    asked = rules.checklist(rules.edition("2022-05"), "pharmacy")
    assert [item.code for item in asked if item.register] == ["P01", "P02"]
    assert [item.code for item in asked if item.code.startswith("P")] == ["P01", "P02", "P03", "P04"]


@pytest.mark.parametrize(("severity", "days"), [("minor", 7), ("major", 3), ("grave", 1)])
def test_the_deadline_follows_from_the_severity(severity: str, days: int) -> None:
    assert rules.deadline(severity, DAY) == DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("reopened", "late", "persistent"), [(0, 0, False), (1, 3, False), (0, 4, True), (2, -5, True), (1, 4, True)]
)
def test_what_lasts_may_be_handed_over(reopened: int, late: int, persistent: bool) -> None:
    assert rules.is_persistent(reopened, DAY - timedelta(days=late), DAY) is persistent


@pytest.mark.parametrize(("days", "band"), [(0, 0), (3, 0), (4, 1), (7, 1), (8, 2)])
def test_ages_of_open_findings(days: int, band: int) -> None:
    assert rules.band(DAY - timedelta(days=days), DAY) == band


def test_the_route_goes_to_the_nearest_that_is_left() -> None:
    south, middle, north, nowhere = (
        Point("s", 41.0, 123.0),
        Point("m", 41.1, 123.0),
        Point("n", 41.3, 123.0),
        Point("x"),
    )
    given_in = [nowhere, south, north, middle]
    assert [p.key for p in rules.route(given_in)] == ["n", "m", "s", "x"]
    assert [p.key for p in rules.route(given_in, "m")] == ["m", "s", "n", "x"]
    assert [p.key for p in rules.route(given_in, "unknown")] == ["n", "m", "s", "x"]


@given(points)
def test_a_route_has_every_place_once_and_always_the_same(given_in: list[Point]) -> None:
    found = rules.route(given_in)
    assert Counter(p.key for p in found) == Counter(p.key for p in given_in)
    assert found == rules.route(given_in)
    known = [p for p in found if p.lat is not None]
    assert found[: len(known)] == known
    for at, here in enumerate(known[:-1]):
        nearest = min(rules.distance(here, other) for other in known[at + 1 :])
        assert rules.distance(here, known[at + 1]) == nearest


def test_distance_over_the_ground() -> None:
    assert rules.distance(Point(1, 41.0, 123.0), Point(2, 42.0, 123.0)) == pytest.approx(111.19, abs=0.01)
    assert rules.distance(Point(1, 0.0, 179.5), Point(2, 0.0, -179.5)) == pytest.approx(111.19, abs=0.01)


@given(st.lists(st.sampled_from(["inspected", "refused", "shut", ""])))
def test_coverage_adds_up(results: list[str]) -> None:
    cover = rules.cover(results)
    assert (cover.places, cover.visited + cover.left) == (len(results), len(results))
    assert (cover.percent == 100) is (cover.left == 0)
    half = len(results) // 2
    assert rules.cover(results[:half]) + rules.cover(results[half:]) == cover


def test_an_area_takes_in_what_is_below_it() -> None:
    areas = {"/c/": ["du"], "/c/d/s1/": ["ding", "du"], "/c/d/s2/": ["ke"]}
    assert rules.reaching("/c/d/s1/", areas) == ["du", "ding"]
    assert rules.reaching("/x/", areas) == []


JUNK = [
    "", "null", "[]", "{}", "1", '"x"', "{", "[" * 10_000, '{"id": 1}', '{"id": "x", "round": "x", "place": "x", "fields": {}}', "NaN", "9" * 5000,
    '{"id": "%(k)s", "round": "%(k)s", "place": "%(k)s"}', '{"id": "%(k)s", "round": "%(k)s", "place": "%(k)s", "fields": {"a": 1}}',
    '{"id": "%(k)s", "round": "%(k)s", "place": "%(k)s", "fields": {"a": ["\\ud800"]}}',
    '{"id": "%(k)s", "round": "%(k)s", "place": "%(k)s", "fields": {"a": ["\\u0000"]}}',
    '{"id": "%(k)s", "round": "%(k)s", "place": "%(k)s", "fields": {"a": NaN}}', "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("text", JUNK, ids=range(len(JUNK)))
def test_what_is_no_draft_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        rules.draft(text.replace("%(k)s", "6f1c8a3e-1111-4222-8333-444455556666"))


@given(st.text(max_size=200))
def test_no_text_makes_reading_a_draft_fail(text: str) -> None:
    with pytest.raises(ValueError):
        rules.draft(text)


def test_a_draft_is_its_keys_and_its_fields() -> None:
    key = "6f1c8a3e-1111-4222-8333-444455556666"
    draft = rules.draft(
        f'{{"id": "{key}", "round": "{key}", "place": "{key}", "fields": {{"a": ["x", "y"], "b": "z"}}}}'
    )
    assert (str(draft.key), draft.fields) == (key, {"a": ["x", "y"], "b": ["z"]})


def test_cover_of_nothing_is_whole() -> None:
    assert (Cover().percent, Cover().places) == (100, 0)

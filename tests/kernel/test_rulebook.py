"""Rules as data: what held on a day, what a house adds, and what a broken file says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from tongzhou.kernel import rulebook

SHIPPED = """
title = "隔离天数"
title_en = "Days of isolation"
[words]
days = ["天数", "days"]
[[edition]]
version = "第九版"
since = 2022-06-28
source = "联防联控机制综发〔2022〕71号"
values = { days = 7 }
[[edition]]
version = "第八版"
since = 2021-05-14
source = "联防联控机制综发〔2021〕51号"
values = { days = 14 }
"""
OWN = '[[edition]]\nversion = "本市"\nsince = 2022-06-28\nsource = "市指挥部令"\nvalues = { days = 10 }\n'


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Path]:
    """A folder of rooms with one rule, and the house's own folder beside it."""
    monkeypatch.setattr(rulebook, "ROOMS", tmp_path / "rooms")
    settings.DATA = tmp_path / "house"
    write(tmp_path / "rooms" / "quarantine" / "rulebook" / "days.toml", SHIPPED)
    rulebook.rule.cache_clear()
    yield tmp_path
    rulebook.rule.cache_clear()


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "version", "days"),
    [
        (date(2021, 5, 14), "第八版", 14),
        (date(2022, 6, 27), "第八版", 14),
        (date(2022, 6, 28), "第九版", 7),
        (date(2030, 1, 1), "第九版", 7),
    ],
)
def test_a_day_has_the_edition_that_was_in_force(rooms: Path, day: date, version: str, days: int) -> None:
    held = rulebook.in_force("quarantine", "days", day)
    assert (held.version, held["days"], held.own) == (version, days, False)


def test_before_the_first_edition_there_is_no_rule_and_the_day_is_named(rooms: Path) -> None:
    with pytest.raises(rulebook.NoRule, match="2021-05-13 尚无“隔离天数”"):
        rulebook.in_force("quarantine", "days", date(2021, 5, 13))


def test_of_two_editions_of_one_day_the_house_goes_by_its_own(rooms: Path) -> None:
    write(rooms / "house" / "rulebook" / "quarantine" / "days.toml", OWN)
    held = rulebook.in_force("quarantine", "days", date(2022, 7, 1))
    assert (held.version, held["days"], held.own) == ("本市", 10, True)
    assert rulebook.in_force("quarantine", "days", date(2022, 6, 27))["days"] == 14


def test_a_rule_and_its_values_are_called_by_name_in_both_languages(rooms: Path) -> None:
    rule = rulebook.rules()[0]
    edition = rule.on(date(2022, 7, 1))
    assert (str(rule), rule.called(edition)) == ("隔离天数", [("天数", 7)])
    with translation.override("en"):
        assert (str(rule), rule.called(edition)) == ("Days of isolation", [("days", 7)])


@pytest.mark.parametrize("text", ["title =", '[[edition]]\nversion = "x"\nsince = 2022-01-01\nsource = "y"\n'])
def test_a_file_that_cannot_be_read_is_named(rooms: Path, text: str) -> None:
    write(rooms / "house" / "rulebook" / "quarantine" / "days.toml", text)
    with pytest.raises(ImproperlyConfigured, match=r"days\.toml"):
        rulebook.rule("quarantine", "days")

"""A code at a door holds while it is on show and a moment longer, for that door and that purpose alone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from tongzhou.kernel import codes
from tongzhou.kernel.models import Unit

DOOR, OTHER = Unit(pk=UUID(int=1), code="a", name="甲"), Unit(pk=UUID(int=2), code="b", name="乙")
NOW = datetime(2022, 3, 5, 8, 0, 0, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("later", "taken"), [(0, True), (29, True), (30, True), (89, True), (90, False), (3600, False), (-31, False)]
)
def test_a_code_is_taken_while_on_show_and_for_two_steps_more(later: int, taken: bool) -> None:
    code = codes.at_door(DOOR, "sign-in", NOW)
    assert codes.holds(DOOR, "sign-in", code, NOW + timedelta(seconds=later)) is taken


def test_a_code_is_of_one_door_and_one_purpose() -> None:
    code = codes.at_door(DOOR, "sign-in", NOW)
    assert [codes.holds(OTHER, "sign-in", code, NOW), codes.holds(DOOR, "sign-out", code, NOW)] == [False, False]
    assert not codes.holds(DOOR, "sign-in", "", NOW)
    assert not codes.holds(DOOR, "sign-in", "签到", NOW)


def test_a_drawn_code_keeps_to_the_policy_of_the_page() -> None:
    drawn = codes.drawn("https://tongzhou.example/jiangcheng/meetings/?code=abc")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn

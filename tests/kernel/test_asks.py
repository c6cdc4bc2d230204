"""A deadline is a day, whose last minute is still good, or a moment, where hours count."""

from datetime import date, timedelta

from django.utils import timezone

from tests.errands.models import Errand
from tongzhou.kernel import asks


def item(due: date | None) -> asks.Item:
    errand = Errand()
    errand.due_on = due
    ask = asks.Ask("run", "跑腿", Errand.objects.all, due="due_on", url=lambda _errand: "/")
    return asks._item(ask, errand, timezone.localdate())


def test_a_day_is_overdue_when_it_is_over() -> None:
    today = timezone.localdate()
    assert [item(today + timedelta(days=n)).overdue for n in (-1, 0, 1)] == [True, False, False]
    assert item(today).until == str(today)


def test_a_moment_is_overdue_when_it_is_past_and_is_told_with_its_hour() -> None:
    now = timezone.now()
    assert [item(now + timedelta(minutes=n)).overdue for n in (-1, 1)] == [True, False]
    assert item(now).until == f"{timezone.localtime(now):%Y-%m-%d %H:%M}"


def test_no_deadline_is_never_overdue() -> None:
    assert (item(None).overdue, item(None).until) == (False, "")

"""The reporting clock: what is due now, ticked off in time or late, told before it is too late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from tests.modules.situation.outbreak import found
from tests.world import World
from tongzhou.kernel import alarms, asks, ledger, module, steps
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.situation.models import Event, Telling

SignIn = Callable[[Person], Client]
AT = datetime(2022, 3, 5, 1, 30, tzinfo=UTC)  # 09:30 in the house's time zone
MINUTE = timedelta(minutes=1)


def told(event: Event, minutes: int, by: Person, note: str = "") -> Event:
    return module.perform(event, "tell", by=by, done_at=AT + minutes * MINUTE, note=note)


def test_clock_starts_when_it_was_found(cast: World) -> None:
    event = found(cast, AT)
    assert (event.edition, event.due_at, event.next_step) == (
        "2003-05",
        AT + timedelta(hours=2),
        "县级卫生行政主管部门",
    )
    assert ledger.sentence(ledger.entries(event)[0]) == "冯指挥登记突发事件，首次报告时限2022-03-05 11:30"


def test_each_step_starts_the_next_one(cast: World) -> None:
    event = found(cast, AT)
    told(event, 40, cast.people.feng)
    assert (event.due_at, event.next_step) == (AT + 160 * MINUTE, "本级人民政府")
    told(event, 170, cast.people.feng, note="电话占线")
    assert list(Telling.objects.values_list("number", "due_at", "done_at")) == [
        (1, AT + 120 * MINUTE, AT + 40 * MINUTE), (2, AT + 160 * MINUTE, AT + 170 * MINUTE),
    ]  # fmt: skip
    assert [one.late for one in event.tellings.all()] == [False, True]
    entry = ledger.entries(event).last()
    assert entry is not None
    assert ledger.sentence(entry) == "冯指挥登记第2步已报告：2022-03-05 12:20，超时"
    with translation.override("en"):
        assert ledger.sentence(entry) == "冯指挥 ticked off step 2: 2022-03-05 12:20, late"


def test_a_late_report_needs_its_reason_and_times_run_forward(cast: World) -> None:
    event = found(cast, AT)
    with pytest.raises(ValidationError, match="已超过时限 2022-03-05 11:30，请写明原因"):
        told(event, 121, cast.people.feng)
    with pytest.raises(ValidationError, match="应在上一步"):
        told(event, -1, cast.people.feng)
    with pytest.raises(ValidationError, match="应在上一步"):
        module.perform(event, "tell", by=cast.people.feng, done_at=timezone.now() + MINUTE)
    assert Telling.objects.count() == 0


def test_the_last_report_finishes_it(cast: World) -> None:
    event = found(cast, AT)
    for step in range(1, 6):
        told(event, 10 * step, cast.people.feng)
    kept = Event.objects.get()
    assert (kept.state, kept.deadline, kept.next_step, kept.tellings.count()) == ("done", None, "", 5)
    with pytest.raises(steps.OutOfStep):
        told(kept, 60, cast.people.feng)
    assert list(ledger.broken()) == []


def test_two_who_tick_the_same_step_make_one(cast: World) -> None:
    found(cast, AT)
    first, second = Event.objects.get(), Event.objects.get()
    told(first, 10, cast.people.feng)
    with pytest.raises(steps.OutOfStep):
        told(second, 12, cast.people.feng)
    assert Telling.objects.count() == 1


def test_it_may_end_before_the_top_with_a_reason(cast: World) -> None:
    event = found(cast, AT)
    with pytest.raises(ValidationError, match="请写明原因"):
        module.perform(event, "finish", by=cast.people.feng)
    module.perform(event, "finish", by=cast.people.feng, note="未达上报标准")
    other = found(cast, AT)
    module.perform(other, "void", by=cast.people.feng, note="复核为感冒")
    assert [(one.state, one.deadline) for one in Event.objects.order_by("filed_at")] == [("done", None), ("void", None)]


def test_finding_is_not_ahead_and_not_before_the_rule(cast: World) -> None:
    with pytest.raises(ValidationError, match="不能晚于现在"):
        found(cast, timezone.now() + MINUTE)
    with pytest.raises(ValidationError, match="尚无“突发事件报告时限”"):
        found(cast, datetime(2003, 5, 8, tzinfo=UTC))


def test_what_is_due_is_asked_of_those_who_report(cast: World) -> None:
    found(cast, timezone.now() - 30 * MINUTE)

    def asked(who: Person) -> list[str]:
        rows = asks.awaiting(Person.objects.get(pk=who.pk), timezone.localdate())
        return [one.ask.name for one in rows if one.room.name == "situation"]

    assert asked(cast.people.feng) == ["to_report"]
    assert asked(cast.people.li) == []


def test_alarm_half_an_hour_before_and_once_when_late(cast: World) -> None:
    event = found(cast, AT)

    def sounds(minutes: int) -> list[str]:
        before = set(Notice.objects.values_list("pk", flat=True))
        alarms.sound(AT + minutes * MINUTE)
        return [one.text for one in Notice.objects.exclude(pk__in=before).order_by("pk")]

    assert sounds(89) == []
    assert sounds(90) == ["“学校聚集性发热”须在11:30前报告下一级，请按时报告并登记。"]
    assert sounds(100) == []
    assert sounds(121) == ["“学校聚集性发热”的报告已超过时限（11:30），请立即报告并登记。"]
    assert sounds(300) == []
    assert {one.person for one in Notice.objects.all()} == {cast.people.feng}
    told(event, 130, cast.people.feng, note="占线")
    assert sounds(219) == []
    assert len(sounds(225)) == 1


def test_page_shows_what_is_to_be_reported_now(cast: World, signed_in: SignIn) -> None:
    event = found(cast, timezone.now() - 30 * MINUTE)
    client = signed_in(cast.people.feng)
    page = client.get(event.get_absolute_url())
    assert [(one["number"], one["current"], one["overdue"]) for one in page.context["steps"]][:2] == [
        (1, True, False),
        (2, False, False),
    ]
    sent = {"done_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "note": "县卫健局值班室接报"}
    assert client.post(f"{event.get_absolute_url()}moves/tell/", sent).status_code == 302
    page = client.get(event.get_absolute_url())
    assert [one["current"] for one in page.context["steps"]][:2] == [False, True]
    assert "县卫健局值班室接报" in page.content.decode()


def test_an_incident_is_entered_on_one_page(cast: World, signed_in: SignIn) -> None:
    at = timezone.localtime() - 10 * MINUTE
    sent = {"unit": cast.units.street1.pk, "name": "养老院发热", "found_at": at.strftime("%Y-%m-%dT%H:%M")}
    assert signed_in(cast.people.feng).post("/test-2022/situation/events/new/", sent).status_code == 302
    event = Event.objects.get()
    assert (event.happened_on, event.state) == (at.date(), "open")

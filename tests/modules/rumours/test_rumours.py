"""A rumour from report to answer: who may do what, what is published, who is told, what is never told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone, translation

from tests.modules.rumours.factory import rumour
from tests.world import World
from tongzhou.kernel import alarms, asks, facts, ledger, module, steps
from tongzhou.kernel.models import Notice, Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.rumours import rules
from tongzhou.modules.rumours.facts import tell
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.workflow import State

SignIn = Callable[[Person], Client]
FALSE: dict[str, Any] = {
    "verdict": "false",
    "against": "市卫健委通报",
    "answer": "超市照常营业。",
    "answer_en": "Shops stay open.",
}


def judged(cast: World, **changes: Any) -> Rumour:
    made = rumour(cast)
    module.perform(made, "take", by=cast.people.wang)
    module.perform(made, "judge", by=cast.people.wang, **FALSE | changes)
    return made


def published(cast: World, **changes: Any) -> Rumour:
    made = judged(cast, **changes)
    module.perform(made, "publish", by=cast.people.qian)
    return made


def test_a_member_reports_from_a_telephone_and_sending_twice_files_once(cast: World, signed_in: SignIn) -> None:
    client, key = signed_in(cast.people.zhao), str(uuid4())
    sent = {"key": key, "said": "三街坊要封控", "where": "group", "spread": "many"}
    for _time in range(2):
        assert client.post("/test-2022/rumours/report/", sent).status_code == 302
    found = Rumour.objects.get()
    assert (str(found.pk), found.unit, found.filed_by, found.state) == (
        key,
        cast.units.branch1,
        cast.people.zhao,
        State.REPORTED,
    )
    assert {notice.person.name for notice in Notice.objects.all()} == {"王保管"}
    page = client.get(found.get_absolute_url()).content.decode()
    assert ("三街坊要封控" in page, "经过" in page) == (True, False)
    assert client.post("/test-2022/rumours/report/", {"said": ""}).status_code == 422


def test_a_member_reports_for_no_other_unit_and_in_no_other_response(cast: World) -> None:
    for fields in ({"unit": cast.units.branch3}, {"response": cast.other_response}):
        given = {"response": cast.response, "unit": cast.units.branch1, "said": "x"} | fields
        with pytest.raises(PermissionDenied):
            module.file(Rumour(**given), by=cast.people.zhao)


def test_who_judged_does_not_publish(cast: World) -> None:
    made = rumour(cast)
    module.perform(made, "take", by=cast.people.house)
    module.perform(made, "judge", by=cast.people.house, **FALSE)
    with pytest.raises(ValidationError, match="不能自己发布"):
        module.perform(made, "publish", by=cast.people.house)
    assert (Rumour.objects.get().state, Rumour.objects.get().answers.count()) == (State.JUDGED, 0)
    with pytest.raises(PermissionDenied):
        module.perform(made, "publish", by=cast.people.wang)


def test_the_answer_goes_to_the_units_addressed_and_to_whoever_reported_it_or_the_same(cast: World) -> None:
    units = cast.units
    made = judged(cast, addressed=[units.branch1])
    same = rumour(cast, units.branch3, said="听说超市明天停业")
    Rumour.objects.filter(pk=same.pk).update(filed_by=cast.people.wu)
    module.perform(same, "merge", by=cast.people.wang, other=made)
    Notice.objects.all().delete()
    module.perform(made, "publish", by=cast.people.qian)
    assert {notice.person.name for notice in Notice.objects.all()} == {"孙支社", "赵社员", "陈社员", "王保管", "吴三社"}
    assert ledger.sentence(ledger.entries(made).last()) == "钱签发公开回应，告知5人"


def test_the_public_page_shows_answer_basis_and_time_and_names_nobody(cast: World, signed_in: SignIn) -> None:
    made = published(cast)
    Rumour.objects.filter(pk=made.pk).update(filed_at=made.published_at - timedelta(hours=2, minutes=5))
    rumour(cast, said="尚未回应的传言")
    page = Client().get("/test-2022/rumours/public/").content.decode()
    assert [word in page for word in ("超市明天停业", "不实", "超市照常营业。", "市卫健委通报", "3 小时")] == [True] * 5
    assert [word for word in ("王保管", "钱签发", "尚未回应") if word in page] == []
    english = Client().get("/test-2022/rumours/public/", headers={"Accept-Language": "en"}).content.decode()
    assert ("Shops stay open." in english, "超市照常营业" in english) == (True, False)


def test_a_correction_leaves_the_earlier_answer_in_sight(cast: World) -> None:
    made = published(cast)
    first = made.published_at
    with pytest.raises(ValidationError):
        module.perform(made, "correct", by=cast.people.wang)
    module.perform(made, "correct", by=cast.people.wang, note="通报有补充")
    assert "超市照常营业。" in Client().get("/test-2022/rumours/public/").content.decode()
    module.perform(
        made, "judge", by=cast.people.wang, **FALSE | {"verdict": "partly", "answer": "两家停业，其余照常。"}
    )
    module.perform(made, "publish", by=cast.people.qian)
    page = Client().get("/test-2022/rumours/public/").content.decode()
    assert page.index("两家停业") < page.index("已被更正") < page.index("超市照常营业。")
    assert (made.published_at, [one.number for one in made.answers.all()]) == (first, [2, 1])


def test_published_everyone_in_the_response_may_read_it_without_the_history(cast: World, signed_in: SignIn) -> None:
    made = published(cast)
    assert signed_in(cast.people.outsider).get(made.get_absolute_url()).status_code == 404
    page = signed_in(cast.people.chen).get(made.get_absolute_url()).content.decode()
    assert ("超市照常营业。" in page, "王保管" in page) == (True, False)


@pytest.mark.parametrize("other", ["self", "merged"])
def test_a_rumour_is_not_merged_into_itself_or_into_one_that_is_gone(cast: World, other: str) -> None:
    made, gone, kept = rumour(cast), rumour(cast), rumour(cast)
    module.perform(gone, "merge", by=cast.people.wang, other=kept)
    with pytest.raises(ValidationError):
        module.perform(made, "merge", by=cast.people.wang, other=made if other == "self" else gone)


def test_the_time_to_answer_is_a_rule_and_an_alarm_goes_before_it_is_up(cast: World) -> None:
    made = rumour(cast)
    filed = timezone.make_aware(datetime(2022, 3, 5, 8))
    Rumour.objects.update(filed_at=filed)
    Notice.objects.all().delete()
    assert rules.due(filed) == filed + timedelta(hours=24)
    assert [alarms.sound(filed + timedelta(hours=hours)) for hours in (19, 21, 22)] == [0, 1, 0]
    found = asks.awaiting(cast.people.wang, filed.date() + timedelta(days=2))
    assert [
        (one.ask.name, one.items[0].record, one.items[0].overdue) for one in found if one.room.name == "rumours"
    ] == [("to_check", made, True)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("超市明天停业", "听说超市明天停业", True), ("超市明天停业", "明天超市要停业了", True), ("超市明天停业", "核酸检测要收费了", False),
        ("The shops close tomorrow", "shops close tomorrow!", True), ("", "超市", False), ("停", "停", False),
    ],
)  # fmt: skip
def test_likeness_finds_the_same_rumour_in_other_words(one: str, other: str, same: bool) -> None:
    assert (rules.alike(one, [("x", other)]) == ["x"]) is same
    assert rules.likeness(one, other) == rules.likeness(other, one)


def test_rumours_are_told_in_one_sentence_in_both_languages(cast: World) -> None:
    published(cast)
    rumour(cast)
    scope, wang = Scope(cast.response), cast.people.wang
    found = facts.gather(scope, wang, [module.room("rumours")])
    assert [one.words() for one in tell(scope, wang, found)] == [
        "收到传言报告2条，公开回应1条，24小时内回应1条，其中不实或部分不实1条。"
    ]
    with translation.override("en"):
        told = [one.words() for one in tell(scope, wang, found)]
    assert told == [
        "reported: 2 rumours, answered in public: 1 rumour, within 24 hours: 1 rumour, of them untrue or partly untrue: 1 rumour."
    ]


def test_a_report_that_moved_on_is_out_of_step(cast: World) -> None:
    made = rumour(cast)
    stale = Rumour.objects.get(pk=made.pk)
    module.perform(made, "take", by=cast.people.wang)
    with pytest.raises(steps.OutOfStep):
        module.perform(stale, "dismiss", by=cast.people.wang, note="重复")

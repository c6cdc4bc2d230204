"""An item from the draft to a leader's note: who may do what, what is kept of the wording, who is told, what it scores."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from docx import Document

from tests.modules.proposals.factory import TEXT, item, item_of, sent, signed, submitted
from tests.world import World
from tongzhou.kernel import asks, ledger, module, steps
from tongzhou.kernel.dates import show
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.proposals import actions, queries
from tongzhou.modules.proposals.models import Item, Jotting, Submission
from tongzhou.modules.proposals.workflow import ItemState

SignIn = Callable[[Person], Client]
ROOM = "/test-2022/proposals/"
WRITTEN = {"kind": "opinion", **TEXT}


def awaiting(person: Person) -> list[str]:
    return [one.ask.name for one in asks.awaiting(person, timezone.localdate()) if one.room.name == "proposals"]


def one_submission(made: Item) -> Submission:
    return made.submissions.select_related("item", "response", "unit").get()


def test_a_member_writes_and_sends_in_one_step_and_sending_twice_files_once(cast: World, signed_in: SignIn) -> None:
    client, key = signed_in(cast.people.zhao), str(uuid4())
    first = client.post(f"{ROOM}write/", {**WRITTEN, "key": key, "send": "1"})
    made = Item.objects.get()
    assert (first.status_code, first["Location"]) == (302, made.get_absolute_url())
    assert (str(made.pk), made.author, made.unit, made.state) == (key, cast.people.zhao, cast.units.branch1, "review")
    client.post(f"{ROOM}write/", {**WRITTEN, "key": key, "send": "1"})
    assert (Item.objects.count(), made.versions.count()) == (1, 1)
    assert {notice.person.name for notice in Notice.objects.all()} == {"孙支社", "王保管", "钱签发"}


def test_an_opinion_item_that_is_too_long_stays_a_draft_and_a_proposal_may_be_long(
    cast: World, signed_in: SignIn
) -> None:
    long = {"situation": "情" * 1490, "suggestions": "建" * 11}
    client = signed_in(cast.people.zhao)
    refused = client.post(f"{ROOM}write/", {**WRITTEN, **long, "send": "1", "key": str(uuid4())})
    assert (refused.status_code, "正文1501字，超过1500字" in refused.content.decode()) == (422, True)
    assert Item.objects.count() == 0
    client.post(f"{ROOM}write/", {**WRITTEN, **long, "key": str(uuid4())})
    assert Item.objects.get().state == ItemState.DRAFT
    client.post(f"{ROOM}write/", {**WRITTEN, **long, "kind": "proposal", "send": "1", "key": str(uuid4())})
    assert Item.objects.get(kind="proposal").state == ItemState.REVIEW


def test_the_whole_way_to_a_leaders_note_and_its_points(cast: World) -> None:
    zhao, wang = cast.people.zhao, cast.people.wang
    made = sent(cast)
    assert (awaiting(cast.people.sun), awaiting(zhao)) == (["to_review"], [])
    module.perform(made, "pass", by=cast.people.sun)
    assert awaiting(wang) == ["to_edit"]
    module.amend(made, by=wang, version=made.version, changes={"suggestions": "由社区统一排班。"})
    module.perform(made, "ready", by=wang)
    assert awaiting(cast.people.qian) == ["to_sign"]
    module.perform(made, "sign", by=cast.people.qian)
    module.perform(made, "submit", by=wang, channels=["own-bulletin", "cppcc-city"])
    own, city = made.submissions.select_related("item").order_by("level")[::-1]
    assert (own.channel, own.level, city.level) == ("own-bulletin", "own", "city")
    today = timezone.localdate()
    module.perform(city, "receive", by=wang)
    module.perform(city, "adopt", by=wang, how="alone", on=today, told="第8期")
    module.perform(city, "note", by=wang, level="province", on=today, told="副省长：请研究。")
    module.perform(own, "adopt", by=wang, how="merged", on=today)
    (score,) = queries.by_author(queries.lives(Item.objects.all(), today, today))
    assert (score.who, score.submitted, score.adopted, score.notes, score.points_shown) == (zhao, 1, 1, 1, "25.5")
    assert [(one.number, one.by) for one in made.versions.all()] == [(1, zhao), (2, wang)]
    told = [str(notice.text) for notice in Notice.objects.filter(person=zhao).order_by("pk")]
    assert sorted(told) == sorted([
        f"您的建言已报送：{made}", f"您的建言有了结果（单篇采用）：{made}", f"您的建言有了结果（综合采用）：{made}", f"您的建言有了结果（领导批示）：{made}",
    ])  # fmt: skip
    assert list(ledger.broken()) == []


def test_points_are_shared_by_coauthors_and_counted_by_unit_against_the_quota(cast: World) -> None:
    made = item(cast, author=cast.people.zhao)
    actions.items.amend(
        made, by=cast.people.wang, version=made.version, changes={}, coauthors=[cast.people.chen, cast.people.zhao]
    )
    signed(cast, made)
    module.perform(made, "submit", by=cast.people.wang, channels=["cppcc-city"])
    today = timezone.localdate()
    module.perform(one_submission(made), "adopt", by=cast.people.wang, how="alone", on=today)
    found = queries.lives(Item.objects.all(), today, today)
    assert {one.who: one.points_shown for one in queries.by_author(found)} == {
        cast.people.zhao: "2.5",
        cast.people.chen: "2.5",
    }
    units = [cast.units.branch1, cast.units.branch3]
    rows = [
        (one.who, one.submitted, one.quota, one.is_short, one.points_shown)
        for one in queries.by_unit(found, units, today)
    ]
    assert rows == [(cast.units.branch1, 1, 2, True, "5"), (cast.units.branch3, 0, 2, True, "0")]


def test_who_wrote_or_edited_does_not_sign_and_an_author_does_not_review(cast: World) -> None:
    cast.people.wang.grants.create(unit=cast.units.org, role="leader", since="2022-01-01")
    wang = Person.objects.get(pk=cast.people.wang.pk)
    made = item(cast)
    module.perform(made, "send", by=wang)
    module.perform(made, "pass", by=wang)
    module.perform(made, "ready", by=wang)
    with pytest.raises(ValidationError, match="起草、修改过"):
        module.perform(made, "sign", by=wang)
    own = item_of(cast, wang)
    module.perform(own, "send", by=wang)
    with pytest.raises(ValidationError, match="不能审阅自己的建言"):
        module.perform(own, "pass", by=wang)


def test_a_secretary_does_not_edit_what_the_office_edits(cast: World) -> None:
    made = sent(cast)
    module.perform(made, "pass", by=cast.people.sun)
    with pytest.raises(PermissionDenied):
        module.amend(made, by=cast.people.sun, version=made.version, changes={"name": "改"})
    with pytest.raises(PermissionDenied):
        module.amend(made, by=cast.people.zhao, version=made.version, changes={"name": "改"})


def test_changed_wording_is_shown_with_marks_of_its_own(cast: World, signed_in: SignIn) -> None:
    made = sent(cast)
    module.perform(made, "pass", by=cast.people.sun)
    module.amend(made, by=cast.people.wang, version=made.version, changes={"suggestions": "由社区统一排班。"})
    page = signed_in(cast.people.zhao).get(f"{made.get_absolute_url()}versions/").content.decode()
    assert "由<del>街道</del><ins>社区</ins>统一排班。" in page


def test_a_channel_is_used_once_and_an_item_waits_for_its_results_before_it_is_archived(cast: World) -> None:
    made = submitted(cast)
    with pytest.raises(ValidationError, match="已经报送过：市政协"):
        module.perform(made, "submit", by=cast.people.wang, channels=["cppcc-city"])
    made.refresh_from_db()
    with pytest.raises(ValidationError, match="还有渠道没有结果"):
        module.perform(made, "archive", by=cast.people.wang)
    with pytest.raises(ValidationError):
        module.perform(made, "submit", by=cast.people.wang, channels=["no-such"])
    module.perform(one_submission(made), "decline", by=cast.people.wang)
    assert module.perform(made, "archive", by=cast.people.wang).state == ItemState.ARCHIVED


def test_adopted_is_adopted_once_and_never_declined(cast: World) -> None:
    row, today = one_submission(submitted(cast)), timezone.localdate()
    wang: dict[str, Any] = {"by": cast.people.wang}
    module.perform(row, "adopt", **wang, how="merged", on=today)
    with pytest.raises(ValidationError, match="已经登记过采用"):
        module.perform(row, "adopt", **wang, how="alone", on=today)
    module.perform(row, "reply", **wang, on=today, told="已办")
    with pytest.raises(ValidationError, match="不能再登记为未采用"):
        module.perform(row, "decline", **wang)
    assert (row.how, row.state, row.results) == ("merged", "replied", "综合采用 · 反馈")


def test_what_came_of_it_is_not_dated_before_it_was_sent(cast: World) -> None:
    row = one_submission(submitted(cast))
    with pytest.raises(ValidationError, match="日期应在报送当天与今天之间"):
        module.perform(row, "adopt", by=cast.people.wang, how="alone", on=timezone.localdate() - timedelta(days=1))
    assert (Submission.objects.get().how, Submission.objects.get().state) == ("", "sent")


def test_an_old_version_does_not_overwrite(cast: World, signed_in: SignIn) -> None:
    made = item_of(cast, cast.people.zhao)
    client, at = signed_in(cast.people.zhao), f"{made.get_absolute_url()}write/"
    assert client.post(at, {**WRITTEN, "name": "新题目", "version": "1"}).status_code == 302
    clash = client.post(at, {**WRITTEN, "name": "旧窗口", "version": "1"})
    assert (clash.status_code, "他人修改了这条建言" in clash.content.decode()) == (422, True)
    assert Item.objects.get().name == "新题目"


def test_jottings_are_kept_for_their_writer_until_saved(cast: World, signed_in: SignIn) -> None:
    zhao, chen, key = signed_in(cast.people.zhao), signed_in(cast.people.chen), str(uuid4())
    told = zhao.post(f"{ROOM}jot/", {"key": key, "name": "路口不通", "situation": "路口", "unit": "1"}).json()
    assert (told["protocol"], told["key"]) == ("tz-jot-1", key)
    zhao.post(f"{ROOM}jot/", {"key": key, "name": "路口不通", "situation": "路口堵"})
    assert Jotting.objects.get().fields == {"name": "路口不通", "situation": "路口堵"}
    assert "路口堵" in zhao.get(f"{ROOM}write/?item={key}").content.decode()
    assert "路口不通" in zhao.get(f"{ROOM}mine/").content.decode()
    for page in (f"write/?item={key}", "mine/"):
        assert "路口不通" not in chen.get(f"{ROOM}{page}").content.decode()
    assert chen.post(f"{ROOM}jot/{key}/drop/").status_code == 404
    zhao.post(f"{ROOM}write/", {**WRITTEN, "key": key})
    assert (Jotting.objects.count(), Item.objects.count()) == (0, 1)
    zhao.post(f"{ROOM}jot/", {"key": key, "name": "又改了"})
    assert zhao.post(f"{ROOM}jot/{key}/drop/").status_code == 302
    assert Jotting.objects.count() == 0


def test_items_alike_are_found_while_writing_the_likest_first(cast: World, signed_in: SignIn) -> None:
    sent(cast, by=cast.people.sun)
    sent(cast, by=cast.people.sun, name="关于独居老人吃药的建议", situation="独居老人的慢性病药断供。")
    sent(cast, by=cast.people.sun, name="关于货车司机的建议", situation="司机以车为家。")
    found = queries.alike(("为独居老人上门采样", ""), Item.objects.all())
    assert [one.name for one, _much in found] == ["关于为独居老人上门采样的建议", "关于独居老人吃药的建议"]
    asked = {"name": "为独居老人上门采样", "situation": ""}
    assert "关于为独居老人上门采样的建议" in signed_in(cast.people.wang).post(f"{ROOM}alike/", asked).content.decode()
    assert "没有内容相近的建言" in signed_in(cast.people.zhao).post(f"{ROOM}alike/", asked).content.decode()


def test_filed_from_a_total_is_refused_without_its_source(cast: World) -> None:
    with pytest.raises(ValidationError):
        steps.file(Item(response=cast.response, unit=cast.units.branch1, quantity=3, **TEXT), by=cast.people.wang)


def test_the_author_takes_back_what_nobody_reviewed_and_the_reviewer_is_not_offered_it(
    cast: World, signed_in: SignIn
) -> None:
    made = sent(cast)
    offered = {
        who: "收回草稿" in signed_in(getattr(cast.people, who)).get(made.get_absolute_url()).content.decode()
        for who in ("zhao", "sun")
    }
    assert offered == {"zhao": True, "sun": False}
    signed_in(cast.people.zhao).post(f"{made.get_absolute_url()}moves/take_back/")
    made.refresh_from_db()
    assert made.state == ItemState.DRAFT


def test_the_paper_for_a_channel_holds_the_settled_text(cast: World, signed_in: SignIn) -> None:
    made = sent(cast)
    client, at = signed_in(cast.people.wang), f"{made.get_absolute_url()}item.docx"
    assert client.get(at).status_code == 404
    words = document(client.get(at := f"{signed(cast, made).get_absolute_url()}item.docx").content)
    assert words == [
        str(made), "社情民意信息", "一、情况反映", TEXT["situation"], "二、意见建议", TEXT["suggestions"], "作者：赵社员（第一支社）",
        "第一支社", show(made.when, "zh"),
    ]  # fmt: skip


def test_an_item_put_down_for_somebody_is_of_their_unit(cast: World, signed_in: SignIn) -> None:
    cast.people.wang.refresh_from_db()
    given = {
        **WRITTEN,
        "key": str(uuid4()),
        "unit": str(cast.people.wang.unit_id),
        "author": "赵社员",
        "coauthors": "陈社员",
    }
    assert signed_in(cast.people.wang).post(f"{ROOM}write/", given).status_code == 302
    made = Item.objects.get()
    assert (made.author, made.unit, list(made.coauthors.all())) == (
        cast.people.zhao,
        cast.units.branch1,
        [cast.people.chen],
    )


def document(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs if paragraph.text]

"""A call from the draft to its end: two people, one issue, chased at most once a day."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.modules.calls import calling
from tests.world import World, person
from tongzhou.kernel import access, ledger
from tongzhou.kernel.models import Grant, Notice, Person
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Call, Chase, Reply
from tongzhou.modules.calls.workflow import READ, CallState, ReplyState


def states(call: Call) -> dict[str, str]:
    return {reply.addressee: reply.state for reply in call.replies.select_related("person", "unit")}


def told(person: Person) -> list[str]:
    return list(person.notices.order_by("at").values_list("text", flat=True))


def history(call: Call | Reply) -> list[str]:
    return [ledger.sentence(entry) for entry in ledger.entries(call)]


# -- draft, review, issue


def test_a_draft_keeps_requirements_and_whom_it_goes_to(cast: World) -> None:
    call = calling.draft(cast)
    assert [(r.number, r.name, r.title, r.ask_lines(), r.follow_up) for r in call.requirements.all()] == [
        (1, "obey", "听从指挥", ["配合核酸检测", "主动申报"], ""),
        (2, "serve", "倾力奉献", ["捐款捐物"], "pledge"),
    ]
    assert list(call.addressed.all()) == [cast.units.org]


def test_a_call_cannot_go_beyond_the_unit_that_issues_it(cast: World) -> None:
    with pytest.raises(ValidationError) as refused:
        calling.draft(cast, cast.units.branch1, addressed=[cast.units.branch2])
    assert refused.value.messages == ["第二支社不在第一支社之内，不能列入发至范围。"]
    assert Call.objects.count() == 0


def test_amending_a_draft_tells_what_changed(cast: World) -> None:
    call = calling.draft(cast)
    lines = [{"title": "只有一项", "title_en": "", "asks": "", "follow_up": ""}]
    actions.amend(
        call, by=cast.people.wang, version=1, changes={"name": "新题"}, lines=lines, addressed=[cast.units.branch1]
    )
    assert [r.title for r in call.requirements.all()] == ["只有一项"]
    assert history(call) == ["王保管起草", "王保管修改了标题", "王保管修改了要求", "王保管修改了发至范围：第一支社"]


@pytest.mark.parametrize("move", [actions.review, actions.issue])
def test_whoever_wrote_a_call_does_not_pass_it(cast: World, move: object) -> None:
    call = calling.draft(cast)
    Grant.objects.create(person=cast.people.wang, unit=cast.units.org, role="leader")
    wang = Person.objects.get(pk=cast.people.wang.pk)
    with pytest.raises(ValidationError, match="起草、修改过"):
        move(call, by=wang)


def test_whoever_changed_a_draft_does_not_pass_it(cast: World) -> None:
    call = calling.draft(cast)
    Grant.objects.create(person=cast.people.qian, unit=cast.units.org, role="office")
    qian = Person.objects.get(pk=cast.people.qian.pk)
    actions.amend(call, by=qian, version=1, changes={"name": "改过"})
    with pytest.raises(ValidationError, match="起草、修改过"):
        actions.review(call, by=qian)


def test_the_database_refuses_a_drafter_who_signs(cast: World) -> None:
    call = calling.draft(cast)
    with pytest.raises(IntegrityError):
        Call.objects.filter(pk=call.pk).update(issued_by=cast.people.wang)


def test_only_a_leader_issues(cast: World) -> None:
    call = calling.draft(cast)
    with pytest.raises(PermissionDenied):
        actions.review(call, by=cast.people.sun)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"answer_by": None}, "请先填写今天或以后的答复期限，再签发。"),
        ({"answer_by": timezone.localdate() - timedelta(days=1)}, "请先填写今天或以后的答复期限，再签发。"),
        ({"lines": []}, "倡议还没有要求。请退回修改，至少写一项要求。"),
    ],
)
def test_an_unfinished_call_is_not_issued(cast: World, fields: dict[str, object], message: str) -> None:
    call = calling.draft(cast, **fields)
    actions.review(call, by=cast.people.qian)
    with pytest.raises(ValidationError) as refused:
        actions.issue(call, by=cast.people.qian)
    assert refused.value.messages == [message]
    assert (Call.objects.get().state, Reply.objects.count(), Notice.objects.count()) == (CallState.REVIEWED, 0, 0)


def test_issuing_asks_every_unit_below_and_every_active_member(cast: World) -> None:
    person("gone", "已退社", cast.units.branch1)
    Person.objects.filter(username="gone").update(is_active=False)
    Person.objects.create(name="无账号", unit=cast.units.branch3, synthetic=True)
    call = calling.issued(cast)
    D, U = ReplyState.DELIVERED, ReplyState.UNDELIVERED
    assert states(call) == {
        "第一支社": D, "第二支社": U, "第三支社": D,  # nobody heads the second branch
        "王保管": D, "钱签发": D, "周物资": D, "李监督": D, "韩信息": D,
        "孙支社": D, "赵社员": D, "陈社员": D, "吴三社": D, "无账号": U,
    }  # fmt: skip
    assert history(call)[-1] == "钱签发签发，发至3个单位、10人"
    assert history(calling.of(call, cast.people.zhao)) == ["钱签发列为答复对象", "钱签发发出的通知已送达"]
    day = f"{call.answer_by}"
    assert told(cast.people.zhao) == [f"测试市委员会发出倡议“抗疫倡议”，请于{day}前答复。"]
    assert told(cast.people.sun) == [
        f"测试市委员会发出倡议“抗疫倡议”，请于{day}前答复。",
        f"测试市委员会发出倡议“抗疫倡议”，请组织本单位于{day}前答复。",
    ]
    assert list(ledger.broken()) == []


def test_a_call_goes_only_where_it_is_addressed(cast: World) -> None:
    call = calling.issued(cast, addressed=[cast.units.branch3])
    assert sorted(states(call)) == ["吴三社", "第三支社"]


def test_issuing_twice_asks_once(cast: World) -> None:
    call = calling.issued(cast)
    before = (Reply.objects.count(), Notice.objects.count())
    stale = Call.objects.get(pk=call.pk)
    stale.state = CallState.REVIEWED
    for again in (call, stale):
        with pytest.raises(OutOfStep):
            actions.issue(again, by=cast.people.qian)
    assert (Reply.objects.count(), Notice.objects.count()) == before


def test_issuing_to_many_takes_as_many_queries_as_to_few(cast: World) -> None:
    def queries(count: int) -> int:
        Person.objects.bulk_create(
            [Person(name=f"社员{i}", unit=cast.units.branch2, username=f"m{count}-{i}") for i in range(count)]
        )
        call = calling.draft(cast, addressed=[cast.units.branch2])
        actions.review(call, by=cast.people.qian)
        with CaptureQueriesContext(connection) as seen:
            actions.issue(call, by=cast.people.qian)
        return len(seen)

    assert queries(3) == queries(60)


def test_who_comes_later_is_asked_by_topping_up(cast: World) -> None:
    call = calling.issued(cast)
    with pytest.raises(ValidationError, match="没有新到"):
        actions.top_up(call, by=cast.people.qian)
    person("new", "新社员", cast.units.branch2)
    count = call.replies.count()
    actions.top_up(call, by=cast.people.qian)
    assert (call.replies.count(), states(call)["新社员"]) == (count + 1, ReplyState.DELIVERED)
    assert history(call)[-1] == "钱签发补发，新增0个单位、1人"


# -- who sees it


def test_members_see_a_call_once_it_is_issued(cast: World) -> None:
    call = calling.draft(cast)
    for who in (cast.people.zhao, cast.people.sun):
        assert list(access.visible(Call.objects.all(), who, READ)) == []
    actions.review(call, by=cast.people.qian)
    assert list(access.visible(Call.objects.all(), cast.people.zhao, READ)) == []
    actions.issue(call, by=cast.people.qian)
    for who in (cast.people.zhao, cast.people.sun, cast.people.wang):
        assert list(access.visible(Call.objects.all(), who, READ)) == [call]
    assert list(access.visible(Call.objects.all(), cast.people.outsider, READ)) == []


def test_a_member_sees_only_their_own_reply(cast: World) -> None:
    calling.issued(cast)
    seen = access.visible(Reply.objects.all(), cast.people.zhao, READ)
    assert [reply.person for reply in seen] == [cast.people.zhao]


# -- chasing, extending, closing


def test_chasing_reminds_each_who_is_missing_once_a_day(cast: World) -> None:
    Person.objects.create(name="无账号", unit=cast.units.branch1, synthetic=True)
    call = calling.issued(cast)
    calling.answered(call, cast.people.zhao)
    actions.excuse(calling.of(call, cast.people.chen), by=cast.people.sun, note="出国")
    assert actions.chase(call, by=cast.people.sun, unit=cast.units.branch1) == (1, 0, 1)
    assert told(cast.people.sun)[-1] == f"催办：请于{call.answer_by}前答复“抗疫倡议”。"
    assert actions.chase(call, by=cast.people.sun, unit=cast.units.branch1) == (0, 1, 1)
    assert actions.chase(call, by=cast.people.wang) == (6, 1, 1)
    assert [len(told(cast.people.zhao)), len(told(cast.people.chen))] == [1, 1]
    assert Chase.objects.count() == 7
    assert [line for line in history(call) if "催办" in line] == [
        "孙支社催办第一支社未答复的1人",
        "王保管催办测试市委员会未答复的6人",
    ]


def test_chasing_again_the_next_day_reminds_again(cast: World) -> None:
    call = calling.issued(cast, addressed=[cast.units.branch3])
    assert actions.chase(call, by=cast.people.wang) == (1, 0, 0)
    Chase.objects.update(on=timezone.localdate() - timedelta(days=1))
    assert actions.chase(call, by=cast.people.wang) == (1, 0, 0)


def test_the_database_keeps_one_reminder_a_day(cast: World) -> None:
    call = calling.issued(cast, addressed=[cast.units.branch3])
    given = {"reply": calling.of(call, cast.people.wu), "on": timezone.localdate(), "by": cast.people.wang}
    Chase.objects.create(**given)
    with pytest.raises(IntegrityError):
        Chase.objects.create(**given)


def test_a_secretary_does_not_chase_another_branch(cast: World) -> None:
    call = calling.issued(cast)
    for unit in (cast.units.branch3, None):
        with pytest.raises(PermissionDenied):
            actions.chase(call, by=cast.people.sun, unit=unit)
    assert Chase.objects.count() == 0


def test_a_deadline_is_only_put_off(cast: World) -> None:
    call = calling.issued(cast)
    with pytest.raises(ValidationError, match="新的期限须晚于"):
        actions.extend(call, by=cast.people.wang, answer_by=timezone.localdate(), note="x")
    old, new = call.answer_by, timezone.localdate() + timedelta(days=9)
    actions.extend(call, by=cast.people.wang, answer_by=new, note="快递停运")
    assert Call.objects.get().answer_by == new
    assert history(call)[-1] == f"王保管把答复期限由{old}改为{new}"


def test_closing_says_who_had_not_answered_and_ends_answering(cast: World) -> None:
    call = calling.issued(cast)
    calling.answered(call, cast.people.zhao)
    actions.close(call, by=cast.people.wang)
    assert history(call)[-1] == "王保管结束倡议：9人中1人已答复、8人未答复"
    with pytest.raises(ValidationError, match="还没有发出，或已经结束"):
        calling.answered(call, cast.people.chen)
    with pytest.raises(ValidationError, match="还没有发出，或已经结束"):
        actions.chase(call, by=cast.people.wang)


def test_the_history_of_a_call_reads_in_english(cast: World) -> None:
    call = calling.issued(cast)
    with translation.override("en"):
        assert history(call)[0] == "王保管 drafted it"

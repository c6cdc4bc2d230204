"""What people open: the answer on a phone, the tree of progress, the button that reminds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.modules.calls import calling
from tests.world import World, unit
from tongzhou.kernel import asks, handoff, steps
from tongzhou.kernel.models import Link, Person
from tongzhou.modules.calls import actions, rules
from tongzhou.modules.calls.models import Answer, Call, Chase, Reply
from tongzhou.modules.calls.workflow import CallState, ReplyState

SignIn = Callable[[Person], Client]


def page(name: str, call: Call, record: Call | Reply | None = None) -> str:
    return reverse(f"calls.{name}", args=[call.response.slug, (record or call).pk])


def follow_up(reply: Reply, kind: str) -> str:
    return reverse("calls.follow_up", args=[reply.response.slug, reply.pk, kind])


def waiting(person: Person) -> dict[str, list[str]]:
    """What the to-do page shows of calls."""
    found = asks.awaiting(Person.objects.get(pk=person.pk), timezone.localdate())
    return {one.ask.name: [item.url for item in one.items] for one in found if one.room.name == "calls"}


# -- the member's journey


def test_a_member_answers_on_one_page(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    reply, client = calling.of(call, cast.people.zhao), signed_in(cast.people.zhao)
    assert waiting(cast.people.zhao) == {"to_answer": [reply.answer_url()]}
    notice = cast.people.zhao.notices.get()
    opened = client.get(notice.url, follow=True)
    assert (opened.redirect_chain[-1][0], opened.status_code) == (reply.answer_url(), 200)
    assert calling.of(call, cast.people.zhao).state == ReplyState.READ
    sent = {"obey-stance": "done", "obey-words": "已测", "serve-stance": "committed"}
    answered = client.post(reply.answer_url(), sent, follow=True)
    assert answered.redirect_chain[-1][0] == reply.get_absolute_url()
    assert list(Answer.objects.filter(reply=reply).values_list("requirement__name", "stance", "text")) == [
        ("obey", "done", "已测"),
        ("serve", "committed", ""),
    ]
    assert waiting(cast.people.zhao) == {}


def test_what_was_typed_is_kept_when_an_answer_is_refused(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    reply, client = calling.of(call, cast.people.zhao), signed_in(cast.people.zhao)
    answer = client.post(reply.answer_url(), {"obey-stance": "cannot", "serve-words": "捐口罩"})
    assert answer.status_code == 422
    assert [answer.text.count(part) for part in ("做不到的，请写明原因。", "请选择一项。", 'value="捐口罩"')] == [
        1,
        1,
        1,
    ]
    assert Answer.objects.count() == 0


def test_the_answer_page_works_without_script(cast: World, signed_in: SignIn) -> None:
    """One form that posts to its own address, three radio buttons for each requirement."""
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    text = signed_in(cast.people.zhao).get(reply.answer_url()).text
    assert [text.count(part) for part in ('type="radio"', 'name="obey-stance"', 'name="serve-words"')] == [6, 3, 1]
    assert [text.count(part) for part in ("style=", "onclick", "<script>")] == [0, 0, 0]


def test_the_page_of_a_call_leads_a_member_to_the_answer(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    text = signed_in(cast.people.zhao).get(call.get_absolute_url()).text
    assert calling.of(call, cast.people.zhao).answer_url() in text
    assert page("progress", call) not in text


@pytest.mark.parametrize("name", ["progress", "chase"])
def test_a_member_does_not_see_how_others_do(name: str, cast: World, signed_in: SignIn) -> None:
    call, client = calling.issued(cast), signed_in(cast.people.zhao)
    address = page(name, call)
    answer = client.get(address) if name == "progress" else client.post(address)
    assert answer.status_code == (404 if name == "progress" else 403)
    assert Chase.objects.count() == 0


def test_the_reply_of_another_is_not_found(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    other = calling.of(call, cast.people.wu)
    client = signed_in(cast.people.zhao)
    for address in (other.answer_url(), other.get_absolute_url()):
        assert client.get(address).status_code == 404
    assert client.post(other.answer_url(), {"obey-stance": "done", "serve-stance": "done"}).status_code == 404


def test_a_call_that_is_closed_is_read_but_not_answered(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    actions.close(call, by=cast.people.wang)
    reply, client = calling.of(call, cast.people.zhao), signed_in(cast.people.zhao)
    sent = {"obey-stance": "done", "serve-stance": "done"}
    assert client.post(reply.answer_url(), sent, follow=True).redirect_chain[-1][0] == reply.get_absolute_url()
    assert Answer.objects.count() == 0
    assert waiting(cast.people.zhao) == {}


# -- promises


def test_a_promise_is_registered_once_by_whoever_may(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    reply = calling.answered(call, cast.people.zhao, "committed")
    assert waiting(cast.people.sun)["promises"] == [reply.get_absolute_url()]
    address = follow_up(reply, "pledge")
    assert signed_in(cast.people.zhao).post(address).status_code == 403
    client = signed_in(cast.people.sun)
    assert address in client.get(reply.get_absolute_url()).text
    first, second = client.post(address), client.post(address)
    (gift,) = handoff.went_to(reply)
    assert first["Location"] == second["Location"] == gift.get_absolute_url()
    assert (gift.donor_person, gift.unit, Link.objects.count()) == (cast.people.zhao, cast.units.branch1, 1)
    assert "promises" not in waiting(cast.people.sun)
    assert address not in client.get(reply.get_absolute_url()).text


def test_one_who_cannot_give_promised_nothing(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    said = [
        {"requirement": "obey", "stance": "done"},
        {"requirement": "serve", "stance": "cannot", "reason": "失业"},
    ]
    reply = actions.answer(calling.of(call, cast.people.zhao), by=cast.people.zhao, answers=said)
    assert "promises" not in waiting(cast.people.sun)
    assert signed_in(cast.people.sun).post(follow_up(reply, "pledge")).status_code == 404


def test_a_member_who_offers_to_serve_puts_themselves_down(cast: World, signed_in: SignIn) -> None:
    reply = calling.offered(cast, cast.people.zhao, "核酸采样")
    assert waiting(cast.people.zhao)["offers"] == [reply.get_absolute_url()]
    assert "offers" not in waiting(cast.people.sun)
    client, address = signed_in(cast.people.zhao), follow_up(reply, "volunteer")
    assert address in client.get(reply.get_absolute_url()).text
    assert signed_in(cast.people.sun).post(follow_up(reply, "pledge")).status_code == 404
    (first, second) = client.post(address), client.post(address)
    (volunteer,) = handoff.went_to(reply)
    assert first["Location"] == second["Location"] == volunteer.get_absolute_url()
    assert (volunteer.person, volunteer.expertise) == (cast.people.zhao, "核酸采样")
    assert "offers" not in waiting(cast.people.zhao)
    assert address not in client.get(reply.get_absolute_url()).text


def test_one_who_cannot_sign_in_is_put_down_by_the_secretary(cast: World, signed_in: SignIn) -> None:
    member = Person.objects.create(name="老郑", unit=cast.units.branch1)
    reply = calling.offered(cast, member, "开车")
    assert waiting(cast.people.sun)["offers"] == [reply.get_absolute_url()]
    signed_in(cast.people.sun).post(follow_up(reply, "volunteer"))
    (volunteer,) = handoff.went_to(reply)
    assert volunteer.person == member
    assert "offers" not in waiting(cast.people.sun)


@pytest.mark.parametrize("kind", ["volunteer", "nothing"])
def test_what_was_not_offered_leads_nowhere(cast: World, signed_in: SignIn, kind: str) -> None:
    reply = calling.answered(calling.issued(cast), cast.people.zhao, "committed")
    assert signed_in(cast.people.zhao).post(follow_up(reply, kind)).status_code == 404
    with pytest.raises(ValidationError) if kind == "volunteer" else pytest.raises(ValueError, match="nothing"):
        actions.follow_up(reply, kind, by=cast.people.zhao)


# -- the branch secretary and the office


def test_a_secretary_is_asked_about_their_own_unit(cast: World) -> None:
    call = calling.issued(cast)
    own = calling.of(call, cast.units.branch1)
    assert waiting(cast.people.sun) == {
        "to_answer": [calling.of(call, cast.people.sun).answer_url()],
        "missing": [f"{page('progress', call)}?unit=branch1"],
    }
    for who in ("sun", "zhao", "chen"):
        calling.answered(call, getattr(cast.people, who), "done")
    assert waiting(cast.people.sun)["to_settle"] == [own.get_absolute_url()]
    assert "missing" not in waiting(cast.people.sun)
    actions.settle(own, by=cast.people.sun)
    assert "to_settle" not in waiting(cast.people.sun)


def test_a_leader_is_asked_to_pass_what_others_wrote(cast: World) -> None:
    call = calling.draft(cast)
    assert waiting(cast.people.qian) == {"to_review": [call.get_absolute_url()]}
    actions.review(call, by=cast.people.qian)
    assert waiting(cast.people.qian) == {"to_issue": [call.get_absolute_url()]}
    assert waiting(cast.people.wang) == {}


def test_a_secretary_puts_an_answer_down_for_a_member(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    reply, client = calling.of(call, cast.people.zhao), signed_in(cast.people.sun)
    sent = {"obey-stance": "done", "serve-stance": "done"}
    assert client.post(reply.answer_url(), sent).status_code == 422
    client.get(reply.answer_url())
    assert calling.of(call, cast.people.zhao).state == ReplyState.DELIVERED  # not read by being looked at by another
    client.post(reply.answer_url(), {**sent, "known": "电话"})
    assert calling.of(call, cast.people.zhao).known == "电话"


def test_the_page_refuses_to_report_a_unit_done_and_names_who_is_missing(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    own, client = calling.of(call, cast.units.branch1), signed_in(cast.people.sun)
    address = f"{own.get_absolute_url()}moves/settle/"
    assert address in client.get(own.get_absolute_url()).text
    answer = client.post(address)
    assert answer.status_code == 422
    assert "还有3人未答复，也未说明情况：陈社员、孙支社、赵社员。" in answer.text


def test_one_click_reminds_and_says_how_many(cast: World, signed_in: SignIn) -> None:
    call, client = calling.issued(cast), signed_in(cast.people.wang)
    for said in ("已提醒 9 人。", "9 人今天已经提醒过，未重复提醒。"):
        assert said in client.post(page("chase", call), follow=True).text
    assert Chase.objects.count() == 9


def test_a_call_is_written_issued_and_closed_on_the_pages(cast: World, signed_in: SignIn) -> None:
    office, leader = signed_in(cast.people.wang), signed_in(cast.people.qian)
    day = timezone.localdate()
    sent = {
        "unit": str(cast.units.org.pk), "name": "抗疫倡议", "when": str(day), "answer_by": str(day + timedelta(days=2)),
        "addressed": [str(cast.units.branch1.pk)], "mandate_issuer": "市委统战部", "mandate_title": "《通知》",
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-title": "听从指挥", "lines-0-asks": "- 申报\n\n做核酸",
    }  # fmt: skip
    office.post("/test-2022/calls/new/", sent)
    call = Call.objects.get()
    assert (call.mandate, [r.ask_lines() for r in call.requirements.all()]) == (
        "市委统战部《通知》",
        [["申报", "做核酸"]],
    )
    assert list(call.addressed.all()) == [cast.units.branch1]
    address = call.get_absolute_url()
    assert office.post(f"{address}moves/review/").status_code == 403
    for move in ("review", "issue"):
        leader.post(f"{address}moves/{move}/")
    assert Call.objects.get().state == CallState.ISSUED
    office.post(f"{address}moves/extend/", {"answer_by": str(day + timedelta(days=5)), "note": "快递停运"})
    office.post(f"{address}moves/close/")
    assert (Call.objects.get().state, Call.objects.get().answer_by) == (CallState.CLOSED, day + timedelta(days=5))


# -- the tree


def test_the_tree_counts_each_unit_with_those_below(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    calling.answered(call, cast.people.zhao)
    answer = signed_in(cast.people.wang).get(page("progress", call))
    (root,) = answer.context["branches"]
    assert [(b.unit, b.node.total.called, b.node.total.accounted, b.node.total.missing) for b in [root, *root.below]] == [
        (cast.units.org, 9, 1, 8), (cast.units.branch1, 3, 1, 2), (cast.units.branch2, 0, 0, 0), (cast.units.branch3, 1, 0, 1),
    ]  # fmt: skip


def test_a_secretary_sees_the_tree_of_their_branch_only(cast: World, signed_in: SignIn) -> None:
    call = calling.issued(cast)
    answer = signed_in(cast.people.sun).get(page("progress", call))
    assert [(b.unit, b.may_chase, b.below) for b in answer.context["branches"]] == [(cast.units.branch1, True, [])]
    answers = [
        signed_in(cast.people.sun).get(page("progress", call), {"unit": code}) for code in ("branch3", "no", "\0")
    ]
    assert [(answer.status_code, "吴三社" in answer.text) for answer in answers] == [(404, False)] * 3


def test_the_addressed_do_not_read_how_a_call_came_about_nor_who_was_chased(cast: World, signed_in: SignIn) -> None:
    call = calling.draft(cast)
    actions.review(call, by=cast.people.qian)
    steps.advance(call, "send_back", by=cast.people.qian, note="措辞不妥")
    actions.review(call, by=cast.people.qian)
    actions.issue(call, by=cast.people.qian)
    actions.chase(call, by=cast.people.wang, unit=cast.units.branch3)
    inside = ("措辞不妥", "催办第三支社未答复的1人")
    for where in (call.get_absolute_url(), f"{call.get_absolute_url()}print/"):
        pages = [signed_in(who).get(where).text for who in (cast.people.zhao, cast.people.sun)]
        assert [[words in text for words in ("听从指挥", *inside)] for text in pages] == [[True, False, False]] * 2
    assert [words in signed_in(cast.people.wang).get(call.get_absolute_url()).text for words in inside] == [True, True]


def test_only_a_look_is_reading(cast: World, signed_in: SignIn) -> None:
    """Whatever fetches only the head of a page has not shown it to anyone."""
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    client = signed_in(cast.people.zhao)
    states = []
    for fetch in (client.head, client.get):
        assert fetch(reply.answer_url()).status_code == 200
        states.append(Reply.objects.get(pk=reply.pk).state)
    assert states == [ReplyState.DELIVERED, ReplyState.READ]


def test_nobody_says_by_hand_that_a_notice_was_delivered(cast: World, signed_in: SignIn) -> None:
    cast.people.zhao.username = None
    cast.people.zhao.save()
    reply = calling.of(calling.issued(cast), cast.people.zhao)
    answer = signed_in(cast.people.qian).post(f"{reply.get_absolute_url()}moves/deliver/", follow=True)
    assert "已被他人处理" in answer.text
    assert Reply.objects.get(pk=reply.pk).state == ReplyState.UNDELIVERED


def test_a_branch_opens_down_to_the_person_with_and_without_script(cast: World, signed_in: SignIn) -> None:
    call, client = calling.issued(cast), signed_in(cast.people.wang)
    whole = client.get(f"{page('progress', call)}?unit=branch1")
    part = client.get(f"{page('progress', call)}?unit=branch1", headers={"HX-Request": "true"})
    for answer in (whole, part):
        assert [str(reply.person) for reply in answer.context["members"]] == ["陈社员", "孙支社", "赵社员"]
    assert ("<html" in whole.text, "<html" in part.text) == (True, False)


def test_the_tree_of_sixty_units_costs_as_many_queries_as_that_of_three(cast: World, signed_in: SignIn) -> None:
    def queries(call: Call) -> int:
        client = signed_in(cast.people.wang)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page("progress", call)).status_code == 200
        return len(seen)

    queries(calling.issued(cast))
    few = queries(calling.issued(cast))
    for i in range(57):
        Person.objects.create(name=f"社员{i}", unit=unit(f"more{i}", f"新支社{i}", "branch", cast.units.org))
    many = calling.issued(cast)
    assert many.replies.filter(person=None).count() == 60
    assert queries(many) == few


# -- pure rules


def test_percent_is_whole_only_when_nobody_is_missing() -> None:
    assert [rules.Count(answered=n, delivered=200 - n).percent for n in (0, 1, 199, 200)] == [0, 0, 99, 100]
    assert rules.Count().percent == 100


def test_the_tree_hangs_a_unit_under_the_nearest_above() -> None:
    counts = {"/a/": rules.Count(read=1), "/a/b/c/": rules.Count(answered=2), "/x/": rules.Count(excused=1)}
    first, second = rules.tree(counts, ["/a/d/"])
    assert [(node.path, node.total) for node in [first, *first.below, second]] == [
        ("/a/", rules.Count(read=1, answered=2)),
        ("/a/b/c/", rules.Count(answered=2)),
        ("/a/d/", rules.Count()),
        ("/x/", rules.Count(excused=1)),
    ]


@pytest.mark.parametrize(("text", "lines"), [("", []), ("- 一\n\n · 二 \n三", ["一", "二", "三"]), ("  \n-\n", [])])
def test_asks_are_lines_without_their_marks(text: str, lines: list[str]) -> None:
    assert rules.asks(text) == lines

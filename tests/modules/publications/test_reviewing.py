"""From a member's draft to an issue: who may do what, what stands in the way, and what cannot be done behind anyone's back."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.modules.publications import factory
from tests.modules.publications.writing import written
from tests.world import World, person
from tongzhou.kernel import asks, ledger, module, steps
from tongzhou.modules.publications.actions import drafting
from tongzhou.modules.publications.models import Article, Issue


def names(cast: World, who: str) -> set[str]:
    found = asks.awaiting(getattr(cast.people, who), timezone.localdate())
    return {one.ask.name for one in found if one.room.name == "publications"}


def test_an_article_goes_through_three_hands_and_out_with_its_issue(cast: World) -> None:
    p = cast.people
    made = written(cast)
    assert (names(cast, "zhao"), names(cast, "sun")) == ({"drafts"}, set())
    module.perform(made, "send", by=p.zhao)
    assert [names(cast, who) for who in ("zhao", "sun", "wang", "qian")] == [
        set(),
        {"to_first"},
        {"to_first"},
        {"to_first"},
    ]
    module.perform(made, "first", by=p.sun)
    module.perform(made, "edit", by=p.wang, name="门口一小时", digest="一早的值守", body=made.body, named="")
    module.perform(made, "second", by=p.wang)
    module.perform(made, "final", by=p.qian)
    assert names(cast, "wang") == {"to_place"}
    issue = factory.issue(cast, cast.units.org)
    module.perform(made, "place", by=p.wang, issue=issue)
    assert (names(cast, "wang"), names(cast, "qian")) == ({"to_publish"}, {"to_publish"})
    module.perform(issue, "publish", by=p.wang)
    made = Article.objects.get(pk=made.pk)
    assert (made.state, made.held) == (
        "published",
        {"author": p.zhao.pk, "editor": p.wang.pk, "first": p.sun.pk, "second": p.wang.pk, "final": p.qian.pk},
    )
    assert (made.happened_on, Issue.objects.get().happened_on) == (timezone.localdate(), timezone.localdate())
    assert list(ledger.broken()) == []


@pytest.mark.parametrize(("step", "who"), [("first", "sun"), ("second", "wang"), ("final", "qian")])
def test_nobody_reviews_twice_nor_their_own(cast: World, step: str, who: str) -> None:
    """The rule is data: whoever holds one part is kept from the other steps, even where their role would allow it."""
    p = cast.people
    boss = person("boss", "兼职人", cast.units.org, ("leader", cast.units.org), ("office", cast.units.org))
    order = ["first", "second", "final"]
    made = written(cast, p.zhao)
    module.perform(made, "send", by=p.zhao)
    by = dict(zip(order, (p.sun, p.wang, p.qian), strict=True))
    before = order[: order.index(step)]
    for earlier in before:
        module.perform(made, earlier, by=boss if earlier == before[-1] else by[earlier])
    if before:
        with pytest.raises(ValidationError, match="三审须由不同的人担任"):
            module.perform(made, step, by=boss)
    own = written(cast, getattr(p, who), name="自己写的")
    module.perform(own, "send", by=getattr(p, who))
    Article.objects.filter(pk=own.pk).update(state=step if step != "first" else "first")
    own.refresh_from_db()
    with pytest.raises(ValidationError, match="您是这篇稿件的作者"):
        module.perform(own, step, by=getattr(p, who))


def test_the_database_keeps_authors_from_the_third_review(cast: World) -> None:
    made = written(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=made.pk).update(final_by=cast.people.zhao)


def test_a_member_writes_only_their_own_and_only_until_it_is_reviewed(cast: World) -> None:
    p = cast.people
    made = written(cast)
    with pytest.raises(PermissionDenied):
        steps.amend(made, by=p.chen, name="别人的")
    module.perform(made, "send", by=p.zhao)
    module.perform(made, "take_back", by=p.zhao)
    module.perform(made, "send", by=p.zhao)
    module.perform(made, "first", by=p.sun)
    for move in ("take_back", "second", "edit", "drop"):
        with pytest.raises((PermissionDenied, steps.OutOfStep)):
            module.perform(made, move, by=p.zhao)


def test_a_returned_article_is_reviewed_from_the_start(cast: World) -> None:
    p = cast.people
    made = factory.approved(cast, written(cast))
    module.perform(made, "place", by=p.wang, issue=factory.issue(cast))
    module.perform(made, "send_back", by=p.wang, note="请补充时间")
    assert (made.state, made.first_by, made.second_by, made.final_by, made.issue) == (
        "returned",
        None,
        None,
        None,
        None,
    )
    assert names(cast, "zhao") == {"returned"}


def test_what_is_not_whole_is_not_sent(cast: World) -> None:
    made = written(cast, body="", digest="长" * 121, name="题" * 65)
    with pytest.raises(ValidationError) as fault:
        module.perform(made, "send", by=cast.people.zhao)
    assert fault.value.messages == ["标题65字，超过64字。", "摘要121字，超过120字。", "还没有正文。"]
    made = written(cast, body="正文\n[图2]\n共[数7]")
    with pytest.raises(ValidationError) as fault:
        module.perform(made, "send", by=cast.people.zhao)
    assert fault.value.messages == ["正文提到[图2]，但没有这张照片。", "正文提到[数7]，但没有引用这个数字。"]


def test_an_edit_over_an_older_text_is_refused_and_what_changed_is_kept(cast: World) -> None:
    p = cast.people
    made = written(cast)
    module.perform(made, "send", by=p.zhao)
    module.perform(made, "first", by=p.sun)
    seen = made.version
    module.perform(made, "edit", by=p.wang, version=seen, name="改过的题", digest="", body=made.body, named="")
    with pytest.raises(ValidationError, match="他人修改了这篇稿件"):
        module.perform(made, "edit", by=p.wang, version=seen, name="又改", digest="", body=made.body, named="")
    entry = ledger.entries(made).filter(move="edit").get()
    assert (entry.data["old"], entry.data["new"]) == ({"name": "门口的一小时"}, {"name": "改过的题"})


def test_a_number_stands_once_in_its_column(cast: World) -> None:
    column = factory.column(cast)
    factory.issue(cast, column=column, number=3)
    with pytest.raises(ValidationError, match="这个专栏已有这一期"):
        factory.issue(cast, column=column, number=3)
    assert factory.issue(cast, column=factory.column(cast), number=3).number == 3
    with pytest.raises(ValidationError, match="请填写期号"):
        factory.issue(cast, column=column, number=None)


def test_an_issue_without_articles_and_one_of_another_response_are_refused(cast: World) -> None:
    with pytest.raises(ValidationError, match="本期还没有稿件"):
        module.perform(factory.issue(cast), "publish", by=cast.people.wang)
    other = factory.column(cast)
    type(other).objects.filter(pk=other.pk).update(response=cast.other_response)
    other.refresh_from_db()
    with pytest.raises(ValidationError, match="请选本响应的专栏"):
        factory.issue(cast, column=other)


def test_an_issue_comes_out_whole_or_not_at_all(cast: World) -> None:
    """One article that may not be public holds up the issue; nothing of it is out."""
    p = cast.people
    issue = factory.issue(cast, cast.units.org)
    good, bad = (
        factory.approved(cast, written(cast)),
        factory.approved(cast, written(cast, name="另一篇", named="街坊老刘")),
    )
    for made in (good, bad):
        module.perform(made, "place", by=p.wang, issue=issue)
    with pytest.raises(ValidationError, match="《另一篇》不能发布：“街坊老刘”（姓名）：待征得同意。"):
        module.perform(issue, "publish", by=p.wang)
    assert set(Article.objects.values_list("state", flat=True)) == {"approved"}
    assert Issue.objects.get(pk=issue.pk).state == "planned"


def test_an_article_is_published_by_its_issue_alone(cast: World) -> None:
    made = factory.approved(cast, written(cast))
    with pytest.raises(ValidationError, match="随别的一步自动完成"):
        module.perform(made, "issue", by=cast.people.wang)


def test_a_dropped_issue_lets_its_articles_go(cast: World) -> None:
    made, issue = factory.approved(cast, written(cast)), factory.issue(cast)
    module.perform(made, "place", by=cast.people.wang, issue=issue)
    module.perform(issue, "drop", by=cast.people.wang, note="本周不出")
    assert Article.objects.get(pk=made.pk).issue is None
    with pytest.raises(ValidationError, match="这一期已经发布或不出"):
        module.perform(Article.objects.get(pk=made.pk), "place", by=cast.people.wang, issue=issue)


def test_begun_twice_under_one_key_is_begun_once(cast: World) -> None:
    key = uuid4()
    one = drafting.begin(key, cast.response, by=cast.people.zhao, name="一次")
    two = drafting.begin(key, cast.response, by=cast.people.zhao, name="又一次")
    assert (one.pk, two.name, Article.objects.count()) == (two.pk, "一次", 1)

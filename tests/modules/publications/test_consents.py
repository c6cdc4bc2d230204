"""Who is named or seen agrees before anything is public, and may take it back at any time."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.modules.publications import factory
from tests.modules.publications.test_reviewing import names
from tests.modules.publications.writing import pictured, written
from tests.world import World
from tongzhou.kernel import ledger, module, steps
from tongzhou.kernel.models import Notice
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.alarms import alarms
from tongzhou.modules.publications.models import Article, Consent, Issue, Picture

WITH_CHEN = "陈社员在门口测体温。"


def of(article: Article, who: str) -> Consent:
    return Consent.objects.select_related("article", "response", "unit").get(article=article, who=who)


def test_whom_the_text_names_is_found_and_asked(cast: World) -> None:
    """Chen stands in the register and is asked; Liu was put down by the author; Zhao writes and so agrees."""
    p = cast.people
    made = written(cast, body=f"{WITH_CHEN}\n赵社员记下了这些。", named="街坊老刘")
    module.perform(made, "send", by=p.zhao)
    found = {one.who: (one.person, one.state) for one in made.consents.all()}
    assert found == {"陈社员": (p.chen, "asked"), "街坊老刘": (None, "asked")}
    assert (names(cast, "chen"), Notice.objects.get(person=p.chen).text) == (
        {"my_consent"},
        "稿件“门口的一小时”提到您，请确认是否同意公开发表。",
    )
    assert names(cast, "sun") == {"to_first", "to_get"}


def test_who_is_asked_reads_the_article_and_nothing_of_the_work_on_it(
    cast: World, signed_in: Callable[..., Client]
) -> None:
    made = written(cast, body=WITH_CHEN, named="街坊老刘")
    pictured(made, by=cast.people.zhao)
    asked = signed_in(cast.people.chen)
    assert asked.get(made.get_absolute_url()).status_code == 404  # a draft is its author's
    factory.approved(cast, made)
    page = asked.get(made.get_absolute_url()).content.decode()
    shown = [words in page for words in (WITH_CHEN, "街坊老刘", "孙支社初审通过", "复制到公众号")]
    assert shown == [True, False, False, False]
    assert asked.get(made.pictures.get().attachment.get_absolute_url()).status_code == 200
    assert asked.get(f"{made.get_absolute_url()}wechat/").status_code == 404


def test_one_answers_for_oneself_and_others_say_how_they_know(cast: World) -> None:
    p = cast.people
    made = written(cast, body=WITH_CHEN, named="街坊老刘")
    module.perform(made, "send", by=p.zhao)
    chen, liu = of(made, "陈社员"), of(made, "街坊老刘")
    module.perform(chen, "give", by=p.chen)
    assert (chen.state, chen.how, chen.given_on) == ("given", "self", timezone.localdate())
    with pytest.raises(PermissionDenied):
        module.perform(liu, "give", by=p.chen, how="spoken", given_on=date(2022, 3, 5))
    with pytest.raises(ValidationError, match="请填写同意方式和日期"):
        module.perform(liu, "give", by=p.sun)
    with pytest.raises(ValidationError, match="日期不能在将来"):
        module.perform(liu, "give", by=p.sun, how="written", given_on=timezone.localdate() + timedelta(days=1))
    module.perform(liu, "give", by=p.sun, how="written", given_on=date(2022, 3, 5))
    assert ledger.sentence(ledger.entries(liu).last()) == "孙支社登记同意：书面，2022-03-05"
    assert queries.hindrances(Article.objects.get(pk=made.pk)) == []


def test_without_consent_nothing_is_published_and_it_says_whose(cast: World) -> None:
    made = factory.approved(cast, written(cast, body=WITH_CHEN))
    issue = factory.issue(cast)
    module.perform(made, "place", by=cast.people.wang, issue=issue)
    with pytest.raises(ValidationError) as fault:
        module.perform(issue, "publish", by=cast.people.wang)
    assert fault.value.messages == ["《门口的一小时》不能发布：“陈社员”（姓名）：待征得同意。"]
    module.perform(of(made, "陈社员"), "refuse", by=cast.people.chen)
    with pytest.raises(ValidationError, match="“陈社员”（姓名）：本人不同意。"):
        module.perform(Issue.objects.get(pk=issue.pk), "publish", by=cast.people.wang)


def test_someone_who_came_into_the_register_after_the_review_is_found_at_publication(cast: World) -> None:
    made = factory.approved(cast, written(cast, body="后来的新社员在值守。"))
    cast.people.chen.name = "新社员"
    cast.people.chen.save()
    assert queries.hindrances(made) == ["文中或图中有“新社员”，还没有登记其是否同意。"]


def test_not_needed_is_said_by_another_than_the_author_and_why(cast: World) -> None:
    p = cast.people
    made = written(cast, p.wang, body=WITH_CHEN)
    module.perform(made, "send", by=p.wang)
    chen = of(made, "陈社员")
    with pytest.raises(ValidationError, match="请写明原因"):
        module.perform(chen, "waive", by=p.qian)
    with pytest.raises(ValidationError, match="作者不能认定自己的稿件无须同意"):
        module.perform(chen, "waive", by=p.wang, note="另有其人")
    module.perform(chen, "waive", by=p.qian, note="另有其人")
    assert queries.hindrances(Article.objects.get(pk=made.pk)) == []


def test_what_somebody_refused_is_not_waved_away(cast: World) -> None:
    p = cast.people
    made = written(cast, body=WITH_CHEN)
    module.perform(made, "send", by=p.zhao)
    chen = of(made, "陈社员")
    module.perform(chen, "refuse", by=p.chen)
    with pytest.raises(ValidationError, match="本人不同意，而稿件仍涉及“陈社员”"):
        module.perform(chen, "waive", by=p.qian, note="不要紧")
    with pytest.raises(ValidationError, match="自动完成"):
        module.perform(chen, "lapse", by=p.sun)
    module.perform(made, "first", by=p.sun)
    module.perform(made, "edit", by=p.wang, name=made.name, digest="", body="一位社员在门口测体温。", named="")
    assert of(made, "陈社员").state == "waived"


def published_with_chen(cast: World) -> Article:
    made = factory.approved(cast, written(cast, body=WITH_CHEN))
    module.perform(of(made, "陈社员"), "give", by=cast.people.chen)
    issue = factory.issue(cast, cast.units.org)
    module.perform(made, "place", by=cast.people.wang, issue=issue)
    module.perform(issue, "publish", by=cast.people.wang)
    return Article.objects.get(pk=made.pk)


def test_consent_taken_back_flags_the_article_and_a_correction_settles_it(cast: World) -> None:
    """Chen gives no reason. Office and leader are told at once and have a day; the corrected text no longer names her."""
    p = cast.people
    made = published_with_chen(cast)
    chen = of(made, "陈社员")
    module.perform(chen, "withdraw", by=p.chen)
    assert {names(cast, who) >= {"to_act"} for who in ("wang", "qian")} == {True}
    told = set(Notice.objects.filter(text__contains="撤回了同意").values_list("person__username", flat=True))
    assert told == {"wang", "qian", "zhao"}
    assert list(alarms(chen.withdrawn_at + timedelta(hours=19))) == []
    late = list(alarms(chen.withdrawn_at + timedelta(hours=21)))
    assert [sorted(one.username or "" for one in alarm.people) for alarm in late] == [["qian", "wang"]]
    module.perform(
        made,
        "correct",
        by=p.wang,
        told="按本人意愿删去姓名。",
        name=made.name,
        digest="",
        body="一位社员在门口测体温。",
        named="",
    )
    module.perform(made, "approve", by=p.qian)
    assert (of(made, "陈社员").state, names(cast, "qian"), list(alarms(timezone.now() + timedelta(days=2)))) == (
        "waived",
        set(),
        [],
    )


def test_a_correction_that_still_names_whoever_took_it_back_is_refused(cast: World) -> None:
    p = cast.people
    made = published_with_chen(cast)
    module.perform(of(made, "陈社员"), "withdraw", by=p.chen)
    module.perform(
        made, "correct", by=p.wang, told="补充。", name=made.name, digest="", body=f"{WITH_CHEN}还有别人。", named=""
    )
    with pytest.raises(ValidationError, match="“陈社员”（姓名）：已撤回同意"):
        module.perform(made, "approve", by=p.qian)
    assert Article.objects.get(pk=made.pk).body == WITH_CHEN
    module.perform(Article.objects.get(pk=made.pk), "take_down", by=p.wang, note="本人撤回同意")
    with pytest.raises(ValidationError, match="已撤回同意"):
        module.perform(Article.objects.get(pk=made.pk), "restore", by=p.qian, note="再看看")


def test_a_picture_is_described_and_whom_it_shows_is_asked(cast: World) -> None:
    p = cast.people
    made = written(cast)
    with pytest.raises(ValidationError):
        pictured(made, by=p.zhao, alt=" ")
    one = pictured(made, by=p.zhao, shows="陈社员\n街坊老刘")
    assert (one.number, made.body.splitlines()[-1]) == (1, "[图1]")
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.filter(pk=one.pk).update(alt="")
    module.perform(made, "send", by=p.zhao)
    found = {(c.who, c.subject, c.person) for c in made.consents.all()}
    assert found == {("陈社员", "照片（图1）", p.chen), ("街坊老刘", "照片（图1）", None)}
    with pytest.raises(steps.OutOfStep):
        pictured(made, by=p.zhao)


def test_a_picture_is_gone_for_readers_the_moment_consent_is(cast: World) -> None:
    p = cast.people
    made = written(cast)
    one = pictured(made, by=p.zhao, shows="陈社员")
    factory.approved(cast, made)
    module.perform(of(made, "陈社员"), "give", by=p.chen)
    at = f"/test-2022/publications/public/pictures/{one.attachment_id}.jpg"
    assert Client().get(at).status_code == 404  # not published yet
    issue = factory.issue(cast)
    module.perform(made, "place", by=p.wang, issue=issue)
    module.perform(issue, "publish", by=p.wang)
    answer = Client().get(at)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "image/jpeg",
        "public, max-age=300",
    )
    page = f"/test-2022/publications/public/{made.pk}/"
    assert at in Client().get(page).content.decode()
    module.perform(of(made, "陈社员"), "withdraw", by=p.chen)
    assert Client().get(at).status_code == 404
    assert at not in Client().get(page).content.decode()

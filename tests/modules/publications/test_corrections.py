"""After publication nothing changes in silence."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.modules.publications import factory
from tests.modules.publications.test_reviewing import names
from tests.modules.publications.writing import written
from tests.world import World, person
from tongzhou.kernel import ledger, module, steps
from tongzhou.modules.publications.models import Article, Correction

NEW = "早上七点，志愿者到小区门口。"


def correcting(cast: World) -> Article:
    made = factory.published(cast, written(cast))
    texts = {"name": made.name, "digest": made.digest, "named": ""}
    return module.perform(made, "correct", by=cast.people.wang, told="原文写作六点，应为七点。", body=NEW, **texts)


def read(made: Article) -> str:
    answer = Client().get(f"/test-2022/publications/public/{made.pk}/")
    return str(answer.content.decode()) if answer.status_code == 200 else str(answer.status_code)


def test_a_correction_shows_with_its_day_once_another_person_let_it_pass(cast: World) -> None:
    made = correcting(cast)
    assert (names(cast, "qian"), "早上六点" in read(made), "更正" in read(made)) == ({"to_approve"}, True, False)
    module.perform(made, "approve", by=cast.people.qian)
    shown = read(made)
    assert ("早上六点" in shown, NEW in shown, "原文写作六点，应为七点。" in shown) == (False, True, True)
    assert f">{timezone.localdate():%Y-%m-%d}</time>" in shown
    kept = Correction.objects.get()
    assert (kept.before["body"], kept.by, kept.approved_by) == (factory.BODY, cast.people.wang, cast.people.qian)
    assert ledger.entries(made).filter(move="approve").get().data["old"]["body"] == factory.BODY


def test_nobody_lets_their_own_correction_pass(cast: World) -> None:
    both = person("both", "双岗", cast.units.org, ("office", cast.units.org), ("leader", cast.units.org))
    made = factory.published(cast, written(cast))
    texts = {"name": "改题", "digest": "", "body": made.body, "named": ""}
    module.perform(made, "correct", by=both, told="改题。", **texts)
    assert names(cast, "qian") == {"to_approve"}
    with pytest.raises(ValidationError, match="提出更正的人不能自己终审"):
        module.perform(made, "approve", by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(approved_by=both)
    assert Article.objects.get(pk=made.pk).name == "门口的一小时"


def test_a_correction_that_is_rejected_leaves_no_trace_for_readers(cast: World) -> None:
    made = correcting(cast)
    module.perform(made, "reject", by=cast.people.qian, note="不必")
    assert ("早上六点" in read(made), "更正" in read(made)) == (True, False)
    with pytest.raises(steps.OutOfStep):
        module.perform(made, "approve", by=cast.people.qian)


def test_a_correction_that_changes_nothing_is_none(cast: World) -> None:
    made = factory.published(cast, written(cast))
    with pytest.raises(ValidationError, match="没有改动"):
        module.perform(
            made, "correct", by=cast.people.wang, told="更正。", name=made.name, digest="", body=made.body, named=""
        )


def test_what_is_taken_down_says_so_and_no_more(cast: World) -> None:
    made = correcting(cast)
    module.perform(made, "take_down", by=cast.people.wang, note="事实待核")
    at = f"/test-2022/publications/public/{made.pk}/"
    answer = Client().get(at)
    page = answer.content.decode()
    assert (answer.status_code, "本文已撤下" in page, made.name in page, "事实待核" in page) == (
        410,
        True,
        False,
        False,
    )
    listed = Client().get("/test-2022/publications/public/").content.decode()
    assert (made.name in listed, "本期稿件已撤下" in listed) == (False, True)
    module.perform(made, "restore", by=cast.people.qian, note="核实无误")
    assert "早上六点" in read(made)

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.world import World
from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Grant, Person
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.chronicle import actions, queries
from tongzhou.modules.chronicle.models import Chronicle
from tongzhou.modules.chronicle.queries import frozen
from tongzhou.modules.chronicle.views import papers

pytestmark = pytest.mark.urls("tests.errands.urls")
Make = Callable[..., Any]
SignIn = Callable[[Any], Client]


def told(chronicle: Chronicle) -> str:
    (part,) = queries.published(chronicle).parts
    return "".join(said.text for paragraph in part.paragraphs for said in paragraph)


def test_published_paper_keeps_its_values_and_shows_corrections_beside(
    cast: World, errand: Make, paper: Make, publish: Make, signed_in: SignIn
) -> None:
    made = errand(weight=400)
    chronicle = publish(paper())
    assert told(chronicle) == "登记跑腿1次。搬运400公斤。涉及1户。"
    assert [figure.now for figure in queries.published(chronicle).figures] == ["", "", ""]
    steps.amend(made, by=cast.people.house, weight=410)
    assert told(chronicle) == "登记跑腿1次。搬运400公斤。涉及1户。"
    assert [figure.now for figure in queries.published(chronicle).figures] == ["", "410公斤", ""]
    page = signed_in(cast.people.wang).get(chronicle.get_absolute_url()).content.decode()
    beside = f"（现为 410公斤，{timezone.localdate()} 更正）"
    assert f'fact=weight">400公斤</a><span class="late">{beside}</span>' in page
    with translation.override("en"):
        assert [figure.now for figure in queries.published(chronicle).figures] == ["", "410 kg", ""]


def test_correction_that_the_reader_cannot_reach_is_shown_as_the_publisher_reaches(
    cast: World, errand: Make, paper: Make, publish: Make, signed_in: SignIn
) -> None:
    errand(weight=400, unit=cast.units.branch3)
    chronicle = publish(paper(unit=cast.units.branch1))
    page = signed_in(cast.people.sun).get(chronicle.get_absolute_url()).content.decode()
    assert ("400公斤" in page, "现为" in page) == (True, False)


def test_figures_are_not_held_against_another_reach(cast: World, errand: Make, paper: Make, publish: Make) -> None:
    errand(weight=400)
    chronicle = publish(paper())
    Grant.objects.filter(person=cast.people.qian).update(unit=cast.units.branch2)
    assert [figure.now for figure in queries.published(chronicle).figures] == ["", "", ""]


def test_whoever_wrote_does_not_publish(cast: World, errand: Make, paper: Make) -> None:
    errand()
    Grant.objects.create(person=cast.people.wang, unit=cast.units.org, role="leader", since="2020-01-01")
    chronicle = paper()
    module.perform(chronicle, "submit", by=cast.people.wang)
    with pytest.raises(PermissionDenied):
        module.perform(chronicle, "publish", by=cast.people.wang)
    assert Chronicle.objects.get().state == "review"


def test_publishing_twice_is_out_of_step(cast: World, errand: Make, paper: Make, publish: Make) -> None:
    errand()
    chronicle = paper()
    stale = Chronicle.objects.get(pk=chronicle.pk)
    publish(chronicle)
    with pytest.raises(OutOfStep):
        module.perform(stale, "publish", by=cast.people.qian)


def test_database_refuses_a_change_of_what_was_published(errand: Make, paper: Make, publish: Make) -> None:
    errand()
    chronicle = publish(paper())
    with pytest.raises(DatabaseError), transaction.atomic():
        Chronicle.objects.filter(pk=chronicle.pk).update(frozen={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Chronicle.objects.filter(pk=chronicle.pk).update(frozen=None)
    assert Chronicle.objects.get().frozen == chronicle.frozen


def test_digest_covers_everything_and_is_in_the_ledger(
    errand: Make, paper: Make, publish: Make, signed_in: SignIn, cast: World
) -> None:
    errand()
    chronicle = publish(paper())
    kept = chronicle.frozen
    assert kept["digest"] == frozen.digest(kept)
    assert kept["digest"] != frozen.digest(kept | {"at": ""})
    page = signed_in(cast.people.li).get(chronicle.get_absolute_url()).content.decode()
    assert f"钱签发签发，摘要 {kept['digest'][:12]}" in page


def test_prose_that_lost_its_record_is_not_published(cast: World, errand: Make, paper: Make) -> None:
    chronicle, made = paper(), errand(what="送到20号楼")
    module.perform(chronicle, "cite", by=cast.people.wang, table="errands.errand", key=made.pk)
    actions.write(chronicle, by=cast.people.wang, line="intro", text="送到20号楼。")
    steps.amend(made, by=cast.people.house, what="送到门口")
    module.perform(chronicle, "submit", by=cast.people.wang)
    with pytest.raises(actions.Strays):
        module.perform(chronicle, "publish", by=cast.people.qian)


def test_new_edition_names_the_old_and_replaces_it(
    cast: World, errand: Make, paper: Make, publish: Make, signed_in: SignIn
) -> None:
    made, draft = errand(weight=400), paper()
    actions.write(draft, by=cast.people.wang, line="intro", text="前言。")
    old = publish(draft)
    steps.amend(made, by=cast.people.house, weight=410)
    client = signed_in(cast.people.wang)
    begun = client.post(reverse("chronicle.correct", args=["test-2022", old.pk]))
    assert client.post(reverse("chronicle.correct", args=["test-2022", old.pk]))["Location"] == begun["Location"]
    new = Chronicle.objects.get(corrects=old)
    assert [section.text for section in new.sections.all()] == ["前言。"]
    new = publish(new)
    assert (Chronicle.objects.get(pk=old.pk).state, new.state) == ("replaced", "published")
    assert [figure.text for figure in queries.published(new).figures][1] == "410公斤"
    assert [figure.text for figure in queries.published(old).figures][1] == "400公斤"
    assert client.get(new.get_absolute_url()).content.decode().count(old.get_absolute_url()) >= 1


def test_return_and_brief_freeze_their_own_figures(cast: World, errand: Make, paper: Make, publish: Make) -> None:
    made = errand(weight=400)
    table = publish(paper(kind="return", about=cast.units.org, wanted=["errands.weight"]))
    brief = publish(paper(kind="brief", first_on="2022-03-05", last_on="2022-03-05"))
    steps.amend(made, by=cast.people.house, weight=410)
    grid = queries.published(table).grid
    assert grid is not None
    assert [(cell.text, cell.now) for cell in grid.rows[0].cells] == [
        ("400公斤", "410公斤"),
        ("400公斤", "410公斤"),
        ("0公斤", ""),
        ("0公斤", ""),
    ]
    changed = {figure.token: figure.now for figure in queries.published(brief).figures if figure.now}
    assert changed == {"{errands.weight}": "410公斤", "{errands.weight|累计}": "410公斤"}


def test_published_json_gives_the_frozen_records(cast: World, errand: Make, paper: Make, publish: Make) -> None:
    first = errand(weight=400)
    chronicle = publish(paper())
    errand(weight=5)
    shape = papers.as_json(papers.composed(chronicle, cast.people.wang), cast.people.wang)
    figure = shape["sections"][0]["sentences"][1]["figures"][0]
    assert (figure["value"], figure["records"]) == (400, [str(first.pk)])


def test_only_published_disclosures_are_public(errand: Make, paper: Make, publish: Make, client: Client) -> None:
    errand(weight=400)
    shown, draft = publish(paper(kind="disclosure", heading="物资公示")), paper(kind="disclosure")
    inside = publish(paper())
    page = client.get(reverse("chronicle.public", args=["test-2022", shown.pk]))
    assert (page.status_code, '<strong class="figure">400公斤</strong>' in page.content.decode()) == (200, True)
    assert [row.pk for row in client.get(reverse("chronicle.public.list", args=["test-2022"])).context["rows"]] == [
        shown.pk
    ]
    for hidden in (draft, inside):
        assert client.get(reverse("chronicle.public", args=["test-2022", hidden.pk])).status_code == 404
    assert client.get(shown.get_absolute_url()).status_code == 302


def test_disclosure_warns_of_names(cast: World, errand: Make, paper: Make, signed_in: SignIn) -> None:
    errand()
    chronicle = paper(kind="disclosure")
    actions.write(chronicle, by=cast.people.wang, line="intro", text="感谢赵社员。")
    assert signed_in(cast.people.wang).get(chronicle.get_absolute_url()).context["named"] == ["赵社员"]


def test_disclosure_warns_of_names_in_its_head_and_in_the_language_not_read(
    cast: World, errand: Make, paper: Make, signed_in: SignIn
) -> None:
    errand(weight=30)
    Person.objects.filter(pk=cast.people.zhao.pk).update(name_en="Zhao Member")
    chronicle = paper(kind="disclosure", subtitle="陈社员所办")
    actions.write(chronicle, by=cast.people.wang, line="intro", text_en="Zhao Member did it.")
    page = signed_in(cast.people.wang).get(chronicle.get_absolute_url())
    assert page.context["named"] == ["Zhao Member", "陈社员"]


def test_published_paper_gives_way_to_a_published_edition_only(
    cast: World, errand: Make, paper: Make, publish: Make, signed_in: SignIn
) -> None:
    errand(weight=30)
    chronicle = publish(paper(kind="disclosure"))
    actions.correct(chronicle, by=cast.people.wang)
    answer = signed_in(cast.people.qian).post(f"{chronicle.get_absolute_url()}moves/replace/", follow=True)
    assert "已被他人处理" in answer.content.decode()
    assert Chronicle.objects.get(pk=chronicle.pk).state == "published"

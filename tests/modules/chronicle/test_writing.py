from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.chronicle import actions, queries
from tongzhou.modules.chronicle.models import Chronicle, Section

pytestmark = pytest.mark.urls("tests.errands.urls")
Make = Callable[..., Any]
SignIn = Callable[[Any], Client]


def saved(chronicle: Chronicle, line: str = "service") -> tuple[str, str]:
    section = Section.objects.get(chronicle=chronicle, line=line)
    return section.text, section.text_en


def fresh(chronicle: Chronicle) -> Chronicle:
    return Chronicle.objects.get(pk=chronicle.pk)


def test_typed_figure_becomes_its_token_and_stays_live(cast: World, errand: Make, paper: Make) -> None:
    chronicle, _made = paper(), errand(weight=12)
    actions.write(
        chronicle,
        by=cast.people.wang,
        line="service",
        text="3月5日，支社搬运12公斤物资。",
        text_en="They carried 12 kg.",
    )
    assert saved(chronicle) == ("3月5日，支社搬运{errands.weight}物资。", "They carried {errands.weight}.")
    errand(weight=8)
    (part,) = queries.composition(fresh(chronicle), cast.people.wang).parts
    assert part.paragraphs[0][0].text == "3月5日，支社搬运20公斤物资。"


def test_stray_number_is_refused_with_its_place_and_nothing_is_lost(
    cast: World, errand: Make, paper: Make, signed_in: SignIn
) -> None:
    chronicle, _made = paper(), errand(weight=12)
    client, address = (
        signed_in(cast.people.wang),
        reverse("chronicle.write", args=["test-2022", chronicle.pk, "service"]),
    )
    sent = {
        "version": chronicle.version,
        "text": "支社奋战。\n搬运物资90公斤，送到门口。",
        "text_en": "They carried 90 kg.",
    }
    answer = client.post(address, sent)
    assert answer.status_code == 422
    strays = {
        name: [(one["stray"].line, one["stray"].column, one["stray"].text) for one in found]
        for name, found in answer.context["strays"].items()
    }
    assert strays == {"zh": [(2, 5, "90公斤")], "en": [(1, 14, "90 kg")]}
    page = answer.content.decode()
    assert page.count("<mark>90公斤</mark>") == 1
    assert page.count(sent["text"].replace("\n", "\n")) == 1
    assert "“90公斤”与记录不符，记录中是：12公斤" in page
    assert Section.objects.count() == 0
    english = client.post(address, sent, headers={"accept-language": "en"}).content.decode()
    assert "Line 2, letter 5:" in english


def test_text_left_as_told_stays_live_in_both_languages(
    cast: World, errand: Make, paper: Make, signed_in: SignIn
) -> None:
    chronicle, _made = paper(), errand(weight=12)
    client, address = (
        signed_in(cast.people.wang),
        reverse("chronicle.write", args=["test-2022", chronicle.pk, "service"]),
    )
    begun = client.get(address).context["form"].initial
    assert begun["text"] == "登记跑腿{errands.asked}。搬运{errands.weight}。涉及{errands.households}。"
    assert client.post(address, begun).status_code == 302
    assert saved(chronicle) == ("", "")


def test_preview_saves_nothing_and_links_typed_figures(
    cast: World, errand: Make, paper: Make, signed_in: SignIn
) -> None:
    chronicle, _made = paper(), errand(weight=12)
    address = reverse("chronicle.write", args=["test-2022", chronicle.pk, "service"])
    sent = {"version": chronicle.version, "text": "搬运12公斤。", "text_en": "", "preview": "1"}
    page = signed_in(cast.people.wang).post(address, sent)
    assert '<a class="figure" href="/test-2022/errands/?fact=weight">12公斤</a>' in page.content.decode()
    assert Section.objects.count() == 0


def test_two_editors_do_not_overwrite_each_other(cast: World, errand: Make, paper: Make, signed_in: SignIn) -> None:
    chronicle, _made = paper(), errand()
    client, address = signed_in(cast.people.wang), reverse("chronicle.write", args=["test-2022", chronicle.pk, "intro"])
    begun = {"version": chronicle.version, "text": "前言甲。", "text_en": ""}
    client.post(address, begun)
    answer = client.post(address, begun | {"text": "前言乙。"})
    assert (answer.status_code, saved(chronicle, "intro")[0]) == (422, "前言甲。")
    assert answer.context["form"]["text"].value() == "前言乙。"
    again = begun | {"text": "前言乙。", "version": answer.context["form"]["version"].value()}
    assert (client.post(address, again).status_code, saved(chronicle, "intro")[0]) == (302, "前言乙。")


def test_number_of_several_figures_must_say_which(cast: World, errand: Make, paper: Make) -> None:
    chronicle = paper()
    errand(items=[("口罩", "个", 20), ("手套", "个", 20)])
    with pytest.raises(actions.Strays) as refused:
        actions.write(chronicle, by=cast.people.wang, line="service", text="代买20个。")
    assert str(refused.value.found["zh"][0].advice) == "有几个统计数都是“20个”。请删去，改从统计数中插入所指的那一个。"
    actions.write(chronicle, by=cast.people.wang, line="service", text="代买{errands.items|口罩|个}。")
    assert saved(chronicle)[0] == "代买{errands.items|口罩|个}。"


def test_token_of_no_fact_is_refused(cast: World, paper: Make) -> None:
    with pytest.raises(actions.Strays):
        actions.write(paper(), by=cast.people.wang, line="intro", text="共{errands.nothing}。")


def test_cited_record_lends_its_numbers(cast: World, errand: Make, paper: Make, signed_in: SignIn) -> None:
    chronicle, made = paper(), errand(what="送药到20号楼", weight=12)
    errand(weight=30)
    text = "为20号楼送药，重12公斤。"
    with pytest.raises(actions.Strays):
        actions.write(fresh(chronicle), by=cast.people.wang, line="service", text=text)
    address = reverse("chronicle.citations", args=["test-2022", chronicle.pk])
    client = signed_in(cast.people.wang)
    assert [row["record"] for row in client.get(address, {"q": "送药"}).context["found"]] == [made]
    client.post(address, {"cite": f"errands.errand/{made.pk}"})
    actions.write(fresh(chronicle), by=cast.people.wang, line="service", text=text)
    composed = queries.composition(fresh(chronicle), cast.people.wang)
    assert (saved(chronicle)[0], composed.notes) == (text, ((str(made), made.get_absolute_url()),))
    client.post(address, {"uncite": f"errands.errand/{made.pk}"})
    assert fresh(chronicle).citations.count() == 1  # the prose still needs it


def test_record_out_of_reach_cannot_be_cited(cast: World, errand: Make, paper: Make) -> None:
    made = errand(unit=cast.units.branch3)
    chronicle = paper(unit=cast.units.branch1, by=cast.people.sun)
    with pytest.raises(ValidationError):
        module.perform(chronicle, "cite", by=cast.people.sun, table="errands.errand", key=made.pk)


def test_paper_in_review_is_not_written(cast: World, errand: Make, paper: Make, signed_in: SignIn) -> None:
    chronicle = paper()
    module.perform(chronicle, "submit", by=cast.people.wang)
    with pytest.raises(OutOfStep):
        actions.write(chronicle, by=cast.people.wang, line="intro", text="前言。")
    address = reverse("chronicle.write", args=["test-2022", chronicle.pk, "intro"])
    assert signed_in(cast.people.wang).get(address).status_code == 403
    assert signed_in(cast.people.outsider).get(address).status_code == 404


def test_new_paper_is_made_by_its_form(cast: World, errand: Make, signed_in: SignIn) -> None:
    errand(weight=12)
    client = signed_in(cast.people.wang)
    blank = client.get(reverse("chronicle.chronicle.new", args=["test-2022"]))
    sent = {
        "key": blank.context["key"],
        "kind": "chronicle",
        "unit": cast.units.org.pk,
        "when": "2022-04-01",
        "first_on": "2022-03-01",
    }
    made = client.post(reverse("chronicle.chronicle.new", args=["test-2022"]), sent)
    assert made.status_code == 302, made.context["form"].errors
    page = client.get(made["Location"]).content.decode()
    assert '搬运<a class="figure" href="/test-2022/errands/?fact=weight&amp;first=2022-03-01">12公斤</a>。' in page
    assert str(Chronicle.objects.get()) == "测试响应纪实"
    late = sent | {"key": "", "first_on": "2022-05-01", "last_on": "2022-03-01"}
    assert (
        "起始日期不能晚于截止日期。"
        in client.post(reverse("chronicle.chronicle.new", args=["test-2022"]), late).content.decode()
    )
    assert Chronicle.objects.get().first_on == date(2022, 3, 1)

"""An article drafted from a record: its words and figures in place; what is out of reach is not found, what is confidential refused."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.modules.donations.giving import stocked
from tests.modules.proposals import factory as items
from tests.modules.publications.writing import written
from tests.world import World
from tongzhou.kernel import handoff, module
from tongzhou.kernel.models import Record
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.actions import drafting
from tongzhou.modules.publications.models import Article, Cited

BOTTLES = {
    "item": "消毒液",
    "item_en": "disinfectant",
    "measure": "瓶",
    "quantity": 100,
    "value_fen": 250_000,
    "basis": "invoice",
}


def gift(cast: World, **fields: Any) -> Any:
    return stocked(cast, BOTTLES, donor_name="好心公司", **fields)


def begun(cast: World, record: Record, who: str = "sun") -> Article:
    return drafting.begin(uuid4(), cast.response, by=getattr(cast.people, who), source=record)


def test_a_gift_becomes_a_draft_with_its_figures_and_without_a_donor_who_is_not_to_be_named(cast: World) -> None:
    with translation.override("en"):  # the writer's language does not matter: what is published is Chinese
        made = begun(cast, gift(cast))
    assert (made.name, made.contributor) == ("爱心人士的捐赠", "第一支社 孙支社")
    assert made.body == "收到消毒液[数1]，捐赠物资折合[数2]。"
    assert list(Cited.objects.values_list("number", "fact", "text")) == [(1, "goods", "100瓶"), (2, "worth", "2500元")]
    assert queries.text_of(made).splitlines()[-1] == "收到消毒液100瓶，捐赠物资折合2500元。"
    assert [str(one) for one in queries.sources(made, cast.people.sun)] != []
    # the author's readers do not see the gift because of the article
    assert queries.sources(made, cast.people.zhao) == []


def test_whom_a_record_concerns_writes_about_it_with_its_figures(cast: World) -> None:
    """Zhao gave the bottles and has no role; his own gift he sees, and nobody else's."""
    made = begun(cast, stocked(cast, BOTTLES, donor_person=cast.people.zhao), "zhao")
    assert made.body == "收到消毒液[数1]，捐赠物资折合[数2]。"
    assert queries.hindrances(made) == []


def test_an_opinion_item_brings_its_words(cast: World) -> None:
    item = items.sent(cast, cast.people.chen)
    made = begun(cast, item)
    assert made.name == item.name
    assert made.body == "独居老人下楼不便，社区登记了一百二十户。\n由街道统一排班。"


def test_a_record_handed_over_is_one_article(cast: World) -> None:
    source = gift(cast)
    one = handoff.hand_over(source, "article", by=cast.people.sun)
    assert handoff.hand_over(source, "article", by=cast.people.sun) == one
    assert (one.unit, handoff.went_to(source)) == (cast.units.branch1, [one])


def test_an_address_names_a_record_only_within_reach(cast: World) -> None:
    """Absent, out of reach, of another response, no record at all: the same words."""
    near, far = gift(cast), gift(cast, unit=cast.units.branch3)
    sun = cast.people.sun
    found = queries.record_at(f"http://localhost:8000{near.get_absolute_url()}?x=1", cast.response, sun)
    assert found == near
    away = near.get_absolute_url().replace("test-2022", "elsewhere-2022")
    nothing = near.get_absolute_url().replace(str(near.pk), str(uuid4()))
    for address in (far.get_absolute_url(), away, nothing, "/test-2022/donations/", "http://[", "捐赠", ""):
        with pytest.raises(ValidationError) as fault:
            queries.record_at(address, cast.response, sun)
        assert fault.value.messages == ["没有找到这条记录。请粘贴本响应中一条记录页面的网址。"]


def test_what_is_confidential_goes_into_no_article_whoever_asks(cast: World) -> None:
    """Wang of the office may read it; it is refused all the same, and so is a draft that its author has not sent."""
    secret = items.sent(cast, is_confidential=True)
    assert queries.record_at(secret.get_absolute_url(), cast.response, cast.people.wang) == secret
    with pytest.raises(ValidationError, match="涉密或未公开"):
        begun(cast, secret, "wang")
    unsent = items.item_of(cast, cast.people.zhao)
    with pytest.raises(ValidationError, match="涉密或未公开"):
        begun(cast, unsent, "zhao")
    assert Article.objects.count() == 0


def test_a_figure_that_the_records_no_longer_bear_out_holds_up_publication(cast: World) -> None:
    source = gift(cast)
    made = begun(cast, source)
    assert queries.hindrances(made) == []
    line = source.lines.get()
    type(line).objects.filter(pk=line.pk).update(received=90, in_stock=90)
    assert queries.hindrances(made) == ["[数1]写的是100瓶，记录里现在是90瓶。"]


def test_a_record_that_is_out_of_reach_by_now_bears_nothing_out(cast: World) -> None:
    source = gift(cast)
    made = begun(cast, source)
    cast.people.sun.grants.update(until=date(2022, 1, 1))
    fresh = Article.objects.get(pk=made.pk)
    assert queries.hindrances(fresh) == ["[数1]写的是100瓶，记录里现在是无。", "[数2]写的是2500元，记录里现在是无。"]


def test_the_same_record_is_cited_once_and_only_while_one_may_write(cast: World) -> None:
    source, made = gift(cast), written(cast, cast.people.sun)
    drafting.cite(made, source, by=cast.people.sun)
    with pytest.raises(ValidationError, match="已经引用过"):
        drafting.cite(made, source, by=cast.people.sun)
    module.perform(made, "send", by=cast.people.sun)
    assert drafting.may_write(made, cast.people.sun) is False

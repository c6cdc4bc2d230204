"""Residents on their telephones: codes for a family, typing errors, results by code and a second factor; and that the register goes."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel import ledger, module, seal
from tongzhou.kernel.models import Response
from tongzhou.modules.testing import actions, queries, rules
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Campaign, Conflict, Resident

ID, OTHER = "210599199003072414", "11010519491231002X"  # the first ends in a wrong digit


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def at(cast: World, name: str = "testing.code", *more: Any) -> str:
    return reverse(name, args=[cast.response.slug, *more])


def register(client: Client, cast: World, **fields: Any) -> Any:
    sent = {"name": "张三明", "document": "id", "number": OTHER, "unit": ""} | fields
    return client.post(at(cast), sent)


def cards(client: Client, cast: World) -> list[str]:
    return [one["card"].code for one in client.get(at(cast)).context["cards"]]


def test_a_number_is_held_to_its_check_digit() -> None:
    assert rules.is_number("id", OTHER)
    assert not rules.is_number("id", OTHER[:-1] + "1")
    assert rules.is_number("passport", "E12345678")
    assert not rules.is_number("permit", "H1")
    assert rules.plain_number(" 1101 0519-4912 31002ｘ") == OTHER


def test_a_family_has_its_codes_on_one_telephone(client: Client, cast: World) -> None:
    assert register(client, cast, unit=str(cast.units.street1.pk)).status_code == 302
    register(client, cast, name="李", document="none", number="")
    register(client, cast, name="John Smith", document="passport", number="e 1234567")
    page = client.get(at(cast)).content.decode()
    assert [name in page for name in ("张*明", "张三明", OTHER, "J***h")] == [True, False, False, True]
    passport, drawn, first = cards(client, cast)
    read = rules.read_code(first)
    assert read is not None
    assert read.zone == queries.mark(cast.units.street1.code)
    assert 29 < read.expires / 86_400_000 - time.time() / 86_400 <= 30
    kept = Resident.objects.get(document="passport")
    assert (seal.open(kept, "name"), seal.open(kept, "number")) == ("John Smith", "E1234567")
    assert Client().get(at(cast)).context["cards"] == []
    client.post(at(cast), {"forget": "1"})
    assert cards(client, cast) == [drawn, first]
    assert passport not in client.get(at(cast)).content.decode()


def test_the_code_of_a_telephone_is_that_of_the_card_at_the_station(client: Client, cast: World) -> None:
    register(client, cast)
    (code,) = cards(client, cast)
    here = sampling.session(cast)
    who = {"name": "张三明", "kind": "id", "number": OTHER}
    acks = send(here, item(1, text(code=code)), item(2, text(tube="T2", person=who)))
    assert [(str(ack.status), ack.verdict) for ack in acks] == [("stored", 1), ("conflict", 2)]


def test_a_wrong_digit_is_said_and_nothing_is_kept(client: Client, cast: World) -> None:
    answer = register(client, cast, number=OTHER[:-1] + "1")
    assert answer.status_code == 422
    assert "最后一位是校验码" in answer.content.decode()
    assert register(client, cast, number="").status_code == 422
    assert not Resident.objects.exists()


def test_whoever_types_a_known_number_changes_and_learns_nothing(client: Client, cast: World) -> None:
    register(client, cast)
    stranger = Client()
    assert "张" not in register(stranger, cast, name="王小二").content.decode()
    assert "张" not in stranger.get(at(cast)).content.decode()
    assert seal.open(Resident.objects.get(), "name") == "张三明"


def look_up(client: Client, cast: World, code: str, tail: str) -> Any:
    return client.post(f"{at(cast, 'testing.mine')}?lang=zh-hans", {"code": code, "tail": tail})


@pytest.fixture
def swabbed(client: Client, cast: World, tmp_path: Path, settings: Any) -> str:
    """The code of a person who was swabbed and is negative."""
    settings.DATA = tmp_path
    register(client, cast)
    (code,) = cards(client, cast)
    here = sampling.session(cast)
    send(here, item(1, text(code=code)))
    campaign = Campaign.objects.select_related("response", "unit").get(pk=here.campaign)
    module.perform(campaign, "open", by=cast.people.house)
    actions.results.take(campaign, Line("T0001", "negative", timezone.now(), "市疾控"), by=cast.people.house)
    actions.publishing.publish(campaign)
    return code


def test_a_result_is_told_for_code_and_second_factor(swabbed: str, cast: World) -> None:
    stranger = Client()
    assert "阴性" not in look_up(stranger, cast, swabbed, "0021").content.decode().split("<template")[0]
    page = look_up(stranger, cast, swabbed, "002X")
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    shown = page.content.decode().split("<template")[0]
    assert ["阴性" in shown, "市疾控" in shown] == [True, True]


def test_the_ledger_of_swabs_is_not_asked_for_a_result(
    swabbed: str, cast: World, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4) as asked:
        look_up(Client(), cast, swabbed, "002X")
    tables = {
        word.strip('"')
        for query in asked.captured_queries
        for word in query["sql"].split()
        if word.startswith('"testing_')
    }
    assert {table.split(".")[0].strip('"') for table in tables} == {"testing_resident"}


def test_guesses_are_counted_by_the_code_they_try(swabbed: str, cast: World) -> None:
    for n in range(10):
        assert "对不上" in look_up(Client(), cast, swabbed, f"{n:04}").content.decode()
    assert "试错太多" in look_up(Client(), cast, swabbed, "002X").content.decode()


def test_the_page_of_results_may_be_kept_by_caches(client: Client, cast: World) -> None:
    assert client.get(at(cast, "testing.mine")).status_code == 302
    stranger = client.get(f"{at(cast, 'testing.mine')}?lang=zh-hans")
    client.force_login(cast.people.sun)
    someone = client.get(f"{at(cast, 'testing.mine')}?lang=zh-hans")
    assert stranger.content == someone.content
    assert stranger["Cache-Control"] == "public, max-age=300"
    assert not stranger.cookies
    assert "csrfmiddlewaretoken" not in someone.content.decode()
    assert "Test results" in client.get(f"{at(cast, 'testing.mine')}?lang=en").content.decode()


def test_a_resident_sees_where_and_when_to_come(client: Client, cast: World) -> None:
    now = timezone.now()
    campaign = sampling.campaign(cast, begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=4))
    point = sampling.point(cast, campaign, place="操场，北门进")
    module.perform(campaign, "open", by=cast.people.house)
    register(client, cast, unit=str(cast.units.street1.pk))
    register(client, cast, document="none", name="张小", unit=str(cast.units.street2.pk))
    page = client.get(at(cast)).content.decode()
    assert page.count(point.place) == 1
    assert page.count("北门进") == 1


def test_the_register_goes_when_testing_is_over(swabbed: str, client: Client, cast: World, tmp_path: Path) -> None:
    send(queries.session(7001), item(1, text(2, tube="T9")))  # type: ignore[arg-type]  # it is there
    call_command("purge_residents")
    assert Conflict.objects.exclude(text="").count() == 1  # the campaign goes on
    assert Resident.objects.count() == 1
    Response.objects.update(ended_on=timezone.localdate())
    call_command("purge_residents")
    assert Resident.objects.count() == 1  # registered today: kept for some days all the same
    Resident.objects.update(registered_at=timezone.now() - timedelta(days=31))
    call_command("purge_residents")
    assert not Resident.objects.exists()
    assert Conflict.objects.exclude(text="").count() == 0
    assert list((tmp_path / "results").glob("**/*.txt")) == []
    said = [ledger.sentence(entry) for entry in ledger.entries(cast.response)]
    assert said[-1] == f"{cast.people.house}清除核酸检测中的个人信息：居民登记1人，待核记录原文0条"

"""Who may change what the register says of a person: whoever registered them first, by that code and the last letters of the document."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.modules.testing.test_residents import ID, OTHER, at, cards, register
from tests.world import World
from tongzhou.kernel import seal
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.models import Resident


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def correct(client: Client, cast: World, place: int = 1, **fields: Any) -> Any:
    sent = {"tail": "002x", "name": "张三明", "document": "", "number": "", "unit": ""} | fields
    return client.post(at(cast, "testing.code.correct", place), sent)


def test_a_name_is_mended_by_whoever_knows_the_document(client: Client, cast: World) -> None:
    register(client, cast, name="章三明", unit=str(cast.units.street1.pk))
    page = client.get(at(cast, "testing.code.correct", 1))
    assert page.context["form"].initial == {"unit": cast.units.street1.pk}
    assert "章三明" not in page.content.decode()
    assert correct(client, cast, tail="0000").status_code == 422
    assert correct(client, cast).status_code == 302
    assert seal.open(Resident.objects.get(), "name") == "张三明"
    assert correct(Client(), cast).status_code == 404


def test_a_wrong_number_makes_another_code_and_the_mistake_goes(client: Client, cast: World) -> None:
    register(client, cast, document="passport", number="E1234567")
    before = cards(client, cast)
    assert correct(client, cast, tail="4567", document="id").status_code == 422
    assert correct(client, cast, tail="4567", document="id", number=ID).status_code == 422
    assert correct(client, cast, tail="4567", number="E7654321").status_code == 302
    assert cards(client, cast) != before
    assert correct(client, cast, tail="4321", document="id", number=OTHER).status_code == 302
    assert seal.open(Resident.objects.get(), "number") == OTHER
    assert Resident.objects.count() == 1


def test_an_entry_under_which_somebody_was_swabbed_stays(client: Client, cast: World) -> None:
    register(client, cast, document="passport", number="E1234567")
    send(sampling.session(cast), item(1, text(code=cards(client, cast)[0])))
    correct(client, cast, tail="4567", document="id", number=OTHER)
    assert Resident.objects.count() == 2


def kept(cast: World) -> tuple[Any, ...]:
    """All that the register says of the one person in it, and the counts that are told of it."""
    row = Resident.objects.get()
    heads = queries.heads(cast.response, by=cast.people.feng)
    return seal.open(row, "name"), row.zone, row.home, row.turn, row.code_expires_at, heads.units


@pytest.fixture
def lan(client: Client, cast: World) -> str:
    """The code of someone of East Street who registered an hour ago."""
    register(client, cast, unit=str(cast.units.street1.pk))
    (code,) = cards(client, cast)
    return code


def test_a_known_number_typed_elsewhere_changes_nothing(lan: str, cast: World) -> None:
    """Another name, no community, another community: the register stays as it is, and so does what the planners are told."""
    before = kept(cast)
    assert before[5] == {cast.units.street1.code: 1}
    for unit in ("", str(cast.units.street2.pk), str(cast.units.street1.pk)):
        stranger = Client()
        assert register(stranger, cast, name="王小二", unit=unit).status_code == 302
        assert kept(cast) == before
        (code,) = cards(stranger, cast)
        read = rules.read_code(code)
        assert read is not None
        assert read.person == Resident.objects.get().key.bytes  # good to be sampled with
        assert code != lan  # though within the hour, and from the same street


def test_whoever_only_knows_the_number_mends_and_removes_nothing(lan: str, cast: World) -> None:
    before, stranger = kept(cast), Client()
    register(stranger, cast, unit=str(cast.units.street1.pk))
    for fields in (
        {"name": "王小二"},
        {"document": "passport", "number": "E1234567"},
        {"first": cards(stranger, cast)[0]},
    ):
        answer = correct(stranger, cast, **fields)
        assert (answer.status_code, "这个证件以前登记过" in answer.content.decode()) == (422, True)
    assert kept(cast) == before


def test_on_a_new_telephone_the_first_code_is_the_proof(lan: str, cast: World) -> None:
    phone = Client()
    register(phone, cast, name="章三明")
    assert correct(phone, cast, first=f" {lan[:20]} {lan[20:]}", tail="0000").status_code == 422
    assert correct(phone, cast, name="张三鸣", first=f" {lan[:20]} {lan[20:]}").status_code == 302
    assert seal.open(Resident.objects.get(), "name") == "张三鸣"
    assert correct(phone, cast, name="张三明").status_code == 302  # its code is now the one that counts


def test_the_code_of_another_person_is_no_proof(lan: str, client: Client, cast: World) -> None:
    stranger = Client()
    register(stranger, cast, document="passport", number="E1234567")
    register(stranger, cast)  # Lan's
    passport = cards(stranger, cast)[1]
    assert correct(stranger, cast, name="王小二", first=passport).status_code == 422
    assert seal.open(Resident.objects.get(document="id"), "name") == "张三明"


def test_their_own_telephone_moves_house_and_renews_a_code_that_is_over(lan: str, client: Client, cast: World) -> None:
    register(client, cast, unit=str(cast.units.street2.pk))
    assert kept(cast)[5] == {cast.units.street2.code: 1}
    (moved,) = [code for code in cards(client, cast) if code != lan]
    Resident.objects.update(code_expires_at=timezone.now() - timedelta(days=1))
    assert cards(client, cast)[0] == moved
    register(client, cast, unit=str(cast.units.street1.pk))  # by none of the codes of this telephone any more
    assert kept(cast)[5] == {cast.units.street2.code: 1}


def test_who_is_known_from_a_card_only_says_where_they_live(client: Client, cast: World) -> None:
    """A station that read a card made the entry; the person's first registration adds the place."""
    send(sampling.session(cast), item(1, text(person={"name": "张三明", "kind": "id", "number": OTHER})))
    assert Resident.objects.get().code_expires_at is None
    register(client, cast, unit=str(cast.units.street1.pk))
    assert kept(cast)[5] == {cast.units.street1.code: 1}
    assert correct(client, cast, name="张三鸣").status_code == 302

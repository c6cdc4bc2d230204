"""Both languages are complete: every sentence has its English, and an English page shows no Chinese but what was typed in."""

import html
import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from tests.contract.doors import address, doors
from tests.contract.rooms import each_desk, factory
from tests.world import World
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.models import Entry, Person, Record, Response, Unit

pytestmark = pytest.mark.any_engine
SignIn = Callable[[Person], Client]
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
# the house, a language in its own words, what may be typed in as it is
OWN_NAMES = re.compile(r"同舟|简体中文|中文|20余次")


def test_every_sentence_has_its_english() -> None:
    call_command("messages", check=True)


def in_latin() -> None:
    """What was typed in, without Chinese: what is left on a page is the house's own."""
    for model in (Unit, Response):
        for row in model._default_manager.all():
            model._default_manager.filter(pk=row.pk).update(name=f"N{str(row.pk)[:4]}")
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(name=f"P{str(person.pk)[:4]}")


def left(client: Client, at: str) -> list[str]:
    """Chinese in what a reader sees or hears: text, titles, labels, placeholders."""
    answer = client.get(at, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, at
    text = re.sub(r"<(script|style|option)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return sorted(set(CHINESE.findall(OWN_NAMES.sub("", html.unescape(text)))))


@each_desk
def test_a_rooms_pages_are_english_in_english(desk: Desk, cast: World, signed_in: SignIn) -> None:
    in_latin()
    client = signed_in(Person.objects.get(pk=cast.people.house.pk))
    pages = ["list", "print", "new", "import"]
    found = {}
    for page in pages:
        at = desk.url(page, cast.response)
        if client.get(at).status_code == 200:
            found[page] = left(client, at)
    assert {page: words for page, words in found.items() if words} == {}


@pytest.mark.parametrize("name", [name for name, params in sorted(doors().items()) if not params])
def test_the_front_door_is_english_in_english(name: str, cast: World, signed_in: SignIn) -> None:
    in_latin()
    at = address(name, set(), "in", cast)
    for client in (Client(), signed_in(Person.objects.get(pk=cast.people.house.pk))):
        answer = client.get(at)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            assert (at, left(client, at)) == (at, [])


@each_desk
def test_a_record_is_told_in_english(desk: Desk, cast: World, signed_in: SignIn) -> None:
    """Labels, states, moves and the history; what was typed into the record is taken out first."""
    row = factory(desk)(cast)
    in_latin()
    client = signed_in(Person.objects.get(pk=cast.people.house.pk))
    typed = set(CHINESE.findall(" ".join(map(str, _typed(row)))))
    words = left(client, row.get_absolute_url())
    assert [word for word in words if not any(word in other or other in word for other in typed)] == []


def _typed(row: Record) -> list[object]:
    """What the tests wrote: the texts of all rows of the room, and what their entries quote."""
    found: list[object] = []
    for model in apps.get_app_config(row._meta.app_label).get_models():
        for values in model._default_manager.values_list():
            found += [value for value in values if isinstance(value, str | dict | list)]
    return found + [value for data in Entry.objects.values_list("data", flat=True) for value in data.values()]

"""What every test may ask for: the cast, the invented room, someone signed in, commits. Settings: tests/settings.py."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from tests import world
from tests.errands import room
from tongzhou.kernel import loading, seal
from tongzhou.kernel.management.commands.messages import compile_all
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.module import Module

hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("house")
seal.new_keys()  # in the folder of this process
compile_all()  # so that English is there in a fresh clone


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Whatever asks the database may ask all of them; on the second engine only that runs again: words do not know which it is."""
    for item in items:
        if {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())) and not item.get_closest_marker(
            "django_db"
        ):
            item.add_marker(pytest.mark.django_db(databases="__all__"))
    if connection.vendor == "sqlite":
        return
    asking = [i for i in items if i.get_closest_marker("django_db") or {"db", "transactional_db"} & set(i.fixturenames)]
    asking = [i for i in asking if not i.get_closest_marker("any_engine")]
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = asking


@pytest.fixture
def cast(db: None) -> world.World:
    return world.build()


@pytest.fixture(scope="module")
def _benxi(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with world.kept(django_db_blocker):
        list(loading.load(world.BENXI, loading.house()))
        yield


@pytest.fixture
def benxi(_benxi: None, db: None) -> Response:
    """The example, loaded once for the tests of a file: all of them see it, so they are in a file of their own."""
    return Response.objects.get(slug="benxi-2022")


@pytest.fixture
def errands_room() -> Iterator[Module]:
    """The invented room, open while the test runs."""
    with room.opened() as opened:
        yield opened


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """`signed_in(cast.people.wang).get("/")`"""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """For tests that need real commits, as threads do. Ledgers refuse to be emptied: their guards are lifted after."""
    yield
    world.empty_ledgers()


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    """A test that reads English leaves Chinese to the next one."""
    with translation.override("zh-hans"):
        yield

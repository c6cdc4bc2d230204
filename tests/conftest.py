"""What every test may ask for: the cast, the invented room, a browser signed in as someone. Settings are in tests/settings.py."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from tests import world
from tests.errands import room
from tongzhou.kernel import seal
from tongzhou.kernel.models import Person
from tongzhou.kernel.module import Module

seal.new_keys()  # in the folder of this process


@pytest.fixture
def cast(db: None) -> world.World:
    return world.build()


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
    """For tests that need real commits, as threads do. Ledgers refuse to be emptied: their guards are lifted at the end."""
    yield
    world.empty_ledgers()


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    """A test that reads English leaves Chinese to the next one."""
    with translation.override("zh-hans"):
        yield

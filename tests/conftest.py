"""What every test may ask for: the cast, the invented room, someone signed in, commits. Settings: tests/settings.py."""

from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.test import Client
from django.utils import translation

from tests import world
from tests.errands import room
from tongzhou.kernel import seal
from tongzhou.kernel.management.commands.messages import compile_all
from tongzhou.kernel.models import Person
from tongzhou.kernel.module import Module

hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("house")
seal.new_keys()  # in the folder of this process
compile_all()  # so that English is there in a fresh clone


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
    """For tests that need real commits, as threads do. Ledgers refuse to be emptied: their guards are lifted after."""
    yield
    world.empty_ledgers()


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    """A test that reads English leaves Chinese to the next one."""
    with translation.override("zh-hans"):
        yield

"""The cast, built once for the tests of a file: each test works on a copy of it, above a savepoint that takes back what it did."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests import world
from tests.contract.doors import PLACES, Visitors
from tests.contract.rooms import DESKS, factory
from tongzhou.kernel.models import Person

Standing = tuple[world.World, dict[str, str]]


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """The cast, and a session for each of them by user name."""
    with world.kept(django_db_blocker):
        built = world.build()
        # Han may unmask personal data; without a second factor, every page would lead to setting one up
        Authenticator.objects.create(user=built.people.han, type=Authenticator.Type.TOTP, data={})
        yield built, {who: _session(person) for who, person in vars(built.people).items()}


@pytest.fixture(scope="module")
def furnished(standing: Standing, django_db_blocker: Any) -> Iterator[None]:
    """A record of each kind at each place of the doors, made once; a factory that fails does so in the tests of its own desk."""
    cast = standing[0]
    with world.kept(django_db_blocker):
        for desk, place in product(DESKS, PLACES.values()):
            unit = getattr(cast.units, place)
            with suppress(Exception), transaction.atomic():
                cast.made[desk.model, unit.pk] = factory(desk)(cast, unit=unit).pk
        yield
        cast.made.clear()


@pytest.fixture
def cast(standing: Standing, db: None) -> world.World:
    """A copy: people keep what was read of their grants."""
    return deepcopy(standing[0])


@pytest.fixture
def signed_in(standing: Standing) -> Callable[[Person], Client]:
    """`signed_in(cast.people.wang).get("/")`, in the session that stands."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = standing[1][str(person.username)]
        return client

    return sign_in


@pytest.fixture
def visitors(standing: Standing) -> Visitors:
    return Visitors(standing[1])


def _session(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value

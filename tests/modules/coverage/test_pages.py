"""A list made, filled and seen on its pages; one person added by hand; a reason from the person's page."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from tests.modules.coverage.factory import document, roll, subject
from tests.world import World
from tongzhou.kernel import seal
from tongzhou.kernel.models import Person
from tongzhou.modules.coverage.models import Excuse, Release, Roll, Subject

SignIn = Callable[[Person], Client]
TODAY = timezone.localdate


def test_a_list_is_made_by_its_form(cast: World, signed_in: SignIn) -> None:
    begins = TODAY() - timedelta(days=4)
    sent = {
        "key": str(uuid4()), "unit": str(cast.units.branch1.pk), "name": "药店", "group": "order-1", "purpose": "每日检测", "begins_on": begins.isoformat(),
        "keep_until": (TODAY() + timedelta(days=30)).isoformat(), "when": TODAY().isoformat(),
    }  # fmt: skip
    client, at = signed_in(cast.people.sun), f"/{cast.response.slug}/coverage/lists/new/"
    answer = client.post(at, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Roll.objects.get()
    assert (made.kind, made.state, made.begins_on) == ("test", "draft", begins)
    assert client.post(at, sent | {"key": str(uuid4()), "group": "close"}).status_code == 422


def test_one_person_is_added_by_hand_and_merged(cast: World, signed_in: SignIn) -> None:
    first, second, client = roll(cast), roll(cast), signed_in(cast.people.sun)
    at = f"/{cast.response.slug}/coverage/people/new/"
    sent = {
        "unit": str(cast.units.branch1.pk), "name": "李四", "document": "id", "number": document(31), "phone": "10000000031", "when": TODAY().isoformat(),
    }  # fmt: skip
    assert (
        client.post(at, sent | {"key": str(uuid4()), "roll": str(first.pk), "number": document(31)[:-1]}).status_code
        == 422
    )
    for about in (first, second):
        assert client.post(at, sent | {"key": str(uuid4()), "roll": str(about.pk)}).status_code == 302
    found = Subject.objects.get()
    assert (found.listings.count(), seal.open(found, "name")) == (2, "李四")
    changed = {
        "unit": str(found.unit_id),
        "document": "id",
        "number": document(32),
        "version": str(found.version),
        "when": TODAY().isoformat(),
    }
    assert client.post(f"/{cast.response.slug}/coverage/people/{found.pk}/edit/", changed).status_code == 302
    found.refresh_from_db()
    assert (seal.open(found, "number"), found.identity_index) == (
        document(32),
        seal.index(f"id/{document(32)}", "coverage"),
    )


def test_a_reason_and_an_export_are_asked_for_on_their_pages(cast: World, signed_in: SignIn) -> None:
    whom, about, slug = subject(cast), roll(cast, people=1), cast.response.slug
    sent = {
        "subject": str(whom.pk),
        "reason": "ill",
        "basis": "市医院",
        "until": (TODAY() + timedelta(days=9)).isoformat(),
        "when": TODAY().isoformat(),
    }
    assert (
        signed_in(cast.people.sun).post(f"/{slug}/coverage/reasons/new/", sent | {"key": str(uuid4())}).status_code
        == 302
    )
    assert (Excuse.objects.get().state, Excuse.objects.get().unit) == ("proposed", whom.unit)
    asked = {
        "roll": str(about.pk),
        "purpose": "核对",
        "given_to": "一号点",
        "when": TODAY().isoformat(),
        "key": str(uuid4()),
    }
    assert signed_in(cast.people.wang).post(f"/{slug}/coverage/exports/new/", asked).status_code == 302
    assert Release.objects.get().unit == about.unit


def test_somebody_is_found_by_document_without_the_number_in_an_address(cast: World, signed_in: SignIn) -> None:
    whom = subject(cast)
    at, client = f"/{cast.response.slug}/coverage/today/", signed_in(cast.people.sun)
    number = seal.open(whom, "number")
    assert client.post(at, {"number": number.lower()})["Location"] == whom.get_absolute_url()
    assert client.post(at, {"number": "E999"})["Location"] == at
    away = subject(cast, unit=cast.units.branch3)
    assert client.post(at, {"number": seal.open(away, "number")})["Location"] == at

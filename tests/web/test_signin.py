"""The door: by user name or phone, a few tries at a time, no open sign-up."""

from typing import Any

import pytest
from django.test import Client

from tests.world import PASSWORD, World
from tongzhou.kernel import ledger, steps
from tongzhou.kernel.models import Person

LOGIN = "/account/login/"
PHONE = "13800001234"


def try_as(login: str, password: str = PASSWORD) -> str | None:
    """Who is signed in afterwards."""
    client = Client()
    client.post(LOGIN, {"login": login, "password": password})
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key).name if key else None


@pytest.fixture
def by_phone(cast: World) -> Person:
    """Has a phone, and no user name."""
    return steps.amend(cast.people.chen, by=cast.people.house, needs="people.manage", phone=PHONE, username=None)


def test_signing_in_takes_user_name_or_phone(cast: World, by_phone: Person) -> None:
    logins = ["wang", PHONE, "138 0000 1234", "+86 138-0000-1234", "13800009999", "nobody", ""]
    assert [try_as(login) for login in logins] == ["王保管", "陈社员", "陈社员", "陈社员", None, None, None]


def test_signing_in_needs_the_password(cast: World, by_phone: Person) -> None:
    assert [try_as("wang", "wrong-password"), try_as(PHONE, "wrong-password"), try_as("wang", "")] == [None, None, None]


def test_who_left_or_has_no_password_stays_out(cast: World) -> None:
    steps.amend(cast.people.li, by=cast.people.house, needs="people.manage", is_active=False)
    Person.objects.filter(username="zhao").update(password="")
    assert [try_as("li"), try_as("zhao"), try_as("zhao", "")] == [None, None, None]


def test_a_user_name_is_no_phone_number(cast: World, by_phone: Person) -> None:
    """Otherwise one could sit on another's number."""
    Person.objects.filter(username="wang").update(username=PHONE)
    assert try_as(PHONE) == "陈社员"


def test_guessing_is_stopped_for_the_account_guessed_at(cast: World) -> None:
    for _ in range(5):
        assert try_as("wang", "a guess") is None
    assert [try_as("wang"), try_as("li")] == [None, "李监督"]


def test_a_page_asked_for_waits_behind_the_door(cast: World) -> None:
    client = Client()
    assert client.get("/people/").headers["Location"] == f"{LOGIN}?next=/people/"
    answer = client.post(LOGIN, {"login": "wang", "password": PASSWORD, "next": "/people/"})
    assert answer.headers["Location"] == "/people/"
    outside = Client().post(LOGIN, {"login": "wang", "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert outside.headers["Location"] == "/"


def test_a_part_of_a_page_asked_for_without_a_session_has_the_page_loaded_anew(cast: World) -> None:
    answer = Client().get(f"/{cast.response.slug}/board/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (200, "true", b"")


@pytest.mark.parametrize("address", ["signup/", "email/", "confirm-email/", "login/code/confirm/"])
def test_what_the_house_does_not_offer_is_not_found(cast: World, address: str) -> None:
    assert Client().get(f"/account/{address}").status_code == 404


def test_a_new_password_is_an_entry(cast: World) -> None:
    client = Client()
    client.post(LOGIN, {"login": "wang", "password": PASSWORD})
    new = "another-horse-battery"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    assert try_as("wang", new) == "王保管"
    assert [ledger.sentence(entry) for entry in ledger.entries(cast.people.wang)] == ["王保管设置了登录密码"]


def test_signing_out_takes_a_post(cast: World) -> None:
    client = Client()
    client.force_login(cast.people.wang)
    assert (client.get("/account/logout/").status_code, "_auth_user_id" in client.session) == (200, True)
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_the_door_shows_the_demo_accounts_in_demo_mode_only(cast: World, settings: Any) -> None:
    Person.objects.create(username="office", name="演示·机关", synthetic=True)
    shown = [name for name in ["office", "leader"] if f"<dt>{name}</dt>" in Client().get(LOGIN).content.decode()]
    settings.PRODUCTION = True
    assert (shown, "<dt>" in Client().get(LOGIN).content.decode()) == (["office"], False)

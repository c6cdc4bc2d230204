"""An account is opened by a link by which its owner sets the password; nobody opens the account of someone who may do more."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import World
from tongzhou.kernel import ledger, steps
from tongzhou.kernel.models import Person
from tongzhou.web.accounts import may_manage_account

SignIn = Callable[[Person], Client]
NEW = "a-password-of-ones-own"


def fresh(who: Person) -> Person:
    """As the next request sees the person: grants are read once for each request."""
    return Person.objects.get(pk=who.pk)


def link(page: str) -> str:
    return re.findall(r'value="http://testserver(/account/password/reset/key/[^"]+)"', page)[0]


def set_password(address: str) -> Client:
    client = Client()
    form = client.get(address, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    return client


def signs_in(login: str) -> bool:
    client = Client()
    client.post("/account/login/", {"login": login, "password": NEW})
    return "_auth_user_id" in client.session


def test_a_member_sets_their_own_password_by_the_link(cast: World, signed_in: SignIn) -> None:
    Person.objects.filter(username="zhao").update(password="")
    page = signed_in(cast.people.wang).post(f"/people/{cast.people.zhao.pk}/invite/")
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "<svg" in page.content.decode()
    set_password(link(page.content.decode()))
    assert signs_in("zhao")
    said = [ledger.sentence(entry) for entry in ledger.entries(cast.people.zhao)]
    assert said == ["王保管发放了设置密码的链接", "赵社员设置了登录密码"]


def test_a_link_works_once(cast: World, signed_in: SignIn) -> None:
    address = link(signed_in(cast.people.wang).post(f"/people/{cast.people.zhao.pk}/invite/").content.decode())
    set_password(address)
    again = Client().get(address, follow=True)
    assert (again.status_code, 'type="password"' in again.content.decode()) == (200, False)


def test_a_link_needs_something_to_sign_in_with(cast: World, signed_in: SignIn) -> None:
    Person.objects.filter(username="zhao").update(username=None)
    page = signed_in(cast.people.wang).post(f"/people/{cast.people.zhao.pk}/invite/", follow=True).content.decode()
    assert ("请先登记为在册，并登记用户名或手机号" in page, "reset/key" in page) == (True, False)


def test_accounts_are_opened_by_who_could_grant_what_they_may(cast: World) -> None:
    p = cast.people
    asked = {
        "office, member": (p.wang, p.zhao),
        "office, secretary": (p.wang, p.sun),
        "office, leader": (p.wang, p.qian),
        "leader, secretary": (p.qian, p.sun),
        "leader, member": (p.qian, p.zhao),
        "secretary, member": (p.sun, p.zhao),
        "office, commander elsewhere": (p.wang, p.feng),
        "leader, keeper of the house": (p.qian, p.house),
    }
    allowed = {who for who, (by, person) in asked.items() if may_manage_account(fresh(by), person)}
    assert allowed == {"office, member", "leader, secretary"}


def test_the_account_of_someone_with_roles_is_refused(cast: World, signed_in: SignIn) -> None:
    page = signed_in(cast.people.wang).post(f"/people/{cast.people.sun.pk}/invite/")
    assert (page.status_code, "reset/key" in page.content.decode()) == (403, False)
    assert not ledger.entries(cast.people.sun).exists()


@pytest.mark.parametrize("field", ["username", "email", "is_active"])
def test_nor_can_their_account_be_turned_by_an_edit(cast: World, signed_in: SignIn, field: str) -> None:
    """An e-mail address of one's own on a leader's account would be a way in."""
    sun = steps.amend(cast.people.sun, by=cast.people.house, needs="people.manage", posts="主委")
    form = {
        "version": sun.version,
        "name": "孙支社",
        "unit": sun.unit_id,
        "posts": "副主委",
        "username": "sun",
        "is_active": "on",
    }
    changed = form | {"username": "mine", "email": "mine@example.org"}
    del changed["is_active"]
    signed_in(cast.people.wang).post(f"/people/{sun.pk}/edit/", changed)
    now = fresh(sun)
    assert (now.posts, getattr(now, field)) == ("副主委", getattr(sun, field))

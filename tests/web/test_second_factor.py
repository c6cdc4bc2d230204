"""Who can unmask personal data goes no further than the set-up page until a second factor is in place."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from tests.world import PASSWORD, World
from tongzhou.kernel.models import Person

SignIn = Callable[[Person], Client]


def test_the_registrar_is_led_to_the_second_factor(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.han)
    led = [client.get(address).headers.get("Location", "") for address in ["/", "/people/", "/test-2022/"]]
    opened = [client.get(address).status_code for address in ["/account/2fa/", "/account/password/change/", "/health/"]]
    assert (led, opened) == (["/account/2fa/"] * 3, [200] * 3)


def test_others_are_not(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    assert [signed_in(who).get("/").status_code for who in [p.wang, p.zhao, p.house]] == [200, 200, 200]


def test_with_a_second_factor_the_house_is_open(cast: World, signed_in: SignIn) -> None:
    TOTP.activate(cast.people.han, generate_totp_secret())
    assert signed_in(cast.people.han).get("/").status_code == 200


def test_the_password_alone_no_longer_signs_in(cast: World) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.people.han, secret)
    client = Client()
    answer = client.post("/account/login/", {"login": "han", "password": PASSWORD})
    assert (answer.headers["Location"], "_auth_user_id" in client.session) == ("/account/2fa/authenticate/", False)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/account/2fa/authenticate/", {"code": code})
    assert client.session["_auth_user_id"] == str(cast.people.han.pk)
    assert Authenticator.objects.get(user=cast.people.han).type == Authenticator.Type.TOTP

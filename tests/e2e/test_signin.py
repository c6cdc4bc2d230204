"""Who may see what others may not proves twice who they are."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.house import PASSWORD, sign_in
from tests.e2e.look import look

Come = Callable[..., Page]


def test_registrar_sets_up_a_second_factor_and_reveals_a_telephone_number(come: Come) -> None:
    """Han keeps the register and may unmask telephone numbers, so the house lets him no further than the set-up of a second factor.

    He scans the code, types the six digits and keeps the recovery codes. Then he needs Lu Ping's number: the house wants to know what
    for, shows it once, and writes that into the ledger. The next day he signs in with his password and a recovery code.
    """
    page = come("han")
    expect(page.locator(".messages")).to_contain_text("请先启用两步验证")
    look(page, "signin-1-must")
    page.goto("/people/")
    expect(page).to_have_url(re.compile("/account/2fa/"))
    spare = second_factor(page)
    page.goto("/people/?q=lp")
    page.get_by_role("link", name="陆平").click()
    expect(page.locator("main")).not_to_contain_text("19900000001")
    page.locator("#purpose").fill("通知核酸检测时间")
    look(page, "signin-4-masked")
    page.get_by_role("button", name="查看原文").click()
    expect(page.locator(".reveal-value")).to_have_text("19900000001")
    look(page, "signin-5-revealed")
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".history")).to_contain_text("通知核酸检测时间")
    tomorrow = come()
    sign_in(tomorrow, "han")
    expect(tomorrow).to_have_url(re.compile("/account/2fa/authenticate/"))
    look(tomorrow, "signin-6-code")
    tomorrow.locator("[name=code]").fill(spare)
    tomorrow.locator("form:has([name=code]) button[type=submit]").first.click()
    expect(tomorrow.get_by_role("heading", level=1)).to_contain_text("韩信息")


def second_factor(page: Page) -> str:
    """Set up the app's code; returns one of the recovery codes."""
    page.goto("/account/2fa/totp/activate/")
    it_is_me(page)
    secret = page.locator("#authenticator_secret").input_value()
    look(page, "signin-2-totp")
    page.locator("[name=code]").fill("000000" if code(secret) != "000000" else "000001")
    page.locator("form:has([name=code]) button[type=submit]").click()
    expect(page.locator(".field-error").first).to_be_visible()
    page.locator("[name=code]").fill(code(page.locator("#authenticator_secret").input_value()))
    page.locator("form:has([name=code]) button[type=submit]").click()
    expect(page).to_have_url(re.compile("/recovery-codes/"))
    look(page, "signin-3-recovery")
    return re.findall(r"\b\d{8}\b", page.content())[0]


def it_is_me(page: Page) -> None:
    """What guards the account is changed only by someone who gives the password again, now."""
    expect(page).to_have_url(re.compile("/reauthenticate/"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()


def code(secret: str) -> str:
    """The six digits of this half minute (RFC 6238, SHA-1)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 10**6:06d}"


def test_auditor_signs_in_with_a_passkey(come: Come) -> None:
    """Li's computer has a fingerprint reader. He adds it as a passkey, signs out, and comes back without a password."""
    page = come("li", fresh=True)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    reader = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": reader})
    page.goto("/account/2fa/webauthn/add/")
    it_is_me(page)
    look(page, "passkey-1-add")
    page.locator("[name=name]").fill("办公电脑")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page).not_to_have_url(re.compile("/webauthn/add/"))
    page.goto("/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("办公电脑")
    look(page, "passkey-2-list")
    page.goto("/account/logout/")
    page.locator("main form button").first.click()
    page.goto("/account/login/")
    page.locator("#passkey_login").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("李监督")

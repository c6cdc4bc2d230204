"""Signing in by user name or phone number. Accounts are made by offices; there is no open sign-up."""

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from tongzhou.kernel import seal
from tongzhou.kernel.models import Person

PHONE = re.compile(r"1\d{10}")


class NameOrPhone(AuthenticationBackend):
    def _authenticate_by_username(self, **credentials: Any) -> Person | None:
        given = re.sub(r"[\s-]", "", credentials.get("username") or "")
        if not PHONE.fullmatch(given):
            return super()._authenticate_by_username(**credentials)  # type: ignore[no-any-return]
        person = Person.objects.filter(phone_index=seal.index(given, "phone")).first()
        password = credentials.get("password") or ""
        if person is None:
            Person().set_password(password)  # the same time is taken whether the number is known or not
            return None
        return person if self._check_password(person, password) else None


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

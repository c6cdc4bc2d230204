"""Signing in by user name or phone number. Accounts are made by offices; there is no open sign-up."""

import re

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from tongzhou.kernel import seal
from tongzhou.kernel.models import Person

PHONE = re.compile(r"1\d{10}")


class NameOrPhone(AuthenticationBackend):  # type: ignore[misc]
    """A phone number is looked up by its blind index; the library evens out the time an unknown one takes."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        given = re.sub(r"[\s-]", "", username)
        if PHONE.fullmatch(given):
            person = Person.objects.filter(phone_index=seal.index(given, "phone")).first()
            username = person.username or "" if person else ""
        return super()._authenticate_by_username(username, password)  # type: ignore[no-any-return]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

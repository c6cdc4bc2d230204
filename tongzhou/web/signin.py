"""Signing in by user name or phone number. Accounts are opened by offices (accounts.py); there is no open sign-up."""

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import seal, steps
from tongzhou.kernel.models import Person

PHONE = re.compile(r"(?:\+?86)?(1\d{10})")
SET_PASSWORD = _("{by}设置了登录密码")


class NameOrPhone(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """A phone number is looked up by its blind index; the library evens out the time an unknown one takes."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        if phone := PHONE.fullmatch(re.sub(r"[\s-]", "", username)):
            holder = Person.objects.filter(phone_index=seal.index(phone[1], "phone")).first()
            return self._check_password(holder, password)  # type: ignore[no-any-return]  # as above
        return super()._authenticate_by_username(username, password)  # type: ignore[no-any-return]  # as above

    def get_user(self, user_id: Any) -> Person | None:
        """With the unit, which decides what the person may open: every page asks for it."""
        person = Person.objects.select_related("unit").filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Person, password: str) -> None:
        """A new password is an entry, like every other change of a person."""
        super().set_password(user, password)
        steps.note(user, "note", by=user, said=SET_PASSWORD)

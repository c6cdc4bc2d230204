"""Who can unmask personal data goes no further than the set-up page until a second factor is in place."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person

OPEN = ("/account/", "/static/", "/language/", "/health/")


def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person) and not request.path.startswith(OPEN) and _lacks(request.user):
            messages.warning(request, __("您可以查看未脱敏的个人信息，请先启用两步验证，再继续。"))
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _lacks(person: Person) -> bool:
    return access.needs_second_factor(person) and not is_mfa_enabled(person)

"""Who can unmask personal data goes no further than the set-up page until a second factor is in place."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tongzhou.kernel import access

OPEN = ("/account/", "/static/", "/language/", "/health/")


def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        gated = person.is_authenticated and not request.path.startswith(OPEN)
        if gated and access.needs_second_factor(person) and not is_mfa_enabled(person):
            return redirect(reverse("mfa_index"))
        return get_response(request)

    return middleware

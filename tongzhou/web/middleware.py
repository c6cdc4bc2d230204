"""Who may go on: with a second factor where it is asked for, and to the sign-in when the session is over."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person

OPEN = ("/account/", "/static/", "/language/", "/health/")


def whole_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who asks for a part of a page and must sign in first has the page loaded anew, instead of the sign-in in the part's place."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if request.headers.get("HX-Request") and answer.headers.get("Location", "").startswith("/account/"):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return answer

    return middleware


def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who can unmask personal data goes no further than the set-up page until a second factor is in place."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person) and not request.path.startswith(OPEN) and _lacks(request.user):
            messages.warning(request, __("您可以查看未脱敏的个人信息，请先启用两步验证，再继续。"))
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _lacks(person: Person) -> bool:
    return access.needs_second_factor(person) and not is_mfa_enabled(person)

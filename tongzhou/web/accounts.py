"""Opening a person's account: a link, shown once, by which they set their own password. Nobody else ever knows it."""

from uuid import UUID

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongzhou.kernel import access, codes, steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn

INVITED = _("{by}发放了设置密码的链接")


def may_manage_account(by: Person, person: Person) -> bool:
    """Whether `by` may open the account of this person, or change what it goes by.

    Who sets a password can act as its owner. So a plain member's account is opened by those who keep the register,
    and the account of someone with roles only by those who could grant these roles.
    """
    if person.is_superuser:
        return by.is_superuser
    today = timezone.localdate()
    held = person.grants.filter(Q(until=None) | Q(until__gte=today)).select_related("unit")
    if held:
        return all(access.may(by, "grants.manage", grant.unit) for grant in held)
    return access.may(by, "people.manage", person)


@require_POST
@never_cache
def invite(request: SignedIn, key: UUID) -> HttpResponse:
    """The link and its QR code. It works once and for three days; an older one stops working when a password is set."""
    person = access.find(Person.objects.select_related("unit"), request.user, "people.read", pk=key)
    if not may_manage_account(request.user, person):
        raise PermissionDenied(__("您不能开通此人的账号：其角色由他人授予，账号也由授予者开通。"))
    if not person.is_active or not (person.username or person.phone):
        messages.error(request, __("请先登记为在册，并登记用户名或手机号，再开通账号。"))
        return redirect("person", key)
    steps.note(person, "note", by=request.user, said=INVITED)
    address = request.build_absolute_uri(_link(person))
    return render(request, "web/invited.html", {"person": person, "address": address, "code": codes.drawn(address)})


def _link(person: Person) -> str:
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), token])

"""The door of a post: a screen there shows a code that changes; whoever scans it with their own telephone signs in."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, codes
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.rosters import actions, queries
from tongzhou.modules.rosters.actions.duties import DOOR, duty_at
from tongzhou.modules.rosters.models import Post, Shift
from tongzhou.modules.rosters.views import posts
from tongzhou.modules.rosters.workflow import PLAN, READ, DutyState, RosterState, ShiftState


@require_safe
def door(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """For the screen at the post. Only whoever plans there opens it: the code proves presence, so it is not shown to everybody."""
    post: Post = access.find(posts.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if not access.may(request.user, PLAN, post):
        raise PermissionDenied(access.explain(request.user, PLAN, post))
    now = timezone.now()
    path = reverse("rosters.sign", args=[response, post.pk])
    address = f"{settings.PUBLIC_URL}{path}?code={codes.at_door(post, DOOR, now)}"
    rows: Any = Shift.objects.filter(post=post, roster__state=RosterState.PUBLISHED).exclude(state=ShiftState.CANCELLED)
    shown = {
        "post": post, "response": post.response, "drawn": codes.drawn(address), "address": address, "cells": queries.people_on(rows, now),
        "now": timezone.localtime(now),
    }  # fmt: skip
    return render(
        request, "rosters/door.html#code" if request.headers.get("HX-Request") else "rosters/door.html", shown
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Where the code leads. Opening it only shows what would be signed: a preview of the link by a messenger must sign nobody in."""
    post = get_object_or_404(Post, pk=key, response=response_or_404(request, response))
    now = timezone.now()
    code = request.POST.get("code") or request.GET.get("code", "")
    duty = duty_at(post, request.user, now)
    if request.method == "POST":
        try:
            signed = actions.duties.sign_in(post, request.user, code=code, now=now)
            messages.success(request, _greeting(signed.late))
            return redirect("rosters.mine", response)
        except ValidationError as fault:
            messages.error(request, "；".join(fault.messages))
    fresh = codes.holds(post, DOOR, code, now) if code.isascii() else False
    shown = {
        "post": post if duty else None, "response": post.response, "duty": duty, "code": code, "fresh": fresh,
        "on": duty is not None and duty.state == DutyState.ON,
    }  # fmt: skip
    return render(request, "rosters/sign.html", shown, status=422 if request.method == "POST" else 200)


def _greeting(late: int) -> str:
    return __("已签到，迟到 %(n)d 分钟。") % {"n": late} if late else __("已签到。")

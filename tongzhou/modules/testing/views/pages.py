"""The live board of a campaign, its account, and enrolling a device at a point."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, codes
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.testing import actions, forms, queries
from tongzhou.modules.testing.actions.devices import HOLDS
from tongzhou.modules.testing.models import VERDICTS, Campaign, Point
from tongzhou.modules.testing.queries import differences
from tongzhou.modules.testing.rules import Verdict
from tongzhou.modules.testing.views import campaigns, points
from tongzhou.modules.testing.views.drawings import by_quarter
from tongzhou.modules.testing.workflow import READ, RUN, CampaignState, PoolState

TICKETS = "testing.live"
PAGE, FIRST = 50, 5  # differences on a page of one kind, and of each on the page of all


def reached(request: SignedIn, response: str, key: UUID) -> Campaign:
    """The campaign in the person's reach; one known from a report only, or cancelled, has no pages of its own."""
    found: Campaign = access.find(campaigns.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if found.times_unknown or found.state == CampaignState.CANCELLED:
        raise Http404
    return found


@require_safe
def live(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """How the campaign goes. Kept up to date by a stream of events; without JavaScript it is as of the moment it was opened."""
    campaign = reached(request, response, key)
    page = live_context(campaign) | {"ticket": signing.dumps([str(campaign.pk), get_language()], salt=TICKETS)}
    return render(request, "testing/live.html", page)


def live_context(campaign: Campaign) -> dict[str, Any]:
    course = queries.course(campaign)
    seen = course.seen
    worrying = [
        (VERDICTS[verdict], n)
        for verdict in Verdict
        if verdict != Verdict.FINE and (n := seen.verdicts.get(verdict, 0))
    ]
    return {
        "campaign": campaign, "response": campaign.response, "seen": seen, "course": course, "worrying": worrying, "under_way": seen.boxes.get("sent", 0),
        "pools": [(state, seen.pools.get(state, 0)) for state in PoolState], "chart": by_quarter(dict(seen.quarters), course.plan),
    }  # fmt: skip


def draw(key: str, language: str) -> str:
    """The figures of the board as they are pushed to whoever watches. The campaign was looked up for them when their ticket was made."""
    campaign = Campaign.objects.select_related("response", "unit").get(pk=key)
    with override(language):
        return render_to_string("testing/live.html#figures", live_context(campaign))


def shed_words(language: str) -> str:
    with override(language):
        return __("服务器正忙于接收采样登记，数字稍后更新。")


@require_safe
def account(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """System against hand against laboratory, before it is signed for: what differs is named, the first of each kind, or all of one kind."""
    campaign = reached(request, response, key)
    found, asked = queries.account(campaign), {request.GET.get("show", "")}.intersection(differences.WORDS)
    kinds = list(asked) or [kind for kind in differences.WORDS if found.differences[kind]]
    size, number = (PAGE, request.GET.get("page")) if asked else (FIRST, None)
    parts = [_part(campaign, kind, found.differences[kind], size, number) for kind in kinds]
    signing = campaign.state == CampaignState.CLOSED
    page = {
        "campaign": campaign, "response": campaign.response, "account": found, "move": signing,
        "shown": [(kind, differences.WORDS[kind], part) for kind, part in zip(kinds, parts, strict=True)], "page": parts[0] if asked else None,
        "late": queries.after_signing(campaign), "out": queries.devices_out(campaign) if signing else [],
    }  # fmt: skip
    return render(request, "testing/account.html", page)


def _part(campaign: Campaign, kind: str, n: int, size: int, number: str | None) -> Page[Any]:
    pages = Paginator(differences.rows(campaign, kind), size)
    pages.count = n  # as the account says
    return pages.get_page(number)


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The code a telephone scans, good for some minutes; or a device registered by hand, whose secret is shown this once."""
    found: Response = response_or_404(request, response)
    point: Point = access.find(points.rows(found), request.user, READ, pk=key)
    access.require(request.user, RUN, point)
    sent = request.method == "POST"
    form = forms.EnrolForm(request.POST if sent else None)
    page: dict[str, Any] = {"point": point, "response": found, "form": form, "minutes": HOLDS // 60, "key": uuid4()}
    try:
        if sent and form.is_valid():
            page["enrolled"] = actions.devices.register(point, by=request.user, **form.cleaned_data)
        else:
            page["code"] = actions.devices.invitation(point, by=request.user)
            at = f"{settings.PUBLIC_URL}{reverse('testing.station', args=[found.slug])}"
            page["drawn"] = codes.drawn(f"{at}#{page['code']}")  # a telephone's own camera opens the station by it
    except actions.devices.Known as fault:
        messages.warning(request, fault.message)
        return redirect(request.path)
    except ValidationError as fault:
        form.add_error(None, fault) if sent else page.update(faults=fault.messages)
    refused = sent and "enrolled" not in page
    answer = render(request, "testing/enrol.html", page, status=422 if refused else 200)
    answer["Cache-Control"] = "no-store"  # a secret is on it
    return answer

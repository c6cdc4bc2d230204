"""Pages beyond the lists: the public page, and papers as Excel and PDF."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, paper, sheets
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Response
from tongzhou.kernel.scope import Scope
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.donations import queries, rules
from tongzhou.modules.donations.models import Disclosure, Gift
from tongzhou.modules.donations.views import disclosure_context, papers
from tongzhou.modules.donations.workflow import DisclosureState, GiftState

ROWS = 200  # of each table on one page of the public account: anyone may ask for it, so it must not read everything


@login_not_required
@require_safe
def public(request: HttpRequest, response: str) -> HttpResponse:
    """What was received and where it went, for anyone. Nothing here names a person who did not choose to be named."""
    found = get_object_or_404(Response, slug=response)
    part = Paginator(range(queries.longest(Scope(found))), ROWS).get_page(request.GET.get("page"))
    content = queries.account(Scope(found), slice((part.number - 1) * ROWS, part.number * ROWS))
    published = (
        Disclosure.objects.filter(response=found, state=DisclosureState.PUBLISHED)
        .select_related("unit")
        .order_by("-published_at")
    )
    page = {
        "response": found, "account": queries.shown_account(content), "digest": rules.digest(content), "published": published,
        "page": part, "now": timezone.localtime(), "period": rules.disclosure_period(timezone.localdate()),
    }  # fmt: skip
    return render(request, "donations/public.html", page)


@login_not_required
@require_safe
def public_excel(request: HttpRequest, response: str) -> HttpResponse:
    found = get_object_or_404(Response, slug=response)
    return _excel(__("捐赠公示"), queries.account(Scope(found)), f"donations-{found.slug}")


@require_safe
def disclosure_excel(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    found = _disclosure(request, response, key)
    return _excel(
        __("捐赠公示"), found.content or queries.account(found.scope), f"disclosure-{found.first_on}-{found.last_on}"
    )


@require_safe
def disclosure_pdf(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    found = _disclosure(request, response, key)
    shown = disclosure_context(found)
    printed = papers.disclosure(str(found), found.response, shown["account"], shown["digest"], str(found.unit))
    return _pdf(request, printed, f"disclosure-{found.first_on}-{found.last_on}", found.get_absolute_url())


@require_safe
def slip_pdf(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The acceptance slip, once the gift is on the books."""
    rows = (
        Gift.objects.filter(response=response_or_404(request, response))
        .select_related("donor_unit", "donor_person", "unit")
        .prefetch_related(queries.LINES)
    )
    gift = access.find(rows, request.user, "donations.read", pk=key)
    if gift.state != GiftState.STOCKED:
        raise Http404
    address = settings.PUBLIC_URL + reverse("donations.public", args=[response])
    return _pdf(request, papers.slip(gift, address), f"slip-{gift.slip_number or gift.pk}", gift.get_absolute_url())


def _disclosure(request: SignedIn, response: str, key: UUID) -> Any:
    rows = Disclosure.objects.filter(response=response_or_404(request, response)).select_related("response", "unit")
    return access.find(rows, request.user, "donations.read", pk=key)


def _pdf(request: SignedIn, printed: paper.Paper, name: str, back: str) -> HttpResponse:
    try:
        made = paper.pdf(printed, base=settings.PUBLIC_URL)
    except paper.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(back)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _excel(title: str, content: dict[str, Any], name: str) -> HttpResponse:
    """All parts in one table, the part in the first column, so that it can be filtered and summed."""
    columns = [
        sheets.Column("part", __("部分")),
        sheets.Column("day", __("日期")),
        sheets.Column("slip", __("凭证号")),
        sheets.Column("who", __("捐赠方或受捐方"), width=40),
        sheets.Column("goods", __("物资"), width=40),
        sheets.Column("worth", __("价值"), "money"),
        sheets.Column("state", __("状态")),
        sheets.Column("reason", __("原因、说明"), width=40),
    ]
    note = __("数据摘要（SHA-256）：{digest}").format(digest=rules.digest(content))
    answer = HttpResponse(
        sheets.write(title, columns, _rows(queries.shown_account(content)), note=note), content_type=XLSX
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _rows(shown: dict[str, Any]) -> list[dict[str, Any]]:
    received = [
        {
            "part": __("接收"),
            "day": row["when"],
            "slip": row["slip"],
            "who": row["donor"],
            "goods": row["goods_text"],
            "worth": row["worth_fen"],
            "reason": row["note"],
        }
        for row in shown["received"]
    ]
    given = [
        {
            "part": __("去向"),
            "day": row["when"],
            "who": row["to"],
            "goods": row["goods_text"],
            "state": str(row["state_text"]),
            "reason": row["note"],
        }
        for row in shown["given"]
    ]
    changes = [
        {
            "part": str(row["kind_text"]),
            "day": row["when"],
            "slip": row["slip"],
            "goods": row["goods_text"],
            "reason": row["reason"],
        }
        for row in shown["changes"]
    ]
    held = [{"part": __("结存"), "who": row["item"], "goods": row["in_stock"]} for row in shown["balance"]]
    return received + given + changes + held

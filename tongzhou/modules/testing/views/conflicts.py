"""What a supervisor has to decide: the list, and one by itself with its people masked, its text for a purpose, and whose swab it was."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongzhou.kernel import access, seal, steps
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.testing import actions, forms
from tongzhou.modules.testing.models import Campaign, Conflict, Device, Resident
from tongzhou.modules.testing.rules import Fact
from tongzhou.modules.testing.views import masked
from tongzhou.modules.testing.views.pages import reached
from tongzhou.modules.testing.workflow import JUDGE

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """What does not fit, the oldest first; several of a kind are decided together."""
    campaign = reached(request, response, key)
    may = access.may(request.user, JUDGE, campaign)
    form = forms.Deciding(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        access.require(request.user, JUDGE, campaign)
        keys = [key for key in map(_key, request.POST.getlist("keys")) if key]
        try:
            if not form.is_valid() or not keys:
                raise ValidationError(__("请先勾选记录，再选择处理意见。"))
            n = actions.conflicts.decide(campaign, keys, by=request.user, **form.cleaned_data)
            messages.success(request, __("已处理 %(n)d 条。") % {"n": n})
            return redirect("testing.conflicts", campaign.response.slug, campaign.pk)
        except ValidationError as fault:
            form.add_error(None, fault)
    kind, done = request.GET.get("kind", ""), request.GET.get("done") == "1"
    rows = Conflict.objects.filter(campaign=campaign).select_related("device__point", "decided_by")
    rows = rows.exclude(decision="") if done else rows.filter(decision="")
    if kind in Conflict.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows.order_by("at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign, "response": campaign.response, "page": page, "lines": _lines(page, may), "form": form, "may_judge": may,
        "kinds": Conflict.Kind.choices, "kind": kind, "done": done,
    }  # fmt: skip
    return render(request, "testing/conflicts.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: SignedIn, response: str, key: UUID, one: UUID) -> HttpResponse:
    """One of them. POST shows its text for a purpose, which is an entry; or says whose swab it was."""
    campaign = reached(request, response, key)
    found = Conflict.objects.filter(campaign=campaign, pk=one).select_related("device__point", "decided_by").first()
    if found is None:
        raise Http404
    may, sent = access.may(request.user, JUDGE, campaign), request.method == "POST"
    naming = sent and "number" in request.POST
    form = forms.Naming(request.POST if naming else None)
    page: dict[str, Any] = {
        "campaign": campaign, "response": campaign.response, "form": form, "may_judge": may, "box": _box(found),
        "deciding": forms.Deciding(auto_id="deciding_%s"), **_lines([found], may)[0],
    }  # fmt: skip
    if sent:
        access.require(request.user, JUDGE, campaign)
        if naming and form.is_valid() and _named(request, found, form):
            return redirect("testing.conflict", campaign.response.slug, campaign.pk, found.pk)
        if not naming:
            page |= _shown(request, campaign, found)
    return render(request, "testing/conflict.html", page, status=422 if sent and "shown" not in page else 200)


def _lines(page: Iterable[Conflict], may: bool) -> list[dict[str, Any]]:
    """Each with the earlier device, and for whoever decides with whose swab it is, masked; two statements."""
    rows = list(page)
    numbers = [one.other for one in rows if one.other]
    others = {one.number: one for one in Device.objects.select_related("point").filter(number__in=numbers)}
    who = _people(rows if may else [])
    return [{"one": one, "other": others.get(one.other or 0), "who": who(one) if may else None} for one in rows]


def _people(rows: list[Conflict]) -> Any:
    """Of a row the person's masked name and number; None for one whom the register does not know."""
    known = Resident.objects.in_bulk({one.person for one in rows if one.person})
    return lambda one: masked(known.get(one.person)) if one.person else None


def _box(one: Conflict) -> Fact | None:
    """What was said of a box; no resident is named in that."""
    return actions.conflicts.told(one) if one.is_box else None


def _named(request: SignedIn, one: Conflict, form: Any) -> bool:
    try:
        actions.conflicts.name(one, by=request.user, **form.cleaned_data)
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    messages.success(request, __("已记到本人名下，计入。"))
    return True


def _shown(request: SignedIn, campaign: Campaign, one: Conflict) -> dict[str, Any]:
    """Who the text names, or the text where it names nobody; after the entry is written."""
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        return {"fault": __("请写明查看用途。")}
    if not one.text:
        return {"fault": __("原文已按规定清除。")}
    try:
        (text,) = steps.reveal_parts(campaign, [one], "text", by=request.user, purpose=purpose)
    except seal.Broken:
        return {"fault": __("信息无法读取：密钥不符或数据损坏。请告诉系统管理员。")}
    fact = actions.conflicts.told(one)
    person = fact.person if fact else None
    kinds = dict(Resident.Document.choices)
    words = [(__("姓名"), person.name), (kinds[person.kind], person.number)] if person else []
    if fact and fact.code:
        words.append((__("所示的码"), fact.code))
    return {"shown": text, "words": words, "purpose": purpose}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

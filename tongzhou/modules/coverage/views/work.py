"""For whoever works through the lists: today's people with one tap each, undoing it, their telephone number, who is overdue where."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, rulebook, seal, steps
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps.one import REVEALED
from tongzhou.modules.coverage import actions, queries, rules
from tongzhou.modules.coverage.models import Evidence, Listing, Subject
from tongzhou.modules.coverage.workflow import READ, REVEAL, WORK, SubjectState

PAGE, DONE = 30, 30
ORDER = (rules.TESTED, rules.CONTACT, rules.VISIT)


@require_http_methods(["GET", "HEAD", "POST"])
def today(request: SignedIn, response: str) -> HttpResponse:
    """Whom I am to test, get in touch with or visit, the longest overdue first. POST finds one person by document or telephone."""
    found, by, day = response_or_404(request, response), request.user, timezone.localdate()
    if not access.reach(by, WORK):
        raise Http404
    if request.method == "POST":
        return _find(request, found)
    units = access.units(by, WORK)
    unit = units.filter(code=request.GET.get("unit", "").replace("\x00", "")).first()
    rows = everyone = queries.to_reach(by, day).filter(response=found)
    if unit:
        rows = everyone.filter(unit__path__startswith=unit.path)
    part = Paginator(queries.with_listings(rows), PAGE).get_page(request.GET.get("page"))
    done = queries.standing().filter(by=by, day=day, subject__response=found, origin=actions.evidence.WORKER)
    page = {
        "response": found, "page": part, "unit": unit, "day": day, "units": units.filter(pk__in=everyone.order_by().values("unit")),
        "cards": [_card(subject, day) for subject in part], "done": list(done.select_related("subject")[:DONE]), "count": done.count(),
    }  # fmt: skip
    return render(request, "coverage/today.html", page)


@require_POST
def tap(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Tested, reached or visited. The key comes from the device: sent twice, it is one."""
    subject = _subject(request, response, key)
    access.require(request.user, WORK, subject)
    try:
        row, _new = actions.evidence.add(
            subject, request.POST.get("what", ""), by=request.user, key=_key(request.POST.get("key", "")), day=_day(request.POST.get("day", ""))
        )  # fmt: skip
    except ValidationError as fault:
        return _refused(request, subject, fault)
    return _answered(
        request, subject, row, __("%(who)s：%(what)s。") % {"who": subject, "what": row.get_what_display()}
    )


@require_POST
def undo(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    found = response_or_404(request, response)
    rows = Evidence.objects.filter(subject__response=found).select_related("subject__unit", "subject__response")
    row = access.visible(rows, request.user, READ, "subject").filter(pk=key).first()
    if row is None:
        raise Http404
    try:
        actions.evidence.undo(row, by=request.user, key=uuid4())
    except ValidationError as fault:
        return _refused(request, row.subject, fault)
    return _answered(request, row.subject, row, __("已撤销：%(who)s。") % {"who": row.subject}, undone=True)


@require_POST
@never_cache
def reveal(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """One person unmasked, for whoever must get in touch with them today, or keeps personal data; what for is an entry."""
    subject = _subject(request, response, key)
    access.require(request.user, REVEAL, subject)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose or subject.state != SubjectState.KEPT:
        messages.error(request, __("请写明查看用途。"))
        return redirect(subject.get_absolute_url())
    try:
        shown = {name: seal.open(subject, name) for name in ("name", "number", "phone", "address")}
    except seal.Broken:
        messages.error(request, __("信息无法读取：密钥不符或数据损坏。请告诉系统管理员。"))
        return redirect(subject.get_absolute_url())
    labels = __("、").join(str(subject._meta.get_field(name).verbose_name) for name in shown)  # type: ignore[union-attr]  # own fields
    steps.note(
        subject, "reveal", by=request.user, said=REVEALED, text=purpose, data={"field": labels, "purpose": purpose}
    )
    return render(
        request,
        "coverage/reveal.html",
        {"subject": subject, "response": subject.response, "shown": shown, "purpose": purpose},
    )


@require_safe
def progress(request: SignedIn, response: str) -> HttpResponse:
    """Who is overdue, by unit and street; a past day is derived again from the evidence of then."""
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    day = min(_day(request.GET.get("day", "")) or timezone.localdate(), timezone.localdate())
    whole, rows = queries.progress(found, request.user, day)
    page = {
        "response": found, "whole": whole, "rows": rows, "day": day, "is_past": day < timezone.localdate(),
        "groups": rulebook.in_force("coverage", "groups", day), "travel": rulebook.in_force("coverage", "travel", day),
    }  # fmt: skip
    return render(request, "coverage/progress.html", page)


def _card(subject: Any, day: date) -> dict[str, Any]:
    """A person with what is due and the buttons that settle it, each with a key of its own."""
    asked = [one for one in subject.listings.all() if one.next_due and one.next_due <= day]
    proofs = {proof for one in asked for proof in one.proof}
    buttons = [(Evidence.What(what), uuid4()) for what in ORDER if what in proofs]
    late = max((day - one.next_due).days for one in asked)
    names = list(
        dict.fromkeys(_named(one) for one in subject.listings.all() if one.ends_on is None or one.ends_on >= day)
    )
    return {
        "subject": subject,
        "asked": asked,
        "buttons": buttons,
        "late": late,
        "names": names,
        "kinds": dict.fromkeys(one.get_kind_display() for one in asked),
    }


def _named(listing: Listing) -> str:
    return str(listing.roll) if listing.roll else listing.declaration.follows if listing.declaration else ""


def _find(request: SignedIn, response: Response) -> HttpResponse:
    """By document number, looked up by its blind index; the number is in no address and no log."""
    text = request.POST.get("number", "")[:40]
    for document in ("id", "passport", "permit"):
        index = seal.index(rules.identity("", document, text.strip().upper(), ""), "coverage") if text.strip() else ""
        rows = Subject.objects.filter(response=response, identity_index=index) if index else Subject.objects.none()
        if row := access.visible(rows.select_related("response"), request.user, READ).first():
            return redirect(row.get_absolute_url())
    messages.warning(request, __("您的名单上没有这个证件号码。"))
    return redirect("coverage.today", response.slug)


def _subject(request: SignedIn, response: str, key: UUID) -> Subject:
    rows = Subject.objects.filter(response=response_or_404(request, response)).select_related("unit", "response")
    return access.find(rows, request.user, READ, pk=key)


def _answered(request: SignedIn, subject: Subject, row: Evidence, said: str, undone: bool = False) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        address = reverse("coverage.undo", args=[subject.response.slug, row.pk])
        return JsonResponse({"said": said, "undo": "" if undone else address})
    messages.success(request, said)
    return redirect("coverage.today", subject.response.slug)


def _refused(request: SignedIn, subject: Subject, fault: ValidationError) -> HttpResponse:
    said = "；".join(fault.messages)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"said": said}, status=422)
    messages.error(request, said)
    return redirect("coverage.today", subject.response.slug)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None

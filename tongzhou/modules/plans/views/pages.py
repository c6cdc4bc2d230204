"""Pages beyond the lists: writing the parts, comparing editions, showing numbers to whoever must call, papers."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, paper, seal
from tongzhou.kernel.desk.views import find
from tongzhou.kernel.lang import lang
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.plans import actions, forms, queries, rules
from tongzhou.modules.plans.actions import drafting
from tongzhou.modules.plans.models import Plan
from tongzhou.modules.plans.models.parts import PARTS
from tongzhou.modules.plans.views import papers, plans
from tongzhou.modules.plans.workflow import DRAFT, READ, PlanState

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: SignedIn, response: str, key: UUID, part: str) -> HttpResponse:
    """One part of a draft: its text as a whole, or its rows. What was typed stays on the page when it cannot be saved."""
    plan: Plan = find(request, response, key, plans)
    if part not in PARTS:
        raise Http404
    access.require(request.user, DRAFT, plan)
    if plan.state != PlanState.DRAFT:
        raise PermissionDenied(__("只有草稿可以修改。批准过的，请起草新版。"))
    sent, more = request.method == "POST", "more_lines" in request.POST
    form = _part_form(request, plan, part)
    version, faults = _version(request, plan), []
    if sent and not more and form.is_valid():
        rows = form.cleaned_data["text"] if part == "text" else form.rows()
        try:
            actions.set_part(plan, part, rows, by=request.user, version=version)
            messages.success(request, __("已保存。"))
            return redirect(plan.get_absolute_url())
        except OutOfStep:
            version = plan.version
            faults = [__("您打开表单之后，他人修改了这条记录。您填写的内容都在下面；核对后再次保存即以您的为准。")]
        except ValidationError as fault:
            faults = fault.messages
    context = {
        "plan": plan, "response": plan.response, "part": part, "name": drafting.NAMES[part], "form": form, "version": version,
        "faults": faults,
    }  # fmt: skip
    return render(request, "plans/part.html", context, status=422 if sent and not more else 200)


@require_POST
def annex(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    plan: Plan = find(request, response, key, plans)
    access.require(request.user, DRAFT, plan)
    form = forms.AnnexForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise ValidationError(list(map(str, form.errors["sent"])))
        actions.attach(plan, form.cleaned_data["sent"], by=request.user)
        messages.success(request, __("附件已保存。"))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    return redirect(plan.get_absolute_url())


@require_POST
def renew(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    plan: Plan = find(request, response, key, plans)
    try:
        made, new = actions.renew(plan, by=request.user)
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
        return redirect(plan.get_absolute_url())
    messages.success(request, __("新版草稿已建好，原版不变。") if new else __("新版草稿先前已建好。"))
    return redirect(made.get_absolute_url())


@require_safe
def compare(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """This edition beside the one it replaces. Both must be in the reader's reach."""
    plan: Plan = find(request, response, key, plans)
    if plan.replaces_id is None:
        raise Http404
    old = access.find(Plan.objects.all(), request.user, READ, pk=plan.replaces_id)
    old, new = queries.whole(old), queries.whole(plan)
    pairs = rules.compare(queries.content(old), queries.content(new))
    only = "all" not in request.GET
    context = {
        "plan": new, "old": old, "response": new.response, "pairs": rules.changes(pairs) if only else pairs, "only": only,
        "changed": sum(pair.changed for pair in pairs),
    }  # fmt: skip
    return render(request, "plans/compare.html", context)


@require_POST
@never_cache
def phones(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The numbers of those whom this person is to call, once, for a stated purpose; the sheet can be printed."""
    plan: Plan = find(request, response, key, plans)
    try:
        numbers = actions.reveal(plan, by=request.user, purpose=request.POST.get("purpose", ""))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
        return redirect(plan.get_absolute_url())
    except seal.Broken:
        messages.error(request, __("有的电话无法读取：密钥不符或数据损坏。请告诉系统管理员。"))
        return redirect(plan.get_absolute_url())
    return render(request, "plans/phones.html", {"plan": plan, "numbers": numbers, "purpose": request.POST["purpose"]})


@require_safe
def docx(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    plan = _whole(request, response, key)
    made = paper.docx(papers.plan_paper(plan), base=settings.PUBLIC_URL)
    return _file(made, DOCX, "attachment", f"plan-{plan.happened_on}-{plan.edition}.docx")


@require_safe
def pdf(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    plan = _whole(request, response, key)
    try:
        made = paper.pdf(papers.plan_paper(plan), base=settings.PUBLIC_URL)
    except paper.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(plan.get_absolute_url())
    return _file(made, "application/pdf", "inline", f"plan-{plan.happened_on}-{plan.edition}.pdf")


def _whole(request: SignedIn, response: str, key: UUID) -> Plan:
    found: Plan = find(request, response, key, plans)
    return queries.whole(found)


def _file(content: bytes, media: str, how: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer


def _part_form(request: SignedIn, plan: Plan, part: str) -> Any:
    data = request.POST.copy() if request.method == "POST" else None
    if part == "text":
        marks = rules.MARKS if lang() == "en" else ()
        return forms.TextForm(data, initial={"text": rules.as_text(queries.text(plan), marks=marks)})
    if data is not None and "more_lines" in data:
        data["lines-TOTAL_FORMS"] = str(_number(data.get("lines-TOTAL_FORMS", "")) + 3)
    return forms.formset(plan, part, request.user, data)


def _version(request: SignedIn, plan: Plan) -> int:
    return _number(request.POST.get("version", ""), plan.version)


def _number(text: Any, otherwise: int = 0) -> int:
    text = str(text)
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else otherwise

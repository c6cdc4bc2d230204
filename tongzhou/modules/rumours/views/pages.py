"""Pages beyond the list: reporting from a telephone, and what anyone may read."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import module
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.rumours import queries
from tongzhou.modules.rumours.forms import ReportForm
from tongzhou.modules.rumours.models import Rumour


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedIn, response: str) -> HttpResponse:
    """Half a minute on a telephone. What was answered before is shown first: most rumours come twice."""
    found = response_or_404(request, response)
    sent = request.method == "POST"
    rumour = Rumour(pk=_key(request.POST.get("key", "")), response=found, unit=request.user.unit)
    form = ReportForm(request.POST if sent else None, instance=rumour)
    if request.user.unit is None:
        messages.error(request, __("您还没有所属单位，请联系所在单位登记后再报告。"))
        return redirect("response", found.slug)
    if sent and form.is_valid():
        try:
            made, new = module.file(rumour, by=request.user)
            messages.success(request, __("已收到，谢谢。核实后会通知您。") if new else __("这条传言先前已收到。"))
            return redirect(made.get_absolute_url())
        except ValidationError as fault:
            form.add_error(None, fault)
    page = {"response": found, "form": form, "key": rumour.pk, "answered": queries.public(found)[:3]}
    return render(request, "rumours/report.html", page, status=422 if sent else 200)


@login_not_required
@require_safe
def public(request: HttpRequest, response: str) -> HttpResponse:
    """Every answer, for anyone; corrections beside what they correct."""
    found = get_object_or_404(Response, slug=response)
    part = Paginator(queries.public(found), 50).get_page(request.GET.get("page"))
    return render(request, "rumours/public.html", {"response": found, "page": part})


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()

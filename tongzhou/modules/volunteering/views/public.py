"""The certificate as paper, and the page on which anyone checks its code."""

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, paper
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.models import Certificate
from tongzhou.modules.volunteering.views import certificates, papers
from tongzhou.modules.volunteering.workflow import READ

WRONG = {"verify": "10/m/ip"}  # wrong codes from one address, then a minute's rest; right ones are not counted


@never_cache
@login_not_required
@require_safe
def verify(request: HttpRequest, response: str) -> HttpResponse:
    """Name, activities and hours as on the paper, and whether it is valid. Nothing is told of a code that is not known."""
    found = get_object_or_404(Response, slug=response)
    typed = request.GET.get("code", "")
    page: dict[str, Any] = {"response": found, "typed": typed[:40]}
    if not typed:
        return render(request, "volunteering/verify.html", page)
    if not _allowed(request, dry_run=True):
        return render(request, "volunteering/verify.html", page | {"too_many": True}, status=429)
    code = rules.read(typed)
    rows = Certificate.objects.filter(response=found, code=code).select_related("unit", "response", "person")
    certificate = rows.first() if code else None
    if certificate is None:
        _allowed(request)
    return render(request, "volunteering/verify.html", page | {"certificate": certificate, "asked": True})


@require_safe
def pdf(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    rows = certificates.rows(response_or_404(request, response))
    found: Certificate = access.find(rows, request.user, READ, pk=key)
    try:
        made = paper.pdf(papers.certificate(found, settings.PUBLIC_URL + found.check_url), base=settings.PUBLIC_URL)
    except paper.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(found.get_absolute_url())
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{found.code_text}.pdf"'
    return answer


def _allowed(request: HttpRequest, *, dry_run: bool = False) -> bool:
    """Counted in the house's cache by the address as the proxies in front report it."""
    used = ratelimit.consume(request, app="tongzhou", action="verify", config=WRONG, limit_get=True, dry_run=dry_run)
    return used is not None

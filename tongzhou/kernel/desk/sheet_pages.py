"""Excel in for a desk: each line is checked by the same form as typing it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import module
from tongzhou.kernel.desk import Desk, inflow
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn


@require_safe
def template(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    return inflow.template(_inflow(request, response, desk))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    return inflow.upload(request, _inflow(request, response, desk))


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, response: str, key: UUID, desk: Desk) -> HttpResponse:
    return inflow.preview(request, key, _inflow(request, response, desk))


def _inflow(request: SignedIn, slug: str, desk: Desk) -> inflow.Inflow:
    response = response_or_404(request, slug)
    if not desk.imports or not desk.may_file(request.user) or desk.form is None:
        raise Http404
    made = desk.form

    def line(values: dict[str, Any], key: UUID) -> inflow.Line:
        form = made.from_row(values, instance=desk.model(pk=key, response=response), by=request.user)
        if not form.is_valid():
            return None, {name: [str(said) for said in found] for name, found in form.errors.items()}
        form.settle()
        return partial(module.file, form.instance, by=request.user, **form.extras(), **form.row_extras()), {}

    return inflow.Inflow(
        title=str(desk.title), place=f"{response.slug}/{desk.model._meta.label_lower}", columns=desk.imports, line=line,
        home=desk.url("list", response), upload=desk.url("import", response), template=desk.url("template", response),
        preview=lambda key: desk.url("preview", response, key),
    )  # fmt: skip

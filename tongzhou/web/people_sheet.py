"""Members in from a spreadsheet: the register an office already keeps, line by line, once."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, sheets, steps
from tongzhou.kernel.desk import inflow
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.web.forms import PersonForm

COLUMNS = (
    sheets.Column("name", _("姓名"), required=True),
    sheets.Column("unit", _("所属单位"), required=True, help=_("单位的名称或代码"), aliases=("单位", "支社")),
    sheets.Column("posts", _("职务")),
    sheets.Column("phone", _("手机号"), kind="phone", aliases=("手机", "电话", "联系电话")),
    sheets.Column("email", _("邮箱")),
)


@require_safe
def template(request: SignedIn) -> HttpResponse:
    return inflow.template(_inflow(request))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn) -> HttpResponse:
    return inflow.upload(request, _inflow(request))


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, key: UUID) -> HttpResponse:
    return inflow.preview(request, key, _inflow(request))


def _inflow(request: SignedIn) -> inflow.Inflow:
    if not access.reach(request.user, "people.manage"):
        raise Http404
    return inflow.Inflow(
        title=pgettext("list", "人员"),
        place="people",
        columns=COLUMNS,
        line=partial(_line, request.user),
        home=reverse("people"),
        upload=reverse("people.import"),
        template=reverse("people.template"),
        preview=lambda key: reverse("people.preview", args=[key]),
    )


def _line(by: Person, values: dict[str, Any], key: UUID) -> inflow.Line:
    named = values.get("unit") or ""
    unit = access.units(by, "people.manage").filter(Q(code=named) | Q(name=named)).first()
    if unit is None:
        return None, {
            "unit": [__("没有“%(unit)s”这个单位，或不在您的管辖范围内。请写单位全称或代码。") % {"unit": named}]
        }
    form = PersonForm({**values, "unit": unit.pk, "is_active": True}, instance=Person(pk=key), by=by)
    if not form.is_valid():
        return None, {name: [str(said) for said in found] for name, found in form.errors.items()}
    return partial(steps.file, form.instance, by=by, needs="people.manage"), {}

"""Declaring on a telephone: for oneself or one's family, from what was declared last."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods

from tongzhou.kernel import rulebook, seal
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.coverage import actions, queries
from tongzhou.modules.coverage.actions.declarations import Said
from tongzhou.modules.coverage.forms import DeclareForm, StayLines, refuse
from tongzhou.modules.coverage.models import Declaration

AGAIN = ("arrived_on", "tested_on")


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: SignedIn, response: str) -> HttpResponse:
    found, by = response_or_404(request, response), request.user
    if by.unit is None:
        messages.error(request, __("您还没有所属单位，请联系所在单位登记后再申报。"))
        return redirect("response", found.slug)
    before = queries.declared_by(found, by)
    sent = request.method == "POST"
    asked = request.POST.get("whom", "") if sent else request.GET.get("whom", "")
    last = next((row for row in before if str(row.subject_id) == asked), None)
    if not asked:  # whoever declared for themselves declares for themselves again
        last = next((row for row in before if row.subject.is_self), None)
    is_self = last.subject.is_self if last else asked != "family" and not any(row.subject.is_self for row in before)
    form = DeclareForm(
        request.POST if sent else None,
        known=last.subject if last else None,
        is_self=is_self,
        initial=_initial(by, last, is_self),
    )
    stays = StayLines(request.POST if sent else None, prefix="stays", initial=[])
    key = _key(request.POST.get("key", "")) or uuid4()
    if sent and all([form.is_valid(), stays.is_valid()]):
        try:
            said = Said(
                is_self=is_self, stays=[one.cleaned_data for one in stays.forms if one.is_told], **_data(form, by)
            )
            made, _new = actions.declarations.declare(
                found, said, by=by, key=key, subject=last.subject if last else None
            )
            messages.success(request, __("已申报。") + (made.follows or __("没有进一步要求。")))
            return redirect(made.get_absolute_url())
        except ValidationError as fault:
            refuse(fault, form)
        except PermissionDenied as fault:
            form.add_error(None, str(fault))
    page = {
        "response": found, "form": form, "stays": stays, "key": key, "before": before, "last": last, "is_self": is_self,
        "whom": last.subject_id if last else "" if is_self else "family", "rule": rulebook.in_force("coverage", "travel", timezone.localdate()),
    }  # fmt: skip
    return render(request, "coverage/declare.html", page, status=422 if sent else 200)


def _initial(by: Person, last: Declaration | None, is_self: bool) -> dict[str, object]:
    if last:
        return {name: getattr(last, name) for name in AGAIN} | {"document": last.subject.document}
    return {"name": by.name} if is_self else {}


def _data(form: DeclareForm, by: Person) -> dict[str, Any]:
    """One's own telephone is known to the house; typed again only if it is another."""
    data = dict(form.cleaned_data)
    if form.is_self and not data["phone"] and form.known is None:
        data["phone"] = seal.open(by, "phone")
    return data


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

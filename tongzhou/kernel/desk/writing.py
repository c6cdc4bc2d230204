"""Writing pages: new, edit, a move, moves in bulk. They check the shape of input and call one door; rules live in the rooms' actions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST

from tongzhou.kernel import access, module
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, lines
from tongzhou.kernel.desk.views import find, may_amend, response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep

SPARE_LINES = 1
BULK_LIMIT = 200


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    """The key is made with the blank form, so that sending the form twice files one record."""
    found = response_or_404(request, response)
    if desk.form is None or not desk.may_file(request.user):
        raise Http404
    record = desk.model(pk=_key(request.POST.get("key")), response=found)
    asked = {name: value for name, value in request.GET.items() if name in desk.form.base_fields}
    form = desk.form(request.POST or None, instance=record, by=request.user, initial=asked)
    rows = _lines(request, form, [])
    if _sent(request) and _valid(form, rows):
        try:
            record, is_new = module.file(form.instance, by=request.user, **_extras(form, rows))
            messages.success(request, __("已登记。") if is_new else __("这条记录先前已登记，未重复登记。"))
            return redirect(record.get_absolute_url())
        except ValidationError as fault:
            _show(form, fault)
    return _form_page(
        request,
        desk,
        form,
        rows,
        {"key": record.pk, "response": found, "heading": __("新建%(one)s") % {"one": desk.one or desk.title}},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, response: str, key: UUID, desk: Desk) -> HttpResponse:
    record = find(request, response, key, desk)
    if not may_amend(desk, record, request.user) or desk.form is None:
        raise PermissionDenied(
            __("现在不能修改这条记录：状态为“%(state)s”，或您没有修改权限。") % {"state": record.state_label()}
        )
    form = desk.form(request.POST or None, instance=record, by=request.user)
    rows = _lines(request, form, record.line_values() if form.line_form else [])
    version = _number(request.POST.get("version", ""), record.version)
    if _sent(request) and _valid(form, rows):
        changes = form.record_changes()
        fresh = find(request, response, key, desk)  # the form wrote on its own copy
        try:
            module.amend(fresh, by=request.user, version=version, changes=changes, **_extras(form, rows))
            messages.success(request, __("已保存。"))
            return redirect(fresh.get_absolute_url())
        except OutOfStep:
            version = find(request, response, key, desk).version
            form.add_error(
                None, __("您打开表单之后，他人修改了这条记录。您填写的内容都在下面；核对后再次保存即以您的为准。")
            )
        except ValidationError as fault:
            _show(form, fault)
    context = {
        "record": record,
        "version": version,
        "response": record.response,
        "heading": __("修改：%(title)s") % {"title": record.title},
    }
    return _form_page(request, desk, form, rows, context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedIn, response: str, key: UUID, move: str, desk: Desk) -> HttpResponse:
    """GET asks for what the move needs; POST makes it."""
    record = find(request, response, key, desk)
    step = record.workflow.move(move)
    if step is None:
        raise Http404
    access.require(request.user, step.needs, record)
    made: Callable[..., Form] = desk.move_forms.get(move, MoveForm)
    sent = request.method == "POST"
    form = made(
        request.POST if sent else None,
        request.FILES if sent else None,
        record=record,
        by=request.user,
        reason=step.reason,
    )
    if record.state not in step.sources:
        return _out_of_step(request, record)
    if sent and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            module.perform(record, move, by=request.user, note=data.pop("note", ""), **data)
            messages.success(request, __("%(move)s：已完成。") % {"move": step.label})
            return redirect(record.get_absolute_url())
        except OutOfStep:
            return _out_of_step(request, record)
        except ValidationError as fault:
            _show(form, fault)
    context = {"desk": desk, "record": record, "response": record.response, "move": step, "form": form}
    return render(request, "desk/move.html", context, status=422 if sent else 200)


@require_POST
def bulk(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    """One move for the ticked rows: each on its own, so one that cannot move does not hold up the rest."""
    found = response_or_404(request, response)
    if not desk.open_to(request.user):
        raise Http404
    step = desk.model.workflow.move(request.POST.get("move", ""))
    keys = [k for k in map(_known_key, request.POST.getlist("keys")) if k][:BULK_LIMIT]
    if step is None or not step.bulk:
        raise Http404
    done, refused = 0, []
    for record in desk.visible(found, request.user).filter(pk__in=keys):
        try:
            module.perform(record, step.name, by=request.user)
            done += 1
        except (OutOfStep, PermissionDenied, ValidationError) as fault:
            refused.append(f"{record.title}：{_sentence(fault)}")
    if done:
        messages.success(request, __("%(move)s：%(n)d 条已完成。") % {"move": step.label, "n": done})
    for sentence in refused[:10]:
        messages.error(request, sentence)
    if not keys:
        messages.warning(request, __("请先勾选要处理的记录。"))
    return redirect(desk.url("list", found))


def _lines(request: SignedIn, form: RecordForm, initial: list[dict[str, Any]]) -> Any:
    more = 3 if "more_lines" in request.POST else 0
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and more:
        data["lines-TOTAL_FORMS"] = str(_number(data.get("lines-TOTAL_FORMS", ""), 0) + more)
    return lines(form, data, initial, extra=SPARE_LINES if initial else 2)


def _sent(request: SignedIn) -> bool:
    """Posted to be saved, not to be shown again with more lines."""
    return request.method == "POST" and "more_lines" not in request.POST


def _valid(form: RecordForm, rows: Any) -> bool:
    both = [form.is_valid(), rows is None or rows.is_valid()]
    if all(both):
        form.settle()
    return all(both)


def _extras(form: RecordForm, rows: Any) -> dict[str, Any]:
    return form.extras() | ({"lines": rows.rows()} if rows is not None else {})


def _form_page(request: SignedIn, desk: Desk, form: RecordForm, rows: Any, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" and _sent(request) else 200
    return render(request, "desk/form.html", {"desk": desk, "form": form, "lines": rows, **context}, status=status)


def _show(form: Any, fault: ValidationError) -> None:
    """A rule's refusal beside the field it names, or on top of the form."""
    if hasattr(fault, "error_dict"):
        for name, found in fault.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, fault)


def _out_of_step(request: SignedIn, record: Any) -> HttpResponse:
    messages.error(request, str(OutOfStep()))
    return redirect(record.get_absolute_url())


def _sentence(fault: Exception) -> str:
    return "；".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)


def _key(text: str | None) -> UUID:
    return _known_key(text or "") or uuid4()


def _known_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str, otherwise: int) -> int:
    """A small number as our own forms send it; "²" and a thousand digits are digits too, but no such number."""
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else otherwise

"""The register of people: found by name or pinyin initials, phones masked and unmasked only for a stated purpose."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, ledger, seal, sheets, steps
from tongzhou.kernel.desk import naming
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.models import Grant, Person, Unit
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.web.accounts import may_manage_account
from tongzhou.web.forms import GrantForm, PersonForm

EXPORTED = _("{by}导出了人员名册，共 {n} 人")


@require_safe
def list_page(request: SignedIn) -> HttpResponse:
    rows, unit = found(request)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "q": request.GET.get("q", ""), "unit": unit, "may_manage": _may_manage(request.user)}
    return render(request, "web/people.html", context | {"rows": [(p, seal.mask(p, "phone")) for p in page]})


def found(request: SignedIn) -> tuple[QuerySet[Person], Unit | None]:
    """The register as asked for, as far as the person reaches, and the unit it was narrowed to."""
    if not access.reach(request.user, "people.read"):
        raise Http404
    rows = access.visible(Person.objects.select_related("unit"), request.user, "people.read")
    for word in request.GET.get("q", "").replace("\0", "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(pinyin__icontains=word.lower()) | Q(posts__icontains=word))
    code = request.GET.get("unit", "").replace("\0", "")
    if not code:
        return rows, None
    unit = get_object_or_404(access.units(request.user, "people.read"), code=code)
    return rows.filter(unit__path__startswith=unit.path), unit


@require_safe
def names(request: SignedIn) -> HttpResponse:
    """Suggestions for a form in which a person is named: `from` says under which name the typed text comes."""
    typed = request.GET.get(request.GET.get("from", "q"), "").replace("\0", "")[:60]
    return render(request, "web/names.html", {"names": naming.suggestions(request.user, typed)})


@require_safe
def export(request: SignedIn) -> HttpResponse:
    """What the list shows, phones masked; the export is itself an entry on the person who made it."""
    rows = [
        {"name": p.name, "unit": str(p.unit or ""), "posts": p.posts, "phone": seal.mask(p, "phone")}
        for p in found(request)[0]
    ]
    names = [("name", _("姓名")), ("unit", _("所属单位")), ("posts", _("职务")), ("phone", _("手机号"))]
    steps.note(request.user, "export", by=request.user, said=EXPORTED, data={"n": len(rows)})
    book = sheets.write(pgettext("list", "人员"), [sheets.Column(name, label) for name, label in names], rows)
    answer = HttpResponse(book, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return answer


@require_safe
def detail(request: SignedIn, key: UUID) -> HttpResponse:
    person, by = _find(request, key), request.user
    manages, grants = access.may(by, "people.manage", person), access.may(by, "grants.manage", person)
    own = by.pk == person.pk
    told = manages or grants or own  # whoever is written about may read who looked at their data
    entries = ledger.entries(person).reverse()[:50] if told else []
    context = {
        "person": person,
        "phone": seal.mask(person, "phone"),
        "grants": person.grants.select_related("unit"),
        "roles": access.ROLES,
        "today": timezone.localdate(),
        "may_manage": manages,
        "may_grant": grants,
        "may_reveal": access.may(by, "people.reveal", person),
        "may_invite": person.is_active and may_manage_account(by, person),
        "has_account": person.has_usable_password() and bool(person.password),
        "grant_form": GrantForm(by=by) if grants and not own else None,
        "history": [(entry, ledger.sentence(entry)) for entry in entries],
    }
    return render(request, "web/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if not _may_manage(request.user):
        raise Http404
    key = _key(request.POST.get("key"))
    initial = {"unit": request.user.unit_id}
    form = PersonForm(request.POST or None, instance=Person(pk=key), by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            person, _new = steps.file(form.instance, by=request.user, needs="people.manage")
            messages.success(request, __("已登记。"))
            return redirect("person", person.pk)
        except ValidationError as fault:
            form.add_error(None, fault)
    return _form_page(request, form, key=key)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, key: UUID) -> HttpResponse:
    """Change a person. What someone else changed meanwhile is not overwritten: the version seen comes with the form."""
    person = _find(request, key)
    access.require(request.user, "people.manage", person)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else person.version
    form = PersonForm(request.POST or None, instance=_find(request, key), by=request.user)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            steps.amend(person, by=request.user, needs="people.manage", version=version, **changes)
            messages.success(request, __("已保存。"))
            return redirect("person", person.pk)
        except (steps.OutOfStep, ValidationError) as fault:
            form.add_error(None, fault if isinstance(fault, ValidationError) else str(fault))
    return _form_page(request, form, person=person, version=version)


@require_POST
@never_cache
def reveal(request: SignedIn, key: UUID) -> HttpResponse:
    """Unmask the phone, once, for a stated purpose."""
    person = _find(request, key)
    access.require(request.user, "people.reveal", person)
    purpose = request.POST.get("purpose", "").strip()
    if not purpose:
        messages.error(request, __("请写明查看用途。"))
        return redirect("person", person.pk)
    try:
        value = steps.reveal(person, "phone", by=request.user, purpose=purpose[:200])
    except seal.Broken:
        messages.error(request, __("这个手机号无法读取：密钥不符或数据损坏。请告诉系统管理员。"))
        return redirect("person", person.pk)
    return render(request, "web/revealed.html", {"person": person, "value": value, "purpose": purpose})


@require_POST
def grant(request: SignedIn, key: UUID) -> HttpResponse:
    """Give a role from today on, at a unit where one may give roles; to others only, or every rule of two people is one person's."""
    person, form = _find(request, key), GrantForm(request.POST, by=request.user)
    if person.pk == request.user.pk:
        raise PermissionDenied(__("角色由他人授予，不能授予自己。"))
    if not form.is_valid():
        messages.error(request, __("请选择角色和单位；止期不早于今天。"))
        return redirect("person", person.pk)
    given = Grant(person=person, **form.cleaned_data)
    if _held(given):
        messages.info(request, __("此人在该单位已有这个角色。"))
        return redirect("person", person.pk)
    try:
        steps.file(given, by=request.user, needs="grants.manage")
        messages.success(request, __("已授予。"))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    return redirect("person", person.pk)


@require_POST
def end_grant(request: SignedIn, key: UUID, grant: UUID) -> HttpResponse:
    """A role ends today; it is never removed, so that who could do what on which day can be told."""
    held = get_object_or_404(Grant, pk=grant, person=_find(request, key))
    steps.amend(held, by=request.user, needs="grants.manage", until=max(timezone.localdate(), held.since))
    messages.success(request, __("角色于今日终止。"))
    return redirect("person", key)


def _find(request: SignedIn, key: UUID) -> Person:
    return access.find(Person.objects.select_related("unit"), request.user, "people.read", pk=key)


def _form_page(request: SignedIn, form: PersonForm, **shown: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "web/person_form.html", {"form": form, **shown}, status=status)


def _held(given: Grant) -> bool:
    today = timezone.localdate()
    same = Grant.objects.filter(person=given.person, unit=given.unit, role=given.role)
    return same.filter(Q(until=None) | Q(until__gte=today)).exists()


def _may_manage(person: Person) -> bool:
    return bool(access.reach(person, "people.manage"))


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()

"""The register of people: found by name or pinyin initials, phones masked, unmasked only with a purpose that is written down."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongzhou.kernel import access, ledger, seal, sheets, steps
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.models import Grant, Person


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("name", "unit", "posts", "username", "email", "phone", "is_active")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = access.units(by, "people.manage")  # type: ignore[attr-defined]
        self.fields["unit"].required = True

    def clean_username(self) -> str | None:
        return self.cleaned_data["username"] or None


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), choices=list(access.ROLES.items()))
    unit = forms.ModelChoiceField(label=_("单位"), queryset=None)
    until = forms.DateField(label=_("止"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = access.units(by, "grants.manage")  # type: ignore[attr-defined]


def found(request: HttpRequest) -> QuerySet[Person]:
    """The register as asked for, as far as the person reaches."""
    if not access.reach(request.user, "people.read"):
        raise Http404
    rows = access.visible(Person.objects.select_related("unit"), request.user, "people.read")
    for word in request.GET.get("q", "").replace("\0", "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(pinyin__icontains=word.lower()) | Q(posts__icontains=word))
    if code := request.GET.get("unit", "").replace("\0", ""):
        unit = get_object_or_404(access.units(request.user, "people.read"), code=code)
        rows = rows.filter(unit__path__startswith=unit.path)
    return rows


def list_page(request: HttpRequest) -> HttpResponse:
    page = Paginator(found(request), 50).get_page(request.GET.get("page"))
    context = {"page": page, "q": request.GET.get("q", ""), "unit": request.GET.get("unit", ""), "may_manage": _may_manage(request.user)}
    return render(request, "web/people.html", context | {"rows": [(p, seal.mask(p, "phone")) for p in page]})


def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, phones masked; the export is itself an entry on the person who made it."""
    rows = [{"name": p.name, "unit": str(p.unit or ""), "posts": p.posts, "phone": seal.mask(p, "phone")} for p in found(request)]
    names = [("name", _("姓名")), ("unit", _("所属单位")), ("posts", _("职务")), ("phone", _("手机号"))]
    steps.note(request.user, "export", by=request.user, said=str(EXPORTED), data={"n": len(rows)})
    answer = HttpResponse(sheets.write(__("人员"), [sheets.Column(n, label) for n, label in names], rows), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return answer


def detail(request: HttpRequest, key: UUID) -> HttpResponse:
    person = _find(request, key)
    manages = access.may(request.user, "people.manage", person)
    grants = bool(person.unit) and access.may(request.user, "grants.manage", person)
    context = {
        "person": person, "phone": seal.mask(person, "phone"), "grants": person.grants.select_related("unit"), "roles": access.ROLES,
        "may_manage": manages, "may_grant": grants, "may_reveal": access.may(request.user, "people.reveal", person),
        "grant_form": GrantForm(by=request.user) if grants else None, "today": timezone.localdate(),
        "history": [(e, ledger.sentence(e)) for e in ledger.entries(person).reverse()[:50]] if manages or grants else [],
    }  # fmt: skip
    return render(request, "web/person.html", context)


def new(request: HttpRequest) -> HttpResponse:
    if not _may_manage(request.user):
        raise Http404
    form = PersonForm(request.POST or None, by=request.user, initial={"unit": request.user.unit_id})
    if request.method == "POST" and form.is_valid():
        form.instance.pk = _key(request.POST.get("key"))
        try:
            person, _new = steps.file(form.instance, by=request.user, needs="people.manage")
            messages.success(request, __("已登记。"))
            return redirect("person", person.pk)
        except ValidationError as fault:
            form.add_error(None, fault)
    status = 422 if request.method == "POST" else 200
    return render(request, "web/person_form.html", {"form": form, "key": request.POST.get("key") or uuid4()}, status=status)


def edit(request: HttpRequest, key: UUID) -> HttpResponse:
    person = _find(request, key)
    access.require(request.user, "people.manage", person)
    form = PersonForm(request.POST or None, instance=_find(request, key), by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            steps.amend(person, by=request.user, needs="people.manage", **changes)
            messages.success(request, __("已保存。"))
            return redirect("person", person.pk)
        except (steps.OutOfStep, ValidationError) as fault:
            form.add_error(None, fault if isinstance(fault, ValidationError) else str(fault))
    return render(request, "web/person_form.html", {"form": form, "person": person}, status=422 if request.method == "POST" else 200)


@require_POST
@never_cache
def reveal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Unmask the phone, once, for a stated purpose."""
    person = _find(request, key)
    access.require(request.user, "people.reveal", person)
    purpose = request.POST.get("purpose", "").strip()
    if not purpose:
        messages.error(request, __("请写明查看用途。"))
        return redirect("person", person.pk)
    value = ledger.reveal(person, "phone", by=request.user, purpose=purpose[:200])
    return render(request, "web/revealed.html", {"person": person, "value": value, "purpose": purpose})


@require_POST
def grant(request: HttpRequest, key: UUID) -> HttpResponse:
    person, form = _find(request, key), GrantForm(request.POST, by=request.user)
    if form.is_valid():
        given = Grant(person=person, unit=form.cleaned_data["unit"], role=form.cleaned_data["role"], until=form.cleaned_data["until"])
        try:
            steps.file(given, by=request.user, needs="grants.manage")
            messages.success(request, __("已授予。"))
        except ValidationError as fault:
            messages.error(request, "；".join(fault.messages))
    else:
        messages.error(request, __("请选择角色和单位。"))
    return redirect("person", person.pk)


@require_POST
def end_grant(request: HttpRequest, key: UUID, grant: UUID) -> HttpResponse:
    """A role ends today; it is never removed, so that who could do what on which day can be told."""
    held = get_object_or_404(Grant, pk=grant, person=_find(request, key))
    steps.amend(held, by=request.user, needs="grants.manage", until=max(timezone.localdate(), held.since))
    messages.success(request, __("角色于今日终止。"))
    return redirect("person", key)


EXPORTED = _("{by}导出了人员名册，共 {n} 人")


def _find(request: HttpRequest, key: UUID) -> Person:
    return access.find(Person.objects.select_related("unit"), request.user, "people.read", pk=key)


def _may_manage(person: Person) -> bool:
    return bool(access.reach(person, "people.manage"))


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()

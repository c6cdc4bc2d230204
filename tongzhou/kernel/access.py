"""Who may do what, where. `reach` is the one rule: a person's grants, each at a unit and so at everything below it.

Default deny. What is out of reach is not found: lists, pages, exports, counts and facts all read through `visible`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Kept, Person, Response, Unit

M = TypeVar("M", bound=Model)

# Posts as offices know them. What each may do is said by the rooms, in the capabilities of their manifests.
ROLES: dict[str, Any] = {
    "secretary": _("支社（基层委员会）负责人"),
    "office": _("机关工作人员"),
    "leader": _("签发领导"),
    "keeper": _("物资管理员"),
    "commander": _("指挥部值班员"),
    "inspector": _("督导员"),
    "chief": _("点位负责人"),
    "laboratory": _("检测实验室"),
    "counsellor": _("心理援助员"),
    "supervisor": _("心理督导"),
    "auditor": _("监督员"),
    "registrar": _("个人信息管理员"),
}


@dataclass(frozen=True)
class Capability:
    """`name` is "<room>.<verb>"; `roles` hold it at the unit of their grant and below."""

    name: str
    label: Any
    roles: tuple[str, ...]
    personal: bool = False  # lets personal data be read unmasked: the holder must sign in with a second factor


CAPABILITIES: dict[str, Capability] = {
    c.name: c
    for c in [
        Capability("people.read", _("查看人员名册"), ("secretary", "office", "leader", "auditor", "registrar")),
        Capability("people.name", _("在表单中点名"), ("secretary", "office", "leader", "keeper", "commander", "inspector", "chief", "registrar")),
        Capability("people.manage", _("登记、修改人员"), ("office", "registrar")),
        Capability("people.reveal", _("查看未脱敏的个人信息"), ("registrar",), personal=True),
        Capability("grants.manage", _("授予、收回角色"), ("leader",)),
        Capability("ledger.read", _("查看台账"), ("auditor", "leader", "office")),
        Capability("channels.manage", _("管理工作群机器人"), ("office",)),
    ]
}  # fmt: skip


def declare(capabilities: Iterable[Capability]) -> None:
    CAPABILITIES.update({c.name: c for c in capabilities})


def reach(person: Person, capability: str) -> tuple[str, ...]:
    """Paths of the units at which the person holds the capability today; everything below each is in reach.

    The keeper of the house (superuser) reaches everything except personal data.
    """
    known = CAPABILITIES[capability]  # an undeclared capability is a fault of the code, not a refusal
    if not person.is_active:
        return ()
    if person.is_superuser and not known.personal:
        return ("/",)
    return tuple(path for role, path in person.held() if role in known.roles)


def within(paths: Iterable[str], via: str = "unit") -> Q:
    q = Q(pk__in=())
    for path in paths:
        q |= Q(**{f"{via}__path__startswith": path})
    return q


def visible[M: Model](rows: QuerySet[M], person: Person, capability: str, via: str = "") -> QuerySet[M]:
    """The rows the person may see. `via` leads from a row to its record, for rows that are parts of one."""
    paths = reach(person, capability)
    if "/" in paths:
        return rows
    q = within(paths, f"{via}__unit" if via else "unit")
    if not via and issubclass(rows.model, Kept):
        q |= rows.model.concerns(person)
    return open_to(rows.filter(q), person, via)


def open_to[M: Model](rows: QuerySet[M], person: Person, via: str = "") -> QuerySet[M]:
    """The rows without those that their model, or the record they are parts of, keeps from this person."""
    model: Any = rows.model
    for step in filter(None, via.split("__")):
        model = model._meta.get_field(step).related_model
    kept = model.withheld(person) if issubclass(model, Kept) else None
    if kept is None:
        return rows
    return rows.exclude(**{f"{via}__in": model._default_manager.filter(kept)}) if via else rows.filter(~kept)


def find[M: Model](rows: QuerySet[M], person: Person, capability: str, **by: Any) -> M:
    """The one row, or 404 whether it is absent or out of reach."""
    row = visible(rows, person, capability).filter(**by).first()
    if row is None:
        raise Http404
    return row


def find_response(person: Person, slug: str) -> Response:
    """The response by its address name, if the person's unit or a grant of theirs takes part in it; else 404."""
    return get_object_or_404(responses(person), slug=slug)


def responses(person: Person) -> QuerySet[Response]:
    rows = Response.objects.select_related("lead")
    return rows if person.is_superuser else rows.filter(Response.concerns(person))


def may(person: Person, capability: str, what: Kept | Unit) -> bool:
    """May the person do this to this record, or at this unit?"""
    unit = what if isinstance(what, Unit) else getattr(what, "unit", None)
    if unit is not None and any(unit.path.startswith(path) for path in reach(person, capability)):
        return not _kept_from(person, what)
    return capability in what.lets(person)


def _kept_from(person: Person, what: Kept | Unit) -> bool:
    """The same question as `open_to`, of one row; who keeps the house is kept from nothing."""
    kept = None if person.is_superuser else what.withheld(person)
    return kept is not None and type(what)._default_manager.filter(kept, pk=what.pk).exists()


def is_confidential(row: Kept) -> bool:
    """Whether its model keeps this row from somebody who holds nothing: then it goes no further, whoever asks."""
    kept = type(row).withheld(Person())
    return kept is not None and type(row)._default_manager.filter(kept, pk=row.pk).exists()


def require(person: Person, capability: str, what: Kept | Unit) -> None:
    if not may(person, capability, what):
        raise PermissionDenied(explain(person, capability, what))


def explain(person: Person, capability: str, what: Kept | Unit) -> str:
    """Why not, in the user's language: what is missing and who has it."""
    known = CAPABILITIES[capability]
    roles = __("、").join(str(ROLES[role]) for role in known.roles) or __("无人")
    return __("您在此处没有“%(what)s”的权限；具有该权限的角色：%(roles)s。") % {"what": known.label, "roles": roles}


def units(person: Person, capability: str) -> QuerySet[Unit]:
    """Units at which the person holds the capability, with all below them."""
    q = Q(pk__in=())
    for path in reach(person, capability):
        q |= Q(path__startswith=path)
    return Unit.objects.filter(q)


def holders(capability: str, unit: Unit) -> QuerySet[Person]:
    """People who hold the capability at this unit, by a grant here or above."""
    today = timezone.localdate()
    above = [unit.path[: i + 1] for i, c in enumerate(unit.path) if c == "/" and i]
    current = Q(grants__since__lte=today) & (Q(grants__until=None) | Q(grants__until__gte=today))
    held = Q(grants__role__in=CAPABILITIES[capability].roles, grants__unit__path__in=above)
    return Person.objects.filter(current & held, is_active=True).distinct()


def needs_second_factor(person: Person) -> bool:
    """Whoever can unmask personal data signs in with a second factor."""
    return any(reach(person, c.name) for c in CAPABILITIES.values() if c.personal)

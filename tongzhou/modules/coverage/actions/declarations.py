"""Declarations: filed by a member for themselves and family, replaced by the next, taken back; the rule in force says what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook, seal, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.rulebook import Edition
from tongzhou.modules.coverage import queries, rules
from tongzhou.modules.coverage.actions import evidence, rolls
from tongzhou.modules.coverage.models import Declaration, Listing, Stay, Subject
from tongzhou.modules.coverage.workflow import DeclarationState

DECLARED = _("{by}申报，按{version}版规则：{outcome}")
PERSONAL = ("name", "number", "phone", "address")
PROOFS = {rules.TEST: [rules.TESTED], rules.CARE: [rules.CONTACT, rules.VISIT]}


@dataclass(frozen=True)
class Said:
    """What somebody declares. Of a subject that is known, what is left empty stays as it was."""

    is_self: bool = True
    name: str = ""
    document: str = "id"
    number: str = ""
    phone: str = ""
    address: str = ""
    arrived_on: date | None = None
    has_symptoms: bool = False
    tested_on: date | None = None
    vehicle: str = ""
    companions: str = ""
    stays: Sequence[Mapping[str, Any]] = field(default=())


def declare(
    response: Response, said: Said, *, by: Person, key: UUID, subject: Subject | None = None, on: date | None = None
) -> tuple[Declaration, bool]:
    """File it, with what follows by the rule in force that day. Sent again under the same key, the first is given back.

    `subject` is one this person declared for before. Raises ValidationError.
    """
    if found := Declaration.objects.filter(pk=key, filed_by=by).first():
        return found, False
    today = on or timezone.localdate()
    edition = rulebook.in_force("coverage", "travel", today)
    follows = rules.follows(
        edition.values, [rules.Stayed(stay["area"], stay.get("until")) for stay in said.stays],
        ill=said.has_symptoms, arrived=said.arrived_on, on=today,
    )  # fmt: skip
    with transaction.atomic():
        subject = _known(subject, said, by) if subject else _found(response, said, by)
        made = _file(subject, said, follows, edition, by=by, key=key, today=today)
        _replace(made, by)
        if follows:
            Listing.objects.bulk_create(_listings(made, follows, edition.version))
        evidence.put(
            subject, rules.DECLARED, by=by, key=uuid5(made.pk, "evidence"), day=min(today, timezone.localdate()), origin=evidence.DECLARATION
        )  # fmt: skip
        evidence.derive([subject.pk])
    return made, True


def withdraw(declaration: Declaration, *, by: Person, note: str = "") -> Declaration:
    """What followed from it is due no more. Whoever must not leave home is not freed by this: the unit sees it."""
    with transaction.atomic():
        steps.advance(declaration, "withdraw", by=by, note=note)
        rolls.end(Listing.objects.filter(declaration=declaration), timezone.localdate())
    return declaration


def _known(subject: Subject, said: Said, by: Person) -> Subject:
    """What was typed anew corrects what was kept; the member has the right to (个人信息保护法 art. 46)."""
    changes: dict[str, Any] = {
        name: getattr(said, name)
        for name in PERSONAL
        if getattr(said, name) and getattr(said, name) != seal.open(subject, name)
    }
    if not changes:
        return subject
    if subject.declarant_id != by.pk:
        raise ValidationError(__("这个人由别处登记，姓名和证件请联系登记单位更正。"))
    if "number" in changes:
        changes["document"] = said.document
    whole = {name: changes.get(name) or seal.open(subject, name) for name in PERSONAL}
    identity = rules.identity(whole["name"], changes.get("document", subject.document), whole["number"], whole["phone"])
    if identity != seal.open(subject, "identity"):
        changes["identity"] = identity
        other = queries.known(subject.response, [seal.index(identity, "coverage")])
        if other:
            raise ValidationError({"number": __("这个证件号码已登记在另一个人名下，请核对。")})
    return steps.amend(subject, by=by, **changes)


def _found(response: Response, said: Said, by: Person) -> Subject:
    """The person whom a list knows already, else a new one. Nothing of the known one is shown to whoever declares."""
    identity = rules.identity(said.name, said.document, said.number, said.phone)
    if not identity:
        raise ValidationError({"phone": __("没有证件号码的，请填写电话。")})
    known = queries.known(response, [seal.index(identity, "coverage")])
    if known:
        return next(iter(known.values()))
    if by.unit is None:
        raise ValidationError(__("您还没有所属单位，请联系所在单位登记后再申报。"))
    made = Subject(
        response=response, unit=by.unit, name=said.name, document=said.document, number=said.number, phone=said.phone, address=said.address,
        identity=identity, declarant=by, is_self=said.is_self,
    )  # fmt: skip
    return steps.file(made, by=by)[0]


def _file(
    subject: Subject, said: Said, follows: rules.Follows | None, edition: Edition, *, by: Person, key: UUID, today: date
) -> Declaration:
    outcome = follows.outcome if follows else None
    last = (
        follows.begins + timedelta(days=max([0, outcome["care_days"], *outcome["tests"]]))
        if follows and outcome
        else today
    )
    made = Declaration(
        pk=key, response=subject.response, unit=by.unit, happened_on=today, subject=subject, arrived_on=said.arrived_on, has_symptoms=said.has_symptoms,
        vehicle=said.vehicle, companions=said.companions, tested_on=said.tested_on, version_of_rule=edition.version,
        outcome=outcome["code"] if outcome else "", keep_until=max(last, today) + timedelta(days=edition["keep_days"]),
    )  # fmt: skip
    told = source_text(outcome["name"]["zh"]) if outcome else source_text(__("没有进一步要求"))
    steps.file(made, by=by, said=DECLARED, data={"version": edition.version, "outcome": told})
    Stay.objects.bulk_create([Stay(pk=uuid4(), declaration=made, **stay) for stay in said.stays])
    return made


def _replace(made: Declaration, by: Person) -> None:
    """Earlier declarations of the same person by the same member, and what followed from them."""
    older = Declaration.objects.filter(subject=made.subject, filed_by=by, state=DeclarationState.VALID)
    for row in older.exclude(pk=made.pk).select_related("subject", "unit", "response"):
        steps.advance(row, "replace", by=by)
        rolls.end(Listing.objects.filter(declaration=row), timezone.localdate() - timedelta(days=1))


def _listings(made: Declaration, follows: rules.Follows, version: str) -> list[Listing]:
    outcome, begins = follows.outcome, follows.begins
    common = {
        "subject": made.subject,
        "declaration": made,
        "version_of_rule": version,
        "begins_on": begins,
        "keep_until": made.keep_until,
    }
    found = []
    if outcome["tests"]:
        schedule = {"days": list(outcome["tests"])}
        found.append(Listing(kind=rules.TEST, schedule=schedule, proof=PROOFS[rules.TEST], **common))
    if outcome["care_days"]:
        ends = begins + timedelta(days=outcome["care_days"] - 1)
        schedule = {"every": outcome["care_every"]}
        found.append(Listing(kind=rules.CARE, schedule=schedule, proof=PROOFS[rules.CARE], ends_on=ends, **common))
    return found

"""The door for evidence. What is due of a person follows from it; nobody writes a status.

`add` is one tap, `undo` takes it back, `receive` is for another room that hands over thousands (test check-ins).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, seal
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.coverage import queries, rules
from tongzhou.modules.coverage.models import Evidence, Listing, Subject
from tongzhou.modules.coverage.workflow import LIST, WORK, SubjectState

WORKER, DECLARATION = "worker", "declaration"


@dataclass(frozen=True)
class Proof:
    """One thing that happened to one person, from wherever it is known. The person by document or, without one, name and telephone."""

    what: str
    day: date
    document: str = "id"
    number: str = ""
    name: str = ""
    phone: str = ""
    key: UUID = field(default_factory=uuid4)

    @property
    def index(self) -> str:
        return seal.index(rules.identity(self.name, self.document, self.number, self.phone), "coverage")


def add(subject: Subject, what: str, *, by: Person, key: UUID, day: date | None = None) -> tuple[Evidence, bool]:
    """One tap of a list worker; sent again under the same key, the first is given back. Returns the row and whether it is new."""
    access.require(by, WORK, subject)
    if what not in (rules.CONTACT, rules.TESTED, rules.VISIT):
        raise ValidationError(__("请选择已检测、已联系或已上门。"))
    return put(subject, what, by=by, key=key, day=day or timezone.localdate(), origin=WORKER)


def put(subject: Subject, what: str, *, by: Person, key: UUID, day: date, origin: str) -> tuple[Evidence, bool]:
    """As `add`, for actions of this room that have asked already whether they may."""
    if found := Evidence.objects.filter(pk=key).first():
        return _same(found, subject), False
    if day > timezone.localdate():
        raise ValidationError(__("日期不能晚于今天。"))
    if subject.state != SubjectState.KEPT:
        raise ValidationError(__("这个人的信息已到期清除，不能再登记。"))
    row = Evidence(pk=key, subject=subject, what=what, day=day, by=by, unit=by.unit, origin=origin)
    try:
        with transaction.atomic():
            asked = [one for one in _asking(subject, what) if _meet(one, day)]
            row.served = len(asked)
            _spare(asked[1:])  # one was served by the contact, the others were saved one
            row.save(force_insert=True)
    except IntegrityError:  # the same tap sent twice at once
        found = Evidence.objects.filter(pk=key).first()
        if found is None:
            raise
        return _same(found, subject), False
    return row, True


def undo(evidence: Evidence, *, by: Person, key: UUID) -> tuple[Evidence, bool]:
    """Take back one's own slip, or anybody's with the right to keep lists. What was there stays there, and this beside it."""
    subject = evidence.subject
    access.require(by, WORK, subject)
    if evidence.by_id != by.pk and not access.may(by, LIST, subject):
        raise PermissionDenied(__("只能撤销自己登记的。"))
    if evidence.what == Evidence.What.UNDONE or evidence.origin != WORKER:
        raise ValidationError(__("只能撤销点错的登记。"))
    if found := Evidence.objects.filter(undoes=evidence).first():
        return found, False
    row = Evidence(pk=key, subject=subject, what="undone", day=timezone.localdate(), by=by, unit=by.unit, origin=WORKER)
    row.undoes = evidence
    with transaction.atomic():
        row.save(force_insert=True)
        _unspare(subject, evidence)
        derive([subject.pk])
    return row, True


def receive(response: Response, proofs: Sequence[Proof], *, by: Person, origin: str) -> int:
    """Evidence of many people from another room, matched by blind index; whoever is on no list is left out, and nothing is told of them.

    Returns how many were new. A few statements for each five hundred; the same proofs again change nothing. `by` must be allowed to
    work at each of the people's units.
    """
    by_index: dict[str, list[Proof]] = {}
    for proof in proofs:
        by_index.setdefault(proof.index, []).append(proof)
    found = queries.known(response, filter(None, by_index))
    rows = [(proof, found[index]) for index, listed in by_index.items() if index in found for proof in listed]
    for subject in found.values():
        access.require(by, WORK, subject)
    there: set[UUID] = set()
    for part in batched(rows, queries.MANY):
        there |= set(Evidence.objects.filter(pk__in=[p.key for p, _s in part]).values_list("pk", flat=True))
    fresh = {p.key: (p, subject) for p, subject in rows if p.key not in there}
    with transaction.atomic():
        made = [
            Evidence(pk=p.key, subject=s, what=p.what, day=p.day, by=by, unit=by.unit, origin=origin)
            for p, s in fresh.values()
        ]
        _count_served(made)
        Evidence.objects.bulk_create(made, batch_size=queries.MANY)
        derive([subject.pk for _p, subject in fresh.values()])
    return len(made)


def derive(subjects: Sequence[UUID]) -> None:
    """Work out anew what is due of these people, from all their evidence and reasons."""
    for part in batched(dict.fromkeys(subjects), queries.MANY):
        seen, until = queries.lasts(part), queries.spared(part)
        rows = list(Listing.objects.filter(subject__in=part))
        for row in rows:
            settle(row, seen.get(row.subject_id, {}), until.get(row.subject_id, {}))
        Listing.objects.bulk_update(rows, ["last_on", "next_due", "spared_until"], batch_size=queries.MANY)


def settle(listing: Listing, seen: dict[str, date], until: dict[str, date]) -> None:
    """The derived fields of a listing in hand, from {what: latest day} and {kind: until when spared}."""
    listing.last_on = max((day for what, day in seen.items() if what in listing.proof), default=None)
    listing.spared_until = until.get(listing.kind)
    listing.next_due = listing.due_after(listing.last_on, listing.spared_until)


def _asking(subject: Subject, what: str) -> list[Listing]:
    return [row for row in subject.listings.order_by("key") if what in row.proof]


def _meet(listing: Listing, day: date) -> bool:
    """Write what the evidence means for one listing; whether it had asked for it. Guarded: of two taps at once one is counted."""
    asked, seen = rules.served([listing.next_due], day), listing.next_due
    listing.last_on = max(filter(None, (listing.last_on, day)))
    listing.next_due = listing.due_after(listing.last_on, listing.spared_until)
    values = {"last_on": listing.last_on, "next_due": listing.next_due}
    return bool(Listing.objects.filter(pk=listing.pk, next_due=seen).update(**values) and asked)


def _spare(rows: Sequence[Listing]) -> None:
    if rows:
        Listing.objects.filter(pk__in=[row.pk for row in rows]).update(saved=F("saved") + 1)


def _unspare(subject: Subject, evidence: Evidence) -> None:
    saved = [row.pk for row in _asking(subject, evidence.what) if row.saved][: max(0, evidence.served - 1)]
    if saved:
        Listing.objects.filter(pk__in=saved).update(saved=F("saved") - 1)


def _count_served(made: Sequence[Evidence]) -> None:
    """As `put` counts, for many: by person and kind of evidence the first that comes serves."""
    for part in batched(made, queries.MANY):
        asking: dict[tuple[UUID, str], list[Listing]] = {}
        for row in Listing.objects.filter(subject__in=[one.subject_id for one in part]).order_by("key"):
            for what in row.proof:
                asking.setdefault((row.subject_id, what), []).append(row)
        spare: list[Listing] = []
        for one in sorted(part, key=lambda row: row.day):
            rows = [row for row in asking.pop((one.subject_id, one.what), []) if rules.served([row.next_due], one.day)]
            one.served = len(rows)
            spare += rows[1:]
        for row in spare:
            row.saved += 1
        Listing.objects.bulk_update(spare, ["saved"], batch_size=queries.MANY)


def _same(found: Evidence, subject: Subject) -> Evidence:
    if found.subject_id != subject.pk:
        raise ValidationError(__("这次登记已用于另一个人，请刷新页面。"))
    return found

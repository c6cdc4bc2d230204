"""Lists: made, filled from Excel, taken over from another room, closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, rulebook, seal, steps
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.coverage import queries, rules
from tongzhou.modules.coverage.actions import evidence
from tongzhou.modules.coverage.models import Listing, Roll, Subject
from tongzhou.modules.coverage.models.roll import group, groups
from tongzhou.modules.coverage.workflow import LIST


@dataclass(frozen=True)
class Named:
    """One line of a list. `begins_on` and `ends_on` are the list's own where the line says none."""

    name: str
    unit: Unit
    document: str = "id"
    number: str = ""
    phone: str = ""
    address: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    key: UUID | None = None

    @property
    def identity(self) -> str:
        return rules.identity(self.name, self.document, self.number, self.phone)


def file(roll: Roll, *, by: Person) -> tuple[Roll, bool]:
    _fit(roll)
    return steps.file(roll, by=by)


def amend(roll: Roll, *, by: Person, version: int, changes: Mapping[str, Any]) -> Roll:
    told = {name: changes.get(name, getattr(roll, name)) for name in ("group", "begins_on", "keep_until")}
    kind = _fit(Roll(**told))
    return steps.amend(roll, by=by, version=version, **changes, kind=kind)


def accept(source: Record, by: Person) -> Roll:
    """A list from another room, as a draft: what it is about is known, who stands on it comes as a file or through `add`."""
    brief, today = source.brief(), timezone.localdate()
    longest = today + timedelta(days=_limit("keep_days", today))
    roll = Roll(
        response=source.response, unit=source.unit, happened_on=today, name=brief.title[:100], purpose=(brief.text or brief.title)[:200],
        given_by=str(source.unit)[:100], begins_on=today, keep_until=min(longest, brief.due or longest) if not brief.due or brief.due >= today else longest,
        group=groups(today)[0]["code"],
    )  # fmt: skip
    return file(roll, by=by)[0]


def add(roll: Roll, lines: Iterable[Named], *, by: Person) -> tuple[int, int]:
    """Put people on the list. Whoever stands on another list already is one person with them. Returns (added, known already).

    A few statements for each five hundred people. Raises ValidationError, PermissionDenied for a unit out of reach.
    """
    access.require(by, LIST, roll)
    rule, edition = group(roll.group, roll.begins_on), rulebook.in_force("coverage", "groups", roll.begins_on)
    if rule is None:
        raise ValidationError(__("当日的规则里没有这一人群，请先修改名单。"))
    once = {line.identity or str(uuid4()): line for line in lines}
    with transaction.atomic():
        subjects, fresh = _subjects(roll, once, by)
        there: set[UUID] = set()
        for part in batched(subjects, queries.MANY):
            listed = Listing.objects.filter(roll=roll, subject__in=[subject.pk for _line, subject in part])
            there |= set(listed.values_list("subject", flat=True))
        new = [(line, subject) for line, subject in subjects if subject.pk not in there]
        rows = [_listing(roll, line, subject, rule, edition.version) for line, subject in new]
        known = [subject.pk for _line, subject in new if subject.pk not in fresh]
        seen, until = queries.lasts(known), queries.spared(known)
        for row in rows:
            evidence.settle(row, seen.get(row.subject_id, {}), until.get(row.subject_id, {}))
        Listing.objects.bulk_create(rows, batch_size=queries.MANY)
        steps.advance(roll, "add", by=by, data={"people": len(rows), "known": len(known)})
    return len(rows), len(known)


def close(roll: Roll, *, by: Person, note: str = "") -> Roll:
    """Nothing more is due by this list."""
    today = timezone.localdate()
    with transaction.atomic():
        steps.advance(roll, "close", by=by, note=note)
        end(roll.listings.all(), today)
    return roll


def end(listings: Any, on: date) -> None:
    """Nothing more is due of these listings after this day."""
    listings.filter(ends_on=None).update(ends_on=on)
    listings.filter(Q(ends_on__gt=on)).update(ends_on=Least(F("ends_on"), on))
    listings.update(next_due=None, over=True)


def _fit(roll: Roll) -> str:
    """The kind that the group has by the rule, and whether the list may be kept so long. Raises ValidationError."""
    rule = group(roll.group, roll.begins_on)
    if rule is None:
        raise ValidationError({"group": __("请选择人群。")})
    longest = roll.begins_on + timedelta(days=_limit("keep_days", roll.begins_on))
    if roll.keep_until > longest:
        raise ValidationError({"keep_until": __("最长保存到%(day)s。") % {"day": longest}})
    roll.kind = rule["kind"]
    return roll.kind


def _limit(name: str, day: date) -> int:
    return int(rulebook.in_force("coverage", "limits", day)[name])


def _subjects(roll: Roll, once: Mapping[str, Named], by: Person) -> tuple[list[tuple[Named, Subject]], set[UUID]]:
    """(line, subject) for each line, and the keys of those that were not known before."""
    indexes = {text: seal.index(line.identity, "coverage") for text, line in once.items()}
    known = queries.known(roll.response, filter(None, indexes.values()))
    made = {text: _subject(roll, line) for text, line in once.items() if indexes[text] not in known}
    steps.file_many(list(made.values()), by=by)
    pairs = [(line, made.get(text) or known[indexes[text]]) for text, line in once.items()]
    return pairs, {subject.pk for subject in made.values()}


def _subject(roll: Roll, line: Named) -> Subject:
    return Subject(
        pk=line.key or uuid4(), response=roll.response, unit=line.unit, happened_on=roll.begins_on, name=line.name, document=line.document,
        number=line.number, phone=line.phone, address=line.address, identity=line.identity,
    )  # fmt: skip


def _listing(roll: Roll, line: Named, subject: Subject, rule: Mapping[str, Any], version: str) -> Listing:
    return Listing(
        subject=subject, roll=roll, kind=rule["kind"], schedule=rules.Schedule.of(rule).data(), proof=list(rule["proof"]),
        version_of_rule=version, begins_on=line.begins_on or roll.begins_on, ends_on=line.ends_on or roll.ends_on, keep_until=roll.keep_until,
    )  # fmt: skip

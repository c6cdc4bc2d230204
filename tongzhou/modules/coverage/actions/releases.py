"""Clear personal data leave the house: asked for by one, approved by another, taken once by the first, each step an entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import seal, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.coverage import queries
from tongzhou.modules.coverage.models import Listing, Release
from tongzhou.modules.coverage.workflow import SubjectState


@dataclass(frozen=True)
class Clear:
    """One person of a list, unmasked."""

    listing: Listing
    name: str
    number: str
    phone: str
    address: str


def file(release: Release, *, by: Person) -> tuple[Release, bool]:
    if release.unit != release.roll.unit or release.response != release.roll.response:
        raise ValidationError(__("申请单位应是名单所在单位。"))
    return steps.file(release, by=by)


def approve(release: Release, *, by: Person, note: str = "") -> Release:
    return _decide(release, "approve", by, note)


def refuse(release: Release, *, by: Person, note: str = "") -> Release:
    return _decide(release, "refuse", by, note)


def take(release: Release, *, by: Person) -> list[Clear]:
    """The list unmasked, once. The entry is written first. Raises OutOfStep when it was taken, ValidationError when it is too late."""
    if release.filed_by_id != by.pk:
        raise PermissionDenied(__("只有申请人本人可以下载。"))
    if release.holds_until is not None and timezone.now() > release.holds_until:
        raise ValidationError(__("批准已过期，请重新申请。"))
    kept = queries.on_roll(release.roll).filter(subject__state=SubjectState.KEPT).order_by("subject__unit__path", "key")
    with transaction.atomic():
        rows: Sequence[Listing] = list(kept)
        steps.advance(release, "take", by=by, data={"people": len(rows), "purpose": release.purpose})
        return [_clear(row) for row in rows]


def _decide(release: Release, move: str, by: Person, note: str) -> Release:
    if release.filed_by_id == by.pk:
        raise PermissionDenied(__("须由申请人以外的人批准。"))
    return steps.advance(release, move, by=by, note=note, decided_by=by, decided_at=timezone.now())


def _clear(listing: Listing) -> Clear:
    subject = listing.subject
    return Clear(listing, *(seal.open(subject, name) for name in ("name", "number", "phone", "address")))

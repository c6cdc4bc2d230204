"""When a list has served its purpose, its personal data go: sealed fields are emptied, numbers stay (个人信息保护法 art. 47)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, seal, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.coverage import queries
from tongzhou.modules.coverage.actions import rolls
from tongzhou.modules.coverage.models import Declaration, Roll, Stay, Subject
from tongzhou.modules.coverage.models.subject import SEALED
from tongzhou.modules.coverage.workflow import LIST, RollState, SubjectState

FORGOTTEN = _("{by}清除到期的行程信息")
ERASED: dict[str, Any] = dict.fromkeys(SEALED, "") | {"identity_index": None}


def erase(roll: Roll, *, by: Person, note: str = "") -> Roll:
    """The people of a closed list, but for those whom another list or a declaration still keeps."""
    today = timezone.localdate()
    with transaction.atomic():
        roll.listings.filter(keep_until__gte=today).update(keep_until=today - timedelta(days=1))
        there = Subject.objects.filter(listings__roll=roll, state=SubjectState.KEPT)
        mine = access.within(access.reach(by, LIST))  # whom another unit gets in touch with, the nightly command erases
        gone = queries.expired_subjects(today).filter(mine, listings__roll=roll)
        n, kept = gone.count(), there.count()
        steps.advance(roll, "erase", by=by, note=note, data={"erased": n, "kept": kept - n})
        _erase(gone.select_related("unit", "response"), by)
    return roll


def expire(by: Person, on: date) -> Iterator[str]:
    """Everything whose time is over, in every response: lists, declarations, people kept by none. Yields a line for each thing done."""
    for roll in queries.expired_rolls(on).select_related("unit", "response").order_by("keep_until"):
        if roll.state in (RollState.DRAFT, RollState.OPEN):
            rolls.close(roll, by=by, note="保存期限已到")
        erase(roll, by=by)
        yield f"{roll.response.slug} {roll.name}"
    sealed = ~Q(vehicle="") | ~Q(companions="") | Q(pk__in=Stay.objects.exclude(place="").values("declaration"))
    for row in Declaration.objects.filter(sealed, keep_until__lt=on):
        _forget(row, by)
    with transaction.atomic():
        left = queries.expired_subjects(on)
        n = left.count()
        _erase(left.select_related("unit", "response"), by)
    if n:
        yield f"people {n}"


def _erase(subjects: QuerySet[Subject], by: Person) -> None:
    for part in batched(list(subjects), queries.MANY):
        steps.advance_many(part, "erase", by=by, **ERASED)


def _forget(declaration: Declaration, by: Person) -> None:
    """Whereabouts, vehicle and companions; that somebody declared, and what followed, stays."""
    full = [name for name in ("vehicle", "companions") if getattr(declaration, name)]
    with transaction.atomic():
        Stay.objects.filter(declaration=declaration).update(place="")
        if full:
            seal.erase(declaration, *full)
        steps.note(declaration, "erase", by=by, said=FORGOTTEN)

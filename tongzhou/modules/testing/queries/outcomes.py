"""What is to be published of a campaign: of each person the result that counts. Read once for each publication, never for a look-up."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Sum

from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Campaign, CheckIn, Conflict, Count, PoolPerson, Result, Tube
from tongzhou.modules.testing.queries.standing import LINES, SAMPLE, Swab, aside, taken_back
from tongzhou.modules.testing.rules.published import Outcome, Value
from tongzhou.modules.testing.workflow import PoolState


def outcomes(campaign: Campaign) -> tuple[dict[UUID, Outcome], list[str]]:
    """Outcome by person, and the laboratories. Of several swabs of a person the last that has a result counts: that of the retest."""
    results = {one.tube: one for one in Result.objects.filter(campaign=campaign).order_by("look")}
    if not results:
        return {}, []
    swabs = list(_swabs(campaign))
    alone = {tube for tube, n in Counter(tube for _person, tube, _at in swabs).items() if n == 1}
    cleared = _cleared(campaign)
    laboratories = sorted({one.laboratory for one in results.values()})
    values = {tube: _value(one, tube in alone) for tube, one in results.items()}
    found: dict[UUID, Outcome] = {}
    for person, tube, at in sorted(swabs, key=lambda swab: swab[2]):
        if (one := results.get(tube)) is not None:
            place = laboratories.index(one.laboratory)
            value = Value.NEGATIVE if (tube, person) in cleared else values[tube]
            found[person] = Outcome(value, min(place, 255), int(one.tested_at.timestamp()), int(at.timestamp()))
    return found, laboratories


def basis(campaign: Campaign) -> str:
    """What the outcomes follow from, in figures: where they are others, something came in that is not published yet.

    Swabs in tubes that have a result, and swabs taken back: one in another's place would not change the sum.
    """
    results = Result.objects.filter(campaign=campaign)
    swabs = Tube.objects.filter(campaign=campaign, code__in=results.values("tube")).aggregate(n=Sum("people"))["n"]
    taken_back = Count.objects.filter(campaign=campaign, verdict=rules.Verdict.CORRECTED).aggregate(n=Sum("n"))["n"]
    decided = Conflict.objects.filter(campaign=campaign).exclude(decision="").count()
    return f"{results.count()} {swabs or 0} {taken_back or 0} {decided} {len(_cleared(campaign))}"


def _cleared(campaign: Campaign) -> set[tuple[str, UUID]]:
    """Those of whom it was found that theirs is negative although the tube was not; nobody whose swab came later."""
    rows = PoolPerson.objects.filter(pool__campaign=campaign, pool__state=PoolState.CLEARED)
    return set(rows.values_list("pool__tube", "person"))


def _swabs(campaign: Campaign) -> Iterator[Swab]:
    """Swabs that stand, also those kept aside unless they were dismissed; one under another's number once it was found to have happened."""
    gone = taken_back(campaign)
    own = CheckIn.objects.filter(campaign=campaign, kind=SAMPLE, person__isnull=False)
    rows = own.values_list("device", "seq", "person", "tube", "at")
    for device, seq, person, tube, at in rows.iterator(LINES):
        if person and (device, seq) not in gone:
            yield person, tube, at
    yield from aside(campaign, gone, doubtful=False)


def _value(result: Result, alone: bool) -> Value:
    """A pool that is not negative says nothing of one person: that person is to be tested again, singly."""
    if result.value == Result.Value.NEGATIVE:
        return Value.NEGATIVE
    return Value.POSITIVE if alone and result.value == Result.Value.POSITIVE else Value.RETEST

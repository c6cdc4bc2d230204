"""What is to be published of a campaign: of each person the result that counts. Read once for each publication, never for a look-up."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from tongzhou.modules.testing.models import Campaign, CheckIn, Pool, Result
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
    cleared = set(Pool.objects.filter(campaign=campaign, state=PoolState.CLEARED).values_list("tube", flat=True))
    laboratories = sorted({one.laboratory for one in results.values()})
    values = {tube: _value(one, tube in alone, tube in cleared) for tube, one in results.items()}
    found: dict[UUID, Outcome] = {}
    for person, tube, at in sorted(swabs, key=lambda swab: swab[2]):
        if (one := results.get(tube)) is not None:
            place = laboratories.index(one.laboratory)
            found[person] = Outcome(values[tube], min(place, 255), int(one.tested_at.timestamp()), int(at.timestamp()))
    return found, laboratories


def _swabs(campaign: Campaign) -> Iterator[Swab]:
    """Swabs that stand, also those kept aside unless they were dismissed."""
    gone = taken_back(campaign)
    own = CheckIn.objects.filter(campaign=campaign, kind=SAMPLE, person__isnull=False)
    rows = own.values_list("device", "seq", "person", "tube", "at")
    for device, seq, person, tube, at in rows.iterator(LINES):
        if person and (device, seq) not in gone:
            yield person, tube, at
    yield from aside(campaign, gone, doubtful=False)


def _value(result: Result, alone: bool, cleared: bool) -> Value:
    """A pool that is not negative says nothing of one person: that person is to be tested again, singly."""
    if cleared or result.value == Result.Value.NEGATIVE:
        return Value.NEGATIVE
    return Value.POSITIVE if alone and result.value == Result.Value.POSITIVE else Value.RETEST

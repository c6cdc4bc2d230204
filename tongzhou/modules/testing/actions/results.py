"""Results, tube by tube. What cannot be is refused line by line; what is not negative is told to everyone concerned in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, rulebook, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import publishing
from tongzhou.modules.testing.models import Campaign, Count, Device, Pool, PoolPerson, Result, Tube
from tongzhou.modules.testing.rules import Counted
from tongzhou.modules.testing.rules.protocol import LONGEST_TUBE
from tongzhou.modules.testing.workflow import FOLLOW, RESULT

NEGATIVE = Result.Value.NEGATIVE
MOST_LOOKS = 9
LATEST = timedelta(minutes=10)  # by which a laboratory's clock may be ahead of ours


@dataclass(frozen=True)
class Line:
    """One line a laboratory hands in. `look` is 1, or more for a tube that was tested again."""

    tube: str
    value: str
    tested_at: datetime
    laboratory: str = ""
    look: int = 1


def check(campaign: Campaign, line: Line, ahead: Iterable[Result] = ()) -> Result | None:
    """The result to be kept; None for one that is there already, word for word. Raises ValidationError naming what cannot be.

    `ahead`: results of the same file that will be kept before it.
    """
    _shape(line)
    there = [*Result.objects.filter(campaign=campaign, tube=line.tube).order_by("look"), *ahead]
    same = next((one for one in there if one.look == line.look), None)
    if same is not None:
        if same.value == line.value:
            return None
        message = __("这一管第 %(look)d 次检测已报“%(value)s”；再次检测的请填第几次。")
        raise ValidationError({"tube": message % {"look": line.look, "value": same.get_value_display()}})
    if line.look != len(there) + 1:
        raise ValidationError({"look": __("这一管下一次应是第 %(n)d 次检测。") % {"n": len(there) + 1}})
    opened = Tube.objects.filter(campaign=campaign, code=line.tube).order_by("opened_at").first()
    if opened is None:
        raise ValidationError({"tube": __("系统里没有这一管：不是这一轮的，或还有终端没有上传。")})
    if line.tested_at < opened.opened_at:
        raise ValidationError({"tested_at": __("出结果时间早于采样时间。")})
    if line.tested_at > timezone.now() + LATEST:
        raise ValidationError({"tested_at": __("出结果时间在将来。")})
    return Result(
        campaign=campaign, tube=line.tube, look=line.look, value=line.value, laboratory=line.laboratory, tested_at=line.tested_at,
        stored_at=timezone.now(),
    )  # fmt: skip


def _shape(line: Line) -> None:
    if not (0 < len(line.tube) <= LONGEST_TUBE and line.tube.isascii() and line.tube.isalnum()):
        raise ValidationError({"tube": __("管码应为数字和字母。")})
    if line.tested_at.tzinfo is None:
        raise ValidationError({"tested_at": __("出结果时间缺时区。")})
    if not 1 <= line.look <= MOST_LOOKS:
        raise ValidationError({"look": __("检测次数应在 1 到 9 之间。")})
    if line.value not in Result.Value.values:
        raise ValidationError({"value": __("结果应为阴性、阳性、灰区或单靶标阳性。")})


@transaction.atomic
def take(campaign: Campaign, line: Line, *, by: Person) -> Result | None:
    """Keep one line and what follows from it. Raises ValidationError, PermissionDenied."""
    access.require(by, RESULT, campaign)
    made = check(campaign, line)
    if made is None:
        return None
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except (
        IntegrityError
    ):  # another hand was quicker by a moment: what it said is there now, and this line is held against it
        if check(campaign, line) is not None:
            raise
        return None
    if made.look == 1:
        at = int(made.stored_at.timestamp() * 1000)
        Count.more(campaign.pk, queries.tube_device(campaign, made.tube), at, Counted.RESULT)
    if made.value != NEGATIVE:
        _pool(campaign, made, by)
    publishing.want(campaign)
    return made


def take_from(laboratory: Device, lines: Iterable[Line]) -> list[str]:
    """What a laboratory's program hands in, in the name of whoever made its key; the laboratory is the key's, whatever the line says."""
    Device.objects.filter(pk=laboratory.pk).update(used_at=timezone.now())
    named = [replace(line, laboratory=laboratory.label) for line in lines]
    return take_all(laboratory.campaign, named, by=laboratory.filed_by)


def take_all(campaign: Campaign, lines: Iterable[Line], *, by: Person) -> list[str]:
    """Each line for itself; what became of it: "stored", "duplicate", or why it was refused."""
    said = []
    for line in lines:
        try:
            said.append("stored" if take(campaign, line, by=by) else "duplicate")
        except ValidationError as fault:
            said.append("；".join(fault.messages))
    return said


def _pool(campaign: Campaign, result: Result, by: Person) -> None:
    """The people of the tube are listed for single retest; testing group, point and community are told at once."""
    key = uuid5(campaign.pk, f"pool/{result.tube}")
    if Pool.objects.filter(pk=key).exists():
        return
    device = Device.objects.select_related("point__unit", "unit").get(number=queries.tube_device(campaign, result.tube))
    persons = queries.persons_in(campaign, result.tube)
    hours = rulebook.in_force("testing", "hours", campaign.happened_on)["resample"]
    assert device.point is not None
    pool = Pool(
        pk=key, response=campaign.response, unit=device.point.unit, campaign=campaign, point=device.point, tube=result.tube, value=result.value,
        people=len(persons), due_at=timezone.now() + timedelta(hours=hours), happened_on=timezone.localdate(result.tested_at),
    )  # fmt: skip
    steps.file(pool, by=by)
    PoolPerson.objects.bulk_create([PoolPerson(pool=pool, person=person) for person in sorted(persons)])
    text = format_lazy(
        _("采样管{tube}结果为“{value}”，{point}，管内{n}人：请按单管复采，其间原地等候。"),
        tube=pool.tube, value=result.get_value_display(), point=str(pool.point), n=pool.people,
    )  # fmt: skip
    people = set(access.holders(FOLLOW, pool.unit)) | set(access.holders(FOLLOW, campaign.unit))
    notices.tell(people, text, response=pool.response, record=pool, units=[pool.unit], once=f"testing.pool/{pool.pk}")


@transaction.atomic
def resample(pool: Pool, *, by: Person, note: str = "", tubes: dict[UUID, str] | None = None) -> Pool:
    """Everybody of the tube has a tube of their own now, found among the retests, or the note says who is missing and why."""
    found = queries.retests(pool)
    for one in pool.persons.all():
        code = (tubes or {}).get(one.person) or found.get(one.person, "")
        if code and one.retest != code:
            PoolPerson.objects.filter(pk=one.pk).update(retest=code)
    missing = pool.persons.filter(retest="").count()
    if missing and not note.strip():
        raise ValidationError({"note": __("还有 %(n)d 人没有复采记录，请补采或写明原因。") % {"n": missing}})
    return steps.advance(pool, "resample", by=by, note=note, data={"people": pool.people - missing})


def confirm(pool: Pool, *, by: Person, positives: int, note: str = "") -> Pool:
    if not 1 <= positives <= max(pool.people, 1):
        raise ValidationError({"positives": __("复核阳性人数应在 1 到 %(n)d 之间。") % {"n": pool.people}})
    return steps.advance(pool, "confirm", by=by, note=note, data={"positives": positives}, positives=positives)


@transaction.atomic
def clear(pool: Pool, *, by: Person, note: str = "") -> Pool:
    """Its people are negative, and are told so with the next publication."""
    publishing.want(pool.campaign)
    return steps.advance(pool, "clear", by=by, note=note)

"""Results, tube by tube. What cannot be is refused line by line; what follows from one that is not negative is in pools.py."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import pools, publishing
from tongzhou.modules.testing.models import Campaign, Count, Device, Result, Tube
from tongzhou.modules.testing.rules import Counted
from tongzhou.modules.testing.rules.protocol import LONGEST_TUBE
from tongzhou.modules.testing.workflow import RESULT

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
    # another hand was quicker by a moment: what it said is there now, and this line is held against it
    except IntegrityError:
        if check(campaign, line) is not None:
            raise
        return None
    if made.look == 1:
        at = int(made.stored_at.timestamp() * 1000)
        Count.more(campaign.pk, queries.tube_device(campaign, made.tube), at, Counted.RESULT)
    if made.value != NEGATIVE:
        pools.report(campaign, made, by=by)
    publishing.want(campaign)
    return made


def take_from(laboratory: Device, lines: Iterable[Line]) -> list[str]:
    """What a laboratory's program hands in; the laboratory is the key's, whatever the line says. Raises PermissionDenied."""
    by = use(laboratory)
    named = [replace(line, laboratory=laboratory.label) for line in lines]
    return take_all(laboratory.campaign, named, by=by)


def use(laboratory: Device) -> Person:
    """In whose name a key is used: whoever made it. Raises PermissionDenied where they may hand in nothing any more."""
    access.require(laboratory.filed_by, RESULT, laboratory.campaign)
    Device.objects.filter(pk=laboratory.pk).update(used_at=timezone.now())
    return laboratory.filed_by


def take_all(campaign: Campaign, lines: Iterable[Line], *, by: Person) -> list[str]:
    """Each line for itself; what became of it: "stored", "duplicate", or why it was refused."""
    said = []
    for line in lines:
        try:
            said.append("stored" if take(campaign, line, by=by) else "duplicate")
        except ValidationError as fault:
            said.append("；".join(fault.messages))
    return said

"""A campaign: its zones, its opening, and the account at its end."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.models import Campaign, Zone
from tongzhou.modules.testing.workflow import PLAN

Rows = Sequence[Mapping[str, Any]]


@transaction.atomic
def file(campaign: Campaign, *, by: Person, lines: Rows = ()) -> tuple[Campaign, bool]:
    """`lines` are zones: unit, mode."""
    made = _zones(campaign, lines)
    campaign, new = steps.file(campaign, by=by)
    if new:
        Zone.objects.bulk_create(made)
    return campaign, new


@transaction.atomic
def amend(
    campaign: Campaign, *, by: Person, version: int, changes: Mapping[str, Any], lines: Rows | None = None
) -> Campaign:
    access.require(by, PLAN, campaign)
    before = campaign.line_values()
    campaign = steps.amend(campaign, by=by, version=version, **changes)
    made = _zones(campaign, lines or ())
    if lines is not None and [{"unit": one.unit, "mode": one.mode} for one in made] != before:
        campaign.zones.all().delete()
        Zone.objects.bulk_create(made)
        said = "、".join(str(one) for one in made) or "无"
        steps.note(campaign, "amend", by=by, said=_("{by}改动了分区采样方式：{zones}"), data={"zones": said})
    return campaign


@transaction.atomic
def begin(campaign: Campaign, *, by: Person, note: str = "") -> Campaign:
    """Refused without a point: there is nowhere to go."""
    points = campaign.points.count()
    if not points:
        raise ValidationError(__("还没有采样点。请先登记或导入采样点。"))
    return steps.advance(campaign, "open", by=by, note=note, data={"points": points})


@transaction.atomic
def reconcile(campaign: Campaign, *, by: Person, in_hand: int, differences: str = "", note: str = "") -> Campaign:
    """Close the account: every difference between the system, the boxes, the tubes in hand and the results has its explanation."""
    account = queries.account(campaign)
    if account.undecided:
        raise ValidationError(__("还有 %(n)d 条待核记录没有处理。") % {"n": account.undecided})
    if account.unclosed_boxes:
        raise ValidationError(__("还有 %(n)d 个转运箱没有封箱。") % {"n": account.unclosed_boxes})
    differs = account.system != in_hand or account.people_waiting or account.boxed != in_hand
    if differs and not differences.strip():
        raise ValidationError({"differences": __("系统、封箱、实物或结果之间有差额，请逐项说明。")})
    told = {"system": account.system, "in_hand": in_hand, "people": account.people, "resulted": account.resulted}
    return steps.advance(
        campaign, "reconcile", by=by, note=note, data=told, in_hand=in_hand, differences=differences.strip(), people=account.people
    )  # fmt: skip


def accept(source: Record, *, by: Person) -> Campaign:
    """A draft from a matter of another room: a plan's task to test an area."""
    brief = source.brief()
    made = Campaign(response=source.response, unit=source.unit, name=brief.title[:80], called=brief.text)
    return file(made, by=by)[0]


def _zones(campaign: Campaign, lines: Rows) -> list[Zone]:
    made = [Zone(campaign=campaign, unit=row["unit"], mode=row["mode"]) for row in lines]
    if len({one.unit.pk for one in made}) != len(made):
        raise ValidationError(__("同一区域只能有一种采样方式。"))
    for one in made:
        if not one.unit.path.startswith(campaign.unit.path):
            raise ValidationError(__("%(unit)s不在检测范围内。") % {"unit": one.unit})
    return made

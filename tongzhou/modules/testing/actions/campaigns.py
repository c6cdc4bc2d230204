"""A campaign: its zones, its opening, and the account at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, handoff, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Record, Spot
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import homes
from tongzhou.modules.testing.models import MOST_TABLES, Campaign, Point, Zone
from tongzhou.modules.testing.workflow import PLAN, PointState

NAMED = 8  # devices named in a refusal
AGAIN = _("新的布点方案重新开放这个点。")
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
    """Close the account: every difference between the system, the boxes, the tubes in hand and the results has its explanation, and so
    has each device that was not handed back.
    """
    account = queries.account(campaign)
    if account.undecided:
        raise ValidationError(__("还有 %(n)d 条待核记录没有处理。") % {"n": account.undecided})
    if account.unclosed_boxes:
        raise ValidationError(__("还有 %(n)d 个转运箱没有封箱。") % {"n": account.unclosed_boxes})
    if not (account.balanced and account.counted == in_hand) and not differences.strip():
        raise ValidationError({"differences": __("系统、封箱、实物、实验室或结果之间有差额，请照对账页所列逐项说明。")})
    out = [str(one) for one in queries.devices_out(campaign)]
    if out and not differences.strip():
        named = "、".join(out[:NAMED]) + ("……" if len(out) > NAMED else "")
        message = __("还有 %(n)d 台终端没有交回（%(names)s），可能有没上传的登记：请先收回，或写明原因。")
        raise ValidationError({"differences": message % {"n": len(out), "names": named}})
    told = {"system": account.system, "in_hand": in_hand, "people": account.people, "resulted": account.resulted}
    return steps.advance(
        campaign, "reconcile", by=by, note=note, data=told, in_hand=in_hand, differences=differences.strip(), people=account.people
    )  # fmt: skip


def accept(source: Record, *, by: Person) -> Campaign:
    """A draft from a matter of another room: a plan's task to test an area."""
    brief = source.brief()
    made = Campaign(response=source.response, unit=source.unit, name=brief.title[:80], called=brief.text)
    return file(made, by=by)[0]


@transaction.atomic
def accept_points(source: Record, *, by: Person) -> Campaign:
    """A draft with the points of a siting plan; of a plan in another's place, that one's campaign goes on with what has changed."""
    brief = source.brief()
    earlier = handoff.went_to(brief.replaces) if brief.replaces else []
    campaign = next((one for one in earlier if isinstance(one, Campaign)), None)
    if campaign is None:
        expected = sum(spot.people for spot in brief.spots) or None
        day: dict[str, Any] = {"happened_on": brief.due} if brief.due else {}
        window = homes.window(brief.due, brief.homes) if brief.due else {}
        made = Campaign(
            response=source.response,
            unit=source.unit,
            name=brief.title[:80],
            called="" if window else brief.text,  # its hours
            expected=expected,
            **day,
            **window,
        )
        campaign = file(made, by=by)[0]
    there = {point.name: point for point in campaign.points.select_related("unit", "response", "campaign")}
    rows = [_point(campaign, spot) for spot in brief.spots if not spot.closed and spot.name[:80] not in there]
    steps.file_many(rows, by=by)
    kept = {spot.name for spot in brief.spots}
    before = brief.replaces.brief().spots if brief.replaces else ()
    # never points added by hand
    gone = [replace(spot, people=0, closed=True) for spot in before if spot.name not in kept]
    shut = {spot.name for spot in before if spot.closed}
    for spot in (*brief.spots, *gone):
        if spot.name[:80] in there:
            if spot.name in shut and not spot.closed:
                _reopen(there[spot.name[:80]], brief.why, by)
            _follow(there[spot.name[:80]], spot, by)
    homes.settle(campaign, brief.homes, by=by, why=brief.why)
    return campaign


def _point(campaign: Campaign, spot: Spot) -> Point:
    return Point(
        response=campaign.response, unit=spot.unit or campaign.unit, campaign=campaign, name=spot.name[:80], place=spot.place[:120],
        tables=min(spot.tables, MOST_TABLES), expected=spot.people, staff=spot.staff, lat=spot.lat, lon=spot.lon, happened_on=campaign.happened_on,
    )  # fmt: skip


def _reopen(point: Point, why: str, by: Person) -> None:
    """A point that the plan before had closed and this one has again; one that was closed by hand stays so."""
    if point.state == PointState.CLOSED:
        steps.advance(point, "reopen", by=by, note=why or source_text(AGAIN))


def _follow(point: Point, spot: Spot, by: Person) -> None:
    """An open point that closes is closed; one not yet open only expects nobody; the others expect whom they now have."""
    if point.state == PointState.CLOSED:
        return
    changes: dict[str, Any] = {"expected": spot.people}
    if not spot.closed:
        changes |= {"tables": min(spot.tables, MOST_TABLES), "staff": spot.staff}
    steps.amend(point, by=by, **changes)
    if spot.closed and point.state == PointState.OPEN:
        steps.advance(point, "close", by=by)


def _zones(campaign: Campaign, lines: Rows) -> list[Zone]:
    made = [Zone(campaign=campaign, unit=row["unit"], mode=row["mode"]) for row in lines]
    if len({one.unit.pk for one in made}) != len(made):
        raise ValidationError(__("同一区域只能有一种采样方式。"))
    for one in made:
        if not one.unit.path.startswith(campaign.unit.path):
            raise ValidationError(__("%(unit)s不在检测范围内。") % {"unit": one.unit})
    return made

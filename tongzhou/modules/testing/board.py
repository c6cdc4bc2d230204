"""Tiles for the command post: each campaign that goes on, tubes that are not negative, what waits for a supervisor."""

from datetime import datetime

from django.db.models import Count as CountOf
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.models import Campaign, Pool
from tongzhou.modules.testing.workflow import READ, CampaignState, PoolState

SHOWN = 3  # campaigns one by one; their figures are kept for a second
LEFT = (PoolState.REPORTED, PoolState.RESAMPLED)


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    if not access.reach(person, READ):
        return []
    going = access.visible(Campaign.objects.filter(response=response, state=CampaignState.OPEN), person, READ)
    tiles = [_campaign(one) for one in going.select_related("response").order_by("begins_at", "pk")[:SHOWN]]
    pools = access.visible(Pool.objects.filter(response=response, state__in=LEFT), person, READ)
    steps = {str(step): CountOf("pk", filter=Q(state=step)) for step in LEFT}
    n = pools.aggregate(all=CountOf("pk"), late=CountOf("pk", filter=Q(due_at__lt=now)), **steps)
    if n["all"]:
        address = reverse("testing.pool.list", args=[response.slug])
        lines = [Line(step.label, n[step]) for step in LEFT]
        lines += [Line(__("已过复采期限"), n["late"], "bad" if n["late"] else "good")]
        tiles.append(Tile("pools", __("未了结的异常管"), n["all"], address, "bad", lines=lines))
    return tiles


def _campaign(campaign: Campaign) -> Tile:
    seen = queries.course(campaign).seen
    lines = [
        Line(__("近一小时"), seen.last_hour), Line(__("已封管"), f"{seen.closed} / {seen.tubes}"),
        Line(__("待核记录"), seen.undecided, "wait" if seen.undecided else "good"),
    ]  # fmt: skip
    value = f"{seen.done} / {seen.expected}" if seen.expected else str(seen.done)
    address = reverse("testing.live", args=[campaign.response.slug, campaign.pk])
    return Tile(f"campaign-{campaign.pk}", str(campaign), value, address, "plain", lines=lines, wide=True)

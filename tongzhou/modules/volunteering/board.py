"""On the board of the command post: volunteers at work now, and activities within a day that still lack people."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.volunteering.models import Activity
from tongzhou.modules.volunteering.workflow import COMING, READ, ActivityState, SignupState

LINES = 6


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    """Nothing where nothing is on and nothing comes."""
    if not access.reach(person, READ):
        return []
    rows = access.visible(Activity.objects.filter(response=response, state=ActivityState.OPEN), person, READ)
    rows = rows.filter(ends_at__gt=now, starts_at__lt=now + timedelta(days=1)).select_related("response", "unit")
    on = Count("signups", filter=Q(signups__state=SignupState.ON))
    due = Count("signups", filter=Q(signups__state__in=COMING))
    found = list(rows.annotate(on=on, expected=due).prefetch_related("posts").order_by("starts_at", "pk"))
    if not found:
        return []
    running = [one for one in found if one.starts_at and one.starts_at <= now]
    short = [one for one in found if one.short]
    url = f"{reverse('volunteering.activity.list', args=[response.slug])}?state={ActivityState.OPEN.value}"
    here, expected = sum(one.on for one in running), sum(one.expected for one in running)
    return [
        Tile(
            "volunteers", __("志愿者在岗"), f"{here} / {expected}", url, "good" if here >= expected else "wait", __("已签到 / 应到"),
            [Line(one, f"{one.on} / {one.expected}", url=one.get_absolute_url()) for one in running[:LINES]],
        ),
        Tile(
            "volunteers_short", __("24 小时内志愿者缺"), sum(one.short for one in short), url, "bad" if short else "good", "",
            [Line(one, __("缺 %(n)d") % {"n": one.short}, "bad", one.get_absolute_url()) for one in short[:LINES]],
        ),
    ]  # fmt: skip

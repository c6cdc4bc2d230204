"""A session from its plan to its return."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.models import Served, Session, Station
from tongzhou.modules.vaccination.models.work import TOTALS
from tongzhou.modules.vaccination.workflow import StationState

FAULTS = {
    "processed": _("预检合格加暂缓多于到达"),
    "consented": _("签知情同意书多于预检合格"),
    "doses": _("接种多于签知情同意书"),
    "watched": _("留观满时加提前离开多于接种"),
    "adverse": _("不良反应多于接种"),
}
TOLD = _(
    "到达{arrived}、预检合格{passed}、暂缓{deferred}、同意{consented}、接种{doses}剂、留观{observed}、提前离开{left_early}"
)


def open_(session: Session, *, by: Person, desks: int, staff: int, note: str = "") -> Session:
    """Not more desks than the station has: further ones are a decision of their own."""
    station = Station.objects.get(pk=session.station_id)
    if station.state != StationState.OPEN:
        raise ValidationError(__("接种点“%(station)s”现在没有开放。请先由指挥部开放接种点。") % {"station": station})
    if desks > station.desks:
        raise ValidationError(
            {"desks": __("接种点现有 %(n)d 个接种台。要增加，请先办理“增减接种台”。") % {"n": station.desks}}
        )
    return steps.advance(session, "open", by=by, note=note, data={"desks": desks}, desks=desks, staff=staff)


@transaction.atomic
def close(session: Session, *, by: Person, shares: Mapping[tuple[str, int], int], note: str = "") -> Session:
    """Counts must fit one another, and the doses by age group must add up to the doses: what does not, is named."""
    now = Session.objects.select_for_update().get(pk=session.pk)
    wrong = [str(FAULTS[name]) for name, _limit in rules.faults(now.totals())]
    if wrong:
        raise ValidationError(__("数字对不上，请先更正：%(wrong)s。") % {"wrong": __("；").join(wrong)})
    given = sum(shares.values())
    if given != now.doses:
        raise ValidationError(
            __("按年龄组和剂次合计 %(given)d 剂，与接种 %(doses)d 剂不符，请核对。")
            % {"given": given, "doses": now.doses}
        )
    data: dict[str, Any] = {"told": source_text(TOLD).format(**now.totals())}
    steps.advance(session, "close", by=by, note=note, data=data, served=given)
    Served.objects.filter(session=session).delete()
    Served.objects.bulk_create(
        Served(session=session, age_group=group, dose=dose, number=number)
        for (group, dose), number in shares.items()
        if number
    )
    session.refresh_from_db(fields=list(TOTALS))
    return session


def report(session: Session, *, by: Person, note: str = "") -> Session:
    return steps.advance(session, "report", by=by, note=note, data={"doses": session.doses})


def follow(session: Session, *, by: Person, cases: int, note: str = "") -> Session:
    return steps.advance(session, "follow", by=by, note=note, data={"cases": cases}, followed=cases)


def follow_up(session: Session, *, by: Person, cases: int, note: str = "") -> Session:
    return steps.advance(session, "follow_up", by=by, note=note, data={"cases": cases}, followed=cases)


def file_demand(demand: Any, *, by: Person) -> tuple[Any, bool]:
    return steps.file(demand, by=by, data={"people": demand.people})

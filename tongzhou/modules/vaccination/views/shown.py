"""What the detail pages show besides a record's own fields. A constant number of queries each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, charts, maps, rulebook
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import queries, rules
from tongzhou.modules.vaccination.forms import CorrectionForm, ReadingForm
from tongzhou.modules.vaccination.forms.places import groups
from tongzhou.modules.vaccination.models import Batch, DeskChange, Excursion, Fridge, Session, Station
from tongzhou.modules.vaccination.models.work import TOTALS, Deferral, Severity
from tongzhou.modules.vaccination.workflow import PLAN, WORK, DeskState, FridgeState, SessionState, StationState

DAYS = 14  # on a chart
READINGS = 40  # on a page


def station(one: Station, by: Person) -> dict[str, Any]:
    recent = list(
        one.sessions.exclude(state=SessionState.CANCELLED)
        .select_related("station", "response")
        .order_by("-happened_on")[:DAYS]
    )
    held = {session.pk: wait for session, wait in queries.waits(recent[:5])}
    known = queries.outlook(one)
    return {
        "recent": [(session, held.get(session.pk)) for session in recent[:5]], "doses_chart": _doses(recent), "known": known,
        "ways": _ways(one, known), "fridges": list(one.fridges.select_related("station", "response").order_by("name")),
        "held": list(one.batches.filter(stock__gt=0).select_related("response").order_by("-state", "expires_on", "pk")),
        "may_plan": access.may(by, PLAN, one), "may_work": access.may(by, WORK, one), "map": _map(one), "today": timezone.localdate(),
    }  # fmt: skip


def _map(one: Station) -> maps.Map | None:
    if one.lat is None or one.lon is None:
        return None
    tone: maps.Tone = "good" if one.state == StationState.OPEN else "off"
    return maps.Map(one.name, maps.outlines([one.unit]), [maps.Place(one.lat, one.lon, one.name, tone)])


def _doses(recent: Sequence[Session]) -> charts.Chart | None:
    days = [session for session in reversed(recent) if session.doses]
    if not days:
        return None
    series = [charts.Series(__("接种"), [one.doses for one in days], "bar")]
    return charts.Chart(__("每天接种"), [one.happened_on for one in days], series, __("日期"), __("剂"))


def _ways(one: Station, known: queries.Outlook | None) -> list[tuple[int, rules.Wait]]:
    """What one desk fewer, as many, and one or two more would do."""
    if known is None:
        return []
    tried = [(desks, known.wait(desks)) for desks in range(max(1, one.desks - 1), one.desks + 3)]
    return [(desks, wait) for desks, wait in tried if wait]


def _amounts(one: Any, names: Sequence[str]) -> list[tuple[Any, int]]:
    """What each total is called, and how many."""
    return [(one._meta.get_field(name).verbose_name, getattr(one, name)) for name in names]


def session(one: Session, by: Person) -> dict[str, Any]:
    counted, found = queries.day_of(one), queries.details(one)
    wait = rules.measured(list(counted.values()))
    named = dict(groups(rulebook.in_force("vaccination", "age_groups", one.happened_on)))
    return {
        "totals": _amounts(one, TOTALS), "wait": wait, "queue_chart": _queue(counted, wait),
        "given": queries.doses_of(one), "may_count": one.state == SessionState.OPEN and access.may(by, WORK, one),
        "deferrals": [(Deferral(detail).label, n) for (kind, detail), n in found.items() if kind == "deferred"],
        "reactions": [(Severity(detail).label, n) for (kind, detail), n in found.items() if kind == "adverse"],
        "shares": [(named.get(share.age_group, share.age_group), share.dose, share.number) for share in one.shares.all()],
        "kept_until": one.kept_until, "minutes": rulebook.in_force("vaccination", "observation", one.happened_on)["minutes"],
    }  # fmt: skip


def _queue(counted: Mapping[int, rules.Slot], wait: rules.Wait | None) -> charts.Chart | None:
    if wait is None:
        return None
    series = [
        charts.Series(__("到达"), [slot.arrived for slot in counted.values()], "bar"),
        charts.Series(__("接种和暂缓"), [slot.left for slot in counted.values()], "bar"),
        charts.Series(__("平均排队人数"), [round(people, 1) for people in wait.slots]),
    ]
    return charts.Chart(__("每半小时的人流"), [rules.clock(slot) for slot in counted], series, __("时段"), __("人"))


def batch(one: Batch, by: Person) -> dict[str, Any]:
    day = timezone.localdate()
    days = rulebook.in_force("vaccination", "flow", day)["expiry_warning_days"]
    sent_on = one.sent_on.select_related("station", "response").order_by("filed_at")
    return {
        "amounts": _amounts(one, ("received", *rules.HELD)),
        "movements": list(one.movements.select_related("by").order_by("-pk")[:100]),
        "sent_on": list(access.visible(sent_on, by, "vaccination.read")), "came_by": _origin(one, by),
        "expired": one.stock and one.expired(day), "expiring": one.stock and one.expires_within(day, days),
        "keeping": rulebook.in_force("vaccination", "keeping", one.expires_on),
    }  # fmt: skip


def _origin(one: Batch, by: Person) -> Batch | None:
    """Where it was sent from, as far as the person reaches."""
    rows = access.visible(Batch.objects.filter(sent_on=one), by, "vaccination.read")
    return rows.select_related("station", "response").first()


def fridge(one: Fridge, by: Person) -> dict[str, Any]:
    day = timezone.localdate()
    low, high = queries.limits(day)
    readings = list(one.readings.select_related("by", "corrected_by").order_by("-at", "-recorded_at")[:READINGS])
    may = access.may(by, WORK, one) and one.state == FridgeState.IN_USE
    running = (
        one.excursions.exclude(state__in=["settled", "void"])
        .select_related("fridge__station", "response")
        .order_by("began_at")
    )
    return {
        "rule": rulebook.in_force("vaccination", "cold_chain", day), "low": low, "high": high,
        "readings": [(reading, bool(rules.away(reading.celsius, low, high)), hasattr(reading, "corrected_by")) for reading in readings],
        "temperature_chart": _temperatures(readings, low, high), "may_read": may, "reading_form": ReadingForm() if may else None,
        "running": list(running), "correction_form": CorrectionForm(auto_id="id_correct_%s") if may else None, "month": f"{day:%Y-%m}",
    }  # fmt: skip


def _temperatures(readings: Sequence[Any], low: Any, high: Any) -> charts.Chart | None:
    valid = [one for one in reversed(readings) if not hasattr(one, "corrected_by")]
    if len(valid) < 2:
        return None
    series = [charts.Series(__("温度"), [float(one.celsius) for one in valid])]
    times = [f"{timezone.localtime(one.at):%m-%d %H:%M}" for one in valid]
    return charts.Chart(
        __("最近的温度"), times, series, __("时间"), "℃", [(float(low), f"{low}℃"), (float(high), f"{high}℃")]
    )


def excursion(one: Excursion, by: Person) -> dict[str, Any]:
    rows = queries.valid(one.fridge).filter(at__gte=one.began_at, at__lte=one.ended_at or timezone.now())
    return {"episode": list(rows.select_related("by").order_by("at")[:READINGS])}


def desks(one: DeskChange, by: Person) -> dict[str, Any]:
    """Before it is decided: what it would do. Afterwards: what was expected, and what was measured since."""
    if one.station is None:
        return {}
    if one.state == DeskState.PROPOSED:
        known = queries.outlook(one.station)
        return {
            "known": known,
            "now": known and known.wait(one.station.desks),
            "then": known and one.after and known.wait(one.after),
        }
    if one.decided_at is None:
        return {}
    before, after = (queries.around(one.station, one.decided_at, after=later) for later in (False, True))
    was, became = (
        sum(wait.minutes for _session, wait in rows) / len(rows) if rows else None for rows in (before, after)
    )
    return {
        "decided": True,
        "was": was,
        "became": became,
        "effect_chart": _effect(one, before, after),
        "sessions": [*reversed(before), *after],
    }


def _effect(one: DeskChange, before: Sequence[Any], after: Sequence[Any]) -> charts.Chart | None:
    if not before or not after:
        return None
    rows = [*reversed(before), *after]
    lines = [] if one.wait_expected is None else [(one.wait_expected, __("预计"))]
    series = [charts.Series(__("平均排队"), [round(wait.minutes, 1) for _session, wait in rows], "bar")]
    return charts.Chart(
        __("增减前后的平均排队"),
        [session.happened_on for session, _wait in rows],
        series,
        __("日期"),
        __("分钟"),
        lines,
    )

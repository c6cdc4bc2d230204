"""Records in the words and shapes of a page: a zone's rule, a step of the clock, the prose of an assessment beside what has changed since."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import maps
from tongzhou.kernel.dates import moment
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.situation.models import Assessment, Event, Telling, Zone
from tongzhou.modules.situation.rules.clock import Tick
from tongzhou.modules.situation.workflow import ZoneState

TONES: dict[str, maps.Tone] = {
    "lockdown": "bad", "high": "bad", "control": "wait", "medium": "wait", "precaution": "plain", "low": "plain",
}  # fmt: skip


def measures(zone: Zone) -> str:
    """What the rule asks of a zone of this level."""
    row = next(row for row in zone.rule["levels"] if row["name"] == zone.level)
    return str(row["measures_en" if lang() == "en" else "measures"])


def offers(zone: Zone, move: str, by: Person) -> bool:
    """Whether the move makes sense now: the rule's own next step, early only before its day, the end by another person than the opener."""
    due = zone.due_on is not None and zone.due_on <= timezone.localdate()
    ends, another = not zone.rung.next, zone.filed_by_id != by.pk
    fits = {
        "step_down": not ends,
        "lift": ends and another,
        "lift_early": another and not (due and ends),
        "void": another,
    }
    return fits.get(move, True)


def map_of(zones: Iterable[Zone]) -> maps.Map:
    """Zones that have a border or a point, on the outlines of the units above them."""
    drawn = list(zones)
    shapes = [maps.Shape(_polygon(zone), zone, _tone(zone), zone.get_absolute_url()) for zone in drawn if zone.border]
    places = [
        maps.Place(zone.lat, zone.lon, zone, _tone(zone), zone.get_absolute_url())
        for zone in drawn
        if not zone.border and zone.lat is not None and zone.lon is not None
    ]
    if not shapes and not places:
        return maps.Map(__("风险区地图"))
    return maps.Map(__("风险区地图"), [*_outlines(drawn), *shapes], places)


def step(tick: Tick, made: Telling | None, event: Event, now: datetime) -> dict[str, Any]:
    """One line of the clock's table."""
    english = lang() == "en"
    current = made is None and tick.due_at == event.deadline
    return {
        "number": tick.number, "sender": tick.step.sender[english], "receiver": tick.step.receiver[english], "article": tick.step.article[english],
        "hours": f"{tick.step.hours:g}", "due": moment(tick.due_at), "made": made, "done": moment(tick.done_at), "late": tick.late,
        "current": current, "overdue": current and tick.due_at < now,
    }  # fmt: skip


def prose(assessment: Assessment, now: list[list[Any]]) -> list[list[dict[str, str]]]:
    """The paragraphs as signed, else as they stand now; a figure that has changed since carries what it is now."""
    if not assessment.frozen:
        return [[_piece(piece) for piece in paragraph] for paragraph in now]
    today = {piece["name"]: piece["text"] for paragraph in now for piece in paragraph if isinstance(piece, dict)}
    signed = assessment.content.get(lang(), [])
    return [[_piece(piece, today) for piece in paragraph] for paragraph in signed]


def _piece(piece: Any, today: dict[str, str] | None = None) -> dict[str, str]:
    if isinstance(piece, str):
        return {"text": piece}
    later = today.get(piece["name"]) if today else None
    return {**piece, "now": later if later and later != piece["text"] else ""}


def short_limits() -> str:
    return __("再生数和预测以按日报告的例数估计：没有扣除报告延迟和输入病例，检测范围变化也会改变它；例数少时不给出。")


def _tone(zone: Zone) -> maps.Tone:
    return TONES[zone.level] if zone.state == ZoneState.OPEN else "good"


def _polygon(zone: Zone) -> dict[str, Any]:
    ring = [[lon, lat] for lat, lon in zone.border or []]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _outlines(zones: list[Zone]) -> list[maps.Shape]:
    above = {
        zone.unit.path[: i + 1] for zone in zones for i, letter in enumerate(zone.unit.path) if letter == "/" and i
    }
    return maps.outlines(Unit.objects.filter(path__in=above))

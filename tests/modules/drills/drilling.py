"""Drills at every stage, as plain functions. Feng commands at the command post; Han's colleagues there lead and evaluate.

The commander's journey: take a scenario from the library, change it, name people, schedule, run it, close it, run it again.
The evaluator's: tap reactions, put times right, evaluate, file findings, look whether they were put right.
The owner's: a notice, a phone, a photograph.
"""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World, person
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.models import Drill, Finding


def someone(cast: World, username: str = "du", role: str = "inspector", unit: Unit | None = None) -> Person:
    """A further person at the command post, or wherever; the same one again for the same name."""
    found = Person.objects.filter(username=username).first()
    where = unit or cast.units.command
    return found or person(username, f"{username}某", where, *([(role, where)] if role else []))


def evaluator(cast: World, unit: Unit) -> Person:
    """Someone who may evaluate at this unit: an inspector of the command post, or the leader of the organisation."""
    return someone(cast) if unit.path.startswith(cast.units.command.path) else cast.people.qian


def draft(cast: World, unit: Unit | None = None, by: Person | None = None, **fields: Any) -> Drill:
    """Of the library's fever scenario, whole enough to be scheduled."""
    where = unit or cast.units.street1
    by = by or (cast.people.feng if where.path.startswith(cast.units.command.path) else cast.people.wang)
    extras = {name: fields.pop(name) for name in ("participants", "evaluators", "people") if name in fields}
    usual = {
        "pk": uuid4(), "response": cast.response, "unit": where, "name": "发热旅客到达卡口", "scenario": "fever", "kind": "full",
        "place": "东桥卡口", "begins_at": time(9, 30), "lead": by, "happened_on": timezone.localdate() + timedelta(days=1),
    }  # fmt: skip
    named = {
        "participants": "东街道 12人\n市医院 3人",
        "evaluators": [evaluator(cast, where)],
        "people": [cast.people.chen],
    }
    return module.file(Drill(**usual | fields), by=by, **named | extras)[0]


def scheduled(cast: World, unit: Unit | None = None, **fields: Any) -> Drill:
    drill = draft(cast, unit, **fields)
    return actions.schedule(drill, by=drill.filed_by)


def running(cast: World, unit: Unit | None = None, **fields: Any) -> Drill:
    drill = scheduled(cast, unit, **fields)
    return actions.start(drill, by=drill.filed_by)


def ended(cast: World, unit: Unit | None = None, **fields: Any) -> Drill:
    """The first two injects sent and seen, the rest left out."""
    drill = running(cast, unit, **fields)
    for number in (1, 2):
        actions.release(drill, by=drill.filed_by, number=number)
        actions.observe(drill, by=drill.filed_by, number=number)
    return actions.finish(drill, by=drill.filed_by)


def done(cast: World, unit: Unit | None = None, **fields: Any) -> Drill:
    drill = ended(cast, unit, **fields)
    return actions.evaluate(drill, by=evaluator(cast, drill.unit), evaluation=fields.get("name", "总体有序"))


def found(drill: Drill, cast: World, owner: Person | None = None, **fields: Any) -> Finding:
    usual = {
        "pk": uuid4(), "response": cast.response, "drill": drill, "unit": drill.unit, "what": "隔离区没有单独通道",
        "owner": owner or cast.people.chen, "due_on": timezone.localdate() + timedelta(days=3),
    }  # fmt: skip
    return actions.file_finding(Finding(**usual | fields), by=evaluator(cast, drill.unit))[0]

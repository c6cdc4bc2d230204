"""Places, rounds, visits and findings at every stage, as plain functions.

Wang of the office plans and inspects, Feng of the command post rechecks for it; the secretary Sun answers for the first branch as a street's
chief would for a street.
"""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.inspections import actions, rules
from tongzhou.modules.inspections.actions.visits import Said
from tongzhou.modules.inspections.models import Finding, Place, Round, Visit


def photo(name: str = "a.jpg", colour: str = "green") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def place(cast: World, unit: Unit | None = None, type: str = "pharmacy", **fields: Any) -> Place:
    usual: dict[str, Any] = {"name": f"某药店{uuid4().hex[:4]}", "address": "中山路1号"}
    made = Place(pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, type=type, **usual | fields)
    return module.file(made, by=cast.people.house)[0]


def draft(
    cast: World, unit: Unit | None = None, areas: Sequence[Unit] = (), who: Sequence[Person] = (), **fields: Any
) -> Round:
    at = unit or cast.units.branch1
    usual: dict[str, Any] = {"name": "重点场所检查", "types": ["pharmacy"], "unannounced": True}
    made = Round(pk=uuid4(), response=cast.response, unit=at, **usual | fields)
    lines = [{"person": person, "area": None} for person in who or [cast.people.wang]]
    return module.file(made, by=cast.people.house, areas=list(areas) or [at], lines=lines)[0]


def begun(cast: World, unit: Unit | None = None, **fields: Any) -> Round:
    round = draft(cast, unit, **fields)
    return actions.rounds.begin(round, by=cast.people.house)


def visit(
    cast: World, round: Round, at: Place, wrong: Sequence[str] = (), by: Person | None = None, **fields: Any
) -> Visit:
    """Everything in order but the items named; a finding for each of these."""
    now = timezone.now()
    usual: dict[str, Any] = {"started_at": now - timedelta(minutes=20), "ended_at": now, "met_post": "店长"}
    asked = rules.checklist(rules.edition(round.edition), at.type)
    answers = [(item.code, "no" if item.code in wrong else "yes", "") for item in asked]
    said = [
        Said(item.code, rules.unmet(item, ""), item.tasks[0], item.severity) for item in asked if item.code in wrong
    ]
    made = Visit(pk=uuid4(), round=round, place=at, **usual | fields)
    return actions.visits.file(made, by=by or cast.people.wang, answers=answers, said=said)[0]


def found(cast: World, unit: Unit | None = None, by: Person | None = None, **fields: Any) -> Finding:
    """One finding at a pharmacy of the unit, not told to anybody yet."""
    at = place(cast, unit, **fields)
    made = visit(cast, begun(cast, unit), at, ["G06"], by)
    return again(made.findings.get())


def again(finding: Finding) -> Finding:
    rows = Finding.objects.select_related("response", "unit", "place__unit", "place__owner", "round", "visit")
    return rows.get(pk=finding.pk)


def noticed(cast: World, unit: Unit | None = None, **fields: Any) -> Finding:
    return actions.findings.issue(found(cast, unit, **fields), by=cast.people.wang)


def rectified(cast: World, unit: Unit | None = None, by: Person | None = None, **fields: Any) -> Finding:
    finding = noticed(cast, unit, **fields)
    return actions.findings.rectify(finding, by=by or cast.people.house, measure="已补齐记录", pictures=[photo()])

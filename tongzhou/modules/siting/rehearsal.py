"""Synthetic siting: studies in each state, options in each. Laid by hand to the nearest points: the planner itself would take its time."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tongzhou.kernel import access, module, sheets, steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.rehearsing import DAYS, Given
from tongzhou.modules.siting import actions, queries
from tongzhou.modules.siting.models import Option, Study, Table

STUDIES = ("finished", "discarded", "adopted", "draft")
BUILDINGS, SITES = 12, 6
NORTH, EAST = 41.30, 123.76  # somewhere on a plain of Liaoning


def rehearse(given: Given, n: int) -> Iterator[str]:
    by = given.posts["commander"][0]
    for number, end in enumerate(STUDIES):
        _study(given, number, end, by)
        yield f"{number + 1}/{len(STUDIES)}"


def _study(given: Given, number: int, end: str, by: Person) -> None:
    key = given.key("study", number)
    if Study.objects.filter(pk=key).exists():
        return
    made: Any = Study(
        pk=key, response=given.response, unit=given.command, name=f"推演布点测算{number + 1}", name_en=f"Rehearsal, siting study {number + 1}",
        points=3, happened_on=given.day(DAYS - len(STUDIES) + number),
    )  # fmt: skip
    made, _new = module.file(made, by=by)
    for kind, rows in _lists(given, number).items():
        actions.tables.take(made, kind, [sheets.Row(i + 2, row) for i, row in enumerate(rows)], by=by)
    if end == "discarded":
        module.perform(made, "discard", by=by, note="推演：另有安排")
        return
    if end == "draft":
        _option(made, by, 3)
        _option(made, by, 4)
        steps.advance(
            _asked(made, by),
            "fail",
            by=by,
            why=[{"zh": "推演：候选点不够。", "en": "Rehearsal: too few sites."}],
        )
        module.perform(_option(made, by, 5), "drop", by=by)
        _asked(made, by)
        return
    module.perform(_option(made, by, 3), "adopt", by=by)
    if end == "adopted":
        module.perform(_option(made, by, 4), "adopt", by=by)
    if end == "finished":
        made.refresh_from_db()
        module.perform(made, "finish", by=by)


def _lists(given: Given, number: int) -> dict[str, list[dict[str, Any]]]:
    chance = given.chance("siting", number)
    homes = [
        {"key": f"B{i + 1:02}", "name": f"推演{i + 1}号楼", "persons": chance.randrange(120, 400)} | _somewhere(chance)
        for i in range(BUILDINGS)
    ]  # fmt: skip
    sites = [
        {"key": f"P{i + 1:02}", "name": f"推演{number + 1}布点{i + 1}", "place": "推演小学操场", "tables": 8} | _somewhere(chance)
        for i in range(SITES)
    ]  # fmt: skip
    labs = [{"key": "推演实验室", "lanes": 2, "lon": EAST, "lat": NORTH}]
    return {Table.Kind.DEMAND.value: homes, Table.Kind.SITES.value: sites, Table.Kind.LABS.value: labs}


def _somewhere(chance: Random) -> dict[str, float]:
    return {"lon": round(EAST + chance.random() / 50, 6), "lat": round(NORTH + chance.random() / 60, 6)}


def _asked(study: Study, by: Person) -> Option:
    """As `actions.planning.ask` files it, without a task: nothing is to be worked out."""
    access.require(by, study.workflow.files, study)
    number = study.options.count() + 1
    made = Option(response=study.response, unit=study.unit, study=study, happened_on=study.happened_on, number=number)
    return steps.file(made, by=by)[0]


def _option(study: Study, by: Person, points: int) -> Option:
    """Everyone to the nearest of the first few sites."""
    import numpy as np

    from tongzhou.planning.plan import Plan, metres, versions
    from tongzhou.planning.siting.problem import Effort

    case = queries.case_of(study)
    walk: Any = case.walk
    home, site = walk.plane(case.demand, case.sites)
    at = np.hypot(*(home[:, None] - site[None, :points]).transpose(2, 0, 1)).argmin(1).astype(np.int32)
    value = float((metres(case, at) * case.weight).sum())
    plan = Plan(case, at, np.unique(at).astype(np.int64), value, 0.0, "stopped", 1, Effort(0, 0), versions())
    return actions.planning.keep(_asked(study, by), plan)

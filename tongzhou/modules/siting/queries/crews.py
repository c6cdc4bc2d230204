"""Who works where and what the vans drive. What a point needs of people is one number: of the line, the table, the list and the roster."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from tongzhou.planning.plan import Plan

SWABS = "采样"  # the skill of whoever swabs, one at each table; any other post may be anybody's
OTHERS = {"zh": "其他岗位", "en": "other posts"}


def crews(plan: "Plan", points: list[dict[str, Any]], *, worked: bool) -> dict[str, Any]:
    """For the `points` as they are shown, where the study has staff and vans and the plan is final."""
    from tongzhou import planning as pl

    case = plan.case
    found: dict[str, Any] = {"staff": [], "short": [], "tours": []}
    if worked and len(case.staff):
        found |= _placed(plan, points)
    if worked and len(case.labs) and len(case.vans):
        driven = pl.rounds(plan, iterations=200)
        tours = [{**tour, "minutes": round(tour["minutes"]), "km": round(tour["km"], 1)} for tour in driven.tours]
        found |= {"tours": tours, "late": not driven.feasible}
    return found


def _placed(plan: "Plan", points: list[dict[str, Any]]) -> dict[str, Any]:
    """Swabbers to the tables first; then whoever is left, of any skill, to the other posts. Without different skills, all to all posts."""
    import numpy as np

    staff = plan.case.staff
    posts, tables = (np.array([row[name] for row in points], np.int64) for name in ("staff", "tables"))
    skills = sorted(set(staff.skill.tolist()))
    swabs = staff.skill == SWABS
    if len(skills) == 1 or not swabs.any():
        word = skills[0] if len(skills) == 1 else ""
        return _group(plan, np.ones(len(staff), np.bool_), posts, {"zh": word, "en": word} if word else OTHERS)
    first = _group(plan, swabs, np.minimum(tables, posts), {"zh": SWABS, "en": SWABS})
    left = ~np.isin(staff.key, [row["person"] for row in first["staff"]])
    rest = _group(plan, left, np.maximum(posts - tables, 0), OTHERS)
    return {name: first[name] + rest[name] for name in first}


def _group(
    plan: "Plan", chosen: "np.ndarray[Any, Any]", posts: "np.ndarray[Any, Any]", word: dict[str, str]
) -> dict[str, Any]:
    """These people to so many posts at each point, whatever their skill; and what is short in each language."""
    from tongzhou import planning as pl
    from tongzhou.planning.words import say

    columns = {name: values[chosen] for name, values in plan.case.staff.columns.items()}
    own = dict(zip(columns["key"].tolist(), columns["skill"].tolist(), strict=True))
    alike = columns | {"skill": [SWABS] * len(own)}
    placed = pl.staff(plan.replace(case=plan.case.replace(staff=alike)), posts)
    short = placed.short.get(SWABS, int(posts.sum()) * plan.case.rules.blocks)  # nobody left: nothing is placed
    said = {lang: say("staff_short", skill=word[lang], short=short)[lang] for lang in word}
    rows = [dict(row) | {"skill": own[row["person"]]} for row in placed.rows]
    return {"staff": rows, "short": [said | {"n": short}] if short else []}

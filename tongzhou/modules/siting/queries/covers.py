"""How many points, before any plan: by set cover and maximal cover. Room at the points is not looked at; a plan does that."""

from math import floor

from django.utils.translation import gettext as __

from tongzhou.kernel.lang import lang
from tongzhou.modules.siting.models import Study
from tongzhou.modules.siting.queries.cases import case_of, said
from tongzhou.modules.siting.queries.tables import pairs

MOST = 3_000_000  # buildings times sites that a page asks about
SECONDS = 3  # for each of the two questions


def told(study: Study, within: int, points: int | None) -> list[str]:
    """The answers in words, each with how sure it is; or what stands in the way."""
    if not 0 < pairs(study) <= MOST:
        return [__("楼栋和候选点太多或还没有导入，这里算不了；请直接测算方案。")]
    from tongzhou import planning as pl

    found = []
    try:
        case = case_of(study)
        if points:
            most = pl.reach(case, points=min(points, len(case.sites)), walk_m=float(within), seconds=SECONDS)
            whole = max(int(case.demand.persons.sum()), 1)
            words = __("设%(points)d个点，最多能让%(people)d人（%(part)d%%）在%(within)d米以内有点")
            found.append(
                words % {"points": points, "people": most.value, "part": floor(100 * most.value / whole), "within": within}
                + _sure(most.status, __("；任何选法都不超过%(n)d人") % {"n": floor(most.bound)})
            )  # fmt: skip
        fewest = pl.fewest(case, walk_m=float(within), seconds=SECONDS)
    except pl.Unfit as unfit:
        return found + [said(fault)[lang()] for fault in unfit.faults[:5]]
    if fewest.points:
        words = __("要让人人%(within)d米以内有点，%(n)d个点就够") % {"within": within, "n": len(fewest.points)}
        found.insert(0, words + _sure(fewest.status, __("；至少要%(n)d个") % {"n": int(fewest.bound)}))
    return found


def _sure(status: str, bound: str) -> str:
    return __("，已证明再好不了。") if status == "optimal" else bound + __("。")

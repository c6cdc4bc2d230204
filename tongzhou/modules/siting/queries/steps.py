"""What may be changed on a plan that stands: which points may close, lose tables or open, and which laboratories have lanes to lose."""

from typing import Any

from django.utils.translation import gettext as __

from tongzhou.modules.siting.models import Option, Table
from tongzhou.modules.siting.queries.tables import pairs

Named = list[tuple[str, str]]
Step = Option.Step
MOST_PROVEN = 3_000_000  # buildings times sites: a district; a city's bound must do


def choices(option: Option, kind: str) -> Named:
    """(key, words) of the points a step may concern. To be opened: those that have closed, then sites where nobody stands yet."""
    rows = option.outcome.shown["points"]
    if kind == Step.REOPEN:
        shut = [(row["key"], __("%(name)s（已关闭）") % {"name": _words(row)}) for row in rows if row.get("closed")]
        there = {row["key"] for row in rows}
        table = option.study.sheets.filter(kind=Table.Kind.SITES).first()
        free = [row for row in (table.rows if table else []) if row["key"] not in there and not row.get("banned")]
        return shut + [(row["key"], _words(row)) for row in free if row.get("power") is not False]
    return [
        (row["key"], _words(row) + (__("：%(n)d台") % {"n": row["tables"]} if kind == Step.REDUCE else ""))
        for row in rows if not row.get("closed") and (kind != Step.REDUCE or row["tables"] > 1)
    ]  # fmt: skip


def kinds(option: Option) -> list[Step]:
    """What may be changed on it: no laboratories, no step of theirs; what is proven or moved by hand is not to be proven."""
    may = {Step.LABS: bool(option.outcome.shown.get("places")), Step.PROVE: _provable(option)}
    return [kind for kind in Step if may.get(kind, True)]


def _provable(option: Option) -> bool:
    return option.stopped not in ("proven", "moved") and 0 < pairs(option.study) <= MOST_PROVEN


def fault(option: Option, kind: str, points: list[str], left: int | None, lanes: dict[str, int]) -> str:
    """Why such a step is none, in words; empty where it is one."""
    if kind == Step.LABS:
        there = {lab["name"]: lab["lanes"] for lab in option.outcome.shown.get("places", ())}
        changed = lanes and set(lanes) <= set(there) and any(there[lab] != n for lab, n in lanes.items())
        return "" if changed else __("请填写哪个实验室还有几条检测线，与现在不同。")
    if kind == Step.PROVE:
        return "" if _provable(option) else __("这个方案已证明最优、是调整出来的，或者太大，不能再证。")
    known = {key for key, _words in choices(option, kind)}
    if not points or not set(points) <= known:
        return {
            Step.CLOSE: __("请选择要关闭的采样点。"),
            Step.REDUCE: __("请选择一个采样点，至少两张台的。"),
            Step.REOPEN: __("请选择要开放的采样点。"),
        }[Step(kind)]
    if kind == Step.REDUCE:
        now = next(row["tables"] for row in option.outcome.shown["points"] if row["key"] == points[0])
        if len(points) > 1 or left is None or not 0 < left < now:
            return __("剩下的台数应在1和%(most)d之间；一张也不剩的，请关闭这个点。") % {"most": now - 1}
    return ""


def told(option: Option) -> str:
    """The step in words, for whoever decides on it: "方案3上减少采样台：P01，只剩2张，10:00起"."""
    if not option.step or option.base is None:
        return ""
    said = __("方案%(n)d上%(step)s") % {"n": option.base.number, "step": Step(option.step).label}
    parts = [
        *([__("、").join(option.spots)] if option.spots else []), *([__("只剩%(n)d张") % {"n": option.left}] if option.left else []),
        *([__("%(hour)s起") % {"hour": option.at}] if option.at else []),
    ]  # fmt: skip
    return said + (__("：") + __("，").join(parts) if parts else "")


def _words(row: dict[str, Any]) -> str:
    return f"{row['key']} {row.get('name') or ''}".strip()

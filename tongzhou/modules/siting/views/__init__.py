"""The lists of siting. The odd pages are in the files beside."""

from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import forms, queries, rules
from tongzhou.modules.siting.models import Option, Outcome, Study
from tongzhou.modules.siting.workflow import PLAN, OptionState, StudyState

MOST_MOVES = 60  # rows shown of who moves; all are in the spreadsheet


STOPPED = {
    "proven": _("已证明最优"), "effort": _("算够了步数"), "time": _("时间到"), "stopped": _("由人停止"), "moved": _("在原方案上调整"),
}  # fmt: skip
NAMES = {
    "points": _("采样点数"), "tables": _("采样台上限"), "slot_minutes": _("时段（分钟）"), "pool": _("每管人数"), "max_walk_m": _("步行上限（米）"),
    "impaired_walk_m": _("走不远的上限（米）"),
    "utilisation": _("计划利用率（%）"), "an_hour": _("每台每小时（人）"), "without": _("不用的候选点"),
    "opens": _("开始采样"), "closes": _("结束采样"), "no_show": _("不来的（%）"), "early": _("赶早（%）"), "prevalence": _("预计阳性（每万人）"),
}  # fmt: skip


def _said(changes: dict[str, Any]) -> str:
    """What differs from the study, in words; nothing where nothing does."""
    said = [f"{NAMES[name]} {value}" for name, value in forms.WhatIf.of(changes).items()]
    lanes = changes.get(rules.LANES, {})
    return "；".join(said + [__("检测线：%(lab)s") % {"lab": lab} + f" {n}" for lab, n in lanes.items()])


def _changed(option: Option) -> str:
    return "；".join(words for words in (queries.steps.told(option), _said(option.changes)) if words) or "—"


def study_context(study: Study, by: Person) -> dict[str, Any]:
    found = list(queries.options_of(study))
    tables = queries.tables_of(study)
    ready = {kind for kind, _label, table in tables if table}
    edition = queries.settings_of(study)
    table = tables[0][2]
    working = study.state in (StudyState.DRAFT, StudyState.ADOPTED)
    if working and access.may(by, PLAN, study):
        queries.engine.fetch()
    return {
        "tables": tables, "walks": queries.walks_of(study) if tables[-1][2] else {},
        "options": found, "charts": queries.frontier(found, _said), "may_plan": working and access.may(by, PLAN, study),
        "ready": {"demand", "sites"} <= ready, "whatif": _what_if(study), "key": uuid4(),
        "cover": forms.Cover(initial={"within": study.max_walk_m or 500}),
        "people": table.people if table else 0, "assumed": table.assumed if table else 0,
        "advised": rules.wanted_points(table.people, edition["people_per_point"]) if table and table.people else 0,
        "long_slots": study.slot_minutes > edition["slot_most"], "edition": edition, "rates": queries.rates_of(study),
    }  # fmt: skip


def _what_if(study: Study, changes: dict[str, Any] | None = None) -> forms.WhatIf:
    labs = queries.labs_of(study)
    return forms.WhatIf(study=study, labs=labs, initial=forms.WhatIf.of(changes or {}, labs))


def _steps(option: Option) -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in queries.steps.kinds(option)]


def option_context(option: Option, by: Person) -> dict[str, Any]:
    outcome = Outcome.objects.filter(option=option).first()
    may_plan = access.may(by, PLAN, option)
    page: dict[str, Any] = {
        "option": option,
        "may_plan": may_plan,
        "key": uuid4(),
        "cure_key": uuid4(),
        "outcome": outcome,
        "line": queries.line(option) if outcome else "",
    }
    if outcome is None:
        return page
    shown = outcome.shown
    seen = queries.seen(option) if option.state == OptionState.ADOPTED else {}
    for row in shown["points"]:
        row["seen"] = seen.get(row["key"])
    words = {"zh": shown["bottleneck"].get("zh", ""), "en": shown["bottleneck"].get("en", "")}
    address = option.get_absolute_url()
    live = option.state in (OptionState.READY, OptionState.ADOPTED) and option.study.state in (
        StudyState.DRAFT,
        StudyState.ADOPTED,
    )
    return page | {
        "asked": forms.WhatIf.of(option.changes, queries.labs_of(option.study)), "shown": shown,
        "map": queries.drawing(shown, address if may_plan and live else ""),
        "charts": [chart for chart in (queries.queues(shown), queries.labs(shown)) if chart],
        "seen": sum(seen.values()), "people": sum(row["persons"] for row in shown["points"]),
        "bottleneck": words, "moved": queries.books.moves(shown)[:MOST_MOVES],
        "tours": queries.books.vans(shown),
        "move_count": len(shown["moves"]), "may_close": may_plan and live, "steps": _steps(option) if may_plan and live else [],
        "pool_20": may_plan and live and option.changes.get("pool", option.study.pool) < 20 and "20合1" in words["zh"],
        "whatif": _what_if(option.study, option.changes) if may_plan and live and not option.step else None,
        "others": queries.options_of(option.study).exclude(pk=option.pk).exclude(outcome=None),
    }  # fmt: skip


studies = Desk(
    model=Study, title=_("布点"), one=_("布点测算"),
    intro=_("采样点设在哪里、各楼栋几点去哪个点、要多少台和人；每个方案都写明离最优还差多少。"),
    columns=[
        Column("title", _("布点测算"), kind="link"),
        Column("when", _("采样日期"), sort="happened_on", kind="when"),
        Column("unit", _("范围"), sort="unit__path", kind="unit"),
        Column("points", _("采样点数"), value=lambda one: one.points or None, sort="points", kind="number"),
        Column("hours", _("采样时段")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "name_en"],
    fields=[
        Column("unit", _("范围")), Column("when", _("采样日期"), kind="when"), Column("hours", _("采样时段")), Column("points", _("采样点数")),
        Column("tables", _("采样台总数上限")), Column("slot_minutes", _("预约时段（分钟）")), Column("pool", _("每管人数")),
        Column("max_walk_m", _("步行上限（米）")),
        Column("person_seconds", _("每人用时（秒）")), Column("utilisation", _("计划利用率（%）")), Column("detour", _("步行路程与直线之比")),
        Column("no_show", _("不来的（%）")), Column("early", _("赶早（%）")),
        Column("datum", _("居民、人员、实验室坐标"), value="get_datum_display"), Column("sites_datum", _("候选点坐标"), value="get_sites_datum_display"),
    ],
    form=forms.StudyForm, detail="siting/study.html", detail_first=True, context=study_context,
    links=[(_("全部方案"), "siting.option.list", "siting.read")],
)  # fmt: skip

options = Desk(
    model=Option, name="options", title=_("全部方案"), one=_("布点方案"), intro=_("每次测算的结果：点、台、人、步行、等候，以及离最优还差多少。"),
    columns=[
        Column("title", _("方案"), kind="link"),
        Column("points", _("采样点数"), sort="points", kind="number"),
        Column("tables", _("采样台数"), value=lambda one: one.tables or None, sort="tables", kind="number"),
        Column("staff", _("同时在岗（人）"), value=lambda one: one.staff or None, sort="staff", kind="number"),
        Column("walk", _("平均步行（米）"), value=lambda one: None if one.walk is None else round(one.walk), kind="number"),
        Column("wait", _("等候（分钟，95%的人不超过）"), kind="number"),
        Column("cost", _("费用（元）"), value=queries.cost_of, kind="number"),
        Column("gap", _("距最优不超过（%）"), value="gap_percent", kind="number"),
        Column("ends", _("采完"), value=lambda one: None if one.ends is None else rules.hour(one.ends)),
        Column("results", _("最后结果"), value=lambda one: None if one.results is None else rules.hour(one.results)),
        Column("when", _("采样日期"), sort="happened_on", kind="when"),
        Column("unit", _("范围"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["study__name", "study__name_en"], filters=["study"],
    fields=[
        Column("study", _("布点测算")), Column("when", _("采样日期"), kind="when"), Column("changed", _("与测算不同"), value=_changed),
        Column("stopped", _("为何停止"), value=lambda one: STOPPED.get(one.stopped, "")),
        Column("seconds", _("用时（秒）"), value=lambda one: round(one.seconds, 1)),
        Column("value", _("加权人米"), value=lambda one: "" if one.value is None else f"{one.value:,.0f}"),
        Column("least", _("任何方案不少于"), value=lambda one: f"{one.least:,.0f}" if one.least else ""),
        Column("seed", _("随机种子")), Column("digest", _("输入摘要")),
    ],
    related=["study", "base__study"], detail="siting/option.html", detail_first=True, context=option_context,
)  # fmt: skip

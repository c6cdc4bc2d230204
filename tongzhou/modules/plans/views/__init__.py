"""The lists of plans, tasks and activations. The odd pages are in pages.py, papers in papers.py."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, handoff, paper, seal
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.desk.forms import MoveForm
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.modules.plans import forms, queries, rules
from tongzhou.modules.plans.actions import drafting, phones
from tongzhou.modules.plans.models import Activation, Contributor, Plan, Post, Task
from tongzhou.modules.plans.workflow import DO, DRAFT, MADE, OPINE, READ, PlanState, TaskState


def plan_context(plan: Plan, by: Person) -> dict[str, Any]:
    reads = access.may(by, READ, plan)
    # what was said before it was approved, and by whom, is not for whoever merely holds a post or a task in it
    hidden: dict[str, Any] = {} if reads else {"history": []}
    drafts = plan.state == PlanState.DRAFT and access.may(by, DRAFT, plan)
    levels, planned = list(plan.levels.all()), list(plan.planned.all())
    tree = queries.call_tree(plan)
    asked = plan.state == PlanState.CONSULTING and access.may(by, OPINE, plan) and plan.asked_of(by)
    return hidden | {
        "sections": numbered(plan),
        "levels": [(level, [one for one in planned if one.rank == level.rank]) for level in levels],
        "tree": [_shown(node) for node in tree],
        "flat_tree": [(post, seal.mask(post, "phone")) for node in tree for _depth, post in node.flat()],
        "resources": list(plan.resources.all()),
        "annexes": list(queries.annexes(plan)),
        "parts": [(part, drafting.NAMES[part]) for part in drafting.NAMES] if drafts else [],
        "annex_form": forms.AnnexForm() if drafts else None,
        "opinions": _opinions(plan) if reads else [],
        "asked": asked or [],
        "activations": list(plan.activations.select_related("response", "filed_by", "ended_by").order_by("-started_at")),
        "tasks": list(access.visible(plan.tasks.all(), by, READ).select_related("unit", "person", "response").order_by("due_at", "pk")),
        "now": timezone.now(),
        "may_renew": may_renew(plan, by),
        "newer": next((one for one in plan.successors.all() if one.state != PlanState.DISCARDED), None) if reads else None,
        "changed": plan.digest != "" and plan.digest != queries.digest(plan),
        "may_phone": bool(phones.within(plan, by)) and any(post.phone for post in plan.posts.all()),
    }  # fmt: skip


def numbered(plan: Plan) -> list[tuple[int, str, list[str]]]:
    """(depth, heading with its number, paragraphs) of the text."""
    found = queries.text(plan)
    heads = paper.numbered([paper.Heading(one.title, one.depth) for one in found if one.title], lang())
    titles = iter([head.text for head in heads if isinstance(head, paper.Heading)])
    return [(one.depth, next(titles) if one.title else "", list(one.lines)) for one in found]


def _shown(node: rules.Node[Post]) -> dict[str, Any]:
    """A post with its number masked, and whom it calls."""
    return {"post": node.post, "phone": seal.mask(node.post, "phone"), "below": [_shown(one) for one in node.below]}


def may_renew(plan: Plan, by: Person) -> bool:
    live = any(one.state != PlanState.DISCARDED for one in plan.successors.all())
    made = plan.state in MADE and plan.state != PlanState.SUPERSEDED and not plan.is_reported
    return made and not live and access.may(by, DRAFT, plan)


def _opinions(plan: Plan) -> list[Any]:
    """Of all rounds, the newest first."""
    return list(plan.opinions.select_related("unit", "person", "given_by").order_by("-round", "pk"))


def task_context(task: Task, by: Person) -> dict[str, Any]:
    room = handoff.accepted(task.kind) if task.kind else None
    offered = room if task.state == TaskState.TODO and access.may(by, DO, task) else None
    may_read_plan = access.visible(Plan.objects.filter(pk=task.plan_id), by, READ).exists()
    return {
        "room": offered,
        "no_room": bool(task.kind) and room is None and task.state == TaskState.TODO,
        "late": task.is_overdue(),
        "may_read_plan": may_read_plan,
        "attachments": list(attachments.of(task)),
    }


def _level(plan: Plan) -> str:
    return next((level.name for level in plan.levels.all() if level.rank == plan.rank), "")


def _people(part: str) -> Any:
    return lambda plan: __("、").join(str(one.person) for one in plan.contributors.all() if one.part == part)


def _lateness(task: Task) -> str:
    if task.in_time is not None:
        return __("按时") if task.in_time else __("逾期办结")
    return __("逾期") if task.is_overdue() else ""


plans = Desk(
    model=Plan,
    title=_("方案预案"),
    one=_("方案预案"),
    intro=_("工作方案和应急预案：起草、征求意见、批准、启动、终止，版本可以并排比较。"),
    columns=[
        Column("title", _("标题"), sort="name", kind="link"),
        Column("kind", _("类别"), value="get_kind_display"),
        Column("unit", _("制定单位"), sort="unit__path", kind="unit"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("level", _("现行级别"), value=_level),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "name_en", "number", "sections__text"],
    filters=["kind"],
    fields=[
        Column("kind", _("类别"), value="get_kind_display"),
        Column("unit", _("制定单位")),
        Column("number", _("文号")),
        Column("when", _("日期"), kind="when"),
        Column("led", _("牵头人"), value=_people(Contributor.Part.LED)),
        Column("took_part", _("参与人"), value=_people(Contributor.Part.TOOK_PART)),
        Column("consult_by", _("征求意见截止"), kind="date"),
        Column("approved", _("批准"), value=lambda plan: f"{plan.approved_by} {moment(plan.approved_at)}" if plan.approved_by else ""),
        Column("level", _("现行级别"), value=_level),
    ],
    form=forms.PlanForm,
    move_forms={
        "consult": forms.Consulting, "opine": forms.Saying, "conclude": MoveForm, "approve": forms.Approval, "activate": forms.Ordering,
        "shift": forms.Ordering,
    },
    related=["approved_by", "replaces__response"],
    prefetch=[
        "levels", "contributors__person", "sections", "posts__at", "posts__person", "posts__deputy", "posts__caller", "resources",
        "planned__unit", "planned__person", "successors__response",
    ],
    detail="plans/plan.html",
    slip="plans/slip.html",
    links=[(_("任务"), "plans.task.list", READ), (_("启动记录"), "plans.activation.list", READ)],
    context=plan_context,
)  # fmt: skip

tasks = Desk(
    model=Task,
    name="tasks",
    title=_("预案任务"),
    one=_("任务"),
    sort="due_at",
    columns=[
        Column("title", _("任务"), sort="name", kind="link"),
        Column("unit", _("承办单位"), sort="unit__path", kind="unit"),
        Column("person", _("办理人")),
        Column("due_at", _("办结时限"), value=lambda task: moment(task.due_at), sort="due_at"),
        Column("late", _("是否按时"), value=_lateness),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
        Column("plan", _("预案")),
    ],
    search=["name", "text", "did"],
    filters=["kind"],
    fields=[
        Column("unit", _("承办单位")),
        Column("person", _("办理人")),
        Column("due_at", _("办结时限"), value=lambda task: moment(task.due_at)),
        Column("late", _("是否按时"), value=_lateness),
        Column("text", _("要求")),
    ],
    move_forms={"finish": forms.Finish, "assign": forms.Assignment},
    related=["person", "plan", "activation", "done_by"],
    detail="plans/task.html",
    context=task_context,
)

activations = Desk(
    model=Activation,
    name="activations",
    title=_("启动记录"),
    one=_("启动记录"),
    columns=[
        Column("title", _("启动记录"), kind="link"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("started_at", _("启动时间"), value=lambda one: moment(one.started_at), sort="started_at"),
        Column("by", _("启动人"), value="filed_by"),
        Column("basis", _("依据")),
        Column("ended_at", _("终止时间"), value=lambda one: moment(one.ended_at)),
        Column("ended_by", _("结束人")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["plan__name", "level", "basis"],
    fields=[
        Column("level", _("响应级别")),
        Column("unit", _("单位")),
        Column("started_at", _("启动时间"), value=lambda one: moment(one.started_at)),
        Column("by", _("启动人"), value="filed_by"),
        Column("basis", _("依据")),
        Column("observed", _("当时的数字")),
        Column("ended_at", _("终止时间"), value=lambda one: moment(one.ended_at)),
        Column("ended_by", _("结束人")),
    ],
    related=["plan__response", "filed_by", "ended_by"],
    detail="plans/activation.html",
    context=lambda one, by: {"tasks": list(access.visible(one.tasks.all(), by, READ).select_related("unit", "response").order_by("due_at", "pk"))},
)  # fmt: skip

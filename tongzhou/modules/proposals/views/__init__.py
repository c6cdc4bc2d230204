"""The lists of items, submissions and cases. The odd pages are in writing.py, pages.py and scores.py."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.proposals import forms, queries
from tongzhou.modules.proposals.models import Case, Item, Submission
from tongzhou.modules.proposals.workflow import EDIT, OUT, READ, REVIEW, ItemState


def may_write(item: Item, by: Person) -> bool:
    """Whether this person may change the text now: while it is edited, only who edits."""
    needs, states = item.workflow.amends
    if item.state not in states:
        return False
    return access.may(by, EDIT if item.state == ItemState.EDITING else needs, item)


def item_context(item: Item, by: Person) -> dict[str, Any]:
    submissions = access.visible(item.submissions.all(), by, READ).select_related("response", "item")
    cases = access.visible(item.cases.all(), by, READ).select_related("response", "item")
    reviews = item.state in (ItemState.REVIEW, ItemState.EDITING) and access.may(by, REVIEW, item)
    others = queries.visible(item.response, by).exclude(pk=item.pk)
    return {
        "may_write": may_write(item, by),
        "may_take_back": item.state == ItemState.REVIEW and by.pk in (item.author_id, item.filed_by_id),
        "may_print": item.state in (ItemState.SIGNED, *OUT),
        "submissions": list(submissions.prefetch_related("outcomes").order_by("happened_on", "pk")),
        "cases": list(cases.order_by("happened_on", "pk")),
        "alike": queries.alike((item.name, item.situation), others) if reviews else [],
        "versions": item.versions.count(),
        "reads": bool(access.reach(by, READ)),
    }


def submission_context(row: Submission, by: Person) -> dict[str, Any]:
    return {"outcomes": list(row.outcomes.all())}


def case_context(case: Case, by: Person) -> dict[str, Any]:
    return {"cohandlers": list(case.cohandlers.all()), "late": case.is_late(timezone.localdate())}


def _marks(item: Item) -> str:
    marks = [(item.is_confidential, __("涉密")), (item.is_commissioned, __("约稿"))]
    return __("、").join(mark for on, mark in marks if on)


def _came(item: Item) -> str:
    """What came of it, channel by channel, in few words."""
    found = [f"{row.channel_label}：{row.results or row.state_label()}" for row in item.submissions.all()]
    return __("；").join(found + [f"{case.channel_label}：{case.state_label()}" for case in item.cases.all()])


items = Desk(
    model=Item,
    title=_("建言"),
    one=_("建言"),
    intro=_("写了什么，报到哪里，有什么结果。"),
    columns=[
        Column("name", _("标题"), value=str, kind="link"),
        Column("kind", _("类别"), value="get_kind_display", sort="kind"),
        Column("byline", _("作者")),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("marks", _("标记"), value=_marks),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
        Column("came", _("结果"), value=_came),
    ],
    filters=["kind", "author"],
    search=["name", "situation", "suggestions", "author__name", "author__pinyin", "unit__name"],
    fields=[
        Column("kind", _("类别"), value="get_kind_display"),
        Column("byline", _("作者")),
        Column("unit", _("单位"), kind="unit"),
        Column("when", _("日期"), kind="when"),
        Column("marks", _("标记"), value=_marks),
        Column("signed_by", _("签发人"), kind="person"),
    ],
    move_forms={"submit": forms.Submitting},
    related=["author", "signed_by"],
    prefetch=["coauthors", "submissions__outcomes", "cases"],
    detail="proposals/item.html",
    links=[
        (_("写建言"), "proposals.write", ""),
        (_("我的建言"), "proposals.mine", ""),
        (_("采用和计分"), "proposals.scores", READ),
    ],
    context=item_context,
)

submissions = Desk(
    model=Submission,
    name="submissions",
    title=_("报送和采用"),
    columns=[
        Column("item", _("标题"), kind="link"),
        Column("channel", _("渠道"), value="channel_label", sort="channel"),
        Column("level", _("层级"), value="get_level_display", sort="level"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("when", _("报送日期"), sort="happened_on", kind="when"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
        Column("results", _("结果")),
    ],
    filters=["level", "how"],
    search=["item__name", "item__author__name", "unit__name"],
    fields=[
        Column("item", _("标题")),
        Column("channel", _("渠道"), value="channel_label"),
        Column("level", _("层级"), value="get_level_display"),
        Column("when", _("报送日期"), kind="when"),
        Column("how", _("采用方式"), value="get_how_display"),
    ],
    move_forms={
        "adopt": forms.Adopting,
        "note": forms.Noting,
        "forward": forms.Told,
        "reply": forms.Told,
    },
    related=["item", "item__author"],
    prefetch=["outcomes"],
    detail="proposals/submission.html",
    context=submission_context,
)

cases = Desk(
    model=Case,
    name="cases",
    title=_("提案办理"),
    columns=[
        Column("item", _("提案"), value=str, kind="link"),
        Column("channel", _("渠道"), value="channel_label", sort="channel"),
        Column("lead", _("主办单位"), sort="lead"),
        Column("reply_by", _("办复期限"), kind="date"),
        Column("result", _("办理结果"), value="get_result_display"),
        Column("satisfaction", _("作者评价"), value="get_satisfaction_display"),
        Column("when", _("提交日期"), sort="happened_on", kind="when"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["result", "satisfaction"],
    search=["number", "item__name", "lead", "item__author__name"],
    fields=[
        Column("channel", _("渠道"), value="channel_label"),
        Column("when", _("提交日期"), kind="when"),
        Column("number", _("提案号")),
        Column("into", _("并入")),
        Column("lead", _("主办单位")),
        Column("assigned_on", _("交办日期"), kind="date"),
        Column("return_by", _("退回期限"), kind="date"),
        Column("reply_by", _("办复期限"), kind="date"),
        Column("hard_by", _("最迟答复"), kind="date"),
        Column("rounds", _("办理次数"), kind="number"),
        Column("result", _("办理结果"), value="get_result_display"),
        Column("satisfaction", _("作者评价"), value="get_satisfaction_display"),
    ],
    move_forms={
        "admit": forms.Admitting,
        "merge": forms.Merging,
        "assign": forms.Assigning,
        "give_back": forms.OnDay,
        "opine": forms.Opining,
        "answer": forms.Answering,
        "rate": forms.Rating,
    },
    related=["item", "item__author"],
    prefetch=["cohandlers"],
    detail="proposals/case.html",
    context=case_context,
)

"""The lists of coverage. The odd pages are in declare.py, work.py and lists.py."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.coverage import forms, queries
from tongzhou.modules.coverage.models import Declaration, Evidence, Excuse, Release, Roll, Subject
from tongzhou.modules.coverage.workflow import ASK, LIST, READ, REVEAL, WORK, ReleaseState, SubjectState


def _roll(roll: Roll, by: Person) -> dict[str, Any]:
    counted = queries.counted(Roll.objects.filter(pk=roll.pk)).get()
    return {
        "counted": counted,
        "lists": access.may(by, LIST, roll),
        "reads": access.may(by, READ, roll),
        "asks": access.may(by, ASK, roll),
    }


def _subject(subject: Subject, by: Person) -> dict[str, Any]:
    """Whoever only declares sees what is due of them; the evidence and the history are for who works there."""
    reads = access.may(by, READ, subject)
    page: dict[str, Any] = {
        "listings": list(subject.listings.select_related("roll", "declaration")),
        "evidence": list(subject.evidence.select_related("by", "unit", "undone").exclude(what=Evidence.What.UNDONE)[:30]),
        "reveals": subject.state == SubjectState.KEPT and access.may(by, REVEAL, subject), "works": access.may(by, WORK, subject),
        "excuses": list(subject.excuses.select_related("response")) if reads else [],
    }  # fmt: skip
    return page if reads else page | {"history": [], "evidence": []}


def _declaration(declaration: Declaration, by: Person) -> dict[str, Any]:
    return {"stays": list(declaration.stays.all()), "subject_seen": access.may(by, READ, declaration.subject)}


def _release(release: Release, by: Person) -> dict[str, Any]:
    return {"takes": release.state == ReleaseState.APPROVED and release.filed_by_id == by.pk}


class _Rolls(Desk):
    """With the numbers of each list, in the query that reads them."""

    def rows(self, response: Response) -> QuerySet[Any]:
        return queries.counted(super().rows(response))


declarations = Desk(
    model=Declaration,
    title=_("旅居史和健康申报"),
    one=_("申报"),
    intro=_("本人和家人一分钟报清楚，往后该做什么由当日规则决定；登记一次，不再被反复询问。"),
    columns=[
        Column("title", _("对象"), kind="link"),
        Column("when", _("申报日期"), sort="happened_on", kind="when"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("follows", _("管理要求")),
        Column("version", _("规则版本"), value="version_of_rule", sort="version_of_rule"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["has_symptoms"],
    fields=[
        Column("subject", _("对象")),
        Column("when", _("申报日期"), kind="when"),
        Column("unit", _("单位")),
        Column("filed_by", _("申报人")),
        Column("arrived", _("返回日期"), value="arrived_on", kind="date"),
        Column("symptoms", _("发热或有症状"), value=lambda row: __("有") if row.has_symptoms else __("没有")),
        Column("tested", _("最近一次检测"), value="tested_on", kind="date"),
        Column("follows", _("管理要求"), value=lambda row: row.follows or __("没有进一步要求")),
        Column("version", _("规则版本"), value="version_of_rule"),
        Column("keep", _("个人信息保存到"), value="keep_until", kind="date"),
    ],
    related=["subject__unit", "subject__response", "filed_by"],
    detail="coverage/declaration.html",
    context=_declaration,
    links=[
        (_("我要申报"), "coverage.declare", ""), (_("今天要办的人"), "coverage.today", WORK), (_("各单位进度"), "coverage.progress", READ),
    ],
)  # fmt: skip

subjects = Desk(
    model=Subject,
    name="people",
    title=_("应查应检应管对象"),
    one=_("对象"),
    intro=_("同一个人在几份名单上，只登记一次、只联系一次。姓名、证件、电话、住址加密保存。"),
    columns=[
        Column("title", _("姓名"), kind="link"),
        Column("number", _("证件号码"), value="masked_number"),
        Column("phone", _("电话"), value="masked_phone"),
        Column("unit", _("联系单位"), sort="unit__path", kind="unit"),
        Column("when", _("登记日期"), sort="happened_on", kind="when"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    fields=[
        Column("title", _("姓名")),
        Column("document", _("证件类型"), value="get_document_display"),
        Column("number", _("证件号码"), value="masked_number"),
        Column("phone", _("电话"), value="masked_phone"),
        Column("unit", _("联系单位")),
        Column("when", _("登记日期"), kind="when"),
    ],
    form=forms.SubjectForm,
    detail="coverage/subject.html",
    context=_subject,
    links=[(_("今天要办的人"), "coverage.today", WORK), (_("各单位进度"), "coverage.progress", READ)],
)

rolls = _Rolls(
    model=Roll,
    name="lists",
    title=_("应查应检应管名单"),
    one=_("名单"),
    intro=_("各部门的名单收到一处，按身份合并；谁该做什么、多久一次由人群的规则定，到期清除个人信息。"),
    columns=[
        Column("title", _("名单"), kind="link"),
        Column("kind", _("类别"), value="get_kind_display", sort="kind"),
        Column("group", _("人群"), value="group_name"),
        Column("people", _("人数"), kind="number"),
        Column("reached", _("已办"), kind="number"),
        Column("late", _("逾期"), kind="number"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("keep", _("保存到"), value="keep_until", sort="keep_until", kind="date"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["kind"],
    search=["name", "given_by"],
    fields=[
        Column("kind", _("类别"), value="get_kind_display"),
        Column("group", _("人群"), value="group_name"),
        Column("purpose", _("用途")),
        Column("given_by", _("名单提供单位")),
        Column("unit", _("单位")),
        Column("begins", _("从哪天起"), value="begins_on", kind="date"),
        Column("ends", _("到哪天止"), value="ends_on", kind="date"),
        Column("keep", _("个人信息保存到"), value="keep_until", kind="date"),
    ],
    form=forms.RollForm,
    detail="coverage/roll.html",
    context=_roll,
)

excuses = Desk(
    model=Excuse,
    name="reasons",
    title=_("免检、外地、就医"),
    one=_("理由"),
    intro=_("短期外地、就医登记即生效；免检和较长的须由另一人认可。到期自动恢复。"),
    columns=[
        Column("title", _("对象和理由"), kind="link"),
        Column("when", _("从哪天起"), sort="happened_on", kind="when"),
        Column("until", _("到哪天"), sort="until", kind="date"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["reason"],
    search=["basis"],
    fields=[
        Column("subject", _("对象")),
        Column("reason", _("理由"), value="get_reason_display"),
        Column("when", _("从哪天起"), kind="when"),
        Column("until", _("到哪天"), kind="date"),
        Column("basis", _("依据")),
        Column("unit", _("单位")),
        Column("filed_by", _("登记人")),
        Column("accepted_by", _("认可人")),
    ],
    form=forms.ExcuseForm,
    related=["subject__unit", "subject__response", "filed_by", "accepted_by"],
)

releases = Desk(
    model=Release,
    name="exports",
    title=_("未脱敏名单的导出"),
    one=_("导出申请"),
    intro=_("未脱敏的名单不能随手导出：一人申请，另一人批准，下载一次，全程留痕。"),
    columns=[
        Column("title", _("名单和去向"), kind="link"),
        Column("purpose", _("用途")),
        Column("when", _("申请日期"), sort="happened_on", kind="when"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["purpose", "given_to"],
    fields=[
        Column("roll", _("名单")),
        Column("purpose", _("用途")),
        Column("given_to", _("交给谁")),
        Column("unit", _("单位")),
        Column("filed_by", _("申请人")),
        Column("decided_by", _("批准人")),
        Column("holds", _("批准有效到"), value="holds_until", kind="moment"),
    ],
    form=forms.ReleaseForm,
    related=["roll", "filed_by", "decided_by"],
    detail="coverage/release.html",
    context=_release,
)

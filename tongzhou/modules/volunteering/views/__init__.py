"""The lists of volunteering. The odd pages are in mine.py, pages.py, door.py and public.py."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel import access, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import forms, queries
from tongzhou.modules.volunteering.models import Activity, Certificate, Signup, Team, Volunteer
from tongzhou.modules.volunteering.models.signup import LOST
from tongzhou.modules.volunteering.workflow import JOIN, READ, RUN, ActivityState, SignupState


def activity_context(activity: Activity, by: Person) -> dict[str, Any]:
    """What is to be known before signing up, for everyone who is asked; names and history for whoever runs it or reads here."""
    runs, reads = access.may(by, RUN, activity), access.may(by, READ, activity)
    own = activity.signups.filter(person=by).exclude(state__in=LOST).select_related("post", "response").first()
    open_ = activity.state == ActivityState.OPEN
    over = activity.ends_at is not None and activity.ends_at <= timezone.now()
    if own is not None:
        own.activity = activity
    return ({} if reads or runs else {"history": []}) | {
        "posts": list(activity.posts.all()),
        "own": own,
        "may_join": open_ and own is None and not over and not activity.is_reported,
        "may_leave": own is not None and own.state in (SignupState.WAITING, SignupState.SIGNED),
        "runs": runs and not activity.is_reported and activity.state != ActivityState.DRAFT,
        "reads_list": (runs or reads) and not activity.is_reported and activity.state != ActivityState.DRAFT,
        "invites": runs and open_ and not over and bool(access.reach(by, READ)),
        "warnings": queries.warnings(activity, by if own or open_ else None)
        if activity.state in ("draft", "open")
        else [],
    }


def signup_context(signup: Signup, by: Person) -> dict[str, Any]:
    own = by.pk == signup.person_id
    sees = access.may(by, READ, signup) or access.may(by, RUN, signup)
    # nobody makes the moves of the place or confirms hours for themselves
    hidden: dict[str, Any] = {"moves": []} if own or signup.source else {}
    return hidden | ({} if sees or own else {"history": []}) | {
        "own": own,
        "may_leave": (own or (signup.on_word and access.may(by, JOIN, signup))) and signup.state in (SignupState.WAITING, SignupState.SIGNED),
        "may_dispute": own and signup.state in (SignupState.CONFIRMED, SignupState.ABSENT) and not signup.source,
        "may_train": not own and signup.state == SignupState.SIGNED and access.may(by, RUN, signup) and signup.activity.training and not signup.trained_at,
    }  # fmt: skip


activities = Desk(
    model=Activity,
    title=_("志愿服务活动"),
    one=pgettext_lazy("one", "志愿服务活动"),
    intro=_("自愿报名，现场扫码签到，时长经他人确认，证明免费开具。"),
    columns=[
        Column("title", _("活动"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("clock", _("时间")),
        Column("place", _("集合地点")),
        Column("places", _("已报 / 名额")),
        Column("served", _("服务人次"), kind="number"),
        Column("unit", _("组织单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["field"],
    search=["name", "name_en", "place", "content"],
    fields=[
        Column("when", _("日期"), kind="when"),
        Column("clock", _("时间")),
        Column("place", _("集合地点")),
        Column("unit", _("组织单位")),
        Column("team_names", _("参与队伍")),
        Column("organiser", _("现场负责人")),
        Column("field", _("服务类别"), value="get_field_display"),
        Column("served_whom", _("服务对象")),
        Column("content", _("服务内容")),
        Column("whom", _("招募范围"), value="get_whom_display"),
        Column("served", _("服务人次")),
    ],
    form=forms.ActivityForm,
    move_forms={
        "reschedule": forms.RescheduleForm,
        "forecast": forms.ForecastForm,
        "end": forms.EndForm,
        "correct": forms.CorrectForm,
    },
    imports=[
        sheets.Column("unit", _("组织单位"), required=True, help=_("名称或代码")),
        sheets.Column("name", _("活动名称"), required=True),
        sheets.Column("field", _("服务类别"), kind="choice", required=True, choices=tuple(Activity.Field.choices)),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("place", _("集合地点")),
        sheets.Column("present", _("参加人次"), kind="figure", help=_("可以写“30余人”")),
        sheets.Column("hours", _("合计时长（小时）"), kind="integer"),
        sheets.Column("served", _("服务人次"), kind="integer"),
        sheets.Column("source", _("来源"), required=True, help=_("出自哪份台账或报告")),
    ],
    related=["organiser"],
    prefetch=["posts", "teams"],
    detail="volunteering/activity.html",
    slip="volunteering/notice.html",
    links=[
        (_("我的志愿服务"), "volunteering.mine", ""),
        (_("志愿者"), "volunteering.volunteer.list", READ),
        (_("志愿服务队"), "volunteering.team.list", READ),
        (_("报名与时长"), "volunteering.signup.list", READ),
        (_("证明"), "volunteering.certificate.list", READ),
    ],
    context=activity_context,
)

signups = Desk(
    model=Signup,
    name="signups",
    title=_("报名与时长"),
    intro=_("谁报了名，服务了多久，由谁确认。"),
    columns=[
        Column("who", _("姓名"), kind="link"),
        Column("from_unit", _("单位")),
        Column("activity", _("活动")),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("span_text", _("签到–签退")),
        Column("minutes", _("分钟"), kind="number"),
        Column("confirmed_by", _("确认人")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["activity"],
    search=["person__name", "person__pinyin", "activity__name", "activity__name_en"],
    fields=[
        Column("who", _("姓名")),
        Column("activity", _("活动")),
        Column("time", _("时间"), value="activity.time_text"),
        Column("place", _("集合地点"), value="activity.place"),
        Column("post", _("岗位")),
        Column("queue", _("候补序号"), value=lambda row: row.queue if row.state == SignupState.WAITING else ""),
        Column("on_word", _("本人如何表示自愿")),
        Column("trained_at", _("培训登记"), value=lambda row: moment(row.trained_at)),
        Column("checked_in_at", _("签到时间"), value=lambda row: moment(row.checked_in_at)),
        Column("checked_out_at", _("签退时间"), value=lambda row: moment(row.checked_out_at)),
        Column("hours", _("服务时长")),
        Column("rating", _("服务评价"), value="get_rating_display"),
        Column("confirmed_by", _("确认人")),
        Column("asked", _("申请更正为")),
    ],
    move_forms={
        "check_in_by_hand": forms.AtForm, "check_out_by_hand": forms.AtForm, "confirm": forms.ConfirmForm,
        "dispute": forms.DisputeForm, "settle": forms.SettleForm,
    },
    related=["activity", "post", "person__unit", "confirmed_by"],
    detail="volunteering/signup.html",
    context=signup_context,
)  # fmt: skip

volunteers = Desk(
    model=Volunteer,
    name="volunteers",
    title=_("志愿者"),
    one=pgettext_lazy("one", "志愿者"),
    intro=_("谁有什么技能和专长，可以请谁。本人随时可以改，可以暂停。"),
    columns=[
        Column("title", _("姓名"), sort="person__pinyin", kind="link"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("team", _("所在队伍")),
        Column("skills", _("技能")),
        Column("expertise", _("专业特长")),
        Column("free", _("可服务的时间")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    sort="person__pinyin",
    filters=["team"],
    search=["person__name", "person__pinyin", "skills", "expertise"],
    form=forms.VolunteerForm,
    imports=[
        sheets.Column("person", _("志愿者"), required=True, help=_("姓名；重名的写明单位，如“张伟（第一支社）”")),
        sheets.Column("unit", _("单位"), required=True, help=_("名称或代码")),
        sheets.Column("when", _("登记日期"), kind="date", required=True),
        sheets.Column("skills", _("技能"), help=_("用顿号隔开")),
        sheets.Column("expertise", _("专业特长")),
        sheets.Column("free", _("可服务的时间")),
    ],
    related=["person", "team"],
    links=[(_("志愿服务活动"), "volunteering.activity.list", "")],
)

teams = Desk(
    model=Team,
    name="teams",
    title=_("志愿服务队"),
    one=pgettext_lazy("one", "志愿服务队"),
    intro=_("本单位的队伍和合作的队伍。"),
    columns=[
        Column("title", _("队伍"), sort="name", kind="link"),
        Column("kind", _("类别"), value="get_kind_display", sort="kind"),
        Column("work", _("服务方向")),
        Column("leader", _("队长或联系人")),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    sort="name",
    filters=["kind"],
    search=["name", "name_en", "work"],
    form=forms.TeamForm,
    related=["leader"],
    links=[(_("志愿服务活动"), "volunteering.activity.list", "")],
)

certificates = Desk(
    model=Certificate,
    name="certificates",
    title=_("志愿服务记录证明"),
    intro=_("本人随时可以免费开具；任何人凭验证码可以核对。"),
    columns=[
        Column("title", _("证明"), kind="link"),
        Column("person", _("姓名")),
        Column("unit", _("记录单位"), sort="unit__path", kind="unit"),
        Column("when", _("开具日期"), sort="happened_on", kind="when"),
        Column("times", _("服务次数"), kind="number"),
        Column("minutes", _("合计时长（分钟）"), kind="number"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "person__name", "person__pinyin"],
    fields=[
        Column("name", _("证明上的姓名")),
        Column("unit", _("记录单位")),
        Column("when", _("开具日期"), kind="when"),
        Column("first_on", _("服务自"), kind="date"),
        Column("last_on", _("服务至"), kind="date"),
        Column("times", _("服务次数")),
        Column("hours", _("合计时长")),
    ],
    related=["person"],
    detail="volunteering/certificate.html",
    links=[(_("验证页"), "volunteering.verify", "")],
)

"""The lists of duty. The odd pages are in the files beside."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters import forms, queries
from tongzhou.modules.rosters.models import Crew, Duty, Post, Proposal, Roster, Shift, Swap
from tongzhou.modules.rosters.workflow import LOG, PLAN, READ, STANDING, DutyState, ShiftState


def roster_context(roster: Roster, by: Person) -> dict[str, Any]:
    shifts = roster.shifts.exclude(state=ShiftState.CANCELLED)
    hidden: dict[str, Any] = {} if access.may(by, READ, roster) else {"history": []}
    plans = access.may(by, PLAN, roster)
    return hidden | {
        "posts": list(roster.posts.all()), "shift_count": shifts.count(),
        "short": sum(shifts.values_list("short", flat=True)), "duty_count": Duty.objects.filter(roster=roster, state__in=STANDING).count(),
        "crew_count": queries.crew_of(roster).count(), "may_plan": plans,
        "proposal": roster.proposals.exclude(state=Proposal.State.DROPPED).first() if plans else None,
    }  # fmt: skip


def shift_context(shift: Shift, by: Person) -> dict[str, Any]:
    rows = Duty.objects.filter(shift=shift).select_related("person", "response", "unit", "shift__post")
    duties = list(rows.exclude(state=DutyState.WITHDRAWN).order_by("person__pinyin"))
    open_ = shift.state == ShiftState.PLANNED and shift.roster.is_open and shift.ends_at > timezone.now()
    plans, logs = access.may(by, PLAN, shift), access.may(by, LOG, shift)
    return {
        "extra": queries.beyond(shift) if plans and open_ else [],
        "seats": queries.seats(shift, duties), "absent": [one for one in duties if one.state not in STANDING], "may_plan": plans,
        "candidates": queries.candidates(shift)[:40] if plans and open_ else [], "may_put": plans and open_,
        "put_form": forms.PutForm(by=by), "may_log": logs, "letters": list(shift.letters.all()),
        "may_hand_over": logs and shift.state == ShiftState.PLANNED and shift.starts_at <= timezone.now(),
        "counts": [(name, getattr(shift, name)) for name in ("checked", "passed", "turned_back", "released", "referred", "vehicles")],
    } | ({} if access.may(by, READ, shift) else {"history": []})  # fmt: skip


posts = Desk(
    model=Post, name="posts", title=_("岗位"), one=_("岗位"), intro=_("哪里要有人守，几班，每班几人、要会什么。"),
    columns=[
        Column("title", _("岗位"), kind="link"),
        Column("kind", _("类别"), value="get_kind_display", sort="kind"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("hours", _("班次")),
        Column("people", _("每班人数"), kind="number"),
        Column("skills", _("其中须有")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["kind"], search=["name", "name_en", "place", "skills"],
    fields=[
        Column("kind", _("类别"), value="get_kind_display"), Column("unit", _("单位")), Column("place", _("地点")),
        Column("pattern", _("班制"), value="get_pattern_display"), Column("hours", _("班次")), Column("people", _("每班人数")),
        Column("skills", _("其中须有")), Column("when", _("设岗日期"), kind="when"), Column("until", _("设岗到"), kind="date"),
    ],
    form=forms.PostForm, detail="rosters/post.html",
    imports=[
        sheets.Column("unit", _("单位"), required=True, help=_("名称或代码")),
        sheets.Column("name", _("岗位"), required=True),
        sheets.Column("kind", _("类别"), kind="choice", required=True, choices=tuple(Post.Kind.choices)),
        sheets.Column("place", _("地点")),
        sheets.Column("when", _("设岗日期"), kind="date", required=True),
        sheets.Column("pattern", _("班制"), kind="choice", required=True, choices=tuple(Post.Pattern.choices)),
        sheets.Column("begins", _("第一班开始"), required=True, help="08:00", example="08:00"),
        sheets.Column("people", _("每班人数"), kind="integer", required=True),
        sheets.Column("skills", _("其中须有"), help=_("例如“医护1、公安1”")),
        sheets.Column("custom", _("自定各班"), help=_("每行一班，例如“20:00-08:00 2人 医护1”")),
    ],
    context=lambda post, by: {"may_plan": access.may(by, PLAN, post)},
)  # fmt: skip

crew = Desk(
    model=Crew, name="crew", title=_("值守人员"), one=_("值守人员"), intro=_("谁可以排班，会什么；哪天不能值由本人填报。"), sort="person__pinyin",
    columns=[
        Column("title", _("姓名"), sort="person__pinyin", kind="link"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("skills", _("技能")),
        Column("wished_through", _("意愿已填到"), kind="date"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["person__name", "person__pinyin", "skills", "unit__name"],
    fields=[
        Column("person", _("姓名")), Column("unit", _("单位")), Column("skills", _("技能")), Column("when", _("列入日期"), kind="when"),
        Column("wished_through", _("意愿已填到"), kind="date"),
    ],
    form=forms.CrewForm, detail="rosters/crew.html", related=["person"],
    imports=[
        sheets.Column("unit", _("单位"), required=True, help=_("名称或代码")),
        sheets.Column("person", _("姓名"), required=True, help=_("已在人员名册里的人；重名的写“张伟（桥头街道）”")),
        sheets.Column("skills", _("技能"), help=_("用顿号分开")),
        sheets.Column("when", _("列入日期"), kind="date", required=True),
    ],
    context=lambda one, by: {"wishes": list(one.wishes.filter(day__gte=timezone.localdate())), "is_own": one.person_id == by.pk},
)  # fmt: skip

rosters = Desk(
    model=Roster, title=_("值守"), one=_("排班"), intro=_("定岗、排班、签到、补位，一张表管到底。"), sort="-first_on",
    columns=[
        Column("title", _("排班"), kind="link"),
        Column("first_on", _("从"), sort="first_on", kind="date"),
        Column("last_on", _("到"), kind="date"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "unit__name", "posts__name"],
    fields=[
        Column("first_on", _("从"), kind="date"), Column("last_on", _("到"), kind="date"), Column("unit", _("单位")),
        Column("wishes_by", _("意愿填报截止"), kind="date"), Column("edition", _("休息规则版本")),
    ],
    form=forms.RosterForm, detail="rosters/roster.html", prefetch=["posts"],
    links=[
        (_("岗位"), "rosters.post.list", READ), (_("人员"), "rosters.crew.list", READ), (_("班次"), "rosters.shift.list", READ),
        (_("值班"), "rosters.duty.list", READ), (_("换班"), "rosters.swap.list", READ),
    ],
    context=roster_context,
)  # fmt: skip

shifts = Desk(
    model=Shift, name="shifts", title=_("班次"), intro=_("一个岗位在一段时间里的一班；卡口只记数，不记过往人员。"), sort="starts_at",
    columns=[
        Column("post", _("班次"), sort="starts_at", kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("clock", _("时间")),
        Column("asks", _("应到")),
        Column("short", _("缺人"), sort="short", kind="number"),
        Column("checked", _("查验人次"), kind="number"),
        Column("vehicles", _("查验车辆"), kind="number"),
        Column("turned_back", _("劝返"), kind="number"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["post", "roster"], search=["post__name", "roster__name"],
    fields=[
        Column("roster", _("排班")), Column("post", _("岗位")), Column("place", _("地点"), value="post.place"),
        Column("starts_at", _("开始"), value=lambda one: moment(one.starts_at)), Column("ends_at", _("结束"), value=lambda one: moment(one.ends_at)),
        Column("asks", _("应到")), Column("short", _("缺人")), Column("handover", _("交班事项")),
    ],
    move_forms={"hand_over": forms.HandOver}, detail="rosters/shift.html", related=["post", "roster__unit"], context=shift_context,
)  # fmt: skip

duties = Desk(
    model=Duty, name="duties", title=_("值班"), one=_("值守补录"), intro=_("谁值哪一班，签到没有。排班之外的值守在这里补录。"), sort="happened_on",
    columns=[
        Column("person", _("值守人"), value=lambda one: one.person or "—"),
        Column("what", _("班次"), kind="link"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("hours", _("小时"), value=lambda one: round(one.minutes / 60, 1), kind="number"),
        Column("signed_in_at", _("签到时间"), value=lambda one: moment(one.signed_in_at)),
        Column("late", _("迟到（分钟）"), kind="number"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["roster"], search=["person__name", "person__pinyin", "shift__post__name", "place", "words"],
    fields=[
        Column("person", _("值守人")), Column("what", _("班次")), Column("place", _("地点"), value=lambda one: one.place or (one.post and one.post.place)),
        Column("when", _("日期"), kind="when"), Column("unit", _("单位")), Column("signed_in_at", _("签到时间"), value=lambda one: moment(one.signed_in_at)),
        Column("late", _("迟到（分钟）")), Column("signed_out_at", _("签退时间"), value=lambda one: moment(one.signed_out_at)),
    ],
    form=forms.DutyForm, detail="rosters/duty.html", related=["person", "shift__post", "roster"],
    context=lambda duty, by: {"may_swap": duty.person_id == by.pk and duty.is_to_come(timezone.now())},
)  # fmt: skip

swaps = Desk(
    model=Swap, name="swaps", title=_("换班"), intro=_("一方请求，对方同意，负责人批准；违反休息规则的换不成。"),
    columns=[
        Column("title", _("换班"), kind="link"),
        Column("asker", _("请求人")),
        Column("colleague", _("换给谁")),
        Column("duty", _("要换出的班"), value="duty.what"),
        Column("back", _("换回对方的班"), value=lambda one: one.back.what if one.back else ""),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["asker__name", "asker__pinyin", "colleague__name", "colleague__pinyin"],
    fields=[
        Column("asker", _("请求人")), Column("duty", _("要换出的班"), value="duty.what"), Column("colleague", _("换给谁")),
        Column("back", _("换回对方的班"), value=lambda one: one.back.what if one.back else ""), Column("reason", _("原因")), Column("unit", _("单位")),
    ],
    related=["asker", "colleague", "duty__shift__post", "duty__person", "duty__roster", "back__shift__post", "back__person", "back__roster"],
)  # fmt: skip

"""A plan from the draft to the approved edition, and from one edition to the next."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils import timezone

from tests.modules.plans import planning
from tests.world import World
from tongzhou.kernel import access, attachments, ledger, seal, steps
from tongzhou.kernel.models import Grant, Person
from tongzhou.modules.plans import actions, queries, rules
from tongzhou.modules.plans.models import Contributor, Opinion, Plan
from tongzhou.modules.plans.models.parts import PARTS
from tongzhou.modules.plans.workflow import READ, PlanState

TODAY = timezone.localdate


def history(plan: Plan) -> list[str]:
    return [ledger.sentence(entry) for entry in ledger.entries(plan)]


def posts(*rows: tuple[str, str], **fields: Any) -> list[dict[str, Any]]:
    return [
        {"name": name, "at": None, "person": None, "deputy": None, "phone": "", "called_by": by} | fields
        for name, by in rows
    ]


# -- writing


def test_a_draft_begins_with_the_usual_sections_and_levels(cast: World) -> None:
    plan = planning.draft(cast, usual=True, leads=[cast.people.wang], helpers=[cast.people.sun, cast.people.wang])
    titles = [one.title for one in plan.sections.filter(depth=1)]
    assert titles == ["总则", "组织指挥体系及职责", "监测、预警与报告", "应急响应", "后期处置", "保障措施", "附则"]
    assert [level.name for level in plan.levels.all()] == [
        "Ⅰ级（特别重大）",
        "Ⅱ级（重大）",
        "Ⅲ级（较大）",
        "Ⅳ级（一般）",
    ]
    assert [str(one) for one in plan.contributors.all()] == ["王保管 牵头", "孙支社 参与"]


def test_a_work_plan_begins_without_levels(cast: World) -> None:
    plan = planning.draft(cast, kind="work", usual=True)
    assert (next(one.title for one in plan.sections.all()), plan.levels.count()) == ("工作目标", 0)


def test_writing_a_part_tells_what_changed_and_the_same_again_tells_nothing(cast: World) -> None:
    plan = planning.written(cast)
    before = plan.version
    planning.write(cast, plan, "levels", planning.LEVELS)
    assert plan.version == before
    assert history(plan) == [
        "王保管起草",
        "王保管修改了“正文”：0条改为3条",
        "王保管修改了“响应级别”：0条改为2条",
        "王保管修改了“各级任务”：0条改为1条",
    ]


def test_a_part_written_on_an_old_copy_is_out_of_step(cast: World) -> None:
    plan = planning.draft(cast)
    seen = plan.version
    planning.write(cast, plan, "text", planning.TEXT)
    with pytest.raises(steps.OutOfStep):
        actions.set_part(plan, "text", "一、别的", by=cast.people.wang, version=seen)
    assert [one.title for one in plan.sections.all()] == ["总则", "编制目的", "应急响应"]


def test_what_is_no_longer_a_draft_is_not_written(cast: World) -> None:
    plan = planning.approved(cast)
    with pytest.raises(steps.OutOfStep):
        planning.write(cast, plan, "text", "一、别的")
    with pytest.raises(ValidationError, match="只有草稿"):
        actions.attach(plan, SimpleUploadedFile("表.pdf", b"%PDF-1"), by=cast.people.wang)


def test_only_who_drafts_there_writes(cast: World) -> None:
    plan = planning.draft(cast, cast.units.branch3)
    for who in (cast.people.sun, cast.people.qian):
        with pytest.raises(PermissionDenied):
            actions.set_part(plan, "text", "一、别的", by=who, version=plan.version)


def test_posts_keep_their_numbers_sealed_under_their_own_keys(cast: World) -> None:
    plan = planning.draft(cast)
    planning.write(cast, plan, "posts", posts(("总指挥", ""), phone="13800000001") + posts(("值班长", "总指挥")))
    first, second = plan.posts.all()
    assert (seal.mask(first, "phone"), str(first.phone), second.caller) == ("138****0001", "•••", first)
    rows = [
        {**row, "key": post.key}
        for row, post in zip(posts(("值班长", ""), ("总指挥", "值班长")), (second, first), strict=True)
    ]
    planning.write(cast, plan, "posts", rows)
    second, first = plan.posts.all()
    assert (seal.open(first, "phone"), first.caller, second.caller, second.phone) == ("13800000001", second, None, "")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (posts(("甲", "乙")), "“由谁通知”填的“乙”不是本预案的岗位。"),
        (posts(("甲", "乙"), ("乙", "甲")), "呼叫树绕成了圈：甲 → 乙 → 甲。"),
        (posts(("甲", ""), ("甲", "")), "第2行：岗位名称不能重复。"),
    ],
)
def test_a_call_tree_that_cannot_be_followed_is_refused(cast: World, rows: Any, fault: str) -> None:
    plan = planning.draft(cast)
    with pytest.raises(ValidationError) as refused:
        planning.write(cast, plan, "posts", rows)
    assert (plan.posts.count(), plan.version) == (0, 1)
    assert refused.value.messages == [fault]


def test_a_task_goes_only_to_units_below_and_at_levels_there_are(cast: World) -> None:
    plan = planning.written(cast, cast.units.branch1)
    with pytest.raises(ValidationError) as refused:
        planning.write(cast, plan, "tasks", [planning.ordered(cast.units.branch2)])
    assert refused.value.messages == ["第1行：第二支社不在第一支社之内，不能承办这份预案的任务。"]
    with pytest.raises(ValidationError, match="没有第1级"):
        planning.write(cast, plan, "tasks", [planning.ordered(cast.units.branch1, rank=1)])
    assert plan.planned.count() == 1


# -- consultation


def test_whoever_is_asked_sees_the_plan_and_says_something(cast: World) -> None:
    plan = planning.written(cast)
    chen, p = cast.people.chen, cast.people
    assert list(access.visible(Plan.objects.all(), chen, READ)) == []
    day = TODAY() + timedelta(days=3)
    actions.consult(plan, by=p.wang, units=[cast.units.branch1], people=[chen], day=day)
    for who in (chen, p.sun):
        assert list(access.visible(Plan.objects.all(), who, READ)) == [plan]
        assert [one.text for one in who.notices.all()] == [f"请对《疫情处置预案》提出意见，{day}前答复。"]
    actions.opine(plan, by=chen, stance="remarks", text="到岗时限改为1小时")
    actions.opine(plan, by=p.sun, stance="agree")
    said = [(one.addressee, one.stance, one.text, one.given_by) for one in plan.opinions.all()]
    assert said == [("第一支社", "agree", "", p.sun), ("陈社员", "remarks", "到岗时限改为1小时", chen)]
    actions.conclude(plan, by=p.wang)
    assert history(plan)[-4:] == [
        f"王保管发出征求意见，{day}前答复：第一支社、陈社员",
        "陈社员答复征求意见（陈社员）：同意，有修改意见",
        "孙支社答复征求意见（第一支社）：同意",
        "王保管结束征求意见：同意1、有意见1、不同意0、未答复0",
    ]


@pytest.mark.parametrize("who", ["zhao", "wu", "li"])
def test_nobody_speaks_who_was_not_asked(cast: World, who: str) -> None:
    plan = planning.consulting(cast, cast.units.branch1)
    with pytest.raises(PermissionDenied):
        actions.opine(plan, by=getattr(cast.people, who), stance="agree")
    assert list(Opinion.objects.values_list("stance", flat=True)) == [""]


def test_an_opinion_may_be_changed_until_the_round_is_closed(cast: World) -> None:
    plan = planning.consulting(cast, cast.units.branch1)
    with pytest.raises(ValidationError, match="写明具体意见"):
        actions.opine(plan, by=cast.people.sun, stance="object")
    actions.opine(plan, by=cast.people.sun, stance="object", text="人手不够")
    actions.opine(plan, by=cast.people.sun, stance="agree")
    assert list(plan.opinions.values_list("stance", "text")) == [("agree", "")]


def test_closing_early_or_over_an_objection_needs_a_reason(cast: World) -> None:
    plan = planning.consulting(cast, cast.units.branch1)
    with pytest.raises(ValidationError, match="还有1方未答复"):
        actions.conclude(plan, by=cast.people.wang)
    actions.opine(plan, by=cast.people.sun, stance="object", text="人手不够")
    with pytest.raises(ValidationError, match="有1方不同意"):
        actions.conclude(plan, by=cast.people.wang)
    actions.conclude(plan, by=cast.people.wang, note="已增派人手")
    assert plan.state == PlanState.CONSULTED


def test_a_second_round_asks_anew(cast: World) -> None:
    plan = planning.consulting(cast, cast.units.branch1)
    actions.opine(plan, by=cast.people.sun, stance="remarks", text="改")
    steps.advance(plan, "take_back", by=cast.people.wang, note="修改")
    actions.consult(plan, by=cast.people.wang, units=[cast.units.branch1], day=TODAY())
    assert list(plan.opinions.values_list("round", "stance")) == [(1, "remarks"), (2, "")]
    assert [one.round for one in plan.asked_of(cast.people.sun)] == [2]


def test_there_must_be_something_to_ask_about_and_somebody_to_ask(cast: World) -> None:
    plan = planning.draft(cast, usual=True)
    for given, fault in (({}, "至少选择"), ({"people": [cast.people.chen]}, "正文还没有写")):
        with pytest.raises(ValidationError, match=fault):
            actions.consult(plan, by=cast.people.wang, day=TODAY(), **given)
    assert (plan.state, Opinion.objects.count()) == (PlanState.DRAFT, 0)


# -- approval


def test_a_leader_approves_what_others_wrote(cast: World) -> None:
    plan = actions.approve(planning.consulted(cast), by=cast.people.qian, number="测办发〔2022〕3号")
    assert (plan.state, plan.approved_by, plan.happened_on, plan.number) == (
        "approved",
        cast.people.qian,
        TODAY(),
        "测办发〔2022〕3号",
    )
    assert plan.digest == queries.digest(plan)
    plan.sections.filter(title="应急响应").update(text="改了")
    assert plan.digest != queries.digest(plan)


def test_whoever_wrote_in_a_plan_does_not_approve_it(cast: World) -> None:
    plan = planning.consulted(cast)
    Grant.objects.create(person=cast.people.wang, unit=cast.units.org, role="leader")
    with pytest.raises(ValidationError, match="起草、修改过"):
        actions.approve(plan, by=Person.objects.get(pk=cast.people.wang.pk))
    with pytest.raises(IntegrityError):
        Plan.objects.filter(pk=plan.pk).update(approved_by=cast.people.wang)


@pytest.mark.parametrize(
    ("levels", "fault"),
    [([], "还没有写明响应级别"), ([planning.LEVELS[1] | {"trigger": ""}], "“Ⅲ级（较大）”还没有写明启动条件")],
)
def test_a_contingency_plan_without_triggers_is_not_approved(cast: World, levels: Any, fault: str) -> None:
    plan = planning.written(cast)
    planning.write(cast, plan, "tasks", [])
    planning.write(cast, plan, "levels", levels)
    actions.consult(plan, by=cast.people.wang, people=[cast.people.chen], day=TODAY())
    actions.conclude(plan, by=cast.people.wang)
    with pytest.raises(ValidationError, match=fault):
        actions.approve(plan, by=cast.people.qian)


# -- editions


def test_a_new_edition_is_a_draft_with_every_part(cast: World) -> None:
    plan = planning.written(cast, helpers=[cast.people.sun])
    planning.write(
        cast, plan, "posts", posts(("总指挥", ""), ("值班长", "总指挥"), phone="13800000001", person=cast.people.chen)
    )
    planning.write(
        cast, plan, "resources", [{"kind": "goods", "name": "防护服", "quantity": 20, "measure": "套", "place": "库房"}]
    )
    actions.attach(plan, SimpleUploadedFile("分布图.pdf", b"%PDF-1"), by=cast.people.wang)
    actions.consult(plan, by=cast.people.wang, people=[cast.people.chen], day=TODAY())
    actions.conclude(plan, by=cast.people.wang)
    actions.approve(plan, by=cast.people.qian)
    new, fresh = actions.renew(plan, by=cast.people.wang)
    assert (fresh, new.state, new.edition, new.replaces, str(new)) == (True, "draft", 2, plan, "疫情处置预案（第2版）")
    for part in PARTS:
        assert queries.part_values(new, part) == queries.part_values(plan, part) != []
    assert queries.content(queries.whole(new)) == queries.content(queries.whole(plan))
    assert {seal.open(post, "phone") for post in new.posts.all()} == {"13800000001"}
    assert [(one.person, one.part) for one in new.contributors.all()] == [(cast.people.sun, Contributor.Part.TOOK_PART)]
    assert [bytes(one.content) for one in attachments.of(new)] == [b"%PDF-1"]
    assert actions.renew(plan, by=cast.people.wang) == (new, False)
    assert [pair for pair in rules.compare(queries.content(plan), queries.content(new)) if pair.changed] == []
    assert list(ledger.broken()) == []


def through(cast: World, plan: Plan) -> Plan:
    actions.consult(plan, by=cast.people.wang, people=[cast.people.chen], day=TODAY())
    actions.conclude(plan, by=cast.people.wang)
    return actions.approve(plan, by=cast.people.qian)


def test_approving_an_edition_ends_the_one_before(cast: World) -> None:
    plan = planning.approved(cast)
    new, _new = actions.renew(plan, by=cast.people.wang)
    with pytest.raises(ValidationError, match="还没有批准的新版"):
        actions.supersede(plan, by=cast.people.wang)
    through(cast, new)
    plan.refresh_from_db()
    assert (plan.state, new.state) == (PlanState.SUPERSEDED, PlanState.APPROVED)
    assert history(plan)[-1] == "钱签发：本版由第2版取代"


def test_an_active_edition_is_superseded_when_it_is_stood_down(cast: World) -> None:
    """Approving a text does not call people off; and the old text is not set in motion again."""
    plan = planning.active(cast)
    through(cast, actions.renew(plan, by=cast.people.wang)[0])
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    actions.stand_down(plan, by=cast.people.wang, note="转入新版")
    assert plan.state == PlanState.SUPERSEDED


def test_an_edition_with_an_approved_successor_is_not_activated(cast: World) -> None:
    plan = planning.approved(cast)
    new, _fresh = actions.renew(plan, by=cast.people.wang)
    Plan.objects.filter(pk=new.pk).update(approved_by=cast.people.qian)
    with pytest.raises(ValidationError, match="请启动新版"):
        actions.activate(plan, by=cast.people.wang, rank=2, basis="令")


def test_after_a_discarded_draft_another_may_be_begun(cast: World) -> None:
    plan = planning.approved(cast)
    first, _new = actions.renew(plan, by=cast.people.wang)
    steps.advance(first, "discard", by=cast.people.wang, note="重写")
    second, new = actions.renew(plan, by=cast.people.wang)
    assert (new, second.pk != first.pk, second.edition) == (True, True, 2)


def test_a_draft_has_no_edition_after_it(cast: World) -> None:
    with pytest.raises(ValidationError, match="批准过的"):
        actions.renew(planning.draft(cast), by=cast.people.wang)

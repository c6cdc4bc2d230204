"""A plan in motion: levels, tasks, handing over, numbers to call, alarms, the board."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.modules.plans import planning
from tests.world import World, person
from tongzhou.kernel import access, alarms, asks, board, handoff, ledger, seal, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.calls.models import Call
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.actions import phones
from tongzhou.modules.plans.models import Activation, Plan, PlannedTask, Task
from tongzhou.modules.plans.workflow import READ, ActivationState, TaskState


def history(record: Any) -> list[str]:
    return [ledger.sentence(entry) for entry in ledger.entries(record)]


def awaited(who: Person) -> dict[str, list[str]]:
    found = asks.awaiting(Person.objects.get(pk=who.pk), timezone.localdate())
    return {one.ask.name: [item.record.title for item in one.items] for one in found if one.room.name == "plans"}


def told(who: Person) -> list[str]:
    return list(who.notices.order_by("at").values_list("text", flat=True))


# -- levels


def test_activating_orders_each_task_with_its_hour(cast: World) -> None:
    plan = planning.active(cast, cast.units.branch1)
    activation, task = plan.activations.get(), planning.the_task(plan)
    assert (plan.state, plan.rank, activation.level, activation.basis, activation.filed_by) == (
        "active",
        2,
        "Ⅱ级（重大）",
        "指挥部令",
        cast.people.wang,
    )
    assert (task.name, task.unit, task.state, task.due_at) == (
        "开设采样点",
        cast.units.branch1,
        "todo",
        activation.started_at + timedelta(hours=2),
    )
    assert history(plan)[-1] == "王保管启动Ⅱ级（重大）响应，依据：指挥部令；下达任务1项"
    due = f"{timezone.localtime(task.due_at):%Y-%m-%d %H:%M}"
    assert told(cast.people.sun)[-1] == f"任务：开设采样点，{due}前办结。"
    assert awaited(cast.people.sun) == {"tasks": ["开设采样点"]}
    assert list(ledger.broken()) == []


def test_the_same_activation_twice_orders_nothing_twice(cast: World) -> None:
    plan = planning.approved(cast)
    stale = Plan.objects.get(pk=plan.pk)
    actions.activate(plan, by=cast.people.wang, rank=2, basis="令")
    for again in (plan, stale):
        with pytest.raises(steps.OutOfStep):
            actions.activate(again, by=cast.people.wang, rank=2, basis="令")
    assert (Activation.objects.count(), Task.objects.count()) == (1, 1)


def test_a_level_is_raised_and_lowered_row_by_row(cast: World) -> None:
    plan = planning.active(
        cast, rank=3, tasks=[planning.ordered(cast.units.org), planning.ordered(cast.units.org, rank=3, name="排查")]
    )
    actions.shift(plan, by=cast.people.wang, rank=2, basis="新增12例", observed=12)
    actions.shift(plan, by=cast.people.wang, rank=3, basis="新增回落")
    rows = Activation.objects.order_by("started_at").values_list("rank", "state", "observed", "ended_by")
    wang = cast.people.wang.pk
    assert list(rows) == [(3, "ended", None, wang), (2, "ended", 12, wang), (3, "running", None, None)]
    assert (plan.rank, sorted(Task.objects.values_list("name", flat=True))) == (3, ["开设采样点", "排查", "排查"])
    assert history(plan)[-1] == "王保管把响应由Ⅱ级（重大）调整为Ⅲ级（较大），依据：新增回落；下达任务1项"
    assert [history(one)[-1] for one in Activation.objects.filter(state=ActivationState.ENDED).order_by("started_at")] == [
        "王保管结束Ⅲ级（较大）响应：级别上调", "王保管结束Ⅱ级（重大）响应：级别下调",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"rank": 2, "basis": "令"}, "现在就是"),
        ({"rank": 1, "basis": "令"}, "没有写明这一级"),
        ({"rank": 3, "basis": " "}, "请写明依据"),
    ],
)
def test_a_level_is_not_set_without_ground(cast: World, given: dict[str, Any], fault: str) -> None:
    plan = planning.active(cast)
    with pytest.raises(ValidationError, match=fault):
        actions.shift(plan, by=cast.people.wang, **given)
    assert list(Activation.objects.values_list("rank", "state")) == [(2, "running")]


def test_standing_down_closes_what_is_open_with_the_reason(cast: World) -> None:
    both = [planning.ordered(cast.units.org), planning.ordered(cast.units.org, name="排查")]
    plan = planning.active(cast, tasks=both)
    finished = actions.finish(plan.tasks.get(name="排查"), by=cast.people.wang, did="排查完毕")
    actions.stand_down(plan, by=cast.people.wang, note="14天无新增")
    left = Task.objects.get(name="开设采样点")
    assert (plan.state, plan.rank, left.state, left.done_at) == ("stood_down", None, "closed", None)
    assert [(e.move, e.note) for e in ledger.entries(left)][-1] == ("drop", "14天无新增")
    finished.refresh_from_db()
    assert (finished.state, Activation.objects.get().state) == (TaskState.DONE, ActivationState.ENDED)
    actions.activate(plan, by=cast.people.wang, rank=3, basis="再次输入")
    assert plan.state == "active"


def test_an_activation_is_not_ended_by_itself(cast: World) -> None:
    activation = planning.active(cast).activations.get()
    with pytest.raises(ValidationError, match="请在预案页面"):
        actions.end(activation, by=cast.people.wang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activation.objects.create(
            response=activation.response, unit=activation.unit, plan=activation.plan, rank=3, state="running", started_at=timezone.now(),
            filed_by=cast.people.wang,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["sun", "zhao", "li", "outsider"])
def test_only_who_commands_there_activates(cast: World, who: str) -> None:
    plan = planning.approved(cast, cast.units.branch1)
    with pytest.raises(PermissionDenied):
        actions.activate(plan, by=getattr(cast.people, who), rank=2, basis="令")
    assert Activation.objects.count() == 0


# -- tasks


def test_a_task_is_done_looked_over_and_closed(cast: World) -> None:
    task = planning.the_task(planning.active(cast, cast.units.branch1))
    with pytest.raises(ValidationError, match="做了什么"):
        actions.finish(task, by=cast.people.sun, did=" ")
    actions.finish(task, by=cast.people.sun, did="已开设2台")
    assert (task.state, task.in_time, awaited(cast.people.sun)) == ("done", True, {})
    assert awaited(cast.people.wang) == {"to_confirm": ["开设采样点"]}
    actions.send_back(task, by=cast.people.wang, note="还差1台")
    assert (task.state, task.did, task.in_time) == ("todo", "", None)
    actions.finish(task, by=cast.people.sun, did="已开设3台")
    steps.advance(task, "confirm", by=cast.people.wang)
    assert history(task)[-2:] == ["孙支社报告办结：已开设3台", "王保管核销"]


def test_a_task_given_to_a_person_is_theirs(cast: World) -> None:
    """Zhao holds no post: the task and the plan behind it are all that Zhao sees."""
    plan = planning.active(cast, cast.units.branch1)
    task, zhao = planning.the_task(plan), cast.people.zhao
    with pytest.raises(PermissionDenied):
        actions.finish(task, by=zhao, did="办了")
    actions.assign(task, by=cast.people.sun, person=zhao)
    assert (awaited(zhao), awaited(cast.people.sun)) == ({"tasks": ["开设采样点"]}, {})
    assert [list(access.visible(model.objects.all(), zhao, READ)) for model in (Plan, Task, Activation)] == [
        [plan],
        [task],
        [],
    ]
    assert told(zhao) == ["孙支社请您办理任务：开设采样点。"]
    assert actions.finish(task, by=zhao, did="办了").state == TaskState.DONE


def test_a_call_that_a_plan_orders_becomes_a_draft_call(cast: World) -> None:
    """The office may draft calls, so activating makes the draft; whoever may not leaves a plain task behind."""
    ordered = [planning.ordered(cast.units.branch1, kind="call", name="发出居家倡议", text="不聚集\n戴口罩")]
    task = planning.the_task(planning.active(cast, cast.units.branch1, tasks=ordered))
    (call,) = handoff.went_to(task)
    assert isinstance(call, Call)
    assert (call.name, call.state, call.unit, call.answer_by) == (
        "发出居家倡议",
        "draft",
        cast.units.branch1,
        timezone.localdate(task.due_at),
    )
    assert [(one.title, one.ask_lines()) for one in call.requirements.all()] == [("发出居家倡议", ["不聚集", "戴口罩"])]
    assert (task.state, history(task)[-1]) == ("handed", "王保管移交“倡议”：发出居家倡议")


def test_a_call_ordered_by_someone_who_may_not_draft_calls_stays_a_task(cast: World) -> None:
    ordered = [planning.ordered(cast.units.branch1, kind="call", name="发出居家倡议")]
    plan = planning.approved(cast, cast.units.branch1, tasks=ordered)
    actions.activate(plan, by=cast.people.qian, rank=2, basis="令")
    task = planning.the_task(plan)
    assert (task.state, Call.objects.count(), handoff.went_to(task)) == (TaskState.TODO, 0, [])
    actions.hand_over(task, by=cast.people.sun)
    assert (task.state, Call.objects.get().filed_by) == (TaskState.HANDED, cast.people.sun)


@pytest.mark.parametrize("kind", [kind for kind in PlannedTask.Kind.values if kind])
def test_each_kind_that_a_room_takes_becomes_a_record_of_that_room(cast: World, kind: str) -> None:
    """Whichever rooms are there: the keeper of the house may file in all of them. Where none takes it, it stays a task."""
    plan = planning.approved(
        cast, cast.units.branch1, tasks=[planning.ordered(cast.units.branch1, kind=kind, name="按预案办理")]
    )
    actions.activate(plan, by=cast.people.house, rank=2, basis="令")
    task, room = planning.the_task(plan), handoff.accepted(kind)
    assert task.state == (TaskState.HANDED if room else TaskState.TODO)
    assert [one._meta.app_label for one in handoff.went_to(task)] == ([room.name] if room else [])


def test_a_kind_no_room_takes_stays_a_task(cast: World) -> None:
    task = planning.the_task(planning.active(cast, tasks=[planning.ordered(cast.units.org, kind="")]))
    with pytest.raises(ValidationError, match="没有房间接收"):
        actions.hand_over(task, by=cast.people.wang)
    assert task.state == TaskState.TODO


# -- whom to call


@pytest.fixture
def calling(cast: World) -> Plan:
    plan = planning.written(cast, cast.units.branch1)
    post = {"at": None, "deputy": None}
    rows = [
        {**post, "name": "组长", "person": cast.people.sun, "phone": "13800000001", "called_by": ""},
        {**post, "name": "副组长", "person": cast.people.chen, "phone": "13800000002", "called_by": "组长"},
        {**post, "name": "组员", "person": cast.people.zhao, "phone": "13800000003", "called_by": "副组长"},
    ]
    planning.write(cast, plan, "posts", rows)
    actions.consult(plan, by=cast.people.wang, people=[cast.people.sun], day=timezone.localdate())
    actions.conclude(plan, by=cast.people.wang)
    return actions.approve(plan, by=cast.people.qian)


def test_a_post_learns_whom_to_call_while_the_plan_is_active(cast: World, calling: Plan) -> None:
    p = cast.people
    with pytest.raises(PermissionDenied):
        actions.reveal(calling, by=p.sun, purpose="通知")
    actions.activate(calling, by=p.wang, rank=2, basis="令")
    assert [(post.name, number) for post, number in actions.reveal(calling, by=p.sun, purpose="通知到岗")] == [
        ("副组长", "13800000002")
    ]
    assert [post.name for post in phones.within(calling, p.chen)] == ["组员"]
    for who in (p.zhao, p.wang, p.qian, p.outsider):
        with pytest.raises(PermissionDenied):
            actions.reveal(calling, by=who, purpose="通知")
    assert history(calling)[-1] == "孙支社查看了1条未脱敏的“电话”，用途：通知到岗"


def test_the_registrar_opens_all_numbers_for_a_purpose(cast: World, calling: Plan) -> None:
    with pytest.raises(ValidationError, match="用途"):
        actions.reveal(calling, by=cast.people.han, purpose=" ")
    found = actions.reveal(calling, by=cast.people.han, purpose="核对通讯录")
    assert [number for _post, number in found] == ["13800000001", "13800000002", "13800000003"]
    assert history(calling)[-1] == "韩信息查看了3条未脱敏的“电话”，用途：核对通讯录"
    assert seal.mask(found[0][0], "phone") == "138****0001"


# -- alarms, the board


def test_a_task_warns_its_owner_before_its_hour_and_more_people_after(cast: World) -> None:
    task = planning.the_task(planning.active(cast, cast.units.branch1))
    p, due = cast.people, f"{timezone.localtime(task.due_at):%H:%M}"
    before = len(told(p.sun))
    assert alarms.sound(task.due_at - timedelta(minutes=61)) == 0
    for _twice in range(2):
        alarms.sound(task.due_at - timedelta(minutes=60))
    assert told(p.sun)[before:] == [f"任务“开设采样点”将于{due}到期。"]
    alarms.sound(task.due_at + timedelta(minutes=1))
    late = f"任务“开设采样点”已逾期（时限{due}），请办理或说明。"
    assert [told(who)[-1] for who in (p.sun, p.wang, p.qian)] == [late] * 3
    actions.finish(task, by=p.sun, did="办了")
    assert alarms.sound(task.due_at + timedelta(days=1)) == 0


def test_whoever_has_not_spoken_is_reminded_the_day_before(cast: World) -> None:
    person("gao", "高三社", cast.units.branch3, ("secretary", cast.units.branch3))
    plan = planning.written(cast)
    day = timezone.localdate() + timedelta(days=3)
    actions.consult(plan, by=cast.people.wang, units=[cast.units.branch1, cast.units.branch3], day=day)
    actions.opine(plan, by=cast.people.sun, stance="agree")
    now = timezone.now()
    assert [alarms.sound(now + timedelta(days=n)) for n in (1, 2, 2, 4)] == [0, 2, 0, 0]
    assert told(cast.people.wu)[-1] == f"请于{day}前对《疫情处置预案》提出意见。"


def test_the_board_shows_what_is_in_force_and_what_runs_late(cast: World) -> None:
    plan = planning.active(cast, cast.units.branch1)
    task, now = planning.the_task(plan), timezone.now()
    started = f"{timezone.localtime(plan.activations.get().started_at):%m-%d %H:%M}"
    tiles = {tile.name: tile for tile in _tiles(cast, cast.people.wang, now)}
    assert (tiles["active"].value, tiles["active"].tone) == (1, "wait")
    assert [(line.text, line.value) for line in tiles["active"].lines] == [
        (f"疫情处置预案（{started}起）", "Ⅱ级（重大）")
    ]
    assert (tiles["overdue"].value, tiles["overdue"].tone, tiles["overdue"].lines) == (0, "good", [])
    late = {tile.name: tile for tile in _tiles(cast, cast.people.sun, task.due_at + timedelta(minutes=1))}["overdue"]
    assert (late.value, late.tone, [str(line.text) for line in late.lines]) == (1, "bad", ["开设采样点"])
    assert _tiles(cast, cast.people.outsider, now) != tiles
    assert [tile.value for tile in _tiles(cast, cast.people.wu, now)] == [0]


def _tiles(cast: World, who: Person, now: Any) -> list[board.Tile]:
    return [tile for room, found in board.tiles(cast.response, who, now) for tile in found if room.name == "plans"]

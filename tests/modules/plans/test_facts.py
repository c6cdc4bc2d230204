"""What is counted of plans, how it is told, and what a report's plans do not claim."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from tests.modules.plans import planning
from tests.world import World
from tongzhou.kernel import asks, facts, ledger, loading, module
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.models import Plan

BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


def counted(scope: Scope, by: Person) -> list[str]:
    found = facts.gather(scope, by, [module.room("plans")])
    return [one.sentence() for some in found.values() for one in facts.nonzero(some)]


def told(scope: Scope, by: Person) -> list[str]:
    room = module.room("plans")
    assert room.tell is not None
    return [one.words() for one in facts.together(room.tell(scope, by, facts.gather(scope, by, [room])))]


@pytest.fixture
def filled(cast: World) -> World:
    """An active contingency plan with a task done and one open, its second edition approved, a work plan, and a draft."""
    both = [planning.ordered(cast.units.org), planning.ordered(cast.units.org, name="排查")]
    plan = planning.active(cast, tasks=both, leads=[cast.people.wang], helpers=[cast.people.sun, cast.people.chen])
    actions.finish(plan.tasks.get(name="排查"), by=cast.people.wang, did="排查完毕")
    new, _fresh = actions.renew(plan, by=cast.people.wang)
    for one in (new, planning.written(cast, tasks=[], kind="work", name="值守方案", name_en="Duty plan")):
        actions.consult(one, by=cast.people.wang, people=[cast.people.chen], day=timezone.localdate())
        actions.conclude(one, by=cast.people.wang)
        actions.approve(one, by=cast.people.qian)
    planning.draft(cast, name="草稿")
    return cast


def test_facts_count_what_was_approved_and_done(filled: World) -> None:
    scope = Scope(filled.response)
    assert counted(scope, filled.people.wang) == [
        "制定应急预案1份", "制定工作方案1份", "修订方案预案1次", "启动响应1次", "办结任务1项", "其中按时办结1项",
    ]  # fmt: skip
    assert counted(scope, filled.people.wu) == []


def test_a_task_done_late_is_done_but_not_in_time(filled: World) -> None:
    task = Plan.objects.get(state="active").tasks.get(name="排查")
    type(task).objects.filter(pk=task.pk).update(due_at=task.done_at - timedelta(seconds=1))
    assert counted(Scope(filled.response), filled.people.wang)[-1] == "办结任务1项"


def test_the_chronicle_tells_who_led_and_who_took_part(filled: World) -> None:
    assert sorted(told(Scope(filled.response), filled.people.wang)[:3]) == [
        "测试市委员会制定《值守方案》。",
        "王保管牵头、孙支社、陈社员参与修订《疫情处置预案》。",
        "王保管牵头、孙支社、陈社员参与制定《疫情处置预案》。",
    ]
    assert told(Scope(filled.response), filled.people.wang)[3:] == [
        "制定应急预案1份，制定工作方案1份，修订方案预案1次。",
        "启动响应1次，办结任务1项，其中按时办结1项。",
    ]


def test_the_chronicle_is_told_in_english(filled: World) -> None:
    with translation.override("en"):
        found = told(Scope(filled.response), filled.people.wang)
        assert "测试市委员会 drew up “Duty plan”." in found
        assert found[3:] == [
            "1 contingency plan drawn up, 1 work plan drawn up, 1 revision of plans.",
            "1 activation, 1 task done, 1 task done in time.",
        ]


# -- plans known from a report


@pytest.fixture
def benxi(db: None) -> Response:
    by = loading.house()
    for _twice in range(2):
        list(loading.load(BENXI, by))
    return Response.objects.get(slug="benxi-2022")


def test_the_plans_of_the_report_are_told_by_name_and_not_counted(benxi: Response) -> None:
    by, scope = loading.house(), Scope(benxi)
    assert (Plan.objects.count(), counted(scope, by)) == (2, [])
    assert sorted(told(scope, by)) == ["匡红牵头制定各类疫情防控工作方案、预案。", "周晓婕参与制定应急方案。"]
    with translation.override("en"):
        assert sorted(told(scope, by)) == [
            "Kuang Hong led the drawing up of work and contingency plans of all kinds for epidemic prevention and control.",
            "Zhou Xiaojie took part in drawing up emergency plans.",
        ]
    assert list(ledger.broken()) == []


def test_a_reported_plan_claims_no_approval_and_awaits_nobody(benxi: Response) -> None:
    assert set(Plan.objects.values_list("approved_by", "digest", "number", "unnumbered")) == {(None, "", "", True)}
    for name in ("office", "leader", "secretary", "commander"):
        found = asks.awaiting(Person.objects.get(username=name), timezone.localdate())
        assert [one.ask.name for one in found if one.room.name == "plans"] == []

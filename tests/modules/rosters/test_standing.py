"""At the post: the door, swaps, the checkpoint, alarms."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.modules.rosters import staffing
from tests.modules.rosters.staffing import day, fresh, laid, people, post, shifts, staffed
from tests.modules.rosters.test_rosters import awaiting, told
from tests.world import World
from tongzhou.kernel import alarms, codes, ledger, module, rulebook
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters import actions, rules
from tongzhou.modules.rosters.actions.duties import DOOR
from tongzhou.modules.rosters.models import Duty, Shift, Swap
from tongzhou.modules.rosters.workflow import DutyState, SwapState


def today(cast: World, *who: Person, **fields: object) -> list[Duty]:
    """A post that stands all of today and tomorrow."""
    return staffed(cast, laid(cast, post(cast, **fields), first=0, days=2), *who)


# -- the door


def test_the_code_at_the_door_signs_in_once_and_tells_how_late(cast: World) -> None:
    (a,) = people(cast, "甲")
    (duty,) = today(cast, a)
    gate = duty.shift.post
    now = timezone.now()
    signed = actions.duties.sign_in(gate, a, code=codes.at_door(gate, DOOR, now), now=now)
    assert (signed.state, signed.signed_in_at) == (DutyState.ON, now)
    assert signed.late == rules.late(duty.shift.starts_at, now)
    again = actions.duties.sign_in(gate, a, code=codes.at_door(gate, DOOR, now), now=now)
    assert (again.pk, again.version) == (signed.pk, signed.version)
    out = module.perform(again, "sign_out", by=a)
    assert out.state == DutyState.OFF


def test_an_old_code_another_posts_code_and_no_duty_are_refused(cast: World) -> None:
    a, b = people(cast, "甲", "乙")
    (duty,) = today(cast, a)
    gate, other, now = duty.shift.post, post(cast, name="北门"), timezone.now()
    old = codes.at_door(gate, DOOR, now - timedelta(minutes=5))
    for code in (old, codes.at_door(other, DOOR, now), ""):
        with pytest.raises(ValidationError, match="二维码已过期"):
            actions.duties.sign_in(gate, a, code=code, now=now)
    with pytest.raises(ValidationError, match="没有待签到的值班"):
        actions.duties.sign_in(gate, b, code=codes.at_door(gate, DOOR, now), now=now)
    assert fresh(duty)[0].state == DutyState.PLANNED


def test_signing_by_hand_is_the_heads_and_says_why(cast: World) -> None:
    (duty,) = today(cast, *people(cast, "甲"))
    with pytest.raises(ValidationError):
        module.perform(duty, "sign_in_by_hand", by=cast.people.wang)
    with pytest.raises(PermissionDenied):
        module.perform(duty, "sign_in_by_hand", by=duty.person, note="手机没电")
    signed = module.perform(duty, "sign_in_by_hand", by=cast.people.wang, note="手机没电")
    assert ledger.sentence(ledger.entries(signed).last()) == "王保管代甲签到"


# -- swaps


def asked(cast: World, duty: Duty, colleague: Person, back: Duty | None = None) -> Swap:
    made = Swap(pk=uuid4(), duty=duty, colleague=colleague, back=back, reason="家事")
    return module.file(made, by=duty.person)[0]


def test_a_swap_needs_consent_and_the_heads_approval(cast: World) -> None:
    a, b = people(cast, "甲", "乙")
    duty, theirs = staffed(cast, laid(cast, post(cast), days=3), a, b)
    swap = asked(cast, duty, b, theirs)
    assert (awaiting(b)["swaps_for_me"], told(b)[-1]) == (1, f"甲请您换班：{duty.what}。")
    with pytest.raises(ValidationError, match="只有乙本人"):
        module.perform(swap, "consent", by=a)
    module.perform(swap, "consent", by=b)
    assert (swap.state, awaiting(cast.people.wang)["to_approve"]) == (SwapState.CONSENTED, 1)
    assert fresh(duty)[0].person == a
    module.perform(swap, "approve", by=cast.people.wang)
    assert ([one.person for one in fresh(duty, theirs)], swap.state) == ([b, a], SwapState.DONE)
    assert ledger.sentence(ledger.entries(duty).last()) == "王保管换班：甲换为乙"
    assert told(a)[-1].startswith("换班已生效")
    with pytest.raises(ValidationError):
        asked(cast, fresh(duty)[0], b)  # no longer A's to give


def test_a_swap_that_breaks_a_rule_is_refused_and_names_it(cast: World) -> None:
    """B stands the day after: 24 hours of rest would be lacking."""
    a, b = people(cast, "甲", "乙")
    duty, _theirs = staffed(cast, laid(cast, post(cast), days=3), a, b)
    with pytest.raises(ValidationError, match="乙：长班之后休息不够：0，至少 24 小时"):
        asked(cast, duty, b)
    assert Swap.objects.count() == 0


def test_a_swap_is_looked_at_again_when_it_is_approved(cast: World) -> None:
    a, b = people(cast, "甲", "乙")
    made = laid(cast, post(cast), days=2)
    (duty,) = staffed(cast, made, a)
    swap = asked(cast, duty, b)
    module.perform(swap, "consent", by=b)
    actions.duties.put(shifts(made)[1], b, by=cast.people.wang)
    with pytest.raises(ValidationError, match="休息不够"):
        module.perform(swap, "approve", by=cast.people.wang)
    assert (fresh(duty)[0].person, Swap.objects.get().state) == (a, SwapState.CONSENTED)
    module.perform(Swap.objects.get(), "reject", by=cast.people.wang, note="休息不够")
    assert told(a)[-1].startswith("换班没有换成")


def test_nobody_approves_a_swap_of_their_own(cast: World) -> None:
    wang = cast.people.wang
    staffing.crew(cast, wang)
    (b,) = people(cast, "乙")
    (duty,) = staffed(cast, laid(cast, post(cast), days=1), wang)
    swap = asked(cast, duty, b)
    module.perform(swap, "consent", by=b)
    with pytest.raises(ValidationError, match="不能批准自己的换班"):
        module.perform(swap, "approve", by=wang)


def test_a_colleague_without_the_skill_cannot_take_a_medics_place(cast: World) -> None:
    (medic,) = people(cast, "甲", skills="医护")
    (plain,) = people(cast, "乙")
    (duty,) = staffed(cast, laid(cast, post(cast, skills="医护1"), days=1), medic)
    with pytest.raises(ValidationError, match="乙：没有所需技能"):
        asked(cast, duty, plain)


# -- the checkpoint


def test_taps_count_once_each_and_can_be_taken_back(cast: World) -> None:
    (a,) = people(cast, "甲")
    (duty,) = today(cast, a)
    shift, key = shifts(duty.roster)[0], uuid4()
    with pytest.raises(PermissionDenied):
        actions.checkpoints.tap(shift, by=a, kind="passed", key=uuid4())  # has not signed in
    now = timezone.now()
    actions.duties.sign_in(shift.post, a, code=codes.at_door(shift.post, DOOR, now), now=now)
    assert [actions.checkpoints.tap(shift, by=a, kind="passed", key=key) for _n in range(2)] == [True, False]
    actions.checkpoints.tap(shift, by=a, kind="passed", key=uuid4())
    actions.checkpoints.tap(shift, by=a, kind="vehicles", key=uuid4())
    actions.checkpoints.tap(shift, by=a, kind="passed", key=uuid4(), number=-1)
    actions.checkpoints.sign_letter(shift, by=a, body="甲社区", people=3, key=uuid4())
    counted = Shift.objects.get(pk=shift.pk)
    assert (counted.passed, counted.released, counted.vehicles, counted.checked) == (1, 3, 1, 4)
    with pytest.raises(ValidationError):
        actions.checkpoints.tap(shift, by=a, kind="turned_back", key=uuid4(), number=-1)
    with pytest.raises(ValidationError):
        actions.checkpoints.tap(shift, by=a, kind="names", key=uuid4())


def test_after_handing_over_the_counts_are_final(cast: World) -> None:
    (a,) = people(cast, "甲")
    (duty,) = today(cast, a)
    shift, by = shifts(duty.roster)[0], cast.people.house
    actions.checkpoints.tap(shift, by=by, kind="turned_back", key=uuid4())
    module.perform(shift, "hand_over", by=by, handover="对讲机一部")
    assert (
        ledger.sentence(ledger.entries(shift).last()) == "系统交班：对讲机一部（查验 1 人次、车辆 0 辆，劝返 1 人次）"
    )
    with pytest.raises(ValidationError, match="已经交班"):
        actions.checkpoints.tap(shift, by=by, kind="passed", key=uuid4())


# -- alarms


def test_gaps_are_told_before_they_happen_and_once(cast: World) -> None:
    made = laid(cast, post(cast), first=1, days=3)
    staffed(cast, made, *people(cast, "甲"))
    first, second, _third = shifts(made)
    before = first.starts_at - timedelta(hours=1)
    assert told(cast.people.wang) == []
    assert (alarms.sound(before), alarms.sound(before)) == (0, 0)  # tomorrow is staffed
    soon = second.starts_at - timedelta(hours=24)
    alarms.sound(soon)
    alarms.sound(soon + timedelta(minutes=1))
    assert told(cast.people.wang) == [f"缺 1 人：{second}。"]


def test_who_has_not_signed_in_is_asked_and_the_head_is_told(cast: World) -> None:
    zhao = cast.people.zhao
    staffing.crew(cast, zhao)
    made = laid(cast, post(cast), first=1, days=1)
    (duty,) = staffed(cast, made, zhao)
    starts: datetime = duty.shift.starts_at
    grace = rulebook.in_force("rosters", "alarms", day(1))["grace_minutes"]
    alarms.sound(starts + timedelta(minutes=grace - 1))
    assert told(cast.people.wang) == []
    for _twice in range(2):
        alarms.sound(starts + timedelta(minutes=grace))
    assert told(cast.people.wang) == [f"赵社员还没有签到：{duty.what}。"]
    assert told(zhao)[-1] == f"您的班已经开始，请签到：{duty.what}。"

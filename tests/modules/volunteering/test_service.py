"""From the sign-up to the certificate: limited places, the code at the place, hours that another person confirms, corrections."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from tests import world
from tests.modules.volunteering import helping
from tests.modules.volunteering.helping import join, post, served, sign
from tests.world import World
from tongzhou.kernel import codes, ledger, module
from tongzhou.kernel.models import Notice
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.volunteering import actions, queries
from tongzhou.modules.volunteering.actions.doors import DOOR
from tongzhou.modules.volunteering.models import Activity, Certificate, Post, Signup


def test_volunteer_from_sign_up_to_certificate(cast: World) -> None:
    activity, zhao = helping.past(cast), cast.people.zhao
    row = join(activity, zhao)
    assert (row.state, row.queue, post(activity).taken) == ("signed", None, 1)
    assert activity.starts_at is not None
    sign(row, activity.starts_at - timedelta(minutes=20))
    assert row.state == "on"
    sign(row, activity.starts_at + timedelta(hours=3, seconds=59))
    assert (row.state, row.minutes) == ("left", 200)
    module.perform(row, "confirm", by=cast.people.wang, minutes=180, note="扣除午餐", rating="good")
    made = actions.certificates.issue(cast.response, zhao, row.unit, by=zhao)
    assert (made.state, made.name, made.times, made.minutes, len(made.code)) == ("valid", "赵社员", 1, 180, 16)
    assert [entry.move for entry in ledger.entries(row)] == ["", "take", "check_in", "check_out", "confirm"]


# -- signing up


def test_only_oneself_signs_up(cast: World) -> None:
    activity = helping.opened(cast)
    for by in (cast.people.wang, cast.people.chen):
        with pytest.raises(PermissionDenied, match="请由本人报名"):
            join(activity, cast.people.zhao, by=by)
    with pytest.raises(PermissionDenied):
        join(activity, cast.people.zhao, by=cast.people.chen, on_word="他说好")
    row = join(activity, cast.people.zhao, by=cast.people.wang, on_word="3 月 5 日电话报名")
    assert (row.state, row.on_word, row.filed_by) == ("signed", "3 月 5 日电话报名", cast.people.wang)


def test_the_database_too_refuses_whom_nobody_offered(cast: World) -> None:
    row = join(helping.opened(cast), cast.people.zhao)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signup.objects.filter(pk=row.pk).update(filed_by=cast.people.wang)


def test_signing_up_again_is_the_sign_up_that_is_there(cast: World) -> None:
    activity = helping.opened(cast)
    first, again = join(activity, cast.people.zhao), join(activity, cast.people.zhao)
    assert (first.pk, post(activity).taken, Signup.objects.count()) == (again.pk, 1, 1)
    module.perform(first, "withdraw", by=cast.people.zhao)
    back = join(activity, cast.people.zhao)
    assert (back.pk != first.pk, back.state, post(activity).taken) == (True, "signed", 1)


def test_who_comes_too_late_waits_and_gets_the_place_that_is_given_back(cast: World) -> None:
    activity = helping.opened(cast, people=1)
    first, second, third = (join(activity, who) for who in (cast.people.zhao, cast.people.chen, cast.people.sun))
    assert [(row.state, row.queue) for row in (first, second, third)] == [
        ("signed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    module.perform(first, "withdraw", by=cast.people.zhao)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state, post(activity).taken) == ("signed", "waiting", 1)
    told = Notice.objects.get(person=cast.people.chen)
    assert told.text.startswith("有名额了：您已由候补转为正式，“采样点引导”")
    assert not Notice.objects.filter(person=cast.people.sun).exists()


def test_who_waits_leaves_without_moving_the_others(cast: World) -> None:
    activity = helping.opened(cast, people=1)
    first, second = (join(activity, who) for who in (cast.people.zhao, cast.people.chen))
    module.perform(second, "withdraw", by=cast.people.chen)
    assert (Signup.objects.get(pk=first.pk).state, post(activity).taken) == ("signed", 1)


def test_nobody_takes_another_off_the_list(cast: World) -> None:
    row = join(helping.opened(cast), cast.people.zhao)
    with pytest.raises(PermissionDenied, match="只能由本人退出"):
        module.perform(row, "withdraw", by=cast.people.wang)


def test_two_at_one_time_are_refused(cast: World) -> None:
    first, second = helping.opened(cast), helping.opened(cast, name="分拣", starts_at=helping.at(1, 11))
    join(first, cast.people.zhao)
    with pytest.raises(ValidationError, match="同一时间已报名“采样点引导”"):
        join(second, cast.people.zhao)


def test_only_an_open_activity_takes_people(cast: World) -> None:
    activity = helping.opened(cast)
    module.perform(activity, "cancel", by=cast.people.wang, note="静态管理")
    with pytest.raises(ValidationError, match="不接受报名"):
        join(activity, cast.people.zhao)


def test_the_last_place_goes_to_one_of_two_who_take_it_at_once(committed: None) -> None:
    """The other is the first on the waiting list."""
    cast = world.build()
    activity = helping.opened(cast, people=1)
    barrier = Barrier(2)

    def run(who: object) -> None:
        barrier.wait(20)
        try:
            join(Activity.objects.get(pk=activity.pk), who)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[who]) for who in (cast.people.zhao, cast.people.chen)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert connection.vendor
    found = sorted(Signup.objects.values_list("state", "queue"))
    assert (found, post(activity).taken, post(activity).waited) == ([("signed", None), ("waiting", 1)], 1, 1)


def test_the_database_too_holds_the_number_of_places(cast: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(activity=helping.opened(cast, people=1)).update(taken=2)


# -- at the place


def test_check_in_needs_the_code_on_show_and_the_person_and_the_hour(cast: World) -> None:
    activity, zhao = helping.past(cast), cast.people.zhao
    row, start = join(activity, zhao), activity.starts_at
    assert start is not None
    code = codes.at_door(activity, DOOR, start)
    with pytest.raises(ValidationError, match="已经过期"):
        actions.doors.sign(row, by=zhao, code=code, now=start + timedelta(minutes=5))
    with pytest.raises(PermissionDenied, match="本人的账号"):
        actions.doors.sign(row, by=cast.people.chen, code=code, now=start)
    with pytest.raises(ValidationError, match="提前 30 分钟开始签到"):
        sign(row, start - timedelta(minutes=31))
    assert sign(row, start - timedelta(minutes=30)).state == "on"


def test_check_in_waits_for_the_training(cast: World) -> None:
    activity = helping.past(cast, training="防护服穿脱")
    row = join(activity, cast.people.zhao)
    assert activity.starts_at is not None
    with pytest.raises(ValidationError, match="防护服穿脱"):
        sign(row, activity.starts_at)
    with pytest.raises(ValidationError, match="本人以外的人"):
        module.perform(join(activity, cast.people.wang), "train", by=cast.people.wang)
    module.perform(row, "train", by=cast.people.wang)
    assert sign(row, activity.starts_at).state == "on"


def test_whoever_has_no_telephone_is_put_down_by_another(cast: World) -> None:
    activity = helping.past(cast)
    row, start = join(activity, cast.people.wang), activity.starts_at
    assert start is not None
    with pytest.raises(ValidationError, match="不能由自己代为登记"):
        module.perform(row, "check_in_by_hand", by=cast.people.wang, note="没带手机", at=start)
    module.perform(row, "check_in_by_hand", by=cast.people.house, note="没带手机", at=start)
    with pytest.raises(ValidationError, match="不能早于签到"):
        module.perform(row, "check_out_by_hand", by=cast.people.house, note="没带手机", at=start - timedelta(minutes=1))
    module.perform(row, "check_out_by_hand", by=cast.people.house, note="没带手机", at=start + timedelta(hours=2))
    assert (row.state, row.minutes, row.by_hand) == ("left", 120, True)


# -- hours


def test_hours_are_confirmed_by_another(cast: World) -> None:
    row = served(helping.past(cast), cast.people.wang)
    with pytest.raises(ValidationError, match="本人以外的人确认"):
        module.perform(row, "confirm", by=cast.people.wang)
    module.perform(row, "confirm", by=cast.people.sun)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signup.objects.filter(pk=row.pk).update(confirmed_by=cast.people.wang)


def test_hours_other_than_the_clock_say_why(cast: World) -> None:
    row = served(helping.past(cast), cast.people.zhao, 200)
    with pytest.raises(ValidationError, match="与签到签退的 3 小时 20 分钟 不同"):
        module.perform(row, "confirm", by=cast.people.wang, minutes=180)
    for wrong in (0, 1441):
        with pytest.raises(ValidationError, match="1 到 1440"):
            module.perform(row, "confirm", by=cast.people.wang, minutes=wrong, note="x")


def test_the_leader_confirms_all_at_once_but_not_their_own(cast: World) -> None:
    chen = cast.people.chen
    activity = helping.past(cast, organiser=chen, people=3)
    rows = [served(activity, who) for who in (cast.people.zhao, chen)]
    n = actions.hours.confirm_many(activity, {row.pk: 180 for row in rows}, by=chen)
    assert (n, [Signup.objects.get(pk=row.pk).state for row in rows]) == (1, ["confirmed", "left"])


def test_correction_asked_for_and_settled_voids_the_certificate(cast: World) -> None:
    zhao = cast.people.zhao
    row = helping.confirmed(cast, helping.past(cast), zhao, 150)
    old = actions.certificates.issue(cast.response, zhao, row.unit, by=zhao)
    with pytest.raises(PermissionDenied, match="只能由本人申请更正"):
        module.perform(row, "dispute", by=cast.people.wang, asked_minutes=180, note="少算")
    module.perform(row, "dispute", by=zhao, asked_minutes=180, note="收拾场地没有算")
    assert queries.COUNTED == ("confirmed", "disputed")
    module.perform(row, "settle", by=cast.people.sun, note="属实")
    old.refresh_from_db()
    assert (row.state, row.minutes, row.asked_minutes, old.state) == ("confirmed", 180, None, "withdrawn")
    new = actions.certificates.issue(cast.response, zhao, row.unit, by=zhao)
    assert (new.pk != old.pk, new.minutes, new.code != old.code) == (True, 180, True)
    assert Notice.objects.filter(person=zhao, text__contains="结果：3 小时").count() == 1


def test_correction_refused_leaves_hours_and_certificate(cast: World) -> None:
    zhao = cast.people.zhao
    row = helping.confirmed(cast, helping.past(cast), zhao, 150)
    made = actions.certificates.issue(cast.response, zhao, row.unit, by=zhao)
    module.perform(row, "dispute", by=zhao, asked_minutes=300, note="记错了")
    with pytest.raises(ValidationError, match="请用“办理更正”"):
        module.perform(row, "uphold", by=cast.people.sun, note="不属实")
    module.perform(row, "settle", by=cast.people.sun, minutes=150, note="以签退为准")
    assert (row.minutes, Certificate.objects.get(pk=made.pk).state) == (150, "valid")


def test_who_is_put_down_as_absent_may_object(cast: World) -> None:
    activity, zhao = helping.past(cast), cast.people.zhao
    row = join(activity, zhao)
    actions.activities.end(activity, by=cast.people.wang)
    row.refresh_from_db()
    assert (row.state, activity.state) == ("absent", "done")
    module.perform(row, "dispute", by=zhao, asked_minutes=60, note="没扫上码")
    module.perform(row, "uphold", by=cast.people.wang, note="现场无人见到")
    assert (row.state, row.minutes, row.confirmed_at) == ("absent", None, None)


# -- the activity


def test_recruiting_tells_risks_and_insures_first(cast: World) -> None:
    with pytest.raises(ValidationError, match="风险告知"):
        helping.opened(cast, risks=" ")
    with pytest.raises(ValidationError, match="先购买保险"):
        helping.opened(cast, hazardous=True)
    with pytest.raises(ValidationError, match="时间已过"):
        module.perform(helping.draft(cast, starts_at=helping.at(-1)), "open", by=cast.people.wang)
    activity = helping.opened(cast, hazardous=True, insurance="某公司意外险 8812")
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(insurance="")


def test_end_waits_for_the_last_who_is_there(cast: World) -> None:
    activity = helping.past(cast, people=1)
    row, waiting = join(activity, cast.people.zhao), join(activity, cast.people.chen)
    assert activity.starts_at is not None
    sign(row, activity.starts_at)
    with pytest.raises(ValidationError, match="还有人没有签退：赵社员"):
        actions.activities.end(activity, by=cast.people.wang, served=20)
    sign(row, activity.starts_at + timedelta(hours=1))
    actions.activities.end(activity, by=cast.people.wang, served=20)
    waiting.refresh_from_db()
    assert (activity.state, activity.served, waiting.state) == ("done", 20, "lapsed")


def test_cancel_tells_everyone_who_signed_up(cast: World) -> None:
    activity = helping.opened(cast, people=1)
    rows = [join(activity, who) for who in (cast.people.zhao, cast.people.chen)]
    module.perform(activity, "cancel", by=cast.people.wang, note="静态管理")
    assert [Signup.objects.get(pk=row.pk).state for row in rows] == ["lapsed", "lapsed"]
    assert Notice.objects.filter(text__endswith="取消，不必前往。").count() == 2
    with pytest.raises(ValidationError, match="请用“结束活动”"):
        module.perform(served(helping.past(cast), cast.people.sun).activity, "cancel", by=cast.people.wang, note="x")


def test_reschedule_moves_the_sign_ups_and_tells_them(cast: World) -> None:
    activity = helping.opened(cast)
    row = join(activity, cast.people.zhao)
    new = helping.at(3)
    module.perform(
        activity, "reschedule", by=cast.people.wang, note="下雨", starts_at=new, ends_at=new + timedelta(hours=2)
    )
    row.refresh_from_db()
    assert (activity.happened_on, row.happened_on) == (timezone.localdate(new), timezone.localdate(new))
    assert Notice.objects.get(person=cast.people.zhao).text.startswith("“采样点引导”改到 ")


def test_invitation_asks_once_and_signs_nobody_up(cast: World) -> None:
    activity = helping.opened(cast)
    assert actions.activities.invite(activity, [cast.people.zhao], by=cast.people.wang) == 1
    assert actions.activities.invite(activity, [cast.people.zhao], by=cast.people.wang) == 0
    assert (Signup.objects.count(), Notice.objects.count()) == (0, 1)


def test_move_of_the_list_is_not_made_by_hand(cast: World) -> None:
    row = join(helping.opened(cast, people=1), cast.people.zhao)
    for move in ("check_in", "lapse"):
        with pytest.raises(ValidationError, match="相应的页面"):
            module.perform(row, move, by=cast.people.house)
    with pytest.raises(OutOfStep):
        module.perform(row, "confirm", by=cast.people.house, minutes=5, note="x")


# -- certificates


def test_certificate_is_of_one_unit_and_the_same_while_nothing_changed(cast: World) -> None:
    zhao = cast.people.zhao
    here = helping.confirmed(cast, helping.past(cast), zhao)
    other = helping.confirmed(cast, helping.past(cast, cast.units.branch2, starts_at=helping.at(-2)), zhao, 60)
    first = actions.certificates.issue(cast.response, zhao, here.unit, by=zhao)
    again = actions.certificates.issue(cast.response, zhao, here.unit, by=zhao)
    second = actions.certificates.issue(cast.response, zhao, other.unit, by=zhao)
    assert (first.pk, first.minutes, second.minutes) == (again.pk, 180, 60)


def test_certificate_only_of_what_is_confirmed_and_only_for_oneself(cast: World) -> None:
    zhao = cast.people.zhao
    row = served(helping.past(cast), zhao)
    with pytest.raises(ValidationError, match="还没有确认过"):
        actions.certificates.issue(cast.response, zhao, row.unit, by=zhao)
    module.perform(row, "confirm", by=cast.people.wang)
    with pytest.raises(PermissionDenied, match="只能由本人申请"):
        actions.certificates.issue(cast.response, zhao, row.unit, by=cast.people.chen)
    assert actions.certificates.issue(cast.response, zhao, row.unit, by=cast.people.wang).person == zhao


def test_the_volunteer_cannot_make_a_withdrawn_certificate_undone(cast: World) -> None:
    zhao = cast.people.zhao
    row = helping.confirmed(cast, helping.past(cast), zhao)
    made = actions.certificates.issue(cast.response, zhao, row.unit, by=zhao)
    with pytest.raises(PermissionDenied):
        module.perform(made, "withdraw", by=zhao, note="不要了")
    module.perform(made, "withdraw", by=cast.people.wang, note="姓名有误")
    assert (made.state, made.withdrawn_at is not None) == ("withdrawn", True)

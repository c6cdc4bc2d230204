"""Pages: signing up on a telephone, the screen at the place, hours confirmed from the list, the code that a stranger checks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.modules.volunteering import helping
from tests.world import World
from tongzhou.kernel import codes, ledger, module
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.volunteering import actions, rules
from tongzhou.modules.volunteering.actions.doors import DOOR
from tongzhou.modules.volunteering.models import Activity, Certificate, Signup, Volunteer

SignIn = Callable[[Person], Client]


def at(name: str, cast: World, *args: Any) -> str:
    return reverse(f"volunteering.{name}", args=[cast.response.slug, *args])


def certificate(cast: World) -> Certificate:
    row = helping.confirmed(cast, helping.past(cast), cast.people.zhao)
    return actions.certificates.issue(cast.response, cast.people.zhao, row.unit, by=cast.people.zhao)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# -- the public check


def test_stranger_reads_what_the_paper_says(cast: World, client: Client) -> None:
    made = certificate(cast)
    for typed in (made.code, made.code_text.lower(), made.code_text.replace("-", " ")):
        told = words(client.get(at("verify", cast), {"code": typed}))
        assert [
            word for word in ("有效", "赵社员", "3 小时", "采样点引导（引导）", "第一支社") if word not in told
        ] == []
        assert "已撤回" not in told
    module.perform(made, "withdraw", by=cast.people.wang, note="姓名有误，此因由不外传")
    told = words(client.get(at("verify", cast), {"code": made.code}))
    assert ("已撤回，无效" in told, "赵社员" in told, "此因由不外传" in told) == (True, True, False)


def test_stranger_learns_nothing_from_a_code_that_is_not_there(cast: World, client: Client) -> None:
    made = certificate(cast)
    for typed in (rules.code(), made.code[:-1], str(made.pk), "%", "'; --", "²" * 16):
        told = words(client.get(at("verify", cast), {"code": typed}))
        assert ("没有这个验证码的证明" in told, "赵社员" in told) == (True, False)
    other = reverse("volunteering.verify", args=[cast.other_response.slug])
    assert "赵社员" not in words(client.get(other, {"code": made.code}))


def test_guessing_is_stopped_and_reading_is_not(cast: World, client: Client) -> None:
    cache.clear()
    made = certificate(cast)
    for _n in range(12):
        assert client.get(at("verify", cast), {"code": made.code}).status_code == 200
    asked = [client.get(at("verify", cast), {"code": rules.code()}).status_code for _n in range(12)]
    assert asked == [200] * 10 + [429] * 2
    assert client.get(at("verify", cast), {"code": made.code}).status_code == 429
    assert client.get(at("verify", cast)).status_code == 200
    cache.clear()


def test_certificate_is_printed_with_its_code(cast: World, signed_in: SignIn) -> None:
    made = certificate(cast)
    answer = signed_in(cast.people.zhao).get(at("certificate.pdf", cast, made.pk))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert signed_in(cast.people.chen).get(at("certificate.pdf", cast, made.pk)).status_code == 404


# -- the volunteer


def test_member_signs_up_after_reading_the_risks(cast: World, signed_in: SignIn) -> None:
    activity, zhao = helping.opened(cast, outdoor=True, high=38, low=20), cast.people.zhao
    client = signed_in(zhao)
    assert words(client.get(activity.get_absolute_url())).count("我要报名") == 1
    page = words(client.get(at("join", cast, activity.pk)))
    assert [word for word in ("人多，请戴口罩", "没有购买保险", "预报最高 38℃", "空缺 2") if word not in page] == []
    post = helping.post(activity).pk
    refused = client.post(at("join", cast, activity.pk), {"post": post})
    assert (refused.status_code, Signup.objects.count()) == (422, 0)
    client.post(at("join", cast, activity.pk), {"post": post, "agreed": "on"})
    row = Signup.objects.get()
    assert (row.person, row.state) == (zhao, "signed")
    assert "采样点引导" in words(client.get(at("mine", cast)))
    client.post(f"{row.get_absolute_url()}moves/withdraw/")
    assert Signup.objects.get().state == "withdrawn"


def test_member_sees_the_activity_but_neither_names_nor_history(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast)
    helping.join(activity, cast.people.chen)
    client = signed_in(cast.people.zhao)
    page = words(client.get(activity.get_absolute_url()))
    assert ("陈社员" in page, "起草志愿服务活动" in page, "名单和时长" in page) == (False, False, False)
    assert (
        client.get(at("roll", cast, activity.pk)).status_code,
        client.get(at("sheet", cast, activity.pk)).status_code,
    ) == (404, 404)
    assert client.get(Signup.objects.get().get_absolute_url()).status_code == 404


def test_an_activity_of_one_unit_asks_only_its_people(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast, cast.units.branch3, whom=Activity.Whom.UNIT)
    assert signed_in(cast.people.zhao).get(activity.get_absolute_url()).status_code == 404
    assert signed_in(cast.people.wu).get(activity.get_absolute_url()).status_code == 200


def test_offer_is_made_and_paused(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.zhao)
    assert client.post(at("offer", cast), {"free": "周末"}).status_code == 422
    client.post(at("offer", cast), {"expertise": "检验医学，可指导采样质控"})
    found = Volunteer.objects.get()
    client.post(f"{found.get_absolute_url()}moves/pause/")
    assert (found.person, Volunteer.objects.get().state) == (cast.people.zhao, "paused")


def test_code_at_the_place_signs_in_and_out(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast, starts_at=timezone.now() - timedelta(minutes=5))
    row = helping.join(activity, cast.people.zhao)
    shown = signed_in(cast.people.wang).get(at("door", cast, activity.pk))
    code = str(shown.context["address"]).partition("code=")[2]
    client, address = signed_in(cast.people.zhao), at("sign", cast, activity.pk)
    assert client.get(address, {"code": code}).status_code == 200
    row.refresh_from_db()
    assert row.state == "signed"  # opening it signs nobody in
    assert client.post(address, {"code": "0" * 16}).status_code == 422
    client.post(address, {"code": code})
    row.refresh_from_db()
    assert row.state == "on"
    client.post(address, {"code": codes.at_door(activity, DOOR, timezone.now())})
    row.refresh_from_db()
    assert row.state == "left"
    assert "您在这里没有报名" in words(signed_in(cast.people.chen).get(address, {"code": code}))


def test_whoever_has_no_right_does_not_see_the_screen(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast, organiser=cast.people.chen)
    for who, status in ((cast.people.zhao, 403), (cast.people.li, 403), (cast.people.chen, 200)):
        assert signed_in(who).get(at("door", cast, activity.pk)).status_code == status, who


# -- whoever runs it


def test_leader_without_a_role_confirms_from_the_list(cast: World, signed_in: SignIn) -> None:
    chen = cast.people.chen
    activity = helping.past(cast, organiser=chen, people=3)
    rows = [helping.served(activity, who, 200) for who in (cast.people.zhao, cast.people.sun, chen)]
    client = signed_in(chen)
    page = client.get(at("roll", cast, activity.pk))
    assert {row.person.name for row in page.context["confirms"]} == {"赵社员", "孙支社"}
    body = {"keys": [str(row.pk) for row in rows], **{f"minutes-{row.pk}": "180" for row in rows}}
    client.post(at("roll", cast, activity.pk), body)
    assert set(activity.signups.values_list("state", flat=True)) == {"left"}  # no reason given
    client.post(at("roll", cast, activity.pk), body | {"note": "扣除午餐"})
    assert sorted(activity.signups.values_list("state", "minutes")) == [
        ("confirmed", 180),
        ("confirmed", 180),
        ("left", 200),
    ]


def test_training_is_ticked_on_the_list(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast, training="防护服穿脱")
    row = helping.join(activity, cast.people.zhao)
    signed_in(cast.people.wang).post(at("roll", cast, activity.pk), {"train": "1", "keys": [str(row.pk)]})
    row.refresh_from_db()
    assert row.trained_at is not None


def test_office_puts_down_who_offered_by_telephone(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast)
    body = {"person": "赵社员", "post": helping.post(activity).pk}
    client = signed_in(cast.people.wang)
    assert client.post(at("on_word", cast, activity.pk), body).status_code == 422
    client.post(at("on_word", cast, activity.pk), body | {"on_word": "电话报名"})
    row = Signup.objects.get()
    assert (row.person, row.on_word, row.state) == (cast.people.zhao, "电话报名", "signed")
    assert str(ledger.sentence(ledger.entries(row).first())) == "王保管代赵社员报名“引导”，本人表示自愿的方式：电话报名"


def test_invitations_go_to_the_ticked(cast: World, signed_in: SignIn) -> None:
    activity = helping.opened(cast)
    for who in (cast.people.zhao, cast.people.chen):
        actions.volunteers.offer(cast.response, who, by=who, skills="驾驶")
    client = signed_in(cast.people.wang)
    wanted = Volunteer.objects.get(person=cast.people.zhao)
    client.post(at("invite", cast, activity.pk), {"keys": [str(wanted.pk), "x"]})
    assert list(Notice.objects.values_list("person__name", flat=True)) == ["赵社员"]


@pytest.mark.parametrize("whole", [True, False])
def test_form_makes_an_activity_and_names_what_is_missing(cast: World, signed_in: SignIn, whole: bool) -> None:
    client = signed_in(cast.people.wang)
    body = {
        "unit": cast.units.branch1.pk, "name": "物资分拣", "field": "delivery", "whom": "all", "starts_at": "2022-04-01T08:00", "risks": "搬运",
        "ends_at": "2022-04-01T11:00" if whole else "2022-04-01T07:00", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
        "lines-0-work": "分拣", "lines-0-people": "5",
    }  # fmt: skip
    answer = client.post(reverse("volunteering.activity.new", args=[cast.response.slug]), body)
    assert (answer.status_code, Activity.objects.count()) == ((302, 1) if whole else (422, 0))
    if whole:
        made = Activity.objects.get()
        assert (str(made.happened_on), made.organiser, made.posts.get().people, made.state) == (
            "2022-04-01",
            cast.people.wang,
            5,
            "draft",
        )


def test_form_puts_down_a_total_from_a_source(cast: World, signed_in: SignIn) -> None:
    body = {
        "unit": cast.units.branch1.pk, "name": "三月志愿服务", "field": "other", "whom": "all", "when": "2022-03", "total": "20余次", "present": "30余人",
        "source": "支社月报", "served": "200", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0",
    }  # fmt: skip
    signed_in(cast.people.wang).post(reverse("volunteering.activity.new", args=[cast.response.slug]), body)
    made = Activity.objects.get()
    assert (made.state, made.quantity, made.bound, made.served) == ("done", 20, "at_least", 200)
    row = made.signups.get()
    assert (row.person, row.quantity, row.bound, row.state) == (None, 30, "at_least", "confirmed")


def test_past_activities_come_from_a_sheet(cast: World, signed_in: SignIn) -> None:
    lines = "组织单位,活动名称,服务类别,日期,参加人次,合计时长（小时）,来源\n第一支社,社区分拣,物资配送,2022-03-05,12,36,支社台账\n"
    client = signed_in(cast.people.wang)
    sent = SimpleUploadedFile("past.csv", lines.encode(), content_type="text/csv")
    shown = client.post(reverse("volunteering.activity.import", args=[cast.response.slug]), {"file": sent}, follow=True)
    client.post(shown.request["PATH_INFO"])
    made = Activity.objects.get()
    row = made.signups.get()
    assert (made.name, made.state, made.field, made.whom) == ("社区分拣", "done", "delivery", "all")
    assert (row.quantity, row.minutes, row.source) == (12, 36 * 60, "支社台账")


def test_served_set_right_with_a_reason(cast: World, signed_in: SignIn) -> None:
    activity = helping.past(cast)
    actions.activities.end(activity, by=cast.people.wang, served=30)
    client = signed_in(cast.people.wang)
    client.post(f"{activity.get_absolute_url()}moves/correct/", {"served": "40", "note": "漏记一户"})
    activity.refresh_from_db()
    assert activity.served == 40

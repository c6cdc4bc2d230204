"""The pages of the room as people meet them: who sees what, the answer, the door, the minutes, Excel in."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from tests.modules.meetings import meeting as meetings
from tests.world import World
from tongzhou.kernel.models import Person
from tongzhou.modules.meetings import actions
from tongzhou.modules.meetings.models import Attendance, Meeting, Task

SignIn = Callable[[Person], Client]


def page(name: str, meeting: Meeting, *more: Any) -> str:
    return reverse(f"meetings.{name}", args=["test-2022", meeting.pk, *more])


def soon(cast: World, **more: Any) -> Meeting:
    starts = timezone.now() + timedelta(minutes=30)
    return meetings.called(cast, starts_at=starts, ends_at=starts + meetings.AN_HOUR, **more)


def begun(cast: World) -> Meeting:
    """Called yesterday, begun half an hour ago."""
    starts = timezone.now() - timedelta(minutes=30)
    meeting = meetings.draft(cast, starts_at=starts, ends_at=starts + meetings.AN_HOUR)
    return actions.calling.call(meeting, by=cast.people.wang, now=starts - timedelta(days=1))


def filled(meeting: Meeting, **more: str) -> dict[str, str]:
    """The form of the minutes as a browser sends it."""
    first = {
        "lines-0-text": "增设采样台",
        "lines-0-owner": "陈社员",
        "lines-0-owner_unit": "",
        "lines-0-due_on": "2099-01-01",
    }
    form = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "version": str(meeting.version),
        "said_1": "通报。",
        "opening": "",
    }
    return form | first | more


def test_invited_sees_the_notice_and_neither_list_nor_history_nor_minutes(cast: World, signed_in: SignIn) -> None:
    meeting = meetings.written(cast, begun(cast))
    client = signed_in(cast.people.chen)
    body = client.get(meeting.get_absolute_url()).content.decode()
    assert all(word in body for word in ("抗疫调度会", "通报疫情", "三楼会议室"))
    assert [word for word in ("通报了疫情", "增设采样台", "吴三社", "起草会议", "参会名单") if word in body] == []
    statuses = {
        name: client.get(page(name, meeting)).status_code
        for name in ("roll", "sheet", "minutes.pdf", "door", "minutes")
    }
    assert statuses == {"roll": 404, "sheet": 404, "minutes.pdf": 404, "door": 403, "minutes": 403}


def test_proxy_does_not_read_why_the_other_stays_away(cast: World, signed_in: SignIn) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    actions.attending.decline(row, by=cast.people.chen, note="住院手术")
    actions.attending.delegate(row, by=cast.people.chen, proxy=cast.people.zhao)
    assert "住院手术" in signed_in(cast.people.chen).get(row.get_absolute_url()).content.decode()
    assert "住院手术" not in signed_in(cast.people.zhao).get(row.get_absolute_url()).content.decode()


def test_answer_is_given_and_changed_on_one_page(cast: World, signed_in: SignIn) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    client, at = signed_in(cast.people.chen), row.answer_url()
    assert client.post(at, {}).status_code == 422
    assert client.post(at, {"answer": "decline"}).status_code == 422
    assert client.post(at, {"answer": "decline", "reason": "出差"}).status_code == 302
    assert client.post(at, {"answer": "confirm"}).status_code == 302
    assert meetings.of(row.meeting, cast.people.chen).state == "coming"
    assert client.get(page("mine", row.meeting)).headers["Location"] == at


def test_who_may_name_nobody_is_told_whom_to_ask_for_a_proxy(cast: World, signed_in: SignIn) -> None:
    meeting = meetings.called(cast)
    chen, wu = meetings.of(meeting, cast.people.chen), meetings.of(meeting, cast.people.wu)
    body = signed_in(cast.people.chen).get(chen.answer_url()).content.decode()
    assert ("请告诉记录人 王保管" in body, 'name="proxy"' in body) == (True, False)
    client = signed_in(cast.people.wu)
    # not of his branch
    assert client.post(wu.answer_url(), {"answer": "delegate", "proxy": "赵社员"}).status_code == 422
    keeper = signed_in(cast.people.wang)
    assert keeper.post(chen.answer_url(), {"answer": "delegate", "proxy": "赵社员"}).status_code == 302
    assert meetings.of(meeting, cast.people.chen).proxy == cast.people.zhao


def test_door_shows_a_code_that_signs_in_and_is_no_page_for_others(cast: World, signed_in: SignIn) -> None:
    meeting = soon(cast)
    screen = signed_in(cast.people.wang).get(page("door", meeting))
    code = screen.context["address"].rstrip("/").rpartition("/")[2]
    assert f'data-address="{screen.context["address"]}"' in screen.content.decode()
    phone = signed_in(cast.people.chen)
    assert phone.get(page("sign", meeting, code)).status_code == 200
    assert phone.post(page("sign", meeting, code)).status_code == 302
    row = meetings.of(meeting, cast.people.chen)
    assert (row.state, row.late) == ("present", 0)
    assert (phone.post(page("sign", meeting, code)).status_code, meetings.of(meeting, cast.people.chen).version) == (
        422,
        row.version,
    )
    stranger = signed_in(cast.people.zhao)
    shown = stranger.get(page("sign", meeting, code)).content.decode()
    assert ("您不在这次会议的名单上" in shown, "通报疫情" in shown, "三楼会议室" in shown) == (True, False, False)
    assert stranger.get(page("sign", meeting, "0" * 16)).status_code == 404
    assert Attendance.objects.filter(person=cast.people.zhao).count() == 0


def test_code_that_is_no_longer_shown_is_refused_with_what_to_do(cast: World, signed_in: SignIn) -> None:
    meeting = soon(cast)
    old = meetings.code_of(meeting, timezone.now() - timedelta(seconds=91))
    client = signed_in(cast.people.chen)
    for answer in (client.get(page("sign", meeting, old)), client.post(page("sign", meeting, old))):
        assert "请重新扫描会场屏幕上的二维码" in answer.content.decode()
    assert meetings.of(meeting, cast.people.chen).state == "invited"


def test_list_is_ticked_with_a_reason(cast: World, signed_in: SignIn) -> None:
    meeting = soon(cast)
    client, key = signed_in(cast.people.wang), str(meetings.of(meeting, cast.people.chen).pk)
    for wrong in ({}, {"keys": key}, {"note": "纸质签到"}, {"keys": "x", "note": "纸质签到"}):
        client.post(page("roll", meeting), wrong)
    assert meetings.of(meeting, cast.people.chen).state == "invited"
    client.post(page("roll", meeting), {"keys": key, "note": "纸质签到"})
    assert meetings.of(meeting, cast.people.chen).by_hand is True
    client.post(page("admit", meeting), {"person": "孙支社", "note": "现场列席"})
    assert meetings.of(meeting, cast.people.sun).observer is True


def test_minutes_are_written_on_one_page_and_an_old_page_loses_nothing(cast: World, signed_in: SignIn) -> None:
    meeting = begun(cast)
    client = signed_in(cast.people.wang)
    assert client.post(page("minutes", meeting), filled(meeting, **{"lines-0-owner": ""})).status_code == 422
    assert client.post(page("minutes", meeting), filled(meeting)).status_code == 302
    assert [(one.text, one.owner) for one in meeting.decisions.all()] == [("增设采样台", cast.people.chen)]
    again = client.post(page("minutes", meeting), filled(meeting, said_1="另一人所写"))
    assert (again.status_code, "另一人所写" in again.content.decode()) == (422, True)
    assert meeting.items.get(number=1).said == "通报。"
    saved = client.post(
        page("minutes", meeting), filled(meeting, version=str(again.context["version"]), said_1="合并后的话")
    )
    assert saved.status_code == 302


def test_unit_alone_makes_its_head_the_owner_and_a_recorder_without_a_post_names_the_invited(
    cast: World, signed_in: SignIn
) -> None:
    meeting = begun(cast)
    unit = {"lines-0-owner": "", "lines-0-owner_unit": "第三支社"}
    signed_in(cast.people.wang).post(page("minutes", meeting), filled(meeting, **unit))
    assert [one.who for one in meeting.decisions.all()] == ["第三支社（吴三社）"]
    Meeting.objects.filter(pk=meeting.pk).update(recorder=cast.people.chen)
    meeting.refresh_from_db()
    client = signed_in(cast.people.chen)
    assert client.post(page("minutes", meeting), filled(meeting, **{"lines-0-owner": "吴三社"})).status_code == 302
    assert client.post(page("minutes", meeting), filled(meeting, **{"lines-0-owner": "赵社员"})).status_code == 422


def test_minutes_print_as_an_official_paper_with_who_was_there(cast: World, signed_in: SignIn) -> None:
    meeting = soon(cast, people=[cast.people.chen, cast.people.wu, cast.people.sun])
    actions.attending.delegate(meetings.of(meeting, cast.people.chen), by=cast.people.chen, proxy=cast.people.zhao)
    actions.attending.decline(meetings.of(meeting, cast.people.wu), by=cast.people.wu, note="出差")
    assert meeting.starts_at is not None
    meetings.signed(meeting, cast.people.chen, meeting.starts_at, by=cast.people.zhao)
    actions.minutes.conclude(meeting, by=cast.people.wang, now=meeting.starts_at + meetings.AN_HOUR)
    meetings.written(cast, meeting)
    client = signed_in(cast.people.wang)
    assert "送审稿" in docx_of(client, meeting)
    actions.minutes.submit(meeting, by=cast.people.wang)
    actions.minutes.approve(meeting, by=cast.people.qian)
    text = docx_of(client, meeting)
    due = meeting.decisions.get().due_on
    expected = [
        "测试市委员会会议纪要", f"〔{timezone.localdate().year}〕1号", "一、通报疫情", "二、议定事项",
        f"1. 增设采样台两处（责任人：陈社员；期限：{due.year}年{due.month}月{due.day}日）", "出席：测试市委员会 钱签发、第一支社 陈社员（赵社员代）",
        "请假：第三支社 吴三社", "缺席：第一支社 孙支社", "记录：王保管",
    ]  # fmt: skip
    assert [line for line in expected if line not in text] == []
    assert client.get(page("minutes.pdf", meeting)).headers["Content-Type"] == "application/pdf"


def docx_of(client: Client, meeting: Meeting) -> str:
    from docx import Document

    answer = client.get(page("minutes.docx", meeting))
    return "\n".join(part.text for part in Document(BytesIO(answer.content)).paragraphs)


def test_owner_without_a_post_reports_through_the_form(cast: World, signed_in: SignIn) -> None:
    task = meetings.task_of(meetings.approved(cast))
    client = signed_in(cast.people.chen)
    at = reverse("meetings.task.move", args=["test-2022", task.pk, "report"])
    assert client.post(at, {}).status_code == 422
    paper = SimpleUploadedFile("清单.pdf", b"%PDF-1.7 x", "application/pdf")
    assert client.post(at, {"done_text": "已办", "document": paper}).status_code == 302
    assert Task.objects.get(pk=task.pk).state == "reported"
    assert "清单.pdf" in signed_in(cast.people.wang).get(task.get_absolute_url()).content.decode()


def test_new_meeting_is_typed_with_people_units_and_agenda(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.wang)
    at = reverse("meetings.meeting.new", args=["test-2022"])
    form = {
        "unit": str(cast.units.org.pk), "name": "部署会", "kind": "deployment", "starts_at": "2099-01-02T09:00", "ends_at": "2099-01-02T08:00",
        "place": "礼堂", "people": "陈社员、吴三社", "units": "第一支社", "observers": "李监督", "when": "2022-03-05",
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-title": "部署采样", "lines-0-minutes": "20", "lines-1-title": "",
    }  # fmt: skip
    refused = client.post(at, form)
    assert (refused.status_code, "散会时间须晚于开会时间" in refused.content.decode()) == (422, True)
    assert client.post(at, form | {"ends_at": "", "units": "没有这个单位"}).status_code == 422
    assert client.post(at, form | {"ends_at": ""}).status_code == 302
    meeting = Meeting.objects.get()
    rows = {row.who: (row.observer, str(row.for_unit or "")) for row in meeting.attendances.all()}
    assert rows == {"陈社员": (False, ""), "吴三社": (False, ""), "孙支社": (False, "第一支社"), "李监督": (True, "")}
    assert (str(meeting.happened_on), meeting.chair, [item.title for item in meeting.items.all()]) == (
        "2099-01-02",
        cast.people.wang,
        ["部署采样"],
    )
    edit = client.get(reverse("meetings.meeting.edit", args=["test-2022", meeting.pk]))
    assert edit.context["form"]["units"].value() == "第一支社"


def test_total_of_a_report_is_typed_and_shown_as_it_is_known(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.wang)
    form = {
        "unit": str(cast.units.org.pk), "name": "各类会议", "kind": "other", "when": "2022-03", "total": "20余次", "source": "纪实",
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "named": "吴三社",
    }  # fmt: skip
    at = reverse("meetings.meeting.new", args=["test-2022"])
    assert client.post(at, form | {"source": ""}).status_code == 422
    assert client.post(at, form).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.stands_for.text("次"), meeting.named, meeting.happened_precision) == (
        "held",
        "20余次",
        cast.people.wu,
        "month",
    )
    for shown in ("list", "print"):
        assert "代表 20余 次" in client.get(reverse(f"meetings.meeting.{shown}", args=["test-2022"])).content.decode()
    assert "代表 20余 次" in client.get(meeting.get_absolute_url()).content.decode()


def test_meetings_held_elsewhere_come_in_from_excel(cast: World, signed_in: SignIn) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["召集单位", "会议名称", "会议类型", "日期", "地点", "到会人数", "来源"])
    sheet.append(["第一支社", "动员会", "其他会议", "2022-03-05", "社区", "30余人", "支社台账"])
    sheet.append(["第一支社", "碰头会", "例会", "2022-03", "", "", "支社台账"])
    out = BytesIO()
    book.save(out)
    client = signed_in(cast.people.sun)
    sent = SimpleUploadedFile("会议.xlsx", out.getvalue())
    preview = client.post(reverse("meetings.meeting.import", args=["test-2022"]), {"file": sent}, follow=True)
    assert preview.context["faults"] == []
    client.post(preview.request["PATH_INFO"])
    made = list(Meeting.objects.order_by("name"))
    assert [(one.name, one.kind, one.state, one.source) for one in made] == [
        ("动员会", "other", "held", "支社台账"), ("碰头会", "regular", "held", "支社台账"),
    ]  # fmt: skip
    assert Attendance.objects.get().stands_for.text("人次") == "30余人次"


@pytest.mark.parametrize("who", ["wang", "sun"])
def test_papers_are_attached_by_whoever_runs_the_meeting_and_read_by_the_invited(
    cast: World, signed_in: SignIn, who: str
) -> None:
    meeting = meetings.called(cast, cast.units.branch1)
    sent = SimpleUploadedFile("方案.pdf", b"%PDF-1.7 x", "application/pdf")
    assert signed_in(getattr(cast.people, who)).post(page("papers", meeting), {"file": sent}).status_code == 302
    assert "方案.pdf" in signed_in(cast.people.chen).get(meeting.get_absolute_url()).content.decode()
    assert signed_in(cast.people.chen).post(page("papers", meeting), {"file": sent}).status_code == 403

"""A finding until it is closed: whose eyes, which deadlines, what is handed on, what is told before it is too late."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.modules.inspections import inspecting
from tests.modules.inspections.command import scene
from tests.world import World, person
from tongzhou.kernel import alarms, attachments, ledger, module
from tongzhou.kernel.models import Grant, Person
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.inspections import actions
from tongzhou.modules.inspections.models import Finding

TODAY = timezone.localdate
photo = inspecting.photo


def test_from_the_notice_to_the_strike_off(cast: World) -> None:
    s = scene(cast)
    finding = s.finding()
    act = actions.findings
    act.issue(finding, by=s.ding)
    assert (finding.state, finding.due_on, finding.severity) == ("noticed", TODAY() + timedelta(days=3), "major")
    act.rectify(finding, by=s.owner, measure="已补齐记录", pictures=[photo(), photo("b.jpg", "red")])
    act.reopen(finding, by=s.du, note="只补了一天", due_on=TODAY() + timedelta(days=1))
    assert (finding.state, finding.reopened) == ("noticed", 1)
    act.rectify(finding, by=s.ke, measure="全部补齐", pictures=[photo()])
    act.close(finding, by=s.du)
    told = [ledger.sentence(entry) for entry in ledger.entries(finding) if entry.verb == "advance"]
    number = finding.number
    assert told == [
        f"丁督导下发整改通知 {number}，期限{TODAY() + timedelta(days=3)}", "店主登记整改：已补齐记录",
        f"杜督导复查不合格，退回整改，期限{TODAY() + timedelta(days=1)}", "柯点位登记整改：全部补齐", "杜督导复查合格，销号",
    ]  # fmt: skip
    assert (finding.state, attachments.of(finding, "evidence").count(), list(ledger.broken())) == ("closed", 3, [])


def test_whoever_rectified_does_not_recheck_nor_whoever_found_it_while_another_can(cast: World) -> None:
    s = scene(cast)
    finding = s.rectified()
    with pytest.raises(ValidationError, match="您发现的"):
        actions.findings.close(finding, by=s.ding)
    both = person("both", "兼任", cast.units.command, ("inspector", cast.units.command), ("chief", cast.units.command))
    Finding.objects.update(rectified_by=both)
    finding = inspecting.again(finding)
    for move in (actions.findings.close, actions.findings.reopen):
        with pytest.raises(ValidationError, match="另一人"):
            move(finding, by=both, note="自查")
    for other in (s.du, both, cast.people.feng):
        Grant.objects.filter(person=other).delete()
    assert actions.findings.close(finding, by=Person.objects.get(pk=s.ding.pk)).state == "closed"  # nobody else is left


def test_the_database_too_keeps_two_people_apart(cast: World) -> None:
    s = scene(cast)
    finding = s.rectified()
    for wrong in ({"rechecked_by": s.ke}, {"found_by": s.ke}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(**wrong)


def test_the_finder_does_not_rectify(cast: World) -> None:
    s = scene(cast)
    Grant.objects.create(person=s.ding, unit=cast.units.street1, role="chief", since=date(2020, 1, 1))
    finding = s.noticed()
    with pytest.raises(ValidationError, match="发现问题的人不能登记整改"):
        actions.findings.rectify(finding, by=Person.objects.get(pk=s.ding.pk), measure="好了", pictures=[photo()])
    assert (Finding.objects.get().state, attachments.of(finding, "evidence").count()) == ("noticed", 0)


def test_rectified_with_evidence_or_a_reason_why_there_is_none(cast: World) -> None:
    s = scene(cast)
    finding = s.noticed()
    with pytest.raises(ValidationError, match="照片"):
        actions.findings.rectify(finding, by=s.ke, measure="好了")
    assert actions.findings.rectify(finding, by=s.ke, measure="好了", note="店内停电，无法拍照").state == "rectified"


def test_a_picture_that_is_none_leaves_the_finding_as_it_was(cast: World) -> None:
    s = scene(cast)
    finding = s.noticed()
    bad = photo("x.jpg")
    bad.file.truncate(0)
    bad.file.write(b"MZ\x90\x00this is a program")
    bad.seek(0)
    with pytest.raises(ValidationError, match="看不懂这张照片"):
        actions.findings.rectify(finding, by=s.ke, measure="好了", pictures=[photo(), bad])
    assert (Finding.objects.get().state, attachments.of(finding).count()) == ("noticed", 0)


def test_put_right_on_the_spot_is_counted_apart_and_proven_at_once(cast: World) -> None:
    s = scene(cast)
    finding = s.finding()
    with pytest.raises(ValidationError, match="照片"):
        actions.findings.fix(finding, by=s.ding)
    finding = inspecting.again(finding)
    actions.findings.fix(finding, by=s.ding, pictures=[photo()])
    assert (finding.state, finding.measure, attachments.of(finding, "evidence").count()) == (
        "fixed",
        "按日消杀并完整记录",
        1,
    )
    with pytest.raises(OutOfStep):
        actions.findings.issue(finding, by=s.ding)


def test_only_what_lasts_is_handed_over_and_stays_in_sight_until_answered(cast: World) -> None:
    s = scene(cast)
    finding = s.noticed()
    paper = {"authority": "区市场监督管理局", "letter": "督函〔2022〕3号", "handed_on": TODAY()}
    with pytest.raises(ValidationError, match="退回整改 2 次以上，或逾期超过 3 天"):
        actions.findings.hand(finding, by=s.du, note="不改", **paper)
    Finding.objects.update(due_on=TODAY() - timedelta(days=4))
    finding = inspecting.again(finding)
    actions.findings.hand(finding, by=s.du, note="不改", **paper)
    assert (finding.state, finding.authority) == ("handed", "区市场监督管理局")
    actions.findings.reply(finding, by=s.du, answer="已立案", answered_on=TODAY())
    assert ledger.sentence(ledger.entries(finding).reverse()[0]) == "杜督导登记区市场监督管理局的回复：已立案"


def test_a_deadline_is_not_in_the_past(cast: World) -> None:
    s = scene(cast)
    with pytest.raises(ValidationError, match="不能早于今天"):
        actions.findings.issue(s.finding(), by=s.ding, due_on=TODAY() - timedelta(days=1))


def test_who_may_do_what_with_a_finding(cast: World) -> None:
    s = scene(cast)
    finding = s.finding()
    for who in (s.ke, s.owner, cast.people.zhao):
        with pytest.raises(PermissionDenied):
            actions.findings.issue(finding, by=who)
    with pytest.raises(OutOfStep):
        module.perform(finding, "rectify", by=s.owner, measure="好了", note="无")  # nobody told the owner yet
    actions.findings.issue(finding, by=s.ding)
    stranger = person("neighbour", "邻店店主", cast.units.street1)
    for who in (s.du, stranger):
        with pytest.raises(PermissionDenied):
            actions.findings.rectify(finding, by=who, measure="好了", note="无")
    actions.findings.rectify(finding, by=s.owner, measure="好了", note="无")
    for who in (s.ke, s.owner):
        with pytest.raises(PermissionDenied):
            actions.findings.close(finding, by=who)


def test_told_the_day_before_and_when_it_is_late_each_once(cast: World) -> None:
    s = scene(cast)
    finding = s.noticed()

    def noon(days: int) -> datetime:
        return timezone.make_aware(datetime.combine(finding.due_on or TODAY(), datetime.min.time())) + timedelta(
            days=days, hours=12
        )

    before = {who: who.notices.count() for who in (s.ke, s.owner, s.ding, s.du)}
    assert [alarms.sound(noon(days)) for days in (-2, -1, -1, 0, 1, 1)] == [0, 2, 0, 0, 3, 0]
    assert {who.name: who.notices.count() - n for who, n in before.items()} == {
        "柯点位": 2,
        "店主": 2,
        "丁督导": 1,
        "杜督导": 0,
    }
    assert s.owner.notices.order_by("-at").first().text.startswith("“药店1”整改逾期")

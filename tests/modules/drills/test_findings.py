"""A finding followed to its end: its owner on a phone, another person who looks, and what is refused on the way."""

from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from tests.modules.drills import drilling
from tests.modules.drills.test_drills import awaiting, told
from tests.world import World
from tongzhou.kernel import access, attachments, ledger
from tongzhou.kernel.alarms import sound
from tongzhou.kernel.models import Notice
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.models import Drill, Finding
from tongzhou.modules.drills.workflow import EVALUATE, READ, RECTIFY, FindingState


def photograph() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile("x.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def finding(cast: World) -> Finding:
    """Owned by Chen, who has no role at all."""
    return drilling.found(drilling.done(cast), cast)


def test_a_finding_goes_back_and_is_closed_by_other_eyes(cast: World, finding: Finding) -> None:
    chen, du, due = cast.people.chen, drilling.someone(cast), timezone.localdate() + timedelta(days=9)
    assert awaiting(chen) == {"rectify": 1}
    actions.rectify(finding, by=chen, done="已设通道", photo=photograph())
    assert (awaiting(chen), awaiting(du)) == ({}, {"recheck": 1})
    actions.reopen(finding, by=du, due_on=due, note="通道被占")
    assert (finding.state, finding.due_on, finding.sent_back, finding.rechecked_by) == ("open", due, 1, None)
    actions.rectify(finding, by=chen, done="通道已清空", photo=photograph())
    actions.passed(finding, by=du)
    finding.refresh_from_db()
    assert (finding.state, finding.done, finding.rectified_by, finding.rechecked_by) == (
        "closed",
        "通道已清空",
        chen,
        du,
    )
    assert attachments.of(finding, "evidence").count() == 2
    said = [ledger.sentence(entry) for entry in ledger.entries(finding)]
    first = timezone.localdate() + timedelta(days=3)
    assert [said[0], said[1], said[3], said[4], said[6]] == [
        f"du某提出问题，由陈社员于{first}前整改", "陈社员登记整改：已设通道", f"du某复查未通过，退回，限{due}前整改",
        "陈社员登记整改：通道已清空", "du某复查通过，销号",
    ]  # fmt: skip
    assert told(chen)[1:] == [
        f"演练“发热旅客到达卡口”发现问题：隔离区没有单独通道。请于{first}前整改。",
        f"演练问题复查未通过：隔离区没有单独通道。请于{due}前重新整改。",
    ]
    assert list(ledger.broken()) == []


def test_nobody_looks_at_their_own_work(cast: World, finding: Finding) -> None:
    """Neither who owns it nor who said that it was done, whatever their roles."""
    feng, du = cast.people.feng, drilling.someone(cast)
    actions.rectify(finding, by=feng, done="代登记")
    for look in (actions.passed, actions.reopen):
        with pytest.raises(ValidationError, match="以外的另一人"):
            look(finding, by=feng, note="看过")
    own = drilling.found(finding.drill, cast, owner=du)
    actions.rectify(own, by=du, done="自己改")
    with pytest.raises(ValidationError, match="以外的另一人"):
        actions.passed(own, by=du)
    assert awaiting(du) == {"recheck": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(rechecked_by=feng)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(state=FindingState.CLOSED)
    actions.passed(finding, by=du)


def test_the_owner_without_a_role_sees_it_and_may_put_it_right_and_nothing_else(cast: World, finding: Finding) -> None:
    chen, zhao = cast.people.chen, cast.people.zhao
    assert list(access.visible(Finding.objects.all(), chen, READ)) == [finding]
    assert list(access.visible(Drill.objects.all(), chen, READ)) == [finding.drill]
    assert (access.may(chen, RECTIFY, finding), access.may(chen, EVALUATE, finding)) == (True, False)
    assert list(access.visible(Finding.objects.all(), zhao, READ)) == []
    with pytest.raises(PermissionDenied):
        actions.rectify(finding, by=zhao, done="越权")
    actions.rectify(finding, by=chen, done="已设通道")
    with pytest.raises(OutOfStep):
        actions.rectify(finding, by=chen, done="再来一次")


def test_putting_right_says_what_was_done_and_a_bad_picture_undoes_nothing_halfway(
    cast: World, finding: Finding
) -> None:
    chen = cast.people.chen
    with pytest.raises(ValidationError, match="怎样整改"):
        actions.rectify(finding, by=chen, done="  ")
    with pytest.raises(ValidationError, match="看不懂这张照片"):
        actions.rectify(finding, by=chen, done="已设通道", photo=SimpleUploadedFile("x.jpg", b"no picture"))
    finding.refresh_from_db()
    assert (finding.state, attachments.of(finding).count()) == ("open", 0)


def test_a_finding_belongs_to_a_drill_that_was_held_here(cast: World) -> None:
    for drill in (drilling.draft(cast), drilling.scheduled(cast)):
        with pytest.raises(ValidationError, match="只能对进行中"):
            drilling.found(drill, cast)
    with pytest.raises(ValidationError, match="不属于当前响应"):
        drilling.found(drilling.running(cast), cast, response=cast.other_response)
    assert Finding.objects.count() == 0


def test_filed_twice_is_one_finding_and_one_notice(cast: World, finding: Finding) -> None:
    again = drilling.found(finding.drill, cast, pk=finding.pk)
    assert (again.pk, Finding.objects.count()) == (finding.pk, 1)
    assert len(told(cast.people.chen)) == 2  # the drill, and its finding


def test_a_new_owner_is_told_and_the_drill_stays(cast: World, finding: Finding) -> None:
    du = drilling.someone(cast)
    actions.amend_finding(finding, by=du, version=finding.version, changes={"owner": cast.people.zhao})
    assert told(cast.people.zhao) == [f"请整改演练“发热旅客到达卡口”的问题：隔离区没有单独通道。期限{finding.due_on}。"]
    other = drilling.done(cast)
    with pytest.raises(ValidationError, match="不能改到另一次"):
        actions.amend_finding(finding, by=du, version=finding.version, changes={"drill": other})


def test_the_deadline_is_called_out_the_day_before_and_after(cast: World, finding: Finding) -> None:
    Notice.objects.all().delete()
    noon = timezone.make_aware(datetime.combine(finding.due_on, time(12)))
    heard = [sound(noon + timedelta(days=days)) for days in (-2, -1, -1, 0, 1, 2)]
    assert heard == [0, 1, 0, 0, 2, 0]
    assert told(cast.people.chen) == [
        f"演练问题明天到期：隔离区没有单独通道（{finding.due_on}）。",
        f"演练问题逾期未整改：隔离区没有单独通道（期限{finding.due_on}）。",
    ]
    actions.rectify(finding, by=cast.people.chen, done="已设通道")
    assert sound(noon + timedelta(days=3)) == 0


def test_a_finding_counts_its_days(cast: World, finding: Finding) -> None:
    def late(**fields: Any) -> int:
        return Finding(**{"state": FindingState.OPEN, "due_on": timezone.localdate() - timedelta(days=4)} | fields).late

    assert (finding.late, late(), late(state=FindingState.RECTIFIED)) == (0, 4, 0)

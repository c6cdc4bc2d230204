"""A finding from its filing to its end: put right by its owner, looked at by another person, closed or sent back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import attachments, notices, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.drills.models import Drill, Finding
from tongzhou.modules.drills.workflow import FINDING, RECTIFY

EVIDENCE = "evidence"


@transaction.atomic
def file_finding(finding: Finding, *, by: Person) -> tuple[Finding, bool]:
    """File it and tell its owner. Only of a drill that was held and is not closed."""
    held = Drill.objects.select_for_update().get(pk=finding.drill_id)
    if not Finding.objects.filter(pk=finding.pk).exists():  # sent twice, the one that is there comes back
        if held.state not in FINDING:
            raise ValidationError({"drill": __("只能对进行中、已结束还未办结的演练登记问题。")})
        _same_response(finding, held)
    data = {"owner": finding.owner.name, "due": str(finding.due_on)}
    finding, new = steps.file(finding, by=by, data=data)
    if new:
        _tell_owner(finding, _("演练“{drill}”发现问题：{what}。请于{due}前整改。"))
    return finding, new


@transaction.atomic
def amend_finding(finding: Finding, *, by: Person, version: int, changes: Mapping[str, Any]) -> Finding:
    """Change its words, owner or deadline while it is open. A new owner, or a new deadline, is told."""
    before = (finding.owner_id, finding.due_on)
    if "drill" in changes and changes["drill"].pk != finding.drill_id:
        raise ValidationError({"drill": __("问题属于发现它的那次演练，不能改到另一次。")})
    finding = steps.amend(finding, by=by, version=version, **changes)
    if (finding.owner_id, finding.due_on) != before:
        _tell_owner(finding, _("请整改演练“{drill}”的问题：{what}。期限{due}。"))
    return finding


@transaction.atomic
def rectify(
    finding: Finding,
    *,
    by: Person,
    done: str = "",
    note: str = "",
    photo: "UploadedFile[Any] | None" = None,
    key: UUID | None = None,
) -> Finding:
    """What was done, with a photograph. Those who may look at it are told."""
    if not done.strip():
        raise ValidationError({"done": __("请写明怎样整改的。")})
    data = {"done": done.strip()}
    steps.advance(
        finding, "rectify", by=by, note=note, data=data, done=done.strip(), rectified_by=by,
        rectified_at=timezone.now(), rechecked_by=None, rechecked_at=None,
    )  # fmt: skip
    if photo:
        # derived from the round of rectifying, so that the form sent twice keeps one picture
        place = key or uuid5(finding.pk, f"{EVIDENCE}/{finding.sent_back}")
        attachments.attach_picture(finding, photo, by=by, needs=RECTIFY, purpose=EVIDENCE, key=place)
    text = format_lazy(_("{by}已整改演练问题：{what}。请复查。"), by=by.name, what=str(finding))
    lookers = [one for one in {finding.filed_by, *finding.drill.evaluators.all()} if one not in (by, finding.owner)]
    notices.tell(lookers, text, response=finding.response, record=finding, url=finding.get_absolute_url())
    return finding


def passed(finding: Finding, *, by: Person, note: str = "") -> Finding:
    """Looked at and found right, by other eyes than those of its owner and of whoever said it was done."""
    _other_eyes(finding, by)
    return steps.advance(finding, "passed", by=by, note=note, rechecked_by=by, rechecked_at=timezone.now())


@transaction.atomic
def reopen(finding: Finding, *, by: Person, due_on: date | None = None, note: str = "") -> Finding:
    """Looked at and found wanting: it goes back to its owner, with the reason and a deadline that is still to come."""
    _other_eyes(finding, by)
    due = due_on or finding.due_on
    if due < timezone.localdate():
        raise ValidationError({"due_on": __("请填写今天或以后的整改期限。")})
    steps.advance(
        finding, "reopen", by=by, note=note, data={"due": str(due)}, due_on=due, sent_back=finding.sent_back + 1
    )
    _tell_owner(finding, _("演练问题复查未通过：{what}。请于{due}前重新整改。"))
    return finding


def _other_eyes(finding: Finding, by: Person) -> None:
    if by.pk in (finding.owner_id, finding.rectified_by_id):
        raise ValidationError(__("复查须由整改责任人和登记人以外的另一人进行。"))


def _same_response(finding: Finding, drill: Drill) -> None:
    if finding.response_id != drill.response_id:
        raise ValidationError({"drill": __("这次演练不属于当前响应。")})


def _tell_owner(finding: Finding, text: Any) -> None:
    words = {"drill": finding.drill, "what": str(finding), "due": str(finding.due_on)}
    notices.tell(
        [finding.owner],
        format_lazy(text, **words),
        response=finding.response,
        record=finding,
        url=finding.get_absolute_url(),
    )

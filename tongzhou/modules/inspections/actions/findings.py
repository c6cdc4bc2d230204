"""A finding until it is closed: told, put right, looked at again by another person, handed on when it lasts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, notices, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.inspections import queries, rules
from tongzhou.modules.inspections.models import Finding
from tongzhou.modules.inspections.workflow import INSPECT, RECHECK, RECTIFY

Pictures = Sequence[Any]  # uploaded files


@transaction.atomic
def fix(finding: Finding, *, by: Person, note: str = "", measure: str = "", pictures: Pictures = ()) -> Finding:
    """Put right on the spot: counted apart, with the evidence at once."""
    _proven(pictures, note)
    measure = measure or finding.task or __("当场改正")
    steps.advance(finding, "fix", by=by, note=note, data={"measure": measure}, measure=measure)
    _attach(finding, pictures, by, INSPECT)
    return finding


@transaction.atomic
def issue(
    finding: Finding,
    *,
    by: Person,
    note: str = "",
    text: str = "",
    task: str = "",
    severity: str = "",
    due_on: date | None = None,
) -> Finding:
    """Give notice, with the deadline of its severity unless another is set. From here on owner and street see it."""
    today = timezone.localdate()
    severity = severity or finding.severity
    due = due_on or rules.deadline(severity, today)
    if due < today:
        raise ValidationError({"due_on": __("整改期限不能早于今天。")})
    number = f"{today:%Y%m%d}-{finding.visit_id.hex[:6].upper()}"  # one notice for all that one visit found
    steps.advance(
        finding, "issue", by=by, note=note, data={"number": number, "due": str(due)}, number=number, issued_on=today, due_on=due,
        text=text or finding.text, task=task or finding.task, severity=severity,
    )  # fmt: skip
    _tell(finding, _("“{place}”收到整改通知：{text}。请于{day}前整改。"))
    return finding


@transaction.atomic
def rectify(finding: Finding, *, by: Person, note: str = "", measure: str, pictures: Pictures = ()) -> Finding:
    """By the owner, or by the street for them; never by whoever found it."""
    _proven(pictures, note)
    now = timezone.now()
    steps.advance(
        finding, "rectify", by=by, note=note, data={"measure": measure}, measure=measure, rectified_by=by, rectified_at=now,
        rechecked_by=None, rechecked_at=None,
    )  # fmt: skip
    _attach(finding, pictures, by, RECTIFY)
    return finding


@transaction.atomic
def close(finding: Finding, *, by: Person, note: str = "", pictures: Pictures = ()) -> Finding:
    _other_eyes(finding, by)
    steps.advance(finding, "close", by=by, note=note, rechecked_by=by, rechecked_at=timezone.now())
    _attach(finding, pictures, by, RECHECK)
    return finding


@transaction.atomic
def reopen(
    finding: Finding, *, by: Person, note: str = "", due_on: date | None = None, pictures: Pictures = ()
) -> Finding:
    """It was not put right: again under notice, with a new deadline."""
    _other_eyes(finding, by)
    today = timezone.localdate()
    due = due_on or rules.deadline(finding.severity, today)
    if due < today:
        raise ValidationError({"due_on": __("整改期限不能早于今天。")})
    steps.advance(
        finding, "reopen", by=by, note=note, data={"due": str(due)}, due_on=due, reopened=finding.reopened + 1, rechecked_by=by,
        rechecked_at=timezone.now(),
    )  # fmt: skip
    _attach(finding, pictures, by, RECHECK)
    _tell(finding, _("“{place}”复查不合格：{text}。请于{day}前整改。"))
    return finding


def hand(finding: Finding, *, by: Person, note: str = "", authority: str, letter: str, handed_on: date) -> Finding:
    """What lasts goes to whoever can compel: the police, the market bureau, the health bureau."""
    if not finding.is_persistent:
        limit = rules.persistence(timezone.localdate())
        said = __("还不能移送：须退回整改 %(times)d 次以上，或逾期超过 %(days)d 天。")
        raise ValidationError(said % {"times": limit.reopened, "days": limit.overdue.days})
    told = {"authority": authority, "letter": letter}
    return steps.advance(
        finding, "hand", by=by, note=note, data=told, authority=authority, letter=letter, handed_on=handed_on
    )


def reply(finding: Finding, *, by: Person, note: str = "", answer: str, answered_on: date) -> Finding:
    told = {"authority": finding.authority, "answer": answer}
    return steps.advance(finding, "reply", by=by, note=note, data=told, answer=answer, answered_on=answered_on)


def _other_eyes(finding: Finding, by: Person) -> None:
    """Whoever rectified never rechecks; whoever found it only where nobody else could."""
    access.require(by, RECHECK, finding)
    if finding.rectified_by_id == by.pk:
        raise ValidationError(__("复查须由登记整改的人以外的另一人进行。"))
    if finding.found_by_id == by.pk:
        others = access.holders(RECHECK, finding.unit).exclude(pk__in=[by.pk, finding.rectified_by_id])
        if others.exists():
            raise ValidationError(__("这个问题是您发现的，请由另一位有复查权限的人复查。"))


def _proven(pictures: Pictures, note: str) -> None:
    if not pictures and not note.strip():
        raise ValidationError(__("请附上整改后的照片；确实无法拍照的，在说明中写明原因。"))


def _attach(finding: Finding, pictures: Pictures, by: Person, needs: str) -> None:
    purpose = "recheck" if needs == RECHECK else "evidence"
    for sent in pictures:
        attachments.attach_picture(finding, sent, by=by, needs=needs, purpose=purpose)


def _tell(finding: Finding, words: Any) -> None:
    text = format_lazy(words, place=finding.place, text=finding.text, day=str(finding.due_on))
    notices.tell(
        queries.answerable(finding.place),
        text,
        response=finding.response,
        record=finding,
        url=finding.get_absolute_url(),
    )

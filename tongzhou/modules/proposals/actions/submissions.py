"""What a channel made of a submission. Each outcome is kept; the state is the latest of them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.proposals.models import Outcome, Submission
from tongzhou.modules.proposals.models.submission import How

Kind = Outcome.Kind


@transaction.atomic
def adopt(row: Submission, *, by: Person, how: str, on: date, told: str = "", note: str = "") -> Submission:
    if row.how:
        raise ValidationError(__("这个渠道已经登记过采用。"))
    data = {"how": source_text(How(how).label), "told": told or str(on)}
    steps.advance(row, "adopt", by=by, note=note, data=data, how=how)
    return _kept(row, Kind(how), by=by, on=on, told=told or str(on))


@transaction.atomic
def noted(row: Submission, *, by: Person, level: str, on: date, told: str, note: str = "") -> Submission:
    """A leader's note, counted at the leader's level, not the channel's."""
    steps.advance(row, "note", by=by, note=note, data={"told": told})
    return _kept(row, Kind.NOTE, by=by, on=on, told=told, level=level)


@transaction.atomic
def forward(row: Submission, *, by: Person, on: date, told: str, note: str = "") -> Submission:
    steps.advance(row, "forward", by=by, note=note, data={"told": told})
    return _kept(row, Kind.FORWARD, by=by, on=on, told=told)


@transaction.atomic
def reply(row: Submission, *, by: Person, on: date, told: str, note: str = "") -> Submission:
    steps.advance(row, "reply", by=by, note=note, data={"told": told})
    return _kept(row, Kind.REPLY, by=by, on=on, told=told)


def decline(row: Submission, *, by: Person, note: str = "") -> Submission:
    if row.how:
        raise ValidationError(__("已经登记过采用，不能再登记为未采用。"))
    return steps.advance(row, "decline", by=by, note=note)


def _kept(row: Submission, kind: Any, *, by: Person, on: date, told: str, level: str = "") -> Submission:
    """Keep the outcome and tell the authors: whoever wrote learns what came of it."""
    if on > timezone.localdate() or on < row.happened_on:
        raise ValidationError({"on": __("日期应在报送当天与今天之间。")})
    Outcome.objects.create(submission=row, kind=kind, level=level or row.level, on=on, told=told, by=by)
    item = row.item
    text = format_lazy(_("您的建言有了结果（{kind}）：{item}"), kind=kind.label, item=item)
    notices.tell(item.authors, text, response=item.response, record=item, url=item.get_absolute_url())
    return row


ACTIONS: dict[str, Any] = {"adopt": adopt, "note": noted, "forward": forward, "reply": reply, "decline": decline}

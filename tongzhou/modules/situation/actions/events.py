"""Incidents on the reporting clock."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook, steps
from tongzhou.kernel.dates import moment
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.situation.models import Event, Telling

IN_TIME, LATE = _("按时"), _("超时")


def file(event: Event, *, by: Person) -> tuple[Event, bool]:
    """Start the clock at the time of finding."""
    if event.found_at > timezone.now():
        raise ValidationError({"found_at": __("发现时间不能晚于现在。")})
    try:
        event.edition = rulebook.in_force("situation", "reporting", timezone.localdate(event.found_at)).version
    except rulebook.NoRule as fault:
        raise ValidationError({"found_at": str(fault)}) from fault
    event.due_at = due_at = event.ticks([])[0].due_at
    return steps.file(event, by=by, data={"due": moment(due_at)})


@transaction.atomic
def tell(event: Event, *, by: Person, done_at: datetime, note: str = "") -> Event:
    """Tick the next step off. After the last one the reporting is finished."""
    tick = event.next_tick()
    if tick is None:
        raise steps.OutOfStep
    begun = max([event.found_at, *(one.done_at for one in event.tellings.all())])
    if not begun <= done_at <= timezone.now():
        raise ValidationError({"done_at": __("应在上一步（%(begun)s）之后、现在之前。") % {"begun": moment(begun)}})
    late = done_at > tick.due_at
    if late and not note.strip():
        raise ValidationError({"note": __("已超过时限 %(due)s，请写明原因。") % {"due": moment(tick.due_at)}})
    said = {"number": tick.number, "done": moment(done_at), "how": source_text(LATE if late else IN_TIME)}
    left = event.ticks([*(one.done_at for one in event.tellings.all()), done_at])[tick.number :]
    steps.advance(event, "tell", by=by, note=note, data=said, due_at=left[0].due_at if left else tick.due_at)
    Telling.objects.create(
        event=event, number=tick.number, due_at=tick.due_at, done_at=done_at, by=by, note=note.strip()[:200]
    )
    return event if left else steps.advance(event, "finish", by=by, note=source_text(_("各级均已报告")))

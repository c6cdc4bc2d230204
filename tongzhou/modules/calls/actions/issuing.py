"""A call from the draft to its end: written, reviewed and issued by another hand, chased, closed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, ledger, notices, steps
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.calls.actions.sending import addressees, own_url, reachable, send
from tongzhou.modules.calls.models import Call, Chase, Requirement
from tongzhou.modules.calls.workflow import FOLLOW, OPEN, CallState, ReplyState

Rows = Sequence[Mapping[str, Any]]


@transaction.atomic
def file(call: Call, *, by: Person, lines: Rows = (), addressed: Iterable[Unit] = ()) -> tuple[Call, bool]:
    """File a draft. `lines` have title, title_en, asks, follow_up and, if wanted, name. No unit named means all below."""
    units = list(addressed) or [call.unit]
    _inside(call.unit, units)
    call, new = steps.file(call, by=by)
    if new:
        call.addressed.set(units)
        set_requirements(call, lines)
    return call, new


@transaction.atomic
def amend(
    call: Call, *, by: Person, version: int, changes: Mapping[str, Any], lines: Rows | None = None,
    addressed: Iterable[Unit] | None = None,
) -> Call:  # fmt: skip
    """Change a draft, its requirements and whom it goes to. Raises OutOfStep, ValidationError, PermissionDenied."""
    call = steps.amend(call, by=by, version=version, **changes)
    if lines is not None and [dict(line) for line in lines] != call.line_values():
        call.requirements.all().delete()
        set_requirements(call, lines)
        steps.note(call, "amend", by=by, said=_("{by}修改了要求"))
    if addressed is not None:
        units = list(addressed) or [call.unit]
        _inside(call.unit, units)
        if {unit.pk for unit in units} != set(call.addressed.values_list("pk", flat=True)):
            call.addressed.set(units)
            steps.note(
                call,
                "amend",
                by=by,
                said=_("{by}修改了发至范围：{to}"),
                data={"to": "、".join(unit.name for unit in units)},
            )
    return call


def review(call: Call, *, by: Person, note: str = "") -> Call:
    _other_hand(call, by)
    return steps.advance(call, "review", by=by, note=note)


@transaction.atomic
def issue(call: Call, *, by: Person, note: str = "") -> Call:
    """Send the call out: every addressed unit and every active member gets a reply to fill, and a notice."""
    _other_hand(call, by)
    if not call.answer_by or call.answer_by < timezone.localdate():
        raise ValidationError(__("请先填写今天或以后的答复期限，再签发。"))
    if not call.requirements.exists():
        raise ValidationError(__("倡议还没有要求。请退回修改，至少写一项要求。"))
    units, members = addressees(call)
    if not members and not units:
        raise ValidationError(__("发至范围内没有单位，也没有在册人员。请退回修改发至范围。"))
    today = timezone.localdate()
    day = {"happened_on": today, "happened_precision": "day", "issued_by": by}
    data = {"units": len(units), "members": len(members)}
    steps.advance(call, "issue", by=by, note=note, data=data, **day)
    send(call, units, members, by)
    return call


@transaction.atomic
def top_up(call: Call, *, by: Person, note: str = "") -> Call:
    """Send it to units and members who have come since."""
    running(call)
    units, members = addressees(call)
    people = set(call.replies.filter(person__isnull=False).values_list("person", flat=True))
    known = set(call.replies.filter(person=None).values_list("unit", flat=True))
    units = [unit for unit in units if unit.pk not in known]
    members = [person for person in members if person.pk not in people]
    if not units and not members:
        raise ValidationError(__("没有新到的单位或人员。"))
    steps.advance(call, "top_up", by=by, note=note, data={"units": len(units), "members": len(members)})
    send(call, units, members, by)
    return call


def extend(call: Call, *, by: Person, answer_by: date, note: str = "") -> Call:
    running(call)
    if call.answer_by and answer_by <= call.answer_by:
        raise ValidationError({"answer_by": __("新的期限须晚于 %(day)s。") % {"day": call.answer_by}})
    data = {"old": str(call.answer_by or ""), "new_day": str(answer_by)}
    return steps.advance(call, "extend", by=by, note=note, data=data, answer_by=answer_by)


@transaction.atomic
def close(call: Call, *, by: Person, note: str = "") -> Call:
    """End it. Who had not answered stays recorded as such."""
    states = list(call.replies.filter(person__isnull=False).values_list("state", flat=True))
    data = {
        "members": len(states), "answered": states.count(ReplyState.ANSWERED), "missing": sum(s in OPEN for s in states),
    }  # fmt: skip
    return steps.advance(call, "close", by=by, note=note, data=data)


@transaction.atomic
def chase(call: Call, *, by: Person, unit: Unit | None = None) -> tuple[int, int, int]:
    """Remind who is missing, in the whole call or in one unit and below.

    Returns how many were reminded, how many had been today already, and how many cannot be reached by a notice.
    """
    where = unit or call.unit
    access.require(by, FOLLOW, where)
    running(call)
    hold(call)
    today, rows = timezone.localdate(), call.replies.filter(unit__path__startswith=where.path, person__isnull=False)
    missing = list(rows.filter(state__in=OPEN).select_related("person").order_by("pk"))
    done = set(Chase.objects.filter(reply__call=call, on=today).values_list("reply", flat=True))
    fresh = [reply for reply in missing if reply.pk not in done]
    reached = [reply for reply in fresh if reachable(reply.person)]
    if reached:
        Chase.objects.bulk_create([Chase(reply=reply, on=today, by=by) for reply in reached], batch_size=ledger.MANY)
        text = format_lazy(_("催办：请于{day}前答复“{call}”。"), day=str(call.answer_by), call=call)
        notices.tell(
            [reply.person for reply in reached if reply.person],
            text,
            response=call.response,
            record=call,
            url=own_url(call),
        )
        data = {"unit": where.name, "n": len(reached)}
        steps.note(call, "chase", by=by, said=_("{by}催办{unit}未答复的{n}人"), data=data)
    return len(reached), len(missing) - len(fresh), len(fresh) - len(reached)


def accept_call(source: Record, *, by: Person) -> Call:
    """A matter from another room becomes a draft that asks for it: one requirement, to be worded further before it is issued."""
    brief = source.brief()
    call = Call(
        pk=uuid5(source.pk, "call"), response=source.response, unit=source.unit, name=brief.title[:100], answer_by=brief.due,
    )  # fmt: skip
    return file(call, by=by, lines=[{"title": brief.title[:100], "asks": brief.text}])[0]


def running(call: Call) -> None:
    """Refuse what may be done only while the call is out."""
    if call.is_reported:
        raise ValidationError(__("这份倡议按报道补录，不能催办或登记答复。"))
    if not Call.objects.filter(pk=call.pk, state=CallState.ISSUED).exists():
        raise ValidationError(__("这份倡议还没有发出，或已经结束。"))


def hold(call: Call) -> None:
    """One at a time from here to the end of the transaction: who counts what is missing, and who changes it."""
    Call.objects.select_for_update().get(pk=call.pk)


def set_requirements(call: Call, lines: Rows) -> None:
    made = [{"name": f"r{n}", **line, "call": call, "number": n} for n, line in enumerate(lines, 1)]
    Requirement.objects.bulk_create([Requirement(**line) for line in made])


def _inside(unit: Unit, units: Iterable[Unit]) -> None:
    if outside := [one for one in units if not unit.contains(one)]:
        told = {"unit": unit, "names": __("、").join(map(str, outside))}
        raise ValidationError({"addressed": __("%(names)s不在%(unit)s之内，不能列入发至范围。") % told})


def _other_hand(call: Call, by: Person) -> None:
    """Whoever wrote the text, or a part of it, does not pass it."""
    if ledger.entries(call).filter(verb__in=["file", "amend"], by=by).exists():
        raise ValidationError(__("起草、修改过这份倡议的人不能审核或签发，请由另一人办理。"))

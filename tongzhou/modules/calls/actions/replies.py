"""The reply of one addressee: read, answered, put down for them, excused; and the unit that reports itself done."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tongzhou.kernel import handoff, notices, steps
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.calls import queries
from tongzhou.modules.calls.actions.issuing import hold, running
from tongzhou.modules.calls.models import Answer, Reply, Requirement
from tongzhou.modules.calls.workflow import ReplyState

Rows = Sequence[Mapping[str, Any]]
NAMES_TOLD = 10  # of those missing, in the refusal to settle
STARTED = (ReplyState.UNDELIVERED, ReplyState.DELIVERED)


def opened(reply: Reply, *, by: Person, note: str = "") -> Reply:
    """The addressee has the call before their eyes. Anyone else's look changes nothing."""
    if reply.call.is_open and reply.state in STARTED and reply.is_own(by):
        now = timezone.now()
        return steps.advance(reply, "open", by=by, read_at=now, delivered_at=reply.delivered_at or now)
    return reply


@transaction.atomic
def answer(reply: Reply, *, by: Person, answers: Rows = (), note: str = "") -> Reply:
    """The addressee answers every requirement, or changes what they said, until the call is closed.

    `answers` have requirement (its name), stance, and text or reason. Raises ValidationError naming what is missing.
    """
    if not reply.is_own(by):
        raise PermissionDenied(__("只能由本人答复。代他人登记，请用“代为登记答复”。"))
    return _answer(
        reply, "answer", by=by, answers=answers, note=note, known="", read_at=reply.read_at or timezone.now()
    )


@transaction.atomic
def register(reply: Reply, *, by: Person, answers: Rows = (), known: str = "", note: str = "") -> Reply:
    """Put down what an addressee said by word of mouth, and how it is known. One who can sign in is told of it."""
    if not known.strip():
        raise ValidationError({"known": __("请写明如何得知，例如“3月5日电话”。")})
    reply = _answer(reply, "register", by=by, answers=answers, note=note, known=known.strip())
    if reply.person and reply.person.username:
        text = format_lazy(_("{by}代您登记了对“{call}”的答复，您可以自行修改。"), by=by.name, call=reply.call)
        notices.tell([reply.person], text, response=reply.response, record=reply, url=reply.answer_url())
    return reply


def deliver(reply: Reply, *, by: Person, note: str = "") -> Reply:
    """Delivered is what was sent, in the issuing itself: nobody says so by hand. Told in person is `inform`."""
    raise OutOfStep


def inform(reply: Reply, *, by: Person, note: str = "") -> Reply:
    running(reply.call)
    return steps.advance(reply, "inform", by=by, note=note, delivered_at=timezone.now())


def excuse(reply: Reply, *, by: Person, note: str = "") -> Reply:
    running(reply.call)
    if reply.is_unit:
        raise ValidationError(__("单位不能免予答复，请在社员全部答复或说明情况后办结。"))
    return steps.advance(reply, "excuse", by=by, note=note)


@transaction.atomic
def restore(reply: Reply, *, by: Person, note: str = "") -> Reply:
    """Wait for the member again. Units above that have reported themselves done must be reopened first."""
    running(reply.call)
    hold(reply.call)
    above = [reply.unit.path[: i + 1] for i, letter in enumerate(reply.unit.path) if letter == "/" and i]
    settled = reply.call.replies.filter(person=None, state=ReplyState.SETTLED, unit__path__in=above)
    if found := settled.select_related("unit").first():
        raise ValidationError(__("%(unit)s已办结。请先恢复该单位的办理。") % {"unit": found.unit})
    return steps.advance(reply, "restore", by=by, note=note)


@transaction.atomic
def settle(reply: Reply, *, by: Person, note: str = "") -> Reply:
    """Report the unit done. Refused, with names, while a member is missing or a unit below is not done."""
    running(reply.call)
    hold(reply.call)
    if not reply.is_unit:
        raise ValidationError(__("只有单位可以办结。"))
    missing, below = queries.missing_members(reply), list(queries.unsettled_below(reply))
    if count := missing.count():
        names = __("、").join(str(one.person) for one in missing[:NAMES_TOLD])
        more = __("等") if count > NAMES_TOLD else ""
        told = {"n": count, "names": names + more}
        raise ValidationError(__("还有%(n)d人未答复，也未说明情况：%(names)s。请催办、代为登记或登记情况。") % told)
    if below:
        raise ValidationError(
            __("下级单位尚未办结：%(names)s。") % {"names": __("、").join(str(one.unit) for one in below)}
        )
    rows = reply.call.replies.filter(unit__path__startswith=reply.unit.path, person__isnull=False)
    return steps.advance(reply, "settle", by=by, note=note, data={"members": rows.count()})


@transaction.atomic
def reopen(reply: Reply, *, by: Person, note: str = "") -> Reply:
    running(reply.call)
    return steps.advance(reply, "reopen", by=by, note=note)


def follow_up(reply: Reply, kind: str, *, by: Person) -> Record:
    """Hand what was promised over to the room that takes it. The same reply again gives the same record there."""
    if not reply.answers.filter(requirement__follow_up=kind).exclude(stance="cannot").exists():
        raise ValidationError(__("这份答复没有表示“%(what)s”的意愿。") % {"what": Requirement.FollowUp(kind).label})
    return handoff.hand_over(reply, kind, by=by)


def _answer(reply: Reply, move: str, *, by: Person, answers: Rows, note: str, **changes: Any) -> Reply:
    running(reply.call)
    made = _checked(reply, answers)
    with override("zh-hans"):  # as the ledger keeps it
        said = "；".join(one.words() for one in made)
    data = {"answers": said, "known": changes["known"]}
    steps.advance(reply, move, by=by, note=note, data=data, answered_at=timezone.now(), **changes)
    reply.answers.all().delete()
    Answer.objects.bulk_create(made)
    return reply


def _checked(reply: Reply, answers: Rows) -> list[Answer]:
    """One answer for each requirement of the call, each whole. Raises ValidationError naming the first that is not."""
    given = {row["requirement"]: row for row in answers}
    requirements = list(reply.call.requirements.all())
    if unknown := set(given) - {one.name for one in requirements}:
        raise ValidationError(__("倡议中没有这项要求：%(name)s。") % {"name": min(unknown)})
    made = []
    for one in requirements:
        row = given.get(one.name)
        if row is None or row["stance"] not in Answer.Stance.values:
            raise ValidationError(__("请逐项答复，还缺：%(requirement)s。") % {"requirement": one})
        text, reason = row.get("text", "").strip(), row.get("reason", "").strip()
        if row["stance"] == Answer.Stance.CANNOT and not reason:
            raise ValidationError(__("做不到的，请写明原因：%(requirement)s。") % {"requirement": one})
        reason = reason if row["stance"] == Answer.Stance.CANNOT else ""
        made.append(Answer(reply=reply, requirement=one, stance=row["stance"], text=text, reason=reason))
        made[-1].clean_fields(exclude=["reply", "requirement"])
    return made

"""A visit with its answers, its findings and their photographs: filed whole or not at all, once for each key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import attachments, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.inspections.actions import findings
from tongzhou.modules.inspections.models import Answer, Delivery, Finding, Round, Visit
from tongzhou.modules.inspections.workflow import INSPECT, FindingState, RoundState, VisitState


@dataclass(frozen=True)
class Said:
    """What was found at one item: the finding, and photographs of it and of how it was put right at once."""

    code: str
    text: str
    task: str
    severity: str
    spot: bool = False
    measure: str = ""
    pictures: Sequence[Any] = field(default=())
    fixed: Sequence[Any] = field(default=())


@transaction.atomic
def file(
    visit: Visit, *, by: Person, answers: Sequence[tuple[str, str, str]] = (), said: Sequence[Said] = (),
    fellows: Iterable[Person] = (),
) -> tuple[Visit, bool]:  # fmt: skip
    """`answers` are (code, verdict, words). Filed again under the same key, what is there comes back unchanged.

    Taken as long as the round has begun, also when it is over: a draft that comes late from where there was no network
    tells of what happened.
    """
    round = visit.round
    if round.state == RoundState.DRAFT or not round.stops.filter(place=visit.place_id).exists():
        raise ValidationError(__("这个场所不在这一轮的检查之列。"))
    visit.response, visit.unit, visit.edition = round.response, round.unit, round.edition
    visit.happened_on = timezone.localdate(visit.ended_at)
    visit, new = _file_once(visit, by)
    if new:
        visit.inspectors.set({by, *fellows})
        Answer.objects.bulk_create([Answer(visit=visit, code=c, verdict=v, words=w) for c, v, w in answers])
        for one in said:
            _find(visit, one, by)
    return visit, new


def _file_once(visit: Visit, by: Person) -> tuple[Visit, bool]:
    """The second visit to a place in a round is marked as a repeat; of two at the same moment the database decides which that is."""
    others = Visit.objects.filter(round=visit.round, place=visit.place, repeat=False, state=VisitState.MADE)
    visit.repeat = others.exclude(pk=visit.pk).exists()
    told = {"place": visit.place.name}
    try:
        with transaction.atomic():
            return steps.file(visit, by=by, data=told)
    except IntegrityError:
        visit.repeat = True
        return steps.file(visit, by=by, data=told)


def _find(visit: Visit, said: Said, by: Person) -> None:
    finding = Finding(
        pk=uuid5(visit.pk, said.code), response=visit.response, unit=visit.unit, visit=visit, round=visit.round, place=visit.place,
        code=said.code, text=said.text, task=said.task, severity=said.severity, found_by=by, happened_on=visit.happened_on,
    )  # fmt: skip
    finding, _new = steps.file(finding, by=by, data={"text": said.text})
    for sent in said.pictures:
        attachments.attach_picture(finding, sent, by=by, needs=INSPECT, purpose="finding")
    if said.spot:
        findings.fix(finding, by=by, measure=said.measure, pictures=said.fixed)


def void(visit: Visit, *, by: Person, note: str = "") -> Visit:
    """A visit put down by mistake. Its findings go first; a repeat takes its place."""
    if visit.findings.exclude(state=FindingState.WITHDRAWN).exists():
        raise ValidationError(__("这次检查还有未撤销的问题，请先撤销。"))
    with transaction.atomic():
        steps.advance(visit, "void", by=by, note=note)
        again = Visit.objects.filter(round=visit.round, place=visit.place, repeat=True, state=VisitState.MADE)
        if not visit.repeat and (other := again.order_by("started_at", "pk").first()):
            steps.amend(other, by=by, repeat=False)
    return visit


# -- what devices deliver


def known(draft: UUID, digest: str, by: Person) -> str:
    """ "duplicate" for a draft that is here already under this digest, "conflict" for a key that means something else, "" for a new one."""
    rows = Delivery.objects.filter(draft=draft)
    if same := rows.filter(digest=digest, by=by).first():
        return "duplicate" if same.visit_id else "conflict"
    return "conflict" if rows.exists() or Visit.objects.filter(pk=draft).exists() else ""


@transaction.atomic
def deliver(visit: Visit, *, by: Person, digest: str, **report: Any) -> str:
    """File the visit that a device made, with the proof that it is here. Two requests at once: one stores, one is the duplicate."""
    try:
        with transaction.atomic():
            kept, new = file(visit, by=by, **report)
            if not new:
                return "conflict"
            Delivery.objects.create(draft=kept.pk, digest=digest, round=kept.round, visit=kept, by=by)
    except IntegrityError:
        return known(visit.pk, digest, by) or "conflict"
    return "stored"


def keep_clash(draft: UUID, digest: str, text: str, *, round: Round, by: Person) -> None:
    """Another text under a known key is kept word for word, once; whoever plans the round looks at both."""
    Delivery.objects.get_or_create(draft=draft, digest=digest, by=by, defaults={"round": round, "text": text})

"""What a supervisor says about what does not fit."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, seal, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions import boxes, publishing
from tongzhou.modules.testing.models import KINDS, Campaign, Conflict, Count, Pool, PoolPerson, Resident, Tube
from tongzhou.modules.testing.rules import Counted, Fact, Kind
from tongzhou.modules.testing.workflow import JUDGE

NAMED = _("{by}查明管{tube}里一人是谁，记到本人名下")
DECIDED = _("{by}处理待核记录{n}条：{decision}")
WEIGHT = {KINDS[Kind.SAMPLE]: 1, KINDS[Kind.CORRECT]: -1}  # people in the tube; what closes it brings nobody
KEPT = Conflict.Decision.KEPT


@transaction.atomic
def decide(campaign: Campaign, keys: Iterable[UUID], *, by: Person, decision: str, note: str = "") -> int:
    """Say the same of several, once each; returns how many were still open. What is kept has its effect, what is dismissed loses it.

    Raises ValidationError where a box that is kept cannot be; then none of them is decided.
    """
    access.require(by, JUDGE, campaign)
    if decision not in Conflict.Decision.values:
        raise ValidationError(__("请选择处理意见。"))
    if decision == Conflict.Decision.DISMISSED and not note.strip():
        raise ValidationError(__("不计入的，请写明原因。"))
    found = Conflict.objects.select_for_update().filter(campaign=campaign, pk__in=list(keys), decision="")
    open_ones = list(found.order_by("at", "device", "seq"))  # a box is sealed before it is taken away
    gone = queries.taken_back(campaign, {one.device_id for one in open_ones})
    for one in open_ones:
        if not one.is_box:
            _weigh(one, decision == KEPT, (one.device_id, one.seq) in gone)
        elif decision == KEPT:
            _box(one, by, note)
    changed = {"decision": decision, "note": note.strip()[:200], "decided_by": by, "decided_at": timezone.now()}
    Conflict.objects.filter(pk__in=[one.pk for one in open_ones], decision="").update(**changed)
    if open_ones:
        data = {"n": len(open_ones), "decision": source_text(Conflict.Decision(decision).label)}
        steps.note(campaign, "decide", by=by, said=DECIDED, text=note, data=data)
        publishing.want(campaign)  # whose swab counts now has a result, whose does not has none
    return len(open_ones)


@transaction.atomic
def name(one: Conflict, *, by: Person, document: str, number: str, name: str = "", note: str = "") -> None:
    """Whose swab it was whose code could not be read: of whoever has this document, or this code. Said once; it is kept by that.

    Somebody whom the register does not know is put into it, which takes a `name`. Raises ValidationError.
    """
    access.require(by, JUDGE, one.campaign)
    one = Conflict.objects.select_for_update().select_related("campaign").get(pk=one.pk)
    if not one.nameless:
        raise ValidationError(__("这条记录已经有人名，或已作误扫处理。"))
    code = rules.read_code(number)
    person = UUID(bytes=code.person if code else rules.person_key(document, number))
    if not code and not Resident.objects.filter(pk=person).exists():
        if not name:
            raise ValidationError(
                {"name": __("居民登记里没有这个证件。请核对号码；确实没有登记过的，填写姓名，一并登记。")}
            )
        given = {"document": document, "name": name, "number": number}
        Resident.objects.create(key=person, registered_at=timezone.now(), **given)
    if not one.decision:
        decide(one.campaign, [one.pk], by=by, decision=KEPT, note=note)
    Conflict.objects.filter(pk=one.pk, person=None).update(person=person)
    steps.note(one.campaign, "name", by=by, said=NAMED, text=note, data={"tube": one.tube})
    for pool in Pool.objects.filter(campaign=one.campaign, tube=one.tube):
        PoolPerson.objects.get_or_create(pool=pool, person=person)
        steps.note(pool, "name", by=by, said=NAMED, text=note, data={"tube": one.tube})
    publishing.want(one.campaign)


def told(one: Conflict) -> Fact | None:
    """The text as the device wrote it; None when it was cleared, or cannot be opened. What is in it of a person is shown by `steps.reveal` only."""
    try:
        return msgspec.json.decode(seal.open(one, "text"), type=Fact)
    except (seal.Broken, msgspec.DecodeError):
        return None


def _box(one: Conflict, by: Person, note: str) -> None:
    fact = told(one)
    try:
        if fact is None:
            raise ValidationError(__("原文已清除或无法读取，请在转运箱页面登记，再把这条记录作误扫处理。"))
        boxes.told(one.device_id, fact, one.at, by=by, note=note)
    except (ValidationError, OutOfStep) as fault:
        why = "".join(fault.messages) if isinstance(fault, ValidationError) else __("它不在可以交转运的状态。")
        words = __("转运箱%(box)s不能计入：%(why)s请先更正转运箱；已经另行登记的，把这条记录作误扫处理。")
        raise ValidationError(words % {"box": one.tube, "why": why}) from None


def _weigh(one: Conflict, kept: bool, taken_back: bool) -> None:
    """In the tube's count stand swabs from the beginning, except those that bear another's number; nothing else does before it is kept.

    A swab that its own device took back has left the count already.
    """
    weight = WEIGHT.get(one.fact, 0)
    if weight > 0 and not taken_back:
        before = one.stored or one.kind != Conflict.Kind.NUMBER
        _put(one, weight * (kept - before))
    elif weight < 0 and kept:
        _put(one, weight)
    elif one.fact == KINDS[Kind.CLOSE] and kept and _tube(one).filter(closed_at=None).update(closed_at=one.at):
        _count(one, Counted.CLOSED)


def _put(one: Conflict, change: int) -> None:
    """Into the tube of that device, or out of it; a tube known from this alone is opened by it."""
    if not change or _tube(one).update(people=F("people") + change):
        return
    session = queries.session(one.device_id)
    assert session is not None
    of = {"campaign": one.campaign, "code": one.tube, "device": one.device}
    Tube.objects.create(**of, size=session.station.size, people=change, opened_at=one.at, last_at=one.at)
    _count(one, Counted.OPENED)


def _tube(one: Conflict) -> QuerySet[Tube]:
    return Tube.objects.filter(campaign=one.campaign_id, code=one.tube, device=one.device_id)  # type: ignore[misc]  # an id may be None there, and then finds nothing


def _count(one: Conflict, what: Counted) -> None:
    Count.more(one.campaign_id, one.device_id, int(one.at.timestamp() * 1000), what)

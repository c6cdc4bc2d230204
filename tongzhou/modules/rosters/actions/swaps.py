"""Swaps: asked, agreed to, approved. A swap that would break a hard rule for either side is refused, naming it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, rulebook, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters import queries
from tongzhou.modules.rosters.actions import duties
from tongzhou.modules.rosters.models import Duty, Swap
from tongzhou.modules.rosters.workflow import PLAN


@transaction.atomic
def file(swap: Swap, *, by: Person) -> tuple[Swap, bool]:
    """Ask a colleague. Refused at once when it could not be."""
    if swap.duty.person_id != by.pk:
        raise ValidationError(__("只能换出自己的班。"))
    swap.asker, swap.unit, swap.response = by, swap.duty.unit, swap.duty.response
    check(swap)
    told = {"colleague": swap.colleague.name, "duty": str(swap.duty.what)}
    swap, new = steps.file(swap, by=by, data=told)
    if new:
        text = format_lazy(_("{asker}请您换班：{shift}。"), asker=by.name, shift=str(swap.duty.what))
        notices.tell([swap.colleague], text, response=swap.response, record=swap, url=swap.get_absolute_url())
    return swap, new


@transaction.atomic
def consent(swap: Swap, *, by: Person, note: str = "") -> Swap:
    """The colleague agrees. Where the rules ask for it the head decides next; else it takes effect."""
    _only(swap.colleague, by)
    check(swap)
    if rulebook.in_force("rosters", "rest", swap.duty.happened_on)["approve_swaps"]:
        steps.advance(swap, "consent", by=by, note=note)
        text = format_lazy(_("换班待您批准：{swap}。"), swap=str(swap))
        heads = access.holders(PLAN, swap.unit).exclude(pk__in=[swap.asker_id, swap.colleague_id])
        notices.tell(heads, text, response=swap.response, record=swap, url=swap.get_absolute_url())
        return swap
    steps.advance(swap, "settle", by=by, note=note)
    return _carry_out(swap)


@transaction.atomic
def approve(swap: Swap, *, by: Person, note: str = "") -> Swap:
    if by.pk in {swap.asker_id, swap.colleague_id}:
        raise ValidationError(__("不能批准自己的换班，请由另一位负责人办理。"))
    check(swap)
    steps.advance(swap, "approve", by=by, note=note)
    return _carry_out(swap, by=by)


def decline(swap: Swap, *, by: Person, note: str = "") -> Swap:
    _only(swap.colleague, by)
    return _ended(swap, "decline", by=by, note=note)


def reject(swap: Swap, *, by: Person, note: str = "") -> Swap:
    return _ended(swap, "reject", by=by, note=note)


def withdraw(swap: Swap, *, by: Person, note: str = "") -> Swap:
    _only(swap.asker, by)
    return steps.advance(swap, "withdraw", by=by, note=note)


def check(swap: Swap) -> None:
    """Both duties are still to come and still theirs, and nobody would break a rule. Raises ValidationError naming what."""
    if swap.asker_id == swap.colleague_id:
        raise ValidationError({"colleague": __("请选另一个人。")})
    for duty, owner in ((swap.duty, swap.asker), (swap.back, swap.colleague)):
        if duty is not None and not (duty.is_to_come(timezone.now()) and duty.person_id == owner.pk):
            raise ValidationError(__("%(duty)s 已不能换：班已开始，或已换人。") % {"duty": duty})
    faults = _broken(swap.colleague, swap.duty, swap.back)
    faults += _broken(swap.asker, swap.back, swap.duty) if swap.back else []
    if faults:
        raise ValidationError(faults)


def _broken(person: Person, takes: Duty, gives: Duty | None) -> list[str]:
    """Faults of `person` taking one duty and giving the other; the skill asked for is that of the place they take over."""
    assert takes.shift is not None
    found = queries.breaches_of(person, takes.shift, without=[gives] if gives else [], skills=False)
    faults = [__("%(person)s：%(rule)s") % {"person": person, "rule": queries.spoken(one)} for one in found]
    if not queries.replaceable(takes, person):
        faults.append(__("%(person)s：没有所需技能") % {"person": person})
    return faults


def _carry_out(swap: Swap, *, by: Person | None = None) -> Swap:
    """Each duty changes hands by the head who approved, or by whoever gives it away."""
    assert swap.duty.roster is not None  # `check` has seen that both are of rosters
    duties.hold(swap.duty.roster)
    _replace(swap.duty, swap.asker, swap.colleague, by or swap.asker)
    if swap.back:
        _replace(swap.back, swap.colleague, swap.asker, by or swap.colleague)
    text = format_lazy(_("换班已生效：{swap}。"), swap=str(swap))
    both = [swap.asker, swap.colleague]
    notices.tell(both, text, response=swap.response, record=swap, url=swap.get_absolute_url())
    return swap


def _replace(duty: Duty, old: Person, person: Person, by: Person) -> None:
    steps.advance(duty, "replace", by=by, data={"old": old.name, "person": person.name}, person=person)
    if duty.shift:
        duties.recount([duty.shift])


def _ended(swap: Swap, move: str, *, by: Person, note: str) -> Swap:
    with transaction.atomic():
        steps.advance(swap, move, by=by, note=note)
        text = format_lazy(_("换班没有换成：{swap}。"), swap=str(swap))
        notices.tell([swap.asker], text, response=swap.response, record=swap, url=swap.get_absolute_url())
    return swap


def _only(person: Person, by: Person) -> None:
    if person.pk != by.pk:
        raise ValidationError(__("只有%(person)s本人可以这样做。") % {"person": person})

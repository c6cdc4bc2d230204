"""From stock to the recipient's signature, and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, steps
from tongzhou.kernel.dates import When
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.actions.stock import Shift, shift
from tongzhou.modules.donations.models import Allocation, Line, Recipient, Share
from tongzhou.modules.donations.workflow import KEEP, GiftState

EVENLY, JOINTLY = "evenly", "jointly"
COPIED = ("response", "unit", "happened_on", "happened_precision", "quantity", "bound", "source", "basis", "consent")


@transaction.atomic
def file(
    allocation: Allocation,
    *,
    by: Person,
    lines: Sequence[Mapping[str, Any]] = (),
    recipients: str = "",
    how: str = EVENLY,
) -> tuple[Allocation, bool]:
    """Decide who gets what. `lines` have line and quantity; `recipients` are names, one a line.

    Several recipients share evenly, each by an allocation of its own (the first is returned), or receive jointly by one.
    """
    receivers = [_recipient(name) for name in rules.names(recipients)]
    if not receivers or not lines:
        raise ValidationError(__("请写明受捐方和分配的物资。"))
    _check(allocation, receivers, [row["line"] for row in lines], by=by)
    groups = [receivers] if how == JOINTLY else [[receiver] for receiver in receivers]
    parts = {row["line"].pk: rules.split(row["quantity"], [1] * len(groups)) for row in lines}
    first, is_new = allocation, False
    for i, group in enumerate(groups):
        one = (
            allocation
            if not i
            else Allocation(pk=uuid5(allocation.pk, str(i)), **{name: getattr(allocation, name) for name in COPIED})
        )
        kept, new = _file(one, group, [(row["line"], parts[row["line"].pk][i]) for row in lines], by=by)
        if not i:
            first, is_new = kept, new
    return first, is_new


@transaction.atomic
def deliver(
    allocation: Allocation,
    *,
    by: Person,
    handler: str,
    day: When | None = None,
    counts: Mapping[int, int] | None = None,
    note: str = "",
) -> Allocation:
    """Handed over. `counts` by share say what really went (default: all); the rest goes back to stock, with its reason."""
    day = day or When(timezone.localdate())
    shares = _shares(allocation)
    gone = {share.pk: share.quantity if counts is None else counts.get(share.pk, 0) for share in shares}
    _within(shares, gone, lambda share: share.quantity)
    if any(gone[share.pk] < share.quantity for share in shares) and not note.strip():
        raise ValidationError({"note": __("送达数量少于分配数量，请写明原因；余下的回到库存。")})
    told = "、".join(share.line.told(gone[share.pk]) for share in shares)
    fields = {"handler": handler, "happened_on": day.day, "happened_precision": day.precision}
    steps.advance(allocation, "deliver", by=by, note=note, data={"goods": told, "handler": handler}, **fields)
    shifts = [Shift(share.line, "delivered", gone[share.pk], share) for share in shares]
    shifts += [Shift(share.line, "released", share.quantity - gone[share.pk], share) for share in shares]
    shift(allocation, shifts, by=by, day=day.day, reason=note.strip())
    for share in shares:
        Share.objects.filter(pk=share.pk).update(delivered=gone[share.pk])
    return allocation


def sign(
    allocation: Allocation,
    *,
    by: Person,
    signer_post: str = "",
    signer: str = "",
    paper: str = "",
    day: date | None = None,
    note: str = "",
) -> Allocation:
    """The recipient's representative has signed. The name is sealed; the ledger keeps the post and the number of the paper."""
    fields: dict[str, Any] = {"signer_post": signer_post, "paper": paper, "signed_on": day or timezone.localdate()}
    if signer:
        fields["signer"] = signer
    goods = "、".join(share.line.told(share.delivered) for share in _shares(allocation))
    data = {"goods": goods, "recipients": _to(allocation)}
    return steps.advance(allocation, "sign", by=by, note=note, data=data, **fields)


def take_back(allocation: Allocation, *, by: Person, counts: Mapping[int, int], note: str = "") -> Allocation:
    return _return(allocation, "take_back", by=by, counts=counts, note=note)


def take_back_all(allocation: Allocation, *, by: Person, note: str = "") -> Allocation:
    counts = {share.pk: share.delivered for share in _shares(allocation)}
    return _return(allocation, "take_back_all", by=by, counts=counts, note=note)


@transaction.atomic
def cancel(allocation: Allocation, *, by: Person, note: str = "") -> Allocation:
    shares = _shares(allocation)
    told = "、".join(share.line.told(share.quantity) for share in shares)
    steps.advance(allocation, "cancel", by=by, note=note, data={"goods": told})
    shifts = [Shift(share.line, "released", share.quantity, share) for share in shares]
    shift(allocation, shifts, by=by, day=timezone.localdate(), reason=note.strip())
    return allocation


def _file(
    allocation: Allocation, group: list[Recipient], parts: list[tuple[Line, int]], *, by: Person
) -> tuple[Allocation, bool]:
    for line, quantity in parts:
        if not quantity:
            raise ValidationError(__("“%(item)s”不够每家分到，请减少受捐方或增加数量。") % {"item": line.item})
    goods = "、".join(line.told(quantity) for line, quantity in parts)
    named = "、".join(recipient.name for recipient in group)
    allocation, new = steps.file(allocation, by=by, data={"recipients": named, "goods": goods})
    if new:
        allocation.recipients.set(group)
        shares = [Share.objects.create(allocation=allocation, line=line, quantity=quantity) for line, quantity in parts]
        shifts = [Shift(share.line, "allocated", share.quantity, share) for share in shares]
        shift(allocation, shifts, by=by, day=allocation.happened_on)
    return allocation, new


def _check(allocation: Allocation, receivers: list[Recipient], lines: list[Line], *, by: Person) -> None:
    """Only what is on the books, within reach, not expired, each line once, and where the donor wanted it to go."""
    if len({line.pk for line in lines}) != len(lines):
        raise ValidationError(__("同一项物资请只写一行。"))
    for line in lines:
        gift = line.gift
        if gift.response_id != allocation.response_id or not access.may(by, KEEP, gift):
            raise ValidationError(__("“%(item)s”不在您管理的物资中。") % {"item": line.item})
        if gift.state != GiftState.STOCKED:
            raise ValidationError(__("“%(item)s”还没有入账，不能分配。") % {"item": line.item})
        if line.expired(timezone.localdate()) and not allocation.source:
            raise ValidationError(
                __("“%(item)s”已于%(day)s过期，不能分配；请用“报损”处理。")
                % {"item": line.item, "day": line.expires_on}
            )
        strangers = rules.outside(rules.names(gift.designated), [receiver.name for receiver in receivers])
        if strangers and not allocation.consent:
            said = {
                "item": line.item,
                "meant": __("、").join(rules.names(gift.designated)),
                "other": __("、").join(strangers),
            }
            raise ValidationError(
                {
                    "consent": __(
                        "“%(item)s”是定向捐给%(meant)s的，不能分给%(other)s；捐赠人同意改变去向的，请写明凭据。"
                    )
                    % said
                }
            )


def _recipient(name: str) -> Recipient:
    """A unit by its name or code, else a body outside by its name."""
    unit = Unit.objects.filter(Q(name=name) | Q(code=name) | Q(name_en=name)).first()
    if unit is None:
        return Recipient.objects.get_or_create(name=name)[0]
    return Recipient.objects.get_or_create(unit=unit, defaults={"name": unit.name, "name_en": unit.name_en})[0]


def _to(allocation: Allocation) -> str:
    return "、".join(recipient.name for recipient in allocation.recipients.all())


def _shares(allocation: Allocation) -> list[Share]:
    return list(allocation.shares.select_related("line__item", "allocation"))


def _within(shares: list[Share], counts: Mapping[int, int], most: Any) -> None:
    for share in shares:
        if not 0 <= counts.get(share.pk, 0) <= most(share):
            raise ValidationError(
                __("“%(item)s”最多%(most)s。") % {"item": share.line.item, "most": share.line.amount(most(share))}
            )


@transaction.atomic
def _return(allocation: Allocation, move: str, *, by: Person, counts: Mapping[int, int], note: str) -> Allocation:
    shares = [share for share in _shares(allocation) if counts.get(share.pk)]
    if not shares:
        raise ValidationError(__("请至少填写一项数量。"))
    told = "、".join(share.line.told(counts[share.pk]) for share in shares)
    steps.advance(allocation, move, by=by, note=note, data={"goods": told, "recipients": _to(allocation)})
    for share in shares:
        left = Share.objects.filter(pk=share.pk, delivered__gte=counts[share.pk])
        if not left.update(delivered=F("delivered") - counts[share.pk]):
            raise ValidationError(
                __("“%(item)s”最多%(most)s。") % {"item": share.line.item, "most": share.line.amount(share.delivered)}
            )
    shifts = [Shift(share.line, "taken_back", counts[share.pk], share) for share in shares]
    shift(allocation, shifts, by=by, day=timezone.localdate(), reason=note.strip())
    return allocation

"""A gift from the promise to the books, and what may befall it there."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.dates import When
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Record, Response
from tongzhou.modules.donations.actions.stock import Shift, revalue, shift
from tongzhou.modules.donations.models import Gift, Item, Line
from tongzhou.modules.donations.workflow import PLEDGE, GiftState

Rows = Sequence[Mapping[str, Any]]
Amounts = Mapping[int, int]  # by the key of the line; of the measure, or fen


@transaction.atomic
def file(gift: Gift, *, by: Person, lines: Rows = ()) -> tuple[Gift, bool]:
    """File a promise. `lines` have item, item_en, measure, quantity, value_fen, basis, batch, expires_on."""
    made = [_line(gift, number, row) for number, row in enumerate(lines, 1)]
    goods = "、".join(line.told(line.quantity) for line in made) or source_text(_("明细待补"))
    gift, new = steps.file(gift, by=by, data={"goods": goods})
    if new:
        Line.objects.bulk_create(made)
    return gift, new


@transaction.atomic
def amend(gift: Gift, *, by: Person, version: int, changes: Mapping[str, Any], lines: Rows | None = None) -> Gift:
    """Change what was promised. What has been counted is changed by counting again or by a correction; the donor's will by consent."""
    access.require(by, PLEDGE, gift)
    # holds the row
    if not Gift.objects.filter(pk=gift.pk, version=version, state=gift.state).update(version=F("version")):
        raise steps.OutOfStep
    made = [_line(gift, number, row) for number, row in enumerate(lines, 1)] if lines is not None else None
    replaced = made is not None and [line.as_form() for line in made] != gift.line_values()
    if gift.state != GiftState.PLEDGED:
        if replaced:
            raise ValidationError(__("已经清点的明细不能修改：未入账的请重新初点，已入账的请用“更正数量”。"))
        if any(name in changes and changes[name] != getattr(gift, name) for name in ("designated", "purpose")):
            raise ValidationError(__("收到之后不能修改定向内容。捐赠人同意改变去向的，请在分配时写明凭据。"))
    gift = steps.amend(gift, by=by, version=version, **changes)
    if replaced and made is not None:
        gift.lines.all().delete()
        Line.objects.bulk_create(made)
        goods = "、".join(line.told(line.quantity) for line in made)
        steps.note(gift, "amend", by=by, said=_("{by}修改了明细：{goods}"), data={"goods": goods})
    return gift


def receive(
    gift: Gift, *, by: Person, counts: Amounts, note: str = "", day: When | None = None, place: str = ""
) -> Gift:
    """The first count."""
    changes = {"place": place} if place else {}
    return _count(
        gift, "receive", by=by, counts=counts, note=note, day=day or When(timezone.localdate()), changes=changes
    )


def recount(gift: Gift, *, by: Person, counts: Amounts, note: str = "") -> Gift:
    return _count(gift, "recount", by=by, counts=counts, note=note, day=gift.when, changes={})


@transaction.atomic
def stock(gift: Gift, *, by: Person, counts: Amounts, note: str = "") -> Gift:
    """The second count, by another person; what it finds goes on the books. A difference from the first needs its reason."""
    lines = _lines(gift, counts)
    if gift.counted_by_id == by.pk:
        raise ValidationError(__("复点须由初点人以外的另一人进行。"))
    apart = [line for line in lines if line.counted != counts[line.pk]]
    if apart and not note.strip():
        told = __("；").join(
            __("%(item)s初点%(first)s、复点%(second)s")
            % {"item": line.item, "first": line.amount(line.counted or 0), "second": line.amount(counts[line.pk])}
            for line in apart
        )
        raise ValidationError(
            {"note": __("两次清点不一致：%(told)s。请重新初点，或写明原因后以复点为准。") % {"told": told}}
        )
    slip = _slip_number(gift)
    data = {"goods": _words(lines, counts), "slip": slip}
    steps.advance(
        gift, "stock", by=by, note=note, data=data, stocked_by=by, stocked_at=timezone.now(), slip_number=slip
    )
    for line in lines:
        revalue(line, counts[line.pk])
    shift(
        gift,
        [Shift(line, "received", counts[line.pk]) for line in lines],
        by=by,
        day=gift.happened_on,
        reason=note.strip(),
    )
    return gift


def receipt(gift: Gift, *, by: Person, note: str = "", **fields: Any) -> Gift:
    """Who issued the legal receipt (公益事业捐赠法第十六条), or that the donor wants none."""
    for name, value in fields.items():
        setattr(gift, name, value)
    return steps.advance(gift, "receipt", by=by, note=note, data={"receipt": _receipt(gift)}, **fields)


def lose(gift: Gift, *, by: Person, counts: Amounts, note: str = "") -> Gift:
    return _befall(gift, "lose", "lost", by=by, counts=counts, note=note)


def send_back(gift: Gift, *, by: Person, counts: Amounts, note: str = "") -> Gift:
    return _befall(gift, "send_back", "returned", by=by, counts=counts, note=note)


@transaction.atomic
def correct(gift: Gift, *, by: Person, counts: Amounts, note: str = "") -> Gift:
    """Set what the books say was received: `counts` are the right numbers. The old ones stay in the movements."""
    lines = list(gift.lines.select_related("item").select_for_update(of=("self",)).filter(pk__in=counts))
    wrong = {line.pk: counts[line.pk] - line.received for line in lines if counts[line.pk] != line.received}
    if not wrong:
        raise ValidationError(__("填写的数量与账上一致，没有可更正的。"))
    told = "、".join(
        f"{line.told(line.received)} → {line.amount(counts[line.pk], 'zh')}" for line in lines if line.pk in wrong
    )
    steps.advance(gift, "correct", by=by, note=note, data={"goods": told})
    for line in lines:
        revalue(line, counts[line.pk])
    shifts = [Shift(line, "corrected", wrong[line.pk]) for line in lines if line.pk in wrong]
    shift(gift, shifts, by=by, day=timezone.localdate(), reason=note.strip())
    return gift


def accept_pledge(source: Record, *, by: Person) -> Gift:
    """A matter from another room becomes a promise whose lines are still to be asked for."""
    person = getattr(source, "person", None)
    donor = {"donor_person": person} if person else {"donor_unit": source.unit}
    gift = Gift(
        pk=uuid5(source.pk, "gift"),
        response=source.response,
        unit=source.unit,
        happened_on=source.happened_on,
        happened_precision=source.happened_precision,
        **donor,
    )
    return file(gift, by=by)[0]


@transaction.atomic
def _count(
    gift: Gift, move: str, *, by: Person, counts: Amounts, note: str, day: When, changes: Mapping[str, Any]
) -> Gift:
    lines = _lines(gift, counts)
    apart = [line for line in lines if line.quantity != counts[line.pk]]
    if apart and not note.strip():
        told = __("；").join(
            __("%(item)s意向%(first)s、实收%(second)s")
            % {"item": line.item, "first": line.amount(line.quantity), "second": line.amount(counts[line.pk])}
            for line in apart
        )
        raise ValidationError({"note": __("与意向不一致：%(told)s。请写明原因。") % {"told": told}})
    fields = {"counted_by": by, "happened_on": day.day, "happened_precision": day.precision, **changes}
    steps.advance(gift, move, by=by, note=note, data={"goods": _words(lines, counts)}, **fields)
    for line in lines:
        Line.objects.filter(pk=line.pk).update(counted=counts[line.pk])
    return gift


@transaction.atomic
def _befall(gift: Gift, move: str, kind: str, *, by: Person, counts: Amounts, note: str) -> Gift:
    lines = [line for line in gift.lines.select_related("item") if counts.get(line.pk)]
    if not lines:
        raise ValidationError(__("请至少填写一项数量。"))
    steps.advance(gift, move, by=by, note=note, data={"goods": _words(lines, counts)})
    shift(
        gift,
        [Shift(line, kind, counts[line.pk]) for line in lines],
        by=by,
        day=timezone.localdate(),
        reason=note.strip(),
    )
    return gift


def _lines(gift: Gift, counts: Amounts) -> list[Line]:
    """All lines of the gift, each counted; none may be passed over."""
    lines = list(gift.lines.select_related("item"))
    if not lines:
        raise ValidationError(__("这笔捐赠还没有明细。请先用“修改”补上品名和数量。"))
    if {line.pk for line in lines} != set(counts):
        raise ValidationError(__("每一项都要填写清点数量；没有收到的填 0。"))
    return lines


def _line(gift: Gift, number: int, row: Mapping[str, Any]) -> Line:
    item, _new = Item.objects.get_or_create(
        name=row["item"], measure=row["measure"], defaults={"name_en": row.get("item_en", "")}
    )
    basis, value = row.get("basis") or Line.Basis.NONE, row.get("value_fen")
    if item.is_money:
        basis, value = Line.Basis.FACE, row["quantity"]
    return Line(
        gift=gift, number=number, item=item, quantity=row["quantity"], value_fen=value, basis=basis,
        batch=row.get("batch", ""), expires_on=row.get("expires_on"),
    )  # fmt: skip


def _words(lines: Sequence[Line], counts: Amounts) -> str:
    return "、".join(line.told(counts[line.pk]) for line in lines)


def _receipt(gift: Gift) -> str:
    """As the ledger keeps it; the words are translated when it is read."""
    return source_text(_("捐赠人不要票据")) if gift.receipt_waived else gift.receipt


def _slip_number(gift: Gift) -> str:
    """The next number of the response; its row is held so that two who book at once get two numbers."""
    Response.objects.select_for_update().get(pk=gift.response_id)
    booked = Gift.objects.filter(response=gift.response_id).exclude(slip_number="")  # so the index of slips answers it
    last = booked.aggregate(last=Max("slip_number"))["last"] or "0"
    return f"{int(last) + 1:06d}"

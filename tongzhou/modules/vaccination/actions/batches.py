"""A batch from its arrival to its last dose: taken in only with an unbroken cold chain, never used while held or expired."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import queries, rules
from tongzhou.modules.vaccination.actions.stock import shift
from tongzhou.modules.vaccination.models import Batch, Fridge, Station
from tongzhou.modules.vaccination.workflow import WORK, BatchState, FridgeState, StationState

COPIED = ("vaccine", "maker", "number", "expires_on", "code_first", "code_last")


def file(batch: Batch, *, by: Person) -> tuple[Batch, bool]:
    return steps.file(batch, by=by, data={"announced": batch.announced})


@transaction.atomic
def accept(
    batch: Batch, *, by: Person, counted: int, celsius: Decimal, fridge: Fridge, papers: bool, note: str = ""
) -> Batch:
    """Counted and taken in. Without the papers, or out of the range on arrival, it may not be (疫苗管理法 第三十八、三十九条)."""
    low, high = queries.limits(timezone.localdate())
    if not papers or rules.away(celsius, low, high):
        raise ValidationError(
            __(
                "没有批签发证明或全程温度记录、到货温度不在 %(low)s~%(high)s℃ 的，依法不得接收。请选“拒收”，写明原因，并立即报告药品监管和卫生健康部门。"
            )
            % {"low": low, "high": high}
        )
    if batch.expired(timezone.localdate()):
        raise ValidationError(__("这批疫苗已过有效期，不能接收。请选“拒收”，写明原因。"))
    if fridge.station_id != batch.station_id or fridge.state != FridgeState.IN_USE:
        raise ValidationError({"fridge": __("请选择本接种点正在使用的设备。")})
    if counted != batch.announced and not note.strip():
        raise ValidationError(
            {
                "note": __("实点 %(counted)d 剂，单据 %(announced)d 剂，请写明差异原因。")
                % {"counted": counted, "announced": batch.announced}
            }
        )
    fields = {"fridge": fridge, "arrived_celsius": celsius, "accepted_by": by}
    steps.advance(batch, "accept", by=by, note=note, data={"doses": counted, "celsius": str(celsius)}, **fields)
    shift(batch, "received", counted, by=by, day=timezone.localdate(), reason=note.strip())
    return batch


@transaction.atomic
def transfer(batch: Batch, *, by: Person, to: Station, doses: int, note: str = "") -> Batch:
    """Sent on to another station, which counts it and takes it in as a batch of its own."""
    if to.pk == batch.station_id or to.response_id != batch.response_id or to.state == StationState.CLOSED:
        raise ValidationError({"to": __("请选择另一个没有关闭的接种点。")})
    _usable(batch)
    steps.advance(batch, "transfer", by=by, note=note, data={"to": to.name, "doses": doses})
    shift(batch, "sent", doses, by=by, day=timezone.localdate(), reason=note.strip(), state=BatchState.USABLE)
    made = Batch(
        pk=uuid5(batch.pk, f"transfer/{batch.version}"), response=batch.response, unit=to.unit, station=to, announced=doses, origin=batch,
        **{name: getattr(batch, name) for name in COPIED},
    )  # fmt: skip
    file(made, by=by)
    return batch


def waste(batch: Batch, *, by: Person, doses: int, note: str = "") -> Batch:
    return _out(batch, "waste", "wasted", by=by, doses=doses, note=note)


def send_back(batch: Batch, *, by: Person, doses: int, note: str = "") -> Batch:
    return _out(batch, "send_back", "returned", by=by, doses=doses, note=note)


def discard(batch: Batch, *, by: Person, doses: int, note: str = "") -> Batch:
    return _out(batch, "discard", "wasted", by=by, doses=doses, note=note)


def recall(batch: Batch, *, by: Person, doses: int, note: str = "") -> Batch:
    return _out(batch, "recall", "returned", by=by, doses=doses, note=note)


@transaction.atomic
def correct(batch: Batch, *, by: Person, counted: int, note: str = "") -> Batch:
    """The shelf was counted: `counted` doses are there. The books follow, and say from what."""
    now = Batch.objects.select_for_update().get(pk=batch.pk)
    if counted == now.stock:
        raise ValidationError(__("实点与账上一致，没有可更正的。"))
    steps.advance(batch, "correct", by=by, note=note, data={"before": now.stock, "after": counted})
    shift(batch, "corrected", counted - now.stock, by=by, day=timezone.localdate(), reason=note.strip())
    return batch


@transaction.atomic
def hold(batch: Batch, *, by: Person, everywhere: bool = False, note: str = "") -> Batch:
    """Not to be used. `everywhere`: the same batch number of this maker at all stations within reach, as a recall asks."""
    hold_all([batch], by=by, note=note)
    if everywhere:
        same = Batch.objects.filter(
            response=batch.response, maker=batch.maker, number=batch.number, state=BatchState.USABLE
        )
        hold_all(access.visible(same, by, WORK).select_related("response", "unit", "station"), by=by, note=note)
    return batch


def hold_all(batches: Sequence[Batch] | Any, *, by: Person, note: str) -> None:
    for batch in batches:
        doses = Batch.objects.values_list("stock", flat=True).get(pk=batch.pk)
        steps.advance(batch, "hold", by=by, note=note, data={"doses": doses}, hold_reason=note.strip()[:300])


def release(batch: Batch, *, by: Person, basis: str, note: str = "") -> Batch:
    return steps.advance(batch, "release", by=by, note=note, data={"basis": basis}, hold_reason="")


@transaction.atomic
def finish(batch: Batch, *, by: Person, note: str = "") -> Batch:
    now = Batch.objects.select_for_update().get(pk=batch.pk)
    if now.stock:
        raise ValidationError(__("还有 %(n)d 剂在库，用完、调出、退回或报损之后才能结清。") % {"n": now.stock})
    return steps.advance(batch, "finish", by=by, note=note, data={"used": now.used, "wasted": now.wasted})


def refuse_use(batch: Batch, day: Any) -> str:
    """Why this batch may not be given on this day, and what to do; "" when it may."""
    others = __("、").join(
        f"{one}（{one.stock}）" for one in queries.usable(batch.station, day).exclude(pk=batch.pk)[:4]
    )
    instead = (
        __("请改用：%(others)s。") % {"others": others} if others else __("本接种点没有其他可用批次，请联系调拨。")
    )
    if batch.state == BatchState.HELD:
        said = __("批次 %(batch)s 已停用（%(why)s），不能使用。请立即从接种台撤下，隔离存放并贴上停用标识。")
        return said % {"batch": batch, "why": batch.hold_reason} + instead
    if batch.expired(day):
        return (
            __("批次 %(batch)s 已于 %(day)s 过期，不能使用。请隔离存放，登记报损。")
            % {"batch": batch, "day": batch.expires_on}
            + instead
        )
    if batch.state != BatchState.USABLE:
        return (
            __("批次 %(batch)s 现在是“%(state)s”，不能使用。") % {"batch": batch, "state": batch.state_label()}
            + instead
        )
    return ""


def _usable(batch: Batch) -> None:
    if said := refuse_use(batch, timezone.localdate()):
        raise ValidationError(said)


@transaction.atomic
def _out(batch: Batch, move: str, kind: str, *, by: Person, doses: int, note: str) -> Batch:
    steps.advance(batch, move, by=by, note=note, data={"doses": doses})
    shift(batch, kind, doses, by=by, day=timezone.localdate(), reason=note.strip())
    return batch

"""Gifts known from a report: brought in as far as the report goes, without inventing counts or signatures."""

from typing import Any

from django.db import transaction

from tongzhou.kernel import steps
from tongzhou.kernel.dates import When, parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.donations.actions.allocations import _recipient
from tongzhou.modules.donations.actions.gifts import _line
from tongzhou.modules.donations.actions.stock import Shift, shift
from tongzhou.modules.donations.models import Allocation, Gift, Line, Recipient, Share
from tongzhou.modules.donations.workflow import AllocationState, GiftState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[gift]] with its lines and the recipients that got all of it; one known only as a total has quantity and bound.

    Loading again changes nothing.
    """
    for row in data.get("recipient", []):
        Recipient.objects.get_or_create(name=row["name"], defaults={"name_en": row.get("name_en", "")})
    for row in data.get("gift", []):
        _load_gift(row, loading)
    return len(data.get("gift", []))


@transaction.atomic
def _load_gift(row: dict[str, Any], loading: Loading) -> None:
    when: When = parse_when(row["when"])
    given = {
        "response": loading.response,
        "unit": loading.units[row["unit"]],
        "source": row.get("source", loading.source),
    }
    given |= {"happened_on": when.day, "happened_precision": when.precision}
    given |= {name: row[name] for name in ("quantity", "bound") if name in row}
    gift = Gift(
        pk=loading.key("gift", row["key"]), state=GiftState.STOCKED, naming=row.get("naming", Gift.Naming.NAMED), public_name=row.get("public_name", ""),
        donor_unit=loading.units[row["donor_unit"]] if "donor_unit" in row else None,
        donor_person=loading.people[row["donor_person"]] if "donor_person" in row else None,
        donor_name=row.get("donor_name", ""), anonymous=row.get("anonymous", False), **given,
    )  # fmt: skip
    lines = [_line(gift, number, line) for number, line in enumerate(row["line"], 1)]
    gift, new = steps.report(gift, by=loading.by)
    if not new:
        return
    for line in lines:
        line.save()
    shift(gift, [Shift(line, "received", line.quantity) for line in lines], by=loading.by, day=when.day)
    _hand_over(row, loading, given, lines, when)


def _hand_over(row: dict[str, Any], loading: Loading, given: dict[str, Any], lines: list[Line], when: When) -> None:
    """All of it went to those the report names, jointly: how much each got is not told."""
    allocation = Allocation(pk=loading.key("allocation", row["key"]), state=AllocationState.DELIVERED, **given)
    steps.report(allocation, by=loading.by)
    allocation.recipients.set([_recipient(name) for name in row["to"]])
    shares = [
        Share.objects.create(allocation=allocation, line=line, quantity=line.quantity, delivered=line.quantity)
        for line in lines
    ]
    for kind in ("allocated", "delivered"):
        moved = [Shift(share.line, kind, share.quantity, share) for share in shares]
        shift(allocation, moved, by=loading.by, day=when.day)

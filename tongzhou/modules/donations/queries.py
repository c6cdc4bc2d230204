"""Reads over gifts, stock and what became of it. What leaves the house goes through `account`, which carries no personal data."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.dates import When, show
from tongzhou.kernel.figures import Figure
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift, Line, Movement, Share
from tongzhou.modules.donations.workflow import KEEP, AllocationState, DisclosureState, GiftState

LINES = Prefetch("lines", Line.objects.select_related("item"))
SHARES = Prefetch("shares", Share.objects.select_related("line__item", "line__gift", "allocation"))
RECEIVERS = "recipients__unit"
TOLD = ("corrected", "lost", "returned", "taken_back")  # what the public is told with its reason
_INVOLVED = [f"line__gift__{name}" for name in ("donor_unit", "donor_person", "counted_by", "stocked_by")]
OUT = (AllocationState.DELIVERED, AllocationState.SIGNED, AllocationState.RETURNED)


def lines_in_stock(response: Response, by: Person) -> QuerySet[Line]:
    """What this person may allocate now, what expires first on top."""
    rows = Line.objects.filter(gift__response=response, gift__state=GiftState.STOCKED, in_stock__gt=0)
    return (
        access.visible(rows, by, KEEP, "gift")
        .select_related("item", "gift__donor_unit", "gift__donor_person")
        .order_by("expires_on", "pk")
    )


def undisclosed(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    """Gifts counted and booked that no published disclosure covers. What is known only from a report has been published already."""
    covering = Disclosure.objects.filter(
        state=DisclosureState.PUBLISHED, response=OuterRef("response"), published_at__gte=OuterRef("stocked_at"),
        first_on__lte=OuterRef("happened_on"), last_on__gte=OuterRef("happened_on"),
    )  # fmt: skip
    return gifts.filter(state=GiftState.STOCKED, stocked_at__isnull=False).filter(~Exists(covering))


def whereabouts(gift: Gift) -> list[Share]:
    """Where the gift's lines went, in the order of the decisions."""
    shares = Share.objects.filter(line__gift=gift).select_related(
        "line__item", "allocation__response", "allocation__unit"
    )
    return list(shares.prefetch_related("allocation__recipients__unit").order_by("pk"))


def movements(gift: Gift) -> QuerySet[Movement]:
    return Movement.objects.filter(line__gift=gift).select_related("line__item", "by").order_by("pk")


def account(scope: Scope, rows: slice = slice(None)) -> dict[str, Any]:
    """What was received, where it went, what was set right, and what is held: plain data without a person in it, the same in every language.

    `rows` are those of each table that a page shows; what is held is always all of it.
    """
    gifts, given, changes = _told(scope)
    gifts = gifts.select_related("donor_unit", "donor_person").prefetch_related(LINES)
    given = given.prefetch_related(SHARES, RECEIVERS)
    changes = changes.select_related("line__item", "share__allocation", "by", *_INVOLVED)
    return scope.as_data() | {
        "received": [_received(gift) for gift in gifts.order_by("happened_on", "slip_number", "pk")[rows]],
        "given": [_given(one) for one in given.order_by("happened_on", "pk")[rows]],
        "changes": [_change(one) for one in changes.order_by("pk")[rows]],
        "balance": _balance(scope.narrowed(first=None)),
    }


def longest(scope: Scope) -> int:
    """The number of rows in the longest table of the account."""
    return max(rows.count() for rows in _told(scope))


def shown_account(content: dict[str, Any]) -> dict[str, Any]:
    """The account in the reader's language: dates, names, goods and kinds in words."""
    columns = ("received", *rules.HELD)
    return content | {
        "received": [
            row | {"when": _when(row), "donor": _name(row["donor"], row["donor_en"]) or __("爱心人士"), "goods_text": _goods(row["goods"]), "note": _note(row)}
            for row in content["received"]
        ],
        "given": [
            row
            | {"when": _when(row), "to": _listed(row["recipients"]), "goods_text": _goods(row["goods"])}
            | {"state_text": AllocationState(row["state"]).label, "note": _note(row)}
            for row in content["given"]
        ],
        "changes": [
            row | {"when": _when(row), "kind_text": Movement.Kind(row["kind"]).label, "goods_text": _goods([row["goods"]])}
            for row in content["changes"]
        ],
        "balance": [
            row | {"item": _name(row["name"], row["name_en"])} | {column: _amount(row["measure"], row[column]) for column in columns}
            for row in content["balance"]
        ],
    }  # fmt: skip


def _told(scope: Scope) -> tuple[QuerySet[Gift], QuerySet[Allocation], QuerySet[Movement]]:
    gifts = scope.of(Gift.objects.filter(state=GiftState.STOCKED))
    return gifts, scope.of(Allocation.objects.filter(state__in=OUT)), _moved(scope).filter(kind__in=TOLD)


def _moved(scope: Scope) -> QuerySet[Movement]:
    """Movements by their own day, not by that of the gift."""
    rows = scope.narrowed(first=None, last=None).of(Movement.objects.all(), "line__gift")
    rows = rows.filter(happened_on__gte=scope.first) if scope.first else rows
    return rows.filter(happened_on__lte=scope.last) if scope.last else rows


def _received(gift: Gift) -> dict[str, Any]:
    lines = [line for line in gift.lines.all() if line.received]
    donor, donor_en = _public(*gift.public_names())
    return {
        "slip": gift.slip_number, "day": str(gift.happened_on), "precision": gift.happened_precision, "times": gift.quantity,
        "donor": donor, "donor_en": donor_en,
        "directed": gift.is_directed, "reported": gift.is_reported, "worth_fen": gift.worth(),
        "goods": [_part(line, line.received) for line in lines],
    }  # fmt: skip


def _given(one: Allocation) -> dict[str, Any]:
    return {
        "day": str(one.happened_on), "precision": one.happened_precision, "state": one.state, "joint": one.is_joint, "reported": bool(one.source),
        "recipients": [_names(recipient) for recipient in one.recipients.all()],
        "goods": [_part(share.line, share.delivered or share.quantity) for share in one.shares.all()],
    }  # fmt: skip


def _change(one: Movement) -> dict[str, Any]:
    gift, allocation = one.line.gift, one.share.allocation if one.share else None
    people = [one.by, gift.donor_person, gift.counted_by, gift.stocked_by]
    units = [] if gift.naming == Gift.Naming.NAMED else [gift.donor_unit]
    private = [gift.donor_name, allocation.handler if allocation else ""]
    private += [name for whose in (*people, *units) if whose for name in (whose.name, whose.name_en)]
    return {
        "slip": gift.slip_number, "day": str(one.happened_on), "kind": one.kind, "goods": _part(one.line, one.quantity),
        "reason": rules.public(one.reason, private),
    }  # fmt: skip


def _balance(scope: Scope) -> list[dict[str, Any]]:
    """By kind of goods, out of the movements up to a day: a later movement does not change an earlier account."""
    rows = _moved(scope)
    keys = ("line__item__name", "line__item__name_en", "line__item__measure")
    table: dict[tuple[str, ...], dict[str, int]] = {}
    for row in rows.order_by(*keys, "kind").values(*keys, "kind").annotate(total=Sum("quantity")):
        held = table.setdefault(tuple(row[key] for key in keys), dict.fromkeys(("received", *rules.HELD), 0))
        for column, sign in rules.EFFECTS[row["kind"]].items():
            held[column] += sign * row["total"]
    return [
        {**dict(zip(("name", "name_en"), _public(*names), strict=True)), "measure": measure, **held}
        for (*names, measure), held in table.items()
    ]


def _part(line: Line, quantity: int) -> list[Any]:
    return [*_public(line.item.name, line.item.name_en), line.item.measure, quantity]


def _names(recipient: Any) -> list[str]:
    named = recipient.unit or recipient
    return _public(named.name, named.name_en)


def _public(*texts: str) -> list[str]:
    """What was typed as a name may hold a telephone number all the same."""
    return [rules.public(text) for text in texts]


def _name(name: str, name_en: str) -> str:
    return name_en if name_en and lang() == "en" else name


def _amount(measure: str, quantity: int) -> str:
    return Figure(Decimal(quantity) / (100 if measure == rules.YUAN else 1)).text(measure, lang())


def _goods(parts: Iterable[list[Any]]) -> str:
    texts = []
    for name, english, measure, quantity in parts:
        amount, item = _amount(measure, quantity), _name(name, english)
        texts.append(
            f"{item}{amount}" if lang() == "zh" else amount if measure == rules.YUAN else f"{amount} of {item}"
        )
    return __("、").join(texts)


def _listed(recipients: Iterable[list[str]]) -> str:
    return __("、").join(_name(*names) for names in recipients)


def _note(row: dict[str, Any]) -> str:
    """How well the row is known, where that is less than counted one by one."""
    notes = [__("几家共同接收，来源未说明各得多少")] if row.get("joint") else []
    notes += [__("据来源补录")] if row.get("reported") else []
    notes += [__("汇总记录：代表 %(n)s 次") % {"n": row["times"]}] if row.get("times", 1) != 1 else []
    return __("；").join(notes)


def _when(row: dict[str, Any]) -> str:
    return show(When(date.fromisoformat(row["day"]), row.get("precision", "day")), lang())

"""Reads over replies: who is missing, how far each unit has come. Nothing here reads more rows than it has units or names to show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from tongzhou.kernel import access
from tongzhou.kernel.models import Link, Person, Unit
from tongzhou.modules.calls import rules
from tongzhou.modules.calls.models import Answer, Call, Chase, Reply, Requirement
from tongzhou.modules.calls.workflow import FOLLOW, OPEN, READ, CallState, ReplyState

NAMES_SHOWN = 300  # members listed under one unit; the rest are in the list of replies


@dataclass
class Branch:
    """A unit in the tree of progress, with its own reply if it is an addressee."""

    unit: Unit
    reply: Reply | None
    node: rules.Node
    below: list["Branch"]
    may_chase: bool


def addressed_units(call: Call) -> QuerySet[Unit]:
    """Every unit the call goes to: those named and all below them, without the issuer, who does not answer itself."""
    return Unit.objects.filter(_under(call, "path")).exclude(pk=call.unit_id)


def addressed_members(call: Call) -> QuerySet[Person]:
    return Person.objects.filter(_under(call, "unit__path"), is_active=True).select_related("unit")


def running() -> QuerySet[Reply]:
    """Replies that are waited for: of issued calls that this house issued itself."""
    return Reply.objects.filter(call__state=CallState.ISSUED, call__source="")


def missing_members(reply: Reply) -> QuerySet[Reply]:
    """Members of the unit and of all units below it who have neither answered nor been excused."""
    rows = Reply.objects.filter(call=reply.call, unit__path__startswith=reply.unit.path, person__isnull=False)
    return rows.filter(state__in=OPEN).select_related("person").order_by("unit__path", "person__pinyin", "pk")


def unsettled_below(reply: Reply) -> QuerySet[Reply]:
    rows = Reply.objects.filter(call=reply.call, unit__path__startswith=reply.unit.path, person=None)
    return rows.exclude(pk=reply.pk).exclude(state=ReplyState.SETTLED).select_related("unit").order_by("unit__path")


def short_of() -> Exists:
    """For a unit's reply: whether a member of the unit or below is missing, or a unit below is not settled."""
    below = Reply.objects.filter(call=OuterRef("call"), unit__path__startswith=OuterRef("unit__path"))
    missing = Q(person__isnull=False, state__in=OPEN)
    unsettled = Q(person=None) & ~Q(state=ReplyState.SETTLED) & ~Q(pk=OuterRef("pk"))
    return Exists(below.filter(missing | unsettled))


def promised(replies: QuerySet[Reply], kind: Requirement.FollowUp) -> QuerySet[Reply]:
    """Replies that promise what no room has taken over yet: goods, or the member's own service."""
    said = Answer.objects.filter(reply=OuterRef("pk"), requirement__follow_up=kind).exclude(stance="cannot")
    taken = Link.objects.filter(kind=kind.value, source_key=OuterRef("pk"))
    return replies.filter(Exists(said) & ~Exists(taken), state=ReplyState.ANSWERED)


def answers() -> QuerySet[Answer]:
    """With the requirement's English title, or its own where it has none."""
    english = Coalesce(NullIf("requirement__title_en", Value("")), F("requirement__title"))
    return Answer.objects.annotate(english=english)


def progress(call: Call, by: Person, today: date) -> list[Branch]:
    """The tree of the call's units as far as the person reaches, each with its counts. Three queries, however many units."""
    seen = access.visible(Reply.objects.filter(call=call), by, READ)
    counts = {row.pop("unit__path"): rules.Count(**row) for row in _counted(seen, call, today)}
    replies = {reply.unit.path: reply for reply in seen.filter(person=None).select_related("unit", "response", "call")}
    units = {unit.path: unit for unit in Unit.objects.filter(path__in={*counts, *replies})}
    chased = access.reach(by, FOLLOW) if call.is_open else ()
    return [_branch(node, units, replies, chased) for node in rules.tree(counts, units)]


def members(call: Call, by: Person, unit: Unit) -> list[Reply]:
    """The direct members of one unit, those who are missing first."""
    seen = access.visible(Reply.objects.filter(call=call, unit=unit, person__isnull=False), by, READ)
    first = Case(When(state__in=OPEN, then=Value(0)), default=Value(1))
    rows = seen.annotate(first=first, chased_on=last_chased()).select_related("person", "unit", "response", "call")
    return list(rows.order_by("first", "person__pinyin", "pk")[:NAMES_SHOWN])


def last_chased() -> Subquery:
    """The day an addressee was last reminded, or nothing."""
    return Subquery(Chase.objects.filter(reply=OuterRef("pk")).order_by("-on").values("on")[:1])


def _under(call: Call, path: str) -> Q:
    q = Q(pk__in=())
    for unit in call.addressed.all() or [call.unit]:
        q |= Q(**{f"{path}__startswith": unit.path})
    return q


def _counted(seen: QuerySet[Reply], call: Call, today: date) -> QuerySet[Any, Any]:
    states = ("undelivered", "delivered", "read", "answered", "excused")
    counts = {state: Count("pk", filter=Q(state=state)) for state in states}
    late = Count("pk", filter=Q(state__in=OPEN)) if rules.overdue(call.answer_by, today) else Value(0)
    rows = seen.filter(person__isnull=False).order_by("unit__path").values("unit__path")
    return rows.annotate(**counts, late=late)


def _branch(node: rules.Node, units: dict[str, Unit], replies: dict[str, Reply], chased: tuple[str, ...]) -> Branch:
    below = [_branch(one, units, replies, chased) for one in node.below]
    return Branch(units[node.path], replies.get(node.path), node, below, node.path.startswith(chased))

"""What awaits whom: places to visit, notices to rectify, rectifications to look at, what is late or has lasted too long."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.inspections import queries
from tongzhou.modules.inspections.models import Finding, Round
from tongzhou.modules.inspections.models.place import answered_by
from tongzhou.modules.inspections.workflow import INSPECT, RECHECK, RECTIFY, FindingState


def to_visit(person: Person) -> QuerySet[Round]:
    return queries.rounds_to_walk(person).order_by("last_on", "pk")


def to_issue(person: Person) -> QuerySet[Finding]:
    return _reached(person, INSPECT).filter(state=FindingState.FOUND).order_by("happened_on", "pk")


def to_rectify(person: Person) -> QuerySet[Finding]:
    """Of the person's own places and the street they answer for; not of every street below a command post."""
    own = Finding.objects.filter(answered_by(person, "place"), state=FindingState.NOTICED)
    near = own.filter(place__owner=person) | own.filter(place__unit__path__in=_streets(person))
    return near.select_related("place").order_by("due_on", "pk")


def to_recheck(person: Person) -> QuerySet[Finding]:
    rows = _reached(person, RECHECK).filter(state=FindingState.RECTIFIED)
    return rows.exclude(rectified_by=person).exclude(found_by=person).order_by("due_on", "pk")


def overdue(person: Person) -> QuerySet[Finding]:
    today = timezone.localdate()
    rows = _reached(person, RECHECK).filter(state=FindingState.NOTICED, due_on__lt=today)
    return rows.exclude(pk__in=queries.persistent(Finding.objects.all(), today).values("pk")).order_by("due_on", "pk")


def to_hand_over(person: Person) -> QuerySet[Finding]:
    return queries.persistent(_reached(person, RECHECK), timezone.localdate()).order_by("due_on", "pk")


def unanswered(person: Person) -> QuerySet[Finding]:
    return _reached(person, RECHECK).filter(state=FindingState.HANDED).order_by("handed_on", "pk")


def _reached(person: Person, capability: str) -> QuerySet[Finding]:
    return Finding.objects.filter(access.within(access.reach(person, capability))).select_related("place")


def _streets(person: Person) -> list[str]:
    """The very units at which the person answers, with the communities right below them."""
    own = access.reach(person, RECTIFY)
    below = access.units(person, RECTIFY).filter(kind="community", parent__path__in=own)
    return [*own, *below.values_list("path", flat=True)]


def _route(round: Any) -> str:
    return str(round.route_url())


ASKS = (
    Ask("to_visit", _("待我检查的场所"), to_visit, due="last_on", url=_route),
    Ask("to_issue", _("待下发整改通知的问题"), to_issue),
    Ask("to_rectify", _("待整改的问题"), to_rectify, due="due_on"),
    Ask("to_recheck", _("待复查的问题"), to_recheck),
    Ask("overdue", _("逾期未整改"), overdue, due="due_on"),
    Ask("to_hand_over", _("久拖不改，可移送主管部门"), to_hand_over, due="due_on"),
    Ask("unanswered", _("已移送，等回复"), unanswered),
)

"""What awaits whom: rumours to check, the ones I took, answers to publish."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.workflow import CHECK, PUBLISH, State


def to_check(person: Person) -> QuerySet[Rumour]:
    return _within(person, CHECK).filter(state=State.REPORTED)


def mine(person: Person) -> QuerySet[Rumour]:
    return _within(person, CHECK).filter(state=State.CHECKING, taken_by=person)


def to_publish(person: Person) -> QuerySet[Rumour]:
    return _within(person, PUBLISH).filter(state=State.JUDGED).exclude(judged_by=person)


def _within(person: Person, capability: str) -> QuerySet[Rumour]:
    return Rumour.objects.filter(access.within(access.reach(person, capability))).order_by("filed_at", "pk")


ASKS = (
    Ask("to_check", _("待核实的传言"), to_check, due="due_on"),
    Ask("mine", _("我在核实的传言"), mine, due="due_on"),
    Ask("to_publish", _("待发布的辟谣回应"), to_publish, due="due_on"),
)

from typing import Any

from django.db.models import QuerySet

from tests.errands.models import Errand
from tests.errands.workflow import State
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person


def mine(person: Person) -> QuerySet[Any]:
    return Errand.objects.filter(runner=person, state=State.TAKEN)


ASKS = (Ask("run", "待我办的跑腿", mine, due="due_on"),)

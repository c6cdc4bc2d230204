"""What awaits whom: options to decide on, studies to close."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.siting.models import Option, Study
from tongzhou.modules.siting.workflow import PLAN, OptionState, StudyState


def to_decide(person: Person) -> QuerySet[Option]:
    """Of a study that has none yet, and what would change the one in force."""
    open_ = Q(study__state=StudyState.DRAFT) | Q(study__state=StudyState.ADOPTED, base__state=OptionState.ADOPTED)
    rows = Option.objects.filter(_reached(person), open_, state=OptionState.READY)
    return rows.select_related("study").order_by("happened_on", "pk")


def to_finish(person: Person) -> QuerySet[Study]:
    """Their day is over."""
    return Study.objects.filter(
        _reached(person), state=StudyState.ADOPTED, happened_on__lt=timezone.localdate()
    ).order_by("happened_on", "pk")


def _reached(person: Person) -> Any:
    return access.within(access.reach(person, PLAN))


ASKS = (
    Ask("to_decide", _("待决定的布点方案"), to_decide, due="happened_on"),
    Ask("to_finish", _("待结束的布点"), to_finish),
)

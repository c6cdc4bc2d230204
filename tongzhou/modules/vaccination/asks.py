"""What awaits whom: sessions to open, close and report; readings that are due; vaccine to take in or about to expire; long queues; reactions."""

from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.models import Batch, DeskChange, Excursion, Fridge, Session
from tongzhou.modules.vaccination.workflow import PLAN, WORK, BatchState, DeskState, ExcursionState, SessionState


def _mine(model: type[Any], person: Person, capability: str = WORK) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(access.within(access.reach(person, capability)), source="")
    return rows.order_by("happened_on", "pk")


def _sessions(person: Person) -> QuerySet[Session]:
    return _mine(Session, person).select_related("station")


def to_close(person: Person) -> QuerySet[Session]:
    return _sessions(person).filter(state=SessionState.OPEN)


def to_report(person: Person) -> QuerySet[Session]:
    return _sessions(person).filter(state=SessionState.CLOSED)


def to_follow(person: Person) -> QuerySet[Session]:
    adverse = F("adverse_mild") + F("adverse_moderate") + F("adverse_severe")
    return _sessions(person).filter(state__in=queries.DONE, followed__lt=adverse)


def to_open(person: Person) -> QuerySet[Session]:
    return _sessions(person).filter(state=SessionState.PLANNED, happened_on__lte=timezone.localdate())


def to_read(person: Person) -> QuerySet[Fridge]:
    """Of this half of the day; what is missing of the other can no longer be read."""
    now = timezone.localtime()
    half = "morning" if now.hour < 12 else "afternoon"
    return queries.unread(_mine(Fridge, person).select_related("station"), now, half)


def to_handle(person: Person) -> QuerySet[Excursion]:
    waiting = [ExcursionState.OUT, ExcursionState.BACK]
    return _mine(Excursion, person).filter(state__in=waiting).select_related("fridge__station")


def to_accept(person: Person) -> QuerySet[Batch]:
    return _mine(Batch, person).filter(state=BatchState.EXPECTED)


def expiring(person: Person) -> QuerySet[Batch]:
    days = rulebook.in_force("vaccination", "flow", timezone.localdate())["expiry_warning_days"]
    return queries.expiring(_mine(Batch, person), timezone.localdate(), days).order_by("expires_on", "pk")


def to_decide(person: Person) -> QuerySet[DeskChange]:
    return _mine(DeskChange, person, PLAN).filter(state=DeskState.PROPOSED).select_related("station")


def long_waits(person: Person) -> QuerySet[Session]:
    """Sessions of today and yesterday in which people waited too long, where no further desk has been proposed or decided since."""
    day = timezone.localdate()
    limit = rulebook.in_force("vaccination", "flow", day)["long_wait"]
    rows = (
        _mine(Session, person, PLAN)
        .filter(state__in=queries.BEGUN, happened_on__gte=day - timedelta(days=1))
        .select_related("station")
    )
    found = [session.pk for session, held in queries.waits(rows) if held.minutes > limit]
    answered = DeskChange.objects.filter(
        station__sessions__in=found, happened_on__gte=day - timedelta(days=1), added__gt=0
    )
    return rows.filter(pk__in=found).exclude(station__in=answered.exclude(state=DeskState.DECLINED).values("station"))


ASKS = (
    Ask("to_handle", _("超温待处置"), to_handle),
    Ask("to_read", _("待测温的冰箱"), to_read),
    Ask("to_open", _("待开始的接种场次"), to_open),
    Ask("to_close", _("待核对结束的接种场次"), to_close),
    Ask("to_report", _("待上报的接种场次"), to_report),
    Ask("to_follow", _("不良反应待随访"), to_follow),
    Ask("to_accept", _("待验收的疫苗"), to_accept),
    Ask("expiring", _("疫苗将过期或已过期"), expiring, due="expires_on"),
    Ask("to_decide", _("待决定的增减接种台"), to_decide),
    Ask(
        "long_waits", _("排队过长，建议增设接种台"), long_waits, url=lambda session: session.station.get_absolute_url()
    ),
)

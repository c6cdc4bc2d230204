"""What awaits whom: papers to review, papers sent back, and today's brief where there was one yesterday."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.chronicle.models import Chronicle, Kind
from tongzhou.modules.chronicle.workflow import PUBLISH, WRITE, State


def _rows(person: Person, capability: str) -> QuerySet[Chronicle]:
    return Chronicle.objects.filter(access.within(access.reach(person, capability)))


def to_review(person: Person) -> QuerySet[Any]:
    return _rows(person, PUBLISH).filter(state=State.REVIEW).exclude(filed_by=person)


def to_finish(person: Person) -> QuerySet[Any]:
    return _rows(person, WRITE).filter(state=State.DRAFT, filed_by=person)


def to_brief(person: Person) -> QuerySet[Any]:
    """Yesterday's briefs that nobody has followed up."""
    today = timezone.localdate()
    briefs = Chronicle.objects.filter(kind=Kind.BRIEF).exclude(state=State.DROPPED)
    later = briefs.filter(response=OuterRef("response"), unit=OuterRef("unit"), last_on__gte=today)
    yesterday = _rows(person, WRITE).filter(kind=Kind.BRIEF, state=State.PUBLISHED, last_on=today - timedelta(days=1))
    return yesterday.filter(~Exists(later))


def _new_brief(brief: Chronicle) -> str:
    today = timezone.localdate()
    address = reverse("chronicle.chronicle.new", args=[brief.response.slug])
    return f"{address}?kind=brief&unit={brief.unit_id}&about={brief.about_id or ''}&first_on={today}&last_on={today}"


ASKS = (
    Ask("review", _("待我审签"), to_review),
    Ask("finish", _("我起草未完的"), to_finish),
    Ask("brief", _("今天的日报还没有写，上一期是"), to_brief, url=_new_brief),
)

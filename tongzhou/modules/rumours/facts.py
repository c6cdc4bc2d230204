"""What may be counted of rumours, and how it is told."""

from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.workflow import State

DAY = timedelta(hours=24)


def reported() -> QuerySet[Rumour]:
    return Rumour.objects.all()


def answered() -> QuerySet[Rumour]:
    return Rumour.objects.filter(published_at__isnull=False)


def within_a_day() -> QuerySet[Rumour]:
    return answered().filter(published_at__lte=F("filed_at") + DAY)


def false() -> QuerySet[Rumour]:
    return answered().filter(verdict__in=(Rumour.Verdict.FALSE, Rumour.Verdict.PARTLY), state=State.PUBLISHED)


_ONE: Any = {"measure": "条"}
FACTS = (
    Fact("reported", _("收到传言报告{value}"), reported, nouns=("rumour", "rumours"), label=_("传言报告"), **_ONE),
    Fact("answered", _("公开回应{value}"), answered, nouns=("rumour", "rumours"), label=_("公开回应的传言"), **_ONE),
    Fact(
        "within_a_day",
        _("24小时内回应{value}"),
        within_a_day,
        nouns=("rumour", "rumours"),
        label=_("24小时内回应"),
        **_ONE,
    ),
    Fact("false", _("其中不实或部分不实{value}"), false, nouns=("rumour", "rumours"), label=_("不实传言"), **_ONE),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """One sentence: how many came in, how many were answered, how many of them soon."""
    found = facts.nonzero([findings[f"rumours.{fact.name}"][0] for fact in FACTS])
    return [Sentence(__("，").join(one.sentence(one.token) for one in found) + __("。"), tuple(found))] if found else []

"""What may be counted of siting: options that were taken. Points and people are counted where they are, in the campaign."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.facts import Fact
from tongzhou.modules.siting.models import Study
from tongzhou.modules.siting.workflow import StudyState


def studies() -> QuerySet[Study]:
    return Study.objects.filter(state__in=(StudyState.ADOPTED, StudyState.FINISHED))


FACTS = (
    Fact("studies", _("测算并采用采样点布点方案{value}"), studies, measure="个", nouns=("siting plan", "siting plans"), label=_("采用的布点方案")),
)  # fmt: skip

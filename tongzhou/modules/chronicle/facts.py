"""What may be counted of telling. The room tells nothing of itself in a chronicle."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.facts import Fact
from tongzhou.modules.chronicle.models import Chronicle, Kind
from tongzhou.modules.chronicle.workflow import State


def published() -> QuerySet[Chronicle]:
    """The edition that stands; those it replaced are not counted again."""
    return Chronicle.objects.filter(state=State.PUBLISHED)


FACTS = (
    Fact(
        "briefs",
        _("印发日报{value}"),
        lambda: published().filter(kind=Kind.BRIEF),
        measure="期",
        nouns=("brief", "briefs"),
    ),
    Fact(
        "published",
        _("发布报表、公示、纪实{value}"),
        lambda: published().exclude(kind=Kind.BRIEF),
        measure="篇",
        nouns=("paper", "papers"),
    ),
)

"""Reads that join: rumours alike, and what the public page shows."""

from django.db.models import Prefetch, QuerySet

from tongzhou.kernel.models import Response
from tongzhou.modules.rumours import rules
from tongzhou.modules.rumours.models import Answer, Rumour
from tongzhou.modules.rumours.workflow import State

LOOKED_AT = 500  # the latest rumours among which likeness is looked for


def alike(text: str, rows: QuerySet[Rumour]) -> list[Rumour]:
    """Earlier ones among these rows that say much the same."""
    latest = rows.exclude(state__in=(State.MERGED, State.DISMISSED)).order_by("-filed_at")[:LOOKED_AT]
    return rules.alike(text, [(row, row.said) for row in latest])


def public(response: Response) -> QuerySet[Rumour]:
    """Answered in public, the latest first; nothing of who reported or checked."""
    rows = Rumour.objects.filter(response=response, published_at__isnull=False)
    return rows.prefetch_related(Prefetch("answers", Answer.objects.order_by("-number"))).order_by(
        "-published_at", "pk"
    )

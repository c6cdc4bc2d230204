"""What comes in after a result: a tube uploaded half, a conflict decided. Looked for about once a minute, so that the way in of check-ins
need not know of results.
"""

from datetime import datetime

from django.utils import timezone

from tongzhou.kernel import loading
from tongzhou.modules.testing.actions import pools, publishing


def look(now: datetime) -> None:
    """People who came late go onto the lists of their pools, and what is not published yet is asked for."""
    for campaign in publishing.current(timezone.localdate(now)):
        pools.join_late(campaign, by=loading.house())
        publishing.catch_up(campaign)

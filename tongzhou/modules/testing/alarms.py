"""What must be told before it is too late: a tube that is not negative and not resampled in time, a box that lies about under seal."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.testing.models import Pool
from tongzhou.modules.testing.workflow import FOLLOW, PoolState

BEFORE = timedelta(hours=2)
OLDEST = timedelta(days=7)  # overdue longer than this is the to-do list's matter


def alarms(now: datetime) -> Iterator[Alarm]:
    rows = Pool.objects.filter(state=PoolState.REPORTED, due_at__lte=now + BEFORE, due_at__gte=now - OLDEST)
    for pool in rows.select_related("unit", "point", "response").order_by("due_at", "pk"):
        late = pool.due_at < now
        said = _("采样管{tube}（{point}）复采已逾期。") if late else _("采样管{tube}（{point}）两小时内须完成复采。")
        text = format_lazy(said, tube=pool.tube, point=str(pool.point))
        yield Alarm(pool, "late" if late else "soon", text, list(access.holders(FOLLOW, pool.unit)))

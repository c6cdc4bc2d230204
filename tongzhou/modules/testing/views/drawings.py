"""Charts of the room."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel.charts import Chart, Series


def by_quarter(done: Mapping[datetime, int], plan: Mapping[datetime, int]) -> Chart:
    """Swabs by quarter of an hour; where there is a plan, beside those whom it called."""
    moments = sorted({*done, *plan})
    x = [timezone.localtime(when).strftime("%H:%M") for when in moments]
    bars = Series(__("采样人次"), [done.get(when, 0) for when in moments], kind="bar")
    called = Series(__("按计划应到"), [plan.get(when, 0) for when in moments], dashed=True)
    return Chart(__("每刻钟采样人次"), x, [bars, called] if plan else [bars], x_name=__("时间"))

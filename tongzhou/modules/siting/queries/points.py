"""One point of an option by itself: its queue through the day, its buildings on a map."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as __

from tongzhou.kernel.charts import Chart, Series
from tongzhou.kernel.maps import Map
from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import Option
from tongzhou.modules.siting.queries import engine
from tongzhou.modules.siting.queries.drawings import drawing
from tongzhou.modules.siting.queries.outcomes import plan_of

DAYS = 20  # played through, as for the forecast of the whole
MOST = 20_000  # buildings of a plan that a page reads back for the sake of one point


def queue(option: Option, row: dict[str, Any]) -> Chart | None:
    """People waiting there by quarter hour, with the band of nine days in ten. None for a city, a closed point, and without the engine at hand."""
    if row.get("closed") or not engine.at_hand() or len(option.outcome.shown["units"]) > MOST:
        return None
    import numpy as np

    from tongzhou.planning.forecasting import day
    from tongzhou.planning.slotting import slots

    plan = plan_of(option)
    made, chance = slots(plan), np.random.default_rng(option.seed)
    here = made.point == plan.case.sites.place(row["key"])
    alone = replace(made, row=made.row[here], persons=made.persons[here], point=made.point[here], slot=made.slot[here])
    days = [day(alone, chance) for _ in range(DAYS)]
    last = max(float((one.start + one.service).max(initial=made.hour(0))) for one in days)
    hours = np.arange(made.hour(0), last + 0.25, 0.25)
    waiting = [
        np.searchsorted(np.sort(one.arrival), hours, "right") - np.searchsorted(np.sort(one.start), hours, "right") for one in days
    ]  # fmt: skip
    low, middle, high = np.round(np.quantile(waiting, (0.05, 0.5, 0.95), axis=0), 1).tolist()
    line = Series(__("排队人数"), middle, low=low, high=high)
    return Chart(__("这个点的排队人数"), [rules.hour(hour) for hour in hours.tolist()], [line], __("时间"), __("人"))


def around(option: Option, row: dict[str, Any]) -> Map:
    """The point and the buildings that go there, nothing else."""
    shown = option.outcome.shown
    units = [unit for unit in shown["units"] if unit["point"] == row["key"]]
    return drawing({"points": [row], "units": units, "moves": shown["moves"], "tours": []})

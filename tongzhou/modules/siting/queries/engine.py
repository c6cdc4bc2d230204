"""Whether this process has the engine at hand: loading it takes a second or two, more than a first answer may."""

from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tongzhou.planning.plan import Plan


def at_hand() -> bool:
    """A page that is about to ask `fetch`es it, behind what else the process does."""
    return bool(_loading.cache_info().currsize) and not _loading().is_alive()


def fetch() -> None:
    """Once for each process, and only where the loops have been compiled before: compiling them would hold up everybody's pages."""
    from tongzhou.planning.warming import is_compiled

    if is_compiled():
        _loading()


def is_without_lanes(plan: "Plan") -> bool:
    """Laboratories there are, and not one lane in them."""
    lanes = plan.case.lanes
    return bool(len(lanes)) and not int(lanes.sum())


@cache
def load() -> None:
    """Once for each process that works options out, which waits for it."""
    from tongzhou.planning.warming import load as whole

    whole()


@cache
def _loading() -> Thread:
    from tongzhou.planning.warming import load

    thread = Thread(target=load, daemon=True, name="planning")
    thread.start()
    return thread

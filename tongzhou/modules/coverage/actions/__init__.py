from typing import Any

from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.coverage.actions import declarations, evidence, excuses, expiry, releases, rolls, subjects


def elsewhere(*_: Any, **__: Any) -> Any:
    """A move that comes about by another one, never by itself."""
    raise OutOfStep


__all__ = ["declarations", "elsewhere", "evidence", "excuses", "expiry", "releases", "rolls", "subjects"]

"""Whether the process that is asked has the engine at hand is said by each test: a page opened before must not decide it."""

import pytest

from tongzhou.modules.siting import queries
from tongzhou.planning.warming import load


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.engine, "at_hand", lambda: False)


@pytest.fixture
def at_hand(elsewhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process whose pages somebody has planned from."""
    load()
    monkeypatch.setattr(queries.engine, "at_hand", lambda: True)

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    """Rate limits count in the cache; each test starts its own count."""
    cache.clear()
    yield
    cache.clear()

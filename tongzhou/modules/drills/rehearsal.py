from collections.abc import Iterator

from tongzhou.kernel.rehearsing import Given


def rehearse(given: Given, n: int) -> Iterator[str]:
    yield "0/0"

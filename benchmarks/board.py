"""The live board of a campaign, drawn a hundred times from the database to the text that is pushed. Started by growth.py in a house's environment."""

import json
import sys
import time

import django

django.setup()

from tongzhou.modules.testing.queries.live import _kept  # noqa: E402 -- settings first
from tongzhou.modules.testing.views.pages import draw  # noqa: E402 -- Django must be set up first

TIMES = 100


def main(campaign: str) -> None:
    took = []
    for _time in range(TIMES + 5):
        _kept.clear()
        begun = time.perf_counter()
        draw(campaign, "zh-hans")
        took.append((time.perf_counter() - begun) * 1000)
    took = sorted(took[5:])
    print(json.dumps({"p50": took[TIMES // 2], "p95": took[int(TIMES * 0.95)]}))


if __name__ == "__main__":
    main(sys.argv[1])

"""Published results of synthetic people, made in a house's own environment through its own doors. Started by lookups.py and the test of nginx.

python benchmarks/lookups_stage.py <people> <stations.json> <file>     writes {"slug", "index", "list", "shards"}: addresses of what was published
"""

import hashlib
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from tongzhou.kernel import module  # noqa: E402 -- settings first
from tongzhou.kernel.loading import house  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing import actions, queries, rules  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.actions import publishing  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.actions.ingest import Sheaf, ingest  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.actions.results import Line  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.models import Campaign  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.queries import published  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.rules import Item, codes  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.rules.published import checked  # noqa: E402 -- Django must be set up first

IN_A_TUBE, FIRST = 10, 1_000_000  # its facts are numbered from there, so that the device may send others beside


def main(people: int, stations: Path, file: Path) -> None:
    told = json.loads(stations.read_text())
    number, _secret = told["devices"][-1]
    texts, now = told["codes"], int(time.time() * 1000)
    here = queries.session(number)
    assert here is not None
    for first in range(0, people, rules.MOST_ITEMS):
        items = [_swab(n, texts[n], now) for n in range(first, min(people, first + rules.MOST_ITEMS))]
        ingest([Sheaf(here, now, items, now)])
    campaign = Campaign.objects.select_related("response", "unit").get(pk=told["campaign"])
    campaign = module.perform(campaign, "open", by=house())
    for tube in range(-(-people // IN_A_TUBE)):
        actions.results.take(campaign, Line(f"L{tube:06}", "negative", datetime.now(UTC), "模拟实验室"), by=house())
    assert publishing.publish(campaign) == people
    at = f"/testing/results/{campaign.response.slug}"
    (one,) = published.index(campaign.response.slug)
    text = (published.folder(campaign.response.slug) / campaign.pk.hex / f"{one['list']}.txt").read_bytes()
    listed = json.loads(checked(codes.signer().public_key(), text))
    shards = [f"{at}/{campaign.pk.hex}/{name}.txt" for name in listed["shards"]]
    found = {
        "slug": campaign.response.slug,
        "index": f"{at}/index.txt",
        "list": f"{at}/{campaign.pk.hex}/{one['list']}.txt",
    }
    file.write_text(json.dumps(found | {"shards": shards}))


def _swab(n: int, code: str, now: int) -> Item:
    text = json.dumps({"kind": "sample", "at": now, "tube": f"L{n // IN_A_TUBE:06}", "code": code})
    return Item(FIRST + n, hashlib.sha256(text.encode()).digest(), text)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))

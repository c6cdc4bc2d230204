"""People who have the board open, and results that are looked up. Started by morning.py in a house's environment.

python benchmarks/viewers.py <folder> <viewers>      writes viewers.json: {"page", "cookies", "tickets", "files"}
"""

import json
import sys
from pathlib import Path
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402 -- settings first
from django.core import signing  # noqa: E402 -- Django must be set up first
from django.test import Client  # noqa: E402 -- Django must be set up first
from django.urls import reverse  # noqa: E402 -- Django must be set up first
from django.utils import timezone  # noqa: E402 -- Django must be set up first

from tongzhou.kernel.loading import house  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.actions import publishing  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.models import Campaign, CheckIn, Device, Result, Tube  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.views.pages import TICKETS  # noqa: E402 -- Django must be set up first

TUBES = 500


def main(folder: Path, viewers: int) -> None:
    campaign = Campaign.objects.select_related("response").get()
    settings.ALLOWED_HOSTS.append("testserver")
    cookies = []
    for _one in range(viewers):
        client = Client()
        client.force_login(house())
        cookies.append("; ".join(f"{name}={one.value}" for name, one in client.cookies.items()))
    told = {
        "page": [reverse("testing.live", args=[campaign.response.slug, campaign.pk])],
        "cookies": cookies,
        "tickets": [signing.dumps([str(campaign.pk), "zh-hans"], salt=TICKETS) for _one in range(viewers)],
        "files": published(campaign),
    }
    (folder / "viewers.json").write_text(json.dumps(told))


def published(campaign: Campaign) -> list[str]:
    """Yesterday's results, as files: five thousand people in five hundred tubes."""
    device, now = Device.objects.order_by("number").values_list("number", flat=True)[0], timezone.now()
    at = {"campaign": campaign, "device_id": device}
    codes = [f"Y{n}" for n in range(TUBES)]
    Tube.objects.bulk_create(
        [Tube(**at, code=code, size=10, people=10, opened_at=now, last_at=now, closed_at=now) for code in codes]
    )
    CheckIn.objects.bulk_create([
        CheckIn(**at, seq=2_000_000 + n, kind=1, verdict=1, person=uuid4(), tube=codes[n // 10], at=now, mark=uuid4(), stored_at=now)
        for n in range(TUBES * 10)
    ])  # fmt: skip
    Result.objects.bulk_create([
        Result(campaign=campaign, tube=code, value="negative", laboratory="", tested_at=now, stored_at=now) for code in codes
    ])  # fmt: skip
    Campaign.objects.filter(pk=campaign.pk).update(state=publishing.TOLD[0])
    publishing.publish(campaign)
    root = Path(settings.DATA) / "results"
    return [f"/testing/results/{one.relative_to(root)}" for one in sorted(root.rglob("*.txt"))]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

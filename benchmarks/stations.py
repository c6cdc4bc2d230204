"""A campaign with devices, made in a house's own environment, and codes of residents who do not exist. Started by faults.py and ingest.py.

python benchmarks/stations.py <devices> <codes> <file>     writes {"campaign", "devices": [[number, secret], …], "codes": […]}
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- settings first

from tongzhou.kernel import module, steps  # noqa: E402 -- Django must be set up first
from tongzhou.kernel.loading import house  # noqa: E402 -- Django must be set up first
from tongzhou.kernel.models import Response, Unit  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing import rules  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.actions import devices  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.models import Campaign, Point  # noqa: E402 -- Django must be set up first

AT_A_POINT = 10


def main(n: int, codes: int, file: Path) -> None:
    by = house()
    unit = Unit.objects.filter(code="bench").first()
    if unit is None:
        unit = Unit(code="bench", name="测量区", kind="district")
        unit.place()
        steps.file(unit, by=by, needs="people.manage")
    response = Response.objects.filter(slug="bench").first()
    if response is None:
        response = Response(slug="bench", name="测量", lead=unit, began_on=timezone.localdate(), synthetic=True)
        steps.file(response, by=by, needs="people.manage")
        response.roots.set([unit])
    campaign, _new = module.file(Campaign(response=response, unit=unit, name="测量"), by=by)
    made = []
    for i in range(0, n, AT_A_POINT):
        at = Point(response=response, unit=unit, campaign=campaign, name=f"点{i // AT_A_POINT}", tables=AT_A_POINT)
        module.file(at, by=by)
        made += [devices.register(at, by=by, table=t + 1) for t in range(min(AT_A_POINT, n - i))]
    expires = int((timezone.now() + timedelta(days=30)).timestamp() * 1000)
    texts = [rules.make_code(uuid5(NAMESPACE_URL, f"bench/{i}").bytes, expires, 0) for i in range(codes)]
    told = {"campaign": str(campaign.pk), "devices": [[one.device.number, one.secret] for one in made], "codes": texts}
    file.write_text(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

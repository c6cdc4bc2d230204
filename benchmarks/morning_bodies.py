"""The requests of a morning, made before the clock starts: for each device and second what was scanned in it. Started by morning.py."""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from benchmarks.ingest_bodies import item, request  # noqa: E402 -- settings first


def main(folder: Path) -> None:
    devices = json.loads((folder / "stations.json").read_text())["devices"]
    now = int(time.time() * 1000)
    for lane, counts in enumerate(json.loads((folder / "scans.json").read_text())):
        seq = 0
        with (folder / f"bodies-{lane}").open("wb") as out:
            for second, n in sorted((int(second), n) for second, n in counts.items()):
                body = request(*devices[lane], [item(lane, seq + one, now) for one in range(1, n + 1)], now)
                seq += n
                out.write(b"%08d%08d" % (second, len(body)) + body)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Requests made before the clock starts: check-ins of people who do not exist. Started by ingest.py in the house's environment.

MIX, in the environment, says what else is among them: "repeats 0.05" sends so many items of the batch before once more, "replays" sends
every batch twice, "shared 0.05" lets two devices at a time swab so many of the same people. By default everybody is new.
"""

import hashlib
import json
import os
import secrets
import sys
import time
from base64 import b64encode
from pathlib import Path
from random import Random
from typing import Any

import django

django.setup()

from tongzhou.modules.testing import rules  # noqa: E402 -- settings first

CODES_LAST = 30 * 86_400_000  # milliseconds


def main(folder: str, batch: str, requests: str, start: str, lanes: str) -> None:
    """A file for each device, of those that stations.py told."""
    told = json.loads((Path(folder) / "stations.json").read_text())
    for lane, (number, secret) in enumerate(told["devices"][: int(lanes)]):
        write(Path(folder) / f"bodies-{lane}", number, secret, int(batch), int(requests), int(start), lane)


def write(file: Path, number: int, secret: str, batch: int, requests: int, start: int, lane: int) -> None:
    """Each request ready to be written to a socket, its length before it in eight digits."""
    mix, _space, given = os.environ.get("MIX", "").partition(" ")
    share, chance, both = float(given or 0), Random(start + lane), Random(start + lane // 2)
    now, seq, before = int(time.time() * 1000), start, list[dict[str, Any]]()
    with file.open("wb") as out:
        for n in range(requests):
            if mix == "replays" and n % 2:
                items = before
            else:
                items = [
                    item(lane, seq + one, now, both.randbytes(16) if mix == "shared" and both.random() < share else b"")
                    for one in range(batch)
                ]
                seq += batch
            if mix == "repeats":
                items = [
                    before[place] if before and chance.random() < share else one for place, one in enumerate(items)
                ]
            whole, before = request(number, secret, items, now), items
            out.write(b"%08d" % len(whole) + whole)


def item(lane: int, seq: int, now: int, person: bytes = b"") -> dict[str, Any]:
    code = rules.make_code(person or secrets.token_bytes(16), now + CODES_LAST, 0)
    text = json.dumps({"kind": "sample", "at": now, "tube": f"T{lane}N{seq // 10}", "code": code})
    return {"seq": seq, "digest": b64encode(hashlib.sha256(text.encode()).digest()).decode(), "text": text}


def request(number: int, secret: str, items: list[dict[str, Any]], now: int) -> bytes:
    """A batch as it is written to a socket."""
    body = json.dumps({"protocol": rules.BATCH, "sent_at": now, "items": items}).encode()
    head = f"POST /testing/device/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Device {number}.{secret}\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    main(*sys.argv[1:])

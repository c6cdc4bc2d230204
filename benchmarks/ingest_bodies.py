"""Requests made before the clock starts: check-ins of people who do not exist, each of them new. Started by ingest.py in the house's environment."""

import hashlib
import json
import secrets
import sys
import time
from base64 import b64encode
from pathlib import Path

import django

django.setup()

from tongzhou.modules.testing import rules  # noqa: E402 -- settings first


def main(folder: str, batch: str, requests: str, start: str, lanes: str) -> None:
    """A file for each device, of those that stations.py told."""
    told = json.loads((Path(folder) / "stations.json").read_text())
    for lane, (number, secret) in enumerate(told["devices"][: int(lanes)]):
        write(Path(folder) / f"bodies-{lane}", number, secret, int(batch), int(requests), int(start), lane)


def write(file: Path, number: int, secret: str, batch: int, requests: int, start: int, lane: int) -> None:
    """Each request ready to be written to a socket, its length before it in eight digits."""
    seq, now = start, int(time.time() * 1000)
    head = f"POST /testing/device/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Device {number}.{secret}\r\nContent-Length: "
    with file.open("wb") as out:
        for _request in range(requests):
            items = []
            for _item in range(batch):
                seq += 1
                code = rules.make_code(secrets.token_bytes(16), now + 30 * 86_400_000, 0)
                text = json.dumps({"kind": "sample", "at": now, "tube": f"T{lane}N{seq // 10}", "code": code})
                items.append(
                    {"seq": seq, "digest": b64encode(hashlib.sha256(text.encode()).digest()).decode(), "text": text}
                )
            body = json.dumps({"protocol": rules.BATCH, "sent_at": now, "items": items}).encode()
            whole = f"{head}{len(body)}\r\n\r\n".encode() + body
            out.write(b"%08d" % len(whole) + whole)


if __name__ == "__main__":
    main(*sys.argv[1:])

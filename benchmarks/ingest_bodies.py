"""Requests made before the clock starts: check-ins of people who do not exist, each of them new. Started by ingest.py in the house's environment."""

import hashlib
import json
import secrets
import sys
import time
from base64 import b64encode

import django

django.setup()

from tongzhou.modules.testing import rules  # noqa: E402 -- settings first


def main(file: str, number: str, secret: str, batch: str, requests: str, start: str, lane: str) -> None:
    """Each request ready to be written to a socket, its length before it in eight digits."""
    seq, now = int(start), int(time.time() * 1000)
    head = f"POST /testing/device/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Device {number}.{secret}\r\nContent-Length: "
    with open(file, "wb") as out:  # noqa: PTH123 -- plain bytes
        for _request in range(int(requests)):
            items = []
            for _item in range(int(batch)):
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

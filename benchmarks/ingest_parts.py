"""What each part of a check-in costs the program, in microseconds a row: the functions of a batch of a hundred, by themselves, in one process.

python -m benchmarks.ingest_parts [rows in a batch]      median of some hundred rounds; needs no database
"""

import json
import os
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from secrets import token_bytes
from statistics import median
from uuid import uuid4

import django
import msgspec

os.environ |= {
    "TONGZHOU_DATA": tempfile.mkdtemp(),
    "DATABASE_URL": "",
    "DJANGO_SETTINGS_MODULE": "tongzhou.web.settings",
}
django.setup()

from tongzhou.kernel.seal.cipher import encrypt  # noqa: E402 -- settings first
from tongzhou.kernel.seal.keys import new_keys  # noqa: E402 -- settings first
from tongzhou.modules.testing import rules  # noqa: E402 -- settings first
from tongzhou.modules.testing.actions.ingest import postgresql  # noqa: E402 -- settings first
from tongzhou.modules.testing.actions.ingest.reading import Row, Sheaf, read  # noqa: E402 -- settings first
from tongzhou.modules.testing.api.asking import checked, token  # noqa: E402 -- settings first
from tongzhou.modules.testing.queries import Session  # noqa: E402 -- settings first
from tongzhou.modules.testing.rules.codes import keyed, read_code  # noqa: E402 -- settings first
from tongzhou.modules.testing.workflow import DeviceState  # noqa: E402 -- settings first

ROUNDS = 300


def main(n: int) -> None:
    new_keys()
    now, secret = rules.now(), "a" * 32
    codes = [rules.make_code(token_bytes(16), now + 86_400_000, 0) for _ in range(n)]
    texts = [
        json.dumps({"kind": "sample", "at": now, "tube": f"T{k // 10}", "code": code}) for k, code in enumerate(codes)
    ]
    digests = [sha256(text.encode()).digest() for text in texts]
    items = [
        {"seq": k + 1, "digest": b64encode(d).decode(), "text": t}
        for k, (d, t) in enumerate(zip(digests, texts, strict=True))
    ]
    body = json.dumps({"protocol": rules.BATCH, "sent_at": now, "items": items}).encode()
    session = Session(
        7001, uuid4(), None, "", rules.Station(10), now, DeviceState.ACTIVE, sha256(secret.encode()).hexdigest()
    )
    sheaf = Sheaf(session, now, rules.items_of(body)[1], now)
    rows: list[Row] = []
    acks = read(sheaf, 0, rows)
    parts: dict[str, Callable[[], object]] = {
        "authentication of the device": lambda: checked(session, token(b"Device 7001." + secret.encode())[1]),
        "the batch from JSON": partial(rules.items_of, body),
        "each fact checked": lambda: [rules.read_fact(item) for item in sheaf.items],
        "seal of the code, and the person's index from it": lambda: [read_code(code) for code in codes],
        "keyed digest by which a repeat is known": lambda: [keyed(digest) for digest in digests],
        "all of reading (the three above, times, verdicts, rows)": lambda: read(sheaf, 0, []),
        "rows packed for PostgreSQL": lambda: postgresql.columns(rows),
        "an answer for each": lambda: msgspec.json.encode(rules.Answer(rules.ACK, session.device, now, acks)),
        "without a code: index of a document": lambda: [rules.person_key("id", f"2105991990010{k:05d}") for k in range(n)],
        "without a code: a name and a number sealed": lambda: [encrypt("测试210599", f"{k}/{word}") for word in ("name", "number") for k in range(n)],
    }  # fmt: skip
    print(f"| part, {n} rows | µs a row |\n|---|--:|")
    for name, part in parts.items():
        print(f"| {name} | {timed(part) / n * 1e6:.2f} |")


def timed(part: Callable[[], object]) -> float:
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        part()
        spent.append(time.perf_counter() - begun)
    return median(spent)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

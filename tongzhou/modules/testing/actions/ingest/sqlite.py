"""The same on SQLite: one transaction of a few statements, since an INSERT cannot stand in a WITH there."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from tongzhou.modules.testing.actions.ingest.reading import Row
from tongzhou.modules.testing.actions.ingest.stored import Odd, Stored

CHECKINS = """
INSERT INTO testing_checkin (campaign_id, device, seq, kind, verdict, turn, person, tube, "of", at, skew, mark, stored_at)
SELECT v ->> 0, v ->> 1, v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, v ->> 8,
  strftime('%Y-%m-%d %H:%M:%f', (v ->> 9) / 1000.0, 'unixepoch'), v ->> 10, v ->> 11, strftime('%Y-%m-%d %H:%M:%f', 'now')
FROM (SELECT value AS v FROM json_each(?)) WHERE true
ON CONFLICT DO NOTHING RETURNING campaign_id, device, seq
"""
COUNTS = """
INSERT INTO testing_count AS c (campaign_id, device, quarter, verdict, n) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (campaign_id, device, quarter, verdict) DO UPDATE SET n = c.n + excluded.n
"""
TUBES = """
INSERT INTO testing_tube AS t (campaign_id, code, device, size, people, opened_at, last_at, closed_at)
SELECT v ->> 0, v ->> 1, v ->> 2, v ->> 3, v ->> 4, strftime('%Y-%m-%d %H:%M:%f', (v ->> 5) / 1000.0, 'unixepoch'),
  strftime('%Y-%m-%d %H:%M:%f', (v ->> 6) / 1000.0, 'unixepoch'), strftime('%Y-%m-%d %H:%M:%f', (v ->> 7) / 1000.0, 'unixepoch')
FROM (SELECT value AS v FROM json_each(?)) WHERE true
ON CONFLICT (campaign_id, code, device) DO UPDATE SET people = t.people + excluded.people,
  last_at = coalesce(max(t.last_at, excluded.last_at), t.last_at, excluded.last_at), closed_at = coalesce(t.closed_at, excluded.closed_at)
"""
TURNS = """
WITH given AS (SELECT v ->> 0 AS campaign, v ->> 1 AS code, v ->> 2 AS device, v ->> 5 AS opened, v ->> 7 AS closed
  FROM (SELECT value AS v FROM json_each(?)))
SELECT g.campaign, g.device, g.opened, 21 FROM given g LEFT JOIN testing_tube t ON (t.campaign_id, t.code, t.device) = (g.campaign, g.code, g.device)
  WHERE t.code IS NULL
UNION ALL SELECT g.campaign, g.device, g.closed, 22 FROM given g LEFT JOIN testing_tube t ON (t.campaign_id, t.code, t.device) = (g.campaign, g.code, g.device)
  WHERE g.closed IS NOT NULL AND t.closed_at IS NULL
"""
ODD = """
SELECT * FROM (
  SELECT t.campaign_id, t.code, t.device, max(t.people - t.size, 0) AS over,
    coalesce((SELECT o.device FROM testing_tube o WHERE o.campaign_id = t.campaign_id AND o.code = t.code AND o.device <> t.device LIMIT 1), 0) AS elsewhere,
    CASE WHEN t.closed_at < t.last_at THEN CAST(round((julianday(t.closed_at) - 2440587.5) * 86400000) AS INTEGER) ELSE 0 END AS closed
  FROM testing_tube t JOIN (SELECT value AS v FROM json_each(?)) ON t.campaign_id = v ->> 0 AND t.code = v ->> 1 AND t.device = v ->> 2
) WHERE over OR elsewhere OR closed
"""


def store(rows: list[Row]) -> Stored:
    """Raises django.db.DatabaseError; then nothing is stored."""
    connection.ensure_connection()
    with transaction.atomic(), connection.wrap_database_errors:
        base = connection.connection
        went_in = set(base.execute(CHECKINS, (json.dumps([_values(row) for row in rows]),)).fetchall())
        fresh, bounced = [], []
        for place, row in enumerate(rows):
            if (row.campaign.hex(), row.device, row.seq) in went_in:
                fresh.append(row)
            else:
                bounced.append(place)
        tubes = json.dumps(list(_tubes(fresh)))
        counts = _counts(fresh) | Counter(_key(*one) for one in base.execute(TURNS, (tubes,)))
        base.executemany(COUNTS, [(*key, n) for key, n in counts.items()])
        base.execute(TUBES, (tubes,))
        odd = base.execute(ODD, (tubes,)).fetchall()
    return Stored(bounced, [Odd(bytes.fromhex(one[0]), *one[1:]) for one in odd])


def _values(row: Row) -> list[Any]:
    person = row.person.hex() if row.person else None
    return [
        row.campaign.hex(), row.device, row.seq, row.kind, row.verdict, row.turn, person, row.tube, row.of, row.at, row.skew, row.mark.hex(),
    ]  # fmt: skip


def _counts(rows: Iterable[Row]) -> Counter[tuple[str, int, int, int]]:
    return Counter(_key(row.campaign.hex(), row.device, row.at, row.verdict) for row in rows if row.kind < 3)


def _key(campaign: str, device: int, at: int, what: int) -> tuple[str, int, int, int]:
    return campaign, device, at // 900_000, what


def _tubes(rows: Iterable[Row]) -> Iterable[list[Any]]:
    found: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.campaign.hex(), row.tube, row.device].append(row)
    for (campaign, tube, device), own in found.items():
        people = sum({1: 1, 2: -1}.get(row.kind, 0) for row in own)
        last = max((row.at for row in own if row.kind == 1), default=None)
        closed = max((row.at for row in own if row.kind == 3), default=None)
        yield [campaign, tube, device, min(row.size for row in own), people, min(row.at for row in own), last, closed]

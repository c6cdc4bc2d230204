"""The one statement on PostgreSQL, its columns given as ready-made binary arrays.

Counters follow from RETURNING, so what was there already is not counted again. Rows go in by the order of their persons and the
tables are touched in one order, so that two writers wait for each other instead of blocking each other for good. One statement is
one transaction; what bounced is settled after it.
"""

from collections.abc import Sequence
from itertools import chain, repeat
from struct import Struct, pack
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format, TransactionStatus

from tongzhou.modules.testing.actions.ingest.reading import Row
from tongzhou.modules.testing.actions.ingest.stored import Odd, Stored

# The statement sees tubes as they were before it, so one that was closed already is not counted again; xmax is 0 in a row just made.
# Nobody else's swab belongs into the tube of a retest (turn 1), whatever size the tubes of the device have.
# `what` is kind, verdict and turn in one number: an array less costs as much as a column less
SQL = """
WITH given AS MATERIALIZED (
  SELECT * FROM unnest(%s::uuid[], %s::int8[], %s::int4[], %s::int4[], %s::uuid[], %s::text[], %s::int4[], %s::timestamptz[],
    %s::int4[], %s::uuid[]) WITH ORDINALITY AS g (campaign, device, seq, what, person, tube, "of", at, skew, mark, place)
), ins AS (
  INSERT INTO testing_checkin AS c (campaign_id, device, seq, kind, verdict, turn, person, tube, "of", at, skew, mark, stored_at)
  SELECT campaign, device, seq, what & 15, what >> 4 & 15, what >> 8, person, tube, "of", at, coalesce(skew, 0), mark, now() FROM given
  ON CONFLICT DO NOTHING
  RETURNING campaign_id AS campaign, c.device, seq, kind, verdict, turn, tube, at
), tubes AS (
  INSERT INTO testing_tube AS t (campaign_id, code, device, size, people, opened_at, last_at, closed_at)
  SELECT i.campaign, i.tube, i.device, CASE WHEN max(i.turn) > 0 THEN 1 ELSE max(s.size) END,
    sum(CASE i.kind WHEN 1 THEN 1 WHEN 2 THEN -1 ELSE 0 END), min(i.at),
    max(i.at) FILTER (WHERE i.kind = 1), max(i.at) FILTER (WHERE i.kind = 3)
  FROM ins i JOIN unnest(%s::int8[], %s::int4[]) AS s (device, size) ON s.device = i.device GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (campaign_id, code, device) DO UPDATE SET people = t.people + excluded.people,
    last_at = greatest(t.last_at, excluded.last_at), closed_at = coalesce(t.closed_at, excluded.closed_at)
  RETURNING t.*, t.xmax = 0 AS fresh
), counted AS (
  INSERT INTO testing_count AS c (campaign_id, device, quarter, verdict, n)
  SELECT campaign, device, floor(date_part('epoch', at) / 900)::int4, what, count(*) FROM (
    SELECT campaign, device, at, verdict AS what FROM ins WHERE kind < 3
    UNION ALL SELECT campaign_id, device, opened_at, 21 FROM tubes WHERE fresh
    UNION ALL SELECT campaign_id, device, closed_at, 22 FROM tubes t WHERE closed_at IS NOT NULL AND NOT EXISTS (
      SELECT FROM testing_tube o WHERE o.campaign_id = t.campaign_id AND o.code = t.code AND o.device = t.device AND o.closed_at IS NOT NULL)
  ) AS each GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (campaign_id, device, quarter, verdict) DO UPDATE SET n = c.n + excluded.n
)
SELECT
  CASE WHEN (SELECT count(*) FROM ins) < %s THEN (SELECT array_agg(place - 1) FROM given g WHERE NOT EXISTS (
    SELECT FROM ins i WHERE i.device = g.device AND i.seq = g.seq AND i.campaign = g.campaign)) END,
  (SELECT array_agg(ARRAY[t.campaign_id::text, t.code, t.device::text, greatest(t.people - t.size, 0)::text, coalesce(o.device, 0)::text,
      (CASE WHEN t.closed_at < t.last_at THEN floor(extract(epoch FROM t.closed_at) * 1000)::int8 ELSE 0 END)::text])
    FROM tubes t LEFT JOIN LATERAL (SELECT o.device FROM testing_tube o WHERE o.campaign_id = t.campaign_id AND o.code = t.code
      AND o.device <> t.device LIMIT 1) o ON true
    WHERE t.people > t.size OR o.device IS NOT NULL OR t.closed_at < t.last_at)
"""


def store(rows: list[Row]) -> Stored:
    """Puts the rows in the order they go in. Raises django.db.DatabaseError; then nothing is stored."""
    rows.sort(key=_order)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        ready(cursor)
        cursor.execute(SQL, columns(rows), prepare=True)
        bounced, odd = cursor.fetchone() or (None, None)
    return Stored(bounced or [], [_odd(one) for one in odd or ()])


# connections that read and plan the statement once: read and planned for each group anew, a small group costs twice as much
_ready: WeakSet[psycopg.Connection[Any]] = WeakSet()
# executions before a statement is prepared unasked. Django sets None, by which `prepare=True` does nothing
ONLY_ASKED = 2**31 - 1


def ready(cursor: psycopg.Cursor[Any]) -> None:
    """For the statement: its parameters are known, and its plan is kept as long as the connection."""
    cursor.adapters.register_dumper(Packed, PackedDumper)
    if cursor.connection not in _ready:
        cursor.connection.prepare_threshold = ONLY_ASKED
        # in a transaction it may be taken back
        lasts = cursor.connection.info.transaction_status == TransactionStatus.IDLE
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        if lasts:
            _ready.add(cursor.connection)


def columns(rows: Sequence[Row]) -> tuple[Any, ...]:
    """The rows as the statement's parameters."""
    sizes: dict[int, int] = {}
    for row in rows:
        sizes[row.device] = max(row.size, sizes.get(row.device, 0))  # a retest is by itself, the other tubes are not
    return (
        _uuids([row.campaign for row in rows]),
        _numbers(INT8, 20, [row.device for row in rows]),
        _numbers(INT4, 23, [row.seq for row in rows]),
        _numbers(INT4, 23, [row.kind | row.verdict << 4 | row.turn << 8 for row in rows]),
        _uuids([row.person for row in rows]),
        _texts([row.tube for row in rows]),
        _some([row.of for row in rows]),
        _numbers(INT8, 1184, [(row.at - SINCE_2000) * 1000 for row in rows]),
        _some([row.skew or None for row in rows]),
        _uuids([row.mark for row in rows]),
        _numbers(INT8, 20, list(sizes)),
        _numbers(INT4, 23, list(sizes.values())),
        len(rows),
    )


class Packed(bytes):
    """A parameter in PostgreSQL's own binary form; its type is what the statement casts it to."""


class PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> Buffer:
        return obj  # type: ignore[no-any-return]  # psycopg does not type what a dumper is given


SINCE_2000 = 946_684_800_000  # milliseconds from 1970 to PostgreSQL's own beginning
INT8, INT4 = (8, "iq"), (4, "ii")
UUID_HEAD, TEXT_HEAD, UUID_OID, TEXT_OID = Struct("!i").pack(16), Struct("!i"), 2950, 25
NULL = Struct("!i").pack(-1)


def _order(row: Row) -> tuple[bytes, int, int]:
    return row.person or b"", row.device, row.seq


def _head(oid: int, n: int, nulls: bool = False) -> bytes:
    """One dimension, from 1 to n (src/backend/utils/adt/arrayfuncs.c, array_recv)."""
    return pack("!iiIii", 1, int(nulls), oid, n, 1)


def _numbers(form: tuple[int, str], oid: int, values: Sequence[int]) -> Packed:
    width, letters = form
    return Packed(
        _head(oid, len(values)) + pack("!" + letters * len(values), *chain.from_iterable(zip(repeat(width), values)))
    )


def _uuids(values: Sequence[bytes | None]) -> Packed:
    if None in values:
        parts = [NULL if value is None else UUID_HEAD + value for value in values]
        return Packed(_head(UUID_OID, len(values), nulls=True) + b"".join(parts))
    return Packed(_head(UUID_OID, len(values)) + UUID_HEAD + UUID_HEAD.join(values))  # type: ignore[arg-type]  # nothing is missing: looked for above


def _texts(values: Sequence[str]) -> Packed:
    # ASCII: see protocol
    return Packed(
        _head(TEXT_OID, len(values)) + b"".join([TEXT_HEAD.pack(len(value)) + value.encode() for value in values])
    )


def _some(values: Sequence[int | None]) -> Packed | None:
    """A column that is mostly empty: left out where nothing is in it."""
    if not any(values):
        return None
    parts = [NULL if value is None else pack("!ii", 4, value) for value in values]
    return Packed(_head(23, len(values), nulls=True) + b"".join(parts))


def _odd(one: Sequence[str]) -> Odd:
    campaign, code, device, over, elsewhere, closed = one
    return Odd(bytes.fromhex(campaign.replace("-", "")), code, int(device), int(over), int(elsewhere), int(closed))

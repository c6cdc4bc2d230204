"""The one way in for what devices say: over HTTP, from a file a colleague sends, from a typed sheet, from a rehearsal.

    read     each item to a row, or to the reason why it is none                          reading.py
    store    all rows of all sheaves by one statement: check-ins, counters, tubes         postgresql.py, sqlite.py
    settle   the few that did not go in: a repeat, a correction's second swab, a conflict settling.py, repeating.py, keeping.py

An answer is returned only after the database has confirmed the commit, so whoever gets one may forget the item. Nothing is looked
up outside. Any exception means that nothing of what was given is promised: sent again, what had gone in comes back as duplicate.
"""

from collections.abc import Callable, Sequence

from django.db import OperationalError, connection

from tongzhou.modules.testing.actions.ingest import postgresql, sqlite
from tongzhou.modules.testing.actions.ingest.keeping import CORRECT, withdraw
from tongzhou.modules.testing.actions.ingest.reading import Row, Sheaf, read, residents
from tongzhou.modules.testing.actions.ingest.settling import settle
from tongzhou.modules.testing.actions.ingest.stored import Stored
from tongzhou.modules.testing.rules import Ack

TRIES = 5  # of a statement that another writer's order of rows stopped


def ingest(sheaves: Sequence[Sheaf]) -> list[list[Ack]]:
    """Answers to each item of each sheaf, in order. Raises DatabaseError when nothing can be kept now."""
    acks: list[list[Ack]] = []
    rows: list[Row] = []
    for number, sheaf in enumerate(sheaves):
        acks.append(read(sheaf, number, rows))
    if rows:
        residents(sheaves, rows)
        direct, aside = _once(rows)
        stored = _store(direct) if direct else Stored()
        left = [direct[place] for place in stored.bounced] + aside
        if left or stored.odd:
            settle(sheaves, acks, direct, left, stored)
        withdraw([row for row in rows if row.kind == CORRECT])
    return acks


def _once(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Rows for the statement, and those that must not be in it: the same number a second time, and what a revoked device sends."""
    seen: set[tuple[bytes, int, int]] = set()
    direct, aside = [], []
    for row in rows:
        key = (row.campaign, row.device, row.seq)
        if row.aside or key in seen:
            aside.append(row)
        else:
            seen.add(key)
            direct.append(row)
    return direct, aside


def _store(rows: list[Row]) -> Stored:
    store: Callable[[list[Row]], Stored] = (postgresql if connection.vendor == "postgresql" else sqlite).store
    for _try in range(TRIES - 1):
        try:
            return store(rows)
        except OperationalError as fault:
            if getattr(fault.__cause__, "sqlstate", "") not in DEADLOCKS or connection.in_atomic_block:
                raise
    return store(rows)


DEADLOCKS = {"40P01", "40001"}

__all__ = ["Sheaf", "ingest"]

"""The ledger: every change and every look at personal data is an entry; entries are never changed or removed.

Each row's entries form a chain of SHA-256 digests. `tongzhou verify` computes all chains again and names the first broken entry.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Entry, Kept, Person

MANY = 500  # rows in one statement


def append(
    row: Kept,
    verb: str,
    *,
    by: Person | None,
    said: Any,
    move: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Entry:
    """Add the row's next entry. Call inside the transaction of the change it tells of, after the row's `version` was raised."""
    before = Entry.objects.filter(table=row._meta.label_lower, record=row.pk).order_by("-seq").first()
    told = {"verb": verb, "move": move, "by": by, "said": source_text(said), "note": note, "data": data or {}}
    entry = _entry(row, before.digest if before else "", **told)
    entry.save(force_insert=True)
    return entry


def append_many(
    rows: Sequence[Kept], verb: str, *, by: Person | None, said: Any, move: str = "", data: Mapping[UUID, Any] | None
) -> None:
    """`append` for rows of one kind, in a few statements; `data` by the row's key."""
    words, prior = source_text(said), _digests_before(rows)
    entries = [
        _entry(row, prior.get(row.pk, ""), verb=verb, move=move, by=by, said=words, data=(data or {}).get(row.pk, {}))
        for row in rows
    ]
    Entry.objects.bulk_create(entries, batch_size=MANY)


def _entry(row: Kept, prior: str, **told: Any) -> Entry:
    response = getattr(row, "response_id", None)
    place = {"table": row._meta.label_lower, "record": row.pk, "seq": row.version, "response_id": response}
    entry = Entry(**place, **told, at=timezone.now(), prior=prior)
    entry.digest = digest(entry)
    return entry


def _digests_before(rows: Sequence[Kept]) -> dict[UUID, str]:
    """For each row the digest of its last entry so far."""
    found: dict[UUID, str] = {}
    for part in batched(rows, MANY):
        last = {row.pk: row.version - 1 for row in part}
        entries = Entry.objects.filter(table=part[0]._meta.label_lower, record__in=last)
        known = entries.values_list("record", "seq", "digest")
        found |= {key: digest for key, seq, digest in known if seq == last[key]}
    return found


def digest(entry: Entry) -> str:
    """SHA-256 over the entry's content and the digest before it, as canonical JSON."""
    content = [
        entry.table, str(entry.record), entry.seq, entry.verb, entry.move, entry.at.isoformat(), str(entry.by_id or ""),
        str(entry.response_id or ""), entry.said, entry.data, entry.note, entry.prior,
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def entries(row: Kept) -> QuerySet[Entry]:
    return Entry.objects.filter(table=row._meta.label_lower, record=row.pk).select_related("by").order_by("seq")


def sentence(entry: Entry) -> str:
    """The entry as a person would say it, in the reader's language."""
    by = str(entry.by) if entry.by else __("系统")
    words = {k: __(v) if v and isinstance(v, str) else v for k, v in entry.data.items() if isinstance(v, str | int)}
    if names := entry.data.get("new"):
        words["fields"] = __("、").join(labels(entry.table, names))
    try:
        return __(entry.said).format(**words | {"by": by})
    # a sentence from before a change of words: show it rather than fail
    except (
        KeyError,
        IndexError,
        ValueError,
        AttributeError,
    ):
        return entry.said


def labels(table: str, names: Iterable[str]) -> list[str]:
    """What the table's fields are called, in the reader's language; a field that is there no more goes by its name."""
    model = apps.get_model(table)
    known = {field.name: field for field in model._meta.fields}
    return [str(known[name].verbose_name) if name in known else name for name in names]


def broken() -> Iterator[tuple[Entry, str]]:
    """Every entry whose chain does not hold, with the reason, in order; also rows without their last entries, and entries without their row."""
    yield from _broken_chains()
    yield from _short_chains()


def _broken_chains() -> Iterator[tuple[Entry, str]]:
    prior: Entry | None = None
    for entry in Entry.objects.order_by("table", "record", "seq").iterator(chunk_size=2000):
        same = prior is not None and (prior.table, prior.record) == (entry.table, entry.record)
        expected = (prior.seq + 1, prior.digest) if same and prior else (1, "")
        if (entry.seq, entry.prior) != expected:
            yield entry, __("与前一条不相连")
        elif digest(entry) != entry.digest:
            yield entry, __("内容与摘要不符")
        prior = entry


def _short_chains() -> Iterator[tuple[Entry, str]]:
    """Entries cut off at the end leave no broken link; the row's own count of them tells. A row cut off leaves its entries."""
    from django.db.models import Max

    last = {(t, r): n for t, r, n in Entry.objects.values_list("table", "record").annotate(n=Max("seq"))}
    for model in apps.get_models():
        if not issubclass(model, Kept):
            continue
        table = model._meta.label_lower
        for pk, version in model._default_manager.order_by().values_list("pk", "version").iterator(chunk_size=2000):
            if last.pop((table, pk), 0) != version:
                yield Entry(table=table, record=pk, seq=version), __("缺少条目")
    for (table, pk), seq in last.items():
        yield Entry(table=table, record=pk, seq=seq), __("记录已被移除")

"""What was published: kept whole, shown as it was, with what the same questions are answered today beside it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import override

from tongzhou.kernel import access
from tongzhou.kernel.facts import Finding, record_model
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Entry, Person
from tongzhou.modules.chronicle.models import LINES, Chronicle, Kind
from tongzhou.modules.chronicle.queries import composing, gathering
from tongzhou.modules.chronicle.rules import prose
from tongzhou.modules.chronicle.rules.prose import Composition, Grid, Part, Row, Said, Shown

MOST_KEYS = 1000  # kept with a figure; the digest covers all


def freeze(chronicle: Chronicle, by: Person, at: datetime) -> dict[str, Any]:
    """Scope, words in both languages, values with the records behind them, and a digest of it all.

    `reach` is what the publisher reached in each room: the figures can be asked again only by someone who reaches the same.
    """
    words: dict[str, Any] = {}
    figures: dict[str, dict[str, Any]] = {}
    for language, locale in composing.LOCALES.items():
        with override(locale):
            paper = composing.composition(chronicle, by)
            words[language] = _words(paper)
            for shown in paper.figures:
                figures.setdefault(shown.token, {})[language] = shown.text
                figures[shown.token] |= {} if "url" in figures[shown.token] else _figure(shown, by)
    content = {
        "at": timezone.localtime(at).isoformat(timespec="seconds"), "by": str(by.pk), "scope": chronicle.scope.as_data(), "reach": _reach(by),
        "words": words, "figures": figures, "cited": [citation.as_data() for citation in chronicle.citations.all()],
    }  # fmt: skip
    return content | {"digest": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over everything frozen, as canonical JSON."""
    covered = {name: value for name, value in content.items() if name != "digest"}
    return hashlib.sha256(
        json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def published(chronicle: Chronicle) -> Composition:
    """The paper as it was published, in the active language; a figure that has changed since says so beside itself."""
    frozen = chronicle.frozen or {}
    words, now = frozen["words"][lang()], _today(chronicle)
    figures = {token: _shown(token, kept, now.get(token), frozen) for token, kept in frozen["figures"].items()}
    labels = dict(LINES)
    parts = tuple(
        Part(
            part["line"],
            str(labels[part["line"]]) if part["titled"] else "",
            tuple(tuple(prose.said(one, figures) for one in paragraph) for paragraph in part["paragraphs"]),
            part["edited"],
        )
        for part in words["parts"]
    )
    notes = tuple((name, address) for name, address in words["notes"])
    names = {name: words[name] for name in ("title", "subtitle", "issuer", "day", "number", "scope_text")}
    return Composition(
        **names,
        scope=frozen["scope"],
        parts=parts,
        grid=_grid(words["grid"], figures),
        notes=notes,
        frozen_at=frozen["at"],
        digest=frozen["digest"],
    )


def keys(shown: Shown, by: Person) -> list[str]:
    """The keys of all records behind a figure; of a published one those it was counted from."""
    if shown.records or shown.finding is None:
        return list(shown.records)
    return [str(key) for key in shown.finding.records(by).order_by("pk").values_list("pk", flat=True)]


def _words(paper: Composition) -> dict[str, Any]:
    """The paper without its figures: sentences hold tokens."""
    names = ("title", "subtitle", "issuer", "day", "number", "scope_text", "notes")
    parts = [
        {
            "line": part.line, "titled": bool(part.title), "edited": part.edited,
            "paragraphs": [[_with_tokens(one) for one in paragraph] for paragraph in part.paragraphs],
        }
        for part in paper.parts
    ]  # fmt: skip
    rows = [
        {"line": row.line, "label": row.label, "cells": [cell.token for cell in row.cells]}
        for row in (paper.grid.rows if paper.grid else ())
    ]
    grid = {"columns": list(paper.grid.columns), "rows": rows} if paper.grid else None
    return {**{name: getattr(paper, name) for name in names}, "parts": parts, "grid": grid}


def _with_tokens(said: Said) -> str:
    return "".join(piece if isinstance(piece, str) else piece.token for piece in said.pieces)


def _figure(shown: Shown, by: Person) -> dict[str, Any]:
    found = keys(shown, by)
    covered = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
    value = shown.value if isinstance(shown.value, int) else str(shown.value)
    return {
        "fact": shown.fact, "value": value, "bound": shown.bound, "url": shown.url,
        "count": len(found), "records": found[:MOST_KEYS], "records_digest": covered,
    }  # fmt: skip


def _reach(by: Person) -> dict[str, list[str]]:
    return {room.name: sorted(access.reach(by, f"{room.name}.read")) for room in gathering.tellers()}


def _today(chronicle: Chronicle) -> dict[str, Finding]:
    """The frozen figures asked again, for the rooms in which the publisher still reaches what they reached then."""
    frozen = chronicle.frozen or {}
    publisher = Person.objects.filter(pk=frozen["by"]).first()
    if publisher is None:
        return {}
    then, now = frozen["reach"], _reach(publisher)
    tokens = [
        token
        for token, kept in frozen["figures"].items()
        if (room := kept["fact"].split(".")[0]) in now and now[room] == then.get(room)
    ]
    found = gathering.resolve(tokens, chronicle.scope, publisher)
    if chronicle.kind == Kind.RETURN and tokens:
        cells = composing.composition(chronicle, publisher).figures
        found |= {cell.token: cell.finding for cell in cells if cell.finding and cell.token in tokens}
    return found


def _shown(token: str, kept: Mapping[str, Any], now: Finding | None, frozen: Mapping[str, Any]) -> Shown:
    value = kept["value"] if isinstance(kept["value"], int) else Decimal(kept["value"])
    records = tuple(kept["records"]) if kept["count"] <= MOST_KEYS else ()
    shown = Shown(token, kept["fact"], kept[lang()], value, kept["bound"], kept["url"], records, finding=now)
    if now is None or (now.figure.value, now.figure.bound) == (value, kept["bound"]):
        return shown
    return replace(shown, now=now.text(), now_on=_corrected_on(now, kept["records"], frozen))


def _corrected_on(now: Finding, before: Iterable[str], frozen: Mapping[str, Any]) -> str:
    """The day of the last entry since publishing on a record that was counted then or is counted now."""
    model = record_model(now.fact)
    publisher = Person.objects.get(pk=frozen["by"])
    behind = {*before, *map(str, now.records(publisher).values_list("pk", flat=True)[:MOST_KEYS])}
    since = parse_datetime(frozen["at"])
    entries = Entry.objects.filter(table=model._meta.label_lower, record__in=behind, at__gte=since)
    last = entries.aggregate(last=Max("at"))["last"]
    return timezone.localtime(last).date().isoformat() if last else ""


def _grid(kept: Mapping[str, Any] | None, figures: Mapping[str, Shown]) -> Grid | None:
    if kept is None:
        return None
    rows = tuple(
        Row(row["line"], row["label"], tuple(figures[token] for token in row["cells"])) for row in kept["rows"]
    )
    return Grid(tuple(kept["columns"]), rows)

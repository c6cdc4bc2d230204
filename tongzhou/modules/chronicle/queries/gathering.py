"""What the rooms tell in a scope, sentence by sentence, and the figure that each token stands for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as __

from tongzhou.kernel import facts, module
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.figures import Figure
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.module import Line, Module
from tongzhou.kernel.scope import Scope
from tongzhou.modules.chronicle.models import Chronicle, Kind
from tongzhou.modules.chronicle.rules import Token, prose, tokens


@dataclass(frozen=True)
class Gathered:
    """`told` are the sentences of each line in the active language, with tokens; `findings` the figure of every token."""

    told: dict[str, list[str]]
    findings: dict[str, Finding]


def tellers() -> list[Module]:
    """All rooms but this one: a chronicle does not tell of itself."""
    return [room for room in module.rooms() if room.line != Line.RECORD]


def gather(chronicle: Chronicle, by: Person) -> Gathered:
    """One query a fact, twice for a brief, and what the rooms need to tell their part."""
    scope, rooms = chronicle.scope, tellers()
    found = _measured_once(chronicle, scope, by, rooms)
    told: dict[str, list[Sentence]] = {line.value: [] for line in Line if line is not Line.RECORD}
    for room in rooms:
        own = {name: findings for name, findings in found.items() if name.startswith(f"{room.name}.")}
        # a disclosure is read by anyone: figures only, since a room's own telling may name people
        tell = room.tell if room.tell and chronicle.kind != Kind.DISCLOSURE else None
        told[room.line] += tell(scope, by, own) if tell else plainly(own)
    told = {line: facts.together(sentences) for line, sentences in told.items()}
    findings = {one.token: one for findings in found.values() for one in findings}
    findings |= {one.token: one for sentences in told.values() for sentence in sentences for one in sentence.findings}
    texts = {line: [sentence.text for sentence in sentences] for line, sentences in told.items()}
    if chronicle.kind == Kind.BRIEF:
        findings |= _add_totals(texts, chronicle, scope, by, rooms)
    return Gathered(texts, findings)


def _measured_once(chronicle: Chronicle, scope: Scope, by: Person, rooms: list[Module]) -> dict[str, list[Finding]]:
    """Every fact, once for a paper as it was loaded: both languages, and what is checked and what is then frozen, show the same figures.

    Kept on the row in memory; a paper loaded again is measured again.
    """
    kept: dict[tuple[Scope, Any], dict[str, list[Finding]]] = chronicle.__dict__.setdefault("_measured", {})
    if (scope, by.pk) not in kept:
        kept[scope, by.pk] = facts.gather(scope, by, rooms)
    return kept[scope, by.pk]


def plainly(findings: dict[str, list[Finding]]) -> list[Sentence]:
    """How a room is told that does not tell itself: one sentence for each figure that is not zero."""
    return [
        Sentence(_full(one.sentence(one.token)), (one,)) for group in findings.values() for one in facts.nonzero(group)
    ]


def resolve(texts: Iterable[str], scope: Scope, by: Person) -> dict[str, Finding]:
    """What the tokens of these texts stand for now; one query for each fact, and one for its single records.

    A token of a fact that no room has any more is left out.
    """
    asked: dict[tuple[str, str], dict[str, tuple[tuple[str, ...], UUID | None]]] = {}
    known = {f"{room.name}.{fact.name}": fact for room in tellers() for fact in room.facts}
    for text in texts:
        for token in tokens(text):
            fact = known.get(token.name)
            if fact and (read := _read(token, fact)):
                how, part, only = read
                asked.setdefault((token.name, how), {})[text[token.start : token.end]] = (part, only)
    found: dict[str, Finding] = {}
    for (name, how), wanted in asked.items():
        within = scope.narrowed(first=None) if how == "total" else scope
        found |= _measured(known[name], within, by, wanted)
    return found


def unknown_tokens(texts: Iterable[str], findings: Mapping[str, Finding]) -> list[str]:
    """Tokens of the texts that nothing was found for yet."""
    named = {text[token.start : token.end] for text in texts for token in tokens(text)}
    return sorted(named - findings.keys())


def by_unit(fact: Fact, scope: Scope, by: Person) -> list[tuple[str, tuple[str, ...], Figure]]:
    """(path of the unit, part, figure): the fact for each unit's own records. One query."""
    path = f"{fact.via}__unit__path" if fact.via else "unit__path"
    found = facts.measure(replace(fact, each=(path, *fact.each)), scope, by)
    return [(one.part[0], one.part[1:], one.figure) for one in found]


def _add_totals(
    texts: dict[str, list[str]], chronicle: Chronicle, scope: Scope, by: Person, rooms: list[Module]
) -> dict[str, Finding]:
    """A brief tells the day and, to each line, how much it is since the beginning."""
    found = _measured_once(chronicle, scope.narrowed(first=None), by, rooms)
    findings: dict[str, Finding] = {}
    for line, told in texts.items():
        own = [
            one
            for room in rooms
            if room.line == line
            for fact in room.facts
            for one in found[f"{room.name}.{fact.name}"]
        ]
        since = facts.nonzero(own)
        findings |= {prose.total(one.token): one for one in own}
        if since:
            clauses = __("，").join(one.sentence(prose.total(one.token)) for one in since)
            told.append(_full(__("截至 {day}累计：{clauses}").format(day=scope.last, clauses=clauses)))
    return findings


def _full(clause: str) -> str:
    """A clause as a sentence of its own."""
    return __("{clause}。").format(clause=clause[:1].upper() + clause[1:] if lang() == "en" else clause)


def _read(token: Token, fact: Fact) -> tuple[str, tuple[str, ...], UUID | None] | None:
    """("", part, None), ("total", part, None) or ("only", part, record); None for a token that cannot be of this fact."""
    part = tuple(_decoded(one) for one in token.part[: len(fact.each)])
    rest = token.part[len(fact.each) :]
    if len(part) < len(fact.each) or len(rest) > 1:
        return None
    if not rest or rest == (prose.TOTAL,):
        return ("total" if rest else ""), part, None
    try:
        return ("only", part, UUID(rest[0].removeprefix("="))) if rest[0].startswith("=") else None
    except ValueError:
        return None


def _decoded(part: str) -> str:
    for letter in "|{}\r\n%":
        part = part.replace(f"%{ord(letter):02X}", letter)
    return part


def _measured(
    fact: Fact, scope: Scope, by: Person, wanted: dict[str, tuple[tuple[str, ...], UUID | None]]
) -> dict[str, Finding]:
    only = {record for _part, record in wanted.values() if record}
    try:
        found = facts.measure(_by_record(fact, only), scope, by) if only else facts.measure(fact, scope, by)
    except (ValidationError, ValueError):  # a part that its field cannot hold was typed by hand
        return {}
    if only:
        found = [Finding(fact, scope, one.figure, one.part[1:], UUID(str(one.part[0])), one.words) for one in found]
    by_part = {(tuple(map(str, one.part)), one.only): one for one in found}
    return {token: by_part.get(key) or Finding(fact, scope, Figure(0), *key) for token, key in wanted.items()}


def _by_record(fact: Fact, records: set[UUID]) -> Any:
    """The fact split by record, for these records only."""
    to = fact.via or "pk"

    def where(scope: Scope) -> Q:
        return Q(**{f"{to}__in": records}) & (fact.where(scope) if fact.where else Q())

    return replace(fact, each=(to, *fact.each), where=where)

"""Reading a plan's text, holding two editions side by side, the tree of who calls whom, and deadlines. No database."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

DIGITS = "一二三四五六七八九十"
# "一、总则", "第一章 总则" and "# General" are headings of level 1, "（一）编制目的" and "## Purpose" of level 2; what follows the
# first full stop on such a line is already text ("（一）加强领导。成立……").
HEADINGS = (
    re.compile(rf"(?:[{DIGITS}]{{1,3}}、|第[{DIGITS}]{{1,3}}[章部分]{{1,2}}\s*|#\s+)(?P<rest>.+)"),
    re.compile(rf"(?:[（(][{DIGITS}]{{1,3}}[）)]|##\s+)\s*(?P<rest>.+)"),
)
MARKS = ("# ", "## ")


@dataclass(frozen=True)
class Passage:
    """A heading (depth 1 or 2, no title for text before all headings) with its paragraphs."""

    depth: int
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; `mark` is "" where both editions agree, else "del" or "ins"."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Pair:
    """One paragraph of the old edition beside its counterpart; a side that has none is empty."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    heading: bool = False

    @property
    def changed(self) -> bool:
        return any(piece.mark for piece in (*self.old, *self.new))


def passages(text: str) -> list[Passage]:
    """The text as an office pastes it, cut at its headings. Their numbers are left out: they are counted anew wherever shown."""
    found: list[Passage] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        if heading := _heading(line):
            depth, title, rest = heading
            found.append(Passage(depth, title, (rest,) if rest else ()))
        elif found:
            found[-1] = Passage(found[-1].depth, found[-1].title, (*found[-1].lines, line))
        else:
            found.append(Passage(1, "", (line,)))
    return found


def as_text(found: Iterable[Passage], *, marks: Sequence[str] = ()) -> str:
    """The text as it is edited: numbered as papers count, or with `marks` before the headings. `passages` reads it back."""
    lines: list[str] = []
    counts = [0, 0]
    for one in found:
        if one.title:
            counts = [counts[0] + 1, 0] if one.depth == 1 else [counts[0], counts[1] + 1]
            lines.append(f"{marks[one.depth - 1] if marks else _number(one.depth, counts)}{one.title}")
        lines += one.lines
        lines.append("")
    return "\n".join(lines).strip("\n") + ("\n" if lines else "")


def outline(rows: Iterable[str]) -> list[Passage]:
    """Usual sections as the rulebook lists them: "总则：编制目的、编制依据"."""
    found = []
    for row in rows:
        title, _colon, below = re.sub(r":\s*", "：", row).partition("：")
        found.append(Passage(1, title.strip()))
        found += [Passage(2, one.strip()) for one in re.split(r"[、,]", below) if one.strip()]
    return found


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> list[Pair]:
    """Both editions, heading by heading and paragraph by paragraph. Left sides put together are the old text, right sides the new."""
    before_keys, after_keys = ([(one.depth, one.title) for one in side] for side in (old, new))
    pairs: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(None, before_keys, after_keys, autojunk=False).get_opcodes():
        if tag == "equal":
            matched: Iterable[tuple[Passage | None, Passage | None]] = zip(old[a:b], new[c:d], strict=True)
        else:
            matched = _matched(old[a:b], new[c:d])
        for before, after in matched:
            pairs += _passage(before, after)
    return pairs


def changes(pairs: Iterable[Pair]) -> list[Pair]:
    """Only what changed, each part below the heading that it stands under."""
    found: list[Pair] = []
    above: Pair | None = None
    for pair in pairs:
        above = pair if pair.heading else above
        if pair.changed:
            found += [above] if above is not None and above is not pair else []
            found.append(pair)
            above = None
    return found


def digest(content: Any) -> str:
    """SHA-256 of values as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def circle(callers: Mapping[str, str]) -> list[str]:
    """Posts that call one another in a circle, so that nobody begins; [] if there is none. `callers` is {post: who calls it}."""
    for start in callers:
        seen = [start]
        while (above := callers.get(seen[-1], "")) and above not in seen:
            seen.append(above)
        if above:
            return seen[seen.index(above) :]
    return []


def tree[T](posts: Sequence[T], above: Mapping[T, T]) -> "list[Node[T]]":
    """The posts in the order in which calls go out: those nobody calls, each with all whom it calls below it."""

    def below(post: T | None) -> list[Node[T]]:
        return [Node(one, below(one)) for one in posts if above.get(one) == post]

    return below(None)


@dataclass(frozen=True)
class Node[T]:
    post: T
    below: "list[Node[T]]"

    def flat(self, depth: int = 0) -> Iterator[tuple[int, T]]:
        """(depth, post), this one first."""
        yield depth, self.post
        for node in self.below:
            yield from node.flat(depth + 1)


def due(start: datetime, hours: Decimal) -> datetime:
    return start + timedelta(minutes=round(hours * 60))


def reached(observed: int | None, threshold: int | None) -> bool | None:
    """Whether the figure has come to the threshold; None where one of them is not known."""
    return None if observed is None or threshold is None else observed >= threshold


def _heading(line: str) -> tuple[int, str, str] | None:
    for depth, pattern in ((2, HEADINGS[1]), (1, HEADINGS[0])):
        if found := pattern.fullmatch(line):
            title, _stop, rest = found["rest"].strip().partition("。")
            if title.strip():
                return depth, title.strip(), rest.strip()
    return None


def _number(depth: int, counts: Sequence[int]) -> str:
    number = counts[depth - 1]
    tens, ones = divmod(number, 10)
    digits = DIGITS[ones - 1] if ones else ""
    said = digits if not tens else ("十" if tens == 1 else DIGITS[tens - 1] + "十") + digits
    return f"{said}、" if depth == 1 else f"（{said}）"


def _matched(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[tuple[Passage | None, Passage | None]]:
    """Passages whose headings differ: those that are alike stand side by side, in their order; the others stand alone."""
    rest = list(new)
    for before in old:
        likest = max(rest, key=lambda one: _alike(before, one), default=None)
        if likest is None or _alike(before, likest) < ALIKE:
            yield before, None
            continue
        while rest[0] is not likest:
            yield None, rest.pop(0)
        yield before, rest.pop(0)
    for after in rest:
        yield None, after


ALIKE, LEAST = 0.6, 0.3  # of headings, of paragraphs: above, they are versions of one another


def _alike(one: Passage, other: Passage) -> float:
    if one.depth != other.depth:
        return 0
    title = SequenceMatcher(None, one.title, other.title, autojunk=False).ratio()
    return max(title, SequenceMatcher(None, one.lines, other.lines, autojunk=False).ratio())


def _passage(before: Passage | None, after: Passage | None) -> Iterator[Pair]:
    titles = before.title if before else "", after.title if after else ""
    if any(titles):
        yield Pair(*_words(*titles), heading=True)
    old, new = before.lines if before else (), after.lines if after else ()
    for _tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for left, right in zip_longest(old[a:b], new[c:d], fillvalue=""):
            yield Pair(*_words(left, right))


_TOKENS = re.compile(r"[A-Za-z0-9.%‰-]+|\s+|.", re.DOTALL)


def _words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both lines in pieces. A number or a Latin word is one word; a lone letter that happens to recur is no agreement."""
    left, right = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < LEAST:  # nothing to do with one another: one went, the other came
        return (Piece(old, "del"),) if old else (), (Piece(new, "ins"),) if new else ()
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, a, b, c, d in matcher.get_opcodes():
        same = tag == "equal" and (b - a > 1 or len(left) == len(right) == 1 or a == 0 or b == len(left))
        _add(sides[0], "".join(left[a:b]), "" if same else "del")
        _add(sides[1], "".join(right[c:d]), "" if same else "ins")
    return tuple(sides[0]), tuple(sides[1])


def _add(side: list[Piece], text: str, mark: str) -> None:
    if side and side[-1].mark == mark:
        text = side.pop().text + text
    if text:
        side.append(Piece(text, mark))

"""Counting how far a call has come, and the words around it. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date


@dataclass(frozen=True)
class Count:
    """Members by how far they have come. `late` are those still missing after the day by which to answer."""

    undelivered: int = 0
    delivered: int = 0
    read: int = 0
    answered: int = 0
    excused: int = 0
    late: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def missing(self) -> int:
        return self.undelivered + self.delivered + self.read

    @property
    def accounted(self) -> int:
        return self.answered + self.excused

    @property
    def called(self) -> int:
        return self.missing + self.accounted

    @property
    def percent(self) -> int:
        """Whole percent accounted for; 100 only when nobody is missing."""
        return self.accounted * 100 // self.called if self.called else 100


@dataclass
class Node:
    """A unit in the tree of progress: `own` are its direct members, `total` those of all units below it too."""

    path: str
    own: Count = field(default_factory=Count)
    total: Count = field(default_factory=Count)
    below: list["Node"] = field(default_factory=list)


def tree(counts: Mapping[str, Count], paths: Iterable[str]) -> list[Node]:
    """Nodes for `paths`, each under the nearest of them above it; `counts` are direct members by the path of their unit."""
    nodes: dict[str, Node] = {}
    roots: list[Node] = []
    for path in sorted({*paths, *counts}):
        node = nodes[path] = Node(path, own=counts.get(path, Count()))
        above = next((nodes[start] for start in reversed(_prefixes(path)) if start in nodes), None)
        (above.below if above else roots).append(node)
    for root in roots:
        _add_up(root)
    return roots


def overdue(answer_by: date | None, today: date) -> bool:
    """The day by which to answer is the last good one."""
    return bool(answer_by and answer_by < today)


def asks(text: str) -> list[str]:
    """One ask a line; blank lines and list marks that people type are left out."""
    return [line.strip().lstrip("-·•*").strip() for line in text.splitlines() if line.strip().lstrip("-·•*").strip()]


def _prefixes(path: str) -> list[str]:
    """The paths above, shortest first: /a/b/c/ gives /a/ and /a/b/."""
    return [path[: i + 1] for i, letter in enumerate(path[:-1]) if letter == "/" and i]


def _add_up(node: Node) -> Count:
    node.total = sum((_add_up(child) for child in node.below), node.own)
    return node.total

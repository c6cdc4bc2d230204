"""The roster itself: from a greedy start, part after part of the people is planned anew as well as can be, while the bound is worked out.

Each part is solved by CP-SAT to its end or to a fixed measure of work, one after the other, so the same case and seed give the same
roster. The bound is the linear relaxation of the model of everybody, solved beside it by HiGHS: no roster loses fewer points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from threading import Thread
from time import monotonic

from ortools.sat.python import cp_model

from tongzhou.planning.rosters.bounding import relaxed
from tongzhou.planning.rosters.case import Case, Person, Span
from tongzhou.planning.rosters.explaining import Unmet, unmet
from tongzhou.planning.rosters.greedy import greedy
from tongzhou.planning.rosters.model import Ground, Model, Work
from tongzhou.planning.rosters.placing import place
from tongzhou.planning.rosters.scoring import Score, lost, penalty, score

PLACES = 900  # yes-or-noes in one part: solved to the end in about a second
WORK = 2.0  # deterministic seconds for one part
IDLE = 40  # parts in a row without any gain after which the search ends
LOOK = 0.5  # seconds between two looks at how far it is

Watch = Callable[["Progress"], bool]


@dataclass(frozen=True)
class Progress:
    """How far the search is: points of the best roster so far, and the points below which none can be."""

    seconds: float
    value: int
    bound: float


@dataclass(frozen=True)
class Plan:
    """A proposed roster. No roster of this case loses fewer points than `bound`.

    status  "optimal": nothing better exists; "feasible": something better might
    reason  why the search ended: "proven", "idle" (no part of the people could be planned better), "time" or "stopped";
            only after "time" or "stopped" may it come out otherwise when it is made again
    """

    pairs: tuple[tuple[str, str], ...]  # (shift, person)
    unmet: tuple[Unmet, ...]
    score: Score
    bound: float
    reason: str
    seconds: float
    seed: int

    @property
    def value(self) -> int:
        return self.score.value

    @property
    def status(self) -> str:
        return "optimal" if self.value <= self.bound else "feasible"

    @property
    def gap(self) -> float:
        """Which part of the points might still be saved at most, from 0 (proven the best) to 1."""
        return max(0.0, (self.value - self.bound) / max(self.value, 1))


def propose(case: Case, *, seconds: float = 60, seed: int = 1, watch: Watch = lambda progress: True) -> Plan:
    """The best roster found within `seconds`. `watch` is called about twice a second, in this thread; False from it ends the search."""
    search = Search(case, seconds, seed, watch)
    search.run()
    pairs = place(case, search.takers())
    return Plan(
        pairs, unmet(case, pairs), score(case, pairs), search.proven, search.reason, monotonic() - search.began, seed
    )


class Search:
    def __init__(self, case: Case, seconds: float, seed: int, watch: Watch) -> None:
        self.began = monotonic()
        self.case, self.seconds, self.watch, self.chance = case, seconds, watch, Random(seed)  # noqa: S311 -- a search, not a secret
        self.seed, self.bound, self.proven, self.reason, self.looked = seed, 0.0, 0.0, "", 0.0
        self.people = {person.key: person for person in case.people}
        pairs = greedy(case)
        spans = {shift.key: shift.span for shift in case.shifts}
        self.work = {key: frozenset(spans[shift] for shift, one in pairs if one == key) for key in self.people}
        self.ground = Ground(case)
        self.seats = {time: self.ground.seated(time, self.work) for time in self.ground.times}
        self.lost = {one.key: self._penalty(one) for one in case.people}
        self.value = self._value()

    def run(self) -> None:
        bounding = Thread(target=self._bound, daemon=True)
        bounding.start()
        size = max(2, PLACES // max(len(self.ground.times), 1))
        idle = 0
        while not self.reason:
            part = self._part(size)
            before = self.value
            whole = self._improve(part)
            idle = 0 if self.value < before else idle + 1
            if whole and len(part) == len(self.people):
                self.bound = max(self.bound, self.value)
            if not self.reason:
                self._look()
                self.reason = self.reason or ("proven" if self.value <= self.bound else "idle" if idle >= IDLE else "")
        # the bound belongs to the answer; it has its own limit of time
        while bounding.is_alive() and self.reason != "stopped":
            bounding.join(LOOK)
            self._look(force=True)
        self.proven = self.bound  # once: of a search that was stopped, the bound's thread may still come to more
        if self.value <= self.proven:
            self.reason = "proven"

    def takers(self) -> dict[Span, list[Person]]:
        found: dict[Span, list[Person]] = {time: [] for time in self.ground.times}
        for key, times in self.work.items():
            for time in times:
                found[time].append(self.people[key])
        return found

    def _part(self, size: int) -> Sequence[Person]:
        """Whose duties are planned anew: some who are worst off, some by chance."""
        everyone = list(self.case.people)
        if len(everyone) <= size:
            return everyone
        weights = [1 + self.lost[person.key] for person in everyone]
        picked: dict[str, Person] = {}
        while len(picked) < size:
            by = weights if len(picked) < size // 2 else None
            one = self.chance.choices(everyone, by)[0]
            picked[one.key] = one
        return sorted(picked.values(), key=lambda one: one.key)

    def _improve(self, part: Sequence[Person]) -> bool:
        """Plan the part anew; True if nothing better exists for it."""
        model, solver = Model(self.ground, part, self.work, self.seats), cp_model.CpSolver()
        solver.parameters.random_seed, solver.parameters.num_workers = self.seed, 1
        solver.parameters.max_deterministic_time, solver.parameters.linearization_level = WORK, 2
        solver.parameters.max_time_in_seconds = max(0.5, self.seconds - (monotonic() - self.began))
        ended: list[cp_model.CpSolverStatus] = []
        thread = Thread(target=lambda: ended.append(solver.solve(model.model)), daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(LOOK)
            self._look()
            if self.reason:
                solver.stop_search()
        if not ended or ended[0] not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False
        had, before = {one.key: self.work[one.key] for one in part}, self.value
        self._take(part, model.result(solver))
        if self.value > before:  # ended early, the solver may not yet have come as far as what there was
            self._take(part, had)
        return ended[0] == cp_model.OPTIMAL

    def _take(self, part: Sequence[Person], result: Work) -> None:
        changed = {time for one in part for time in self.work[one.key] ^ result[one.key]}
        self.work |= result
        self.seats |= {time: self.ground.seated(time, self.work) for time in changed}
        self.lost |= {one.key: self._penalty(one) for one in part}
        self.value = self._value()

    def _penalty(self, person: Person) -> int:
        return penalty(self.case, self.ground.fair[person.key], person, self.work[person.key])

    def _value(self) -> int:
        return lost(self.case, self.work) + sum(self.lost.values())

    def _look(self, *, force: bool = False) -> None:
        now = monotonic() - self.began
        if now - self.looked < LOOK and not force:
            return
        self.looked = now
        if not self.watch(Progress(now, self.value, self.bound)):
            self.reason = "stopped"
        elif now >= self.seconds:
            self.reason = "time"

    def _bound(self) -> None:
        model = Model(self.ground, self.case.people, self.work, {}).model
        found = relaxed(model, max(1.0, self.seconds - (monotonic() - self.began)))
        self.bound = max(self.bound, ceil(found - 1e-6))

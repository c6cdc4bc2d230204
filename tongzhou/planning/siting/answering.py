"""From question to answer: bound and search in turns, or beside each other on two cores with the same outcome.

The bound comes first, because the sites it opens are the best start there is. Then block after block of search, while the bound climbs.
Everything is counted in blocks, never in seconds: how many there were is part of the answer and gives it again. Where the climb has ended and
room is no matter, the bound is tightened (tightening.py) by rounds that are counted for themselves: the search does not see what they find.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from math import inf
from time import monotonic

import numpy as np

from tongzhou.planning.compiled import Floats
from tongzhou.planning.siting.bounding import Bound
from tongzhou.planning.siting.filling import Filling
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.opening import Opening
from tongzhou.planning.siting.problem import Answer, Effort, Progress, Question, Watch
from tongzhou.planning.siting.tightening import Tightening

FIRST = 20  # steps of the bound before the first plan
STEPS = 40  # of the bound beside each block of search
STARTS = {1, 2, 3, 5, 8, 12, 18, 26}  # blocks after which the bound's sites are tried as a new start
MEASURED = 4  # blocks after which it is known, by the last of them, how many the time allows; it tries no new start
PLENTY = 4_000_000  # pairs for which a block of the bound is cut into fewer steps
QUICK = 12_000_000  # pairs looked at in a block of the bound: where there are few, and no room to share out, it has more steps
CLIMBED = 1e-5  # the length of a step, below which there is nothing more to climb
ALONE = 4  # blocks to a round of tightening, on one core
WIDER = 6  # times that rows may be made longer

NEVER: Watch = lambda progress: True  # noqa: E731 -- a value of the type Watch, beside it


class Solving:
    def __init__(self, question: Question, seed: int, threads: int, across: Floats) -> None:
        self.question, self.seed, self.threads, self.across = question, seed, threads, across
        self.rows = question.rows()
        self.pool = ThreadPoolExecutor(2) if threads > 1 else None
        self.net = question.net(self.rows)
        self.bound = Bound(self.net, question.sides(), _first(self.net, question))
        self.search: Opening | Filling = self._search(self.net)
        self.tight: Tightening | None = None
        self.rounding: Future[None] | None = None
        self.ended = False

    def _search(self, net: Net) -> Opening | Filling:
        sides = self.question.sides()
        if self.question.limited:
            return Filling(net, sides, self.seed, self.across, self.pool)
        return Opening(net, sides, self.seed)

    def begin(self) -> None:
        """A first plan, from a bound that has hardly begun to climb."""
        self.bound.climb(FIRST, self._above())
        self._start()
        self._widen()

    def block(self, number: int, part: float, planned: int) -> None:
        pairs = max(len(self.net.site), 1)
        steps = max(4, min(STEPS, STEPS * PLENTY // pairs), 0 if self.question.limited else QUICK // pairs)
        above = self._above()
        if self.pool and self.bound.step >= CLIMBED:
            climbing = self.pool.submit(self.bound.climb, steps, above)
            self.search.block(number, part, planned)
            climbing.result()
        else:
            self.bound.climb(steps, above)
            self.search.block(number, part, planned)
        self._widen()
        if self.tight is None and self.bound.step < CLIMBED and not self.question.limited:
            self.tight = Tightening(self.net, self.question.sides(), self.bound.best_l)

    def anew(self, blocks: int) -> None:
        """After some blocks, if there is to be another: a new start. It costs as much as a block, too much for whoever waits for a first answer."""
        if blocks in STARTS:
            self._start()
            self._widen()

    def tighten(self, number: int, left: Callable[[], float]) -> None:
        """Beside the search round after round, while seconds are left; on one core now and then one."""
        if self.tight is None or self.rounding is not None:
            return
        if self.pool:
            self.rounding = self.pool.submit(self._rounds, self.tight, left)
        elif number % ALONE == 0:
            self.tight.round(left())

    def _rounds(self, tight: Tightening, left: Callable[[], float]) -> None:
        while not self.ended and tight.round(left()):
            pass

    def end(self, rounds: int) -> None:
        """Wait for what is under way, and do what is missing to so many rounds."""
        self.ended = True
        if self.rounding is not None:
            self.rounding.result()
        while self.tight is not None and self.tight.rounds < rounds and self.tight.round():
            pass
        if self.pool:
            self.pool.shutdown()

    @property
    def proven(self) -> float:
        return max(self.bound.proven, self.tight.proven if self.tight is not None else -inf)

    def _above(self) -> float:
        """A value above the bound for it to climb to: of the plan there is, or guessed from the payments."""
        value = self.search.value
        return value if np.isfinite(value) else max(1.2 * self.bound.value, float(self.bound.l.sum()))

    def _start(self) -> None:
        """Try the sites that the bound opens; where room is limited also what exchanges make of them as if it were not."""
        sites = np.sort(self.bound.sites())
        self.search.start(sites)
        if self.question.limited:
            free = Opening(self.net, self.question.sides(), self.seed)
            free.start(sites)
            self.search.start(free.best()[0])

    def _widen(self) -> None:
        for _ in range(WIDER):
            units = self.search.missing()
            if not len(units):
                return
            self.rows = self.question.wider(self.rows, units)
            self.net = self.question.net(self.rows)
            self._renew()

    def _renew(self) -> None:
        old, sites = self.bound, self.search.best()[0]
        self.bound = Bound(self.net, self.question.sides(), old.best_l, old.best_price, old.value, old.steps)
        self.bound.step = old.step
        self.search = self._search(self.net)
        self.search.start(sites)


def _first(net: Net, question: Question) -> Floats:
    """What each unit is paid at first: about the way to the second point, if points were spread evenly among its sites."""
    rank = max(1, int(1.5 * question.ways.sites / max(question.points, 1)))
    length = np.diff(net.start)
    at = net.start[:-1] + np.minimum(rank, np.maximum(length - 1, 0))
    return np.where(length > 0, net.cost[np.minimum(at, len(net.cost) - 1)], 0.0)


def answer(
    question: Question,
    *,
    seconds: float = 10.0,
    seed: int = 1,
    effort: Effort | None = None,
    threads: int = 2,
    watch: Watch = NEVER,
    across: Floats | None = None,
    goal: float = 0.0,
    clock: Callable[[], float] = monotonic,
) -> Answer:
    """The best plan found. It ends when proven, after the effort given or by the clock, or when `watch` returns False.

    goal   a value that is good enough, for measuring the time to it
    clock  what counts the seconds; on a busy machine `time.process_time` measures the work itself
    """
    began = clock()
    solving = Solving(question, seed, threads, across if across is not None else np.zeros((0, 0)))
    solving.begin()
    last, stopped, planned, done = began, "", effort.planned if effort else 0, 0
    while not stopped:
        if effort is None and done == MEASURED:
            planned = _allowed(seconds - (clock() - began), clock() - last) + done
        part = min(1.0, max(0, done - MEASURED) / max(planned - MEASURED, 1)) if planned and done >= MEASURED else 0.0
        stopped = _over(solving, clock() - began, seconds, effort, done, goal, watch)
        if not stopped:
            # what a run by the clock cannot know yet is kept from one by effort too
            told = planned if done >= MEASURED else 0
            solving.anew(done)
            done, last = done + 1, clock()
            solving.block(done, part, told)
            if effort is None:
                solving.tighten(done, lambda: seconds - (clock() - began))
    solving.end(effort.rounds if effort else 0)
    search, rounds = solving.search, solving.tight.rounds if solving.tight is not None else 0
    points, at = search.best()
    return Answer(at, np.sort(points), search.value, solving.proven, stopped, Effort(planned, done, rounds))


def _allowed(left: float, each: float) -> int:
    return max(1, int(left / max(each, 1e-4)))


def _over(
    solving: Solving, now: float, seconds: float, effort: Effort | None, done: int, goal: float, watch: Watch
) -> str:
    value, bound = solving.search.value, solving.proven
    reason = ""
    if effort is not None and done >= effort.done:
        reason = "effort"
    elif effort is None and now >= seconds:
        reason = "time"
    if not watch(Progress(now, value, bound, done)):
        reason = "stopped"
    if np.isfinite(value) and (value <= goal or value - bound <= 1.1e-6 * value):
        reason = "proven" if value > goal else "goal"
    return reason

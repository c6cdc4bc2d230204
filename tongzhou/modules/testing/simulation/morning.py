"""Tables, boxes, couriers and a laboratory at work; everything over HTTP, as in docs/station-protocol.md."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tongzhou.modules.testing.simulation.laboratory import Laboratory, Tube
from tongzhou.modules.testing.simulation.telephone import Telephone
from tongzhou.modules.testing.simulation.town import Arrival, Mistake, Scenario, mistyped

SWAB = (12.0, 28.0)  # seconds from scan to swab: 20 on average (Liaoning's system, 2022)
BOX = 20  # tubes
COURIER, LATE = 30 * 60.0, 6  # seconds until a box is fetched; so many times longer when he has other stops
LABORATORY = 2 * 3600.0  # seconds from the door of the laboratory to the result
FIXED = 0.01  # of scans the operator takes back at once and scans again


@dataclass(frozen=True)
class Progress:
    clock: float  # seconds of the morning that is played
    swabbed: int
    waiting: int  # facts on all telephones that the server has not confirmed
    queue: int  # people before the tables
    resulted: int


@dataclass
class Morning:
    scenario: Scenario
    telephones: list[Telephone]
    laboratory: Laboratory
    code_of: Callable[[Arrival], str]
    made: Counter[str] = field(default_factory=Counter)  # mistakes that were really made
    astray: set[str] = field(default_factory=set)  # whose code was shown at another community's point
    swabbed: int = 0
    fixed: int = 0
    most_waiting: int = 0
    longest_queue: int = 0
    retested: int = 0
    stopped: bool = False

    def __post_init__(self) -> None:
        self.chance = Random(self.scenario.seed + 1)
        self.mark = f"{int(time.time()) % 10**8:08}"  # tubes of one play are not those of another
        self.tubes: Counter[int] = Counter()
        self.at_door: asyncio.Queue[list[Tube]] = asyncio.Queue()
        self.done = asyncio.Event()

    def stop(self) -> None:
        """Nobody comes any more; what is recorded is still sent."""
        self.stopped = True

    async def play(self, everybody: Sequence[Arrival], watch: Callable[[Progress], None]) -> None:
        """From the first who comes until everything is sent and every tube has its result."""
        self.begun = time.monotonic()
        own: dict[int, list[Arrival]] = defaultdict(list)
        for who in everybody:
            own[who.table].append(who)
        async with asyncio.TaskGroup() as work:
            senders = [work.create_task(phone.work(self.done)) for phone in self.telephones]
            weather = [work.create_task(self._weather(phone)) for phone in self.telephones]
            looking = work.create_task(self._look(everybody, watch))
            results = work.create_task(self._work_up())
            await asyncio.gather(*(self._table(n, phone, own[n]) for n, phone in enumerate(self.telephones)))
            await self.at_door.put([])  # nothing comes any more
            await results
            self.done.set()
            for one in weather:
                one.cancel()
            await asyncio.gather(*senders)
            looking.cancel()

    async def _table(self, n: int, phone: Telephone, people: list[Arrival]) -> None:
        tube, ready, couriers = self._tube(n), list[Tube](), list[asyncio.Task[None]]()
        for who, following in zip(people, [*people[1:], None], strict=False):  # to a quiet table nobody may come
            await asyncio.sleep(max(0.0, self.begun + who.at - time.monotonic()))
            if self.stopped:
                break
            await self._pass(self.chance.uniform(*SWAB))
            self._swab(phone, tube, who, following)
            if len(tube.people) == self.scenario.size:
                ready.append(self._closed(phone, tube))
                tube = self._tube(n)
            if len(ready) == BOX:
                couriers.append(asyncio.create_task(self._box(n, phone, ready)))
                ready = []
        if tube.people:
            ready.append(self._closed(phone, tube))
        if ready:
            couriers.append(asyncio.create_task(self._box(n, phone, ready)))
        await asyncio.gather(*couriers)

    def _swab(self, phone: Telephone, tube: Tube, who: Arrival, following: Arrival | None) -> None:
        self.swabbed += 1
        tube.people.append(who)
        mistake = who.mistake
        if mistake is Mistake.OTHERS_CODE and (following is None or following.typed or following.mistake):
            mistake = None  # there is nobody whose code it could be
        if mistake:
            self.made[mistake] += 1
        if mistake is Mistake.NOT_SAVED:
            return
        shown = self._shown(who, following, mistake)
        number = phone.note(kind="sample", tube=tube.code, **shown)
        if self.chance.random() < FIXED:
            self.fixed += 1
            phone.note(kind="correct", tube=tube.code, of=number)
            phone.note(kind="sample", tube=tube.code, **shown)

    def _shown(self, who: Arrival, following: Arrival | None, mistake: Mistake | None) -> dict[str, Any]:
        """A code, or the person typed in."""
        if mistake is Mistake.NO_NUMBER:
            return {"code": f"HEALTH{who.document[-8:]}"}
        if mistake is Mistake.OTHERS_CODE and following is not None:
            return self._code(following)
        if who.typed:
            number = mistyped(who.document) if mistake is Mistake.WRONG_NUMBER else who.document
            return {"person": {"name": "模拟居民", "kind": "id", "number": number}}
        return self._code(who)

    def _code(self, who: Arrival) -> dict[str, Any]:
        if who.astray:
            self.astray.add(who.document)
        return {"code": self.code_of(who)}

    def _tube(self, n: int, *, retest: bool = False) -> Tube:
        self.tubes[n] += 1
        return Tube(f"{self.mark}{n:04}{self.tubes[n]:05}", retest=retest)

    def _closed(self, phone: Telephone, tube: Tube) -> Tube:
        phone.note(kind="close", tube=tube.code)
        return tube

    async def _box(self, n: int, phone: Telephone, tubes: list[Tube]) -> None:
        """Counted, sealed, fetched, brought to the laboratory."""
        code = self._sealed(n, phone, tubes)
        late = self.chance.random() < self.scenario.mistakes
        self.made[Mistake.LATE_COURIER] += late
        await self._pass(COURIER * (LATE if late else 1))
        phone.note(kind="courier", box=code, courier="模拟转运员")
        await self.at_door.put(tubes)

    def _sealed(self, n: int, phone: Telephone, tubes: list[Tube]) -> str:
        code = f"B{self.mark}{n:04}{self.tubes[n]:05}"
        phone.note(kind="box", box=code, tubes=[tube.code for tube in tubes], in_hand=len(tubes))
        return code

    async def _work_up(self) -> None:
        """The laboratory works on each box as it comes, and whoever lay in a tube that is not negative is swabbed again, alone."""
        benches: set[asyncio.Task[None]] = set()
        while tubes := await self.at_door.get():
            benches.add(asyncio.create_task(self._bench(tubes)))
        await asyncio.gather(*benches)

    async def _bench(self, tubes: list[Tube]) -> None:
        await self._pass(LABORATORY)
        await self.laboratory.hand_in(tubes)
        again = [who for tube in tubes if tube.value != "negative" for who in tube.people]
        if not again:
            return
        n, singles = again[0].table, list[Tube]()
        phone = self.telephones[n]
        for who in again:
            single = self._tube(n, retest=True)
            single.people.append(who)
            phone.note(kind="sample", tube=single.code, retest=True, **self._shown(who, None, None))
            singles.append(self._closed(phone, single))
        self.retested += len(again)
        box = self._sealed(n, phone, singles)
        phone.note(kind="courier", box=box, courier="模拟转运员")
        await self._pass(LABORATORY)
        await self.laboratory.hand_in(singles)

    async def _pass(self, seconds: float) -> None:
        """So long in the morning that is played."""
        await asyncio.sleep(0 if self.stopped else seconds / self.scenario.pace)

    async def _weather(self, phone: Telephone) -> None:
        """Now and then a table has no network at all."""
        while self.scenario.network:
            await asyncio.sleep(phone.chance.expovariate(6 / self.scenario.seconds))
            try:
                phone.bad = 1.0
                await asyncio.sleep(self.scenario.seconds / 20)
            finally:
                phone.bad = self.scenario.network

    async def _look(self, everybody: Sequence[Arrival], watch: Callable[[Progress], None]) -> None:
        while True:
            passed = time.monotonic() - self.begun
            waiting = sum(len(phone.waiting) for phone in self.telephones)
            come = sum(who.at <= passed for who in everybody)
            queue = 0 if self.stopped else come - self.swabbed
            self.most_waiting, self.longest_queue = max(self.most_waiting, waiting), max(self.longest_queue, queue)
            watch(Progress(passed * self.scenario.pace, self.swabbed, waiting, queue, self.laboratory.said["stored"]))
            await asyncio.sleep(0.5)

"""Where tubes go: what lies in each, and the results handed in line by line, mistakes included."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from random import Random

from tongzhou.modules.testing.simulation.telephone import Telephone, parsed
from tongzhou.modules.testing.simulation.town import Arrival, Mistake

LINES = 50  # results handed in at once
TRIES = 60  # times it comes again with tubes that no telephone has sent yet
GOOD = ("stored", "duplicate")


@dataclass
class Tube:
    """What really lies in it."""

    code: str
    people: list[Arrival] = field(default_factory=list)
    retest: bool = False

    @property
    def value(self) -> str:
        if any(who.ill for who in self.people):
            return "positive"
        bad = any(who.mistake is Mistake.BAD_SWAB for who in self.people) and not self.retest
        return "grey" if bad else "negative"


@dataclass
class Laboratory:
    """Hands in with a key, as a laboratory's own program does."""

    line: Telephone
    chance: Random
    mistakes: float = 0.0  # share of tubes that are mistyped, or told twice with two values
    made: int = 0  # mistakes
    caught: int = 0  # of them, refused with the reason
    # of lines: stored, not yet (no telephone has sent the tube), given up
    said: Counter[str] = field(default_factory=Counter)

    async def hand_in(self, tubes: list[Tube]) -> None:
        left = {tube.code: tube.value for tube in tubes}
        await self._mistype(list(left.items()))
        for _try in range(TRIES):
            for part in batched(list(left.items()), LINES):
                for (code, _value), said in zip(part, await self._say(part), strict=True):
                    self.said["stored" if said in GOOD else "not yet"] += 1
                    if said in GOOD:
                        left.pop(code)
            if not left:
                break
            await asyncio.sleep(1.0)
        self.said["given up"] += len(left)
        await self._tell_again(tubes, left)

    async def _mistype(self, lines: list[tuple[str, str]]) -> None:
        """A tube that is not there."""
        wrong = [(f"{code}X", value) for code, value in lines if self.chance.random() < self.mistakes / 2]
        await self._wrong(wrong)

    async def _tell_again(self, tubes: list[Tube], left: dict[str, str]) -> None:
        """A tube that has its result, with another one."""
        told = [tube for tube in tubes if tube.code not in left and self.chance.random() < self.mistakes / 2]
        await self._wrong([(tube.code, "negative" if tube.value != "negative" else "positive") for tube in told])

    async def _wrong(self, lines: list[tuple[str, str]]) -> None:
        self.made += len(lines)
        for part in batched(lines, LINES):
            said = await self._say(part)  # first, so that no other bench counts in between
            self.caught += sum(one not in GOOD for one in said)

    async def _say(self, lines: Sequence[tuple[str, str]]) -> list[str]:
        """What the server said of each line; nothing is believed but a whole answer."""
        now = datetime.now(UTC).isoformat()
        body = json.dumps({"results": [{"tube": code, "value": value, "tested_at": now} for code, value in lines]})
        try:
            told = parsed(await self.line.ask("POST", "/testing/device/results", body.encode()))
        except OSError:
            told = {}
        return list(told.get("items", [])) or ["unanswered"] * len(lines)

"""The protocol as a state machine: devices record, send, lose the answer, send again; phones are cloned, texts tampered with, junk comes along.

TONGZHOU_PROTOCOL_RUNS says how many such days are played; `make faults` plays hundreds.
"""

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.models import CheckIn, Conflict, Count, Tube
from tongzhou.modules.testing.rules import Counted, Item, Status, Verdict
from tongzhou.modules.testing.rules.codes import keyed

KEPT = {Status.STORED, Status.DUPLICATE, Status.CONFLICT}
RUNS = int(os.environ.get("TONGZHOU_PROTOCOL_RUNS", "25"))
_numbers: Iterator[int] = iter(range(10_000, 10**9))


class Protocol(RuleBasedStateMachine):
    """Two devices at one table each, and a clone of the first."""

    cast: World
    waiting = Bundle("waiting")

    def __init__(self) -> None:
        super().__init__()
        campaign = sampling.campaign(self.cast, name=f"第{next(_numbers)}轮")
        point = sampling.point(self.cast, campaign)
        self.campaign, self.sessions = campaign, []
        for table in (1, 2):
            number = next(_numbers)
            sampling.device(self.cast, point, number, table)
            self.sessions.append(queries.session(number))
        self.seqs, self.acked, self.recorded = [0, 0], set[tuple[int, int, bytes]](), dict[Any, Item]()

    @rule(target=waiting, device=st.integers(0, 1), person=st.integers(1, 6), tube=st.integers(1, 3))
    def record(self, device: int, person: int, tube: int) -> tuple[int, Item]:
        self.seqs[device] += 1
        return self._made(device, item(self.seqs[device], text(person, tube=f"T{tube}")))

    @rule(target=waiting, device=st.integers(0, 1), back=st.integers(0, 3), kind=st.sampled_from(["correct", "close"]))
    def say_more(self, device: int, back: int, kind: str) -> tuple[int, Item]:
        self.seqs[device] += 1
        of = max(1, self.seqs[device] - back)
        return self._made(device, item(self.seqs[device], text(tube="T1", kind=kind, of=of)))

    @rule(target=waiting, seq=st.integers(1, 3), person=st.integers(1, 6))
    def record_on_a_clone(self, seq: int, person: int) -> tuple[int, Item]:
        """A copy of the first telephone counts on from where it was copied."""
        return self._made(0, item(seq, text(person, tube="T9")))

    @rule(ones=st.lists(waiting, min_size=1, max_size=6), junk=st.booleans(), heard=st.booleans())
    def hand_in(self, ones: list[tuple[int, Item]], junk: bool, heard: bool) -> None:
        """Any of them, in any order, some of them twice; the answer may be lost."""
        for device in (0, 1):
            items: list[Item | None] = [one for at, one in ones if at == device]
            acks = send(self.sessions[device], *items, *([None] if junk else []))
            assert len(acks) == len(items) + junk
            for one, ack in zip(items, acks, strict=False):
                assert one is not None
                assert (ack.seq, ack.digest) == (one.seq, one.digest)
                assert ack.status in KEPT
                if heard:
                    self.acked.add((device, one.seq, one.digest))
            assert all(ack.status is Status.REJECTED for ack in acks[len(items) :])

    @rule(one=consumes(waiting))
    def tamper(self, one: tuple[int, Item]) -> None:
        device, real = one
        (ack,) = send(self.sessions[device], Item(real.seq, real.digest, real.text + " "))
        assert (ack.status, ack.reason) == (Status.REJECTED, "digest")

    def _made(self, device: int, made: Item) -> tuple[int, Item]:
        self.recorded[device, made.seq, made.digest] = made
        return device, made

    @invariant()
    def whatever_was_acknowledged_is_there_once(self) -> None:
        numbers = [one.device for one in self.sessions]
        rows = list(CheckIn.objects.filter(campaign=self.campaign).values_list("device", "seq", "mark"))
        aside = list(Conflict.objects.filter(campaign=self.campaign).values_list("device", "seq", "stored"))
        marks = {(numbers.index(device), seq): mark for device, seq, mark in rows}
        assert len(marks) == len(rows)
        kept_aside = {(numbers.index(device), seq) for device, seq, stored in aside if not stored}
        for device, seq, digest in self.acked:
            assert marks.get((device, seq)) == UUID(bytes=keyed(digest)) or (device, seq) in kept_aside

    @invariant()
    def the_counters_say_what_the_rows_say(self) -> None:
        of = Count.objects.filter(campaign=self.campaign)
        counted = sum(of.filter(verdict__in=Verdict).values_list("n", flat=True))
        tubes = Tube.objects.filter(campaign=self.campaign)
        assert sum(of.filter(verdict=Counted.OPENED).values_list("n", flat=True)) == tubes.count()
        closed = tubes.filter(closed_at__isnull=False).count()
        assert sum(of.filter(verdict=Counted.CLOSED).values_list("n", flat=True)) == closed
        aside = Conflict.objects.filter(campaign=self.campaign, stored=False, kind="repeat").count()
        assert counted == CheckIn.objects.filter(campaign=self.campaign, kind__lt=3).count() + aside
        swabs = CheckIn.objects.filter(campaign=self.campaign, kind=1).count() + aside
        back = CheckIn.objects.filter(campaign=self.campaign, kind=2).count()
        assert sum(Tube.objects.filter(campaign=self.campaign).values_list("people", flat=True)) == swabs - back


@pytest.mark.django_db
def test_whatever_devices_do_each_fact_is_kept_once(cast: World) -> None:
    found = settings(max_examples=RUNS, stateful_step_count=20, suppress_health_check=list(HealthCheck), deadline=None)
    run_state_machine_as_test(type("AmongTheCast", (Protocol,), {"cast": cast}), settings=found)

"""Whatever is done to batches, in whatever order and with however old a page: no dose appears and none vanishes."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from tests import world
from tests.modules.vaccination import shots
from tongzhou.kernel import module
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.vaccination import actions, rules
from tongzhou.modules.vaccination.actions.counting import Tap
from tongzhou.modules.vaccination.models import Batch, Movement, Session

amounts = st.integers(1, 12)


class Vaccine(RuleBasedStateMachine):
    """Two stations with a session each. Batches stay in the bundle after others have moved on: every rule may meet a stale one."""

    batches: Bundle[Batch] = Bundle("batches")

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.cast = world.build()
        self.by = self.cast.people.house
        self.here, self.there = (shots.station(self.cast, name=name) for name in ("甲", "乙"))
        self.sessions = [shots.session(self.cast, at) for at in (self.here, self.there)]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    def attempt(self, batch: Batch, move: str, **data: Any) -> None:
        """Do it or be refused; a refusal leaves nothing half done, which the invariants see."""
        try:
            with transaction.atomic():
                module.perform(batch, move, by=self.by, note=data.pop("note", "有原因"), **data)
        except (ValidationError, OutOfStep):
            pass

    @rule(target=batches, doses=amounts, expired=st.booleans())
    def deliver(self, doses: int, expired: bool) -> Batch:
        return shots.expected(self.cast, self.here, doses, expires_on=date(2021, 1, 1) if expired else shots.FAR)

    @rule(batch=batches, counted=amounts, papers=st.booleans())
    def accept(self, batch: Batch, counted: int, papers: bool) -> None:
        try:
            with transaction.atomic():
                shots.accept(batch, self.by, counted=counted, papers=papers, note="差异")
        except (ValidationError, OutOfStep):
            pass

    @rule(target=batches, batch=batches, doses=amounts)
    def transfer(self, batch: Batch, doses: int) -> Any:
        self.attempt(batch, "transfer", to=self.there if batch.station_id == self.here.pk else self.here, doses=doses)
        return multiple(*Batch.objects.filter(origin=batch).select_related("station", "unit", "response"))

    @rule(batch=batches, move=st.sampled_from(["waste", "send_back", "discard", "recall"]), doses=amounts)
    def out(self, batch: Batch, move: str, doses: int) -> None:
        self.attempt(batch, move, doses=doses)

    @rule(batch=batches, counted=st.integers(0, 12))
    def correct(self, batch: Batch, counted: int) -> None:
        self.attempt(batch, "correct", counted=counted)

    @rule(batch=batches, everywhere=st.booleans())
    def hold(self, batch: Batch, everywhere: bool) -> None:
        self.attempt(batch, "hold", everywhere=everywhere)

    @rule(batch=batches)
    def release(self, batch: Batch) -> None:
        self.attempt(batch, "release", basis="疾控评估合格")

    @rule(batch=batches)
    def finish(self, batch: Batch) -> None:
        self.attempt(batch, "finish")

    @rule(batch=batches, doses=st.integers(-4, 6).filter(bool), twice=st.booleans())
    def give(self, batch: Batch, doses: int, twice: bool) -> None:
        tap = Tap("dose", doses, batch=batch)
        for session in self.sessions:
            for _sent in range(1 + twice):
                try:
                    with transaction.atomic():
                        actions.counting.count(session, [tap], by=self.by, reason="更正")
                except (ValidationError, OutOfStep):
                    pass

    @rule(batch=batches)
    def refresh(self, batch: Batch) -> None:
        batch.refresh_from_db()

    @invariant()
    def nothing_appears_and_nothing_vanishes(self) -> None:
        for batch in Batch.objects.all():
            assert batch.received == sum(getattr(batch, column) for column in rules.HELD)
            assert min(getattr(batch, column) for column in rules.HELD) >= 0

    @invariant()
    def movements_tell_what_the_batches_hold(self) -> None:
        for batch in Batch.objects.all():
            told = dict.fromkeys(("received", *rules.HELD), 0)
            for kind, total in batch.movements.order_by("kind").values_list("kind").annotate(total=Sum("doses")):
                for column, sign in rules.EFFECTS[kind].items():
                    told[column] += sign * total
            assert told == {column: getattr(batch, column) for column in told}

    @invariant()
    def what_one_station_sent_another_is_told_of(self) -> None:
        for batch in Batch.objects.filter(sent__gt=0):
            assert batch.sent == sum(batch.sent_on.values_list("announced", flat=True))

    @invariant()
    def doses_counted_are_doses_out_of_stock(self) -> None:
        counted = sum(session.doses for session in Session.objects.all())
        assert counted == sum(batch.used for batch in Batch.objects.all())
        for session in Session.objects.all():
            assert session.doses == (session.tallies.filter(kind="dose").aggregate(n=Sum("number"))["n"] or 0)

    @invariant()
    def what_is_held_finished_or_expired_was_not_given(self) -> None:
        assert not Batch.objects.filter(state="finished").exclude(stock=0).exists()
        assert not Batch.objects.filter(expires_on__lt=date(2022, 1, 1), used__gt=0).exists()
        assert not Movement.objects.filter(kind="used", tally=None).exists()


@pytest.mark.django_db
def test_doses_are_conserved() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    assert connection.in_atomic_block
    quiet = settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Vaccine, settings=quiet)

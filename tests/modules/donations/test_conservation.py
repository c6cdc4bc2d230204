"""Whatever people do, in whatever order and with however old a page: nothing appears and nothing vanishes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from tests import world
from tests.modules.donations import giving
from tongzhou.kernel import module
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models import Allocation, Gift, Line, Movement, Share

amounts = st.integers(1, 12)


class Giving(RuleBasedStateMachine):
    """Objects stay in the bundles after others have moved on: every rule may meet a stale one."""

    gifts: Bundle[Gift] = Bundle("gifts")
    allocations: Bundle[Allocation] = Bundle("allocations")

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.cast = world.build()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    def attempt(self, record: Any, move: str, by: Any, **data: Any) -> None:
        """Do it or be refused; a refusal leaves nothing half done, which the invariants see."""
        try:
            with transaction.atomic():
                module.perform(record, move, by=by, note=data.pop("note", "有原因"), **data)
        except (ValidationError, OutOfStep):
            pass

    @rule(target=gifts, quantity=amounts, other=amounts)
    def pledge(self, quantity: int, other: int) -> Gift:
        lines = [giving.MASKS | {"quantity": quantity}, giving.MASKS | {"item": "面屏", "quantity": other}]
        return giving.pledged(self.cast, *lines)

    @rule(gift=gifts, found=amounts)
    def receive(self, gift: Gift, found: int) -> None:
        self.attempt(gift, "receive", self.cast.people.wang, counts=dict.fromkeys(giving.counted(gift), found))

    @rule(gift=gifts, found=st.integers(0, 12), again=st.booleans())
    def stock(self, gift: Gift, found: int, again: bool) -> None:
        by = self.cast.people.wang if again else self.cast.people.zhou
        self.attempt(gift, "stock", by, counts=dict.fromkeys(giving.counted(gift), found))

    @rule(gift=consumes(gifts))
    def refuse(self, gift: Gift) -> None:
        self.attempt(gift, "refuse", self.cast.people.zhou)

    @rule(gift=gifts, move=st.sampled_from(["lose", "send_back", "correct"]), quantity=st.integers(0, 15))
    def befall(self, gift: Gift, move: str, quantity: int) -> None:
        self.attempt(gift, move, self.cast.people.zhou, counts={gift.lines.all()[0].pk: quantity})

    @rule(
        target=allocations,
        gift=gifts,
        quantity=amounts,
        recipients=st.sampled_from(["东街道", "东街道\n西街道", "甲\n乙\n丙"]),
    )
    def allocate(self, gift: Gift, quantity: int, recipients: str) -> Any:
        lines = [
            {"line": line, "quantity": quantity}
            for line in Line.objects.filter(gift=gift).select_related("item", "gift")
        ]
        made = Allocation(response=self.cast.response, unit=gift.unit)
        before = set(Allocation.objects.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                module.file(made, by=self.cast.people.zhou, lines=lines, recipients=recipients)
        except ValidationError:
            return multiple()
        return multiple(*Allocation.objects.exclude(pk__in=before))

    @rule(one=allocations, keeps=st.integers(0, 4))
    def deliver(self, one: Allocation, keeps: int) -> None:
        counts = {share.pk: max(share.quantity - keeps, 0) for share in one.shares.all()}
        self.attempt(one, "deliver", self.cast.people.zhou, handler="周物资", counts=counts)

    @rule(one=allocations)
    def sign(self, one: Allocation) -> None:
        self.attempt(one, "sign", self.cast.people.zhou, signer_post="主任")

    @rule(one=allocations, quantity=amounts)
    def take_back(self, one: Allocation, quantity: int) -> None:
        self.attempt(one, "take_back", self.cast.people.zhou, counts={one.shares.all()[0].pk: quantity})

    @rule(one=allocations, move=st.sampled_from(["take_back_all", "cancel"]))
    def undo(self, one: Allocation, move: str) -> None:
        self.attempt(one, move, self.cast.people.zhou)

    @rule(one=allocations)
    def refresh(self, one: Allocation) -> None:
        one.refresh_from_db()

    @rule(gift=gifts)
    def look_again(self, gift: Gift) -> None:
        gift.refresh_from_db()

    @invariant()
    def nothing_appears_and_nothing_vanishes(self) -> None:
        for line in Line.objects.all():
            assert line.received == sum(getattr(line, column) for column in rules.HELD)
            assert min(getattr(line, column) for column in rules.HELD) >= 0

    @invariant()
    def movements_tell_what_the_lines_hold(self) -> None:
        for line in Line.objects.all():
            told = dict.fromkeys(("received", *rules.HELD), 0)
            for kind, total in line.movements.order_by("kind").values_list("kind").annotate(total=Sum("quantity")):
                for column, sign in rules.EFFECTS[kind].items():
                    told[column] += sign * total
            assert told == giving.held(line)

    @invariant()
    def shares_tell_where_it_is(self) -> None:
        for line in Line.objects.all():
            shares = Share.objects.filter(line=line)
            waiting = shares.filter(allocation__state="allocated").aggregate(n=Sum("quantity"))["n"] or 0
            there = shares.aggregate(n=Sum("delivered"))["n"] or 0
            assert (waiting, there) == (line.allocated, line.delivered)

    @invariant()
    def two_different_people_counted(self) -> None:
        for gift in Gift.objects.filter(state="stocked"):
            assert None not in {gift.counted_by_id, gift.stocked_by_id}
            assert gift.counted_by_id != gift.stocked_by_id

    @invariant()
    def every_movement_has_its_entry(self) -> None:
        assert not Movement.objects.exclude(entry__table__startswith="donations.").exists()


@pytest.mark.django_db
def test_giving_conserves() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    assert connection.in_atomic_block
    examples = 25 if connection.vendor == "sqlite" else 8  # the orders are tried on one engine, each statement on both
    quiet = settings(
        max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Giving, settings=quiet)

"""Synthetic duty: a checkpoint for every few hundred records, each with a published roster under way; the first in every state."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from tongzhou.kernel import codes, module
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import Given, whole
from tongzhou.modules.rosters import actions, queries
from tongzhou.modules.rosters.actions.duties import DOOR
from tongzhou.modules.rosters.models import Crew, Duty, Post, Roster, Swap
from tongzhou.modules.rosters.workflow import DutyState, ShiftState
from tongzhou.planning.rosters import greedy

RECORDS_A_POST = 200
SKILLS = ("医护", "公安", "信息录入", "")
CREW = 8  # of each post
BEFORE, AHEAD = 2, 4  # days of a published roster before and after today
REASON = "推演"


def rehearse(given: Given, n: int) -> Iterator[str]:
    posts = max(1, n // RECORDS_A_POST)
    for done in whole(range(posts), partial(_post, given)):
        yield f"{done}/{posts}"


def _post(given: Given, number: int) -> None:
    """A checkpoint with its people and rosters, all or none of it."""
    unit, by = given.streets[number % len(given.streets)], given.posts["commander"][0]
    post, new = _filed_post(given, unit, number, by)
    if not new:
        return
    people = _crew(given, unit, number, by)
    roster = _roster(
        given, post, f"now-{number}", timezone.localdate() - timedelta(days=BEFORE), BEFORE + AHEAD + 1, by
    )
    _staff(roster, by)
    module.perform(roster, "publish", by=by)
    _stood(given, roster, by)
    if number == 0:
        _every_state(given, roster, post, people, by)


def _filed_post(given: Given, unit: Unit, number: int, by: Person, **fields: Any) -> tuple[Post, bool]:
    made = Post(
        pk=given.key("post", number), response=given.response, unit=unit, happened_on=given.response.began_on, name=f"推演第{number}卡口",
        name_en=f"Rehearsal Checkpoint {number}", place=f"推演路{number}号", pattern=Post.Pattern.HALF, people=1, **fields,
    )  # fmt: skip
    return module.file(made, by=by)


def _crew(given: Given, unit: Unit, number: int, by: Person) -> list[Person]:
    """People of the organisation who serve at the street."""
    chance = given.chance("crew", number)
    people = chance.sample(given.members, CREW)
    for person in people:
        made = Crew(
            pk=given.key("crew", number, person.pk), response=given.response, unit=unit, happened_on=given.response.began_on,
            person=person, skills=chance.choice(SKILLS),
        )  # fmt: skip
        if not Crew.objects.filter(response=given.response, unit=unit, person=person).exists():
            module.file(made, by=by)
    return people


def _roster(given: Given, post: Post, key: str, first: date, days: int, by: Person, **fields: Any) -> Roster:
    made = Roster(
        pk=given.key("roster", key), response=given.response, unit=post.unit, name=f"{post.name}排班（{key}）", first_on=first,
        last_on=first + timedelta(days=days - 1), happened_on=timezone.localdate(), **fields,
    )  # fmt: skip
    return module.file(made, by=by, posts=[post])[0]


def _staff(roster: Roster, by: Person) -> None:
    """Laid out, and staffed as by a patient hand: the planner itself would take a minute for each."""
    module.perform(roster, "lay", by=by)
    shifts = {str(one.pk): one for one in roster.shifts.select_related("post", "unit", "roster", "response")}
    people = {str(one.person_id): one.person for one in queries.crew_of(roster)}
    pairs = [(shifts[shift], people[person]) for shift, person in greedy(queries.case_of(roster))]
    actions.duties.put_many(roster, pairs, by=by)


def _stood(given: Given, roster: Roster, by: Person) -> None:
    """What is over was stood and handed over with its counts; whoever is on now has signed in at the door."""
    now = timezone.now()
    for duty in _duties(roster).filter(shift__ends_at__lte=now):
        module.perform(duty, "confirm", by=by)
    over = roster.shifts.filter(ends_at__lte=now, state=ShiftState.PLANNED).select_related(
        "post", "unit", "response", "roster"
    )
    for shift in over.order_by("starts_at"):
        chance = given.chance("counts", shift.pk)
        for n, kind in enumerate(["passed"] * chance.randrange(2, 6) + ["turned_back", "vehicles"]):
            actions.checkpoints.tap(shift, by=by, kind=kind, key=given.key("tap", shift.pk, n))
        module.perform(shift, "hand_over", by=by, handover="对讲机一部，电量充足")
    for duty in _duties(roster).filter(shift__starts_at__lte=now, shift__ends_at__gt=now):
        if duty.shift and duty.person:
            actions.duties.sign_in(
                duty.shift.post, duty.person, code=codes.at_door(duty.shift.post, DOOR, now), now=now
            )


def _every_state(given: Given, roster: Roster, post: Post, people: list[Person], by: Person) -> None:
    today = timezone.localdate()
    closed = _filed_post(given, post.unit, 9000, by)[0]
    past = _roster(given, closed, "past", today - timedelta(days=20), 2, by)
    _staff(past, by)
    module.perform(past, "publish", by=by)
    first, *others = _duties(past)
    module.perform(first, "miss", by=by, note=REASON)
    for duty in others:
        module.perform(duty, "confirm", by=by)
    module.perform(past, "close", by=by)
    module.perform(closed, "close", by=by, note=REASON)
    later = today + timedelta(days=AHEAD + 1)
    _staff(_roster(given, post, "next", later, 3, by), by)
    _roster(given, post, "draft", later + timedelta(days=7), 7, by, wishes_by=today + timedelta(days=3))
    discarded = _roster(given, post, "discarded", later + timedelta(days=20), 1, by)
    module.perform(discarded, "lay", by=by)
    module.perform(discarded, "discard", by=by, note=REASON)
    paused = Crew.objects.filter(response=given.response, unit=post.unit, person=people[-1]).first()
    _swaps(given, roster, by)
    coming = list(_duties(roster).filter(shift__starts_at__gt=timezone.now()))
    module.perform(coming[-1], "excuse", by=by, note=REASON)
    module.perform(coming[-2], "take_away", by=by)
    if paused:
        module.perform(paused, "pause", by=by, note=REASON)


def _swaps(given: Given, roster: Roster, by: Person) -> None:
    """One swap in each state, each of another duty."""
    ends = {
        "asked": [],
        "consented": ["consent"],
        "done": ["consent", "approve"],
        "refused": ["decline"],
        "withdrawn": ["withdraw"],
    }
    for duty in _duties(roster).filter(shift__starts_at__gt=timezone.now()):
        free = (
            [one.crew.person for one in queries.candidates(duty.shift, without=duty) if one.is_free]
            if ends and duty.shift
            else []
        )
        if not free or duty.person is None:
            continue
        state, moves = ends.popitem()
        swap = Swap(
            pk=given.key("swap", state),
            duty=duty,
            colleague=_any(given.chance("swap", state), free),
            happened_on=timezone.localdate(),
        )
        module.file(swap, by=duty.person)
        for move in moves:
            whom = {"approve": by, "withdraw": swap.asker}.get(move, swap.colleague)
            module.perform(swap, move, by=whom)


def _any(chance: Random, people: list[Person]) -> Person:
    return chance.choice(people)


def _duties(roster: Roster) -> Any:
    rows = Duty.objects.filter(roster=roster, state=DutyState.PLANNED).order_by("shift__starts_at", "pk")
    return rows.select_related(
        "shift__post", "shift__roster", "shift__unit", "shift__response", "person", "unit", "response", "roster"
    )

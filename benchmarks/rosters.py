"""How good a roster, how soon, and how near to the best there can be: the planner beside one written shift by shift. Prints Markdown.

    benchmarks/rosters.py          four rosters up to 200 people over 28 days
    benchmarks/rosters.py "a city"   only those named

Synthetic and seeded: posts with three shifts a day and two places each, one of them for a skill that a quarter of the people have;
everyone is away for up to four days and wishes for up to three. "Points" are what `planning.rosters.scoring` counts: 1,000 for each
hour of a place nobody takes, 1 for each hour and 4 (3) for each night (weekend shift) off a fair share, 3 to 6 for a wish not met.
No roster loses fewer points than the bound; the gap is the part of the points that might still be saved.
"""

import sys
from datetime import datetime, timedelta
from random import Random
from time import monotonic, process_time

from pages import machine

from tongzhou.planning.rosters import ANYONE, Case, Person, Shift, Span, Wish, all_breaches, greedy, score
from tongzhou.planning.rosters.solving import propose

SECONDS = 55
BEGINS = datetime(2022, 3, 7)  # noqa: DTZ001 -- the planner's times are local and without zone
SKILLS = ("medic", "police", "entry")
DAY = timedelta(days=1)
# people, days, posts, share of people with each skill
SIZES = {
    "a street": (40, 28, 4, 0.25), "a district": (100, 28, 10, 0.25), "a city": (200, 28, 20, 0.25), "a city short of skills": (200, 28, 20, 0.12),
}  # fmt: skip


def main(names: list[str]) -> None:
    print(machine(), end="\n\n")
    heads = [
        "roster",
        "people",
        "shifts",
        "places",
        "",
        "wall s",
        "processor s",
        "points",
        "bound",
        "gap",
        "unmet",
        "wishes met",
        "hours, least–most",
    ]
    print(f"| {' | '.join(heads)} |", f"|---|{'--:|' * 3}---|{'--:|' * 8}", sep="\n")
    for name in names:
        case = made(*SIZES[name])
        size = [name, len(case.people), len(case.shifts), sum(len(shift.places) for shift in case.shifts)]
        wall, work = monotonic(), process_time()
        by_hand = greedy(case)
        row([*size, "shift by shift"], monotonic() - wall, process_time() - work, case, by_hand)
        wall, work = monotonic(), process_time()
        plan = propose(case, seconds=SECONDS)
        spent = monotonic() - wall, process_time() - work
        row(
            [*[""] * 4, f"planner ({plan.reason})"], *spent, case, plan.pairs, (f"{plan.bound:,.0f}", f"{plan.gap:.1%}")
        )


def row(
    heads: list[object], wall: float, work: float, case: Case, pairs: object, proof: tuple[str, str] = ("", "")
) -> None:
    points = score(case, pairs)
    assert not broken(case, pairs)
    cells = [
        *heads, f"{wall:.1f}", f"{work:.1f}", f"{points.value:,}", *proof, points.short, f"{points.wishes[0]} / {points.wishes[1]}",
        f"{points.hours.least:.0f}–{points.hours.most:.0f}",
    ]  # fmt: skip
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def broken(case: Case, pairs: object) -> list[object]:
    spans, people = {shift.key: shift.span for shift in case.shifts}, {person.key: person for person in case.people}
    duties: dict[str, list[Span]] = {}
    for shift, person in pairs:
        duties.setdefault(person, []).append(spans[shift])
    return [one for key, some in duties.items() for one in all_breaches(case.rules, people[key], some)]


def made(people: int, days: int, posts: int, share: float) -> Case:
    chance = Random(1)

    def some(most: tuple[int, ...]) -> list[Span]:
        return [
            Span(BEGINS + DAY * day, BEGINS + DAY * (day + 1))
            for day in chance.sample(range(days), chance.choice(most))
        ]

    crew = []
    for n in range(people):
        skills = frozenset(skill for skill in SKILLS if chance.random() < share)
        wishes = tuple(Wish(span, on=chance.random() < 0.2) for span in some((0, 1, 2, 3)))
        crew.append(Person(f"p{n:03}", skills, tuple(some((0, 0, 1, 2, 4))), wishes))
    shifts = []
    for post in range(posts):
        for turn in range(days * 3):
            start = BEGINS + timedelta(hours=8 * turn)
            needs = ((SKILLS[post % 3], 1), (ANYONE, 1))
            shifts.append(Shift(f"{post}/{turn}", f"post {post}", Span(start, start + timedelta(hours=8)), needs))
    return Case(tuple(crew), tuple(shifts))


if __name__ == "__main__":
    main(sys.argv[1:] or list(SIZES))

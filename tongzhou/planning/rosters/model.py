"""The roster as a model of CP-SAT.

Places of the same time and the same skill are alike: who of those who take one stands at which post changes no rule, no fairness and
no wish. So the model counts places for each time and skill (a few thousand yes-or-noes for 200 people over 28 days instead of a third
of a million), and `placing` gives each person a post afterwards. Nothing is lost: every roster of the whole problem is one of the
model with the same points, and the other way round, so a bound of the model is a bound of the roster.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from ortools.sat.python import cp_model

from tongzhou.planning.rosters.case import ANYONE, DAY, Case, Person, Span
from tongzhou.planning.rosters.rest import breaches
from tongzhou.planning.rosters.scoring import Band, bands, hour_steps, load, short_cost, weekend
from tongzhou.planning.rosters.seats import seated

Sum = cp_model.LinearExpr.sum
Work = Mapping[str, frozenset[Span]]  # who works when
Seats = Mapping[Span, Mapping[str, str]]  # at each time, the skill of the place each person takes


class Ground:
    """What all models of one case share: the times, the places at each, who could work when, what is fair."""

    def __init__(self, case: Case) -> None:
        self.case, self.fair = case, bands(case)
        self.demand: dict[Span, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for shift in case.shifts:
            for skill, number in shift.needs:
                self.demand[shift.span][skill] += number
        self.times = sorted(self.demand)
        self.asked = {time: frozenset(demand) for time, demand in self.demand.items()}
        self.nights = {time: case.rules.night(time) for time in self.times}
        ends = {time: time.end + case.rules.rest_after(time) for time in self.times}
        # whoever has begun and not rested when a shift begins: at most one of these
        self.cliques = [[one for one in self.times if one.start <= time.start < ends[one]] for time in self.times]
        self.open = {person.key: [time for time in self.times if self._may(person, time)] for person in case.people}

    def kind(self, person: Person, time: Span) -> frozenset[str]:
        """What of the skills asked for at this time the person has: people of one kind are alike there."""
        return person.skills & self.asked[time]

    def seated(self, time: Span, work: Work) -> dict[str, str]:
        """The skill of the place each of those takes who work at this time."""
        people = [person for person in self.case.people if time in work[person.key]]
        places = [skill for skill, number in self.demand[time].items() for _place in range(number)]
        holders = seated(places, [person.skills for person in people])
        return {people[one].key: places[place] for one, place in holders.items()}

    def _may(self, person: Person, time: Span) -> bool:
        takes = any(person.may_take(skill) for skill in self.demand[time])
        if not takes or any(away.meets(time) for away in person.cannot):
            return False
        return not person.busy or not breaches(self.case.rules, person, time, person.busy)


class Model:
    """Variables for some of the people (`free`); the others keep their places. `work` is where the search begins."""

    def __init__(self, ground: Ground, free: Sequence[Person], work: Work, seats: Seats) -> None:
        self.ground, self.case, self.free = ground, ground.case, free
        self.model = cp_model.CpModel()
        self.works = {(one.key, time): self.model.new_bool_var("") for one in free for time in ground.open[one.key]}
        self.cost: list[cp_model.LinearExprT] = []
        self._cover(seats)
        for person in free:
            self._rests(person)
            self._fair(person)
            self._wishes(person)
        self.model.minimize(Sum(self.cost))
        for (key, time), var in self.works.items():
            self.model.add_hint(var, time in work.get(key, ()))

    def result(self, solver: cp_model.CpSolver) -> dict[str, frozenset[Span]]:
        return {
            one.key: frozenset(time for time in self.ground.open[one.key] if solver.value(self.works[one.key, time]))
            for one in self.free
        }

    def _of(self, person: Person, times: Iterable[Span]) -> list[cp_model.IntVar]:
        return [var for time in times if (var := self.works.get((person.key, time))) is not None]

    def _cover(self, seats: Seats) -> None:
        """Those who work at a time, kind by kind, flow to the places that the others leave; what stays empty costs."""
        members: dict[tuple[Span, frozenset[str]], list[cp_model.IntVar]] = defaultdict(list)
        chosen = {one.key for one in self.free}
        for person in self.free:
            for time in self.ground.open[person.key]:
                members[time, self.ground.kind(person, time)].append(self.works[person.key, time])
        left = self._left(seats, chosen)
        into: dict[tuple[Span, str], list[cp_model.IntVar]] = defaultdict(list)
        for (time, kind), workers in members.items():
            out = []
            for skill, number in left[time].items():
                if skill == ANYONE or skill in kind:
                    out.append(self.model.new_int_var(0, min(number, len(workers)), ""))
                    into[time, skill].append(out[-1])
            self.model.add(Sum(workers) == Sum(out))
        for time, demand in left.items():
            for skill, number in demand.items():
                short = self.model.new_int_var(0, number, "")
                self.model.add(Sum([*into[time, skill], short]) == number)
                self.cost.append(short_cost(self.case, time) * short)

    def _left(self, seats: Seats, chosen: set[str]) -> dict[Span, dict[str, int]]:
        """The places of each time that those who are not chosen leave."""
        left = {time: dict(demand) for time, demand in self.ground.demand.items()}
        for time, taken in seats.items():
            for key, skill in taken.items():
                left[time][skill] -= key not in chosen
        return {time: {skill: n for skill, n in demand.items() if n} for time, demand in left.items()}

    def _rests(self, person: Person) -> None:
        for clique in self.ground.cliques:
            held = self._of(person, clique)
            if len(held) > 1:
                self.model.add_at_most_one(held)
        rules = self.case.rules
        if most := rules.nights_in_a_row:
            dark: dict[date, list[cp_model.IntVar]] = defaultdict(list)
            for time in self.ground.open[person.key]:
                if night := self.ground.nights[time]:
                    dark[night].append(self.works[person.key, time])
            fixed = {night for span in person.busy if (night := rules.night(span))}
            for first in sorted({night - DAY * back for night in dark for back in range(most + 1)}):
                days = [first + DAY * i for i in range(most + 1)]
                if all(day in dark or day in fixed for day in days):
                    vars_ = [var for day in days for var in dark[day]]
                    self.model.add(Sum(vars_) <= most - sum(day in fixed for day in days))
        if rules.hours_in_7_days:
            self._hours(person, rules.hours_in_7_days * 60)

    def _hours(self, person: Person, most: int) -> None:
        days = (self.case.period.end - self.case.period.start).days
        for back in range(-6, days):
            first = self.case.period.start.date() + DAY * back
            last = first + timedelta(days=7)
            held = sum(span.minutes for span in person.busy if first <= span.start.date() < last)
            inside = [time for time in self.ground.open[person.key] if first <= time.start.date() < last]
            if sum(time.minutes for time in inside) + held > most:
                terms = [time.minutes * self.works[person.key, time] for time in inside]
                self.model.add(Sum(terms) <= most - held)

    def _fair(self, person: Person) -> None:
        weights, held = self.case.weights, load(self.case, person.busy)
        own = [(time, self.works[person.key, time]) for time in self.ground.open[person.key]]
        minutes, nights, weekends = self.ground.fair[person.key]
        self._off(
            [(time.minutes, var) for time, var in own], held.minutes, minutes, self.case.step, hour_steps(self.case)
        )
        self._off([(1, var) for time, var in own if self.ground.nights[time]], held.nights, nights, 1, weights.night)
        self._off([(1, var) for time, var in own if weekend(time)], held.weekends, weekends, 1, weights.weekend)

    def _off(self, terms: Sequence[tuple[int, cp_model.IntVar]], held: int, band: Band, step: int, points: int) -> None:
        """Points for what lies outside the fair share, above or below, in whole steps."""
        most = sum(size for size, _var in terms) + held
        total = Sum([size * var for size, var in terms]) + held
        over = self.model.new_int_var(0, max(0, -(-(most - band.high) // step)), "")
        under = self.model.new_int_var(0, max(0, -(-(band.low - held) // step)), "")
        self.model.add(total - step * over <= band.high)
        self.model.add(total + step * under >= band.low)
        self.cost += [points * over, points * under]

    def _wishes(self, person: Person) -> None:
        for wish in person.wishes:
            held = sum(span.meets(wish.span) for span in person.busy)
            found = self._of(person, [time for time in self.ground.open[person.key] if time.meets(wish.span)])
            if not wish.on:
                self.cost += [wish.weight * var for var in found] + [wish.weight * held]
            elif not held:
                missed = self.model.new_bool_var("")
                self.model.add(Sum([*found, missed]) >= 1)
                self.cost.append(wish.weight * missed)

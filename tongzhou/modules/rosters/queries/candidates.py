"""Who could take a place, and why others cannot: in words. The page of a shift, swaps and proposals all speak from here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person
from tongzhou.modules.rosters.models import Crew, Duty, Shift
from tongzhou.modules.rosters.queries.cases import (
    _person,
    busy_spans,
    people_of,
    places,
    rest_rules,
    short_of,
    skills_of,
    standing_skills,
)
from tongzhou.modules.rosters.rules import clock
from tongzhou.modules.rosters.workflow import STANDING
from tongzhou.planning import rosters as planning
from tongzhou.planning.rosters import ANYONE, Breach, Reason, Span

NEVER = (Reason.ELSEWHERE,)  # nobody is in two places, whoever says so
WHY: dict[Reason, Any] = {
    Reason.SKILL: _("没有所需技能"),
    Reason.AWAY: _("本人填报不能值"),
    Reason.ELSEWHERE: _("同一时间另有值班"),
    Reason.REST: _("休息时间不够"),
    Reason.LONG: _("长班之后休息不够"),
    Reason.NIGHTS: _("连续夜班超限"),
    Reason.HOURS: _("七天值守时数超限"),
}


@dataclass(frozen=True)
class Candidate:
    """Someone who might be put on a shift. `wished` is what they said of the day; `minutes` what they have in the days around."""

    crew: Crew
    breaches: list[Breach]
    minutes: int
    wished: str

    @property
    def is_free(self) -> bool:
        return not self.breaches

    @property
    def never(self) -> bool:
        return any(one.reason in NEVER for one in self.breaches)

    @property
    def warnings(self) -> list[str]:
        return [spoken(one) for one in self.breaches]


def candidates(shift: Shift, without: Duty | None = None) -> list[Candidate]:
    """Everyone of the roster's pool who is not on the shift, who is free first, of these who has least around this time.

    `without` is a duty that is to change hands: its place counts as empty.
    """
    on = set(shift.duties.filter(state__in=STANDING).values_list("person", flat=True))
    asked = empty_places(shift, without)
    crew = [one for one in people_of(shift.roster) if one.person_id not in on]
    busy = busy_spans([one.person_id for one in crew], shift.span)
    rules = rest_rules(shift.span.start.date())
    found = []
    for one in crew:
        duties = busy.get(one.person_id, ())
        breaches = _breaches(rules, _person(one, duties), shift.span, asked)
        wished = next((str(w.get_kind_display()) for w in one.wishes.all() if w.day == shift.happened_on), "")
        found.append(Candidate(one, breaches, sum(span.minutes for span in duties), wished))
    return sorted(found, key=lambda one: (one.never, len(one.breaches), one.minutes))


def breaches_of(person: Person, shift: Shift, *, without: Iterable[Duty] = (), skills: bool = True) -> list[Breach]:
    """What the person would break on this shift, beside their duties except those in `without`."""
    gone = {duty.shift.span for duty in without if duty.shift}
    duties = [span for span in busy_spans([person.pk], shift.span).get(person.pk, ()) if span not in gone]
    pools = Crew.objects.filter(response=shift.response_id, person=person).prefetch_related("wishes")
    known = [_person(one, tuple(duties)) for one in pools.select_related("unit")]
    plain = planning.Person(
        str(person.pk), frozenset().union(*(one.skills for one in known)), tuple(s for one in known for s in one.cannot)
    )
    return _breaches(
        rest_rules(shift.span.start.date()), plain, shift.span, empty_places(shift) if skills else {ANYONE}, duties
    )


def replaceable(duty: Duty, person: Person) -> bool:
    """Whether the shift lacks no more when this person stands there instead."""
    assert duty.shift is not None
    others = standing_skills(duty.shift.duties.filter(state__in=STANDING).exclude(pk=duty.pk)).get(duty.shift.pk, [])
    can = duty.can(skills_of([person.pk], duty.response_id)[person.pk])
    return sum(short_of(duty.shift, [*others, can]).values()) <= duty.shift.short


def spoken(breach: Breach) -> str:
    """The rule that would be broken, with what was found: "休息时间不够：4 小时，至少 12 小时（03-02 16:00–00:00）"."""
    said = str(WHY[breach.reason])
    if breach.limit:
        worded = __("%(said)s：%(found)s，至少 %(limit)s 小时") if breach.reason in {Reason.REST, Reason.LONG} else (
            __("%(said)s：%(found)s，最多 %(limit)s")
        )  # fmt: skip
        said = worded % {"said": said, "found": f"{breach.found:g}", "limit": f"{breach.limit:g}"}
    if breach.other and breach.reason != Reason.AWAY:
        said = __("%(said)s（%(other)s）") % {"said": said, "other": _time(breach.other)}
    return said


def unmet_in_words(found: Mapping[str, Any], shift: Shift) -> str:
    """桥头卡口 03-02 00:00–08:00 缺医护 1 人：没有所需技能 5 人，休息时间不够 2 人"""
    skill = found["skill"] or __("值守人员")
    why = [__("%(why)s %(n)d 人") % {"why": WHY[Reason(reason)], "n": n} for reason, n in found["why"]]
    if found["free"]:
        why.append(__("有空 %(n)d 人，但调来会使别处缺人") % {"n": found["free"]})
    words = {"shift": shift, "skill": skill, "n": found["number"], "why": __("，").join(why) or __("没有人")}
    return __("%(shift)s 缺%(skill)s %(n)d 人：%(why)s") % words


def seats(shift: Shift, duties: Sequence[Duty]) -> list[tuple[str, Duty | None]]:
    """Each place of the shift, skilled ones first, with who fills it."""
    asked = places(shift)
    standing = [duty for duty in duties if duty.state in STANDING and duty.person_id]
    skills = skills_of([duty.person_id for duty in standing if duty.person_id], shift.response_id)
    holders = planning.seated(asked, [duty.can(skills[duty.person_id]) for duty in standing if duty.person_id])
    filled = {place: standing[one] for one, place in holders.items()}
    extra = [("", duty) for one, duty in enumerate(standing) if one not in holders]
    return [(skill, filled.get(place)) for place, skill in enumerate(asked)] + extra


def beyond(shift: Shift) -> list[Duty]:
    """Who stands on the shift beyond its places: those who were called first keep theirs."""
    rows = shift.duties.filter(state__in=STANDING).select_related("person", "shift__post").order_by("filed_at", "pk")
    return [duty for _skill, duty in seats(shift, list(rows))[len(places(shift)) :] if duty]


def empty_places(shift: Shift, without: Duty | None = None) -> set[str]:
    """The skills of the places still empty; with none empty, of all."""
    standing = [one for one in shift.duties.filter(state__in=STANDING) if one != without]
    return set(short_of(shift, standing_skills(standing).get(shift.pk, [])) or places(shift))


def _breaches(
    rules: planning.Rules, person: planning.Person, span: Span, asked: set[str], duties: Iterable[Span] | None = None
) -> list[Breach]:
    """The rules of rest, and whether the person can take any of the places."""
    fits = any(person.may_take(skill) for skill in asked)
    found = planning.breaches(rules, person, span, person.busy if duties is None else duties)
    return found if fits else [Breach(Reason.SKILL), *found]


def _time(span: Span) -> str:
    return f"{span.start:%m-%d} {clock(span)}"

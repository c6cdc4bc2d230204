"""The hotline of a synthetic response: a line, its counsellors, weeks of contacts without a word in them, follow-ups, returns."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone

from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Grant, Person
from tongzhou.kernel.rehearsing import Given, pick, whole
from tongzhou.modules.hotline import rules
from tongzhou.modules.hotline.models import Case, FollowUp, Line, Return
from tongzhou.modules.hotline.workflow import FollowUpState, LineState

SHARE = 6  # one contact for so many records
FEWEST = 40
WEEKS = 3
LEVELS = {rules.LOW: 17, rules.MODERATE: 55, rules.HIGH: 27}  # as China's largest line found among 21,346 callers
SCORES = {rules.LOW: (0, 3), rules.MODERATE: (4, 7), rules.HIGH: (8, 16)}


def rehearse(given: Given, n: int) -> Iterator[str]:
    """Lines in every state; contacts of the first weeks; a follow-up and a return in every state."""
    people = _posts(given)
    lines = [_line(given, number) for number in range(3)]
    number = max(FEWEST, n // SHARE)
    for done in whole(range(number), partial(_case, given, lines[0], people[0])):
        yield f"{done}/{number}"
    _follow_ups(given, lines[0], people[0])
    _returns(given, lines[0])


def _posts(given: Given) -> list[Person]:
    """Two counsellors and two supervisors among the members; guests who are office staff see the line by their own post."""
    chosen = given.members[:4]
    for person, role in zip(chosen, ("counsellor", "counsellor", "supervisor", "supervisor"), strict=False):
        made = Grant(
            pk=given.key("hotline", role, person.pk), person=person, unit=given.org, role=role, since=date(2022, 1, 1)
        )
        steps.file(made, by=given.by, needs="grants.manage")
    return chosen


def _line(given: Given, number: int) -> Line:
    office = given.posts["office"][0]
    names = ("心理援助热线", "学生心理热线", "医护心理支持热线")
    made = Line(
        pk=given.key("hotline", "line", number), response=given.response, unit=given.org, happened_on=given.day(1), name=names[number],
        name_en=("Support hotline", "Students’ hotline", "Hotline for medics")[number], number="1012345", hours="每天 8:00–22:00",
        hours_en="daily 8:00–22:00", audience=("公众", "学生", "医护人员")[number], seats=2,
    )  # fmt: skip
    line, new = module.file(made, by=office)
    if new and number != 1:
        module.perform(line, "open", by=office)
    if new and number == 2:
        module.perform(line, "close", by=office, note="并入公众热线")
    return line


def _case(given: Given, line: Line, counsellor: Person, number: int) -> None:
    """A contact that was answered and closed. It holds no text: there is nobody whose words these could be."""
    chance = given.chance("hotline", number)
    key = given.key("hotline", "case", number)
    if Case.objects.filter(pk=key).exists():
        return
    came = timezone.make_aware(
        datetime.combine(given.day(number % (7 * WEEKS)), time(chance.randrange(8, 22), chance.randrange(60)))
    )
    level = pick(chance, LEVELS)
    left = number % 9 == 8
    Case.objects.create(
        pk=key, line=line.pk, mode=pick(chance, {Case.Mode.TEXT: 5, Case.Mode.VOICE: 4, Case.Mode.FACE: 1}), came_at=came, seen_at=came,
        state=Case.State.LEFT if left else Case.State.CLOSED, counsellor=None if left else counsellor.pk,
        taken_at=None if left else came + timedelta(minutes=chance.randrange(1, 9)), closed_at=came + timedelta(minutes=30),
        topic=chance.choice(Case.Topic.values), who=chance.choice(Case.Who.values), level="" if left else level,
        score=None if left else chance.randint(*SCORES[level]), edition="2020", supervised_at=came + timedelta(days=1),
    )  # fmt: skip


def _follow_ups(given: Given, line: Line, counsellor: Person) -> None:
    """One in each state; the one that is due stands with a counsellor."""
    for number, state in enumerate(FollowUpState):
        at = timezone.make_aware(datetime.combine(given.day(20 + number), time(10)))
        made = FollowUp(
            pk=given.key("hotline", "follow-up", state), response=given.response, unit=line.unit, happened_on=given.day(20 + number), line=line,
            case=given.key("hotline", "case", number), kind=FollowUp.Kind.CONTACT, person=counsellor, due_at=at,
        )  # fmt: skip
        filed, new = steps.file(made, by=counsellor)
        if new and state == FollowUpState.DONE:
            steps.advance(filed, "finish", by=counsellor, outcome=FollowUp.Outcome.REACHED)
        elif new and state == FollowUpState.DROPPED:
            steps.advance(filed, "drop", by=counsellor)


def _returns(given: Given, line: Line) -> None:
    """A return for each week that is over; the first was sent."""
    office = given.posts["office"][0]
    if line.state != LineState.OPEN:
        line.refresh_from_db()
    for number in range(WEEKS):
        monday = rules.week(given.day(7 * number))
        made = Return(
            pk=given.key("hotline", "return", monday),
            response=given.response,
            unit=line.unit,
            line=line,
            happened_on=monday,
        )
        filed, new = module.file(made, by=office)
        if new and number == 0:
            module.perform(filed, "send", by=office)

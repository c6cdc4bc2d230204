"""Reads of plans: the whole content as passages, the call tree, what is consulted, which tasks run late."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, attachments, rulebook
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Entry, Person
from tongzhou.modules.plans import rules
from tongzhou.modules.plans.models import Opinion, Plan, PlannedTask, Post, Section, Task
from tongzhou.modules.plans.models.parts import PARTS as PARTS_OF
from tongzhou.modules.plans.rules import Passage
from tongzhou.modules.plans.workflow import APPROVE, DO, OPEN, PlanState

READ_WITH = ("sections", "levels", "posts__at", "posts__person", "posts__deputy", "posts__caller", "resources", "planned__unit", "planned__person")  # fmt: skip
ANNEX = "annex"


def whole(plan: Plan) -> Plan:
    """The plan with all its parts read, however many."""
    return (
        Plan.objects.select_related("response", "unit", "approved_by", "replaces")
        .prefetch_related(*READ_WITH)
        .get(pk=plan.pk)
    )


def text(plan: Plan) -> list[Passage]:
    return [passage(section) for section in plan.sections.all()]


def passage(section: Section) -> Passage:
    return Passage(section.depth, section.title, tuple(section.text.splitlines()))


def content(plan: Plan) -> list[Passage]:
    """All of the plan in words: its text, then each part as a heading with one line for each piece. No telephone numbers."""
    found = text(plan)
    levels, planned = list(plan.levels.all()), list(plan.planned.all())
    if levels:
        found.append(Passage(1, __("响应级别")))
        found += [Passage(2, level.name, tuple(level.words().splitlines())) for level in levels]
    if planned:
        found.append(Passage(1, __("各级任务")))
    for level in levels:
        if orders := tuple(one.words().replace("\n", " ") for one in planned if one.rank == level.rank):
            found.append(Passage(2, level.name, orders))
    for title, lines in (
        (__("岗位与呼叫树"), tuple(post.words() for post in plan.posts.all())),
        (__("资源"), tuple(one.words() for one in plan.resources.all())),
        (__("附件"), tuple(one.name for one in annexes(plan))),
    ):
        if lines:
            found.append(Passage(1, title, lines))
    return found


def part_values(plan: Plan, part: str) -> list[list[str]]:
    """The pieces of a part as they are stored, in order, without keys and telephone numbers: to see whether they changed."""
    model, name = PARTS_OF[part]
    left_out = {"key", "plan_id", "phone", "caller_id"}
    fields = [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]
    rows = getattr(plan, name).order_by("number")
    also = ["caller__name"] if model is Post else []
    return [[str("" if value is None else value) for value in row] for row in rows.values_list(*fields, *also)]


def digest(plan: Plan) -> str:
    """Of all that was approved, as it is stored, the annexes by their own digests: a change past the doors shows."""
    parts = {part: part_values(plan, part) for part in PARTS_OF}
    return rules.digest(
        [plan.name, plan.kind, plan.edition, parts, list(annexes(plan).values_list("digest", flat=True))]
    )


def annexes(plan: Plan) -> QuerySet[Any]:
    return attachments.of(plan, ANNEX)


def call_tree(plan: Plan) -> list[rules.Node[Post]]:
    posts = list(plan.posts.all())
    known = {post.pk: post for post in posts}
    return rules.tree(posts, {post: known[post.caller_id] for post in posts if post.caller_id in known})


def called_by(plan: Plan, person: Person) -> list[Post]:
    """The posts that this person, holding a post or standing in, is to call."""
    own = {post.pk for post in plan.posts.all() if person.pk in (post.person_id, post.deputy_id)}
    return [post for post in plan.posts.all() if post.caller_id in own]


def usual_sections(kind: str) -> list[Passage]:
    edition = rulebook.in_force("plans", "sections", timezone.localdate())
    name = f"{kind}_en" if lang() == "en" and f"{kind}_en" in edition.values else kind
    return rules.outline(edition.values.get(name, ()))


def usual_levels() -> list[str]:
    values = rulebook.in_force("plans", "levels", timezone.localdate()).values
    return list(values["names_en" if lang() == "en" else "names"])


def clock(name: str) -> int:
    return int(rulebook.in_force("plans", "clock", timezone.localdate())[name])


def to_approve(person: Person) -> QuerySet[Plan]:
    """Consulted plans within reach that the person has not written in."""
    written = Entry.objects.filter(table="plans.plan", record=OuterRef("pk"), verb__in=["file", "amend"], by=person)
    rows = Plan.objects.filter(access.within(access.reach(person, APPROVE)), ~Exists(written))
    return rows.filter(state=PlanState.CONSULTED).order_by("happened_on", "pk")


def silent() -> QuerySet[Opinion]:
    """Opinions of rounds now open that nobody has given."""
    return Opinion.objects.filter(plan__state=PlanState.CONSULTING, round=F("plan__consulted"), stance="")


def own_tasks(person: Person) -> QuerySet[Task]:
    """Open tasks of the person, and those that nobody was named for at the very units where the person does such things."""
    mine = Task.objects.filter(person=person) | Task.objects.filter(
        person=None, unit__path__in=access.reach(person, DO)
    )
    return mine.filter(state__in=OPEN).order_by("due_at", "pk")


def overdue(tasks: QuerySet[Task], now: datetime) -> QuerySet[Task]:
    return tasks.filter(state__in=OPEN, due_at__lt=now)


def owners(task: Task) -> Iterable[Person]:
    """Whoever is to do it: the person named, else those who hold a post at the very unit, else those above who may."""
    if task.person:
        return [task.person]
    holders = access.holders(DO, task.unit)
    return list(holders.filter(grants__unit=task.unit)) or list(holders)


def planned_for(plan: Plan, rank: int) -> QuerySet[PlannedTask]:
    return plan.planned.filter(rank=rank).select_related("unit", "person")

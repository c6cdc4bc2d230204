"""Writing a plan: its head, its parts, its annexes, and the draft of its next edition."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4, uuid5

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, seal, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Attachment, Person
from tongzhou.modules.plans import queries, rules
from tongzhou.modules.plans.models import Contributor, Level, Plan, PlannedTask, Post, Section
from tongzhou.modules.plans.models.parts import PARTS
from tongzhou.modules.plans.workflow import DRAFT, MADE, PlanState

Rows = Sequence[Mapping[str, Any]]
NAMES = {"text": _("正文"), "levels": _("响应级别"), "posts": _("岗位与呼叫树"), "resources": _("资源"), "tasks": _("各级任务")}  # fmt: skip
CHANGED = _("{by}修改了“{part}”：{before}条改为{after}条")


@transaction.atomic
def file(
    plan: Plan, *, by: Person, leads: Iterable[Person] = (), helpers: Iterable[Person] = (), usual: bool = False
) -> tuple[Plan, bool]:
    """File a draft; `usual` begins it with the sections and levels that such plans usually have."""
    plan, new = steps.file(plan, by=by)
    if new:
        _set_contributors(plan, leads, helpers)
        if usual:
            _write_sections(plan, queries.usual_sections(plan.kind))
        if usual and plan.kind == Plan.Kind.CONTINGENCY:
            names = enumerate(queries.usual_levels(), 1)
            Level.objects.bulk_create([Level(plan=plan, number=rank, rank=rank, name=name) for rank, name in names])
    return plan, new


@transaction.atomic
def amend(
    plan: Plan, *, by: Person, version: int, changes: Mapping[str, Any], leads: Iterable[Person] | None = None,
    helpers: Iterable[Person] | None = None, usual: bool = False,
) -> Plan:  # fmt: skip
    plan = steps.amend(plan, by=by, version=version, **changes)
    if leads is not None and helpers is not None and _set_contributors(plan, leads, helpers):
        steps.note(plan, "amend", by=by, said=_("{by}修改了编制人员"))
    return plan


@transaction.atomic
def set_part(plan: Plan, part: str, rows: Rows | str, *, by: Person, version: int) -> Plan:
    """Write one part anew: `rows` are its pieces in order (those with `key` were there before), of "text" the text itself.

    Raises OutOfStep, ValidationError naming the row, PermissionDenied.
    """
    access.require(by, DRAFT, plan)
    held = Plan.objects.filter(pk=plan.pk, version=version, state=PlanState.DRAFT)
    if not held.update(version=F("version")):  # holds the row to the end of the transaction
        raise steps.OutOfStep
    before, count = queries.part_values(plan, part), getattr(plan, PARTS[part][1]).count()
    if isinstance(rows, str):
        _write_sections(plan, rules.passages(rows))
    else:
        _write_rows(plan, part, rows)
    after = queries.part_values(plan, part)
    if before != after or any(row.get("phone") for row in rows if isinstance(row, Mapping)):
        told = {"part": source_text(NAMES[part]), "before": count, "after": len(after)}
        steps.note(plan, "amend", by=by, said=CHANGED, data=told)
    return plan


def attach(plan: Plan, sent: "UploadedFile[Any]", *, by: Person) -> Attachment:
    """An annex, while the plan is a draft: what was approved does not grow."""
    if plan.state != PlanState.DRAFT:
        raise ValidationError(__("只有草稿可以增加附件。"))
    return attachments.attach_document(plan, sent, by=by, needs=DRAFT, purpose=queries.ANNEX)


@transaction.atomic
def renew(plan: Plan, *, by: Person) -> tuple[Plan, bool]:
    """A draft of the next edition with all parts of this one. While there is one already, it comes back."""
    access.require(by, DRAFT, plan)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("response", "unit").get(pk=plan.pk)
    there = plan.successors.exclude(state=PlanState.DISCARDED).first()
    if there:
        return there, False
    if plan.state not in MADE or plan.is_reported:
        raise ValidationError(__("批准过的方案预案才能起草新版。"))
    made = Plan(
        pk=uuid5(plan.pk, f"edition/{plan.successors.count()}"), response=plan.response, unit=plan.unit, kind=plan.kind, name=plan.name,
        name_en=plan.name_en, edition=plan.edition + 1, replaces=plan,
    )  # fmt: skip
    said = _("{by}以第{base}版为底本，起草第{edition}版")
    made, new = steps.file(made, by=by, said=said, data={"base": plan.edition, "edition": made.edition})
    _copy(queries.whole(plan), made, by)
    return made, new


def _set_contributors(plan: Plan, leads: Iterable[Person], helpers: Iterable[Person]) -> bool:
    """Whether that changed anything. Who led is not said to have taken part besides."""
    took_part, led = Contributor.Part.TOOK_PART, Contributor.Part.LED
    parts = {person.pk: took_part for person in helpers} | {person.pk: led for person in leads}
    if parts == dict(plan.contributors.values_list("person", "part")):
        return False
    plan.contributors.all().delete()
    ordered = sorted(parts, key=lambda key: parts[key] != led)
    Contributor.objects.bulk_create([Contributor(plan=plan, person_id=key, part=parts[key]) for key in ordered])
    return True


def _write_sections(plan: Plan, found: Iterable[rules.Passage]) -> None:
    plan.sections.all().delete()
    for number, one in enumerate(found, 1):
        section = Section(plan=plan, number=number, depth=one.depth, title=one.title, text="\n".join(one.lines))
        _checked(section, number)
        section.save(force_insert=True)


def _write_rows(plan: Plan, part: str, rows: Rows) -> None:
    """All pieces are taken away and put back, under the keys they had: a sealed text opens under its own key only."""
    model, name = PARTS[part]
    there = {one.key: one for one in getattr(plan, name).all()}
    getattr(plan, name).all().delete()
    made = []
    for number, row in enumerate(rows, 1):
        values = {field: value for field, value in row.items() if field not in ("key", "called_by")}
        old = there.get(row.get("key"))
        if model is Post and old is not None and not values.get("phone"):
            values["phone"] = old.phone
        one = model(key=old.key if old else uuid4(), plan=plan, number=number, **values)
        _checked(one, number)
        one.save(force_insert=True)
        made.append(one)
    if model is Post:
        _link(made, [str(row.get("called_by") or "").strip() for row in rows])
    if model is PlannedTask and (
        unknown := {one.rank for one in made} - set(plan.levels.values_list("rank", flat=True))
    ):
        raise ValidationError(__("预案里没有第%(n)s级，请先写明响应级别。") % {"n": min(unknown)})


def _link(posts: Sequence[Post], callers: Sequence[str]) -> None:
    """Who calls whom, by the names of the posts."""
    named = {post.name: post for post in posts}
    if unknown := [name for name in callers if name and name not in named]:
        raise ValidationError(__("“由谁通知”填的“%(name)s”不是本预案的岗位。") % {"name": unknown[0]})
    if circle := rules.circle({post.name: caller for post, caller in zip(posts, callers, strict=True)}):
        raise ValidationError(__("呼叫树绕成了圈：%(posts)s。") % {"posts": " → ".join([*circle, circle[0]])})
    for post, caller in zip(posts, callers, strict=True):
        if caller:
            Post.objects.filter(pk=post.pk).update(caller=named[caller])


def _checked(one: Any, number: int) -> None:
    try:
        one.full_clean(exclude=["key", "caller"])
    except ValidationError as fault:
        raise ValidationError([_in_row(number, said) for said in fault.messages]) from fault


def _in_row(number: int, said: str) -> str:
    return __("第%(n)d行：%(fault)s") % {"n": number, "fault": said}


def _copy(old: Plan, new: Plan, by: Person) -> None:
    """Every part under a key of its own; telephone numbers are sealed anew for it."""
    for person in old.contributors.all():
        Contributor.objects.create(plan=new, person_id=person.person_id, part=person.part)
    keys = {post.pk: uuid4() for post in old.posts.all()}
    for one in [*old.sections.all(), *old.levels.all(), *old.resources.all(), *old.planned.all(), *old.posts.all()]:
        values = {f.attname: getattr(one, f.attname) for f in one._meta.concrete_fields}
        values |= {"key": keys.get(one.key) or uuid4(), "plan_id": new.pk}
        if isinstance(one, Post):
            values |= {"phone": seal.open(one, "phone"), "caller_id": None}
        type(one)(**values).save(force_insert=True)
    for post in old.posts.all():
        if post.caller_id:
            Post.objects.filter(pk=keys[post.pk]).update(caller=keys[post.caller_id])
    for annex in Attachment.objects.filter(pk__in=queries.annexes(old).values("pk")):
        sent: UploadedFile[Any] = SimpleUploadedFile(annex.name, bytes(annex.content))
        attachments.attach_document(
            new, sent, by=by, needs=DRAFT, purpose=queries.ANNEX, key=uuid5(new.pk, str(annex.pk))
        )

"""From the draft to the approved edition: who is asked, what they say, and the leader who did not write it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, ledger, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.models import Opinion, Plan
from tongzhou.modules.plans.workflow import OPINE, PlanState

Stance = Opinion.Stance


@transaction.atomic
def consult(
    plan: Plan, *, by: Person, day: date, units: Iterable[Unit] = (), people: Iterable[Person] = (), note: str = ""
) -> Plan:
    """Ask units and people for their opinion, in a new round. Raises ValidationError for a text that is not there yet."""
    units, people = list(units), list(people)
    if not units and not people:
        raise ValidationError(__("请至少选择一个单位，或写一个人。"))
    if day < timezone.localdate():
        raise ValidationError({"day": __("请填写今天或以后的日期。")})
    if not plan.sections.exclude(text="").exists():
        raise ValidationError(__("正文还没有写。请先写正文，再征求意见。"))
    asked = "、".join([*(unit.name for unit in units), *(person.name for person in people)])
    turn, data = plan.consulted + 1, {"day": str(day), "asked": asked}
    steps.advance(plan, "consult", by=by, note=note, data=data, consult_by=day, consulted=turn)
    rows: list[dict[str, Any]] = [*({"unit": unit} for unit in units), *({"person": person} for person in people)]
    Opinion.objects.bulk_create([Opinion(plan=plan, round=turn, **row) for row in rows])
    told = {person.pk: person for unit in units for person in speakers(unit)} | {one.pk: one for one in people}
    text = format_lazy(_("请对《{plan}》提出意见，{day}前答复。"), plan=plan.name, day=str(day))
    notices.tell(told.values(), text, response=plan.response, record=plan, url=plan.get_absolute_url())
    return plan


@transaction.atomic
def opine(
    plan: Plan, *, by: Person, stance: str, text: str = "", addressee: Opinion | None = None, note: str = ""
) -> Plan:
    """What one of those asked says, or says instead, until the round is closed. `addressee` where `by` speaks for several."""
    own = plan.asked_of(by)
    if not own:
        raise PermissionDenied(__("这份方案预案没有征求您或您所在单位的意见。"))
    found = next((one for one in own if addressee is not None and one.pk == addressee.pk), None) or own[0]
    if stance != Stance.AGREE and not text.strip():
        raise ValidationError({"text": __("有修改意见或不同意的，请写明具体意见。")})
    data = {"addressee": source_text(found.addressee), "stance": source_text(Stance(stance).label)}
    steps.advance(plan, "opine", by=by, note=text.strip(), data=data)
    given = {"stance": stance, "text": text.strip(), "given_by": by, "given_at": timezone.now()}
    Opinion.objects.filter(pk=found.pk).update(**given)
    return plan


@transaction.atomic
def conclude(plan: Plan, *, by: Person, note: str = "") -> Plan:
    """Close the round. Who is closed out before the deadline, and what became of an objection, is to be said."""
    said = list(plan.opinions.filter(round=plan.consulted).values_list("stance", flat=True))
    silent, objections = said.count(""), said.count(Stance.OBJECT)
    early = plan.consult_by is not None and timezone.localdate() < plan.consult_by
    if silent and early and not note.strip():
        raise ValidationError({"note": __("还有%(n)d方未答复，期限也没有到；提前结束请写明原因。") % {"n": silent}})
    if objections and not note.strip():
        raise ValidationError({"note": __("有%(n)d方不同意，请写明意见的采纳情况。") % {"n": objections}})
    data = {
        "agree": said.count(Stance.AGREE), "remarks": said.count(Stance.REMARKS), "objections": objections, "silent": silent,
    }  # fmt: skip
    return steps.advance(plan, "conclude", by=by, note=note, data=data)


@transaction.atomic
def approve(plan: Plan, *, by: Person, number: str = "", note: str = "") -> Plan:
    """By a leader who has not written in it. The edition it replaces ends with this; an active one, when it is stood down."""
    if ledger.entries(plan).filter(verb__in=["file", "amend"], by=by).exists():
        raise ValidationError(__("起草、修改过这份方案预案的人不能批准，请由另一人办理。"))
    if plan.kind == Plan.Kind.CONTINGENCY and not plan.levels.exists():
        raise ValidationError(__("应急预案还没有写明响应级别。请退回修改。"))
    if blank := plan.levels.filter(trigger="", threshold=None).first():
        raise ValidationError(__("“%(level)s”还没有写明启动条件。请退回修改。") % {"level": blank})
    old = None
    if plan.replaces_id:  # held, so that it is not activated or stood down meanwhile
        old = Plan.objects.select_for_update(of=("self",)).select_related("unit", "response").get(pk=plan.replaces_id)
    today, digest = timezone.localdate(), queries.digest(plan)
    fields = {
        "happened_on": today,
        "happened_precision": "day",
        "approved_by": by,
        "approved_at": timezone.now(),
        "digest": digest,
    }
    fields |= {"number": number} if number else {}
    steps.advance(plan, "approve", by=by, note=note, data={"edition": plan.edition, "digest": digest[:12]}, **fields)
    if old is not None and old.state in (PlanState.APPROVED, PlanState.STOOD_DOWN):
        supersede(old, by=by)
    return plan


def supersede(plan: Plan, *, by: Person, note: str = "") -> Plan:
    """Follows from a newer edition that was approved; nobody says so by hand before there is one."""
    newer = successor(plan)
    if newer is None:
        raise ValidationError(__("还没有批准的新版。"))
    return steps.advance(plan, "supersede", by=by, note=note, data={"edition": newer.edition})


def successor(plan: Plan) -> Plan | None:
    """The approved edition that takes this one's place."""
    return plan.successors.filter(approved_by__isnull=False).exclude(state=PlanState.DISCARDED).first()


def speakers(unit: Unit) -> Iterable[Person]:
    """Who may speak for a unit: whoever holds a post at that very unit."""
    return access.holders(OPINE, unit).filter(grants__unit=unit)

"""A proposal in the hands of a consultative conference: the deadlines are those of the rule in force on the day of assignment."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import notices, rulebook, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.proposals import rules
from tongzhou.modules.proposals.models import Case, Cohandler


@transaction.atomic
def assign(case: Case, *, by: Person, lead: str, on: date, cohandlers: Sequence[str] = (), note: str = "") -> Case:
    """To a lead unit and those that give it their opinion. Starts the clocks."""
    _sane(case.happened_on, on)
    clocks = rulebook.in_force("proposals", "clocks", on)
    reply_by = rules.months_after(on, clocks["reply_months"])
    steps.advance(
        case, "assign", by=by, note=note, data={"lead": lead, "reply_by": str(reply_by)}, lead=lead, assigned_on=on, reply_by=reply_by,
        return_by=rules.workdays_after(on, clocks["return_days"]), hard_by=rules.months_after(on, clocks["hard_months"]), rounds=case.rounds + 1,
    )  # fmt: skip
    case.cohandlers.all().delete()
    due = rules.months_after(on, clocks["opinion_months"])
    names = [name for name in dict.fromkeys(cohandlers) if name != lead]
    Cohandler.objects.bulk_create([Cohandler(case=case, name=name, due=due) for name in names])
    _tell(case, format_lazy(_("您的提案已交{lead}办理：{case}"), lead=lead, case=case))
    return case


def give_back(case: Case, *, by: Person, on: date, note: str = "") -> Case:
    """A wrong assignment, returned within the days the rule allows; it is then assigned again."""
    if case.return_by and on > case.return_by:
        raise ValidationError({"on": __("退回期限是%(day)s，已经过了。") % {"day": case.return_by}})
    _sane(case.assigned_on, on)
    gone = {"lead": "", "assigned_on": None, "reply_by": None, "return_by": None, "hard_by": None}
    return steps.advance(case, "give_back", by=by, note=note, data={"lead": case.lead}, rounds=case.rounds - 1, **gone)


@transaction.atomic
def opine(case: Case, *, by: Person, cohandler: Cohandler, on: date, note: str = "") -> Case:
    if cohandler.case_id != case.pk:
        raise ValidationError({"cohandler": __("不是这件提案的会办单位。")})
    _sane(case.assigned_on, on)
    steps.advance(case, "opine", by=by, note=note, data={"unit": cohandler.name})
    Cohandler.objects.filter(pk=cohandler.pk).update(opined_on=on)
    return case


@transaction.atomic
def answer(case: Case, *, by: Person, result: str, answer: str, on: date, note: str = "") -> Case:
    _sane(case.assigned_on, on)
    steps.advance(
        case, "answer", by=by, note=note, data={"result": source_text(Case.Result(result).label)},
        result=result, answer=answer, answered_on=on, satisfaction="",
    )  # fmt: skip
    _tell(case, format_lazy(_("您的提案已有答复，请评价：{case}"), case=case))
    return case


def rate(case: Case, *, by: Person, satisfaction: str, note: str = "") -> Case:
    told = {"satisfaction": source_text(Case.Satisfaction(satisfaction).label)}
    return steps.advance(case, "rate", by=by, note=note, data=told, satisfaction=satisfaction)


def redo(case: Case, *, by: Person, note: str = "") -> Case:
    """Not satisfied: the same units handle it again, with a new and shorter deadline."""
    today = timezone.localdate()
    again = rules.months_after(today, rulebook.in_force("proposals", "clocks", today)["again_months"])
    told = {"lead": case.lead, "reply_by": str(again)}
    return steps.advance(
        case, "redo", by=by, note=note, data=told, satisfaction=Case.Satisfaction.NONE, reply_by=again, rounds=case.rounds + 1
    )  # fmt: skip


def _sane(first: date | None, on: date) -> None:
    if on > timezone.localdate() or (first and on < first):
        raise ValidationError({"on": __("日期不能早于上一步，也不能晚于今天。")})


def _tell(case: Case, text: Any) -> None:
    notices.tell(case.item.authors, text, response=case.response, record=case, url=case.get_absolute_url())


ACTIONS: dict[str, Any] = {
    "assign": assign, "give_back": give_back, "opine": opine, "answer": answer, "rate": rate, "redo": redo,
}  # fmt: skip

"""The risk of a case, the path of a crisis, follow-ups, supervision."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, rulebook, steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.rulebook import Edition
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.hotline import queries, rules
from tongzhou.modules.hotline.actions import cases
from tongzhou.modules.hotline.models import Case, FollowUp, Line, Step, Text
from tongzhou.modules.hotline.workflow import SUPERVISE, FollowUpState

ALERT = _("心理援助热线有一件急事，请您立即处置。")
MORNING = time(10)  # when a follow-up of a day is due


def assess(case: Case, line: Line, *, score: int, plan: bool, attempt: bool, act: bool, by: Person) -> Case:
    """Score the risk. Newly high: the supervisors are called at once, by a notice that says nothing of anybody, and follow-ups are due."""
    queries.require_counsellor(case, by)
    if case.state != Case.State.TALKING:
        raise OutOfStep
    edition = rulebook.in_force("hotline", "risk", timezone.localdate())
    try:
        level, by_rule = rules.level(score, edition, plan=plan, attempt=attempt, act=act)
    except ValueError as fault:
        raise ValidationError(__("评分应在 0 到 %(most)d 之间。") % {"most": edition["score_most"]}) from fault
    was = case.level
    case.score, case.level, case.by_rule, case.edition = score, level, by_rule, edition.version
    with transaction.atomic(using="hotline"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            score=score, level=level, by_rule=by_rule, edition=edition.version, version=F("version") + 1
        )
        if level != was:
            _follow(case, line, edition, by)
            if level == rules.HIGH:
                _call(case, line, edition, by)
    return case


def step(case: Case, line: Line, what: str, *, by: Person, key: UUID | None = None) -> Step:
    """One thing that was done, in one of a few words."""
    if case.counsellor != by.pk and not access.may(by, SUPERVISE, line):
        raise PermissionDenied
    if what not in Step.What or case.state == Case.State.ERASED:
        raise ValidationError(__("请选择处置步骤。"))
    with transaction.atomic(using="hotline"):
        made = Step.objects.create(case=case, what=what, by=by.pk, by_name=by.name, **({"pk": key} if key else {}))
        Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    return made


def finish(follow_up: FollowUp, outcome: str, *, by: Person) -> FollowUp:
    """Done, with what came of it; who was not reached is tried again the next day."""
    if outcome not in FollowUp.Outcome:
        raise ValidationError(__("请选择结果。"))
    with transaction.atomic():
        steps.advance(follow_up, "finish", by=by, outcome=outcome)
        if outcome == FollowUp.Outcome.UNREACHED:
            again = timezone.now() + timedelta(days=1)
            _due(follow_up.line, follow_up.case, follow_up.kind, follow_up.person, again, by)
    return follow_up


def supervise(case: Case, line: Line, key: UUID, sealed: str, *, by: Person) -> Case:
    """A supervisor who has the case's key puts down what they think."""
    access.require(by, SUPERVISE, line)
    if queries.whole_box(case, by) is None:
        raise PermissionDenied
    with transaction.atomic(using="hotline"):
        cases.say(case, key, sealed, Text.Kind.SUPERVISION, author=by.pk)
        Case.objects.filter(pk=case.pk).update(supervised_at=timezone.now(), version=F("version") + 1)
    return case


def _follow(case: Case, line: Line, edition: Edition, by: Person) -> None:
    """The days of this level replace those of an earlier one."""
    open_now = FollowUp.objects.filter(case=case.pk, kind=FollowUp.Kind.CONTACT, state=FollowUpState.DUE)
    for one in open_now.select_related("line", "unit", "response"):
        steps.advance(one, "drop", by=by)
    for day in rules.follow_ups(case.level, timezone.localdate(), edition):
        _due(line, case.pk, FollowUp.Kind.CONTACT, by, timezone.make_aware(datetime.combine(day, MORNING)), by)


def _call(case: Case, line: Line, edition: Edition, by: Person) -> None:
    due = timezone.now() + timedelta(minutes=edition["respond_minutes"])
    made = _due(line, case.pk, FollowUp.Kind.RESPOND, None, due, by)
    url = reverse("hotline.case", args=[line.response.slug, case.pk])
    called = access.holders(SUPERVISE, line.unit).exclude(pk=by.pk)
    notices.tell(called, ALERT, response=line.response, record=made, url=url)


def _due(line: Line, case: UUID, kind: str, person: Person | None, at: datetime, by: Person) -> FollowUp:
    made = FollowUp(
        response=line.response,
        unit=line.unit,
        happened_on=timezone.localdate(at),
        line=line,
        case=case,
        kind=kind,
        person=person,
        due_at=at,
    )
    return steps.file(made, by=by)[0]

"""Break-glass by two supervisors, and the end of a case: both are entries that auditors read, without a word of what was said."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.hotline import queries
from tongzhou.modules.hotline.actions.keys import unsealed
from tongzhou.modules.hotline.models import Case, FollowUp, Line, Opening
from tongzhou.modules.hotline.workflow import SUPERVISE, FollowUpState

ASKED = _("{by}申请破封查阅个案 {case}，事由：{reason}")
AGREED = _("{by}同意{asker}破封查阅个案 {case}")
REFUSED = _("{by}不同意{asker}破封查阅个案 {case}")
READ = _("{by}破封查阅了个案 {case}")
ERASED = _("{by}销毁了个案 {case} 的钥匙和内容，依据：{reason}")
WHY = {"asked": _("来访者要求"), "expired": _("保存期满"), "error": _("误登记")}


def ask(case: Case, line: Line, reason: str, *, by: Person) -> Opening:
    """One supervisor asks, for one of a few reasons; the others and the counsellor are told."""
    access.require(by, SUPERVISE, line)
    if reason not in Opening.Reason:
        raise ValidationError(__("请选择事由。"))
    if not queries.halves(case, by):
        raise ValidationError(__("这件个案没有封给您的半把钥匙，无法破封。"))
    with transaction.atomic(using="hotline"), transaction.atomic():
        made = Opening.objects.create(case=case, reason=reason, asker=by.pk, asker_name=by.name)
        _note(line, "asked", ASKED, by, case, reason=source_text(Opening.Reason(reason).label))
        _touch(case)
        _tell(
            line,
            case,
            by,
            format_lazy(_("{by}申请破封查阅一件个案，请您决定。"), by=by),
            access.holders(SUPERVISE, line.unit),
        )
        _tell_counsellor(line, case, by, _("您的一件个案有人申请破封查阅。"))
    return made


def agree(opening: Opening, line: Line, sealed: str, *, by: Person) -> Opening:
    """Another supervisor who holds the matching half gives it to the asker, sealed to them."""
    case = opening.case
    access.require(by, SUPERVISE, line)
    if opening.asker == by.pk:
        raise PermissionDenied(__("破封须由两位督导，您是申请人。"))
    if not any(half.partner and half.partner.person == opening.asker for half in queries.halves(case, by)):
        raise ValidationError(__("您没有与申请人配成一把的半把钥匙。"))
    _answer(opening, line, AGREED, Opening.State.AGREED, by, unsealed(sealed, most=400))
    _tell_counsellor(line, case, by, _("您的一件个案已由两位督导破封查阅。"))
    return opening


def refuse(opening: Opening, line: Line, *, by: Person) -> Opening:
    access.require(by, SUPERVISE, line)
    if opening.asker == by.pk:
        raise PermissionDenied(__("破封须由两位督导，您是申请人。"))
    _answer(opening, line, REFUSED, Opening.State.REFUSED, by, "")
    return opening


def read(opening: Opening, line: Line, *, by: Person) -> None:
    """The asker looks. The entry is written first."""
    _note(line, "opened", READ, by, opening.case)


def erase(case: Case, line: Line, why: str, *, by: Person) -> Case:
    """Its boxes and texts are deleted: no key of it is left anywhere here. Counts and times stay."""
    access.require(by, SUPERVISE, line)
    if why not in WHY:
        raise ValidationError(__("请选择依据。"))
    if case.is_open:
        raise ValidationError(__("请先结案，再销毁。"))
    if case.state == Case.State.ERASED:
        raise OutOfStep
    with transaction.atomic(using="hotline"), transaction.atomic():
        _note(line, "erased", ERASED, by, case, reason=source_text(WHY[why]))
        for follow_up in FollowUp.objects.filter(case=case.pk, state=FollowUpState.DUE).select_related(
            "unit", "response"
        ):
            steps.advance(follow_up, "drop", by=by)
        case.boxes.all().delete()
        case.texts.all().delete()
        case.openings.update(sealed="", state=Opening.State.REFUSED)
        Case.objects.filter(pk=case.pk).update(state=Case.State.ERASED, token="", version=F("version") + 1)
    case.state = Case.State.ERASED
    return case


def _answer(opening: Opening, line: Line, said: object, state: str, by: Person, sealed: str) -> None:
    now = timezone.now()
    with transaction.atomic(using="hotline"), transaction.atomic():
        asked = Opening.objects.filter(pk=opening.pk, state=Opening.State.ASKED)
        if not asked.update(state=state, other=by.pk, other_name=by.name, sealed=sealed, answered_at=now):
            raise OutOfStep
        _note(line, state, said, by, opening.case, asker=opening.asker_name)
        _touch(opening.case)
    opening.state, opening.other, opening.other_name, opening.sealed, opening.answered_at = (
        state,
        by.pk,
        by.name,
        sealed,
        now,
    )


def _note(line: Line, verb: str, said: object, by: Person, case: Case, **data: str) -> None:
    steps.note(line, verb, by=by, said=said, data={"case": str(case), **data})


def _touch(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)


def _tell(line: Line, case: Case, by: Person, text: object, people: object) -> None:
    url = reverse("hotline.case", args=[line.response.slug, case.pk])
    told = [one for one in people if one.pk != by.pk]  # type: ignore[attr-defined]  # a query set or a list of people
    notices.tell(told, text, response=line.response, record=line, url=url)


def _tell_counsellor(line: Line, case: Case, by: Person, text: object) -> None:
    key: UUID | None = case.counsellor
    if key:
        _tell(line, case, by, text, Person.objects.filter(pk=key))

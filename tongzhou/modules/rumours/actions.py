"""What moves do beyond what their forms ask: who checks, what is kept of an answer, who is told."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.rumours.models import Answer, Rumour
from tongzhou.modules.rumours.workflow import CHECK


def file(rumour: Rumour, *, by: Person) -> tuple[Rumour, bool]:
    """Report, and tell those who check at this unit."""
    with transaction.atomic():
        made, new = steps.file(rumour, by=by)
        if new:
            text = format_lazy(_("{by}报告了一条传言：{rumour}"), by=by, rumour=made)
            checking = access.holders(CHECK, made.unit).exclude(pk=by.pk)
            notices.tell(checking, text, response=made.response, record=made, url=made.get_absolute_url())
    return made, new


def take(rumour: Rumour, *, by: Person, note: str = "") -> Rumour:
    return steps.advance(rumour, "take", by=by, note=note, taken_by=by)


def judge(
    rumour: Rumour,
    *,
    by: Person,
    verdict: str,
    against: str,
    answer: str,
    answer_en: str = "",
    addressed: Iterable[Unit] = (),
    note: str = "",
) -> Rumour:
    """The verdict and the answer; who judged does not publish."""
    told = {"verdict": source_text(Rumour.Verdict(verdict).label), "against": against}
    with transaction.atomic():
        steps.advance(
            rumour, "judge", by=by, note=note, data=told, verdict=verdict, against=against, answer=answer, answer_en=answer_en, judged_by=by, published_by=None,
        )  # fmt: skip
        rumour.addressed.set(addressed)
    return rumour


def publish(rumour: Rumour, *, by: Person, note: str = "") -> Rumour:
    """Put the answer on the public page and tell the members of the units it is addressed to, and whoever reported it or the same."""
    now = timezone.now()
    with transaction.atomic():
        people = _told(rumour)
        steps.advance(
            rumour,
            "publish",
            by=by,
            note=note,
            data={"people": len(people)},
            published_by=by,
            published_at=rumour.published_at or now,
        )
        number = rumour.answers.count() + 1
        Answer.objects.create(
            rumour=rumour,
            number=number,
            verdict=rumour.verdict,
            against=rumour.against,
            text=rumour.answer,
            text_en=rumour.answer_en,
            at=now,
        )
        text = format_lazy(
            _("辟谣：“{rumour}”{verdict}。"), rumour=rumour, verdict=Rumour.Verdict(rumour.verdict).label
        )
        url = reverse("rumours.public", args=[rumour.response.slug])
        notices.tell(
            people,
            text,
            response=rumour.response,
            record=rumour,
            url=f"{url}#{rumour.pk}",
            units=rumour.addressed.all(),
        )
    return rumour


def merge(rumour: Rumour, *, by: Person, other: Rumour, note: str = "") -> Rumour:
    if other.pk == rumour.pk or other.same_as_id:
        raise ValidationError({"other": __("请选另一条没有并入别处的传言。")})
    with transaction.atomic():
        steps.advance(rumour, "merge", by=by, note=note, data={"other": str(other)}, same_as=other)
        if other.is_out:
            text = format_lazy(_("您报告的传言已有回应：{rumour}"), rumour=other)
            url = reverse("rumours.public", args=[rumour.response.slug])
            notices.tell([rumour.filed_by], text, response=rumour.response, record=rumour, url=f"{url}#{other.pk}")
    return rumour


def reopen(rumour: Rumour, *, by: Person, note: str = "") -> Rumour:
    return steps.advance(rumour, "reopen", by=by, note=note, same_as=None)


def _told(rumour: Rumour) -> list[Person]:
    units = list(rumour.addressed.all())
    inside = access.within([unit.path for unit in units])
    reporters = [rumour.filed_by_id, *rumour.others.values_list("filed_by", flat=True)]
    people = Person.objects.filter(inside, is_active=True) if units else Person.objects.none()
    return list((people | Person.objects.filter(pk__in=reporters, is_active=True)).distinct())


ACTIONS: dict[str, Any] = {
    "file": file,
    "take": take,
    "judge": judge,
    "publish": publish,
    "merge": merge,
    "reopen": reopen,
}

"""Certificates: free, at once, on request; they say what was confirmed. "Who organises records, who records certifies": one unit each."""

from typing import Any
from uuid import uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.modules.volunteering import queries, rules
from tongzhou.modules.volunteering.models import Certificate, Signup
from tongzhou.modules.volunteering.workflow import CERTIFY, CertificateState

CORRECTED = _("服务时长已更正")
TOTAL = _("{n}次，共{minutes}分钟")


@transaction.atomic
def issue(response: Response, person: Person, unit: Unit, *, by: Person) -> Certificate:
    """What this unit has confirmed of the person's service. While nothing has changed since, the certificate that is there.

    By the volunteer; for one who has no account, by whoever certifies at the unit. Raises ValidationError where nothing is confirmed.
    """
    if by.pk != person.pk and not access.may(by, CERTIFY, unit):
        raise PermissionDenied(__("只能由本人申请，或由记录单位开具。"))
    rows = list(queries.confirmed(response, person).filter(unit=unit).order_by("happened_on", "pk"))
    if not rows:
        raise ValidationError(__("这个单位还没有确认过服务时长。"))
    lines = [_line(row) for row in rows]
    before = list(
        Certificate.objects.filter(response=response, person=person, unit=unit).select_related("response", "unit")
    )
    for one in before:
        if one.is_valid and one.lines == lines and one.name == person.name:
            return one
    made = Certificate(
        pk=uuid5(response.pk, f"certificate/{person.pk}/{unit.pk}/{len(before)}"), response=response, unit=unit, person=person,
        name=person.name, code=rules.code(), lines=lines, times=len(rows), minutes=sum(row.minutes or 0 for row in rows),
        first_on=rows[0].happened_on, last_on=rows[-1].happened_on,
    )  # fmt: skip
    total = source_text(TOTAL).format(n=made.times, minutes=made.minutes)
    return steps.file(made, by=by, data={"total": total})[0]


def withdraw(certificate: Certificate, *, by: Person, note: str = "") -> Certificate:
    """Whoever checks the code is told so from now on."""
    return steps.advance(certificate, "withdraw", by=by, note=note, withdrawn_at=timezone.now())


def supersede(signup: Signup) -> None:
    """Certificates that hold a record which was corrected: void, at the wish of the person who asked for the correction."""
    rows = Certificate.objects.filter(person=signup.person_id, unit=signup.unit_id, state=CertificateState.VALID)
    for one in rows.select_related("person", "response", "unit"):
        if any(line["signup"] == str(signup.pk) for line in one.lines):
            steps.advance(one, "supersede", by=one.person, note=source_text(CORRECTED), withdrawn_at=timezone.now())


def _line(row: Signup) -> dict[str, Any]:
    """The items of a service record (民政部令第67号): project, date, place, served, content, time, evaluation, contact, recorded by."""
    activity = row.activity
    return {
        "signup": str(row.pk), "day": row.happened_on.isoformat(), "name": activity.name, "name_en": activity.name_en,
        "post": row.post.name if row.post else "", "place": activity.place, "whom": activity.served_whom, "minutes": row.minutes,
        "rating": row.rating, "contact": activity.organiser.name if activity.organiser else "", "unit": row.unit.name,
    }  # fmt: skip

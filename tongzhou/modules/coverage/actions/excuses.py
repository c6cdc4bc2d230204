"""Reasons for which nothing is due for a while: short ones hold at once, an exemption and long ones only when another accepts them."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import rulebook, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.coverage.actions import evidence
from tongzhou.modules.coverage.models import Excuse


def file(excuse: Excuse, *, by: Person) -> tuple[Excuse, bool]:
    limits = rulebook.in_force("coverage", "limits", excuse.happened_on)
    days = (excuse.until - excuse.happened_on).days + 1
    if days > limits["excuse_days"]:
        raise ValidationError({"until": __("最长 %(n)d 天；到期可以再登记。") % {"n": limits["excuse_days"]}})
    with transaction.atomic():
        made, new = steps.file(excuse, by=by)
        if new and excuse.reason != Excuse.Reason.EXEMPT and days <= limits["alone_days"]:
            steps.advance(made, "hold", by=by, data={"until": str(made.until)})
            evidence.derive([made.subject_id])
    return made, new


def accept(excuse: Excuse, *, by: Person, note: str = "") -> Excuse:
    if excuse.filed_by_id == by.pk:
        raise PermissionDenied(__("须由登记人以外的人认可。"))
    with transaction.atomic():
        steps.advance(excuse, "accept", by=by, note=note, data={"until": str(excuse.until)}, accepted_by=by)
        evidence.derive([excuse.subject_id])
    return excuse


def end(excuse: Excuse, *, by: Person, note: str = "") -> Excuse:
    """Back again before the day: due from today."""
    until = max(excuse.happened_on, min(excuse.until, timezone.localdate() - timedelta(days=1)))
    with transaction.atomic():
        steps.advance(excuse, "end", by=by, note=note, until=until)
        evidence.derive([excuse.subject_id])
    return excuse

"""Assessments: drafted with who took part, signed by another, and then as they were."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import override

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.models import Assessment

LOCALES = {"zh": "zh-hans", "en": "en"}


@transaction.atomic
def file(assessment: Assessment, *, by: Person, participants: Iterable[Person] = ()) -> tuple[Assessment, bool]:
    assessment, new = steps.file(assessment, by=by)
    if new:
        assessment.participants.set(participants)
    return assessment, new


@transaction.atomic
def amend(
    assessment: Assessment,
    *,
    by: Person,
    version: int,
    changes: Mapping[str, Any],
    participants: Iterable[Person] | None = None,
) -> Assessment:
    assessment = steps.amend(assessment, by=by, version=version, **changes)
    if participants is not None:
        assessment.participants.set(participants)
    return assessment


@transaction.atomic
def sign(assessment: Assessment, *, by: Person, note: str = "") -> Assessment:
    """Sign it: prose and figures stay as they are now, in both languages."""
    if assessment.filed_by_id == by.pk:
        raise ValidationError(__("签发须由起草人以外的另一人进行。"))
    content: dict[str, Any] = {
        "at": timezone.localtime().isoformat(timespec="minutes"),
        "by": str(by.pk),
        "view": assessment.view,
    }
    for language, locale in LOCALES.items():
        with override(locale):
            content[language] = queries.composition(assessment, by)
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    said = {"digest": digest[:16]}
    changes = {"content": content, "digest": digest, "signed_by": by, "signed_at": timezone.now()}
    return steps.advance(assessment, "sign", by=by, note=note, data=said, **changes)

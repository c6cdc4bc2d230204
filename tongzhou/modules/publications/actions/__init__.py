from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel.models import Person
from tongzhou.modules.publications.actions import consents, corrections, drafting, issues, loading, reviewing

__all__ = ["consents", "corrections", "drafting", "elsewhere", "issues", "loading", "reviewing"]


def elsewhere(record: Any, *, by: Person, note: str = "", where: str = "") -> Any:
    """Moves that follow from another: an article is published with its issue, a consent lapses when the text changes."""
    raise ValidationError(__("这一步随别的一步自动完成。"))

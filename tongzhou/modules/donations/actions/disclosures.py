"""Publishing what was received and where it went."""

from typing import Any

from django.utils import timezone

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.donations import queries, rules
from tongzhou.modules.donations.models import Disclosure


def publish(disclosure: Disclosure, *, by: Person, note: str = "") -> Disclosure:
    """Freeze the period's account as it stands now, with its digest."""
    content: dict[str, Any] = queries.account(disclosure.scope)
    digest = rules.digest(content)
    fields = {"content": content, "digest": digest, "published_at": timezone.now()}
    return steps.advance(disclosure, "publish", by=by, note=note, data={"digest": digest[:16]}, **fields)

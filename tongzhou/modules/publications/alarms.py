"""An article that is still public although somebody took their consent back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.workflow import PUBLISH

BEFORE = timedelta(hours=4)


def alarms(now: datetime) -> Iterator[Alarm]:
    for consent in queries.breaches().filter(withdrawn_at__isnull=False):
        until = consent.act_by
        if until is not None and until - BEFORE <= now:
            text = format_lazy(_("已撤回同意的稿件仍在公开，时限将到：{article}"), article=consent.article)
            people = list(access.holders(PUBLISH, consent.unit))
            name = f"withdrawn/{consent.withdrawn_at:%Y%m%d%H%M}"
            yield Alarm(consent, name, text, people, url=consent.article.get_absolute_url())

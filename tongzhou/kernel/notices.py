"""Telling people: a line in their inbox, an e-mail, a message in their unit's work group.

The inbox line and one Dispatch row for each message outside are written in the transaction that causes them. The rows
are the queue: the task only empties it, so a worker killed at any moment loses nothing. A worker claims a row for a
while by a guarded update, sends, then marks it. Killed after sending and before marking, the message goes again under
the same key (header Idempotency-Key, Message-ID of an e-mail), by which a receiver can tell the repeat.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongzhou.kernel import robots, seal
from tongzhou.kernel.models import Channel, Dispatch, Kept, Notice, Person, Response, Unit

CLAIM = timedelta(seconds=90)  # longer than any sending takes
WAITS = [timedelta(seconds=s) for s in (30, 120, 600, 3600, 14400)]  # before the 2nd, 3rd … try; then it has failed
BATCH = 200
LONGEST, LONGEST_SUBJECT = 500, 60
State = Dispatch.State


def tell(
    people: Iterable[Person],
    text: Any,
    *,
    response: Response | None = None,
    record: Kept | None = None,
    url: str = "",
    units: Iterable[Unit] = (),
    once: str = "",
) -> list[Notice]:
    """Tell each of the people once, and the work groups of the units. Lazy texts are said in each person's language.

    Call inside the transaction that causes it: rolled back, nothing was said. Said again under the same `once`, it reaches
    only those who were not told yet, and the work groups only if nobody was.
    """
    about = {"table": record._meta.label_lower, "record": record.pk} if record else {}
    keys = {person: _key(once, person) for person in people if person.is_active}
    with transaction.atomic():
        known = set(Notice.objects.filter(pk__in=keys.values()).values_list("pk", flat=True)) if once else set()
        notices = [
            Notice(pk=key, person=person, response=response, text=_say(text, person.language), url=url, **about)
            for person, key in keys.items()
            if key not in known
        ]
        Notice.objects.bulk_create(notices)
        waiting = [*_emails(notices), *([] if known else _group_messages(units, _say(text, "zh-hans"), url))]
        Dispatch.objects.bulk_create(waiting)
        if waiting:
            transaction.on_commit(partial(deliver.enqueue))
    return notices


@task()
def deliver() -> int:
    """Send what is due; returns how many were sent. What remains after one batch is left to the task's next run."""
    due = list(open_now().values_list("pk", flat=True)[:BATCH])
    sent = sum(send(key) for key in due)
    if len(due) == BATCH:
        deliver.enqueue()
    return sent


def send(key: UUID) -> bool:
    """Claim one message, send it, mark it. False when another has it, or when it did not arrive and is put off."""
    now = timezone.now()
    if not open_now(now).filter(pk=key).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return False
    dispatch = Dispatch.objects.select_related("channel", "notice__person").get(pk=key)
    try:
        _post(dispatch)
    except (robots.Refused, seal.Broken, OSError) as fault:  # SMTPException is an OSError
        _put_off(dispatch, str(fault))
        return False
    mine = Dispatch.objects.filter(pk=key, state=State.WAITING)
    return bool(mine.update(state=State.SENT, sent_at=timezone.now(), claimed_until=None, fault=""))


def open_now(now: datetime | None = None) -> QuerySet[Dispatch]:
    """Messages that are due and that no living worker has in hand."""
    now = now or timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return Dispatch.objects.filter(free, state=State.WAITING, due_at__lte=now)


def _key(once: str, person: Person) -> UUID:
    return uuid5(NAMESPACE_URL, f"tongzhou/notice/{once}/{person.pk}") if once else uuid4()


def _say(text: Any, language: str) -> str:
    with override(language):
        return str(text)[:LONGEST]


def _emails(notices: Iterable[Notice]) -> list[Dispatch]:
    now = timezone.now()
    return [Dispatch(notice=n, text=n.text, url=n.url, due_at=now) for n in notices if n.person.email]


def _group_messages(units: Iterable[Unit], text: str, url: str) -> list[Dispatch]:
    channels = Channel.objects.filter(unit__in=list(units), is_active=True)
    return [Dispatch(channel=channel, text=text, url=url, due_at=_next_turn(channel)) for channel in channels]


def _next_turn(channel: Channel) -> datetime:
    """One message after the other: the vendors refuse what comes too fast."""
    now, gap = timezone.now(), timedelta(seconds=robots.SPACING)
    last = Dispatch.objects.filter(channel=channel, due_at__gt=now - gap).aggregate(last=Max("due_at"))["last"]
    return max(now, last + gap) if last else now


def _post(dispatch: Dispatch) -> None:
    link = urljoin(settings.PUBLIC_URL, dispatch.url) if dispatch.url else ""
    words = "\n".join(filter(None, [dispatch.text, link]))
    if channel := dispatch.channel:
        url, secret = seal.open(channel, "url"), seal.open(channel, "secret")
        return robots.post(channel.kind, url, secret, words, key=str(dispatch.pk), now=timezone.now().timestamp())
    assert dispatch.notice is not None
    person = dispatch.notice.person
    with override(person.language):
        subject = _("同舟：{text}").format(text=dispatch.text.splitlines()[0][:LONGEST_SUBJECT])
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{dispatch.pk}@{host}>", "Idempotency-Key": str(dispatch.pk)}
    EmailMessage(subject, words, to=[person.email], headers=headers).send()
    return None


def _put_off(dispatch: Dispatch, fault: str) -> None:
    """Later, or never: after the last wait the message has failed and `tongzhou reap` and its row say so."""
    values: dict[str, Any] = {"claimed_until": None, "fault": fault[:300]}
    if dispatch.attempts > len(WAITS):
        values["state"] = State.FAILED
    else:
        values["due_at"] = timezone.now() + WAITS[dispatch.attempts - 1]
    Dispatch.objects.filter(pk=dispatch.pk, state=State.WAITING).update(**values)

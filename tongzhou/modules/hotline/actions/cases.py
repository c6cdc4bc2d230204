"""A case from the first word to its closing note. Whatever is said arrives sealed and is kept as it came."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.hotline import queries
from tongzhou.modules.hotline.actions.keys import unsealed
from tongzhou.modules.hotline.models import Box, Case, Keypair, Line, Text
from tongzhou.modules.hotline.workflow import ANSWER, LineState

MOST_WAITING = 200
MOST_TEXTS = 2000
State = Case.State


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start(line: Line, key: UUID, token: str, boxes: Sequence[Mapping[str, Any]]) -> Case:
    """A caller comes; the key of the case was made in their browser and is here only in its boxes. Sent again, nothing changes."""
    if line.state != LineState.OPEN or not line.by_text:
        raise Http404
    if not 20 <= len(token) <= 100:
        raise PermissionDenied
    counsellors = {seat.keypair_id: seat.keypair for seat in queries.seats(line.pk)}
    if not counsellors:
        raise ValidationError(__("现在没有人值守，请拨打页面上的号码，或在服务时间再来。"))
    if queries.queue(line.pk).count() >= MOST_WAITING:
        raise ValidationError(__("排队的人太多，请稍后再来，或拨打页面上的号码。"))
    with transaction.atomic(using="hotline"):
        case, new = Case.objects.get_or_create(pk=key, defaults={"line": line.pk, "token": digest(token)})
        if new:
            _box(case, line, boxes, counsellors)
    if not new and not secrets.compare_digest(case.token, digest(token)):
        raise PermissionDenied
    return case


def enter(line: Line, key: UUID, mode: str, boxes: Sequence[Mapping[str, Any]], *, by: Person) -> Case:
    """A contact by telephone or face to face, put down by its counsellor."""
    access.require(by, ANSWER, line)
    mine = queries.keypair(by)
    if mine is None or mode not in {Case.Mode.VOICE, Case.Mode.FACE}:
        raise ValidationError(__("请先建立钥匙。"))
    now = timezone.now()
    with transaction.atomic(using="hotline"):
        usual = {"line": line.pk, "mode": mode, "state": State.TALKING, "counsellor": by.pk, "taken_at": now}
        case, new = Case.objects.get_or_create(pk=key, defaults=usual)
        if new:
            _box(case, line, boxes, {mine.pk: mine})
    if case.counsellor != by.pk:
        raise Http404
    return case


def take(case: Case, line: Line, *, by: Person) -> Case:
    """The first who takes it has it; what was sealed to the others is thrown away. Raises OutOfStep for who comes second."""
    access.require(by, ANSWER, line)
    mine = queries.whole_box(case, by)
    if mine is None:
        raise ValidationError(__("来访者到来时您不在席位上，这件个案没有封给您。"))
    with transaction.atomic(using="hotline"):
        _move(case, State.WAITING, state=State.TALKING, counsellor=by.pk, taken_at=timezone.now())
        case.boxes.filter(partner=None).exclude(pk=mine.pk).delete()
    return case


def say(case: Case, key: UUID, sealed: str, kind: str, *, author: UUID | None = None) -> Text:
    """One more sealed text. The same key again is the same text."""
    open_states = (
        {State.TALKING, State.WAITING}
        if kind in {Text.Kind.CALLER, Text.Kind.COUNSELLOR}
        else {*State} - {State.ERASED}
    )
    if case.state not in open_states:
        raise OutOfStep
    if case.texts.count() >= MOST_TEXTS:
        raise ValidationError(__("这次交谈太长了，请结束后另开一次。"))
    with transaction.atomic(using="hotline"):
        text, new = Text.objects.get_or_create(
            pk=key, defaults={"case": case, "kind": kind, "author": author, "sealed": unsealed(sealed)}
        )
        if new:
            Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    if text.case_id != case.pk:
        raise PermissionDenied
    return text


def seen(case: Case) -> None:
    """The caller's page is still open."""
    Case.objects.filter(pk=case.pk).update(seen_at=timezone.now())


def leave(case: Case) -> None:
    """The caller goes. One who was never answered counts as not reached."""
    if case.state == State.WAITING:
        _move(case, State.WAITING, state=State.LEFT, closed_at=timezone.now())


def close(case: Case, key: UUID, sealed: str, *, topic: str, who: str, by: Person) -> Case:
    """With its closing note and what it was about, in a word. The caller's browser learns that it is over."""
    queries.require_counsellor(case, by)
    if topic not in Case.Topic or who not in Case.Who:
        raise ValidationError(__("请选择主题和来访者类别。"))
    with transaction.atomic(using="hotline"):
        say(case, key, sealed, Text.Kind.CLOSING, author=by.pk)
        _move(case, State.TALKING, state=State.CLOSED, closed_at=timezone.now(), topic=topic, who=who, token="")
    return case


def share(case: Case, line: Line, keypair: int, sealed: str, *, by: Person) -> Keypair:
    """Another counsellor or a supervisor gets the case's key, from someone who has it."""
    if queries.whole_box(case, by) is None:
        raise PermissionDenied
    other = next((one for one in queries.colleagues(line, by) if one.pk == keypair), None)
    if other is None or case.state == State.ERASED:
        raise ValidationError(__("不能交给这个人。"))
    with transaction.atomic(using="hotline"):
        Box.objects.get_or_create(
            case=case, keypair=other, partner=None, defaults={"sealed": unsealed(sealed, most=400)}
        )
        Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    return other


def _move(case: Case, was: str, **changes: Any) -> None:
    """A guarded update: still as it was seen, or OutOfStep."""
    if not Case.objects.filter(pk=case.pk, state=was).update(version=F("version") + 1, **changes):
        raise OutOfStep
    for name, value in changes.items():
        setattr(case, name, value)


def _box(case: Case, line: Line, boxes: Sequence[Mapping[str, Any]], counsellors: Mapping[int, Keypair]) -> None:
    """Only to those it is meant for: a counsellor the whole, a pair of supervisors a half each. One counsellor at least."""
    supervising = {one.pk: one for one in queries.supervisors(line)}
    found = []
    for box in boxes[:500]:
        holder, partner, sealed = box.get("keypair"), box.get("partner"), unsealed(str(box.get("sealed", "")), most=400)
        pair = {holder, partner}
        if holder and (len(pair) == 2 and pair <= supervising.keys() if partner else holder in counsellors):
            found.append(Box(case=case, keypair_id=holder, partner_id=partner, sealed=sealed))
    if not any(one.partner_id is None for one in found):
        raise ValidationError(__("内容没有封好，未作保存。"))
    Box.objects.bulk_create(found)

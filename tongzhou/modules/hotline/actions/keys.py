"""Keys of counsellors and seats."""

import base64
import binascii

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.hotline import queries
from tongzhou.modules.hotline.models import Keypair, Line, Seat
from tongzhou.modules.hotline.models.apart import LONGEST_SEALED
from tongzhou.modules.hotline.workflow import ANSWER

POINT = 65  # bytes of a public key: an uncompressed point of P-256
NEW_KEY = _("{by}启用了新的心理援助钥匙")


def unsealed(text: str, *, most: int = LONGEST_SEALED) -> str:
    """The text, if it is what a browser makes when it seals; raises ValidationError for anything else, plain words above all."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise ValidationError(__("内容没有封好，未作保存。")) from fault
    if not len(raw) > 28 or len(text) > most:  # less than a nonce and a tag with nothing between is no seal
        raise ValidationError(__("内容没有封好，或太长，未作保存。"))
    return text


def make(person: Person, public: str, wrapped: str) -> Keypair:
    """Take in a new public key and the wrapped private one; the earlier one is retired, what was sealed to it stays so."""
    if not access.reach(person, ANSWER):
        raise PermissionDenied
    if len(base64.b64decode(unsealed(public))) != POINT:
        raise ValidationError(__("内容没有封好，未作保存。"))
    with transaction.atomic(using="hotline"), transaction.atomic():
        now = timezone.now()
        Keypair.objects.filter(person=person.pk, retired_at=None).update(retired_at=now)
        made = Keypair.objects.create(person=person.pk, name=person.name, public=public, wrapped=unsealed(wrapped))
        steps.note(person, "hotline_key", by=person, said=NEW_KEY)
    return made


def sit(line: Line, *, by: Person) -> Seat:
    access.require(by, ANSWER, line)
    pair = queries.keypair(by)
    if pair is None:
        raise ValidationError(__("请先建立钥匙。"))
    now = timezone.now()
    seat, _new = Seat.objects.update_or_create(
        line=line.pk, keypair=pair, defaults={"seen_at": now}, create_defaults={"since": now}
    )
    return seat


def rise(line: Line, *, by: Person) -> None:
    Seat.objects.filter(line=line.pk, keypair__person=by.pk).delete()


def seen(by: Person) -> None:
    """Their page is still open."""
    Seat.objects.filter(keypair__person=by.pk).update(seen_at=timezone.now())

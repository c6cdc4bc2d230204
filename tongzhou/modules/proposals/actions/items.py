"""An item from the draft to the day it goes out: written, reviewed, edited with every version kept, signed by another hand, submitted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, ledger, notices, rulebook, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.proposals import rules
from tongzhou.modules.proposals.models import Case, Gram, Item, Jotting, Submission, Version
from tongzhou.modules.proposals.models.item import TEXTS
from tongzhou.modules.proposals.models.submission import Level
from tongzhou.modules.proposals.workflow import EDIT, OPEN_CASES, REVIEW, SECRET, SIGN, WAITING, ItemState


@transaction.atomic
def file(item: Item, *, by: Person, coauthors: Iterable[Person] = ()) -> tuple[Item, bool]:
    """A draft. Filed again under its key, the one that is there comes back."""
    item, new = steps.file(item, by=by)
    if new:
        item.coauthors.set(_others(item, coauthors))
        index(item)
        _saved(item, by)
    return item, new


@transaction.atomic
def amend(
    item: Item, *, by: Person, version: int, changes: Mapping[str, Any], coauthors: Iterable[Person] | None = None
) -> Item:
    """Change the text. Once it was sent, the wording before and after stays. Raises OutOfStep, ValidationError, PermissionDenied."""
    if item.state == ItemState.EDITING:
        access.require(by, EDIT, item)
    item = steps.amend(item, by=by, version=version, **changes)
    if coauthors is not None and set(named := _others(item, coauthors)) != set(item.coauthors.all()):
        item.coauthors.set(named)
        steps.note(item, "amend", by=by, said=_("{by}修改了合作者"))
    if item.state == ItemState.EDITING:
        _keep_version(item, by)
    index(item)
    _saved(item, by)
    return item


@transaction.atomic
def send(item: Item, *, by: Person, note: str = "") -> Item:
    """To the branch for review. An opinion item that is too long is refused: the author shortens it, nobody cuts it for them."""
    _fits(item)
    steps.advance(item, "send", by=by, note=note, data={"n": item.length})
    _keep_version(item, by)
    text = format_lazy(_("请审阅建言：{item}"), item=item)
    _tell(_trusted(item, REVIEW).exclude(pk=by.pk), text, item)
    return item


@transaction.atomic
def passed(item: Item, *, by: Person, note: str = "") -> Item:
    if item.author_id == by.pk:
        raise ValidationError(__("不能审阅自己的建言，请由另一位有审阅权限的人审阅。"))
    steps.advance(item, "pass", by=by, note=note)
    _tell(_trusted(item, EDIT).exclude(pk=by.pk), format_lazy(_("请编辑建言：{item}"), item=item), item)
    return item


@transaction.atomic
def send_back(item: Item, *, by: Person, note: str = "") -> Item:
    steps.advance(item, "send_back", by=by, note=note)
    _tell([item.author or item.filed_by], format_lazy(_("您的建言退回修改：{item}"), item=item), item)
    return item


@transaction.atomic
def ready(item: Item, *, by: Person, note: str = "") -> Item:
    _fits(item)
    steps.advance(item, "ready", by=by, note=note, data={"n": item.length})
    _keep_version(item, by)
    _tell(_trusted(item, SIGN).exclude(pk=by.pk), format_lazy(_("请签发建言：{item}"), item=item), item)
    return item


def sign(item: Item, *, by: Person, note: str = "") -> Item:
    """By a leader who wrote nothing of it."""
    if by in item.authors or item.versions.filter(by=by).exists() or _wrote(item, by):
        raise ValidationError(__("起草、修改过这条建言的人不能签发，请由另一位领导签发。"))
    return steps.advance(item, "sign", by=by, note=note, signed_by=by)


def unsign(item: Item, *, by: Person, note: str = "") -> Item:
    return steps.advance(item, "unsign", by=by, note=note, signed_by=None)


@transaction.atomic
def submit(item: Item, *, by: Person, channels: Sequence[str], note: str = "") -> Item:
    """To each channel once. A proposal at a conference that handles proposals is a case; anything else is a submission."""
    today = timezone.localdate()
    known = {one["code"]: one for one in rulebook.in_force("proposals", "channels", today)["channels"]}
    if not channels or set(channels) - set(known):
        raise ValidationError({"channels": __("请至少选择一个渠道。")})
    told = "、".join(known[code]["name"]["zh"] for code in channels)
    steps.advance(item, "submit", by=by, note=note, data={"channels": told})
    for code in channels:
        made: type[Case | Submission] = Case if item.is_proposal and known[code]["handles"] else Submission
        row = made(
            pk=uuid5(item.pk, code), response=item.response, unit=item.unit, item=item, channel=code,
            level=Level(known[code]["level"]), happened_on=today,
        )  # fmt: skip
        _row, new = steps.file(row, by=by, data={"channel": known[code]["name"]["zh"]})
        if not new:
            raise ValidationError({"channels": __("已经报送过：%(name)s。") % {"name": source_text(row.channel_label)}})
    _tell(item.authors, format_lazy(_("您的建言已报送：{item}"), item=item), item)
    return item


def archive(item: Item, *, by: Person, note: str = "") -> Item:
    """Once nothing is awaited any more."""
    if item.submissions.filter(state__in=WAITING).exists() or item.cases.filter(state__in=OPEN_CASES).exists():
        raise ValidationError(__("还有渠道没有结果，暂不能归档。"))
    return steps.advance(item, "archive", by=by, note=note)


def jot(key: UUID, fields: Mapping[str, Any], *, by: Person, response: Response) -> Jotting:
    """Keep what a device has so far. No record and no entry: nobody has said anything yet."""
    row, _new = Jotting.objects.update_or_create(
        person=by, item=key, defaults={"response": response, "fields": dict(fields), "at": timezone.now()}
    )
    return row


def _fits(item: Item) -> None:
    most = rulebook.in_force("proposals", "writing", timezone.localdate())["most"]
    if not item.is_proposal and item.length > most:
        told = {"n": item.length, "most": most}
        raise ValidationError(__("正文%(n)d字，超过%(most)d字。请先精简，一事一议。") % told)


def _keep_version(item: Item, by: Person) -> None:
    """A version where the wording is another than that of the last one."""
    last, text = item.versions.last(), {name: getattr(item, name) for name in TEXTS}
    if last is None or {name: getattr(last, name) for name in TEXTS} != text:
        Version.objects.create(item=item, number=last.number + 1 if last else 1, by=by, **text)


def index(item: Item) -> None:
    found = rules.grams(item.name, item.situation)
    item.grams.all().delete()
    Gram.objects.bulk_create([Gram(item=item, text=text) for text in found], batch_size=ledger.MANY)
    Item.objects.filter(pk=item.pk).update(gram_count=len(found))  # derived from the text, like an index: no entry


def _saved(item: Item, by: Person) -> None:
    Jotting.objects.filter(person=by, item=item.pk).delete()


def _others(item: Item, people: Iterable[Person]) -> list[Person]:
    return [one for one in dict.fromkeys(people) if one.pk != item.author_id]


def _wrote(item: Item, by: Person) -> bool:
    return ledger.entries(item).filter(verb__in=["file", "amend"], by=by).exists()


def _trusted(item: Item, capability: str) -> Any:
    """Who holds the capability here; of what is confidential, only those who may see it."""
    found = access.holders(capability, item.unit)
    return found.filter(pk__in=access.holders(SECRET, item.unit)) if item.is_confidential else found


def _tell(people: Iterable[Person], text: Any, item: Item) -> None:
    notices.tell(people, text, response=item.response, record=item, url=item.get_absolute_url())

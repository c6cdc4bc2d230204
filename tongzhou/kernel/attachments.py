"""Photographs and documents of a record: taken in clean, each with an entry on the record, shown to whoever sees the record."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, pictures, steps
from tongzhou.kernel.models import Attachment, Person, Record

Kind = Attachment.Kind
ATTACHED = _("{by}附上“{name}”（摘要 {short}）")
LARGEST = 20 * 1024 * 1024  # bytes of a document
# what an office sends; nothing that a browser would run
DOCUMENTS = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
}


def attach_picture(
    record: Record, sent: "UploadedFile[Any]", *, by: Person, needs: str, purpose: str = "", key: UUID | None = None
) -> Attachment:
    """Keep a photograph of this record, encoded anew. The same key again gives what is there. Raises ValidationError, PermissionDenied."""
    picture = pictures.cleaned(sent.read(pictures.LARGEST + 1))
    made = Attachment(
        pk=key or uuid4(), kind=Kind.PICTURE, name=__("照片"), media="image/jpeg", purpose=purpose,
        content=picture.content, width=picture.width, height=picture.height,
    )  # fmt: skip
    return _keep(record, made, by, needs)


def attach_document(
    record: Record, sent: "UploadedFile[Any]", *, by: Person, needs: str, purpose: str = "", key: UUID | None = None
) -> Attachment:
    """Keep a document of this record as it was sent. Raises ValidationError for what is not a PDF, Word or Excel file."""
    name = PurePath(sent.name or "").name[:200]
    media, begins = DOCUMENTS.get(PurePath(name).suffix.lower(), ("", b""))
    content = sent.read(LARGEST + 1)
    if not media or not content.startswith(begins):
        raise ValidationError(__("请上传 PDF、Word（.docx）或 Excel（.xlsx）文件。"))
    if len(content) > LARGEST:
        raise ValidationError(__("文件超过 20 MB。"))
    made = Attachment(pk=key or uuid4(), kind=Kind.DOCUMENT, name=name, media=media, purpose=purpose, content=content)
    return _keep(record, made, by, needs)


def of(record: Record, purpose: str | None = None) -> QuerySet[Attachment]:
    """What belongs to the record, without the content."""
    rows = Attachment.objects.filter(table=record._meta.label_lower, record=record.pk).defer("content")
    return rows if purpose is None else rows.filter(purpose=purpose)


def of_many(records: Sequence[Record]) -> dict[UUID, list[Attachment]]:
    """By the record's key, for a page that shows many of one kind. One query."""
    found: dict[UUID, list[Attachment]] = {record.pk: [] for record in records}
    tables: Iterable[str] = {record._meta.label_lower for record in records}
    for one in Attachment.objects.filter(table__in=tables, record__in=found).defer("content"):
        found[one.record].append(one)
    return found


def find(person: Person, key: UUID) -> Attachment:
    """The attachment, if the person sees its record; else 404."""
    found = Attachment.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    model = apps.get_model(found.table)
    access.find(model._default_manager.all(), person, f"{model._meta.app_label}.read", pk=found.record)
    return found


def _keep(record: Record, made: Attachment, by: Person, needs: str) -> Attachment:
    access.require(by, needs, record)
    made.table, made.record, made.by = record._meta.label_lower, record.pk, by
    made.size, made.digest = len(made.content), hashlib.sha256(made.content).hexdigest()
    with transaction.atomic():
        kept, new = Attachment.objects.get_or_create(pk=made.pk, defaults=_values(made))
        if (kept.table, kept.record) != (made.table, made.record):
            raise ValidationError(__("这个编号已用于另一条记录的附件。"))
        if new:
            told = {"name": made.name, "digest": made.digest, "short": made.digest[:12]}
            steps.note(record, "attach", by=by, said=ATTACHED, data=told)
    return kept


def _values(made: Attachment) -> dict[str, object]:
    return {
        field.attname: getattr(made, field.attname)
        for field in made._meta.concrete_fields
        if field.name not in {"key", "at"}
    }

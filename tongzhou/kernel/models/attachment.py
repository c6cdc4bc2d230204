from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A photograph or a document that belongs to a record, by the record's table and key. Who sees the record sees it.

    Written by `attachments.attach` only, which puts an entry with the digest on the record. In the database, so that it is
    there when the record is, in the same backup. `key` is made on the device: sent twice, it is kept once.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture", _("照片")
        DOCUMENT = "document", _("文件")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    table = models.CharField(max_length=60)
    record = models.UUIDField()
    # what it shows in its room: "finding", "evidence"
    purpose = models.CharField(max_length=30, blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=200)
    media = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField(_("字节"))
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "key"]
        indexes = [models.Index(fields=["table", "record"], name="attachment_of_record")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.pk])

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the ledger: who did what to which row, and when. Written by `ledger.append` only; triggers refuse change and removal.

    Entries of one row form a chain: `digest` covers the entry's content and the digest before it.
    """

    table = models.CharField(max_length=60)
    record = models.UUIDField()
    seq = models.PositiveIntegerField()
    response = models.ForeignKey("kernel.Response", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=12)  # file, amend, advance, reveal, note
    move = models.CharField(max_length=30, default="")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey("kernel.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"))
    said = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    note = models.TextField(default="")
    prior = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["table", "record", "seq"]
        constraints = [models.UniqueConstraint(fields=["table", "record", "seq"], name="entry_has_its_place")]
        # "what did this person open" is asked of the ledger
        indexes = [models.Index(fields=["by", "at"], name="entry_by_person")]

    def __str__(self) -> str:
        return f"{self.table} {self.record} #{self.seq} {self.verb}"

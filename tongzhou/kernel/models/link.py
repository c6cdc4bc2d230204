from uuid import uuid4

from django.db import models


class Link(models.Model):
    """A matter handed from one room to another: the row it came from and the row it became, by table name and key."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    source_table = models.CharField(max_length=60)
    source_key = models.UUIDField(db_index=True)
    target_table = models.CharField(max_length=60)
    target_key = models.UUIDField(db_index=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["kind", "source_key"], name="handed_over_once")]

    def __str__(self) -> str:
        return f"{self.source_table} → {self.target_table}"

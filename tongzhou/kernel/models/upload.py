from uuid import uuid4

from django.db import models


class Upload(models.Model):
    """A spreadsheet on its way in: checked, shown, then committed once. The file's hash keeps the same file from coming in twice.

    `content` is emptied when the file is committed; the reaper removes what nobody confirmed.
    """

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    place = models.CharField(max_length=160)  # the list it is for: "<response>/<desk>"
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["place", "digest"], name="file_comes_in_once")]

    def __str__(self) -> str:
        return self.name

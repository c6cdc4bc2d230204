from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person
from tongzhou.modules.rosters.models.duty import Shift


class Tap(models.Model):
    """One press of a counting button. Its key is made on the telephone: sent twice it counts once. `number` is -1 when it is taken back."""

    class Kind(models.TextChoices):
        PASSED = "passed", _("放行")
        TURNED_BACK = "turned_back", _("劝返")
        RELEASED = "released", _("凭承诺书放行")
        REFERRED = "referred", _("移交卫健部门")
        VEHICLES = "vehicles", _("车辆")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="taps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.SmallIntegerField(default=1)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.shift} {self.get_kind_display()} {self.number:+}"


class Letter(models.Model):
    """Acceptance letters: which community or employer signed, for how many people. No name of any traveller."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="letters")
    body = models.CharField(_("签字的社区、单位"), max_length=100)
    people = models.PositiveSmallIntegerField(_("接收人数"), default=1)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.body} {self.people}"

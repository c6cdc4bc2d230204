from django.db import models
from django.db.models import Q

from tests.errands.workflow import workflow
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.seal import BlindIndexField, SealedField


class Errand(Record):
    """The one who runs it sees it and may run it, whatever their grants."""

    workflow = workflow

    what = models.CharField("事项", max_length=100)
    phone = SealedField("联系电话", mask="phone", purpose="联系住户", blank=True, default="")
    phone_index = BlindIndexField(source="phone", purpose="phone")
    runner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="跑腿人")
    weight = models.PositiveIntegerField("公斤", default=0)
    due_on = models.DateField("期限", null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.what

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(runner=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({"errands.run"} if self.runner_id == person.pk else ())


class Item(models.Model):
    """A part of an errand: what to fetch."""

    errand = models.ForeignKey(Errand, models.CASCADE, related_name="items")
    name = models.CharField("物品", max_length=40)
    measure = models.CharField("单位", max_length=4)
    count = models.PositiveIntegerField("数量")

    def __str__(self) -> str:
        return f"{self.name}{self.count}{self.measure}"

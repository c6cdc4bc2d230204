from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Brief, Person, Record, Unit
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.workflow import GiftState, gift_workflow


class Item(models.Model):
    """A kind of goods with the word it is counted by: 消毒液 in 瓶. Money is an item counted in 元 and kept in fen."""

    name = models.CharField(_("品名"), max_length=60)
    name_en = models.CharField(_("英文品名"), max_length=80, blank=True, default="")
    measure = models.CharField(_("计量单位"), max_length=10)

    class Meta:
        ordering = ["name", "measure"]
        constraints = [models.UniqueConstraint(fields=["name", "measure"], name="donations_item_once")]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @property
    def is_money(self) -> bool:
        return self.measure == rules.YUAN


class Gift(Record):
    """What one donor gives at one time. `happened_on` is the day of the promise, and from the first count on the day of receipt.

    The donor is a unit, a person, an outside name, or nobody knows (`anonymous`). `naming` is the donor's own choice of
    what the public reads; nothing chosen means no name.
    """

    class Naming(models.TextChoices):
        UNNAMED = "unnamed", _("不公布姓名或名称")
        NAMED = "named", _("公布本名")
        ALIAS = "alias", _("公布下面写的称呼")

    workflow = gift_workflow

    donor_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("捐赠单位")
    )
    donor_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("捐赠人（在册人员）")
    )
    donor_name = models.CharField(_("捐赠方（其他）"), max_length=100, blank=True, default="")
    donor_contact = SealedField(
        _("捐赠方联系方式"), mask="phone", purpose=_("核实意愿、退还、回访"), blank=True, default=""
    )
    anonymous = models.BooleanField(_("匿名捐赠"), default=False)
    naming = models.CharField(_("对外公布"), max_length=10, choices=Naming.choices, default=Naming.UNNAMED)
    public_name = models.CharField(_("公布的称呼"), max_length=60, blank=True, default="")
    designated = models.TextField(_("定向：受捐单位"), blank=True, default="")
    purpose = models.CharField(_("定向：用途"), max_length=200, blank=True, default="")
    place = models.CharField(_("接收地点"), max_length=100, blank=True, default="")
    slip_number = models.CharField(_("接收凭证号"), max_length=20, blank=True, default="", editable=False)
    counted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("初点人"), editable=False
    )
    stocked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("复点人"), editable=False
    )
    stocked_at = models.DateTimeField(_("入账时间"), null=True, editable=False)
    receipt_issuer = models.CharField(_("票据开具单位"), max_length=100, blank=True, default="", editable=False)
    receipt_number = models.CharField(_("票据号码"), max_length=60, blank=True, default="", editable=False)
    receipt_on = models.DateField(_("开票日期"), null=True, editable=False)
    receipt_waived = models.BooleanField(_("捐赠人不要票据"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("捐赠")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(anonymous=True, donor_unit=None, donor_person=None, donor_name="")
                | Q(anonymous=False, donor_unit__isnull=False, donor_person=None, donor_name="")
                | Q(anonymous=False, donor_unit=None, donor_person__isnull=False, donor_name="")
                | Q(Q(anonymous=False, donor_unit=None, donor_person=None), ~Q(donor_name="")),
                name="donations_gift_one_donor",
                violation_error_message=_("捐赠方请只填一种：单位、在册人员、其他名称，或勾选匿名。"),
            ),
            models.CheckConstraint(
                condition=~Q(naming="alias") | ~Q(public_name=""),
                name="donations_gift_alias_given",
                violation_error_message=_("请写明对外公布的称呼。"),
            ),
            models.CheckConstraint(
                condition=Q(stocked_by=None) | ~Q(stocked_by=models.F("counted_by")),
                name="donations_gift_two_counters",
                violation_error_message=_("复点须由初点人以外的另一人进行。"),
            ),
            models.UniqueConstraint(
                fields=["response", "slip_number"], condition=~Q(slip_number=""), name="donations_gift_slip_once"
            ),
        ]

    def __str__(self) -> str:
        name = __("{donor}的捐赠").format(donor=self.donor)
        return f"{name} {self.slip_number}" if self.slip_number else name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Donors may ask what became of their gift (公益事业捐赠法第二十一条)."""
        return Q(donor_person=person)

    @property
    def donor(self) -> str:
        if self.donor_unit or self.donor_person:
            return str(self.donor_unit or self.donor_person)
        return self.donor_name or __("匿名捐赠人")

    def public_names(self) -> tuple[str, str]:
        """What the public reads, in Chinese and, where there is one, in English; empty for a donor who is not to be named."""
        if self.naming == self.Naming.ALIAS:
            return self.public_name, ""
        if self.naming == self.Naming.UNNAMED or self.anonymous:
            return "", ""
        donor = self.donor_unit or self.donor_person
        return (donor.name, donor.name_en) if donor else (self.donor_name, "")

    @property
    def donor_shown(self) -> str:
        """The same in the reader's language."""
        name, name_en = self.public_names()
        return (lang() == "en" and name_en) or name or __("爱心人士")

    def brief(self) -> Brief:
        """What other rooms are told: the donor only as they chose to be named."""
        return Brief(__("{donor}的捐赠").format(donor=self.donor_shown))

    @property
    def is_directed(self) -> bool:
        return bool(self.designated or self.purpose)

    @property
    def is_reported(self) -> bool:
        """Known only from a report: on the books without the two counts."""
        return self.state == GiftState.STOCKED and self.stocked_by_id is None

    @property
    def disclose_by(self) -> date:
        return rules.disclose_by(self.happened_on)

    @property
    def receipt(self) -> str:
        if self.receipt_waived:
            return __("捐赠人不要票据")
        parts = [self.receipt_issuer, self.receipt_number, str(self.receipt_on or "")]
        return " ".join(part for part in parts if part) or __("未登记")

    def goods(self) -> str:
        """Its lines in words: 消毒液100瓶、口罩20箱."""
        return __("、").join(line.words() for line in self.lines.all())

    def worth(self) -> int | None:
        """Fen, over the lines that have a value; None when none has."""
        values = [line.value_fen for line in self.lines.all() if line.value_fen is not None]
        return sum(values) if values else None

    def line_values(self) -> list[dict[str, Any]]:
        return [line.as_form() for line in self.lines.all()]

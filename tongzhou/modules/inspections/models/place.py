"""The register of key places."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.workflow import RECTIFY, place_workflow


def answered_by(person: Person, via: str) -> Q:
    """Rows whose place this person answers for: as its owner, or for the street it lies in. `via` leads to the place."""
    to = f"{via}__" if via else ""
    return Q(**{f"{to}owner": person}) | access.within(access.reach(person, RECTIFY), f"{to}unit")


class Place(Record):
    """A business or a public body that is inspected. Its unit is the street or community it lies in."""

    class Type(models.TextChoices):
        HEALTH_CENTRE = "health_centre", _("社区卫生服务中心")
        PHARMACY = "pharmacy", _("药店")
        SUPERMARKET = "supermarket", _("商超")
        RESTAURANT = "restaurant", _("餐饮")
        MARKET = "market", _("农贸市场")
        HOTEL = "hotel", _("宾馆")
        SCHOOL = "school", _("学校、托幼机构")
        CARE_HOME = "care_home", _("养老机构")
        LEISURE = "leisure", _("文体娱乐场所")
        STATION = "station", _("交通场站")
        CHECKPOINT = "checkpoint", _("卡口")
        ESTATE = "estate", _("居民小区")
        OTHER = "other", _("其他场所")

    workflow = place_workflow

    type = models.CharField(_("类型"), max_length=20, choices=Type.choices)
    name = models.CharField(_("场所名称"), max_length=100)
    address = models.CharField(_("经营地址"), max_length=200, blank=True, default="")
    lat = models.FloatField(
        _("纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        _("经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    contact = SealedField(_("负责人姓名"), mask="name", purpose=_("联系检查和整改"), blank=True, default="")
    phone = SealedField(_("负责人电话"), mask="phone", purpose=_("联系检查和整改"), blank=True, default="")
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("场所方账号")
    )

    class Meta(Record.Meta):
        verbose_name = _("场所")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="inspections_place_whole_point",
                violation_error_message=_("经度、纬度要么都填，要么都不填。"),
            ),
            models.UniqueConstraint(
                fields=["response", "unit", "type", "name"],
                name="inspections_place_once",
                violation_error_message=_("这个街道（社区）已登记同类型、同名的场所。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.lat == self.lon == 0.0:
            raise ValidationError({"lat": __("经度、纬度都是 0，不是本地的位置；不知道就留空。")})

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """The street keeps its own places in sight; an owner sees findings, not the register."""
        return access.within(access.reach(person, RECTIFY))

    @property
    def point(self) -> rules.Point:
        return rules.Point(self.pk, self.lat, self.lon)

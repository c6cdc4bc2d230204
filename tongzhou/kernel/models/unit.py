from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models.base import Kept
from tongzhou.kernel.models.fields import PinyinField


class Unit(Kept):
    """A node of a tree: the organisation with its committees and branches, or the command post with districts, streets, communities.

    `path` is "/<code>/<code>/": all below a unit is one prefix search on one index, the same on both engines.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("组织")
        COMMITTEE = "committee", _("委员会")
        BRANCH = "branch", _("支社")
        COMMAND = "command", _("指挥部")
        CITY = "city", _("市")
        DISTRICT = "district", _("区县")
        STREET = "street", _("街道")
        COMMUNITY = "community", _("社区")
        PARTNER = "partner", _("合作单位")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    pinyin = PinyinField()
    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    path = models.CharField(max_length=400, unique=True, editable=False)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    def clean_fields(self, exclude: Any = None) -> None:
        self.place()
        super().clean_fields(exclude)

    def place(self) -> None:
        """Work out the path from the parent's."""
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2

    def contains(self, other: "Unit") -> bool:
        return other.path.startswith(self.path)

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import When
from tongzhou.kernel.models.base import PRECISIONS, Kept
from tongzhou.kernel.models.unit import Unit


class Response(Kept):
    """One outbreak answered: everything recorded belongs to one of these, and ends with it."""

    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    began_on = models.DateField(_("开始"), default=timezone.localdate)
    began_precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    ended_on = models.DateField(_("结束"), null=True, blank=True)
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    mandate = models.CharField(_("依据"), max_length=300, blank=True, default="")
    source = models.TextField(_("来源"), blank=True, default="")
    synthetic = models.BooleanField(_("模拟数据"), default=False)

    class Meta:
        ordering = ["-began_on", "slug"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def unit(self) -> Unit:
        """Whoever may manage the leading unit may manage the response."""
        return self.lead

    @property
    def began(self) -> When:
        return When(self.began_on, self.began_precision)

    def get_absolute_url(self) -> str:
        return reverse("response", args=[self.slug])

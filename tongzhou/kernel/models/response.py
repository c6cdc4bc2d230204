from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import Precision, When
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models.base import PRECISIONS, Kept
from tongzhou.kernel.models.unit import Unit

if TYPE_CHECKING:
    from tongzhou.kernel.models.people import Person


class Response(Kept):
    """One outbreak answered: everything recorded belongs to one of these, and ends with it."""

    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    began_on = models.DateField(_("开始"), default=timezone.localdate)
    began_precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    ended_on = models.DateField(_("结束"), null=True, blank=True)
    roots = models.ManyToManyField(Unit, related_name="+", verbose_name=_("参与单位"))  # each with everything below it
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    mandate = models.CharField(_("依据"), max_length=300, blank=True, default="")
    source = models.TextField(_("来源"), blank=True, default="")
    synthetic = models.BooleanField(_("模拟数据"), default=False)

    class Meta:
        ordering = ["-began_on", "slug"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: "Person") -> Q:
        """A person sees the responses in which their unit takes part, or a unit they hold a grant at, or one below it."""
        held = {path for _role, path in person.held()}
        paths = held | ({person.unit.path} if person.unit else set())
        above = {path[: i + 1] for path in paths for i, letter in enumerate(path) if letter == "/" and i}
        part = Q(unit__path__in=above)
        for path in held:
            part |= Q(unit__path__startswith=path)
        return Q(pk__in=cls.roots.through.objects.filter(part).values("response_id"))

    @property
    def unit(self) -> Unit:
        """Whoever may manage the leading unit may manage the response."""
        return self.lead

    def clean(self) -> None:
        """The address name is the first part of every address of the response, so it may not be one of the house's own."""
        super().clean()
        if self.slug and resolve(f"/{self.slug}/").url_name != "response":
            raise ValidationError({"slug": __("这个网址名已被系统页面占用，请换一个，例如加上年份。")})

    @property
    def began(self) -> When:
        return When(self.began_on, cast(Precision, self.began_precision))

    def get_absolute_url(self) -> str:
        return reverse("response", args=[self.slug])

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models.base import Kept
from tongzhou.kernel.models.fields import PinyinField
from tongzhou.kernel.models.unit import Unit
from tongzhou.kernel.seal import BlindIndexField, SealedField


class PersonManager(BaseUserManager["Person"]):
    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """The keeper of the house: may do everything except read sealed personal data. Used by `createsuperuser`."""
        person = self.model(username=username, name=fields.pop("name", None) or username, is_superuser=True, **fields)
        person.set_password(password)
        person.save()
        return person


class Person(Kept, AbstractBaseUser):
    """A member, an officer, a partner's contact; the user model too. Most have no login."""

    name = models.CharField(_("姓名"), max_length=60)
    name_en = models.CharField(_("英文姓名"), max_length=100, blank=True, default="")
    pinyin = PinyinField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("所属单位")
    )
    posts = models.CharField(_("职务"), max_length=300, blank=True, default="")
    username = models.CharField(_("用户名"), max_length=60, unique=True, null=True, blank=True)
    password = models.CharField(_("密码"), max_length=128, blank=True, default="")
    email = models.EmailField(_("邮箱"), blank=True, default="")
    phone = SealedField(_("手机号"), mask="phone", purpose=_("通知本人、登录、应急联系"), blank=True, default="")
    phone_index = BlindIndexField(source="phone", purpose="phone", unique=True, null=True)
    language = models.CharField(
        _("语言"), max_length=10, choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans"
    )
    joined_on = models.DateField(_("加入日期"), default=timezone.localdate)
    is_active = models.BooleanField(_("在册"), default=True)
    is_superuser = models.BooleanField(_("系统管理员"), default=False)
    synthetic = models.BooleanField(_("模拟数据"), default=False)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["pinyin", "key"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    @classmethod
    def concerns(cls, person: "Person") -> Q:
        return Q(pk=person.pk)

    def held(self) -> list[tuple[str, str]]:
        """(role, path) of today's grants, read once for each person object, that is once a request."""
        kept: list[tuple[str, str]] | None = self.__dict__.get("_held")
        if kept is None:
            today = timezone.localdate()
            current = self.grants.filter(Q(until=None) | Q(until__gte=today), since__lte=today)
            kept = self.__dict__["_held"] = list(current.values_list("role", "unit__path"))
        return kept


class Grant(Kept):
    """A person holds a role at a unit and so at everything below it, from a day to a day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=20)
    since = models.DateField(_("起"), default=timezone.localdate)
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        ordering = ["unit__path", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="grant_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.unit}"

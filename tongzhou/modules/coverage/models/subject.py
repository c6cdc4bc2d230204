from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, seal
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.seal import BlindIndexField, SealedField
from tongzhou.modules.coverage.workflow import LIST, REVEAL, WORK, SubjectState, subject_workflow

SEALED = ("name", "number", "phone", "address", "identity")


class Document(models.TextChoices):
    ID = "id", _("居民身份证")
    PASSPORT = "passport", _("护照")
    PERMIT = "permit", _("港澳台居民证件、居留许可")
    NONE = "none", _("无证件")


class Subject(Record):
    """One person, whichever lists they stand on. `unit` is who gets in touch with them; all lists share what it finds out.

    `declarant` is the member who declares for them: themselves, or somebody of their family.
    """

    workflow = subject_workflow

    name = SealedField(_("姓名"), mask="name", purpose=_("联系本人，办理应查应检应管"))
    document = models.CharField(_("证件类型"), max_length=10, choices=Document.choices, default=Document.ID)
    number = SealedField(_("证件号码"), mask="id", purpose=_("认出同一个人，避免重复联系"), blank=True, default="")
    phone = SealedField(_("电话"), mask="phone", purpose=_("联系本人"), blank=True, default="")
    address = SealedField(_("住址"), mask="text", purpose=_("上门、送检"), blank=True, default="")
    identity = SealedField(
        _("识别依据"), mask="text", purpose=_("不解密即可认出不同名单上的同一个人"), blank=True, default="", editable=False
    )  # fmt: skip
    identity_index = BlindIndexField(source="identity", purpose="coverage")
    declarant = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("申报人"), editable=False
    )
    is_self = models.BooleanField(_("本人"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("应查应检应管对象")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["declarant", "response"], name="coverage_subject_mine"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["response", "identity_index"], name="coverage_subject_once"),
        ]

    def __str__(self) -> str:
        if self.state == SubjectState.ERASED:
            return __("已清除")
        return seal.mask(self, "name")

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(declarant=person)

    def lets(self, person: Person) -> frozenset[str]:
        """Whoever declares registers themselves and family, and corrects it; whoever must get in touch now may see how."""
        mine = person.pk == self.declarant_id
        if self._state.adding:
            return frozenset({WORK} if mine and person.unit_id == self.unit_id else ())
        return frozenset(({LIST} if mine else set()) | ({REVEAL} if self.must_be_reached(person) else set()))

    def must_be_reached(self, person: Person) -> bool:
        within = any(self.unit.path.startswith(path) for path in access.reach(person, WORK))
        return within and self.listings.filter(next_due__lte=timezone.localdate()).exists()

    @property
    def who(self) -> str:
        """For the one who declares: themselves, or the name as far as a list shows it."""
        return __("本人") if self.is_self else str(self)

    @property
    def due(self) -> date | None:
        """Annotated by whoever lists what is due."""
        return self.__dict__.get("due_on")

    @property
    def masked_number(self) -> str:
        return seal.mask(self, "number")

    @property
    def masked_phone(self) -> str:
        return seal.mask(self, "phone")

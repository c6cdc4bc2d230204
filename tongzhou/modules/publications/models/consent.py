from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.publications.models.article import Article, Picture
from tongzhou.modules.publications.rules import reviewing
from tongzhou.modules.publications.workflow import CONSENT, OUT, UNSETTLED, consent_workflow


class Consent(Record):
    """That somebody agrees to be named, or to be seen in a picture. `person` is set where they are known to the house; they answer themselves."""

    workflow = consent_workflow

    class How(models.TextChoices):
        WRITTEN = "written", _("书面")
        MESSAGE = "message", _("微信、短信")
        SPOKEN = "spoken", _("口头")
        SELF = "self", _("本人在系统内")

    article = models.ForeignKey(Article, models.PROTECT, related_name="consents", verbose_name=_("所涉稿件"))
    who = models.CharField(_("何人"), max_length=60)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员"), editable=False
    )
    picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="consents", verbose_name=_("照片"), editable=False
    )
    purpose = models.CharField(_("用途"), max_length=100, blank=True, default="")
    how = models.CharField(_("同意方式"), max_length=10, choices=How.choices, blank=True, default="", editable=False)
    given_on = models.DateField(_("同意日期"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("同意")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["article", "who"],
                condition=Q(picture=None),
                name="publications_consent_named_once",
                violation_error_message=_("此人已登记。"),
            ),
            models.UniqueConstraint(
                fields=["article", "who", "picture"],
                name="publications_consent_pictured_once",
                violation_error_message=_("此人已登记。"),
            ),
        ]

    def __str__(self) -> str:
        return __("%(who)s：%(article)s") % {"who": self.who, "article": self.article}

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(person=person) | Q(article__author=person)

    def lets(self, person: Person) -> frozenset[str]:
        """One answers for oneself; an author puts down what those told them of whom they write."""
        own = person.pk is not None and person.pk in (self.person_id, self.article.author_id)
        return frozenset({CONSENT} if own else ())

    @property
    def subject(self) -> str:
        return __("照片（图%(n)d）") % {"n": self.picture.number} if self.picture else __("姓名")

    @property
    def is_unsettled(self) -> bool:
        return self.state in UNSETTLED

    @property
    def is_breach(self) -> bool:
        """Something public rests on what is no longer agreed to."""
        return self.is_unsettled and self.article.state in OUT

    @property
    def act_by(self) -> datetime | None:
        return reviewing.act_by(self.withdrawn_at) if self.withdrawn_at else None

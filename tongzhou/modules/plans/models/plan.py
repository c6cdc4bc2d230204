from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.plans.workflow import DO, MADE, OPINE, REVEAL, PlanState, plan_workflow


class Plan(Record):
    """One edition of a plan. `happened_on` is the day of approval, and until then the day of the draft.

    `rank` is the level in force, 1 the gravest; only while active. `replaces` is the edition this one is to take the place of.
    `unnumbered`: a report says that such plans were made and not how many; it is told by name and never counted.
    """

    class Kind(models.TextChoices):
        CONTINGENCY = "contingency", _("应急预案")
        WORK = "work", _("工作方案")

    workflow = plan_workflow

    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, blank=True)
    name = models.CharField(_("标题"), max_length=120)
    name_en = models.CharField(_("英文标题"), max_length=200, blank=True, default="")
    number = models.CharField(_("文号"), max_length=60, blank=True, default="")
    edition = models.PositiveSmallIntegerField(_("版次"), default=1, editable=False)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="successors",
        editable=False,
        verbose_name=_("取代"),
    )
    consult_by = models.DateField(_("征求意见截止"), null=True, editable=False)
    consulted = models.PositiveSmallIntegerField(default=0, editable=False)  # how many rounds were asked for
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, editable=False)
    # when approved
    digest = models.CharField(_("批准时内容摘要"), max_length=64, blank=True, default="", editable=False)
    rank = models.PositiveSmallIntegerField(_("现行级别"), null=True, editable=False)
    unnumbered = models.BooleanField(_("报道未写明数量"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("方案预案")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("filed_by")),
                name="plans_plan_two_people",
                violation_error_message=_("起草人不能批准自己起草的方案预案。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="") | ~Q(source=""),
                name="plans_plan_has_kind",
                violation_error_message=_("请选择是应急预案还是工作方案。"),
            ),
            models.CheckConstraint(
                condition=Q(unnumbered=False) | ~Q(source=""), name="plans_plan_unnumbered_reported"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.ACTIVE, rank__isnull=False)
                | (~Q(state=PlanState.ACTIVE) & Q(rank__isnull=True)),
                name="plans_plan_active_at_a_level",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state=PlanState.DISCARDED) & Q(replaces__isnull=False),
                name="plans_plan_one_successor",
            ),
        ]

    def __str__(self) -> str:
        name = self.name_en if self.name_en and lang() == "en" else self.name
        return name if self.edition == 1 else __("%(name)s（第%(n)d版）") % {"name": name, "n": self.edition}

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Who helped to write it; who is consulted; once approved, who holds a post in it or has been given a task."""
        told_of = Q(posts__person=person) | Q(posts__deputy=person) | Q(tasks__person=person)
        told_of |= access.within(access.reach(person, DO), "tasks__unit")
        asked = Opinion.objects.filter(own_opinions(person)).values("plan")
        return (
            Q(pk__in=Contributor.objects.filter(person=person).values("plan"))
            | (~Q(state__in=(PlanState.DRAFT, PlanState.DISCARDED)) & Q(pk__in=asked))
            | Q(pk__in=cls.objects.filter(told_of, state__in=MADE).values("pk"))
        )

    def lets(self, person: Person) -> frozenset[str]:
        """Whoever was asked gives their opinion. While the plan is active, whoever holds a post may learn whom to call."""
        given = set()
        if self.state == PlanState.CONSULTING and self.asked_of(person):
            given.add(OPINE)
        if self.state == PlanState.ACTIVE and self.posts.filter(Q(person=person) | Q(deputy=person)).exists():
            given.add(REVEAL)
        return frozenset(given)

    def asked_of(self, person: Person) -> "list[Opinion]":
        """The opinions of the round now open that this person may give."""
        rows = self.opinions.filter(own_opinions(person), round=self.consulted)
        return list(rows.select_related("unit", "person"))

    @property
    def is_reported(self) -> bool:
        """Known only from a report: who approved it, and what it says, is not known here."""
        return bool(self.source)

    @property
    def cited(self) -> str:
        """As prose names it: 《…》; what only describes plans, as a report does, has no title marks."""
        if self.unnumbered:
            return str(self)
        return __("《%(plan)s》") % {"plan": self.name_en if self.name_en and lang() == "en" else self.name}


class Contributor(models.Model):
    """A person and their part in the making of a plan."""

    class Part(models.TextChoices):
        LED = "led", _("牵头")
        TOOK_PART = "took_part", _("参与")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="contributors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    part = models.CharField(_("分工"), max_length=10, choices=Part.choices)

    class Meta:
        ordering = ["plan", "part", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="plans_contributor_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_part_display()}"


class Opinion(models.Model):
    """What one unit or person says in one round of consultation; empty until they do. Those who stay silent stay so."""

    class Stance(models.TextChoices):
        AGREE = "agree", _("同意")
        REMARKS = "remarks", _("同意，有修改意见")
        OBJECT = "object", _("不同意")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("人员"))
    stance = models.CharField(_("意见"), max_length=10, choices=Stance.choices, blank=True, default="")
    text = models.TextField(_("具体意见"), blank=True, default="")
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人"))
    given_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        ordering = ["plan", "round", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(unit=None, person__isnull=False) | Q(unit__isnull=False, person=None),
                name="plans_opinion_of_one",
            ),
            models.UniqueConstraint(fields=["plan", "round", "unit"], name="plans_opinion_once_a_unit"),
            models.UniqueConstraint(fields=["plan", "round", "person"], name="plans_opinion_once_a_person"),
            models.CheckConstraint(
                condition=Q(stance__in=["", "agree"]) | ~Q(text=""),
                name="plans_opinion_says_what",
                violation_error_message=_("有修改意见或不同意的，请写明具体意见。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee} {self.get_stance_display()}"

    @property
    def addressee(self) -> str:
        return str(self.person or self.unit)


def own_opinions(person: Person) -> Q:
    """Opinions a person may give: their own, and those of the very units at which they hold a post."""
    return Q(person=person) | Q(unit__path__in=access.reach(person, OPINE))

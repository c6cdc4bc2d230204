from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import Precision, When
from tongzhou.kernel.figures import BOUND_CHOICES, Bound, Figure

if TYPE_CHECKING:
    from tongzhou.kernel.models.people import Person
    from tongzhou.kernel.models.unit import Unit
    from tongzhou.kernel.workflow import Workflow

PRECISIONS = [("day", _("日")), ("month", _("月")), ("year", _("年"))]


@dataclass(frozen=True)
class Spot:
    """A place where people queue, as rooms tell each other of it. WGS-84; `turns` a line for each: "08:00-13:00 6人"; no unit: the record's own."""

    name: str
    place: str = ""
    tables: int = 1
    people: int = 0
    staff: int = 0  # at once
    lat: float | None = None
    lon: float | None = None
    turns: str = ""
    unit: "Unit | None" = None
    closed: bool = False
    seen: int | None = None  # people so far, where somebody counts


@dataclass(frozen=True)
class Home:
    """A building or community, as rooms tell each other of it: how many live there, never who; which spot (by name) calls them, and when.

    `calls` (minute of the day, people) for each slot of `minutes`, households whole; `unit` the community it lies in, where that is known.
    """

    key: str
    name: str
    spot: str
    people: int
    calls: tuple[tuple[int, int], ...] = ()
    minutes: int = 15
    unit: "Unit | None" = None


@dataclass(frozen=True)
class Heads:
    """How many people have registered, as one room answers another: by building ("<code of the area>/<key of the building>") and by
    community (code of the unit), on a day. Counts, never who; where nobody has, there is no entry.
    """

    homes: dict[str, int]
    units: dict[str, int]
    on: date


@dataclass(frozen=True)
class Brief:
    """A matter as it is handed from room to room: what is to be done, in what words, by when, where; the unit is the record's own.

    `replaces` is the matter handed over before, in whose place this one is: the taker goes on with what it made of that. `why` it takes
    its place, in the words of whoever decided: for those whom it touches.
    """

    title: str
    text: str = ""
    due: date | None = None
    spots: tuple[Spot, ...] = ()
    replaces: "Record | None" = None
    homes: tuple[Home, ...] = ()
    why: str = ""


class Kept(models.Model):
    """Anything whose every change is an entry. Written through `steps.file`, `steps.amend` and `steps.advance` only.

    `key` is made by whoever creates the row, the browser included: it is the row's only identity and makes repeats harmless.
    `version` is the number of entries; a form that was opened on an older version is refused instead of overwriting.
    """

    key = models.UUIDField(_("编号"), primary_key=True, default=uuid4, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def concerns(cls, person: "Person") -> Q:
        """Rows this person may see whatever their grants; none unless a model says so."""
        return Q(pk__in=())

    @classmethod
    def withheld(cls, person: "Person") -> Q | None:
        """Rows kept from this person although within their reach: what is confidential; none unless a model says so."""
        return None

    def lets(self, person: "Person") -> frozenset[str]:
        """Capabilities this person has on this row whatever their grants; none unless a model says so."""
        return frozenset()


class Record(Kept):
    """One thing that was done or is to be done in a response. A row may stand for many (`quantity`) when only a total is known."""

    workflow: ClassVar["Workflow"]

    response = models.ForeignKey(
        "kernel.Response", models.PROTECT, related_name="+", verbose_name=_("响应"), editable=False
    )
    unit = models.ForeignKey("kernel.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    state = models.CharField(_("状态"), max_length=20, editable=False)
    happened_on = models.DateField(_("发生日期"), default=timezone.localdate)
    happened_precision = models.CharField(_("日期精度"), max_length=5, choices=PRECISIONS, default="day")
    quantity = models.PositiveIntegerField(_("所代表的次数"), default=1)
    bound = models.CharField(_("数字性质"), max_length=10, choices=BOUND_CHOICES, default=Bound.EXACT)
    source = models.TextField(_("来源"), blank=True, default="")
    filed_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    filed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, related_name="+", verbose_name=_("登记人"), editable=False
    )

    class Meta:
        abstract = True
        ordering = ["-happened_on", "key"]
        indexes = [  # lists are read by response and date; boards and facts by response and state
            models.Index(fields=["response", "happened_on", "key"], name="%(app_label)s_%(class)s_day"),
            models.Index(fields=["response", "state"], name="%(app_label)s_%(class)s_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity=1, bound=Bound.EXACT) | ~Q(source=""),
                name="%(app_label)s_%(class)s_total_has_source",
                violation_error_message=_("只有总数的记录须写明来源。"),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse(f"{self._meta.label_lower}.detail", args=[self.response.slug, self.pk])

    @property
    def when(self) -> When:
        return When(self.happened_on, cast(Precision, self.happened_precision))

    @property
    def stands_for(self) -> Figure:
        return Figure(self.quantity, Bound(self.bound))

    @property
    def is_summary(self) -> bool:
        return self.quantity != 1 or self.bound != Bound.EXACT

    @property
    def title(self) -> str:
        return str(self)

    def state_label(self) -> Any:
        return self.workflow.states(self.state).label

    def brief(self) -> Brief:
        """What another room is told that this matter is handed to."""
        return Brief(str(self))

    def line_values(self) -> list[dict[str, Any]]:
        """The record's lines as its form takes them; none unless a model has lines."""
        return []

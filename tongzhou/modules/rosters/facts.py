"""What may be counted of duty: what was stood, not what was planned. An act that a report tells without a number is told by name only."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.rosters.models import Duty, Post, Shift
from tongzhou.modules.rosters.workflow import READ, DutyState, ShiftState

MOST_TOLD = 12  # acts told by name


def stood() -> QuerySet[Duty]:
    return Duty.objects.filter(state=DutyState.OFF, words="")


def timed() -> QuerySet[Duty]:
    return stood().filter(minutes__gt=0)


def shifts() -> QuerySet[Shift]:
    """Shifts that somebody stood."""
    someone = Duty.objects.filter(shift=OuterRef("pk"), state=DutyState.OFF)
    return Shift.objects.exclude(state=ShiftState.CANCELLED).filter(Exists(someone))


def posts() -> QuerySet[Post]:
    return Post.objects.all()


def checked() -> QuerySet[Shift]:
    return Shift.objects.filter(checked__gt=0)


def vehicles() -> QuerySet[Shift]:
    return Shift.objects.filter(vehicles__gt=0)


def turned_back() -> QuerySet[Shift]:
    return Shift.objects.filter(turned_back__gt=0)


def released() -> QuerySet[Shift]:
    return Shift.objects.filter(released__gt=0)


def referred() -> QuerySet[Shift]:
    return Shift.objects.filter(referred__gt=0)


FACTS = (
    Fact("posts", _("设置值守岗位{value}"), posts, measure="个", nouns=("post", "posts"), label=_("设置值守岗位")),
    Fact("shifts", _("值守{value}"), shifts, measure="班", label=_("值守班次")),
    Fact("turns", _("参加值守{value}"), stood, measure="人次", label=_("参加值守")),
    Fact("hours", _("累计值守{value}"), timed, value="minutes", measure="小时", scale=60, label=_("累计值守")),
    Fact("checked", _("卡口查验人员{value}"), checked, value="checked", measure="人次", label=_("卡口查验人员")),
    Fact("vehicles", _("查验车辆{value}"), vehicles, value="vehicles", measure="辆", label=_("查验车辆")),
    Fact("turned_back", _("劝返{value}"), turned_back, value="turned_back", measure="人次", label=_("劝返")),
    Fact(
        "released",
        _("凭接收承诺书放行{value}"),
        released,
        value="released",
        measure="人次",
        label=_("凭接收承诺书放行"),
    ),
    Fact(
        "referred",
        _("移交卫生健康部门{value}"),
        referred,
        value="referred",
        measure="人次",
        label=_("移交卫生健康部门"),
    ),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Who stood duty as a report tells it; then what was stood, and what the checkpoints counted."""
    told = _counted(findings, "posts", "shifts", "turns", "hours")
    return [
        *_named(scope, by),
        *told,
        *_counted(findings, "checked", "vehicles", "turned_back", "released", "referred"),
    ]


def _named(scope: Scope, by: Person) -> list[Sentence]:
    rows = access.visible(scope.of(Duty.objects.exclude(words="")), by, READ).select_related("person", "unit")
    acts = rows.order_by("happened_on", "pk")[:MOST_TOLD]
    return [Sentence(__("{who}{did}。").format(who=one.person or one.unit, did=one.told_as)) for one in acts]


def _counted(findings: dict[str, list[Finding]], *names: str) -> list[Sentence]:
    found = facts.nonzero([one for name in names for one in findings.get(f"rosters.{name}", [])])
    return [Sentence(__("，").join(one.sentence(one.token) for one in found) + __("。"), tuple(found))] if found else []

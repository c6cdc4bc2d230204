"""Reads over volunteering: who comes where, whom to ask, what is confirmed, which limits are touched."""

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as __

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.models import Activity, Signup, Volunteer
from tongzhou.modules.volunteering.models.signup import LOST
from tongzhou.modules.volunteering.workflow import COMING, PLACED, READ, ActivityState, SignupState, VolunteerState

COUNTED = (SignupState.CONFIRMED, SignupState.DISPUTED)  # hours once confirmed stand until a correction is settled


def mine(response: Response, person: Person) -> QuerySet[Signup]:
    rows = Signup.objects.filter(response=response, person=person)
    return rows.select_related("activity__unit", "activity__response", "post", "response", "unit", "confirmed_by")


def coming(person: Person) -> QuerySet[Signup]:
    """Where the person is or will be, in whichever response."""
    rows = Signup.objects.filter(person=person, state__in=COMING, activity__state=ActivityState.OPEN)
    return rows.select_related("activity", "post", "unit", "response")


def confirmed(response: Response, person: Person) -> QuerySet[Signup]:
    rows = Signup.objects.filter(response=response, person=person, state=SignupState.CONFIRMED, minutes__gt=0)
    return rows.select_related("activity__organiser", "post", "unit", "response")


def by_unit(response: Response, person: Person) -> list[dict[str, object]]:
    """Hours confirmed, by the unit that recorded them: each issues its own certificate."""
    rows = confirmed(response, person).order_by().values("unit", "unit__name", "unit__name_en", "unit__path")
    return [
        {"unit": row["unit"], "named": (lang() == "en" and row["unit__name_en"]) or row["unit__name"], "hours": rules.hours(row["total"])}
        for row in rows.annotate(total=Sum("minutes")).order_by("unit__path")
    ]  # fmt: skip


def roll(activity: Activity) -> list[Signup]:
    """Who comes, post by post, then who waits; those who left are left out."""
    rows = activity.signups.exclude(state__in=LOST).select_related(
        "person__unit", "post", "confirmed_by", "unit", "response"
    )
    found = list(rows.order_by("post__number", "queue", "person__pinyin", "pk"))
    for row in found:
        row.activity = activity
    return sorted(found, key=lambda row: row.state == SignupState.WAITING)


def suited(activity: Activity, by: Person) -> list[Volunteer]:
    """Volunteers the reader may see who are free then and not on the list; those with a skill that a post still asks for come first."""
    wanted = {name for post in activity.posts.all() if post.left for name in rules.skills(post.skill)}
    rows = Volunteer.objects.filter(response=activity.response, state=VolunteerState.ACTIVE)
    rows = access.visible(rows, by, READ).exclude(
        person__in=activity.signups.exclude(state__in=LOST).filter(person__isnull=False).values("person")
    )
    others = Signup.objects.filter(
        state__in=COMING, activity__state=ActivityState.OPEN, activity__starts_at__lt=activity.ends_at,
        activity__ends_at__gt=activity.starts_at, person__isnull=False,
    )  # fmt: skip
    rows = rows.exclude(person__in=others.values("person")).select_related("person__unit", "team")
    found = list(rows.order_by("person__pinyin", "pk"))
    return sorted(found, key=lambda one: not wanted.intersection(one.skill_names))


def fits(volunteer: Volunteer, activity: Activity) -> str:
    """The skills they have that are still looked for."""
    wanted = {name for post in activity.posts.all() if post.left for name in rules.skills(post.skill)}
    return __("、").join(name for name in volunteer.skill_names if name in wanted)


def warnings(activity: Activity, person: Person | None = None) -> list[str]:
    """Limits that the activity touches: of weather, and for this person of fatigue. They warn, they do not forbid."""
    if activity.starts_at is None or activity.ends_at is None:
        return []
    limits = rulebook.in_force("volunteering", "weather", activity.happened_on)
    found = rules.weather(
        limits.values, outdoor=activity.outdoor, high=activity.high, low=activity.low, length=activity.span.minutes
    )
    if person is not None:
        found += rules.fatigue(activity.custom.values, activity.span, served_around(activity, person))
    return [spoken(one) for one in found]


def served_around(activity: Activity, person: Person) -> list[rules.Span]:
    """What the person serves, or has signed up for, on this day and the days beside it."""
    rows = Signup.objects.filter(person=person, state__in=PLACED, activity__starts_at__isnull=False).exclude(
        activity=activity
    )
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    rows = rows.filter(
        activity__ends_at__gt=activity.starts_at - rules.DAY, activity__starts_at__lt=activity.ends_at + rules.DAY
    )
    return [row.activity.span for row in rows.select_related("activity")]


def spoken(one: rules.Touched) -> str:
    said = {
        "stretch": __("连续服务 {hours}，超过 {limit} 小时，请安排轮换休息。"),
        "day": __("当天累计服务 {hours}，超过 {limit} 小时，请量力而行。"),
        "rest": __("与前后一天的服务只隔 {hours}，不足 {limit} 小时，请注意休息。"),
        "heat_stop": __("预报最高 {value}℃，达到 {limit}℃：当日应停止户外服务。"),
        "heat_short": __("预报最高 {value}℃：户外累计不超过 {limit} 小时，避开最热的 3 小时。"),
        "heat_long": __("安排了 {hours}，超过高温天户外 {limit} 小时的限制，请缩短或分班。"),
        "heat_rotate": __("预报最高 {value}℃：请轮换休息，备好饮水和防暑药品。"),
        "cold_short": __("预报最低 {value}℃：请缩短户外时间，备好取暖处和热水。"),
    }[one.what]
    return said.format(value=one.value, limit=one.limit, hours=rules.hours(max(0, one.value)))

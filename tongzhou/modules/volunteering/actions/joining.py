"""Signing up and leaving again. Places are limited: the row of the activity is held, so that two who want the last one queue up."""

from datetime import datetime
from uuid import uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import queries
from tongzhou.modules.volunteering.actions.telling import tell
from tongzhou.modules.volunteering.models import Activity, Post, Signup
from tongzhou.modules.volunteering.models.signup import LOST
from tongzhou.modules.volunteering.workflow import RUN, ActivityState, SignupState

QUEUED = _("{by}报名“{post}”，列候补第{queue}位")
SIGNED = _("{by}报名“{post}”")
ON_WORD = _("{by}代{person}报名“{post}”，本人表示自愿的方式：{word}")


def hold(activity: Activity) -> None:
    """One at a time from here to the end of the transaction."""
    Activity.objects.select_for_update().get(pk=activity.pk)


@transaction.atomic
def join(
    activity: Activity, post: Post, person: Person, *, by: Person, on_word: str = "", now: datetime | None = None
) -> Signup:
    """A place at the post, or the next number on its waiting list. Signing up again gives the sign-up that is there.

    By the person themselves; by whoever leads the activity only with how the person offered to come. Raises ValidationError.
    """
    if by.pk != person.pk and not (on_word.strip() and access.may(by, RUN, activity)):
        raise PermissionDenied(__("志愿服务出于自愿：请由本人报名；代为登记的，须写明本人如何表示自愿。"))
    hold(activity)
    post.refresh_from_db()
    rows = Signup.objects.filter(activity=activity, person=person).select_related("response", "unit", "post")
    if found := rows.exclude(state__in=LOST).first():
        found.activity, found.person = activity, person
        return found
    may_join(activity, person, now or timezone.now())
    signup = Signup(
        pk=uuid5(activity.pk, f"{person.pk}/{rows.count()}"), response=activity.response, unit=activity.unit, activity=activity, post=post,
        person=person, on_word=on_word.strip() if by.pk != person.pk else "", happened_on=activity.happened_on,
    )  # fmt: skip
    placed = bool(Post.objects.filter(pk=post.pk, taken__lt=F("people")).update(taken=F("taken") + 1))
    if not placed:
        Post.objects.filter(pk=post.pk).update(waited=F("waited") + 1)
        post.refresh_from_db(fields=["waited"])
        signup.queue = post.waited
    data = {"post": post.name, "queue": signup.queue or "", "person": person.name, "word": signup.on_word}
    steps.file(signup, by=by, said=ON_WORD if signup.on_word else SIGNED if placed else QUEUED, data=data)
    return _take(signup) if placed else signup


def may_join(activity: Activity, person: Person, now: datetime) -> None:
    """Raises ValidationError unless the activity still takes people and the person is free at that time."""
    if activity.state != ActivityState.OPEN or activity.ends_at is None or activity.ends_at <= now:
        raise ValidationError(__("这项活动现在不接受报名。"))
    for other in queries.coming(person).exclude(activity=activity):
        if other.activity.span.meets(activity.span):
            told = {"name": other.activity, "when": other.activity.time_text}
            raise ValidationError(__("您在同一时间已报名“%(name)s”（%(when)s）。") % told)


@transaction.atomic
def withdraw(signup: Signup, *, by: Person, note: str = "") -> Signup:
    """Leave, without a reason. The first on the waiting list gets the place and is told."""
    if by.pk != signup.person_id and not signup.on_word:
        raise PermissionDenied(__("只能由本人退出。"))
    hold(signup.activity)
    placed = signup.state == SignupState.SIGNED
    steps.advance(signup, "withdraw", by=by, note=note)
    if placed and signup.post:
        give_back(signup, signup.post)
    return signup


def give_back(signup: Signup, post: Post) -> None:
    """A place is free again: for the first who waits for it, while the activity is not over."""
    Post.objects.filter(pk=post.pk, taken__gt=0).update(taken=F("taken") - 1)
    activity = signup.activity
    if activity.state != ActivityState.OPEN or not activity.ends_at or activity.ends_at <= timezone.now():
        return
    waiting = Signup.objects.filter(post=post, state=SignupState.WAITING)
    following = waiting.select_related("person", "unit", "response", "post").order_by("queue").first()
    if following is not None:
        following.activity = activity
        Post.objects.filter(pk=post.pk).update(taken=F("taken") + 1)
        _take(following)
        tell(
            activity, [following.person], _("有名额了：您已由候补转为正式，“{name}”，{when}，{place}。不能来的请退出。")
        )


def _take(signup: Signup) -> Signup:
    """By the volunteer's own wish, whoever made the place free."""
    assert signup.person is not None
    return steps.advance(signup, "take", by=signup.person, data={"post": signup.post.name if signup.post else ""})

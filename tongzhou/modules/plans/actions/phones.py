"""The telephone numbers of the call tree: shown to whoever must call, once, for a purpose, with an entry."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.models import Plan, Post
from tongzhou.modules.plans.workflow import REVEAL


def within(plan: Plan, by: Person) -> Sequence[Post]:
    """Posts whose numbers this person may learn: all, or while the plan is active those they are to call."""
    if plan.unit.path.startswith(access.reach(by, REVEAL) or ("\0",)):
        return list(plan.posts.all())
    return queries.called_by(plan, by) if REVEAL in plan.lets(by) else []


def reveal(plan: Plan, *, by: Person, purpose: str) -> list[tuple[Post, str]]:
    """(post, number) of those posts. Raises PermissionDenied, ValidationError for no purpose."""
    posts = within(plan, by)
    if not posts:
        raise PermissionDenied(__("只有个人信息管理员，以及预案启动期间要由您通知的岗位，可以查看电话。"))
    if not purpose.strip():
        raise ValidationError({"purpose": __("请写明查看用途。")})
    numbers = steps.reveal_parts(plan, posts, "phone", by=by, purpose=purpose.strip()[:200])
    return list(zip(posts, numbers, strict=True))

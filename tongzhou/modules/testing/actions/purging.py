"""When testing is over, what was kept of people goes: the register, the exact texts of conflicts, the published results. Numbers stay."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook, steps
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import publishing
from tongzhou.modules.testing.models import Campaign, Conflict, Resident

PURGED = _("{by}清除核酸检测中的个人信息：居民登记{residents}人，待核记录原文{texts}条")


def purge(by: Person, on: date) -> Iterator[str]:
    """One register serves all responses, so it goes when the last campaign has been settled for as many days as the rulebook says,
    or the responses have ended (个人信息保护法 art. 47). Yields a line for each response.
    """
    days = rulebook.in_force("testing", "register", on)["keep_days"]
    since = on - timedelta(days=days)
    if queries.in_use(since):
        return
    with transaction.atomic():
        texts = Conflict.objects.filter(at__date__lt=since).exclude(text="").update(text="")
        residents, _by_model = Resident.objects.filter(registered_at__date__lt=since).delete()
        if not residents and not texts:
            return
        data = {"residents": residents, "texts": texts}
        for response in Response.objects.filter(pk__in=Campaign.objects.values("response")).select_related("lead"):
            steps.note(response, "purge", by=by, said=PURGED, data=data)
            publishing.withdraw(response)
            yield f"{response.slug} {residents} {texts}"

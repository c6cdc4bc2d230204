"""What awaits whom: counts, deliveries, signatures, old promises, goods about to expire, and gifts to be made public."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.donations import queries, rules
from tongzhou.modules.donations.models import Allocation, Gift
from tongzhou.modules.donations.workflow import KEEP, PLEDGE, PUBLISH, AllocationState, GiftState


def _gifts(person: Person, capability: str) -> QuerySet[Gift]:
    """Within the person's reach only: being the donor of a gift is no duty to count it."""
    rows = Gift.objects.filter(access.within(access.reach(person, capability)))
    return rows.select_related("donor_unit", "donor_person").order_by("happened_on", "pk")


def to_recount(person: Person) -> QuerySet[Gift]:
    return _gifts(person, KEEP).filter(state=GiftState.RECEIVED).exclude(counted_by=person)


def stale(person: Person) -> QuerySet[Gift]:
    old = timezone.localdate() - timedelta(days=rules.STALE_PLEDGE_DAYS)
    return _gifts(person, PLEDGE).filter(state=GiftState.PLEDGED, happened_on__lte=old)


def expiring(person: Person) -> QuerySet[Gift]:
    soon = timezone.localdate() + timedelta(days=rules.EXPIRY_WARNING_DAYS)
    held = _gifts(person, KEEP).filter(lines__in_stock__gt=0, lines__expires_on__lte=soon)
    return held.distinct()


def to_disclose(person: Person) -> QuerySet[Gift]:
    return queries.undisclosed(_gifts(person, PUBLISH))


def _allocations(person: Person, state: Any) -> QuerySet[Allocation]:
    rows = Allocation.objects.filter(access.within(access.reach(person, KEEP)), state=state, source="")
    return rows.prefetch_related(queries.RECEIVERS).order_by("happened_on", "pk")


ASKS = (
    Ask("to_recount", _("待您复点的捐赠"), to_recount),
    Ask("to_deliver", _("待送达的分配"), lambda person: _allocations(person, AllocationState.ALLOCATED)),
    Ask("to_sign", _("待签收的物资"), lambda person: _allocations(person, AllocationState.DELIVERED)),
    Ask("stale", _("久未到货的捐赠意向"), stale),
    Ask("expiring", _("库存将过期或已过期"), expiring),
    Ask("to_disclose", _("待公示的捐赠"), to_disclose, due="disclose_by"),
)

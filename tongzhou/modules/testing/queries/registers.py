"""How many people have registered where: what another room may ask. Counts, never who."""

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils import timezone

from tongzhou.kernel import access
from tongzhou.kernel.models import Heads, Person, Response
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Campaign, Resident
from tongzhou.modules.testing.queries.residents import communities, homes
from tongzhou.modules.testing.workflow import READ


def heads(response: Response, *, by: Person) -> Heads:
    """Of the communities and campaigns within this person's reach, by building and by community. Raises PermissionDenied."""
    paths = access.reach(by, READ)
    if not paths:
        raise PermissionDenied(access.explain(by, READ, response.lead))
    by_home: Counter[int] = Counter()
    by_unit: Counter[int] = Counter()
    for row in Resident.objects.values("zone", "home").annotate(n=Count("pk")).order_by():
        by_home[row["home"]] += row["n"]
        by_unit[row["zone"]] += row["n"]
    near = access.visible(Campaign.objects.filter(response=response), by, READ)
    places = {one.place for one in homes(response).filter(campaign__in=near.values("pk")).only("area", "key")}
    units = [one.code for one in communities(response) if any(one.path.startswith(path) for path in paths)]
    return Heads(
        {place: n for place in places if (n := by_home[rules.place_mark(place)])},
        {code: n for code in units if (n := by_unit[rules.mark(code)])},
        timezone.localdate(),
    )

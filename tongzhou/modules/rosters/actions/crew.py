"""The pool of people, and what they wish."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters.models import Crew, Wish


@transaction.atomic
def wish(crew: Crew, *, by: Person, first: date, last: date, wishes: Mapping[date, str], note: str = "") -> Crew:
    """What the person says of the days from `first` to `last`; days not named are free for any duty. Said again, it is said anew."""
    if crew.person_id != by.pk:
        raise ValidationError(__("意愿由本人填报。"))
    rows = [Wish(crew=crew, day=day, kind=kind) for day, kind in sorted(wishes.items()) if first <= day <= last]
    through = max(crew.wished_through or last, last)
    data = {"until": str(last), "n": len(rows)}
    steps.advance(crew, "wish", by=by, note=note, data=data, wished_through=through)
    crew.wishes.filter(day__range=(first, last)).delete()
    Wish.objects.bulk_create(rows)
    return crew

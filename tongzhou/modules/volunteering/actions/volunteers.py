"""Members who offer skills and expertise: by themselves, by an office on their word, or out of an answer to a call."""

from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person, Record, Response
from tongzhou.modules.volunteering.models import Volunteer


@transaction.atomic
def offer(response: Response, person: Person, *, by: Person, **fields: Any) -> Volunteer:
    """Put down, or change, what a person offers: team, skills, expertise, free."""
    found = Volunteer.objects.filter(response=response, person=person).select_related("unit", "response").first()
    if found is not None:
        return steps.amend(found, by=by, **fields)
    made = Volunteer(
        pk=uuid5(response.pk, f"volunteer/{person.pk}"),
        response=response,
        unit=person.unit or response.lead,
        person=person,
        **fields,
    )
    return steps.file(made, by=by)[0]


def accept(source: Record, *, by: Person) -> Volunteer:
    """A matter from another room, such as a member's answer to a call, becomes an offer to be completed with the person."""
    person = getattr(source, "person", None)
    if person is None:
        raise ValidationError(__("只有个人可以登记为志愿者。"))
    found = Volunteer.objects.filter(response=source.response, person=person).first()
    said = source.brief().text[: Volunteer._meta.get_field("expertise").max_length]
    return found or offer(source.response, person, by=by, expertise=said)

import pytest
from django.core.exceptions import ValidationError

from tests import world
from tongzhou.kernel import steps
from tongzhou.kernel.models import Response


@pytest.mark.django_db
def test_a_response_takes_no_address_of_the_house():
    cast = world.build()
    for slug, free in {"people": False, "inbox": False, "people-2022": True}.items():
        made = Response(slug=slug, name=slug, lead=cast.units.org)
        if free:
            assert steps.file(made, by=cast.people.house, needs="people.manage")[1]
        else:
            with pytest.raises(ValidationError) as refused:
                steps.file(made, by=cast.people.house, needs="people.manage")
            assert list(refused.value.error_dict) == ["slug"]

import pytest
from allauth.mfa.models import Authenticator

from tests import world


@pytest.fixture
def cast(cast: world.World) -> world.World:
    """Han, who may unmask personal data, has set up a second factor; without one, every page would lead to setting it up."""
    Authenticator.objects.create(user=cast.people.han, type=Authenticator.Type.TOTP, data={})
    return cast

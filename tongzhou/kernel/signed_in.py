"""A request as pages receive it: from someone who has signed in. `LoginRequiredMiddleware` lets no other pass."""

from django.http import HttpRequest

from tongzhou.kernel.models import Person


class SignedIn(HttpRequest):
    """For types only: says that `user` is a person and not perhaps nobody."""

    user: Person

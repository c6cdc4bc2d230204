"""Who is in a tube that is not negative, for whoever must find them: its point, and the communities where they live."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.testing import actions
from tongzhou.modules.testing.models import Pool, PoolPerson
from tongzhou.modules.testing.views import finding, pools, progress
from tongzhou.modules.testing.workflow import READ


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def people(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """How far the retest is; and, once a purpose is stated, names, numbers and where they live, this once."""
    pool = pools.rows(response_or_404(request, response)).filter(pk=key).first()
    if pool is None:
        raise Http404
    near = _near(pool, request.user)
    page = {"pool": pool, "response": pool.response, "may_read": access.may(request.user, READ, pool)}
    page |= progress(pool, near) | finding(pool, request.user)
    if request.method != "POST":
        return render(request, "testing/people.html", page)
    purpose = request.POST.get("purpose", "").strip()
    try:
        page |= {"shown": actions.pools.reveal(pool, by=request.user, purpose=purpose), "purpose": purpose}
    except ValidationError as fault:
        return render(request, "testing/people.html", page | {"faults": fault.messages}, status=422)
    return render(request, "testing/people.html", page)


def _near(pool: Pool, by: Person) -> QuerySet[PoolPerson]:
    """All of its people, or those of the communities in this person's reach. Raises Http404 where there is nobody."""
    if access.may(by, READ, pool):
        return pool.persons.all()
    near = pool.living_near(by, READ)
    if not near.exists():
        raise Http404
    return near

"""The page that counts what was typed once against what forms would have asked for again."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.views import chronicles
from tongzhou.modules.chronicle.workflow import READ

WEEK = timedelta(days=6)


@require_safe
def record_once(request: SignedIn, response: str) -> HttpResponse:
    """For the last seven days, or the days that were asked for; as far as the person reaches."""
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise PermissionDenied
    asked = Scope.from_query(found, request.GET)
    last = asked.last or timezone.localdate()
    scope = asked.narrowed(unit=None, first=asked.first or last - WEEK, last=last)
    return render(
        request, "chronicle/once.html", {"desk": chronicles, **counted(found, scope.first, last, request.user)}
    )


def counted(response: Response, first: date | None, last: date | None, by: Person) -> dict[str, object]:
    """What the page and the document show."""
    rows = queries.once(Scope(response, None, first, last), by)
    total = sum((count for _room, count in rows), queries.Once())
    return {"response": response, "first": first, "last": last, "rows": rows, "total": total}

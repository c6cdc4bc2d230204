"""What concerns oneself, on a telephone: signing up, one's service and hours, what one offers, certificates."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Unit
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.volunteering import actions, forms, queries
from tongzhou.modules.volunteering.models import Activity, Certificate, Volunteer
from tongzhou.modules.volunteering.models.signup import LOST
from tongzhou.modules.volunteering.views import activities
from tongzhou.modules.volunteering.workflow import READ, ActivityState, SignupState

PAST, OPEN = 30, 20  # shown


@require_safe
def mine(request: SignedIn, response: str) -> HttpResponse:
    found, person = response_or_404(request, response), request.user
    rows = queries.mine(found, person)
    coming = (SignupState.WAITING, SignupState.SIGNED, SignupState.ON)
    asked = Activity.objects.filter(
        Activity.concerns(person), response=found, state=ActivityState.OPEN, ends_at__gt=timezone.now()
    )
    asked = asked.exclude(pk__in=rows.exclude(state__in=LOST).values("activity"))
    shown = {
        "response": found,
        "coming": list(rows.filter(state__in=coming).order_by("activity__starts_at", "pk")),
        "past": list(rows.exclude(state__in=(*coming, *LOST)).order_by("-happened_on", "pk")[:PAST]),
        "open": list(asked.select_related("unit", "response").prefetch_related("posts").order_by("starts_at", "pk")[:OPEN]),
        "units": queries.by_unit(found, person),
        "certificates": list(Certificate.objects.filter(response=found, person=person).select_related("unit", "response")),
        "offer": Volunteer.objects.filter(response=found, person=person).first(),
    }  # fmt: skip
    return render(request, "volunteering/mine.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedIn, response: str) -> HttpResponse:
    """One's own skills and expertise."""
    found, person = response_or_404(request, response), request.user
    there = Volunteer.objects.filter(response=found, person=person).select_related("response", "unit").first()
    sent = request.method == "POST"
    form = forms.OfferForm(request.POST if sent else None, instance=there)
    if sent and form.is_valid():
        try:
            actions.volunteers.offer(found, person, by=person, **form.cleaned_data)
            messages.success(request, __("已登记，谢谢。需要时会请您，是否参加由您决定。"))
            return redirect("volunteering.mine", response)
        except ValidationError as fault:
            forms.refuse(fault, form)
    page = {"response": found, "form": form, "there": there}
    return render(request, "volunteering/offer.html", page, status=422 if sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """First what there is to know, then the post, then the button."""
    rows = activities.rows(response_or_404(request, response))
    activity: Activity = access.find(rows, request.user, READ, pk=key)
    if activity.state != ActivityState.OPEN:
        raise Http404
    sent = request.method == "POST"
    form = forms.JoinForm(request.POST if sent else None, activity=activity)
    if sent and form.is_valid():
        try:
            row = actions.joining.join(activity, form.cleaned_data["post"], request.user, by=request.user)
            said = (
                __("候补第 %(n)d 位；有人退出就轮到您，会通知您。") % {"n": row.queue}
                if row.state == SignupState.WAITING
                else __("已报名，谢谢。")
            )
            messages.success(request, said)
            return redirect(activity.get_absolute_url())
        except ValidationError as fault:
            forms.refuse(fault, form)
    page = {
        "activity": activity, "response": activity.response, "form": form, "warnings": queries.warnings(activity, request.user),
        "posts": {post.pk: post for post in activity.posts.all()},
    }  # fmt: skip
    return render(request, "volunteering/join.html", page, status=422 if sent else 200)


@require_POST
def certify(request: SignedIn, response: str) -> HttpResponse:
    """A certificate of one's own service with one unit, at once."""
    found = response_or_404(request, response)
    try:
        unit = get_object_or_404(Unit, pk=UUID(request.POST.get("unit", "")))
    except ValueError:
        raise Http404 from None
    try:
        made = actions.certificates.issue(found, request.user, unit, by=request.user)
    except (PermissionDenied, ValidationError) as fault:
        messages.error(request, "；".join(getattr(fault, "messages", [str(fault)])))
        return redirect("volunteering.mine", response)
    return redirect(made.get_absolute_url())

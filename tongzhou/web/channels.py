"""Group robots that a unit's notices also go to: added, paused, never shown again in full."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST

from tongzhou.kernel import access, robots, steps
from tongzhou.kernel.models import Channel, Dispatch, Person
from tongzhou.kernel.signed_in import SignedIn

NEEDS = "channels.manage"


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    class Meta:
        model = Channel
        fields = ("unit", "kind", "name", "url", "secret")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = access.units(by, NEEDS)  # type: ignore[attr-defined]  # a ModelChoiceField
        for name in ("url", "secret"):  # one line each, though kept as text
            self.fields[name].widget = forms.TextInput(attrs={"autocomplete": "off"})

    def clean_url(self) -> str:
        """Refused now rather than at the first message, hours later."""
        url: str = self.cleaned_data["url"]
        try:
            robots.check(url)
        except robots.Refused as fault:
            raise ValidationError(str(fault)) from fault
        return url


@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: SignedIn) -> HttpResponse:
    """The robots in reach with what could not be sent lately; POST adds one."""
    if not access.reach(request.user, NEEDS):
        raise Http404
    form = ChannelForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            steps.file(form.instance, by=request.user, needs=NEEDS)
            messages.success(request, __("已添加。"))
            return redirect("channels")
        except ValidationError as fault:
            form.add_error(None, fault)
    rows = access.visible(Channel.objects.select_related("unit"), request.user, NEEDS)
    failed = Dispatch.objects.filter(channel__in=rows, state=Dispatch.State.FAILED).order_by("-due_at")[:20]
    status = 422 if request.method == "POST" else 200
    return render(request, "web/channels.html", {"rows": rows, "form": form, "failed": failed}, status=status)


@require_POST
def switch_channel(request: SignedIn, key: UUID) -> HttpResponse:
    """Pause or resume."""
    row = access.find(Channel.objects.all(), request.user, NEEDS, pk=key)
    steps.amend(row, by=request.user, needs=NEEDS, is_active=not row.is_active)
    messages.success(request, __("已启用。") if row.is_active else __("已停用。"))
    return redirect("channels")

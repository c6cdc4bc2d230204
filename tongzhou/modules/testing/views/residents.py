"""What a resident opens on a telephone, without signing in: codes for the family, and results.

The family's codes stay in a signed cookie of their own telephone; the house keeps no list of who belongs together.
"""

import json
from base64 import b64encode
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as __
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import codes
from tongzhou.kernel.models import Response
from tongzhou.modules.testing import actions, queries, rules
from tongzhou.modules.testing.actions.residents import Registered
from tongzhou.modules.testing.forms import residents as forms
from tongzhou.modules.testing.rules.codes import result_key, signer
from tongzhou.modules.testing.rules.published import Value

COOKIE, MOST = "testing_codes", 12
LASTS = 400 * 86_400  # seconds; the codes in it end sooner
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# many telephones of one town may share an address; wrong proofs are counted by the code they try
OFTEN, TYPED = {"testing.code": "300/m/ip"}, {"testing.homes": "1500/m/ip"}
WRONG = {"testing.proof": "10/h/key,120/m/ip"}


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, response: str) -> HttpResponse:
    """The codes of this telephone, and one more."""
    found, cards = _response(response), _cards(request)
    sent = request.method == "POST"
    if sent and (place := _place(request.POST.get("forget", ""), cards)) is not None:
        return _kept(redirect("testing.code", found.slug), found, [*cards[:place], *cards[place + 1 :]])
    units = queries.communities(found)
    form = forms.ResidentForm(
        request.POST if sent else None, units=units, response=found, initial=_lives(found, units, cards[:1])
    )
    if sent and not _allowed(request, OFTEN):
        form.add_error(None, __("登记的人太多，请过一分钟再试。"))
    elif sent and len(cards) >= MOST:
        form.add_error(None, __("这部手机上已有 %(n)d 人，请换一部。") % {"n": MOST})
    elif sent and form.is_valid():
        made = actions.residents.register(form.given(), held=[one.code for one in cards])
        return _kept(
            redirect("testing.code", found.slug), found, [made, *(one for one in cards if one.code != made.code)]
        )
    page: dict[str, Any] = {"response": found, "form": form, "cards": _shown(found, cards)}
    page["keys"] = json.dumps([{"key": one["key"], "name": one["card"].name} for one in page["cards"]])
    return render(request, "testing/code.html", page, status=422 if sent else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, response: str, place: int) -> HttpResponse:
    """A typing error, mended by whoever has the code of the first registration and knows the document."""
    found, cards = _response(response), _cards(request)
    if not 0 < place <= len(cards):
        raise Http404
    card, sent = cards[place - 1], request.method == "POST"
    units = queries.communities(found)
    form = forms.CorrectForm(
        request.POST if sent else None, units=units, response=found, initial=_lives(found, units, [card])
    )
    row = _registrant(request, card, form) if sent and form.is_valid() else None
    if row is not None and form.settle(row.document):
        made = actions.residents.correct(row, form.given())
        messages.success(request, __("已改正。请用新的采样码。"))
        return _kept(redirect("testing.code", found.slug), found, [*cards[: place - 1], made, *cards[place:]])
    return render(
        request, "testing/correct.html", {"response": found, "form": form, "card": card}, status=422 if sent else 200
    )


@never_cache
@login_not_required
@require_safe
def homes(request: HttpRequest, response: str) -> HttpResponse:
    """Buildings whose name has what was typed, to tap on."""
    found = _response(response)
    offered = queries.homes_like(found, request.GET.get("near", "")[:60]) if _allowed(request, TYPED) else []
    return render(request, "testing/homes.html", {"offered": offered, "asked": bool(request.GET.get("near"))})


@csrf_exempt  # it uses and changes nothing of whoever is signed in, and the page in which it stands may be kept by caches
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, response: str) -> HttpResponse:
    """Results. The page is the same for everyone, so caches may keep it; what it shows it reads from the published files.

    Without JavaScript, or on a telephone that did not register: by code and the last letters of the document, from the same files.
    """
    found, language, sent = _response(response), request.GET.get("lang", ""), request.method == "POST"
    if language not in LANGUAGES:
        language = get_language() or settings.LANGUAGE_CODE
        if not sent:
            return redirect(f"{reverse('testing.mine', args=[found.slug])}?lang={language}")
    with override(language):
        form = forms.LookUpForm(request.POST if sent else None)
        page: dict[str, Any] = {"response": found, "form": form, "language": language, "Value": Value}
        other = next(one for one in LANGUAGES if one != language)
        page |= {"other": (other, get_language_info(other)["name_local"]), "public": _public()}
        page["files"] = f"/testing/results/{found.slug}/"
        row = (
            _proved(request, form.cleaned_data["code"], form.cleaned_data["tail"], form)
            if sent and form.is_valid()
            else None
        )
        if row is not None:
            page |= {"asked": True, "found": queries.results_of(found.slug, row.key.bytes)}
        answer = HttpResponse(render_to_string("testing/mine.html", page), status=422 if sent and row is None else 200)
    answer["Cache-Control"] = "no-store" if sent else "public, max-age=300"
    return answer


def _response(slug: str) -> Response:
    return get_object_or_404(Response, slug=slug, ended_on=None)


def _proved(request: HttpRequest, code: str, tail: str, form: Any) -> Any:
    """The person whose code it is; None, and said in the form, where the proof fails."""
    if not _allowed(request, WRONG, key=code, dry_run=True):
        form.add_error(None, __("试错太多，请过一小时再试，或带证件到采样点。"))
        return None
    row = actions.residents.holder(code, tail)
    if row is None:
        _allowed(request, WRONG, key=code)
        form.add_error(None, __("采样码和后四位对不上。"))
    return row


def _registrant(request: HttpRequest, card: Registered, form: Any) -> Any:
    """The person of this card, where its code or the one that was typed is that of the first registration; else None, and said so."""
    row = _proved(request, card.code, form.cleaned_data["tail"], form)
    if row is None:
        return None
    tail, typed = form.cleaned_data["tail"], form.cleaned_data["first"]
    found = actions.residents.registrant(card.code, tail) or actions.residents.registrant(typed, tail)
    if found is None or found.pk != row.pk:
        _allowed(request, WRONG, key=card.code)
        form.add_error(
            "first", __("这个证件以前登记过。请在最早登记的手机上改，或填那时的采样码；都没有的，带证件到采样点。")
        )
        return None
    return found


def _allowed(request: HttpRequest, config: dict[str, str], key: str | None = None, *, dry_run: bool = False) -> bool:
    """Counted in the house's cache."""
    (action,) = config
    used = ratelimit.consume(
        request, app="tongzhou", action=action, config=config, key=key, limit_get=True, dry_run=dry_run
    )
    return used is not None


def _cards(request: HttpRequest) -> list[Registered]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
        return [Registered(*one) for one in told]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def _kept(answer: HttpResponse, response: Response, cards: list[Registered]) -> HttpResponse:
    told = signing.dumps([astuple(one) for one in cards], salt=COOKIE, compress=True)
    at = reverse("testing.code", args=[response.slug])
    answer.set_cookie(COOKIE, told, max_age=LASTS, path=at, httponly=True, samesite="Lax", secure=settings.PRODUCTION)
    return answer


def _place(text: str, cards: list[Registered]) -> int | None:
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < int(text[:3]) <= len(cards) else None


def _lives(response: Response, units: Any, cards: list[Registered]) -> dict[str, Any]:
    """Where the telephone says that they live: the next of a family need not choose it again."""
    zones = {read.zone for one in cards if (read := rules.read_code(one.code))}
    found = {"unit": next((one.pk for one in units if queries.mark(one.code) in zones), None)}
    home = queries.home_at(response, cards[0].home) if cards and cards[0].home else None
    return found | {"near": home.name, "home": home.place} if home else found


def _shown(response: Response, cards: list[Registered]) -> list[dict[str, Any]]:
    """Each code with its picture, its end and where to come; a family comes together."""
    known = [(one, rules.read_code(one.code)) for one in cards]
    # that of the first of them: the cards are the last first
    told = {(read.zone, one.home): one.turn for one, read in known if read}
    now = timezone.now()
    places = {
        (zone, home): queries.places(response, queries.Where(zone, home, turn), now)
        for (zone, home), turn in told.items()
    }
    return [
        {
            "card": one, "drawn": codes.drawn(one.code), "until": datetime.fromtimestamp(read.expires / 1000, UTC),
            "over": read.expires < now.timestamp() * 1000, "places": places[read.zone, one.home], "key": result_key(read.person).hex(),
        }
        for one, read in known
        if read
    ]  # fmt: skip


def _public() -> str:
    """By which a browser checks what it fetched."""
    return b64encode(signer().public_key().public_bytes_raw()).decode()

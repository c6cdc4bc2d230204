"""What a telephone asks for: the service worker and its shell, the fragment with the places of a round, who is signed in, and the door for
drafts that were made without a network.

The shell and the worker's files hold nothing of anybody. The fragment is what the device keeps while it is offline: names and business
addresses of places, the questions of the checklists, names of colleagues who share the round; no owner, no telephone number, no token.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as __
from django.views.decorators.http import require_POST, require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.inspections import actions, forms, queries, rules
from tongzhou.modules.inspections.forms.visits import first_fault, refused
from tongzhou.modules.inspections.models import Place, Round, Stop, Visit
from tongzhou.modules.inspections.workflow import INSPECT, READ, RoundState

PROTOCOL = "tz-ack-1"
MOST = 50  # drafts in one request
WORKER = Path(__file__).parents[1] / "static" / "inspections" / "sw.js"
OWN = ("store", "sync", "round", "visit")
FILES = (
    "vendor/tabler.css", "css/tongzhou.css", "css/parts.css", "css/front.css", "vendor/htmx.js", "js/house.js", "img/boat.svg",
    *(f"inspections/{name}.js" for name in OWN),
)  # fmt: skip


def stops_context(request: SignedIn, round: Round) -> dict[str, Any]:
    """The places in the order of the way, and one form for each type of place among them."""
    calls = {call.place.pk: call for call in queries.mine(round, request.user)}
    start = key_of(request.GET.get("from"))
    way = [calls[point.key] for point in rules.route([call.place.point for call in calls.values()], start)]
    kinds = {call.place.type: call.place for call in reversed(way)}
    stops = [
        (n, call, reverse("inspections.visit", args=[round.response.slug, round.pk, call.place.pk]))
        for n, call in enumerate(way, 1)
    ]
    blank = [(kind, _blank(round, place, request.user)) for kind, place in sorted(kinds.items())]
    return {
        "round": round, "response": round.response, "stops": stops, "cover": queries.cover(way), "blank": blank, "words": json.dumps(_words()),
        "person": request.user.pk, "files": {name: static(f"inspections/{name}.js") for name in OWN},
    }  # fmt: skip


@require_safe
def stops(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The fragment that a device keeps. It renews itself whenever there is a network."""
    from tongzhou.modules.inspections.views.pages import walked  # the two files serve one page

    return render(request, "inspections/stops.html", stops_context(request, walked(request, response, key)))


@login_not_required
@require_safe
def session(request: HttpRequest, response: str) -> JsonResponse:
    """Who is signed in, with a fresh token; 401 for nobody: the drafts stay where they are."""
    if not request.user.is_authenticated:
        return _unsigned()
    found = _inspecting(request, response)
    return JsonResponse(
        {"protocol": PROTOCOL, "person": str(request.user.pk), "response": found.slug, "token": get_token(request)}
    )


@login_not_required
@require_POST
def sync(request: HttpRequest, response: str) -> JsonResponse:
    """Drafts as "item" texts, their photographs as files named "<id>.<field>". Each is answered for itself: one that cannot be
    taken does not hold up the rest."""
    if not request.user.is_authenticated:
        return _unsigned()
    found, by = _inspecting(request, response), request.user
    items = [_receive(text, request, found, by) for text in request.POST.getlist("item")[:MOST]]
    return JsonResponse({"protocol": PROTOCOL, "items": items})


@require_safe
def worker(request: SignedIn, response: str) -> HttpResponse:
    """The service worker. Served from here, its scope is this room of this response; never cached, so that a new one is noticed."""
    found = _inspecting(request, response)
    files = [static(name) for name in FILES]
    shell = reverse("inspections.offline", args=[found.slug])
    version = hashlib.sha256("".join([*files, shell, get_language() or "", _worker()]).encode()).hexdigest()[:16]
    given = json.dumps({"version": version, "shell": shell, "files": files, "scope": shell.removesuffix("offline/")})
    answer = HttpResponse(f"const GIVEN = {given};\n{_worker()}", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: SignedIn, response: str) -> HttpResponse:
    """The page shown where there is no network: a frame without a name, a place or a token."""
    found = _inspecting(request, response)
    page = {"files": {name: static(f"inspections/{name}.js") for name in OWN}, "slug": found.slug}
    return render(request, "inspections/offline.html", page)


def form_of(round: Round, place: Place, by: Person, data: Any, files: Any) -> forms.VisitForm:
    people = {one.person for one in round.assignments.select_related("person")} - {by}
    fellows = sorted(people, key=lambda one: (one.pinyin, str(one.pk)))
    return forms.VisitForm(
        data, files, items=rules.checklist(rules.edition(round.edition), place.type), fellows=fellows
    )


def stop_or_404(round: Round, place: UUID) -> Stop:
    return get_object_or_404(round.stops.select_related("place", "place__unit"), place=place)


def key_of(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


# -- receiving a draft


def _receive(text: str, request: HttpRequest, response: Response, by: Person) -> dict[str, str]:
    """What became of one draft: stored, duplicate, conflict (kept for a person to look at), or rejected with the reason."""
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    try:
        draft = rules.draft(text)
    except ValueError:
        return _ack("", digest, "rejected", __("看不懂这份草稿。"))
    before = actions.visits.known(draft.key, digest, by)
    if before == "duplicate":
        return _ack(draft.key, digest, before)
    rows = Round.objects.filter(response=response).select_related("response", "unit")
    round = access.visible(rows, by, READ).filter(pk=draft.round).first()
    stop = round and round.stops.select_related("place", "place__unit").filter(place=draft.place).first()
    if round is None or not stop or not access.may(by, INSPECT, round) or round.state == RoundState.DRAFT:
        return _ack(draft.key, digest, "rejected", __("没有找到这个轮次或场所，或您没有检查权限。"))
    if before == "conflict":
        actions.visits.keep_clash(draft.key, digest, text, round=round, by=by)
        return _ack(draft.key, digest, before, __("这份检查与服务器上已有的不一致，已留存，请联系轮次负责人。"))
    return _store(
        draft,
        digest,
        form_of(round, stop.place, by, MultiValueDict(draft.fields), _files(request, draft)),
        round,
        stop,
        by,
    )


def _store(
    draft: rules.Draft, digest: str, form: forms.VisitForm, round: Round, stop: Stop, by: Person
) -> dict[str, str]:
    if not form.is_valid():
        return _ack(draft.key, digest, "rejected", first_fault(form))
    visit = Visit(pk=draft.key, round=round, place=stop.place, **form.visit_fields())
    try:
        return _ack(draft.key, digest, actions.visits.deliver(visit, by=by, digest=digest, **form.report()))
    except ValidationError as fault:
        return _ack(draft.key, digest, "rejected", refused(fault))


def _files(request: HttpRequest, draft: rules.Draft) -> MultiValueDict[str, Any]:
    start = f"{draft.key}."
    return MultiValueDict(
        {name.removeprefix(start): sent for name, sent in request.FILES.lists() if name.startswith(start)}
    )


def _ack(key: Any, digest: str, status: str, why: str = "") -> dict[str, str]:
    return {"id": str(key), "digest": digest, "status": status, "why": why}


def _unsigned() -> JsonResponse:
    return JsonResponse({"protocol": PROTOCOL, "error": "signed out"}, status=401)


def _inspecting(request: HttpRequest, response: str) -> Response:
    """The response, for somebody who inspects somewhere in it."""
    found = response_or_404(request, response)  # type: ignore[arg-type]  # whoever comes so far has signed in
    if not access.reach(request.user, INSPECT):  # type: ignore[arg-type]  # as above
        raise Http404
    return found


def _blank(round: Round, place: Place, by: Person) -> forms.VisitForm:
    """An empty form for places of this type, whose labels are tied to its fields by ids of its own."""
    form = form_of(round, place, by, None, None)
    form.auto_id = f"{place.type}-%s"
    return form


@cache
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")


def _words() -> dict[str, str]:
    """What the device says, in the reader's language."""
    return {
        "draft": __("草稿，未完成"), "pending": __("已存本机，待上传"), "acked": __("服务器已确认"), "stuck": __("未被接收，请修改"),
        "online": __("有网络"), "offline": __("没有网络：照常填写，内容存在本机"), "signedout": __("登录已失效：请重新登录，本机内容不会丢失"),
        "waiting": __("待上传 {n} 份"), "none": __("没有待上传的内容"), "missing": __("还有 {n} 处没有填"), "ready": __("可离线使用"),
        "other": __("另有 {n} 份是别的账号在本机填写的，请用原账号登录后上传"), "remove": __("去掉这张照片"),
        "failed": __("没有传上去，稍后自动再传"), "gone": __("本机没有保存这一轮，请在有网络时打开一次"), "full": __("本机存不下了，请先上传或删减照片"),
    }  # fmt: skip

"""Writing on one screen, on a telephone or at a desk: what is typed is kept by the device until the server has it.

The shell and the worker's files hold nothing of anybody. Without a network the shell opens in place of the blank page; what is
written there is sent as soon as there is a network again.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, module, rulebook
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.proposals import actions, queries
from tongzhou.modules.proposals.forms import JOTTED, LONGEST, WriteForm
from tongzhou.modules.proposals.models import Item, Jotting
from tongzhou.modules.proposals.views import items, may_write
from tongzhou.modules.proposals.workflow import READ, ItemState

PROTOCOL = "tz-jot-1"
WORKER = Path(__file__).parents[1] / "static" / "proposals" / "sw.js"
FILES = (
    "vendor/tabler.css", "css/tongzhou.css", "css/parts.css", "css/front.css", "vendor/htmx.js", "js/house.js", "img/boat.svg", "proposals/write.js",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedIn, response: str) -> HttpResponse:
    """A new item. `item` in the address goes on with what was not saved."""
    found = response_or_404(request, response)
    if request.user.unit is None:
        messages.error(request, __("您还没有所属单位，请联系所在单位登记后再写建言。"))
        return redirect("response", found.slug)
    key = _key(request.POST.get("key") or request.GET.get("item", ""))
    item = Item(pk=key, response=found, unit=request.user.unit, author=request.user)
    return _page(request, item)


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    item = access.find(items.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if not may_write(item, request.user):
        told = {"state": item.state_label()}
        raise PermissionDenied(__("现在不能修改这条建言：状态为“%(state)s”，或您没有修改权限。") % told)
    return _page(request, item)


@require_POST
def jot(request: SignedIn, response: str) -> JsonResponse:
    """What a device has so far; answered in an envelope of its own, so that no other page is taken for an answer."""
    found = response_or_404(request, response)
    fields = {name: request.POST[name][:LONGEST].replace("\0", "") for name in JOTTED if name in request.POST}
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return JsonResponse({"protocol": PROTOCOL, "error": "key"}, status=422)
    row = actions.items.jot(key, fields, by=request.user, response=found)
    at = timezone.localtime(row.at).strftime("%H:%M")
    return JsonResponse({"protocol": PROTOCOL, "key": str(key), "at": at})


@require_POST
def drop(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Throw away what was not saved."""
    found = response_or_404(request, response)
    get_object_or_404(Jotting, person=request.user, response=found, item=key).delete()
    return redirect("proposals.mine", found.slug)


@require_POST
def alike(request: SignedIn, response: str) -> HttpResponse:
    """Earlier items that speak of the same. By POST: what is being written belongs in no address."""
    found = response_or_404(request, response)
    rows = queries.visible(found, request.user).exclude(pk=_key(request.POST.get("key", "")))
    texts = (request.POST.get("name", "")[:LONGEST], request.POST.get("situation", "")[:LONGEST])
    return render(request, "proposals/alike.html", {"alike": queries.alike(texts, rows)})


@require_safe
def shell(request: SignedIn, response: str) -> HttpResponse:
    """The blank page for where there is no network: the same for everyone."""
    found = response_or_404(request, response)
    return render(request, "proposals/offline.html", {"slug": found.slug} | _device(found.slug))


@require_safe
def worker(request: SignedIn, response: str) -> HttpResponse:
    """The service worker of this room of this response; never cached, so that a new one is noticed."""
    slug = response_or_404(request, response).slug
    files = [static(name) for name in FILES]
    shell = f"{reverse('proposals.shell', args=[slug])}?v={get_language()}"
    given = {"version": f"1 {get_language()} {' '.join(files)}", "shell": shell, "files": files, "scope": slug}
    body = f"const GIVEN = {json.dumps(given)};\n{_worker()}"
    return HttpResponse(body, content_type="text/javascript", headers={"Cache-Control": "no-store"})


def _page(request: SignedIn, item: Item) -> HttpResponse:
    sent, is_new = request.method == "POST", item._state.adding
    kept = None if sent else Jotting.objects.filter(person=request.user, item=item.pk, response=item.response).first()
    # bound to nothing when only shown: what was kept stands in the fields as if it were there
    form = WriteForm(request.POST if sent else None, instance=item, by=request.user, initial=_kept(kept))
    version = request.POST.get("version", "") or str(item.version)
    if sent and form.is_valid():
        try:
            done = _save(request, item, form, version)
            return redirect(done.get_absolute_url())
        except OutOfStep:
            version = str(Item.objects.values_list("version", flat=True).get(pk=item.pk))
            form.add_error(None, __("您打开之后，他人修改了这条建言。您写的都在下面；核对后再次保存即以您的为准。"))
        except ValidationError as fault:
            form.add_error(None, fault.messages)
    page = {
        "form": form, "item": item, "key": item.pk, "version": version, "is_new": is_new, "response": item.response, "kept": kept,
        "unsaved": queries.unsaved(request.user, item.response) if is_new and not kept and not sent else [],
        "may_send": is_new or item.state in (ItemState.DRAFT, ItemState.RETURNED), "length": item.length,
    }  # fmt: skip
    return render(request, "proposals/write.html", page | _device(item.response.slug), status=422 if sent else 200)


@transaction.atomic
def _save(request: SignedIn, item: Item, form: WriteForm, version: str) -> Item:
    """Save, and send if asked to: one or the other fails, nothing is done."""
    by = request.user
    if item._state.adding:
        done, new = module.file(form.instance, by=by, **form.extras())
        said = __("已存为草稿。") if new else __("这条建言先前已保存，未重复登记。")
    else:
        fresh = Item.objects.select_related("response", "unit").get(pk=item.pk)  # the form wrote on its own copy
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else item.version
        done, said = module.amend(fresh, by=by, version=seen, changes=form.changes(), **form.extras()), __("已保存。")
    assert isinstance(done, Item)
    if "send" in request.POST and done.state in (ItemState.DRAFT, ItemState.RETURNED):
        module.perform(done, "send", by=by)
        said = __("已提交审阅。")
    messages.success(request, said)
    return done


def _kept(kept: Jotting | None) -> dict[str, Any]:
    if kept is None:
        return {}
    return {**kept.fields, "is_confidential": kept.fields.get("is_confidential") == "on"}


def _device(slug: str) -> dict[str, Any]:
    """What the page's script needs: where to send, the limit, and its words in the reader's language."""
    words = {
        "device": __("已存本机"), "kept": __("已自动保存 {at}"), "offline": __("没有网络：内容存在本机，联网后自动保存"),
        "signedout": __("登录已失效：内容存在本机，请重新登录后再打开本页"), "restored": __("已恢复本机存着的内容"), "full": __("本机存不下了，请尽快保存"),
        "fits": __("正文 {n} 字，最多 {most} 字"), "long": __("正文 {n} 字，超过 {most} 字，请精简"), "count": __("正文 {n} 字"),
        "wait": __("没有网络，先存在本机；联网后再按一次"),
    }  # fmt: skip
    most = rulebook.in_force("proposals", "writing", timezone.localdate())["most"]
    return {
        "most": most, "words": json.dumps(words), "jot_url": reverse("proposals.jot", args=[slug]), "alike_url": reverse("proposals.alike", args=[slug]),
        "worker_url": reverse("proposals.worker", args=[slug]), "write_url": reverse("proposals.write", args=[slug]),
    }  # fmt: skip


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@cache
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")

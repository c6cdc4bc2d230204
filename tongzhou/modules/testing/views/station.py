"""The station: a page that opens without a network and without signing in. What makes it a station is the code it scans at its point.

The page holds no data and nobody's name, so it may be kept by the browser; what it knows comes from the gate (api.py).
"""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as __
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from tongzhou.kernel.models import Response
from tongzhou.modules.testing.views.words import station_words

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MODULES = [
    *("app", "boxing", "checkin", "facts", "people", "roster", "scanner", "store", "sync", "table", "ui", "warnings"),
    "zxing",
]
FILES = [
    *[f"testing/station/{name}.js" for name in MODULES], "testing/station/station.css", "img/boat.svg", "vendor/zxing/share.js",
    "vendor/zxing/reader/index.js", "vendor/zxing/reader.wasm",
]  # fmt: skip
# ZXing is WebAssembly: it may be compiled here, and on no other page
POLICY: dict[str, Any] = {**settings.SECURE_CSP, "script-src": [CSP.SELF, CSP.WASM_UNSAFE_EVAL]}


@login_not_required
@csp_override(POLICY)
@require_safe
def page(request: HttpRequest, response: str) -> HttpResponse:
    """The shell, in the language its address names."""
    found = get_object_or_404(Response, slug=response)
    answer = HttpResponse(_drawn(found, _language(request)))
    answer["X-Station"] = _version(found)
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def worker(request: HttpRequest, response: str) -> HttpResponse:
    """The service worker, with the list of what it keeps. Served from the folder it is responsible for."""
    found = get_object_or_404(Response, slug=response)
    at = reverse("testing.station", args=[found.slug])
    shell = dict.fromkeys((at, *[f"{at}?lang={code}" for code in LANGUAGES]), "")
    shell |= {f"{settings.STATIC_URL}{name}": digest for name, digest in _digests().items()}
    source = _content("testing/station/sw.js").decode()
    text = f"const VERSION = {json.dumps(_version(found))};\nconst SHELL = {json.dumps(shell)};\n{source}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@login_not_required
@require_safe
def manifest(request: HttpRequest, response: str) -> HttpResponse:
    """By which a telephone puts the station among its programs."""
    found = get_object_or_404(Response, slug=response)
    with override(_language(request)):
        told: dict[str, Any] = {
            "name": __("采样台"),
            "short_name": __("采样台"),
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
        }
    told |= {
        "id": reverse("testing.station", args=[found.slug]),
        "background_color": "#ffffff",
        "theme_color": "#083f4a",
    }
    told["icons"] = [{"src": f"{settings.STATIC_URL}img/boat.svg", "sizes": "any", "type": "image/svg+xml"}]
    return JsonResponse(told, content_type="application/manifest+json")


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else (get_language() or settings.LANGUAGE_CODE)


def _drawn(response: Response, language: str) -> str:
    with override(language):
        told = {"response": response, "words": json.dumps(station_words()), "language": language}
        other = next(code for code in LANGUAGES if code != language)
        told["other"] = other, get_language_info(other)["name_local"]  # whoever needs it reads it in that language
        return render_to_string(
            "testing/station.html",
            told | {"base": f"{settings.STATIC_URL}testing/station/", "static": settings.STATIC_URL},
        )


def _version(response: Response) -> str:
    """Changes with anything that a browser keeps of the station, and with nothing else."""
    kept = [
        *_digests().values(),
        *[_drawn(response, code) for code in LANGUAGES],
        _content("testing/station/sw.js").hex(),
    ]
    return sha256("\n".join(kept).encode()).hexdigest()[:16]


@cache
def _digests() -> dict[str, str]:
    return {name: b64encode(sha256(_content(name)).digest()).decode() for name in FILES}


def _content(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    with open(found, "rb") as file:  # noqa: PTH123 -- a file of the house, by the finder's own word for it
        return file.read()

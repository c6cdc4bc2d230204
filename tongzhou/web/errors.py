"""Refusals in the house's own words."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as __


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    said = __("页面打开太久，或在另一处重新登录过。请返回上一页，刷新后再提交；您填写的内容还在上一页里。")
    return _page(request, 403, __("请刷新后再试"), said)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    return _page(request, 400, __("请求无法识别"), __("请从页面上的按钮重新操作。"))


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    return _page(request, 403, __("没有权限"), str(exception) or __("您没有做这件事的权限。"))


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return _page(request, 404, __("没有找到"), __("这一页不存在，或不在您的管辖范围内。"))


def failure(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: what failed may be the very thing every page asks for."""
    return HttpResponse(render_to_string("500.html"), status=500)


@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """For addresses of the account library that the house does not offer."""
    raise Http404


def _page(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    """With the menu around it; a program is told in plain words, and so is htmx, which drops a refusal unread."""
    if request.accepts("text/html") and not request.headers.get("HX-Request"):
        answer = render(request, "error.html", {"error_title": title, "said": said, "status": status}, status=status)
    else:
        answer = HttpResponse(f"{title} {said}\n", status=status, content_type="text/plain; charset=utf-8")
    patch_vary_headers(answer, ["Accept", "HX-Request"])
    return answer

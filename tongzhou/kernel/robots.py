"""Group robots: how WeCom, DingTalk and Feishu want a message, signed, and how they say that they took it.

Formats and signatures: the vendors' developer guides for custom group robots. All three may answer 200 and refuse in
the body. Addresses are typed by people, so only the vendors' own hosts are called, and hosts the operator named in
TONGZHOU_ROBOT_HOSTS.
"""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

HOSTS = frozenset({"qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", "open.larksuite.com"})
SPACING = 3.1  # seconds between two messages of one robot: each vendor takes 20 a minute
TIMEOUT = 10.0
LONGEST_ANSWER = 65536


class Refused(Exception):
    """The message was not taken; the text says why, without the address, which is a secret."""


def check(url: str) -> None:
    """Raises Refused unless the address is a vendor's (https) or named by the operator (`host` or `host:port`)."""
    if not _known(url):
        raise Refused(_("机器人地址须为企业微信、钉钉或飞书给出的 https 地址。"))


def post(kind: str, url: str, secret: str, text: str, *, key: str, now: float) -> None:
    """Send one message. `now` is Unix time. Raises Refused when it did not arrive or was not taken."""
    check(url)
    address, body = FORMATS[kind](url, secret, text, now)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    request = urllib.request.Request(address, json.dumps(body, ensure_ascii=False).encode(), headers)  # noqa: S310 -- checked above
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as fault:
        fault.close()
        raise Refused(f"HTTP {fault.code}") from fault
    except HTTPException as fault:  # by its kind only: its words may quote the address
        raise Refused(type(fault).__name__) from fault
    except OSError as fault:
        raise Refused(str(getattr(fault, "reason", fault))) from fault
    except ValueError as fault:
        raise Refused(_("对方的答复不是机器人接口的格式。")) from fault
    _must_be_taken(said)


def wecom(url: str, secret: str, text: str, now: float) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "text", "text": {"content": text}}


def dingtalk(url: str, secret: str, text: str, now: float) -> tuple[str, dict[str, Any]]:
    """The signature goes into the address: HMAC-SHA256 of "<milliseconds>\\n<secret>" under the secret."""
    if secret:
        stamp = str(int(now * 1000))
        sign = _base64(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256))
        url = f"{url}{'&' if urlsplit(url).query else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
    return url, {"msgtype": "text", "text": {"content": text}}


def feishu(url: str, secret: str, text: str, now: float) -> tuple[str, dict[str, Any]]:
    """The signature goes into the body: HMAC-SHA256 of nothing under "<seconds>\\n<secret>"."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(now))
        body |= {"timestamp": stamp, "sign": _base64(hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256))}
    return url, body


FORMATS = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would lead past the check of the host: it counts as an error."""

    def redirect_request(self, *args: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _known(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # no address at all
        return False
    if parts.scheme == "https" and parts.hostname in HOSTS and port in {None, 443}:
        return True
    named = {parts.hostname, parts.netloc.rpartition("@")[2]} & set(settings.TONGZHOU_ROBOT_HOSTS)
    return bool(named) and parts.scheme in {"http", "https"}


def _must_be_taken(said: Any) -> None:
    answer = said if isinstance(said, dict) else {}
    code = next((answer[name] for name in ("errcode", "code", "StatusCode") if name in answer), None)
    if code != 0:
        raise Refused(f"{code}: {answer.get('errmsg') or answer.get('msg') or ''}"[:200])


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()

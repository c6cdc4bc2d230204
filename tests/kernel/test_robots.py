"""Messages to group robots: their formats, their signatures, and every way in which one is not taken."""

import base64
import hmac
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.kernel.receiver import Receiver, listening
from tongzhou.kernel import robots

NOW = 1648000000.25  # Unix time
SECRET = "SEC0123"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with listening() as receiver:
        settings.TONGZHOU_ROBOT_HOSTS = [receiver.host]
        yield receiver


def post(receiver: Receiver, kind: str = "wecom", secret: str = "") -> tuple[str, str, dict[str, Any]]:
    robots.post(kind, receiver.url, secret, "你好", key="k1", now=NOW)
    return receiver.requests[-1]


def sign(key: str, words: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), words.encode(), "sha256").digest()).decode()


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_text_to_wecom_and_dingtalk(receiver: Receiver, kind: str) -> None:
    assert post(receiver, kind) == ("/send?key=abc", "k1", {"msgtype": "text", "text": {"content": "你好"}})


def test_text_to_feishu(receiver: Receiver) -> None:
    receiver.answers = [(200, '{"code": 0, "msg": "success", "data": {}}')]
    assert post(receiver, "feishu") == ("/send?key=abc", "k1", {"msg_type": "text", "content": {"text": "你好"}})


def test_signature_to_dingtalk_goes_into_the_address(receiver: Receiver) -> None:
    path, _key, body = post(receiver, "dingtalk", SECRET)
    expected = {"key": ["abc"], "timestamp": ["1648000000250"], "sign": [sign(SECRET, f"1648000000250\n{SECRET}")]}
    assert parse_qs(urlsplit(path).query) == expected
    assert body == {"msgtype": "text", "text": {"content": "你好"}}


def test_signature_to_feishu_goes_into_the_body(receiver: Receiver) -> None:
    path, _key, body = post(receiver, "feishu", SECRET)
    assert path == "/send?key=abc"
    signed = {"timestamp": "1648000000", "sign": sign(f"1648000000\n{SECRET}", "")}
    assert body == {"msg_type": "text", "content": {"text": "你好"}, **signed}


@pytest.mark.parametrize(
    ("status", "answer", "fault"),
    [
        (500, "", "HTTP 500"),
        (429, "{}", "HTTP 429"),
        (302, "", "HTTP 302"),
        (200, '{"errcode": 45009, "errmsg": "api freq out of limit"}', "45009: api freq out of limit"),
        (200, '{"code": 19021, "msg": "sign match fail"}', "19021: sign match fail"),
        (200, "{}", "None: "),
        (200, "[]", "None: "),
        (200, "<html>登录</html>", "对方的答复不是机器人接口的格式。"),
    ],
)
def test_message_that_is_not_taken_is_refused_with_the_reason(
    receiver: Receiver, status: int, answer: str, fault: str
) -> None:
    receiver.answers = [(status, answer)]
    with pytest.raises(robots.Refused) as refused:
        post(receiver)
    assert (str(refused.value), len(receiver.requests)) == (fault, 1)


def test_receiver_that_is_not_there_is_a_refusal(settings: Any) -> None:
    with listening() as gone:
        settings.TONGZHOU_ROBOT_HOSTS = [gone.host]
    with pytest.raises(robots.Refused, match="refused"):
        post(gone)


def test_refusal_does_not_quote_the_address(receiver: Receiver) -> None:
    with pytest.raises(robots.Refused) as refused:
        robots.post("wecom", f"{receiver.url} geheim", "", "你好", key="k1", now=NOW)
    assert (str(refused.value), receiver.requests) == ("InvalidURL", [])


@pytest.mark.parametrize(
    "url",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
        "https://oapi.dingtalk.com/robot/send?access_token=x",
        "https://open.feishu.cn:443/open-apis/bot/v2/hook/x",
        "http://robots.intranet:8080/send",
        "https://gateway.intranet/send",
    ],
)
def test_vendors_and_named_hosts_may_be_called(settings: Any, url: str) -> None:
    settings.TONGZHOU_ROBOT_HOSTS = ["robots.intranet:8080", "gateway.intranet"]
    robots.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
        "https://qyapi.weixin.qq.com:8443/send",
        "https://qyapi.weixin.qq.com.example.com/send",
        "https://qyapi.weixin.qq.com@127.0.0.1/send",
        "https://127.0.0.1/send",
        "http://169.254.169.254/latest/meta-data",
        "http://robots.intranet/send",
        "file:///etc/passwd",
        "ftp://robots.intranet:8080/send",
        "//open.feishu.cn/hook",
        "https://[open.feishu.cn/hook",
        "https://open.feishu.cn:x/hook",
        "",
    ],
)
def test_no_other_address_is_called(settings: Any, url: str) -> None:
    settings.TONGZHOU_ROBOT_HOSTS = ["robots.intranet:8080"]
    with pytest.raises(robots.Refused, match="机器人地址须为"):
        robots.check(url)

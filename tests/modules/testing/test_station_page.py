"""The shell of the station: it may be kept by a browser, so there is nothing in it that is anybody's."""

import json
import re
from base64 import b64encode
from hashlib import sha256

from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.world import World
from tongzhou.modules.testing.views import station


def at(cast: World, name: str = "testing.station") -> str:
    return reverse(name, args=[cast.response.slug])


def test_the_shell_is_the_same_for_a_stranger_and_for_someone_signed_in(client: Client, cast: World) -> None:
    stranger = client.get(at(cast))
    client.force_login(cast.people.sun)
    someone = client.get(at(cast))
    assert (stranger.status_code, stranger.content) == (200, someone.content)
    assert str(cast.people.sun) not in someone.content.decode()
    assert "csrfmiddlewaretoken" not in someone.content.decode()


def test_the_shell_speaks_the_language_of_its_address(client: Client, cast: World) -> None:
    for code, words in (("zh-hans", "已存本机"), ("en", "Saved on this device")):
        page = client.get(f"{at(cast)}?lang={code}").content.decode()
        assert f'<html lang="{code}">' in page
        assert words in page


def test_webassembly_is_compiled_here_and_nowhere_else(client: Client, cast: World) -> None:
    assert "'wasm-unsafe-eval'" in client.get(at(cast))["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" not in client.get("/account/login/")["Content-Security-Policy"]


def test_the_worker_keeps_everything_that_the_modules_ask_for(client: Client, cast: World) -> None:
    text = client.get(at(cast, "testing.station.worker")).content.decode()
    found = re.search(r"^const SHELL = (.*);$", text, re.MULTILINE)
    assert found
    shell = json.loads(found[1])
    pages = {at(cast), f"{at(cast)}?lang=zh-hans", f"{at(cast)}?lang=en"}
    assert {address for address, digest in shell.items() if not digest} == pages
    for name in station.MODULES:
        file = finders.find(f"testing/station/{name}.js")
        assert isinstance(file, str)
        with open(file, "rb") as opened:  # noqa: PTH123 -- as the finder says it
            content = opened.read()
        assert shell[f"/static/testing/station/{name}.js"] == b64encode(sha256(content).digest()).decode()
        for asked in re.findall(r'(?:from|import\() ?"\./(\w+)\.js"', content.decode()):
            assert asked in station.MODULES


def test_the_pages_bear_the_version_that_the_worker_asks_for(client: Client, cast: World) -> None:
    version = client.get(at(cast))["X-Station"]
    worker = client.get(at(cast, "testing.station.worker"))
    assert f'const VERSION = "{version}";' in worker.content.decode()
    assert client.get(f"{at(cast)}?lang=en")["X-Station"] == version


def test_a_telephone_can_keep_it_among_its_programs(client: Client, cast: World) -> None:
    told = client.get(at(cast, "testing.station.manifest")).json()
    assert (told["start_url"], told["scope"], told["id"]) == ("./", "./", at(cast))

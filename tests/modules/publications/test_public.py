"""What a stranger gets: pages, a card where a link is shared, a feed that readers understand; and what goes to WeChat."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree as ET

from django.test import Client
from django.utils.dateparse import parse_datetime
from PIL import Image

from tests.modules.publications import factory
from tests.modules.publications.writing import pictured, written
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.modules.publications.models import Article

ROOM = "/test-2022/publications/"
ATOM = "{http://www.w3.org/2005/Atom}"
SignIn = Callable[[Person], Client]


def out(cast: World) -> Article:
    """A published article with a picture, in a text that tries to be more than text."""
    made = written(
        cast, name="<b>六点</b> & 门口", digest="一早的“值守”", body="第一段<script>alert(1)</script>\n**重点**在后"
    )
    pictured(made, by=cast.people.zhao)
    return factory.published(cast, made)


def test_a_stranger_reads_what_is_published_and_nothing_else(cast: World) -> None:
    made = out(cast)
    factory.article(cast, name="还是草稿")
    factory.approved(cast, written(cast, name="还没发布"))
    listed = Client().get(f"{ROOM}public/").content.decode()
    assert "&lt;b&gt;六点&lt;/b&gt; &amp; 门口" in listed
    assert ("还是草稿" in listed, "还没发布" in listed) == (False, False)
    page = Client().get(f"{ROOM}public/{made.pk}/")
    text = page.content.decode()
    assert ("第一段&lt;script&gt;alert(1)&lt;/script&gt;" in text, "<strong>重点</strong>" in text) == (True, True)
    assert ("供稿：" in text, "编辑：王保管" in text, "审核：钱签发" in text) == (True, True, True)
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    for other in Article.objects.exclude(pk=made.pk):
        assert Client().get(f"{ROOM}public/{other.pk}/").status_code == 404
    assert Client().get(f"/elsewhere-2022/publications/public/{made.pk}/").status_code == 404


def test_a_shared_link_shows_title_digest_and_picture(cast: World) -> None:
    made = out(cast)
    text = Client().get(f"{ROOM}public/{made.pk}/").content.decode()
    picture = made.pictures.get()
    whole = f"http://127.0.0.1:8000{ROOM}public/"
    for name, content in {
        "og:title": "&lt;b&gt;六点&lt;/b&gt; &amp; 门口",
        "og:description": "一早的“值守”",
        "og:url": f"{whole}{made.pk}/",
        "og:image": f"{whole}pictures/{picture.attachment_id}.jpg",
        "og:image:alt": "志愿者在门口",
    }.items():
        assert f'<meta property="{name}" content="{content}">' in text
    assert f'<link rel="alternate" type="application/atom+xml" title="专栏" href="{ROOM}public/feed.xml">' in text


def test_the_feed_is_atom_and_tells_of_corrections(cast: World) -> None:
    """What RFC 4287 asks of a feed and of each entry, and that a reader who has it already is told so."""
    made = out(cast)
    client = Client()
    answer = client.get(f"{ROOM}public/feed.xml")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated"):
        assert (feed.findtext(f"{ATOM}{needed}") or "") != ""
    [entry] = feed.findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}id")) == (
        "<b>六点</b> & 门口",
        f"urn:uuid:{made.pk}",
    )
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "第一支社 赵社员"
    before = parse_datetime(entry.findtext(f"{ATOM}updated") or "")
    again = client.get(f"{ROOM}public/feed.xml", headers={"If-Modified-Since": answer["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    module.perform(
        made, "correct", by=cast.people.wang, told="改。", name=made.name, digest="改过", body=made.body, named=""
    )
    module.perform(made, "approve", by=cast.people.qian)
    entry = ET.fromstring(client.get(f"{ROOM}public/feed.xml").content).find(f"{ATOM}entry")
    assert entry is not None
    after = parse_datetime(entry.findtext(f"{ATOM}updated") or "")
    assert before is not None and after is not None and after >= before
    assert entry.findtext(f"{ATOM}summary") == "改过"


def test_an_empty_feed_is_a_feed(cast: World) -> None:
    feed = ET.fromstring(Client().get(f"{ROOM}public/feed.xml").content)
    assert (feed.tag, feed.findall(f"{ATOM}entry")) == (f"{ATOM}feed", [])


def test_text_and_pictures_go_to_wechat(cast: World, signed_in: SignIn) -> None:
    made = out(cast)
    client = signed_in(cast.people.wang)
    page = client.get(f"{ROOM}{made.pk}/wechat/").content.decode()
    assert "&lt;section style=&quot;" in page  # shown as a value, never drawn
    answer = client.get(f"{ROOM}{made.pk}/wechat.html")
    assert answer["Content-Disposition"] == f'attachment; filename="article-{made.pk}.html"'
    text = answer.content.decode()
    assert "第一段&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "【请在此处插入图片 01.jpg：志愿者在门口】" in text
    assert client.get(f"{ROOM}{made.pk}/pictures.zip").content == client.get(f"{ROOM}{made.pk}/pictures.zip").content
    with zipfile.ZipFile(BytesIO(client.get(f"{ROOM}{made.pk}/pictures.zip").content)) as package:
        assert package.namelist() == ["01.jpg", "图片说明.txt", "正文.html"]
        assert Image.open(BytesIO(package.read("01.jpg"))).format == "JPEG"
        assert package.read("图片说明.txt").decode("utf-8-sig") == "01.jpg\t志愿者在门口\t"
        assert package.read("正文.html").decode() == text


def test_before_the_third_review_nothing_goes_to_wechat(cast: World, signed_in: SignIn) -> None:
    made = written(cast)
    module.perform(made, "send", by=cast.people.zhao)
    for page in ("wechat/", "wechat.html", "pictures.zip"):
        assert signed_in(cast.people.wang).get(f"{ROOM}{made.pk}/{page}").status_code == 404

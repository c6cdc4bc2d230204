"""The markup, what goes to WeChat, and who may review what."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.publications.rules import markup, reviewing, wechat
from tongzhou.modules.publications.rules.markup import Block, Span

TEXT = """## 门口

早上**六点**到岗，发放[数1]。
> 大家一起
> 就不怕
[图2]
<b onclick="x">不是标签</b>[数9]"""


class Seen(HTMLParser):
    """Every tag with its attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[tuple[str, tuple[str, ...]]] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add((tag, tuple(name for name, _value in attrs)))
        self.text += "\n" if tag in {"p", "br"} else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_text_is_read_as_blocks() -> None:
    def plain(text: str) -> tuple[Span, ...]:
        return (Span("text", text),)

    assert markup.parse(TEXT, {1: "100瓶"}) == [
        Block("h", (plain("门口"),)),
        Block(
            "p",
            (
                (
                    Span("text", "早上"),
                    Span("strong", "六点"),
                    Span("text", "到岗，发放"),
                    Span("figure", "100瓶"),
                    Span("text", "。"),
                ),
            ),
        ),
        Block("quote", (plain("大家一起"), plain("就不怕"))),
        Block("picture", number=2),
        Block("p", ((Span("text", '<b onclick="x">不是标签</b>'), Span("text", "[数9]")),)),
    ]
    assert (markup.pictures(TEXT), markup.figures(TEXT)) == ([2], [1, 9])
    assert markup.length("一 二\n三") == 3


def test_marks_have_latin_letters_too() -> None:
    assert markup.parse("[P2]\n[N1]", {1: "100瓶"}) == markup.parse("[图2]\n[数1]", {1: "100瓶"})


def test_control_characters_are_gone() -> None:
    assert markup.clean("甲\x00乙\x1b\n丙\ud800") == "甲乙\n丙"


def test_what_goes_to_wechat_bears_its_style_and_nothing_else() -> None:
    html = wechat.export(markup.parse(TEXT, {1: "100瓶"}), places={2: "【02.jpg】"}, end=["供稿：赵社员"])
    assert html.startswith('<section style="font-size: 16px;')
    assert "&lt;b onclick=&quot;x&quot;&gt;不是标签&lt;/b&gt;" in html
    seen = Seen(html)
    assert seen.tags == {
        ("section", ("style",)),
        ("p", ("style",)),
        ("strong", ("style",)),
        ("span", ("style",)),
        ("br", ()),
    }
    assert seen.text.split() == [
        "门口",
        "早上六点到岗，发放100瓶。",
        "大家一起",
        "就不怕",
        "【02.jpg】",
        "<b",
        'onclick="x">不是标签</b>[数9]',
        "供稿：赵社员",
    ]


def test_a_picture_without_a_place_is_left_out() -> None:
    assert "图" not in wechat.export(markup.parse("[图1]", {}), places={})


@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"'*[]图数19#\n\r> ")), max_size=200),
    st.text(max_size=20),
)
def test_whatever_is_typed_no_tag_of_it_gets_out_and_no_word_is_lost(text: str, value: str) -> None:
    blocks = markup.parse(text, {1: value})
    seen = Seen(wechat.export(blocks, places={}))
    assert {tag for tag, _attributes in seen.tags} <= wechat.TAGS
    assert {attributes for _tag, attributes in seen.tags} <= {("style",), ()}
    assert "".join(seen.text.split()) == "".join(markup.plain(blocks).split())


@pytest.mark.parametrize(
    ("step", "held", "found"),
    [
        ("first", {"author": 1}, "author"),
        ("second", {"author": 2, "first": 1}, "first"),
        ("final", {"author": 2, "first": 3, "second": 1}, "second"),
        ("second", {"author": 2, "first": 3, "editor": 1}, ""),  # who edits may review the second time
        ("first", {"author": None}, ""),
    ],
)
def test_parts_that_must_be_different_people(step: str, held: dict[str, int | None], found: str) -> None:
    assert reviewing.clash(step, 1, held, date(2022, 3, 5)) == found


def test_limits_and_clocks_come_from_the_rulebook() -> None:
    assert reviewing.limits(date(2022, 3, 5)) == (64, 120)
    withdrawn = datetime(2022, 3, 5, 8, tzinfo=UTC)
    assert reviewing.act_by(withdrawn) == datetime(2022, 3, 6, 8, tzinfo=UTC)

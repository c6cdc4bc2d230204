from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel.figures import Bound, Figure
from tongzhou.modules.chronicle.rules import Stray, Token, check, link, tokens

# Phrases of real reports whose numerals count nothing, joined in any order by hypothesis.
CLEAN = (
    "自2022年3月以来，", "九三学社本溪市委第一时间号召全体社员统一行动。", "一要提高政治站位，二要积极建言，", "四要履职尽责。",
    "万众一心、千方百计，", "一名社员主动请缨，", "捐赠一批物资；", "多次深入社区，", "开展数次明查暗访，", "一方面加强宣传，",
    "每周一次例会，", "星期三开会，", "3月5日至8日，", "二〇二二年三月，", "15:00开始；", "上午8点30分，", "第三，", "（一）坚守岗位，",
    "落实“两个维护”，", "疫情防控十分吃紧，", "在两会期间，", "进一步落实，", "新冠病毒COVID-19，", "佩戴N95口罩，", "拨打12345热线，",
    "March 2022, ", "on 5 March 2022, ", "one of them, ", "①线上，", "附近的签约医生，", "{testing.person_times}", "{donations.goods|N95口罩|个}，",
)  # fmt: skip
# After these a number is not a date, an ordinal or the tail of a word.
LEADS = ("发放物资", "本次活动参加者", "采购防护服", "共计", "we gave ")
TAILS = ("。", "，并已送达。", "\n下一段。", " in all.")

clean = st.lists(st.sampled_from(CLEAN), max_size=6).map("".join)
measures = st.sampled_from(["", "瓶", "套", "人", "人次", "元", "个", "次", "%"])
values = st.integers(2, 10**9) | st.decimals(Decimal("0.01"), 10**6, places=2).filter(lambda value: value % 1)


def not_a_year(value: int | Decimal) -> bool:
    return not 1900 <= value <= 2099


figures = st.builds(Figure, values.filter(not_a_year), st.sampled_from(Bound))


def digits(number: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(letter)) if letter.isdecimal() else letter for letter in number)


def chinese(value: int) -> str:
    """10 to 9,999 in Chinese numerals."""
    text = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + unit
        elif text and value % power and not text.endswith("零"):
            text += "零"
    return text


def places(strays: list[Stray]) -> list[tuple[int, int, str]]:
    return [(stray.start, stray.end, stray.text) for stray in strays]


@given(clean)
def test_prose_of_tokens_dates_and_phrases_passes(prose: str) -> None:
    assert check(prose, ()) == []


@given(clean, st.sampled_from(LEADS), figures, measures, st.sampled_from(TAILS), clean)
def test_figure_put_into_prose_is_found_at_its_place(
    before: str, lead: str, figure: Figure, measure: str, tail: str, after: str
) -> None:
    typed, start = figure.text(measure), len(before + lead)
    assert places(check(before + lead + typed + tail + after, ())) == [(start, start + len(typed), typed)]


@given(clean, st.integers(0, 10**12).filter(not_a_year), st.sampled_from("0０٠०𝟎"), clean)
def test_digits_of_any_script_are_found(before: str, value: int, zero: str, after: str) -> None:
    typed, start = digits(str(value), zero), len(before) + 2
    assert places(check(f"{before}物资{typed}。{after}", ())) == [(start, start + len(typed), typed)]


@given(clean, st.integers(10, 9999), st.sampled_from(["套", "人次", "余次", ""]), clean)
def test_chinese_numerals_are_found(before: str, value: int, measure: str, after: str) -> None:
    typed, start = chinese(value) + measure, len(before) + 2
    assert places(check(f"{before}物资{typed}。{after}", ())) == [(start, start + len(typed), typed)]


@given(clean, figures, measures, clean)
def test_known_figure_passes_however_it_is_typed(before: str, figure: Figure, measure: str, after: str) -> None:
    plain = str(figure.value) + measure
    assert check(f"{before}物资{figure.text(measure)}。{after}", [figure.text(measure)]) == []
    assert check(f"{before}物资{plain}。", [Figure(figure.value).text(measure)]) == []


@given(figures, st.sampled_from(["瓶", "套", "人次"]))
def test_known_figure_with_another_bound_or_measure_is_stray(figure: Figure, measure: str) -> None:
    for other in Bound:
        known = Figure(figure.value, other).text(measure)
        assert bool(check(f"物资{figure.text(measure)}。", [known])) == (other is not figure.bound)
    assert len(check(f"物资{figure.text(measure)}。", [figure.text("箱")])) == 1


@given(clean, st.dates(date(1900, 1, 1), date(2099, 12, 31)), clean)
def test_every_day_of_the_calendar_may_be_written(before: str, day: date, after: str) -> None:
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.month}月{day.day}日",
        str(day),
        f"{day:%d %B %Y}",
        f"{day:%Y/%m/%d}",
    ):
        assert check(f"{before}\n{text}，{after}", ()) == []


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_is_checked_and_places_are_true(text: str, known: list[str]) -> None:
    lines = text.split("\n")
    for stray in check(text, known):
        assert text[stray.start : stray.end] == stray.text
        assert lines[stray.line - 1][stray.column - 1 :].startswith(stray.text.split("\n")[0])
        assert stray.text.split("\n")[0] in stray.excerpt


@given(clean, st.lists(figures, min_size=1, max_size=4, unique_by=lambda figure: figure.text("瓶")), clean)
def test_typed_figures_become_tokens(before: str, given_figures: list[Figure], after: str) -> None:
    texts = {f"{{gifts|part{at}}}": figure.text("瓶") for at, figure in enumerate(given_figures)}
    typed = before + "".join(f"捐赠{text}，" for text in texts.values()) + after
    linked = link(typed, texts)
    assert linked == before + "".join(f"捐赠{token}，" for token in texts) + after
    assert check(linked, ()) == []
    assert link(linked, texts) == linked


def test_figure_of_two_tokens_stays_as_typed() -> None:
    assert link("捐赠100瓶", {"{a}": "100瓶", "{b}": "100瓶"}) == "捐赠100瓶"


def test_date_is_not_linked() -> None:
    assert link("2022年3月，15:00", {"{a}": "2022", "{b}": "3", "{c}": "15"}) == "2022年3月，15:00"


def test_tokens_are_read_with_their_parts() -> None:
    assert tokens("捐{donations.goods|消毒液|瓶}与{calls}") == [
        Token(1, 24, "donations.goods", ("消毒液", "瓶")),
        Token(25, 32, "calls", ()),
    ]
    assert tokens("{坏的} {Bad} {a b} {}") == []


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("24,000元", "2.4万元"), ("2.4 万元", "24000元"), ("将近三十万人次", "近30万人次"), ("逾20次", "20余次"), ("二十余次", "20余次"),
        ("四百套", "400套"), ("２００个", "两百个"), ("20号楼", "20号楼"), ("〔2022〕15号", "本防指发〔2022〕15号"),
        ("本防指发〔2022〕15号", "〔2022〕15号"), ("第3期", "第3期"), ("三八社区", "三八社区"),
    ],
)  # fmt: skip
def test_known_text_passes(typed: str, known: str) -> None:
    strays = check(f"关于{typed}的说明", [known])
    assert [stray.text for stray in strays] == ([] if "〔" not in typed or known in typed else ["15号"])


@pytest.mark.parametrize(
    "typed",
    [
        "两个", "三百套", "二十余次", "一百万", "100瓶", "近100瓶", "100余瓶", "2100瓶", "第9期", "第三期", "第3轮", "第二十", "一瓶", "一元",
        "三十人", "百余名", "数十人", "几百套", "上千人", "三分之一", "百分之五十", "10日", "24小时", "2022人", "16号", "三万一千", "一亿", "两倍",
        "3个月", "八点", "三四个", "百万", "twenty", "three hundred people", "two", "one bottle", "½", "Ⅳ", "①例",
    ],
)  # fmt: skip
def test_number_without_record_is_stray(typed: str) -> None:
    assert [stray.text for stray in check(f"连续{typed}。", ["100箱", "9期"])] == [typed]


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("2022年13月", ["2022年", "13"]), ("3月32日", ["3", "32日"]), ("25:00", ["25", "00"]), ("10日内办结", ["10日"]), ("共2022", ["2022"]),
        ("共一名社员", ["一名"]), ("{gifts}万元", ["万元"]), ("1{gifts}", ["1"]), ("only one person", ["one person"]), ("N95个", ["95个"]),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_or_a_phrase_is_stray(text: str, strays: list[str]) -> None:
    assert [stray.text for stray in check(text, ())] == strays


def test_list_numbering_passes_only_where_a_line_begins() -> None:
    assert check("1. 听从指挥\n2、建言\n（3）奉献\n十一、履职；（4）坚守", ()) == []
    assert [stray.text for stray in check("参加者（30）", ())] == ["30"]


def test_english_figures_are_known_by_value_and_noun() -> None:
    known = ["100 bottles", "more than 20 meetings", "nearly 300,000 person-times", "25 sets"]
    text = "Members gave 100 bottles and twenty-five sets, met at more than 20 meetings and tested nearly 300,000 person-times."
    assert check(text, known, "en") == []
    assert [stray.text for stray in check("About 100 bottles, 100 boxes and 20 meetings", known, "en")] == [
        "About 100 bottles",
        "100 boxes",
        "20 meetings",
    ]


def test_stray_names_line_column_and_what_was_probably_meant() -> None:
    (stray,) = check("服务\n高新区支社捐赠消毒液90瓶，送至企业。", ["100瓶"])
    assert (stray.start, stray.end, stray.line, stray.column) == (13, 16, 2, 11)
    assert (stray.text, stray.excerpt) == ("90瓶", "高新区支社捐赠消毒液90瓶，送至企业。")
    assert str(stray.advice) == "“90瓶”与记录不符，记录中是：100瓶。请照此写，或先更正记录。"
    assert str(check("5台", ())[0].advice).startswith("“5台”没有记录可查。")

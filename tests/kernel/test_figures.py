from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel.figures import Bound, Figure, parse, weakest
from tongzhou.kernel.measures import MEASURES

AT_LEAST, UNDER, ABOUT = Bound.AT_LEAST, Bound.UNDER, Bound.ABOUT

values = st.one_of(
    st.integers(-(10**6), 10**13),
    st.integers(0, 10**6).map(lambda n: n * 10_000),
    st.decimals(min_value=0, max_value=10**10, places=2),
)
figures = st.builds(Figure, values, st.sampled_from(Bound))


@pytest.mark.parametrize(
    ("figure", "measure", "zh", "en"),
    [
        (Figure(20, AT_LEAST), "次", "20余次", "more than 20 times"),
        (Figure(1000, AT_LEAST), "人", "1000余人", "more than 1,000 people"),
        (Figure(23, AT_LEAST), "人", "至少23人", "at least 23 people"),
        (Figure(1, AT_LEAST), "人", "至少1人", "at least 1 person"),
        (Figure(300_000, UNDER), "人次", "近30万人次", "nearly 300,000 person-times"),
        (Figure(300_000, AT_LEAST), "人次", "30余万人次", "more than 300,000 person-times"),
        (Figure(50_000, AT_LEAST), "人", "5万余人", "more than 50,000 people"),
        (Figure(24_000, AT_LEAST), "元", "2.4万余元", "more than 24,000 yuan"),
        (Figure(24_000), "元", "2.4万元", "24,000 yuan"),
        (Figure(5000, ABOUT), "人", "约5000人", "about 5,000 people"),
        (Figure(700_600), "人", "70.06万人", "700,600 people"),
        (Figure(12_345), "元", "12345元", "12,345 yuan"),
        (Figure(120_000_000), "元", "1.2亿元", "120,000,000 yuan"),
        (Figure(123_450_000), "元", "12345万元", "123,450,000 yuan"),
        (Figure(9999), "元", "9999元", "9,999 yuan"),
        (Figure(100), "瓶", "100瓶", "100 bottles"),
        (Figure(1), "瓶", "1瓶", "1 bottle"),
        (Figure(0), "瓶", "0瓶", "0 bottles"),
        (Figure(100), "个", "100个", "100"),
        (Figure(100), "筐", "100筐", "100 筐"),
        (Figure(100), "", "100", "100"),
        (Figure(Decimal("2.50")), "吨", "2.5吨", "2.5 tonnes"),
        (Figure(Decimal("1.00")), "吨", "1吨", "1 tonne"),
        (Figure(-24_000), "元", "-2.4万元", "-24,000 yuan"),
    ],
)
def test_text_reads_as_people_write_it(figure: Figure, measure: str, zh: str, en: str) -> None:
    assert (figure.text(measure), figure.text(measure, lang="en")) == (zh, en)


def test_text_takes_the_english_words_as_a_pair() -> None:
    pair = ("meeting", "meetings")
    assert Figure(20, AT_LEAST).text(pair, lang="en") == "more than 20 meetings"
    assert Figure(1).text(pair, lang="en") == "1 meeting"
    with pytest.raises(TypeError):
        Figure(1).text(pair)


@pytest.mark.parametrize(
    ("typed", "figure", "measure"),
    [
        ("300多人", Figure(300, AT_LEAST), "人"),
        ("逾20次", Figure(20, AT_LEAST), "次"),
        ("超过 20 次", Figure(20, AT_LEAST), "次"),
        ("20次以上", Figure(20, AT_LEAST), "次"),
        ("20+人", Figure(20, AT_LEAST), "人"),
        ("20+", Figure(20, AT_LEAST), ""),
        ("二十余次", Figure(20, AT_LEAST), "次"),
        ("十几个", Figure(10, AT_LEAST), "个"),
        ("百余人", Figure(100, AT_LEAST), "人"),
        ("上万人次", Figure(10_000, AT_LEAST), "人次"),
        ("三十余万人次", Figure(300_000, AT_LEAST), "人次"),
        ("30万余人次", Figure(300_000, AT_LEAST), "人次"),
        ("将近30万", Figure(300_000, UNDER), ""),
        ("近百家", Figure(100, UNDER), "家"),
        ("不足3千人", Figure(3000, UNDER), "人"),
        ("大约５，０００人", Figure(5000, ABOUT), "人"),
        ("5000人左右", Figure(5000, ABOUT), "人"),
        ("近20余次", Figure(20, ABOUT), "次"),
        ("三十万", Figure(300_000), ""),
        ("两百套", Figure(200), "套"),
        ("一百零二套", Figure(102), "套"),
        ("1亿2000万元", Figure(120_000_000), "元"),
        ("1,234,567.50元", Figure(Decimal("1234567.5")), "元"),
        ("24000.00元", Figure(24_000), "元"),
        (" 100 瓶\u200b\n", Figure(100), "瓶"),
        ("5千克", Figure(5), "千克"),
        ("5千千克", Figure(5000), "千克"),
        ("30%", Figure(30), "%"),
        ("20号楼", Figure(20), "号楼"),
    ],
)
def test_parse_accepts_what_people_type(typed: str, figure: Figure, measure: str) -> None:
    assert parse(typed) == (figure, measure)


@pytest.mark.parametrize(
    ("typed", "figure", "measure"),
    [
        ("More than 20 meetings", Figure(20, AT_LEAST), "meetings"),
        ("20+ meetings", Figure(20, AT_LEAST), "meetings"),
        ("20 or more", Figure(20, AT_LEAST), ""),
        ("almost 0.3 million people", Figure(300_000, UNDER), "people"),
        ("around 5000", Figure(5000, ABOUT), ""),
        ("24,000.00 yuan", Figure(24_000), "yuan"),
    ],
)
def test_parse_accepts_what_people_type_in_english(typed: str, figure: Figure, measure: str) -> None:
    assert parse(typed, lang="en") == (figure, measure)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "瓶",
        "几十次",
        "数百人",
        "多人",
        "二三十人",
        "两万三",
        "百人",
        "万元",
        "5-10人",
        "5至10人",
        "1,0000元",
        "1,00,000",
        "1 000",
        "1.2.3",
        "3天半",
        "300人以下",
        ".5",
        "5.",
        "２０余余次",
        "余20次",
        "2余0",
        "三千百",
        "abc",
        "NaN",
        "1e5",
        "٣人",
        "½",
        "5十十",
    ],
)
def test_parse_refuses_what_is_not_one_number(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^看不懂“.*”：请填写一个数字") as refusal:
        parse(typed)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("typed", ["", "bottles", "5 to 10", "5-10", "twenty", "1,00", "5 or 6"])
def test_parse_refuses_in_english(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a figure"):
        parse(typed, lang="en")


@given(st.text(max_size=120))
def test_parse_answers_any_text(typed: str) -> None:
    for lang in ("zh", "en"):
        try:
            parse(typed, lang)
        except ValueError as refusal:
            assert len(str(refusal)) < 260


@given(figures, st.sampled_from(["", *MEASURES]))
def test_parse_reverses_chinese_text(figure: Figure, measure: str) -> None:
    assert parse(figure.text(measure)) == (figure, measure)


@given(figures, st.sampled_from(["", *MEASURES]))
def test_parse_reverses_english_text(figure: Figure, measure: str) -> None:
    singular, plural = MEASURES.get(measure, ("", ""))
    word = singular if figure.value == 1 else plural
    assert parse(figure.text(measure, lang="en"), lang="en") == (figure, word)


@given(figures, figures, figures)
def test_sum_is_commutative_and_associative(one: Figure, two: Figure, three: Figure) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Figure.zero == one
    assert sum([one, two, three]) == one + two + three


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ([], Bound.EXACT),
        ([Bound.EXACT, AT_LEAST], AT_LEAST),
        ([UNDER, Bound.EXACT, UNDER], UNDER),
        ([AT_LEAST, UNDER], ABOUT),
        ([AT_LEAST, ABOUT], ABOUT),
    ],
)
def test_weakest_keeps_what_can_still_be_said(bounds: list[Bound], expected: Bound) -> None:
    assert weakest(bounds) == expected


def test_figure_refuses_what_is_no_number() -> None:
    for value in (True, 1.5, "3"):
        with pytest.raises(TypeError):
            Figure(value)
    with pytest.raises(ValueError, match="finite"):
        Figure(Decimal("NaN"))
    with pytest.raises(TypeError):
        Figure(1) + 1

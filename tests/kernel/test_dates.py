from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel.dates import FIRST_YEAR, LAST_YEAR, When, moment, parse_when, show

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
WHENS = st.builds(When, DAYS, st.sampled_from(["day", "month", "year"]))

DAY = When(date(2022, 3, 5))
MONTH = When(date(2022, 3, 1), "month")
YEAR = When(date(2022, 1, 1), "year")


@given(WHENS, st.sampled_from(["zh-hans", "en"]))
def test_show_is_read_back_in_both_languages(when, lang):
    assert parse_when(show(when, lang)) == when


@given(st.text())
def test_parse_when_answers_or_refuses(text):
    try:
        assert FIRST_YEAR <= parse_when(text).day.year <= LAST_YEAR
    except ValueError as refusal:
        assert str(refusal).endswith("。")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2022-03-05", DAY),
        ("2022/3/5", DAY),
        ("2022.3.5", DAY),
        ("2022年3月5日", DAY),
        ("2022年3月5号", DAY),
        (" 2022 年 3 月 5 日 ", DAY),
        ("２０２２年３月５日", DAY),
        ("20220305", DAY),
        ("5 March 2022", DAY),
        ("5 Mar 2022", DAY),
        ("2022-03", MONTH),
        ("2022.3", MONTH),
        ("2022年3月", MONTH),
        ("March 2022", MONTH),
        ("2022", YEAR),
        ("2022年", YEAR),
    ],
)
def test_parse_when_reads_what_people_write(text, when):
    assert parse_when(text) == when


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("3月5日", "“3月5日”缺少年份，请写成 2022-03-05 或 2022年3月5日。"),
        ("3/5", "“3/5”缺少年份，请写成 2022-03-05 或 2022年3月5日。"),
        ("2022-02-30", "日历上没有“2022-02-30”这一天，请核对。"),
        ("2022-13", "日历上没有“2022-13”这一天，请核对。"),
        ("0022-03-05", "年份“22”不在1900至2099之间，请写四位年份。"),
        ("明天", "“明天”不是日期，请写成 2022-03-05；只知道月份的写 2022-03，只知道年份的写 2022。"),
        ("2022-3.5", "“2022-3.5”不是日期，请写成 2022-03-05；只知道月份的写 2022-03，只知道年份的写 2022。"),
        ("22-3-5", "“22-3-5”不是日期，请写成 2022-03-05；只知道月份的写 2022-03，只知道年份的写 2022。"),
    ],
)
def test_parse_when_says_what_is_expected(text, sentence):
    with pytest.raises(ValueError) as refusal:
        parse_when(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("when", "chinese", "english"),
    [(DAY, "2022年3月5日", "5 March 2022"), (MONTH, "2022年3月", "March 2022"), (YEAR, "2022年", "2022")],
)
def test_show_words_only_what_is_known(when, chinese, english):
    assert (show(when), show(when, "en")) == (chinese, english)


def test_when_forgets_the_day_that_is_not_known():
    assert When(date(2022, 3, 17), "month") == MONTH


def test_a_moment_is_written_by_the_clock_of_the_house_and_nothing_where_there_is_none():
    assert moment(datetime(2022, 3, 7, 1, 30, tzinfo=UTC)) == "2022-03-07 09:30"
    assert moment(datetime(2022, 3, 7, 17, 5, tzinfo=UTC)) == "2022-03-08 01:05"
    assert moment(None) == ""

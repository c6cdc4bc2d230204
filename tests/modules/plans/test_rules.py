"""Reading a pasted text, two editions side by side, who calls whom, deadlines."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.plans import rules
from tongzhou.modules.plans.rules import Pair, Passage, Piece

PASTED = """疫情防控工作需要，制定本预案。

一、总则
（一）编制目的
为及时处置。
（二） 加强领导。成立领导小组。
  二、应急响应
1. 到岗
第三章 附则
# Notes
## More
x
"""
READ = [
    Passage(1, "", ("疫情防控工作需要，制定本预案。",)),
    Passage(1, "总则"),
    Passage(2, "编制目的", ("为及时处置。",)),
    Passage(2, "加强领导", ("成立领导小组。",)),
    Passage(1, "应急响应", ("1. 到岗",)),
    Passage(1, "附则"),
    Passage(1, "Notes"),
    Passage(2, "More", ("x",)),
]
letters = st.text("一二总则（）、，。疫情abc1 #第章", min_size=1, max_size=12).map(str.strip).filter(bool)
texts = st.lists(letters, max_size=12).map("\n".join)


def test_passages_finds_headings_by_their_marks() -> None:
    assert rules.passages(PASTED) == READ


@pytest.mark.parametrize("text", ["", "  \n\n", "十二月一日起实行。", "（见附件）以图为准", "1、登记"])
def test_passages_takes_no_paragraph_for_a_heading(text: str) -> None:
    assert [one.title for one in rules.passages(text)] == [""] * bool(text.strip())


def test_as_text_numbers_as_papers_do() -> None:
    found = [Passage(1, f"章{n}") for n in range(1, 22)] + [Passage(2, "节", ("段。",))]
    lines = rules.as_text(found).splitlines()
    assert [lines[0], lines[20], lines[40], lines[42]] == ["一、章1", "十一、章11", "二十一、章21", "（一）节"]


@given(texts)
def test_a_text_that_was_read_is_read_the_same_again(text: str) -> None:
    found = rules.passages(text)
    assert rules.passages(rules.as_text(found)) == found
    assert rules.passages(rules.as_text(found, marks=rules.MARKS)) == found


def test_outline_reads_usual_sections() -> None:
    assert rules.outline(["总则：目的、依据", "General: aim, scope", "附则"]) == [
        Passage(1, "总则"), Passage(2, "目的"), Passage(2, "依据"), Passage(1, "General"), Passage(2, "aim"), Passage(2, "scope"), Passage(1, "附则"),
    ]  # fmt: skip


# -- two editions


def test_compare_marks_the_words_that_changed() -> None:
    old = [Passage(1, "应急响应", ("接到命令2小时内到岗。", "任务办结后报告。"))]
    new = [Passage(1, "应急响应", ("接到命令1小时内到岗。", "任务办结后报告。", "每日报告一次。"))]
    assert rules.compare(old, new) == [
        Pair((Piece("应急响应"),), (Piece("应急响应"),), heading=True),
        Pair((Piece("接到命令"), Piece("2", "del"), Piece("小时内到岗。")), (Piece("接到命令"), Piece("1", "ins"), Piece("小时内到岗。"))),
        Pair((Piece("任务办结后报告。"),), (Piece("任务办结后报告。"),)),
        Pair((), (Piece("每日报告一次。", "ins"),)),
    ]  # fmt: skip


def test_compare_sets_a_renamed_heading_beside_its_old_name() -> None:
    old = [Passage(1, "保障措施", ("同。",)), Passage(1, "附则")]
    new = [Passage(1, "培训演练", ("新。",)), Passage(1, "应急保障措施", ("同。",)), Passage(1, "附则")]
    pairs = rules.compare(old, new)
    assert [("".join(p.text for p in pair.old), "".join(p.text for p in pair.new)) for pair in pairs] == [
        ("", "培训演练"), ("", "新。"), ("保障措施", "应急保障措施"), ("同。", "同。"), ("附则", "附则"),
    ]  # fmt: skip


def test_compare_does_not_mix_paragraphs_that_have_nothing_in_common() -> None:
    (pair,) = rules.compare([Passage(1, "", ("天地玄黄宇宙洪荒",))], [Passage(1, "", ("日月盈昃辰宿列张",))])
    assert pair == Pair((Piece("天地玄黄宇宙洪荒", "del"),), (Piece("日月盈昃辰宿列张", "ins"),))


@given(texts, texts)
def test_compare_loses_nothing_of_either_edition(one: str, other: str) -> None:
    """Each side put together is the whole edition, and what is not marked on one side stands unmarked on the other."""
    old, new = rules.passages(one), rules.passages(other)
    pairs = rules.compare(old, new)
    for side, edition in (("old", old), ("new", new)):
        lines = [line for passage in edition for line in (passage.title, *passage.lines) if line]
        assert [text for pair in pairs if (text := "".join(piece.text for piece in getattr(pair, side)))] == lines
    for pair in pairs:
        same = [[piece.text for piece in side if not piece.mark] for side in (pair.old, pair.new)]
        assert "".join(same[0]) == "".join(same[1])


def test_changes_keep_the_heading_they_stand_under() -> None:
    old = [Passage(1, "甲", ("同。",)), Passage(1, "乙", ("旧的一句。", "同。", "旧的又一句。")), Passage(1, "丙")]
    new = [Passage(1, "甲", ("同。",)), Passage(1, "乙", ("新的一句。", "同。", "新的又一句。")), Passage(1, "丙")]
    told = ["".join(piece.text for piece in pair.new) for pair in rules.changes(rules.compare(old, new))]
    assert told == ["乙", "新的一句。", "新的又一句。"]


@given(texts)
def test_compare_of_the_same_text_marks_nothing(text: str) -> None:
    found = rules.passages(text)
    assert [pair for pair in rules.compare(found, found) if pair.changed] == []


# -- the call tree, deadlines


def test_tree_lists_whom_each_post_calls() -> None:
    nodes = rules.tree(["总指挥", "值班长", "联络员", "顾问"], {"值班长": "总指挥", "联络员": "值班长"})
    assert [list(node.flat()) for node in nodes] == [[(0, "总指挥"), (1, "值班长"), (2, "联络员")], [(0, "顾问")]]


@pytest.mark.parametrize(
    ("callers", "found"),
    [
        ({"甲": "", "乙": "甲"}, []),
        ({"甲": "甲"}, ["甲"]),
        ({"甲": "乙", "乙": "丙", "丙": "甲"}, ["甲", "乙", "丙"]),
        ({"丁": "甲", "甲": "乙", "乙": "甲"}, ["甲", "乙"]),
    ],
)
def test_circle_names_posts_that_would_wait_for_each_other(callers: dict[str, str], found: list[str]) -> None:
    assert rules.circle(callers) == found


def test_due_counts_parts_of_hours() -> None:
    start = datetime(2022, 3, 5, 23, 30, tzinfo=UTC)
    assert rules.due(start, Decimal("0.5")) == start + timedelta(minutes=30)
    assert rules.due(start, Decimal(48)) == start + timedelta(days=2)


@pytest.mark.parametrize(
    ("observed", "threshold", "said"), [(10, 10, True), (9, 10, False), (None, 10, None), (3, None, None)]
)
def test_reached_says_nothing_without_both_figures(
    observed: int | None, threshold: int | None, said: bool | None
) -> None:
    assert rules.reached(observed, threshold) is said

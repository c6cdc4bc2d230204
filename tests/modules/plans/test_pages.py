"""The pages: parts written in the browser, editions side by side, numbers shown once, papers."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from docx import Document

from tests.modules.plans import factory, planning
from tests.world import World
from tongzhou.kernel import ledger
from tongzhou.kernel.models import Person
from tongzhou.modules.plans import actions
from tongzhou.modules.plans.models import Plan, Task

SignIn = Callable[[Person], Client]
BLANK = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}


def page(answer: object) -> str:
    return answer.content.decode()


# -- writing


def test_a_plan_is_begun_and_its_text_pasted(cast: World, signed_in: SignIn) -> None:
    client, new = signed_in(cast.people.sun), "/test-2022/plans/new/"
    sent = {
        "unit": cast.units.branch1.pk,
        "kind": "work",
        "name": "《值守方案》",
        "usual": "on",
        "leads": "孙支社\n",
        "when": "2022-03-05",
    }
    made = client.post(new, sent)
    plan = Plan.objects.get()
    assert (made.status_code, plan.name, [str(one) for one in plan.contributors.all()]) == (
        302,
        "值守方案",
        ["孙支社 牵头"],
    )
    text = f"{plan.get_absolute_url()}parts/text/"
    assert "一、工作目标" in page(client.get(text))
    assert (
        client.post(
            text, {"version": plan.version, "text": "一、目标\r\n守住卡口。\r\n（一）分工\r\n三班倒。"}
        ).status_code
        == 302
    )
    assert [(one.depth, one.title, one.text) for one in plan.sections.all()] == [
        (1, "目标", "守住卡口。"),
        (2, "分工", "三班倒。"),
    ]
    assert "<h4>（一）分工</h4>" in page(client.get(plan.get_absolute_url()))


def test_a_person_cannot_have_led_and_taken_part(cast: World, signed_in: SignIn) -> None:
    sent = {
        "unit": cast.units.branch1.pk,
        "kind": "work",
        "name": "方案",
        "leads": "孙支社",
        "helpers": "孙支社",
        "when": "2022-03-05",
    }
    answer = signed_in(cast.people.sun).post("/test-2022/plans/new/", sent)
    assert (answer.status_code, Plan.objects.count()) == (422, 0)
    assert "同一个人不能既是牵头人又是参与人" in page(answer)


def test_a_text_saved_over_someone_elses_change_asks_first(cast: World, signed_in: SignIn) -> None:
    plan = planning.draft(cast)
    seen = plan.version
    planning.write(cast, plan, "text", "一、别人写的")
    address, client = f"{plan.get_absolute_url()}parts/text/", signed_in(cast.people.wang)
    refused = client.post(address, {"version": seen, "text": "一、我写的"})
    assert (refused.status_code, [one.title for one in plan.sections.all()]) == (422, ["别人写的"])
    assert "一、我写的" in page(refused)
    kept = re.search(r'name="version" value="(\d+)"', page(refused))
    assert kept is not None
    client.post(address, {"version": kept[1], "text": "一、我写的"})
    assert [one.title for one in plan.sections.all()] == ["我写的"]


def test_an_empty_text_does_not_wipe_a_plan(cast: World, signed_in: SignIn) -> None:
    plan = planning.written(cast)
    answer = signed_in(cast.people.wang).post(f"{plan.get_absolute_url()}parts/text/", {"text": ""})
    assert (answer.status_code, plan.sections.count()) == (422, 3)


def test_rows_are_added_kept_and_taken_away(cast: World, signed_in: SignIn) -> None:
    plan, client = planning.written(cast), signed_in(cast.people.wang)
    address = f"{plan.get_absolute_url()}parts/levels/"
    first, second = plan.levels.all()
    sent = {
        "version": plan.version, "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "2",
        "lines-0-key": first.key, "lines-0-rank": "2", "lines-0-name": "二级", "lines-0-trigger": "社区传播",
        "lines-1-key": second.key, "lines-1-rank": "3", "lines-1-name": "三级", "lines-1-DELETE": "on",
        "lines-2-rank": "1", "lines-2-name": "一级", "lines-2-figure": "新增", "lines-2-threshold": "100", "lines-2-measure": "例",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert [(one.rank, one.name, one.words()) for one in plan.levels.all()] == [
        (2, "二级", "社区传播"),
        (1, "一级", "新增达到100例"),
    ]
    assert plan.levels.first() == first


@pytest.mark.parametrize(
    ("part", "row", "fault"),
    [
        ("levels", {"rank": "2", "name": "二级", "figure": "新增"}, "要么都填，要么都不填"),
        ("posts", {"name": "组长", "person": "查无此人"}, "没有找到“查无此人”"),
        ("posts", {"name": "组长", "phone": "138****0001"}, "请填写完整的电话"),
        ("posts", {"name": "组员", "called_by": "组长"}, "不是本预案的岗位"),
        ("resources", {"kind": "goods", "name": "口罩", "quantity": "许多"}, "输入整数"),
        ("tasks", {"rank": "2", "name": "采样", "unit": "nowhere"}, "选择一个有效的选项"),
    ],
)
def test_a_row_that_cannot_be_kept_stays_on_the_page(
    cast: World, signed_in: SignIn, part: str, row: dict[str, str], fault: str
) -> None:
    plan = planning.written(cast)
    sent = BLANK | {"version": str(plan.version)} | {f"lines-0-{name}": value for name, value in row.items()}
    answer = signed_in(cast.people.wang).post(f"{plan.get_absolute_url()}parts/{part}/", sent)
    assert answer.status_code == 422
    assert fault in page(answer)
    assert row["name"] in page(answer)


def test_more_rows_are_offered_without_saving(cast: World, signed_in: SignIn) -> None:
    plan = planning.draft(cast)
    sent = BLANK | {"more_lines": "1", "lines-0-name": "组长"}
    answer = signed_in(cast.people.wang).post(f"{plan.get_absolute_url()}parts/posts/", sent)
    assert (answer.status_code, plan.posts.count(), page(answer).count('class="line"')) == (200, 0, 4)


def test_what_is_approved_has_no_page_to_write_on(cast: World, signed_in: SignIn) -> None:
    plan, client = planning.approved(cast), signed_in(cast.people.wang)
    assert client.get(f"{plan.get_absolute_url()}parts/text/").status_code == 403
    assert client.get(f"{plan.get_absolute_url()}parts/nothing/").status_code == 404


def test_an_annex_is_a_document(cast: World, signed_in: SignIn) -> None:
    plan, client = planning.draft(cast), signed_in(cast.people.wang)
    address = f"{plan.get_absolute_url()}annexes/"
    told = [
        page(client.post(address, sent, follow=True))
        for sent in (
            {},
            {"sent": SimpleUploadedFile("x.exe", b"MZ")},
            {"sent": SimpleUploadedFile("分布图.pdf", b"%PDF-1")},
        )
    ]
    assert ["分布图.pdf" in one for one in told] == [False, False, True]
    assert "请上传 PDF、Word" in told[1]


# -- reading


def test_whoever_is_only_asked_reads_the_text_and_not_what_others_said(cast: World, signed_in: SignIn) -> None:
    plan = planning.written(cast)
    day = timezone.localdate() + timedelta(days=1)
    actions.consult(plan, by=cast.people.wang, units=[cast.units.branch3], people=[cast.people.zhao], day=day)
    actions.opine(plan, by=cast.people.wu, stance="object", text="人手不够")
    seen = [page(signed_in(who).get(plan.get_absolute_url())) for who in (cast.people.zhao, cast.people.qian)]
    assert ["为及时处置疫情" in one for one in seen] == [True, True]
    assert ["人手不够" in one for one in seen] == [False, True]
    assert ["王保管起草" in one for one in seen] == [False, True]


def test_a_changed_content_is_noticed_on_the_page(cast: World, signed_in: SignIn) -> None:
    plan, client = planning.approved(cast), signed_in(cast.people.wang)
    warning = "与批准时的摘要不符"
    assert warning not in page(client.get(plan.get_absolute_url()))
    plan.levels.filter(rank=2).update(threshold=1000)
    assert warning in page(client.get(plan.get_absolute_url()))


def test_two_editions_stand_side_by_side(cast: World, signed_in: SignIn) -> None:
    new, _fresh = actions.renew(planning.approved(cast), by=cast.people.wang)
    planning.write(cast, new, "text", planning.TEXT.replace("2小时", "1小时") + "<b>新段落</b>\n")
    client, address = signed_in(cast.people.wang), f"{new.get_absolute_url()}compare/"
    told = page(client.get(address))
    assert re.findall(r"<del>(?!删)(.*?)</del>|<ins>(?!新写)(.*?)</ins>", told) == [
        ("2", ""),
        ("", "1"),
        ("", "&lt;b&gt;新段落&lt;/b&gt;"),
    ]
    assert ["制定本预案。" in one for one in (told, page(client.get(f"{address}?all")))] == [False, True]
    assert client.get(f"{new.replaces.get_absolute_url()}compare/").status_code == 404


def test_an_old_edition_out_of_reach_is_not_compared(cast: World, signed_in: SignIn) -> None:
    new, _fresh = actions.renew(planning.approved(cast, cast.units.branch3), by=cast.people.wang)
    actions.amend(new, by=cast.people.wang, version=new.version, changes={"unit": cast.units.branch1})
    assert signed_in(cast.people.sun).get(f"{new.get_absolute_url()}compare/").status_code == 404


# -- numbers


def test_numbers_are_masked_everywhere_but_on_the_call_sheet(cast: World, signed_in: SignIn) -> None:
    plan, client = factory.active(cast), signed_in(cast.people.wang)
    for address in (plan.get_absolute_url(), f"{plan.get_absolute_url()}print/"):
        assert ["13800000001" in page(client.get(address)), "138****0001" in page(client.get(address))] == [False, True]
    words = _words(client.get(f"{plan.get_absolute_url()}plan.docx").content)
    assert ["13800000001" in words, "138****0001" in words] == [False, True]
    actions.reveal(plan, by=cast.people.han, purpose="核对")
    assert "13800000001" not in page(client.get(plan.get_absolute_url()))


def test_the_call_sheet_wants_a_purpose_and_is_kept_nowhere(cast: World, signed_in: SignIn) -> None:
    """Wang holds the first post, whose number is known; Wang calls the second, which has none yet."""
    plan, client = factory.active(cast), signed_in(cast.people.wang)
    post = plan.posts.get(name="组员")
    post.phone = "13800000002"
    post.save()
    address = f"{plan.get_absolute_url()}phones/"
    assert client.post(address, {"purpose": " "}).status_code == 302
    sheet = client.post(address, {"purpose": "通知到岗"})
    assert (sheet.status_code, "13800000002" in page(sheet), "13800000001" in page(sheet)) == (200, True, False)
    assert "no-store" in sheet["Cache-Control"]
    assert [ledger.sentence(entry) for entry in ledger.entries(plan)][
        -1
    ] == "王保管查看了1条未脱敏的“电话”，用途：通知到岗"


# -- papers


def test_the_word_file_is_an_official_paper(cast: World, signed_in: SignIn) -> None:
    plan = planning.written(cast)
    for name in ("分布图.pdf", "名单.pdf"):
        actions.attach(plan, SimpleUploadedFile(name, b"%PDF-1"), by=cast.people.wang)
    actions.consult(plan, by=cast.people.wang, people=[cast.people.chen], day=timezone.localdate())
    actions.conclude(plan, by=cast.people.wang)
    actions.approve(plan, by=cast.people.qian, number="测办发〔2022〕3号")
    client = signed_in(cast.people.wang)
    answer = client.get(f"{plan.get_absolute_url()}plan.docx")
    document = Document(BytesIO(answer.content))
    styled = [
        (line.style.name, line.text)
        for line in document.paragraphs
        if line.style and line.style.name.startswith("Heading")
    ]
    assert styled == [
        ("Heading 1", "一、总则"), ("Heading 2", "（一）编制目的"), ("Heading 1", "二、应急响应"), ("Heading 1", "三、响应级别"),
        ("Heading 1", "四、各级任务"), ("Heading 2", "（一）Ⅱ级（重大）"),
    ]  # fmt: skip
    lines = [line.text for line in document.paragraphs]
    today = timezone.localdate()
    day = f"{today.year}年{today.month}月{today.day}日"
    assert [line for line in lines if line in {"疫情处置预案", "测办发〔2022〕3号", "附件：1. 分布图", "　　　2. 名单", f"批准：钱签发　{day}", day}] == [
        "测办发〔2022〕3号", "疫情处置预案", "附件：1. 分布图", "　　　2. 名单", f"批准：钱签发　{day}", day,
    ]  # fmt: skip
    assert client.get(f"{plan.get_absolute_url()}plan.pdf").status_code in (200, 302)


def test_a_draft_on_paper_says_that_it_is_one(cast: World, signed_in: SignIn) -> None:
    words = _words(signed_in(cast.people.wang).get(f"{planning.written(cast).get_absolute_url()}plan.docx").content)
    assert ["（草稿）" in words, "批准人" in words, "批准：" in words] == [True, True, False]


# -- tasks


def test_a_task_is_handed_over_and_finished_on_its_page(cast: World, signed_in: SignIn) -> None:
    ordered = [planning.ordered(cast.units.branch1, kind="call", name="发出居家倡议")]
    plan = planning.approved(cast, cast.units.branch1, tasks=ordered)
    actions.activate(plan, by=cast.people.qian, rank=2, basis="令")
    task, client = Task.objects.get(), signed_in(cast.people.sun)
    assert "移交“倡议”" in page(client.get(task.get_absolute_url()))
    assert "移交“倡议”" not in page(signed_in(cast.people.li).get(task.get_absolute_url()))
    handed = client.post(f"{task.get_absolute_url()}moves/hand_over/", follow=True)
    assert "已转为：" in page(handed)
    done = client.post(f"{task.get_absolute_url()}moves/finish/", {"did": "已发出"}, follow=True)
    assert "孙支社报告办结：已发出" in page(done)


def test_the_to_do_page_says_the_hour(cast: World, signed_in: SignIn) -> None:
    task = planning.the_task(planning.active(cast, cast.units.branch1))
    client = signed_in(cast.people.sun)
    assert f"{timezone.localtime(task.due_at):%Y-%m-%d %H:%M} 前" in page(client.get("/"))
    Task.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert "已逾期" in page(client.get("/"))


def _words(content: bytes) -> str:
    """All that a Word file says, in its tables too."""
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])

"""Columns of a synthetic response: articles at every step of the way, issues published with most of them, consents of every kind."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.rehearsing import Given, pick, whole
from tongzhou.modules.publications.models import Article, Column, Consent, Issue
from tongzhou.modules.publications.workflow import ConsentState

SHARE = 40  # one article for so many records
SUBJECTS = (
    "社区门口的志愿者", "一份来自支社的建议", "核酸采样点的二十四小时", "一车防护服送到卡口", "隔着屏幕的心理课", "老人家门口的采样", "夜班换班时",
)  # fmt: skip
BODY = "## 在一线\n{who}连日来在社区协助防控。\n> 大家一起，就不怕。\n**少出门、勤洗手**，是每个人能做的事。"
ENDS = {
    "draft": 1, "first": 1, "second": 1, "final": 1, "approved": 1, "returned": 1, "published": 8, "correcting": 1, "withdrawn": 1, "dropped": 1,
}  # fmt: skip
ALL = ("published", "published", "published", *ENDS)
A_WEEK = 7


def rehearse(given: Given, n: int) -> Iterator[str]:
    """The first few come to every end there is, the rest by chance; then the issues appear."""
    number = max(len(ALL), n // SHARE)
    columns = [_column(given, place) for place in range(2)]
    for done in whole(range(number), partial(_one, given, columns[0])):
        yield f"{done}/{number}"
    _drop(given, columns[0])


def _column(given: Given, place: int) -> Column:
    leader = given.posts["leader"][0]
    column = Column(
        pk=given.key("column", place), response=given.response, unit=given.org, happened_on=given.day(2), name=("同舟日记", "往期选登")[place],
        channel="“推演九三”微信平台",
    )  # fmt: skip
    column, new = steps.file(column, by=leader)
    if new and place:
        module.perform(column, "end", by=leader)
    return column


def _one(given: Given, column: Column, number: int) -> None:
    chance = given.chance("article", number)
    end = ALL[number] if number < len(ALL) else pick(chance, ENDS)
    author = chance.choice([person for person in given.members if person.unit in given.branches])
    helper = "" if number % 4 else f"某社区工作人员{number + 1}"
    article = Article(
        pk=given.key("article", number), response=given.response, unit=author.unit, author=author, happened_on=given.day(3 + number),
        name=f"{SUBJECTS[number % len(SUBJECTS)]}（{number + 1}）", digest="记一次平常的值守。", named=helper,
        body=BODY.format(who=helper or "社员们"), contributor=f"{author.unit} {author.name}",
    )  # fmt: skip
    article, new = steps.file(article, by=author)
    if new:
        _onwards(given, column, article, end, number)


def _onwards(given: Given, column: Column, article: Article, end: str, number: int) -> None:
    office, leader = given.posts["office"][0], given.posts["leader"][0]
    reviewer = given.posts["leader"][1]
    moves = [("first", reviewer), ("second", office), ("final", leader)]
    if end == "draft":
        return
    module.perform(article, "send", by=article.author)
    if end == "dropped":
        module.perform(article, "drop", by=office, note="题材重复")
    if end == "returned":
        module.perform(article, "send_back", by=office, note="请补充时间地点")
    reached = {"first": 0, "second": 1, "final": 2}.get(end, 3)
    for move, by in moves[:reached] if end not in {"dropped", "returned"} else []:
        module.perform(article, move, by=by)
    if end in {"published", "correcting", "withdrawn"}:
        _publish(given, column, article, end, number)


def _publish(given: Given, column: Column, article: Article, end: str, number: int) -> None:
    """Each in an issue of its own, as a serial appears."""
    office, leader = given.posts["office"][0], given.posts["leader"][0]
    for consent in article.consents.filter(state=ConsentState.ASKED):
        module.perform(consent, "give", by=office, how="written", given_on=timezone.localdate())
    issue = Issue(
        pk=given.key("issue", number),
        response=given.response,
        unit=given.org,
        column=column,
        number=number + 1,
        happened_on=given.day(3 + number),
    )
    issue, _new = module.file(issue, by=office)
    module.perform(article, "place", by=office, issue=issue)
    module.perform(issue, "publish", by=office)
    article.refresh_from_db()
    if end == "correcting":
        texts = {name: getattr(article, name) for name in ("name", "digest", "named")}
        module.perform(
            article, "correct", by=office, told="原文漏写了日期。", body=f"3月20日。\n{article.body}", **texts
        )
    if end == "withdrawn":
        module.perform(article, "take_down", by=leader, note="待核实")


def _drop(given: Given, column: Column) -> None:
    """An issue that does not appear, one that is being composed, and consents that were refused, taken back, or not needed."""
    office = given.posts["office"][0]
    for name, number in {"dropped": 901, "planned": 902}.items():
        issue = Issue(
            pk=given.key("issue", name), response=given.response, unit=given.org, column=column, number=number,
            happened_on=given.response.began_on + timedelta(days=A_WEEK),
        )  # fmt: skip
        issue, new = module.file(issue, by=office)
        if new and name == "dropped":
            module.perform(issue, "drop", by=office, note="本周无稿")
    article = Article.objects.filter(response=given.response, state="approved").order_by("pk").first()
    for place, end in enumerate(("asked", "refused", "withdrawn", "waived") if article else ()):
        made = Consent(
            pk=given.key("consent", end), article=article, who=f"受访居民{place + 1}", happened_on=given.day(20)
        )
        made, new = module.file(made, by=office)
        if new:
            _answer(made, end, office)


def _answer(consent: Consent, end: str, by: Person) -> None:
    if end == "withdrawn":
        module.perform(consent, "give", by=by, how="spoken", given_on=timezone.localdate())
        module.perform(consent, "withdraw", by=by)
    if end == "refused":
        module.perform(consent, "refuse", by=by)
    if end == "waived":
        module.perform(consent, "waive", by=by, note="以公职身份出现")

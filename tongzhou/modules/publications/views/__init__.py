"""The lists of articles, issues, columns and consents. The odd pages are in writing.py, wechat.py and public.py."""

from typing import Any

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.publications import actions, forms, models, queries
from tongzhou.modules.publications.models import Article, Consent, Issue
from tongzhou.modules.publications.workflow import OUT, READ, UNSETTLED, ArticleState

EXPORTED = (ArticleState.APPROVED, *OUT)  # from the third review on


def article_context(article: Article, by: Person) -> dict[str, Any]:
    """The preview is the page that readers get, so that what is looked at is what is published."""
    article = queries.whole(Article.objects.filter(pk=article.pk)).get()
    # else: asked to agree, and reads no more than the text
    works_on_it = access.may(by, READ, article) or article.author_id == by.pk
    consents = access.visible(Consent.objects.filter(article=article), by, READ)
    waiting = article.corrections.model.objects.filter(article=article, at=None, rejected=False).first()
    page = {
        "article": article, "parts": queries.parts(article), "cover": queries.cover(article),
        "faults": [*queries.faults(article), *queries.hindrances(article)] if article.state != ArticleState.DROPPED else [],
        "consents": list(consents.select_related("response", "article", "picture").order_by("filed_at", "pk")),
        "sources": queries.sources(article, by), "cited": list(article.cited.all()), "waiting": waiting,
        "may_write": actions.drafting.may_write(article, by), "is_out": article.state in OUT,
        "may_take_back": article.state == ArticleState.FIRST and by.pk in (article.author_id, article.filed_by_id),
        "may_export": article.state in EXPORTED and works_on_it,
    }  # fmt: skip
    return page if works_on_it else page | {"history": [], "faults": [], "cited": [], "waiting": None}


def issue_context(issue: Issue, by: Person) -> dict[str, Any]:
    rows = access.visible(issue.articles.select_related("response"), by, READ)
    return {"articles": list(rows.order_by("place", "pk"))}


def consent_context(consent: Consent, by: Person) -> dict[str, Any]:
    """Who is asked reads what they are asked about, whatever else they may see."""
    article = queries.whole(Article.objects.filter(pk=consent.article_id)).get()
    return {"parts": queries.parts(article), "article": article, "own": consent.person_id == by.pk}


def column_context(column: models.Column, by: Person) -> dict[str, Any]:
    rows = access.visible(column.issues.select_related("response", "column"), by, READ)
    return {"issues": list(rows.order_by("-number", "pk")[:100])}


def _consents(article: Article) -> str:
    open_ = sum(one.state in UNSETTLED for one in article.consents.all())
    return __("待同意 %(n)d") % {"n": open_} if open_ else ""


articles = Desk(
    model=Article,
    title=_("稿件"),
    one=_("一篇稿件"),
    intro=_("从记录写起，三审后随期次发布；发布后只更正，不悄悄改。"),
    columns=[
        Column("name", _("标题"), kind="link"),
        Column("contributor", _("供稿")),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("issue", _("编入期次")),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("consents", _("同意情况"), value=_consents),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["author"],
    search=["name", "digest", "body", "contributor", "author__name", "author__pinyin", "unit__name"],
    fields=[
        Column("digest", _("摘要")),
        Column("contributor", _("供稿")),
        Column("unit", _("单位"), kind="unit"),
        Column("when", _("日期"), kind="when"),
        Column("issue", _("编入期次")),
        Column("editor", _("编辑"), kind="person"),
        Column("first_by", _("初审"), kind="person"),
        Column("second_by", _("复审"), kind="person"),
        Column("final_by", _("终审"), kind="person"),
    ],
    form=forms.ArticleForm,
    move_forms={"edit": forms.Editing, "correct": forms.Correcting, "place": forms.Placing},
    related=["author", "editor", "first_by", "second_by", "final_by", "issue__column"],
    prefetch=["consents"],
    detail="publications/article.html",
    links=[(_("写稿"), "publications.begin", ""), (_("公开页"), "publications.public", "")],
    context=article_context,
)

issues = Desk(
    model=Issue,
    name="issues",
    title=_("期次"),
    one=_("一期"),
    columns=[
        Column("title", _("期号"), kind="link"),
        Column("column", _("所属专栏"), sort="column__name"),
        Column("theme", _("本期主题"), sort="theme"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["column"],
    search=["theme", "column__name"],
    fields=[
        Column("column", _("所属专栏"), kind="person"),
        Column("number", _("期号"), kind="number"),
        Column("theme", _("本期主题")),
        Column("unit", _("单位"), kind="unit"),
        Column("when", _("日期"), kind="when"),
    ],
    form=forms.IssueForm,
    related=["column"],
    detail="publications/issue.html",
    context=issue_context,
)

columns = Desk(
    model=models.Column,
    name="columns",
    title=_("专栏名录"),
    one=_("一个专栏"),
    columns=[
        Column("title", _("专栏名称"), sort="name", kind="link"),
        Column("channel", _("平台"), value="channel_shown", sort="channel"),
        Column("unit", _("单位"), sort="unit__path", kind="unit"),
        Column("when", _("开设日期"), sort="happened_on", kind="when"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["name", "channel"],
    form=forms.ColumnForm,
    detail="publications/column.html",
    context=column_context,
)

consents = Desk(
    model=Consent,
    name="consents",
    title=_("同意登记"),
    one=_("一项同意"),
    intro=_("文中点名、图中可辨认的人，是否同意公开，何时、以何方式同意；可随时撤回。"),
    columns=[
        Column("who", _("何人"), sort="who", kind="link"),
        Column("article", _("所涉稿件"), sort="article__name"),
        Column("subject", _("公开什么")),
        Column("how", _("同意方式"), value="get_how_display"),
        Column("given_on", _("同意日期"), kind="date"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    search=["who", "article__name"],
    fields=[
        Column("who", _("何人")),
        Column("article", _("所涉稿件")),
        Column("subject", _("公开什么")),
        Column("purpose", _("用途")),
        Column("how", _("同意方式"), value="get_how_display"),
        Column("given_on", _("同意日期"), kind="date"),
        Column("act_by", _("更正或撤下时限"), kind="date"),
    ],
    form=forms.ConsentForm,
    move_forms={"give": forms.Giving},
    related=["article", "person", "picture"],
    detail="publications/consent.html",
    context=consent_context,
)

"""The list of papers. The odd pages are in pages.py."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.forms import ChronicleForm
from tongzhou.modules.chronicle.models import LINES, Chronicle, Kind
from tongzhou.modules.chronicle.views import papers
from tongzhou.modules.chronicle.workflow import READ, WRITE, State

FORMATS = [("html", "HTML"), ("docx", "Word"), ("pdf", "PDF"), ("md", "Markdown"), ("json", "JSON"), ("xlsx", "Excel")]


HEAD = ("heading", "heading_en", "subtitle", "subtitle_en", "issuer", "issuer_en")


def context(chronicle: Chronicle, by: Person) -> dict[str, Any]:
    """The paper as it stands, and what this person may do with it."""
    paper = papers.composed(chronicle, by)
    drafting = chronicle.state == State.DRAFT and access.may(by, WRITE, chronicle)
    silent = dict(LINES).keys() - {part.line for part in paper.parts}
    lines = [
        (line, label)
        for line, label in LINES
        if line in silent and (chronicle.kind != Kind.RETURN or line == LINES[0][0])
    ]
    editions = [edition for edition in chronicle.editions.all() if access.may(by, "chronicle.read", edition)]
    names = set() if chronicle.kind != Kind.DISCLOSURE or chronicle.frozen else _names(chronicle, paper)
    return {
        "paper": paper, "formats": FORMATS, "drafting": drafting, "silent": lines if drafting else [], "editions": editions,
        "cited": queries.cited(chronicle, by) if drafting else [], "named": sorted(names),
        "may_correct": chronicle.state == State.PUBLISHED and access.may(by, WRITE, chronicle),
        "is_public": chronicle.kind == Kind.DISCLOSURE and chronicle.frozen is not None,
    }  # fmt: skip


def _names(chronicle: Chronicle, paper: Any) -> set[str]:
    """In what will be public: the head and the sections in both languages, whichever is being read, and what the rooms tell."""
    told = [one.text for part in paper.parts for paragraph in part.paragraphs for one in paragraph]
    told += [text for one in chronicle.sections.all() for text in (one.text, one.text_en)]
    told += [str(getattr(chronicle, name)) for name in HEAD]
    return set(queries.names_of_people("\n".join(told), chronicle))


chronicles = Desk(
    model=Chronicle,
    title=_("纪实"),
    one=_("纪实"),
    intro=_("日报、报表、公示和纪实都由记录写成，每个数字都能点开。"),
    columns=[
        Column("title", _("标题"), kind="link"),
        Column("kind", _("种类"), value="get_kind_display", sort="kind"),
        Column("number", _("期号"), kind="number"),
        Column("scope", _("范围"), value="scope_text"),
        Column("when", _("成文日期"), sort="happened_on", kind="when"),
        Column("unit", _("编写单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["kind"],
    search=["heading", "heading_en", "subtitle", "about__name"],
    fields=[
        Column("kind", _("种类"), value="get_kind_display"),
        Column("scope", _("范围"), value="scope_text"),
        Column("when", _("成文日期"), kind="when"),
        Column("unit", _("编写单位"), kind="unit"),
        Column("corrects", _("更正的旧版")),
    ],
    form=ChronicleForm,
    detail="chronicle/page.html",
    slip="chronicle/print.html",
    links=[(_("一次录入"), "chronicle.once", READ)],
    context=context,
    related=["about", "corrects", "filed_by"],
)

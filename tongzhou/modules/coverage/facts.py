"""What may be counted of coverage, and how it is told.

People are counted once for each kind, however many lists they stand on; "covered" counts who was reached at least once. Contacts saved
are counted where they were saved: at the people who were not phoned again.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.coverage.models import Declaration, Kind, Listing, Subject
from tongzhou.modules.coverage.workflow import DeclarationState


def people(kind: str) -> Callable[[], QuerySet[Subject]]:
    return lambda: Subject.objects.filter(Exists(Listing.objects.filter(subject=OuterRef("pk"), kind=kind)))


def reached(kind: str) -> Callable[[], QuerySet[Subject]]:
    listed = Listing.objects.filter(subject=OuterRef("pk"), kind=kind, last_on__isnull=False)
    return lambda: Subject.objects.filter(Exists(listed))


def declared() -> QuerySet[Declaration]:
    return Declaration.objects.exclude(state=DeclarationState.WITHDRAWN)


def saved() -> QuerySet[Listing]:
    return Listing.objects.filter(saved__gt=0)


_PEOPLE: Any = {"measure": "人", "nouns": ("person", "people")}
_HOW = {
    Kind.CHECK: (_("应查{value}"), _("已查{value}"), _("应查的人"), _("已查的人")),
    Kind.TEST: (_("应检{value}"), _("已检{value}"), _("应检的人"), _("已检的人")),
    Kind.CARE: (_("应管{value}"), _("已管{value}"), _("应管的人"), _("已管的人")),
}
FACTS = (
    Fact("declared", _("申报旅居史和健康状况{value}"), declared, measure="人次", nouns=("declaration", "declarations"), label=_("旅居史和健康申报")),
    *[
        Fact(f"{name}_{kind.value}", sentence, rows(kind), label=label, **_PEOPLE)
        for kind, (must, done, must_label, done_label) in _HOW.items()
        for name, sentence, rows, label in (("must", must, people, must_label), ("done", done, reached, done_label))
    ],
    Fact(
        "saved", _("名单去重免去重复联系{value}"), saved, value="saved", via="subject", measure="次", nouns=("contact", "contacts"),
        label=_("免去的重复联系"),
    ),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """One sentence on declarations, one on who had to be covered and was, one on whom nobody phoned twice; none for zero."""
    found = {
        name.removeprefix("coverage."): listed[0]
        for name, listed in findings.items()
        if name.startswith("coverage.") and listed
    }
    told = [_sentence([found["declared"]]), *(_kind(found, kind) for kind in Kind), _sentence([found["saved"]])]  # fmt: skip
    return [sentence for sentence in told if sentence]


def _kind(found: dict[str, Finding], kind: Kind) -> Sentence | None:
    must, done = found[f"must_{kind.value}"], found[f"done_{kind.value}"]
    return _sentence([must, done]) if must.figure.value else None


def _sentence(findings: list[Finding]) -> Sentence | None:
    shown = [one for one in findings if one.figure.value]
    if not shown:
        return None
    return Sentence(__("，").join(one.sentence(one.token) for one in shown) + __("。"), tuple(shown))

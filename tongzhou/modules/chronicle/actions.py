"""What moves on a chronicle do beyond a change of state, and the loader of example files."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import ledger, steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.loading import Loading
from tongzhou.kernel.models import Person
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.models import LINES, Chronicle, Citation, Kind, Section
from tongzhou.modules.chronicle.rules import Stray, prose
from tongzhou.modules.chronicle.workflow import State

FIELDS = {"zh": "text", "en": "text_en"}


class Strays(ValidationError):
    """Numbers in the prose that no record stands behind, and the texts their places are counted in, by language."""

    def __init__(self, found: Mapping[str, list[Stray]], texts: Mapping[str, str]) -> None:
        super().__init__([place(stray) for strays in found.values() for stray in strays])
        self.found, self.texts = found, texts


def place(stray: Stray) -> str:
    words = {"line": stray.line, "column": stray.column, "advice": stray.advice}
    return __("第 %(line)d 行第 %(column)d 字：%(advice)s") % words


def file(chronicle: Chronicle, *, by: Person, **extras: Any) -> tuple[Chronicle, bool]:
    """A brief without a number gets the next one; a paper without a title is named after its kind."""
    with transaction.atomic():
        if chronicle.kind == Kind.BRIEF and chronicle.number is None and chronicle.corrects_id is None:
            chronicle.number = _next_number(chronicle)
        if not chronicle.heading.strip():
            chronicle.heading, chronicle.heading_en = _heading(chronicle)
        return steps.file(chronicle, by=by)


def write(chronicle: Chronicle, *, by: Person, note: str = "", line: str = "", **texts: str) -> Chronicle:
    """Put the prose of one section: `text` and `text_en`. Empty, or left as the rooms tell it, it stays live. Raises Strays, OutOfStep.

    The version on `chronicle` is the one the editor saw.
    """
    label = dict(LINES).get(line)
    if label is None:
        raise ValidationError(__("请在纪实页面上改写各部分。"))
    linked = linked_or_refused(chronicle, by, {name: texts.get(field, "") for name, field in FIELDS.items()})
    told = queries.told(chronicle, by)
    kept = {name: "" if text == told[name].get(line) else text for name, text in linked.items()}
    with transaction.atomic():
        steps.advance(chronicle, "write", by=by, note=note, data={"line": source_text(label)})
        Section.objects.update_or_create(
            chronicle=chronicle, line=line, defaults={field: kept[name] for name, field in FIELDS.items()}
        )
    return chronicle


def cite(chronicle: Chronicle, *, by: Person, note: str = "", table: str = "", key: Any = None) -> Chronicle:
    """Cite a record of this response that the editor reaches. Citing it again changes nothing."""
    record = queries.find(table, key, chronicle, by)
    if record is None:
        raise ValidationError(__("没有找到这条记录，请重新搜索。"))
    with transaction.atomic():
        _citation, is_new = Citation.objects.get_or_create(chronicle=chronicle, table=table, record=record.pk)
        return (
            steps.advance(chronicle, "cite", by=by, note=note, data={"record": str(record)[:100]})
            if is_new
            else chronicle
        )


def uncite(chronicle: Chronicle, *, by: Person, note: str = "", table: str = "", key: Any = None) -> Chronicle:
    """Take a citation back, unless the prose still holds a number of that record."""
    citation = chronicle.citations.filter(table=table, record=key).first()
    if citation is None:
        return chronicle
    record = queries.find(table, key, chronicle, by)
    with transaction.atomic():
        citation.delete()
        for section in chronicle.sections.all():
            linked_or_refused(chronicle, by, {name: getattr(section, field) for name, field in FIELDS.items()})
        return steps.advance(chronicle, "uncite", by=by, note=note, data={"record": str(record or key)[:100]})


def publish(chronicle: Chronicle, *, by: Person, note: str = "", **data: Any) -> Chronicle:
    """Freeze the paper as the publisher reaches it. Whoever wrote at it does not publish it; the edition it corrects gives way."""
    if by in _authors(chronicle):
        raise PermissionDenied(__("起草、修改过的人不能签发，请由另一位有签发权限的人签发。"))
    for section in chronicle.sections.all():
        linked_or_refused(chronicle, by, {name: getattr(section, field) for name, field in FIELDS.items()})
    frozen = queries.freeze(chronicle, by, timezone.now())
    with transaction.atomic():
        steps.advance(
            chronicle,
            "publish",
            by=by,
            note=note,
            data={"digest": frozen["digest"], "short": frozen["digest"][:12]},
            frozen=frozen,
        )
        if chronicle.corrects and chronicle.corrects.state == State.PUBLISHED:
            replace(chronicle.corrects, by=by)
    return chronicle


def replace(chronicle: Chronicle, *, by: Person, note: str = "") -> Chronicle:
    """A published paper gives way to a published edition of it and to nothing else: no address takes it from the public alone."""
    if not chronicle.editions.filter(state=State.PUBLISHED).exists():
        raise steps.OutOfStep
    return steps.advance(chronicle, "replace", by=by, note=note)


def correct(old: Chronicle, *, by: Person, key: UUID | None = None) -> Chronicle:
    """A new edition of a published paper, as a draft with its scope, prose and citations. There is only one at a time."""
    begun = old.editions.exclude(state=State.DROPPED).first()
    if begun:
        return begun
    if old.state != State.PUBLISHED:
        raise steps.OutOfStep
    names = [
        "response", "unit", "kind", "heading", "heading_en", "subtitle", "subtitle_en", "issuer", "issuer_en", "number", "about",
        "first_on", "last_on", "wanted",
    ]  # fmt: skip
    made = Chronicle(pk=key or uuid4(), **{name: getattr(old, name) for name in names}, corrects=old)
    with transaction.atomic():
        steps.file(made, by=by)
        Section.objects.bulk_create(
            Section(chronicle=made, line=one.line, text=one.text, text_en=one.text_en) for one in old.sections.all()
        )
        Citation.objects.bulk_create(
            Citation(chronicle=made, table=one.table, record=one.record) for one in old.citations.all()
        )
    return made


def linked_or_refused(chronicle: Chronicle, by: Person, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts by language with typed figures as tokens. Raises Strays."""
    linked: dict[str, str] = {}
    strays: dict[str, list[Stray]] = {}
    for name, text in texts.items():
        plain = "\n".join(line.rstrip() for line in text.splitlines()).strip()
        linked[name], found = prose.proof(plain, queries.known(chronicle, by, name), name) if plain else ("", [])
        strays |= {name: found} if found else {}
    if strays:
        raise Strays(strays, linked)
    return linked


def load(data: dict[str, Any], loading: Loading) -> int:
    """Papers as drafts: nobody's signature is invented. Their days are given as YYYY-MM-DD."""
    for row in data["chronicle"]:
        when = parse_when(row["date"])
        made = Chronicle(
            pk=loading.key("chronicle", row["key"]), response=loading.response, unit=loading.units[row["unit"]],
            kind=row.get("kind", Kind.CHRONICLE), heading=row["title"], source=row.get("source", loading.source),
            about=loading.units[row["about"]] if row.get("about") else None, first_on=_day(row.get("first")), last_on=_day(row.get("last")),
            happened_on=when.day, happened_precision=when.precision,
            **{name: row.get(field, "") for name, field in _LOADED.items()},
        )  # fmt: skip
        made, is_new = file(made, by=loading.by)
        if is_new:
            for section in row.get("section", []):
                write(
                    made,
                    by=loading.by,
                    line=section["line"],
                    text=section.get("text", ""),
                    text_en=section.get("text_en", ""),
                )
    return len(data["chronicle"])


_LOADED = {
    "heading_en": "title_en", "subtitle": "subtitle", "subtitle_en": "subtitle_en", "issuer": "issuer", "issuer_en": "issuer_en",
}  # fmt: skip


def _authors(chronicle: Chronicle) -> set[Person]:
    """Whoever filed, changed or submitted the paper."""
    moves = {"submit", "write", "cite", "uncite"}
    return {
        entry.by
        for entry in ledger.entries(chronicle)
        if entry.by and (entry.verb in {"file", "amend"} or entry.move in moves)
    }


def _next_number(chronicle: Chronicle) -> int:
    rows = Chronicle.objects.filter(response=chronicle.response, unit=chronicle.unit, kind=Kind.BRIEF).exclude(
        state=State.DROPPED
    )
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _heading(chronicle: Chronicle) -> tuple[str, str]:
    """“…疫情防控日报”, in both languages where the response has an English name."""
    response, unit = chronicle.response, chronicle.about or chronicle.unit
    name, english = {
        Kind.BRIEF: (f"{unit.name}疫情防控日报", f"Daily brief of {unit.name_en}" if unit.name_en else ""),
        Kind.RETURN: (f"{unit.name}疫情防控工作报表", f"Return of {unit.name_en}" if unit.name_en else ""),
        Kind.DISCLOSURE: (f"{response.name}公示", f"{response.name_en}: disclosure" if response.name_en else ""),
        Kind.CHRONICLE: (f"{response.name}纪实", f"{response.name_en}: a chronicle" if response.name_en else ""),
    }[Kind(chronicle.kind)]
    return name[:120], english[:200]


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None

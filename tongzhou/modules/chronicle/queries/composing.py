"""A paper composed live: the rooms' sentences or an editor's prose, with today's figures."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import override

from tongzhou.kernel import dates, facts
from tongzhou.kernel.facts import Finding
from tongzhou.kernel.figures import Figure
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.chronicle.models import INTRO, LINES, Chronicle, Kind
from tongzhou.modules.chronicle.queries import citing, gathering
from tongzhou.modules.chronicle.queries.gathering import Gathered
from tongzhou.modules.chronicle.rules import check, prose
from tongzhou.modules.chronicle.rules.prose import Composition, Grid, Known, Part, Row, Shown

LOCALES = {"zh": "zh-hans", "en": "en"}


def gathered(chronicle: Chronicle, by: Person) -> Gathered:
    return gathering.gather(chronicle, by)


def composition(chronicle: Chronicle, by: Person, *, texts: Mapping[str, str] | None = None) -> Composition:
    """The paper in the active language as this person reaches its records. `texts` puts unsaved prose in place of the saved."""
    found, written = gathered(chronicle, by), prose_of(chronicle) | dict(texts or {})
    findings = found.findings | _missing(written, found, chronicle, by)
    figures = {token: shown(token, one) for token, one in findings.items()}
    if chronicle.kind == Kind.RETURN:
        parts = told_parts({INTRO: written.get(INTRO, "")}, {}, figures)
        return head(chronicle, parts, _grid(chronicle, by), _notes(chronicle, by))
    return head(chronicle, told_parts(written, found.told, figures), None, _notes(chronicle, by))


def head(
    chronicle: Chronicle, parts: tuple[Part, ...], grid: Grid | None, notes: tuple[tuple[str, str], ...]
) -> Composition:
    english = lang() == "en"
    subtitle = (english and chronicle.subtitle_en) or chronicle.subtitle
    issuer = (english and chronicle.issuer_en) or chronicle.issuer or str(chronicle.unit)
    number = __("第{number}期").format(number=chronicle.number) if chronicle.number else ""
    day = dates.show(chronicle.when, lang())
    scope = chronicle.scope.as_data()
    return Composition(str(chronicle), subtitle, issuer, day, number, scope, chronicle.scope_text(), parts, grid, notes)


def told_parts(
    written: Mapping[str, str], told: Mapping[str, list[str]], figures: Mapping[str, Shown]
) -> tuple[Part, ...]:
    """The sections that have something to say, in the order of the lines."""
    parts = []
    for line, label in LINES:
        if text := written.get(line, "").strip():
            paragraphs = prose.sentences(text)
        else:
            gap = " " if lang() == "en" else ""
            paragraphs = [[sentence + gap for sentence in told[line]]] if told.get(line) else []
        if paragraphs:
            said = tuple(tuple(prose.said(one, figures) for one in paragraph) for paragraph in paragraphs)
            parts.append(Part(line, "" if line == INTRO else str(label), said, bool(text)))
    return tuple(parts)


def shown(token: str, found: Finding) -> Shown:
    name = f"{found.fact.room}.{found.fact.name}"
    return Shown(token, name, found.text(), found.figure.value, found.figure.bound.value, found.url(), finding=found)


def prose_of(chronicle: Chronicle) -> dict[str, str]:
    """Saved prose by line, in the active language; nothing where the rooms' own words stand."""
    field = "text_en" if lang() == "en" else "text"
    return {
        section.line: getattr(section, field) for section in chronicle.sections.all() if getattr(section, field).strip()
    }


def known(chronicle: Chronicle, by: Person, language: str) -> Known:
    """What numbers prose in this language may hold."""
    with override(LOCALES[language]):
        found = gathered(chronicle, by)
        figures = {token: one.text() for token, one in found.findings.items()}
        records = citing.cited(chronicle, by)
        texts = [text for record in records for text in citing.texts(record)]
        said = [*texts, *(one for sentences in found.told.values() for one in sentences)]
        texts += [chronicle.response.name, chronicle.response.name_en, *_numbered_units(chronicle)]
        texts += [stray.text for one in said for stray in check(one, (), language)]  # 20号 of “送到20号楼”
        values = frozenset(value for record in records for value in citing.values(record))
        names = frozenset(f"{room.name}.{fact.name}" for room in gathering.tellers() for fact in room.facts)
        return Known(figures, tuple(filter(None, texts)), values, names)


def told(chronicle: Chronicle, by: Person) -> dict[str, dict[str, str]]:
    """What the rooms tell of each line, by language: the text an editor begins with."""
    texts = {}
    for language, locale in LOCALES.items():
        with override(locale):
            gap = " " if language == "en" else ""
            texts[language] = {line: gap.join(one) for line, one in gathered(chronicle, by).told.items()}
    return texts


def palette(chronicle: Chronicle, by: Person) -> list[dict[str, str]]:
    """What may be inserted: first the figures of the whole scope, then those of single records, with the record's name."""
    found = {token: one for token, one in gathered(chronicle, by).findings.items() if one.figure.value}
    names = _record_names([one for one in found.values() if one.only])
    rows = [
        {
            "token": token,
            "figure": one.text(),
            "sentence": one.sentence(),
            "record": names.get(one.only, "") if one.only else "",
        }
        for token, one in found.items()
    ]
    return sorted(rows, key=lambda row: bool(row["record"]))


def _record_names(found: list[Finding]) -> dict[UUID, str]:
    """What single records are called; one query for each table. Whoever sees a figure of one record reaches that record."""
    keys: dict[Any, set[UUID]] = {}
    for one in found:
        keys.setdefault(facts.record_model(one.fact), set()).add(UUID(str(one.only)))
    return {
        record.pk: str(record)
        for model, those in keys.items()
        for record in model._default_manager.filter(pk__in=those)
    }


def _missing(written: Mapping[str, str], found: Gathered, chronicle: Chronicle, by: Person) -> dict[str, Finding]:
    """Figures that only the prose asks for: of a single gift that the rooms no longer tell of, or of nothing any more."""
    rest = gathering.unknown_tokens(written.values(), found.findings)
    return gathering.resolve(rest, chronicle.scope, by) if rest else {}


def _notes(chronicle: Chronicle, by: Person) -> tuple[tuple[str, str], ...]:
    """Names and addresses of the cited records. A disclosure leaves them out: a record's name may be a person's."""
    if chronicle.kind == Kind.DISCLOSURE:
        return ()
    return tuple((str(record), record.get_absolute_url()) for record in citing.cited(chronicle, by))


def _numbered_units(chronicle: Chronicle) -> QuerySet[Unit, Any]:
    """Names that hold a number, 第三支社: the number is part of the name."""
    return Unit.objects.filter(name__regex="[0-9〇一二三四五六七八九十百]").values_list("name", flat=True)


def _grid(chronicle: Chronicle, by: Person) -> Grid:
    """The chosen facts by unit: those below the scope's unit, or those that take part. One query a fact."""
    scope, units = chronicle.scope, _columns(chronicle)
    rows = []
    for room in gathering.tellers():
        for fact in room.facts:
            if chronicle.wanted and f"{room.name}.{fact.name}" not in chronicle.wanted:
                continue
            totals = facts.measure(fact, scope, by)
            split = gathering.by_unit(fact, scope, by)
            for whole in totals if chronicle.wanted else facts.nonzero(totals):
                cells = [_cell(whole)]
                for unit in units:
                    sums = [figure for path, part, figure in split if part == whole.part and path.startswith(unit.path)]
                    cells.append(
                        _cell(
                            Finding(
                                fact, scope.narrowed(unit=unit), sum(sums, Figure.zero), whole.part, None, whole.words
                            )
                        )
                    )
                rows.append(Row(room.line, whole.label, tuple(cells)))
    return Grid((__("合计"), *map(str, units)), tuple(rows))


def _cell(found: Finding) -> Shown:
    code = found.scope.unit.code if found.scope.unit else ""
    return shown(f"{found.token[:-1]}|@{code}}}", found)


def _columns(chronicle: Chronicle) -> list[Unit]:
    """The units below the one reported on; of a whole response its roots, or what is below its only root."""
    if chronicle.about:
        return list(chronicle.about.children.order_by("path"))
    roots = list(chronicle.response.roots.order_by("path"))
    return list(roots[0].children.order_by("path")) if len(roots) == 1 else roots

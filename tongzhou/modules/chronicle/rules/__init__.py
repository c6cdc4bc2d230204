"""A number is never typed into a chronicle: prose holds tokens for figures, and any other number must be known.

Known are the figures gathered, the fields of cited records, dates and the numbering of lists. Everything else is a
stray, refused with its place. What is taken for a count is decided by `numbers.counts` and the tables in `words`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .dates import Span, free
from .numbers import Claim, Number, claim, flat, numbers


@dataclass(frozen=True)
class Token:
    """A place in prose that a figure fills: {donations.goods|消毒液|瓶} is the fact and what part of it."""

    start: int
    end: int
    name: str
    part: tuple[str, ...]


@dataclass(frozen=True)
class Stray:
    """A number with no record behind it. `line` and `column` count from 1; `text` is the number, `excerpt` its place."""

    start: int
    end: int
    line: int
    column: int
    text: str
    excerpt: str
    advice: Promise | str


def tokens(text: str) -> list[Token]:
    return [
        Token(found.start(), found.end(), found["name"], tuple(found["part"].split("|")[1:]))
        for found in _TOKEN.finditer(text)
    ]


def check(text: str, known: Collection[str], lang: str = "zh") -> list[Stray]:
    """Numbers outside tokens that are neither known nor a date, in the order of the text.

    `known` holds texts: gathered figures (100瓶), fields of cited records and names with a number in them (20号楼,
    〔2022〕15号). A figure matches by value, bound and measure, so 24,000元 is 2.4万元 but 近100瓶 is not 100瓶.
    """
    said = {text: found for text in known if (found := claim(text, lang))}
    plain = flat(text, [(token.start, token.end) for token in tokens(text)])
    allowed = [*free(plain), *_literal(plain, known)]
    return [
        _stray(text, number, said, lang)
        for number in numbers(plain, {measure for _value, _bound, measure in said.values() if measure})
        if not any(start <= number.start and number.end <= end for start, end in allowed)
        and claim(text[number.start : number.end], lang) not in said.values()
    ]


def link(text: str, figures: Mapping[str, str], lang: str = "zh") -> str:
    """Put tokens for typed numbers, so that a person may simply type.

    `figures` maps a token ({donations.goods|消毒液|瓶}) to its text (100瓶). A number that equals none, or the text of
    more than one token, stays as typed, and so do dates.
    """
    owners: dict[Claim, list[str]] = {}
    for token, said in figures.items():
        if found := claim(said, lang):
            owners.setdefault(found, []).append(token)
    done = text
    for stray in reversed(check(text, (), lang)):
        found = claim(stray.text, lang)
        match = owners.get(found, []) if found else []
        if len(match) == 1:
            done = done[: stray.start] + match[0] + done[stray.end :]
    return done


def mark(text: str, start: int, end: int, advice: Promise | str) -> Stray:
    """What stands from `start` to `end`, with its place for a person to find."""
    begins = text.rfind("\n", 0, start) + 1
    excerpt = text[max(begins, start - 10) : end + 10].partition("\n")[0]
    return Stray(start, end, text.count("\n", 0, start) + 1, start - begins + 1, text[start:end], excerpt, advice)


_TOKEN = re.compile(r"\{(?P<name>[a-z][\w.-]*)(?P<part>(?:\|[^{}|\n]*)*)\}")


def _literal(plain: str, known: Collection[str]) -> list[Span]:
    texts = {flat(text) for text in known if text.strip()}
    return [found.span() for text in texts for found in re.finditer(re.escape(text), plain)]


def _stray(text: str, number: Number, said: Mapping[str, Claim], lang: str) -> Stray:
    start, end = number.start, number.end
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return mark(text, start, end, _advice(text[start:end], said, lang))


def _advice(text: str, said: Mapping[str, Claim], lang: str) -> Promise | str:
    """Name what was probably meant: a known text of the same value, or one that counts the same."""
    meant = claim(text, lang)
    if meant:
        near = [known for known, (value, _bound, _measure) in said.items() if value == meant[0]]
        near += [known for known, (value, _bound, measure) in said.items() if value and measure and measure == meant[2]]
        if near:
            known = "、".join(dict.fromkeys(near[:3]))
            return format_lazy(
                _("“{text}”与记录不符，记录中是：{known}。请照此写，或先更正记录。"), text=text, known=known
            )
    return format_lazy(
        _("“{text}”没有记录可查。请插入统计数，或引用载有此数的记录，或改成不带数字的说法；日期可以直接写。"), text=text
    )

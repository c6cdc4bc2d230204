"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.publications.models import Article, Column, Consent, Issue

BODY = "## 门口的一小时\n早上六点，值守的人已到小区门口。\n> 大家一起，就不怕。"
_numbers = count(1)


def given(cast: World, unit: Unit | None, **fields: Any) -> dict[str, Any]:
    usual = {
        "pk": uuid4(),
        "response": cast.response,
        "unit": unit or cast.units.branch1,
        "happened_on": date(2022, 3, 5),
    }
    return usual | fields


def column(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Column:
    name = f"防控进行时{next(_numbers)}{marker}"
    made = Column(**given(cast, unit, **{"name": name, "channel": f"“测试”微信平台{marker}"} | fields))
    return steps.file(made, by=cast.people.qian)[0]


def issue(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Issue:
    of = fields.pop("column", None) or column(cast, unit, marker)
    made = Issue(**given(cast, unit, **{"column": of, "number": 1, "theme": f"在门口{marker}"} | fields))
    return module.file(made, by=cast.people.wang)[0]


def article(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Article:
    """As the office puts it down for a unit."""
    texts = {
        "name": f"门口的一小时{marker}",
        "digest": f"一早的值守{marker}",
        "body": f"{BODY}{marker}",
        "contributor": f"供稿人{marker}",
    }
    return steps.file(Article(**given(cast, unit, **texts | fields)), by=cast.people.wang)[0]


def consent(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Consent:
    of = fields.pop("article", None) or article(cast, unit, marker)
    made = Consent(**given(cast, unit, **{"article": of, "who": f"受访居民{marker}"} | fields))
    return module.file(made, by=cast.people.wang)[0]


MAKE: dict[type[Record], Callable[..., Record]] = {Article: article, Issue: issue, Column: column, Consent: consent}


def approved(cast: World, made: Article) -> Article:
    """Through the three reviews, each by another person: the house stands in for a second hand of the office."""
    people = cast.people
    module.perform(made, "send", by=made.author or people.wang)
    module.perform(made, "first", by=people.sun if made.unit == cast.units.branch1 else people.house)
    module.perform(made, "second", by=people.wang)
    module.perform(made, "final", by=people.qian)
    return made


def published(cast: World, made: Article | None = None, **fields: Any) -> Article:
    made = approved(cast, made or article(cast))
    of = issue(cast, cast.units.org, **fields)
    module.perform(made, "place", by=cast.people.wang, issue=of)
    module.perform(of, "publish", by=cast.people.wang)
    return Article.objects.get(pk=made.pk)


def _keyed(cast: World, unit: Unit) -> dict[str, Any]:
    return {"response": cast.response.slug, "key": article(cast, unit).pk}


def _approved(cast: World, unit: Unit) -> dict[str, Any]:
    return {"response": cast.response.slug, "key": approved(cast, article(cast, unit)).pk}


def _published(cast: World, unit: Unit) -> dict[str, Any]:
    return {"response": cast.response.slug, "key": published(cast, article(cast, unit)).pk}


def _nothing(cast: World, unit: Unit) -> dict[str, Any]:
    """A picture that is not public: nobody gets it by this address."""
    return {"response": cast.response.slug, "key": uuid4()}


ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "publications.cite": _keyed,
    "publications.pictures": _keyed,
    "publications.wechat": _approved,
    "publications.wechat.text": _approved,
    "publications.package": _approved,
    "publications.article": _published,
    "publications.picture": _nothing,
}

"""The prose of an assessment: sentences made of facts. A figure is a piece with its name and the address that opens its records."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as __

from tongzhou.kernel import facts, module
from tongzhou.kernel.dates import When, show
from tongzhou.kernel.facts import Finding
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.modules.situation.models import Assessment
from tongzhou.modules.situation.queries.outlook import Outlook, basis, outlook

Piece = str | dict[str, str]  # {"name": …, "text": …, "url": …}
_MARK = "\x1f"


def composition(assessment: Assessment, by: Person) -> list[list[Piece]]:
    """Paragraphs in the active language; what is zero is not told. Nothing for a period without any count, zone or report."""
    scope = assessment.scope
    found = {
        fact.name: facts.measure(fact, scope, by)[0] for fact in module.room("situation").facts if fact.name in _TOLD
    }
    seen = outlook(scope, by, basis(assessment.preset, assessment.window))
    told = [_cases(assessment, found), _zones(found), *_estimates(assessment, seen), _reports(found)]
    return [paragraph for paragraph in told if paragraph]


_TOLD = {"confirmed", "asymptomatic", "community", "zones", "lifted", "reports", "in_time"}


def _cases(assessment: Assessment, found: dict[str, Finding]) -> list[Piece]:
    period = {"first": day(assessment.first_on), "last": day(assessment.last_on), "unit": str(assessment.unit)}
    if not found["confirmed"].figure.value + found["asymptomatic"].figure.value:
        return _said(__("{first}至{last}，{unit}没有登记新增感染。").format(**period))
    text = __("{first}至{last}，{unit}新增确诊病例{confirmed}、无症状感染者{asymptomatic}")
    text += __("，其中社会面发现{community}。") if found["community"].figure.value else __("，没有社会面发现的感染者。")
    return _said(_filled(text, period), *(_figure(found[name]) for name in ("confirmed", "asymptomatic", "community")))


def _zones(found: dict[str, Finding]) -> list[Piece]:
    if not found["zones"].figure.value:
        return []
    text = __("期内划定风险区{zones}") + (
        __("，其中已解除{lifted}。") if found["lifted"].figure.value else __("，均未解除。")
    )
    return _said(text, _figure(found["zones"]), _figure(found["lifted"]))


def _reports(found: dict[str, Finding]) -> list[Piece]:
    if not found["reports"].figure.value:
        return []
    text = __("突发事件信息已报告{reports}，其中按时{in_time}。")
    return _said(text, _figure(found["reports"]), _figure(found["in_time"]))


def _estimates(assessment: Assessment, seen: Outlook) -> list[list[Piece]]:
    if not seen.series.days:
        return []
    at = curve_url(assessment)
    words = {"window": str(seen.basis.window), "few": str(seen.few), "preset": seen.basis.called}
    if seen.now is None:
        return [_said(_filled(__("最近{window}天病例不足{few}例，不能可靠估计有效再生数，也不作预测。"), words))]
    shown = {"name": "reproduction", "text": f"{seen.now.mean:.2f}", "url": at}
    band = {
        "name": "band",
        "text": __("{low}–{high}").format(low=f"{seen.now.low:.2f}", high=f"{seen.now.high:.2f}"),
        "url": at,
    }
    text = __("最近{window}天的有效再生数估计为{reproduction}（95%可信区间{band}），序列间隔按“{preset}”。")
    return [_said(_filled(text, words), shown, band), _growth(seen, at)]


def _growth(seen: Outlook, at: str) -> list[Piece]:
    words = {"window": str(seen.growth_days)}
    if seen.growth.verdict not in {"growing", "falling"}:
        return _said(_filled(__("按最近{window}天的数字，还不能判断是在上升还是下降。"), words))
    middle, shortest, longest = (f"{one:.1f}" for one in seen.growth.times)
    growing = seen.growth.verdict == "growing"
    text = (
        __("按最近{window}天的数字，约{times}天翻一番（{span}）。")
        if growing
        else __("按最近{window}天的数字，约{times}天减半（{span}）。")
    )
    span = {"name": "span", "text": __("{low}–{high}").format(low=shortest, high=longest), "url": at}
    return _said(_filled(text, words), {"name": "times", "text": middle, "url": at}, span)


def curve_url(assessment: Assessment) -> str:
    asked = {
        "unit": assessment.unit.code, "first": assessment.first_on, "last": assessment.last_on, "preset": assessment.preset,
        "window": assessment.window,
    }  # fmt: skip
    return f"{reverse('situation.curve', args=[assessment.response.slug])}?{urlencode({k: v for k, v in asked.items() if v})}"


def day(when: Any) -> str:
    return show(When(when), lang())


def _figure(found: Finding) -> dict[str, str]:
    return {"name": found.fact.name, "text": found.text(), "url": found.url()}


def _filled(text: str, words: dict[str, str]) -> str:
    """The words put in; figures are left as they are."""
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _said(text: str, *figures: dict[str, str]) -> list[Piece]:
    """The text cut at its figures."""
    known = {one["name"]: one for one in figures}
    for name in known:
        text = text.replace(f"{{{name}}}", f"{_MARK}{name}{_MARK}")
    return [known[part] if n % 2 else part for n, part in enumerate(text.split(_MARK)) if part]

"""The curve page: bars of each day, sums, the reproduction number, a short projection, each with its table, and what they cannot say."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import access
from tongzhou.kernel.charts import Chart, Series
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.forms import CurveForm
from tongzhou.modules.situation.queries import Outlook
from tongzhou.modules.situation.rules.estimates import Estimate
from tongzhou.modules.situation.workflow import READ


@require_safe
def curve(request: SignedIn, response: str) -> HttpResponse:
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    form = CurveForm(request.GET, by=request.user, response=found)
    scope, resting = form.asked()
    seen = queries.outlook(scope, request.user, resting)
    page = {
        "response": found, "form": form, "scope": scope, "seen": seen, "charts": charts(seen) if seen.shown else [],
        "growth": growth_words(seen), "limits": limits(seen), "span": [seen.series.days[n] for n in (*seen.shown[:1], *seen.shown[-1:])],
    }  # fmt: skip
    return render(request, "situation/curve.html", page)


def charts(seen: Outlook) -> list[Chart]:
    made = [_daily(seen), _sums(seen)]
    if any(n in seen.estimates for n in seen.shown):
        made.append(_reproduction(seen))
    return [*made, _ahead(seen)] if seen.ahead else made


def growth_words(seen: Outlook) -> str:
    """How fast, in words; that it cannot be said, where it cannot."""
    told: dict[str, Any] = {"days": seen.growth_days, "cases": seen.growth.cases, "few": seen.few}
    if seen.growth.verdict == "few":
        return __("最近%(days)d天共%(cases)d例，不足%(few)d例，倍增时间没有意义。") % told
    if seen.growth.verdict == "unclear":
        return __("最近%(days)d天共%(cases)d例，还不能判断是在上升还是下降，倍增时间没有意义。") % told
    middle, shortest, longest = (f"{one:.1f}" for one in seen.growth.times)
    told |= {"middle": middle, "shortest": shortest, "longest": longest}
    if seen.growth.verdict == "growing":
        return __("最近%(days)d天在上升：约%(middle)s天翻一番（95%%区间%(shortest)s–%(longest)s天）。") % told
    return (
        __("最近%(days)d天在下降：约%(middle)s天减半（95%%区间%(shortest)s–%(longest)s天），倍增时间没有意义。") % told
    )


def limits(seen: Outlook) -> list[str]:
    """What the figures on this page cannot say, in plain words."""
    told = {
        "few": seen.few, "window": seen.basis.window, "silent": seen.silent, "missing": len(seen.series.missing), "called": seen.basis.called,
        "mean": f"{seen.basis.mean:g}", "sd": f"{seen.basis.sd:g}", "cited": seen.basis.cited,
    }  # fmt: skip
    said = [
        __("窗口（%(window)d天）内不足%(few)d例时不给出再生数：那样的估计多半是先验，不是数据。"),
        __("用的是报告日期，不是感染或发病日期：今天的再生数说的是一周左右以前的传播，最近几天还会因迟报而偏低。"),
        __("输入病例也算作本地传播，所以输入多时再生数偏高；检测范围扩大或缩小，会被当成疫情的升降。"),
        __("序列间隔按“%(called)s”：均值%(mean)s天，标准差%(sd)s天（%(cited)s）。换一个间隔，再生数会变。"),
        __(
            "预测假定再生数不变，只含再生数和偶然性的不确定，不含管控措施、聚集性暴发和漏报，实际更不确定；超过一周没有意义。"
        ),
    ]
    if seen.silent:
        said.append(__("本期有%(silent)d个窗口因例数太少没有给出再生数。"))
    if seen.series.missing:
        said.append(__("有%(missing)d天没有任何区域报数，按0计算；补报后结果会变。"))
    return [one % told for one in said]


def _daily(seen: Outlook) -> Chart:
    told = seen.series
    return Chart(
        __("每日新增"), _days(seen), x_name=__("日期"), unit=__("例"),
        series=[
            Series(__("确诊"), _cut(told.confirmed, seen), "bar", stack="cases"),
            Series(__("无症状"), _cut(told.asymptomatic, seen), "bar", stack="cases"),
        ],
    )  # fmt: skip


def _sums(seen: Outlook) -> Chart:
    """From the first day of all, also where the period begins later."""
    told = seen.series
    return Chart(
        __("累计"), _days(seen), x_name=__("日期"), unit=__("例"),
        series=[
            Series(__("累计确诊"), _cut(list(accumulate(told.confirmed)), seen)),
            Series(__("累计无症状"), _cut(list(accumulate(told.asymptomatic)), seen)),
        ],
    )  # fmt: skip


def _reproduction(seen: Outlook) -> Chart:
    found = [seen.estimates.get(n) for n in seen.shown]
    return Chart(
        __("有效再生数（窗口%(window)d天）") % {"window": seen.basis.window}, _days(seen), x_name=__("窗口最后一天"),
        lines=[(1.0, __("1：不增不减"))],
        series=[
            Series(__("再生数（95%可信区间）"), _plain(found, "mean"), low=_plain(found, "low"), high=_plain(found, "high")),
        ],
    )  # fmt: skip


def _ahead(seen: Outlook) -> Chart:
    """The last two weeks as counted, then the days ahead with their band."""
    cases, back = seen.cases, min(14, len(seen.cases))
    nothing: list[None] = [None] * back
    days = [day.isoformat() for day in [*seen.series.days[-back:], *seen.days_ahead()]]
    return Chart(
        __("未来%(n)d天（再生数不变时）") % {"n": len(seen.ahead)}, days, x_name=__("日期"), unit=__("例"),
        series=[
            Series(__("已报告"), [*cases[-back:], *[None] * len(seen.ahead)], "bar"),
            Series(
                __("预测中位数（95%区间）"), [*nothing, *(one.median for one in seen.ahead)], dashed=True,
                low=[*nothing, *(one.low for one in seen.ahead)], high=[*nothing, *(one.high for one in seen.ahead)],
            ),
        ],
    )  # fmt: skip


def _plain(found: Sequence[Estimate | None], name: str) -> list[float | None]:
    return [None if one is None else round(getattr(one, name), 3) for one in found]


def _days(seen: Outlook) -> list[str]:
    return [seen.series.days[n].isoformat() for n in seen.shown]


def _cut[T](values: Sequence[T], seen: Outlook) -> list[T]:
    return [values[n] for n in seen.shown]

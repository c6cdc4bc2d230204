"""`tongzhou plan case.toml --points 100 --seconds 10 --out DIR`: a plan without a server, from a case kept as plain files."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tongzhou.planning.case import told
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.forecasting import Forecast, simulate
from tongzhou.planning.plan import Plan
from tongzhou.planning.reading import read
from tongzhou.planning.siting.problem import Progress
from tongzhou.planning.solving import solve
from tongzhou.planning.warming import warm
from tongzhou.planning.words import say
from tongzhou.planning.writing import write


def main(arguments: list[str]) -> int:
    """0 if there is a plan; 1 if there cannot be one, 2 if something given is wrong, both told in words. `--warm` alone compiles ahead."""
    if arguments == ["--warm"]:
        sys.stdout.write(f"{warm():.1f} s\n")
        return 0
    given = _parsed(arguments)
    if given.replications < 1:
        return _refused([Fault("", 0, say("no_days"))], given.lang, 2)
    try:
        case = read(given.case)
    except Unfit as unfit:
        return _refused(unfit.faults, given.lang, 2)
    try:
        plan = solve(case, points=given.points, seconds=given.seconds, seed=given.seed, watch=_watch(given))
    except Unfit as unfit:
        return _refused(unfit.faults, given.lang, 1)
    forecast = simulate(plan, replications=given.replications, seed=given.seed)
    try:
        warnings = write(plan, forecast, given.out)
    except OSError as error:
        return _refused([Fault(str(given.out), 0, say("unwritable", why=error))], given.lang, 2)
    lines = [headline(plan, forecast, given.lang), *(one[given.lang] for one in (forecast.bottleneck, *warnings))]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _refused(faults: Sequence[Fault], lang: str, code: int) -> int:
    for fault in faults:
        sys.stderr.write((fault.text(lang) if fault.table else fault.words[lang]) + "\n")
    return code


def _parsed(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(
        prog="tongzhou plan", description="Plan where points stand and who comes when; no server, no database."
    )
    parser.add_argument("case", type=Path, help="case.toml; its tables are CSV files beside it")
    parser.add_argument("--points", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replications", type=int, default=50, help="days that the forecast plays through")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--out", type=Path, required=True, help="folder for plan.json, tables, slips and the map")
    parser.add_argument("--quiet", action="store_true", help="say nothing while searching")
    return parser.parse_args(arguments)


def _watch(given: Namespace) -> Any:
    def watch(progress: Progress) -> bool:
        if not given.quiet and sys.stderr.isatty():
            none = {"zh": "尚无不超容量的方案", "en": "no plan yet without a point too full"}[given.lang]
            found = f"{progress.value:.0f}  {progress.gap:.2%}" if progress.value < float("inf") else none
            sys.stderr.write(f"\r{progress.seconds:6.1f} s  {found} \x1b[K")
        return True

    return watch


def headline(plan: Plan, forecast: Forecast, lang: str) -> str:
    """The plan in one line: what it takes, how far people walk, how good it provably is, when the day ends."""
    points, tables = len(plan.open), int(plan.tables[plan.open].sum())
    end, last = told(forecast.swabs_end.middle), forecast.last_result
    if lang == "zh":
        line = f"{points}个点，{tables}个采样台；平均步行{plan.mean_walk:.0f}米；与最优相差不超过{plan.gap:.2%}；采样{end}结束"
        return (
            line
            + (f"，最后结果{told(last.middle)}" if last else "")
            + f"；{forecast.tubes}管，含复检约{forecast.tests}次检测"
        )
    line = f"{points} points, {tables} tables; {plan.mean_walk:.0f} m mean walk; within {plan.gap:.2%} of the best possible; swabs end {end}"
    line += f", last result {told(last.middle)}" if last else ""
    return line + f"; {forecast.tubes} tubes, about {forecast.tests} tests with those done again"

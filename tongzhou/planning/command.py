"""`tongzhou plan case.toml --points 100 --seconds 10 --out DIR`: a plan without a server, from a case kept as plain files."""

import sys
import tomllib
from argparse import ArgumentParser, Namespace
from csv import DictReader
from pathlib import Path
from typing import Any

from tongzhou.planning.case import TABLES, Case, Rules, told
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.forecasting import Forecast, simulate
from tongzhou.planning.plan import Plan
from tongzhou.planning.siting.problem import Progress
from tongzhou.planning.solving import solve
from tongzhou.planning.walking import Earth, Plane, Walk
from tongzhou.planning.warming import warm
from tongzhou.planning.writing import write


def main(arguments: list[str]) -> int:
    """0 if there is a plan; 1 if there cannot be one, told in words. `--warm` alone compiles ahead and plans nothing."""
    if arguments == ["--warm"]:
        sys.stdout.write(f"{warm():.1f} s\n")
        return 0
    given = _parsed(arguments)
    try:
        case = read(given.case)
        plan = solve(case, points=given.points, seconds=given.seconds, seed=given.seed, watch=_watch(given))
    except Unfit as unfit:
        for fault in unfit.faults:
            sys.stderr.write(fault.text(given.lang) + "\n")
        return 1
    forecast = simulate(plan, replications=given.replications, seed=given.seed)
    write(plan, forecast, given.out, given.lang)
    sys.stdout.write(headline(plan, forecast, given.lang) + "\n" + forecast.bottleneck[given.lang] + "\n")
    return 0


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


def read(path: Path) -> Case:
    """The case of a TOML file: [rules], [walk] and a table each for demand, sites, staff, labs, vans: `file = "….csv"` or `rows = […]`."""
    try:
        told_ = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unfit([Fault(str(path), 0, {"zh": f"读不了：{error}", "en": f"cannot be read: {error}"})]) from error
    try:
        rules = Rules(**told_.get("rules", {}))
        walk = _walk(dict(told_.get("walk", {})))
    except (TypeError, ValueError) as error:
        raise Unfit([Fault(str(path), 0, {"zh": f"规则或距离：{error}", "en": f"rules or walk: {error}"})]) from error
    return Case(**{name: _rows(path.parent, told_.get(name)) for name in TABLES}, walk=walk, rules=rules)


def _walk(words: dict[str, Any]) -> Walk:
    kind = words.pop("kind", "plane")
    return Earth(**words) if kind == "earth" else Plane(**words)


def _rows(folder: Path, part: dict[str, Any] | None) -> list[dict[str, Any]]:
    if not part:
        return []
    if "rows" in part:
        return list(part["rows"])
    with (folder / part["file"]).open(encoding="utf-8-sig", newline="") as lines:
        return list(DictReader(lines))


def headline(plan: Plan, forecast: Forecast, lang: str) -> str:
    """The plan in one line: what it takes, how far people walk, how good it provably is, when the day ends."""
    points, tables = len(plan.open), int(plan.tables[plan.open].sum())
    end, last = told(forecast.swabs_end.middle), forecast.last_result
    if lang == "zh":
        line = f"{points}个点，{tables}个采样台；平均步行{plan.mean_walk:.0f}米；与最优相差不超过{plan.gap:.2%}；采样{end}结束"
        return line + (f"，最后结果{told(last.middle)}" if last else "")
    line = f"{points} points, {tables} tables; {plan.mean_walk:.0f} m mean walk; within {plan.gap:.2%} of the best possible; swabs end {end}"
    return line + (f", last result {told(last.middle)}" if last else "")

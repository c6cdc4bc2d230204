import asyncio
import csv
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import slug_re
from django.utils.translation import gettext as _
from django.utils.translation import override
from tqdm import tqdm

from tongzhou.modules.testing.simulation import stage
from tongzhou.modules.testing.simulation.laboratory import Laboratory
from tongzhou.modules.testing.simulation.morning import Morning, Progress
from tongzhou.modules.testing.simulation.stage import Place, Stage
from tongzhou.modules.testing.simulation.telephone import Telephone
from tongzhou.modules.testing.simulation.telling import tell
from tongzhou.modules.testing.simulation.town import Arrival, Scenario, arrivals

NUMBERS = {  # option: (kind, what it says)
    "people": (int, "来采样的人数 | how many people come"),
    "points": (int, "采样点数 | how many points"),
    "tables": (int, "每点采样台数 | tables at each point"),
    "minutes": (float, "用几分钟演完 | minutes on the clock from the first who comes to the last"),
    "hours": (float, "演的是几小时的采样 | hours of sampling that these minutes stand for"),
    "peak": (float, "高峰是平均的几倍 | the rush against the mean"),
    "seed": (int, "随机种子 | the same seed makes the same morning"),
    "size": (int, "一管几人：1、10 或 20 | swabs in one tube"),
    "ill": (float, "阳性比例 | share of people who are positive"),
    "mistakes": (float, "操作差错比例 | share of mistakes"),
    "astray": (float, "走错采样点的比例 | share of people who come to another community's point"),
    "typed": (float, "没有码、录证件的比例 | share of people without a code"),
    "network": (float, "被网络中断的发送比例 | share of sends that the network spoils"),
}
OF_PLACES = ("points", "tables")  # a file of places says them too


class Command(BaseCommand):
    help = (
        "模拟：对着正在运行的服务器演一轮核酸检测，人员全部为模拟；结束时说明丢了什么、错了什么。 | "
        "Plays a round of testing against the running server with synthetic people, and reports what was lost and what conflicted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="服务器 | the server, which uses this database"
        )
        parser.add_argument(
            "--slug", default="simulation", help="在哪个推演响应里 | the synthetic response it is part of"
        )
        words = "采样点名单，CSV 含 name，可含 lat、lon（或 y、x） | points from a file, such as points.csv of `tongzhou plan`"
        parser.add_argument("--places", type=Path, help=words)
        parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="报告的语言 | language of the report")
        for name, (kind, told) in NUMBERS.items():
            default = None if name in OF_PLACES else getattr(Scenario, name)
            parser.add_argument(f"--{name}", type=kind, default=default, help=told)

    def handle(self, *args: Any, lang: str, **options: Any) -> None:
        with override("en" if lang == "en" else "zh-hans"):
            self._handle(**options)

    def _handle(self, url: str, slug: str, places: Path | None, **options: Any) -> None:
        given = {name: options[name] for name in NUMBERS if options[name] is not None}
        self._check(Scenario(**given), url, slug)
        chosen = [replace(one, tables=given.get("tables", one.tables)) for one in _places(places, given.get("points"))]
        scenario = Scenario(**given | {"points": len(chosen)})
        try:
            made = Stage(stage.new_campaign(slug, scenario))
            for _n in _bar(stage.build(made, scenario, chosen), desc=_("采样点"), total=scenario.points):
                pass
        except ValidationError as fault:
            raise CommandError("；".join(fault.messages)) from fault
        morning = self._morning(scenario, made, url)
        asyncio.run(self._play(morning, arrivals(scenario, stage.tables(chosen, scenario))))
        report = tell(morning, stage.found(made.campaign.pk))
        self.stdout.write("\n".join(report.lines))
        self.stdout.write(
            _("留给人做的：待核、复核、对账，见 {url}").format(url=f"{url}{made.campaign.get_absolute_url()}")
        )
        if not report.good:
            sys.exit(1)

    def _check(self, scenario: Scenario, url: str, slug: str) -> None:
        if not slug_re.match(slug) or len(slug) > 24:
            raise CommandError(_("网址名用 24 个以内的字母、数字、- 或 _。"))
        least = {"people": 1, "points": 1, "tables": 1, "minutes": 0.05, "hours": 0.1, "peak": 1}
        for name, value in least.items():
            if getattr(scenario, name) < value:
                raise CommandError(_("--{name} 至少是 {least}。").format(name=name, least=value))
        for name in ("ill", "mistakes", "astray", "typed", "network"):
            if not 0 <= getattr(scenario, name) <= 0.9:
                raise CommandError(_("--{name} 在 0 到 0.9 之间。").format(name=name))
        try:
            with urlopen(f"{url.rstrip('/')}/health/", timeout=10):  # noqa: S310 -- the address is typed by whoever runs the command
                pass
        except (OSError, ValueError):
            raise CommandError(_("{url} 没有答复。请先在另一个窗口运行 tongzhou serve。").format(url=url)) from None

    def _morning(self, scenario: Scenario, made: Stage, url: str) -> Morning:
        server, seed = urlsplit(url.rstrip("/")), scenario.seed
        phones = [
            Telephone(number, secret, server, Random(f"{seed}/{n}"), scenario.network)
            for n, (number, secret) in enumerate(made.telephones)
        ]
        chance = Random(f"{seed}/laboratory")
        laboratory = Laboratory(Telephone(*made.laboratory, server, chance), chance, scenario.mistakes)
        return Morning(scenario, phones, laboratory, stage.codes(made.communities))

    async def _play(self, morning: Morning, everybody: list[Arrival]) -> None:
        """To its end, or, when interrupted, until what is recorded has been sent."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, morning.stop)
        with _bar(desc=_("采样"), total=len(everybody), unit=f" {_('人')}") as bar:
            await morning.play(everybody, partial(_watch, bar))


def _bar(steps: Iterable[int] | None = None, **how: Any) -> Any:
    """On a screen; a file or a pipe gets the report only."""
    return tqdm(steps, disable=None, dynamic_ncols=True, leave=False, **how)


def _watch(bar: Any, now: Progress) -> None:
    """People swabbed as the bar's length; beside it the clock of the morning that is played, and what is behind."""
    words = _("{clock} 排队{queue}人 待发{waiting}条 已出结果{resulted}管")
    clock = f"{now.clock // 3600:.0f}:{now.clock % 3600 // 60:02.0f}"
    bar.n = now.swabbed
    bar.set_postfix_str(words.format(clock=clock, queue=now.queue, waiting=now.waiting, resulted=now.resulted))


def _places(file: Path | None, points: int | None) -> list[Place]:
    """As many as there are points, or all of the file. Raises CommandError for a file that cannot be used."""
    if file is None:
        return [Place(_("模拟采样点{n}").format(n=n + 1)) for n in range(points or Scenario.points)]
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        found = [_place(row) for row in rows]
    except (OSError, KeyError, ValueError) as fault:
        raise CommandError(_("{file} 读不了：要有 name 一列，经纬度、台数、人数是数字。").format(file=file)) from fault
    if len(found) < (points or 1):
        raise CommandError(
            _("{file} 只有{n}个地点，不够{points}个采样点。").format(file=file, n=len(found), points=points or 1)
        )
    return found[:points]


def _place(row: dict[str, str]) -> Place:
    """A row of points.csv as `tongzhou plan` writes it; only the name must be there."""
    # it stands before what a spreadsheet would take for a formula
    name = (row["name"] or row.get("point") or "").removeprefix("'")
    tables, persons = (int(row.get(column) or 0) for column in ("tables", "persons"))
    if not name or min(tables, persons) < 0:
        raise ValueError(row)
    lat, lon = _spot(row)
    return Place(name, lat, lon, tables, persons)


def _spot(row: dict[str, str]) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude. A plan on a plane has metres for x and y, which lie on no map."""
    lat, lon = row.get("lat") or row.get("y"), row.get("lon") or row.get("x")
    if not lat or not lon:
        return None, None
    lies = abs(float(lat)) <= 90 and abs(float(lon)) <= 180
    return (float(lat), float(lon)) if lies else (None, None)

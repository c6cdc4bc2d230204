import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import slug_re
from django.utils.translation import gettext as _

from tongzhou.kernel import rehearsing


class Command(BaseCommand):
    help = (
        "推演：按种子生成一次响应，人员和记录全部为模拟数据。可随时中断，再次运行接着做，不会重复。 | "
        "A response of synthetic people and records, made from a seed. May be stopped at any time; run again it goes on "
        "and doubles nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", default="rehearsal", help="网址名 | its name in addresses")
        parser.add_argument("--units", type=int, default=60, help="单位数，至少 8 | how many units, at least 8")
        parser.add_argument("--members", type=int, default=3000, help="人数，至少 30 | how many people, at least 30")
        parser.add_argument("--records", type=int, default=5000, help="大约的记录数 | about how many records")
        parser.add_argument("--seed", type=int, default=1, help="随机种子 | the same seed makes the same records")
        parser.add_argument(
            "--guests",
            nargs="*",
            default=[],
            metavar="USERNAME",
            help="带着原有角色参加推演的账号 | accounts that take part with the roles they hold elsewhere",
        )

    def handle(
        self, *args: Any, slug: str, units: int, members: int, records: int, seed: int, guests: list[str], **o: Any
    ) -> None:
        self._check(slug, units, members)
        begun, showing = time.monotonic(), self.stdout.isatty()
        last = ""
        try:
            for line in rehearsing.rehearse(slug, units, members, records, seed, guests):
                if showing:
                    self.stdout.write(f"\r\033[K  {line}", ending="")
                    self.stdout.flush()
                elif last and line.split()[0] != last.split(maxsplit=1)[0]:
                    self.stdout.write(f"  {last}")
                last = line
        except KeyboardInterrupt:
            self.stderr.write("\n" + _("已中断：已生成的记录都是完整的；再次运行同一命令即接着做。"))
            sys.exit(130)
        self.stdout.write(("\r\033[K" if showing else "") + f"  {last}")
        self.stdout.write(
            _("推演数据已就绪：/{slug}/，用时 {seconds} 秒").format(
                slug=slug, seconds=round(time.monotonic() - begun, 1)
            )
        )

    def _check(self, slug: str, units: int, members: int) -> None:
        fewest = max(rehearsing.FEWEST_MEMBERS, units)
        if not slug_re.match(slug) or len(slug) > 24:
            raise CommandError(_("网址名用 24 个以内的字母、数字、- 或 _。"))
        if units < rehearsing.FEWEST_UNITS or not fewest <= members < 100_000:
            raise CommandError(
                _("单位至少 {units} 个，人数在 {members} 至 99999 之间。").format(
                    units=rehearsing.FEWEST_UNITS, members=fewest
                )
            )

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import override

from tongzhou.kernel import loading
from tongzhou.kernel.models import Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.management.commands.chronicle import LOCALES
from tongzhou.modules.chronicle.views.once import WEEK


class Command(BaseCommand):
    help = (
        "数一周里录入了多少项、报表日报公示清单用到多少项（Markdown 表）。 | "
        "Count what was typed once in a week against what returns, briefs, disclosures and lists used (a Markdown table)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("response", metavar="RESPONSE", help="例如 jiangcheng | for example jiangcheng")
        parser.add_argument(
            "--last",
            type=date.fromisoformat,
            default=None,
            metavar="DAY",
            help="一周的最后一天，默认今天 | last day of the week, today by default",
        )
        parser.add_argument("--lang", choices=list(LOCALES), default="zh", help="默认中文 | Chinese by default")

    def handle(self, *args: Any, response: str, lang: str, last: date | None, **options: Any) -> None:
        found = Response.objects.filter(slug=response).first()
        if found is None:
            raise CommandError(__("没有名为“%(slug)s”的响应。") % {"slug": response})
        last = last or timezone.localdate()
        with override(LOCALES[lang]):
            rows = queries.once(Scope(found, None, last - WEEK, last), loading.house())
            total = sum((count for _room, count in rows), queries.Once())
            heads = [__("录入"), __("各级报表"), __("日报"), __("公示"), __("清单"), __("用到合计"), __("遍数")]
            lines = [["", *heads], ["---", *["---:"] * len(heads)]]
            lines += [
                [str(name), *_cells(count)]
                for name, count in [*((room.title, count) for room, count in rows), (__("合计"), total)]
            ]
        self.stdout.write("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _cells(count: queries.Once) -> list[str]:
    numbers = (count.typed, count.returns, count.briefs, count.disclosures, count.lists, count.asked)
    return [*(f"{number:,}" for number in numbers), f"{count.times:.1f}"]

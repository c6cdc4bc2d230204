import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as __
from django.utils.translation import override

from tongzhou.kernel import loading, paper
from tongzhou.kernel.models import Response
from tongzhou.modules.chronicle.models import Chronicle, Kind
from tongzhou.modules.chronicle.views import papers
from tongzhou.modules.chronicle.workflow import State

LOCALES = {"zh": "zh-hans", "en": "en"}


class Command(BaseCommand):
    help = (
        "输出一次响应的纪实：最近发布的，没有则最近起草的，都没有则全部记录写成的。 | "
        "Print a response's chronicle: the latest published, else the latest draft, else one composed of all its records."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        forms = [form for form in papers.FORMATS if form != "xlsx"]
        parser.add_argument("response", metavar="RESPONSE", help="例如 benxi-2022 | for example benxi-2022")
        parser.add_argument("--format", choices=forms, default="md", help="默认 md | md by default")
        parser.add_argument("--lang", choices=list(LOCALES), default="zh", help="默认中文 | Chinese by default")
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FILE", help="默认标准输出 | standard output by default"
        )

    def handle(self, *args: Any, response: str, format: str, lang: str, output: Path | None, **options: Any) -> None:
        if format in papers.BINARY and output is None and sys.stdout.isatty():
            raise CommandError(__("%(format)s 不是文本，不能显示在终端上。请用 -o 指定文件名。") % {"format": format})
        found = Response.objects.filter(slug=response).first()
        if found is None:
            known = "、".join(Response.objects.values_list("slug", flat=True)) or __("还没有")
            raise CommandError(__("没有名为“%(slug)s”的响应。现有：%(known)s。") % {"slug": response, "known": known})
        by = loading.house()
        with override(LOCALES[lang]):
            chronicle = latest(found)
            try:
                made = papers.taken_away(chronicle, papers.composed(chronicle, by), by, format)
            except paper.NoFont as fault:
                raise CommandError(str(fault)) from fault
        if output:
            output.write_bytes(made)
        elif format in papers.BINARY:
            sys.stdout.buffer.write(made)
        else:
            self.stdout.write(made.decode(), ending="")


def latest(response: Response) -> Chronicle:
    rows = Chronicle.objects.filter(response=response, kind=Kind.CHRONICLE).select_related("response", "unit", "about")
    rows = rows.order_by("-happened_on", "-filed_at")
    found = rows.filter(state=State.PUBLISHED).first() or rows.filter(state__in=[State.DRAFT, State.REVIEW]).first()
    if found:
        return found
    return Chronicle(
        response=response, unit=response.lead, kind=Kind.CHRONICLE, state=State.DRAFT, heading=f"{response.name}纪实",
        heading_en=f"{response.name_en}: a chronicle" if response.name_en else "",
    )  # fmt: skip

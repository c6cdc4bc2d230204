from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tongzhou.modules.testing.actions import publishing
from tongzhou.modules.testing.models import Campaign, Result


class Command(BaseCommand):
    help = (
        "公布核酸检测结果文件；平时由后台任务自动公布，换机器或恢复备份后运行一次。 | "
        "Publish the files of test results. A background task does it by itself; run it after moving or restoring a house."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "response", nargs="*", help="响应的网址名，默认全部。 | Address names of responses; default: all."
        )

    def handle(self, *args: Any, response: list[str], **options: Any) -> None:
        rows = Campaign.objects.filter(state__in=publishing.TOLD, pk__in=Result.objects.values("campaign"))
        rows = rows.filter(response__ended_on=None).select_related("response").order_by("happened_on", "pk")
        for campaign in rows.filter(response__slug__in=response) if response else rows:
            self.stdout.write(f"{campaign.response.slug} {campaign.name} {publishing.publish(campaign)}")

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tongzhou.kernel.alarms import sound


class Command(BaseCommand):
    help = (
        "查看各应用此刻的预警，通知还没有通知到的人；serve 每分钟自动做一次。 | "
        "Look at the rooms' alarms as of now and tell whoever was not told yet; `serve` does this once a minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"notices {sound(timezone.now())}")

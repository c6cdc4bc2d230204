from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tongzhou.kernel import loading
from tongzhou.modules.testing.actions import purging


class Command(BaseCommand):
    help = (
        "检测结束后清除居民登记、待核原文和已公布的结果，只留数字；每天运行一次。 | "
        "When testing is over, erase the register of residents, exact texts and published results; numbers stay. Run once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for line in purging.purge(loading.house(), timezone.localdate()):
            self.stdout.write(line)

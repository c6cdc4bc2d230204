from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tongzhou.kernel import loading
from tongzhou.modules.coverage.actions import expiry


class Command(BaseCommand):
    help = (
        "清除到期名单和申报中的个人信息，只留数字；每天运行一次。 | "
        "Erase personal data of lists and declarations that have expired; numbers stay. Run once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for line in expiry.expire(loading.house(), timezone.localdate()):
            self.stdout.write(line)

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from tongzhou.kernel.reaper import reap


class Command(BaseCommand):
    help = (
        "收拾被强行结束的后台进程留下的任务和消息（serve 每几秒自动做一次），并报告未能送出的消息。 | "
        "Set back what killed workers left behind (serve does so every few seconds) and tell what could not be sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = reap()
        self.stdout.write(_("重新排队的任务：{revived}；放弃的任务：{given_up}").format(**found))
        self.stdout.write(_("等待发送的消息：{waiting}（其中到期：{due}）；未能送出：{failed}").format(**found))

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tongzhou.kernel import seal


class Command(BaseCommand):
    help = "管理个人信息的加密密钥文件（存放于数据库之外）。 | The key file that seals personal data."
    requires_system_checks: Any = ()  # runs before there is a database

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="init | rotate")
        verbs.add_parser(
            "init", help="没有密钥文件时新建一个；已有的绝不改动。 | Make the file if there is none; never touch one."
        )
        verbs.add_parser(
            "rotate", help="加入一把新密钥并启用；之后运行 rekey。 | Add a new current key; then run rekey."
        )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        path = settings.TONGZHOU_KEYS
        if verb == "rotate":
            self.stdout.write(
                _("已启用新密钥 {key}。请运行 tongzhou rekey，并更新密钥文件的备份。").format(key=seal.add_key())
            )
        elif seal.new_keys():
            self.stdout.write(
                _("已新建密钥文件 {path}。请在数据库之外另存一份：没有它，已加密的内容无法读取。").format(path=path)
            )
        else:
            self.stdout.write(_("密钥文件 {path} 已存在，未作改动。").format(path=path))

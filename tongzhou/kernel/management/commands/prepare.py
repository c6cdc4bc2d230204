import hashlib
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from tongzhou.kernel import apart, seal
from tongzhou.kernel.management.commands.messages import compile_all


class Command(BaseCommand):
    help = (
        "一次做好启动前的准备：密钥、数据表、缓存表、译文、静态文件。可反复运行，没有变化时很快。 | "
        "Everything that must be there before serving: keys, tables, cache table, translations, static files. "
        "May be run again and again; quick when nothing has changed."
    )
    requires_system_checks: Any = ()  # what they would complain of is made here

    def handle(self, *args: Any, **options: Any) -> None:
        for line in prepare():
            self.stdout.write(line)


def prepare() -> list[str]:
    """Returns a line for each thing that had to be done."""
    done = []
    if seal.new_keys():
        done.append(
            _("已新建密钥文件 {path}。请在数据库之外另存一份：没有它，已加密的内容无法读取。").format(
                path=settings.TONGZHOU_KEYS
            )
        )
    compile_all()
    if _migrate():
        done.append(_("数据表已就绪。"))
    _make_cache_table()
    if _collect():
        done.append(_("静态文件已就绪。"))
    return done


def _migrate() -> bool:
    """Whether anything waited. In a database of its own an app's tables come without going through the history of all others."""
    homes = [("default", "")] + [(home, one) for home, labels in apart.homes().items() for one in labels]
    waiting = [(home, label) for home, label in homes if _migrations_wait(home, label)]
    for home, label in waiting:
        call_command("migrate", *filter(None, [label]), database=home, interactive=False, verbosity=0)
    return bool(waiting)


def _migrations_wait(home: str, label: str) -> bool:
    executor = MigrationExecutor(connections[home])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes(label or None)))


def _make_cache_table() -> None:
    table = getattr(caches["default"], "_table", None)
    if table and table not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)


def _collect() -> bool:
    """Collecting hashes and compresses every file; only needed when one has changed since."""
    stamp, now = settings.STATIC_ROOT / ".stamp", _state_of_files()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command(
        "collectstatic", interactive=False, clear=settings.STATIC_ROOT.exists(), verbosity=0, stdout=StringIO()
    )
    stamp.write_text(now)
    return True


def _state_of_files() -> str:
    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen.update(f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}\n".encode())
    return seen.hexdigest()

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, router, transaction
from django.utils.translation import gettext as _

from tongzhou.kernel import seal
from tongzhou.kernel.seal import cipher, fields, keys

type Row = tuple[UUID, str]


class Command(BaseCommand):
    help = (
        "用当前密钥重新加密所有个人信息；可随时中断，再次运行即从断处继续。 | "
        "Seal all personal data anew with the current key; may be stopped at any time and continues where it stopped."
    )
    requires_system_checks: Any = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=200, help="每次提交的行数。 | Rows per commit.")
        parser.add_argument(
            "--index", action="store_true", help="同时重算盲索引。 | Compute the blind indexes anew too."
        )

    def handle(self, *args: Any, batch: int, index: bool, **options: Any) -> None:
        broken = 0
        for field in seal.declared():
            broken += self._work_through(field, batch, only_old=True)
            if index and fields.indexes(field):
                broken += self._work_through(field, batch, only_old=False)
        left = sum(_old(field).count() for field in seal.declared())
        if left or broken:
            message = _("{broken} 处内容无法解密，保持原样，见上面的列表；{left} 处尚未使用当前密钥，可再运行一次。")
            raise CommandError(message.format(broken=broken, left=left))
        self.stdout.write(_("全部完成。旧密钥已不再使用；备份也更换之后才可从密钥文件中删去。"))

    def _work_through(self, field: seal.SealedField, batch: int, *, only_old: bool) -> int:
        """Seals what is not under the current key, or computes the indexes of all. Returns how many do not open."""
        rows = _old(field) if only_old else _sealed(field)
        total, done, broken = rows.count(), 0, 0
        for some in _batches(rows, batch):
            with transaction.atomic(using=rows.db):
                for key, text in some:
                    broken += not self._renew(field, key, text, index=not only_old)
            done += len(some)
            self.stdout.write(f"{field.model._meta.db_table}.{field.column}: {done}/{total}")
            self.stdout.flush()
        return broken

    def _renew(self, field: seal.SealedField, key: UUID, text: str, *, index: bool) -> bool:
        """Writes only while the row still holds the text that was read: what someone changes meanwhile is newer."""
        try:
            plain = cipher.decrypt(seal.Sealed(text), at := fields.place(field, key))
        except seal.Broken as fault:
            self.stderr.write(str(fault))
            return False
        if index:
            values: dict[str, Any] = {f.name: cipher.index(plain, f.purpose) or None for f in fields.indexes(field)}
        else:
            values = {field.name: cipher.encrypt(plain, at)}
        _sealed(field).filter(pk=key, raw=text).update(**values)
        return True


def _sealed(field: seal.SealedField) -> models.QuerySet[Any, Any]:
    """Rows with a sealed text, as (key, text). `raw` is the column without the field's own reading."""
    database = router.db_for_write(field.model)
    raw = models.ExpressionWrapper(models.F(field.name), output_field=models.TextField())
    rows: models.QuerySet[Any, Any] = field.model._base_manager.using(database).annotate(raw=raw).filter(raw__gt="")
    return rows.order_by("pk").values_list("pk", "raw")


def _old(field: seal.SealedField) -> models.QuerySet[Any, Any]:
    return _sealed(field).exclude(raw__startswith=cipher.prefix(keys.load().current))


def _batches(rows: models.QuerySet[Any, Any], size: int) -> Iterator[list[Row]]:
    """By key, so that rows done, added or removed meanwhile move none past the reader."""
    some = list(rows[:size])
    while some:
        yield some
        some = list(rows.filter(pk__gt=some[-1][0])[:size])

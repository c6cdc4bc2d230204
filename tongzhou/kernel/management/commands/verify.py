import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from tongzhou.kernel import ledger
from tongzhou.kernel.models import Entry


class Command(BaseCommand):
    help = (
        "重新计算台账的全部摘要链；有断裂时指出第一处，并以 1 退出。 | "
        "Compute every chain of the ledger again; name the first broken entry and exit 1 if there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        chains = Entry.objects.values("table", "record").distinct().count()
        self.stdout.write(_("台账：{entries} 条，{chains} 条链").format(entries=Entry.objects.count(), chains=chains))
        broken = list(ledger.broken())
        if not broken:
            self.stdout.write(_("全部相符。"))
            return
        entry, reason = broken[0]
        self.stderr.write(
            _("第一处断裂：{table} {record} 第 {seq} 条（{said}）：{reason}").format(
                table=entry.table, record=entry.record, seq=entry.seq, said=ledger.sentence(entry), reason=reason
            )
        )
        self.stderr.write(_("共 {count} 处。").format(count=len(broken)))
        sys.exit(1)

"""The acceptance slip (接收凭证) and the disclosure table as paper."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as __

from tongzhou.kernel import paper
from tongzhou.kernel.dates import show
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Response
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models import Gift


def slip(gift: Gift, address: str) -> paper.Paper:
    """What the donor takes home: goods, value and its basis, who counted, and a code that leads to the public page.

    It is no tax receipt: 公益事业捐赠法第十六条 leaves that to the body that may issue one.
    """
    rows = tuple(
        (
            str(line.item),
            line.amount(line.received),
            yuan(line.value_fen),
            str(line.get_basis_display()),
            line.batch,
            str(line.expires_on or ""),
        )
        for line in gift.lines.all()
    )
    header = (__("品名"), __("数量"), __("价值"), __("作价依据"), __("批号"), __("有效期至"))
    blocks = (
        paper.prose(__("捐赠方：{donor}").format(donor=gift.donor)),
        paper.prose(__("接收单位：{unit}　接收地点：{place}").format(unit=gift.unit, place=gift.place or "—")),
        paper.Table(header, rows, widths=(3, 2, 2, 2, 2, 2)),
        paper.prose(
            __("初点：{first}　复点：{second}").format(first=gift.counted_by or "—", second=gift.stocked_by or "—")
        ),
        paper.prose(__("法定票据：{receipt}").format(receipt=gift.receipt)),
        paper.Signatures((__("捐赠方"), __("接收单位（章）"), __("日期"))),
        paper.QR(address, __("扫码查看捐赠去向")),
    )
    return paper.Paper(
        title=__("捐赠物资接收凭证"), number=gift.slip_number, issuer=str(gift.unit), date_text=show(gift.when, lang()), lang=lang(), blocks=blocks,
        source_note=__("本凭证证明实物已收到，不作为税前扣除的票据。"),
    )  # fmt: skip


def disclosure(title: str, response: Response, content: dict[str, Any], digest: str, issuer: str = "") -> paper.Paper:
    """`content` as the reader's language has it (queries.shown_account)."""
    received = tuple(
        (row["slip"] or "—", row["when"], row["donor"], _goods(row), yuan(row["worth_fen"]))
        for row in content["received"]
    )
    given = tuple((row["when"], row["to"], _goods(row), str(row["state_text"])) for row in content["given"])
    changes = tuple(
        (row["when"], str(row["kind_text"]), row["goods_text"], row["reason"]) for row in content["changes"]
    )
    held = tuple((row["item"], *(row[name] for name in ("received", *rules.HELD))) for row in content["balance"])
    blocks = (
        *_part(
            __("接收"), (__("凭证号"), __("日期"), __("捐赠方"), __("捐赠明细"), __("价值")), received, (2, 3, 4, 6, 3)
        ),
        *_part(__("去向"), (__("日期"), __("受捐方"), __("物资"), __("状态")), given, (3, 5, 6, 3)),
        *_part(__("更正、损耗、退还"), (__("日期"), __("类别"), __("物资"), __("原因")), changes, (3, 2, 5, 6)),
        *_part(
            __("结存"),
            (__("品名"), __("入账"), __("在库"), __("已分配"), __("已送达"), __("损耗"), __("已退还")),
            held,
            (1,) * 7,
        ),
        paper.prose(__("本表数据摘要（SHA-256）：{digest}").format(digest=digest)),
    )
    return paper.Paper(
        title=title, subtitle=str(response), issuer=issuer, lang=lang(), blocks=paper.numbered(blocks, lang())
    )


def _part(
    title: str, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], widths: tuple[int, ...]
) -> tuple[paper.Block, ...]:
    """A heading with its table, or with the word that there is nothing."""
    return paper.Heading(title), paper.Table(header, rows, widths=widths) if rows else paper.prose(__("没有。"))


def _goods(row: dict[str, Any]) -> str:
    return (
        __("{goods}（{note}）").format(goods=row["goods_text"], note=row["note"]) if row["note"] else row["goods_text"]
    )


def yuan(fen: int | None) -> str:
    return "—" if fen is None else f"{Decimal(fen) / 100:,.2f}"

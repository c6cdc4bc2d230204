"""志愿服务记录证明 as paper."""

from django.utils.translation import gettext as __
from django.utils.translation import pgettext

from tongzhou.kernel import paper
from tongzhou.kernel.dates import show
from tongzhou.kernel.lang import lang
from tongzhou.modules.volunteering.models import Certificate


def certificate(one: Certificate, address: str) -> paper.Paper:
    """Who served where and how long, by whom recorded; the code by which anyone checks it. Withdrawn, it says so on its face."""
    header = (__("日期"), __("志愿服务项目"), __("地点"), __("服务对象"), __("时长"), __("负责人"))
    rows = tuple(
        (line["day"], line["named"], line["place"] or "—", line["whom"] or "—", line["hours"], line["contact"] or "—")
        for line in one.shown
    )
    words = {"name": one.name, "first": one.first_on, "last": one.last_on, "times": one.times, "hours": one.hours}
    said = __(
        "兹证明{name}于{first}至{last}期间参加志愿服务{times}次，服务时长合计{hours}。时长为实际服务时间，不含往返，均经本人以外的人确认。明细如下："
    )
    blocks: tuple[paper.Block, ...] = (
        *((paper.prose(__("本证明已撤回，无效。")),) if not one.is_valid else ()),
        paper.prose(said.format(**words)),
        paper.Table(header, rows, widths=(3, 5, 4, 3, 3, 2)),
        paper.prose(__("验证码：{code}").format(code=one.code_text)),
        paper.QR(address, __("扫码核对真伪")),
    )
    return paper.Paper(
        title=pgettext("one", "志愿服务记录证明"), number=one.code_text, issuer=str(one.unit), date_text=show(one.when, lang()), lang=lang(), blocks=blocks,
        source_note=__("依据《志愿服务条例》第十九条无偿出具；以验证页显示的结果为准。"),
    )  # fmt: skip

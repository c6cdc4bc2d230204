"""The report of a play: what was lost (nothing), what conflicted and why, and what is left for people to do."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.modules.testing.models import VERDICTS, Conflict
from tongzhou.modules.testing.rules import Verdict
from tongzhou.modules.testing.simulation.morning import Morning
from tongzhou.modules.testing.simulation.stage import Found
from tongzhou.modules.testing.simulation.town import Mistake

MISTAKES = {
    Mistake.BAD_SWAB: _("采样不合格：实验室报灰区，整管人员单管复采"),
    Mistake.NOT_SAVED: _("采了样、没保存扫码：管内比登记多一人，系统无从得知"),
    Mistake.WRONG_NUMBER: _("自己登记错证件号：结果在错号名下，须本人更正"),
    Mistake.OTHERS_CODE: _("出示了别人的码：那个人来时显示“本轮已采过”，待核"),
    Mistake.NO_NUMBER: _("码里没有证件号：照采，待核"),
    Mistake.LATE_COURIER: _("转运延误：箱子晚到，结果晚出"),
    Mistake.LABORATORY: _("实验室重复或录错：逐行退回"),
}
WHY = {  # what the mistakes above lead to; other kinds should not be met
    Conflict.Kind.REPEAT: _("先前有人出示了他的码，本人后来又采"),
    Conflict.Kind.UNKNOWN_CODE: _("出示的码里没有证件号，照采"),
}


@dataclass(frozen=True)
class Report:
    """`lost` and `doubled` must be 0; `left` is what a play that was stopped did not send any more."""

    lost: int
    doubled: int
    left: int
    lines: list[str]

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.left)


def tell(morning: Morning, found: Found) -> Report:
    phones = morning.telephones
    noted, refused = sum(phone.seq for phone in phones), [one for phone in phones for one in phone.refused]
    left = sum(len(phone.waiting) for phone in phones)
    lost = max(0, noted - left - found.rows)
    lines = [*_coming(morning), *_sending(morning, noted), *_conflicts(morning, found), *_after(morning, found)]
    if refused:
        lines.append(__("服务器不认的记录{n}条，第一条：{one}").format(n=len(refused), one=refused[0]))
    words = __("终端记录{noted}条，服务器上有{rows}条：丢失 {lost}，重复 {doubled}，未发出 {left}")
    lines.append(words.format(noted=noted, rows=found.rows, lost=lost, doubled=found.doubled, left=left))
    return Report(lost, found.doubled, left, lines)


def _coming(morning: Morning) -> list[str]:
    scenario, tables = morning.scenario, len(morning.telephones)
    words = __("{n}人在{tables}个采样台采样，{hours:g}小时按{pace:.0f}倍速进行；最多时{queue}人排队")
    return [
        words.format(n=morning.swabbed, tables=tables, hours=scenario.hours, pace=scenario.pace, queue=morning.longest_queue)
    ]  # fmt: skip


def _sending(morning: Morning, noted: int) -> list[str]:
    sent = sum((phone.sent for phone in morning.telephones), Counter[str]())
    took = sorted(chain.from_iterable(phone.took for phone in morning.telephones)) or [0.0]
    spoilt = sent.total() - sent["answered"]
    first = __("终端记录{noted}条，发送{n}批次，其中{spoilt}批次被网络中断或没有答复，都重发了；最多时{most}条待发")
    second = __("一批的答复：半数在{p50:.0f}毫秒内，99%在{p99:.0f}毫秒内")
    return [
        first.format(noted=noted, n=sent.total(), spoilt=spoilt, most=morning.most_waiting),
        second.format(p50=took[len(took) // 2] * 1000, p99=took[int(len(took) * 0.99)] * 1000),
    ]


def _conflicts(morning: Morning, found: Found) -> list[str]:
    lines = [__("操作差错（七种）：")]
    made = morning.made + Counter({Mistake.LABORATORY: morning.laboratory.made})
    lines += [f"  {made[mistake]:4}  {words}" for mistake, words in MISTAKES.items()]
    words = __("走错采样点：{n}人出示了别的社区的码，{told}人当场显示“{verdict}”，都照采")
    lines.append(words.format(n=len(morning.astray), told=found.elsewhere, verdict=VERDICTS[Verdict.OTHER_ZONE]))
    lines.append(__("待核{n}条，都已存下，等人判断：").format(n=sum(found.conflicts.values())))
    words = __("{kind}：{why}")
    for kind, n in found.conflicts.items():
        why = WHY.get(Conflict.Kind(kind), __("原因不在这七种差错里，请查看"))
        lines.append(f"  {n:4}  {words.format(kind=Conflict.Kind(kind).label, why=why)}")
    return lines


def _after(morning: Morning, found: Found) -> list[str]:
    laboratory, account = morning.laboratory, found.account
    first = __("实验室：{stored}管出结果，退回{caught}行；非阴性{pools}管，单管复采{n}人")
    second = __("对账：系统{system}管，封箱{boxed}管；采样{people}人次（含复采），有结果{resulted}人次")
    return [
        first.format(stored=laboratory.said["stored"], caught=laboratory.caught, pools=found.pools, n=morning.retested),
        second.format(system=account.system, boxed=account.boxed, people=account.people, resulted=account.resulted),
    ]

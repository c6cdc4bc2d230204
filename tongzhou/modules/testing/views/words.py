"""What the station says, in the language of its page. The keys are those of ui.js; {…} is filled in there."""

from django.utils.translation import gettext as __


def station_words() -> dict[str, str]:
    return _verdicts() | _late() | _table() | _list() | _boxes() | _device()


def _verdicts() -> dict[str, str]:
    return {
        "verdict_1": __("可以采样"), "verdict_2": __("本轮已采过"), "verdict_3": __("应到其他采样点"), "verdict_4": __("采样码过期"),
        "verdict_5": __("这一管已满"), "verdict_6": __("这一管已用过"), "verdict_7": __("不是采样码"),
        "before": __("{where}　{at}"), "in_tube": __("已存本机 · {tube} 第 {n} 人"), "then_full": __("满了，请扫新管"), "not_written": __("还没有登记"),
        "anyway": __("仍要采样"), "leave": __("不采，下一位"),
    }  # fmt: skip


def _late() -> dict[str, str]:
    """What only the server could know, said after the swab: of whom, where and when, and what to do."""
    return {
        "late_bar": __("有 {n} 条提醒要处理"), "late_name": __("{name}："), "late_code": __("第 {n} 位："), "late_tube": __("{tube}："),
        "late_swab": __("{time} 采，{tube} 第 {n} 位"), "late_seen": __("知道了，已处理"), "late_back": __("取消这一位"),
        "late_do_2": __("还没采的，不采，按“取消这一位”。已经采了的不用再采，告诉点位负责人。"),
        "late_do_3": __("这次有效。请他下次到自己的采样点。"), "late_do_4": __("这次有效。请他更新采样码。"),
        "late_do_5": __("不要再往里采。这一管单独放，告诉点位负责人。"),
        "late_do_6": __("停用这一管，单独放，告诉点位负责人；后面的人用新管。"),
        "late_do_7": __("不知道是谁的。请他出示证件，登记姓名、证件，再取消这一位。"),
    }  # fmt: skip


def _table() -> dict[str, str]:
    return {
        "title": __("采样台"), "ready": __("请扫码"), "scan_tube": __("请扫管码"), "no_tube": __("先扫一支采样管"),
        "tube_open": __("{tube} 还没有封管（{n} 人）"), "close_and_open": __("封上一管，用新管"), "tube_opened": __("已启用 {tube}"),
        "tube_closed": __("已封管 {tube}：{n} 人"), "corrected": __("已取消上一位：{tube} 还有 {n} 人"), "corrected_one": __("已取消：{tube} 还有 {n} 人"),
        "nothing_to_correct": __("没有可更正的"),
        "not_known": __("认不出这个码"), "not_saved": __("没有存下！请重扫（{fault}）"), "wrong_number": __("身份证号码有误"),
        "wrong_document": __("证件号码有误：5 至 20 位字母和数字。没有的选“暂无证件”"), "name_missing": __("请填写姓名"),
    }  # fmt: skip


def _list() -> dict[str, str]:
    return {
        "list_next": __("下一位：{name}"), "list_left": __("名单 {all} 人，还有 {left} 人"), "list_kept": __("名单已存本机：{n} 人"),
        "list_wrong": __("名单没有存：第 {lines} 行看不懂，或证件号码有误"),
    }  # fmt: skip


def _boxes() -> dict[str, str]:
    return {
        "box_incomplete": __("请扫箱码；箱里要有已封的管"), "box_used": __("箱码 {box} 已用过"), "box_too_many": __("一箱最多 {most} 管，请分箱"),
        "box_differs": __("系统 {n} 管，手里 {in_hand} 管：请重数，或写明原因"), "box_sealed": __("已封箱 {box}：{n} 管"),
        "box_differences": __("系统有、手里没有：{missing}；手里有、系统没有：{extra}"), "courier_missing": __("请写转运员"),
        "box_sent": __("{box} 已交 {courier}"),
    }  # fmt: skip


def _device() -> dict[str, str]:
    return {
        "net_sending": __("正在上传"), "net_idle": __("已连接服务器"), "net_offline": __("连不上服务器，照常采样，稍后自动上传"),
        "net_busy": __("服务器忙，稍后自动上传"), "net_unknown": __("服务器不认识本机"),
        "unknown_device": __("服务器不认识本机。数据都在，请导出待传文件，交点位负责人。"),
        "revoked": __("本机已被吊销。已存的会继续上传，请停止采样。"), "clock_wrong": __("本机时钟差 {n} 分钟，服务器会更正时间。"),
        "stuck": __("有 {n} 条服务器不收，只在本机上：请在“更多”里导出文件，交点位负责人；系统更新后按“现在上传”再试。"),
        "no_worker": __("断网后本页不能重新打开，请不要关闭。"),
        "not_invitation": __("这不是登记码"), "invitation_over": __("登记码已失效，或台号不对，请点位负责人重新出示"),
        "no_network": __("连不上服务器，登记时需要网络"), "no_camera": __("相机不能用，请用扫码枪、图片或输入"),
        "nothing_pending": __("没有待上传的"), "exported": __("已导出 {n} 条，请交给能联网的同事"), "not_yet_sent": __("还有没上传的，不能交回"),
        "stuck_kept": __("还有 {n} 条服务器不收，不能交回：先导出文件，交点位负责人"), "late_kept": __("还有 {n} 条提醒没有处理，不能交回"),
    }  # fmt: skip

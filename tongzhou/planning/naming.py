"""What columns and rules are called where people are told of them; the key as it is written in their file stands beside it in Chinese."""

from tongzhou.planning.words import Words

CHINESE = {
    "key": "编号", "name": "名称", "persons": "人数", "x": "经度或横坐标", "y": "纬度或纵坐标", "impaired": "行动不便的比例", "households": "户数",
    "tables": "采样台数", "kept": "必须设点", "banned": "不得设点", "skill": "技能", "blocks": "班数", "lanes": "检测线", "opens": "几点开始",
    "closes": "几点结束", "until": "检测线变动时刻", "left": "变动后检测线", "number": "车辆数", "tubes": "每车管数", "minutes": "每轮几分钟",
    "person_seconds": "每人用时（秒）", "person_cv": "用时离散程度", "utilisation": "计划利用率", "slot_minutes": "预约时段（分钟）",
    "impaired_weight": "行动不便者的权重", "max_walk_m": "步行上限（米）", "impaired_walk_m": "行动不便者步行上限（米）", "household": "每户人数",
    "pool": "每管人数", "late_sd_minutes": "到场偏差（分钟）", "early": "赶早的程度", "no_show": "不来的比例", "observe_minutes": "留观（分钟）",
    "notice_minutes": "改签至少提前（分钟）", "lane_tubes": "每批检测管数", "lane_hours": "每批检测用时（小时）", "lane_waits": "不满一批最多等（小时）",
    "pickup_hours": "转运间隔（小时）", "results_hours": "出结果目标（小时）", "prevalence": "阳性率", "swabbers": "每台工作人员",
    "crew_blocks": "每人班数", "drive_kmh": "车速（公里每小时）",
    "demand": "居民", "sites": "候选点", "staff": "工作人员", "labs": "实验室", "vans": "转运车", "walk": "步行距离", "rules": "规则",
}  # fmt: skip


def called(key: str) -> Words:
    """“人数（persons）”; in English the key itself says it."""
    return {"zh": f"{CHINESE[key]}（{key}）" if key in CHINESE else key, "en": key}

"""Measure words: what a figure counts, in Chinese and in English (singular, plural).

万 and 亿 are multipliers, not measures, and are therefore absent. Chinese classifiers that English does
without (个) have empty English words. The entries are chosen for what an epidemic response counts; where English needs
the noun itself (20余次 as "more than 20 meetings"), the caller passes that pair instead of the Chinese measure.
"""

MEASURES: dict[str, tuple[str, str]] = {
    # people
    "人": ("person", "people"),
    "名": ("person", "people"),
    "人次": ("person-time", "person-times"),
    "户": ("household", "households"),
    "例": ("case", "cases"),
    # events and work
    "次": ("time", "times"),
    "场": ("session", "sessions"),
    "轮": ("round", "rounds"),
    "班": ("shift", "shifts"),
    "期": ("issue", "issues"),
    "篇": ("article", "articles"),
    "条": ("item", "items"),
    "项": ("item", "items"),
    "笔": ("transaction", "transactions"),
    "批": ("batch", "batches"),
    "组": ("group", "groups"),
    "剂": ("dose", "doses"),
    "针": ("jab", "jabs"),
    # places
    "家": ("establishment", "establishments"),
    "家次": ("visit", "visits"),
    "处": ("place", "places"),
    "所": ("place", "places"),
    # goods
    "个": ("", ""),
    "件": ("piece", "pieces"),
    "只": ("piece", "pieces"),
    "支": ("piece", "pieces"),
    "把": ("piece", "pieces"),
    "瓶": ("bottle", "bottles"),
    "袋": ("bag", "bags"),
    "套": ("set", "sets"),
    "箱": ("case", "cases"),
    "盒": ("box", "boxes"),
    "包": ("pack", "packs"),
    "桶": ("drum", "drums"),
    "管": ("tube", "tubes"),
    "副": ("pair", "pairs"),
    "双": ("pair", "pairs"),
    "台": ("unit", "units"),
    "辆": ("vehicle", "vehicles"),
    "顶": ("tent", "tents"),
    "床": ("bed", "beds"),
    "卷": ("roll", "rolls"),
    "张": ("sheet", "sheets"),
    "份": ("portion", "portions"),
    "本": ("copy", "copies"),
    # money, mass, volume, length, time
    "元": ("yuan", "yuan"),
    "公斤": ("kg", "kg"),
    "千克": ("kg", "kg"),
    "斤": ("jin", "jin"),
    "吨": ("tonne", "tonnes"),
    "升": ("litre", "litres"),
    "毫升": ("ml", "ml"),
    "米": ("metre", "metres"),
    "千米": ("km", "km"),
    "公里": ("km", "km"),
    "分钟": ("minute", "minutes"),
    "小时": ("hour", "hours"),
    "天": ("day", "days"),
    "周": ("week", "weeks"),
    "个月": ("month", "months"),
}

"""What the planner says, in Chinese and English, beside each other so that neither is forgotten. No Django: planning stands alone."""

from typing import Any

Words = dict[str, str]

SENTENCES = {
    "no_column": ("缺少“{column}”列；请补上。", "there is no column “{column}”; add it."),
    "unknown_column": ("不认识“{column}”列；请改名或删去。", "unknown column “{column}”; rename or remove it."),
    "no_number": ("“{column}”应填数字，现为“{value}”；请改正。", "“{column}” must be a number, not “{value}”; correct it."),
    "no_whole": ("“{column}”应为整数，现为{value}；请改正。", "“{column}” must be a whole number, not {value}; correct it."),
    "outside": ("“{column}”为{value}，应在{least}与{most}之间；请改正。", "“{column}” is {value}; it must be between {least} and {most}."),
    "no_key": ("缺少编号；请填写。", "there is no key; give it one."),
    "twice": ("编号“{key}”与第{first}行重复；请改为不同编号。", "key “{key}” is that of row {first} too; change one of them."),
    "no_demand": ("没有居民；请至少填一行。", "there are no residents; give at least one row."),
    "no_sites": ("没有候选点；请至少填一行。", "there are no candidate sites; give at least one row."),
    "both": ("“{key}”既须保留又不得使用；请二选一。", "“{key}” is both kept and banned; choose one."),
    "off_earth": (
        "坐标（{x}，{y}）不是经纬度；请检查列的先后，或改用平面坐标。",
        "({x}, {y}) is no longitude and latitude; check their order, or use plane coordinates.",
    ),
    "far_away": ("离其他各行{km}公里以上；请检查坐标。", "is more than {km} km from the others; check its coordinates."),
    "matrix_shape": (
        "步行距离表是{rows}×{columns}，应为{n}×{m}；请重新导出。",
        "the walking matrix is {rows} by {columns} but must be {n} by {m}; export it again.",
    ),
    "hours": ("“{opens}”至“{closes}”不是一段时间；请改正规则。", "“{opens}” to “{closes}” is no stretch of time; correct the rules."),
    "rule": ("规则“{rule}”为{value}，应大于0；请改正。", "rule “{rule}” is {value}; it must be above 0."),
    "points_few": ("至少要设1个点；请调大点数。", "there must be at least 1 point; ask for more."),
    "points_many": (
        "要设{points}个点，可用的候选点只有{usable}个，差{short}个；请减少点数或增加候选点。",
        "{points} points are asked for but only {usable} sites may be used, {short} short; ask for fewer or add sites.",
    ),
    "points_kept": (
        "须保留{kept}个点，多于要设的{points}个；请调大点数或少留{short}个。",
        "{kept} sites must be kept, more than the {points} points asked for; ask for more or keep {short} fewer.",
    ),
    "too_big": (
        "“{key}”有{persons}人，没有一个点能容纳（最多{room}人）；请拆成{parts}行。",
        "“{key}” has {persons} people and no site takes so many (at most {room}); split it into {parts} rows.",
    ),
    "out_of_reach": (
        "“{key}”{limit}米内没有候选点，最近的在{nearest}米外；请就近增设候选点或放宽步行上限。",
        "“{key}” has no site within {limit} m, the nearest is at {nearest} m; add a site near it or allow a longer walk.",
    ),
    "nowhere": (
        "“{key}”走不到任何可用的候选点；请增设候选点，或检查不得设点的候选点和步行路程表。",
        "“{key}” can reach no site that may be used; add one, or check which are banned and the table of ways.",
    ),
    "room_short": (
        "需容纳{persons}人，{points}个最大的点只能容纳{room}人，差{tables}个采样台；请增加点数、台数或时长。",
        "{persons} people must be taken but the {points} largest points take {room}, {tables} tables short; add points, tables or hours.",
    ),
    "budget_short": (
        "采样台限{budget}个，容纳{persons}人至少要{needed}个，差{short}个；请增加采样台或延长时间。",
        "there are {budget} tables but {persons} people need at least {needed}, {short} short; add tables or hours.",
    ),
    "area_short": (
        "“{place}”附近{units}行、{persons}人只能去{sites}个候选点，共容纳{room}人，差{tables}个采样台；请在此处增加。",
        "around “{place}” {units} rows with {persons} people can only go to {sites} sites that take {room}, {tables} tables short; add some there.",
    ),
    "points_short": (
        "步行上限内至少要{needed}个点，现要设{points}个，差{short}个；请增加点数或放宽上限。",
        "the walking limit needs at least {needed} points, {points} are asked for, {short} short; ask for more or allow a longer walk.",
    ),
    "too_few_tables": (
        "“{key}”只剩{tables}张台时，还有{persons}人排不下、附近也去不了；请留下更多的台、延长时间，或先开设附近的点。",
        ("with only {tables} tables left at “{key}” {persons} people find no place there or nearby; "
         "leave more tables, stay open longer, or open a point nearby first."),
    ),
    "not_found": (
        "没有找到符合全部规则的方案：{unserved}行无处可去，{over}人超出容量，最紧的是“{place}”；请增加点数、台数或放宽步行上限。",
        ("no plan was found that keeps every rule: {unserved} rows have nowhere to go, {over} people are too many, most of all at “{place}”; "
         "add points or tables, or allow a longer walk."),
    ),
    "labs_bottleneck": (
        "瓶颈在实验室：样本{hours:.1f}小时后才全部检完，采样结束后还要等{wait:.1f}小时；增加{lanes}条检测线，或改为{pool}合1。",
        ("the laboratories are the bottleneck: the last result comes after {hours:.1f} h, {wait:.1f} h after the last swab; "
         "lanes short: {lanes}; add them, or pool {pool} in 1."),
    ),
    "labs_short": (
        "瓶颈在实验室：样本{hours:.1f}小时后才全部检完，采样结束后还要等{wait:.1f}小时；增加{lanes}条检测线，或把一部分样本送往别处。",
        ("the laboratories are the bottleneck: the last result comes after {hours:.1f} h, {wait:.1f} h after the last swab; "
         "lanes short: {lanes}; add them, or send part of the tubes elsewhere."),
    ),
    "labs_enough": ("实验室跟得上采样。", "the laboratories keep up with the swabs."),
    "queues_short": ("排队都短。", "the queues are short everywhere."),
    "queue_bottleneck": (
        "最长的队在“{place}”，{persons}人，约等{minutes:.0f}分钟；增加1个采样台或缩短时段。",
        "the longest queue is at “{place}”: {persons} people, about {minutes:.0f} min; add a table or use shorter slots.",
    ),
    "staff_short": ("“{skill}”缺{short}人次；请增加人员。", "{short} shifts of “{skill}” are not filled; add staff."),
    "unknown_point": ("没有编号为“{key}”的点；请检查。", "there is no point “{key}”; check the key."),
    "no_spare": (
        "关闭“{key}”后有{persons}人无处可去；请先开设附近的点。",
        "when “{key}” closes {persons} people have nowhere to go; open a point nearby first.",
    ),
}  # fmt: skip


def say(name: str, **values: Any) -> Words:
    """The sentence in both languages."""
    chinese, english = SENTENCES[name]
    return {"zh": chinese.format(**values), "en": english.format(**values)}

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
    "matrix_below": (
        "“{home}”到“{site}”的步行距离小于0；请改正。", "the walk from “{home}” to “{site}” is below 0; correct it.",
    ),
    "nobody": ("各行人数都是0；请填写人数。", "nobody lives in any of the rows; give their people."),
    "hours": (
        "从“{opens}”到“{closes}”不是一段时间；开始和结束请写成“06:00”这样，结束应晚于开始。",
        "“{opens}” to “{closes}” is no stretch of time; write both like \"06:00\", the end after the beginning.",
    ),
    "rule": ("规则“{rule}”为{value}，应是{least}至{most}之间的数；请改正。", "rule “{rule}” is {value}; it must be a number from {least} to {most}."),
    "rule_whole": (
        "规则“{rule}”为{value}，应是{least}至{most}之间的整数；请改正。", "rule “{rule}” is {value}; it must be a whole number from {least} to {most}.",
    ),
    "unreadable": ("读不了：{why}；请检查文件。", "cannot be read: {why}; check the file."),
    "no_file": ("找不到文件“{file}”；请放到{folder}里，或改正文件名。", "there is no file “{file}”; put it into {folder}, or correct its name."),
    "unwritable": ("写不进去：{why}；请换一个文件夹。", "cannot be written: {why}; choose another folder."),
    "no_part": ("“{part}”里要写 file 或 rows；请补上。", "“{part}” must say file or rows; add one of them."),
    "no_rows": ("rows 应是一行一行的数据，如 {{ key = \"P1\" }}；请改正。", "rows must be rows, like {{ key = \"P1\" }}; correct them."),
    "unknown_part": ("不认识“{part}”；可以写的有：{known}。", "“{part}” is not known; there may be: {known}."),
    "more_cells": ("比表头多出{more}格；请检查逗号和引号。", "has {more} cells more than the heading; check commas and quotes."),
    "walk_number": ("“{name}”为{value}，应是大于0的数；请改正。", "“{name}” is {value}; it must be a number above 0."),
    "walk_unknown": ("“{name}”为“{value}”，应是：{known}；请改正。", "“{name}” is “{value}”; it must be one of: {known}."),
    "matrix_key": ("没有编号为“{key}”的{what}；请改正或删去。", "there is no “{key}” among the {what}; correct or remove it."),
    "matrix_number": ("“{home}”到“{site}”为“{value}”，应填不小于0的米数，走不到的留空；请改正。",
                      "“{home}” to “{site}” is “{value}”; it must be metres, 0 or more, or blank where one cannot walk."),
    "matrix_twice": ("“{home}”到“{site}”写了两次；请删去一个。", "“{home}” to “{site}” is given twice; remove one."),
    "matrix_missing": ("没有从“{home}”出发的路程；请补上。", "there is no way from “{home}”; add them."),
    "no_days": ("--replications 至少为1。", "--replications must be at least 1."),
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
        "瓶颈在实验室：样本{hours:.1f}小时后才全部检完（{target}），采样结束后还要等{wait:.1f}小时；{cures}。",
        ("the laboratories are the bottleneck: the last result comes after {hours:.1f} h ({target}), {wait:.1f} h after the last swab; "
         "{cures}."),
    ),
    "lab_bottleneck": (
        "瓶颈在实验室“{lab}”：样本{hours:.1f}小时后才全部检完（{target}），采样结束后还要等{wait:.1f}小时；{cures}。",
        ("the laboratory “{lab}” is the bottleneck: the last result comes after {hours:.1f} h ({target}), {wait:.1f} h after the last swab; "
         "{cures}."),
    ),
    "beyond_target": ("超过{target:g}小时的目标{over:.1f}小时", "{over:.1f} h beyond the target of {target:g} h"),
    "within_target": ("未超过{target:g}小时的目标", "within the target of {target:g} h"),
    "cure_lanes": ("增加{lanes}条检测线（最后结果{before}→{after}）", "lanes to add: {lanes} (last result {before} → {after})"),
    "cure_hours": ("昼夜不停检测（最后结果{before}→{after}）", "test day and night (last result {before} → {after})"),
    "cure_pool": ("改为{pool}合1（最后结果{before}→{after}）", "pool {pool} in 1 (last result {before} → {after})"),
    "cure_elsewhere": ("请把一部分样本送往别处", "send part of the tubes elsewhere"),
    "lab_hours": (
        "“{key}”从{opens:g}点到{closes:g}点不是一段时间；过夜的请把停止时刻加24，写{over:g}。",
        "“{key}” from {opens:g} to {closes:g} is no stretch of time; if it works over night, write {over:g} for {closes:g}.",
    ),
    "no_lane": (
        "瓶颈在实验室：没有一条检测线开着，{tubes}管样本都出不了结果；请重新开放检测线，或把样本送往别的实验室。",
        ("the laboratories are the bottleneck: no lane is open and {tubes} tubes get no result; "
         "open lanes again, or name another laboratory that takes the tubes."),
    ),
    "labs_enough": ("实验室跟得上采样。", "the laboratories keep up with the swabs."),
    "queues_short": ("排队都短。", "the queues are short everywhere."),
    "queue_bottleneck": (
        "最长的队在“{place}”，{persons}人，约等{minutes:.0f}分钟；增加1个采样台或缩短时段。",
        "the longest queue is at “{place}”: {persons} people, about {minutes:.0f} min; add a table or use shorter slots.",
    ),
    "staff_short": ("“{skill}”缺{short}人次；请增加人员。", "{short} shifts of “{skill}” are not filled; add staff."),
    "vans_short": (
        "转运车不够：有的点这一轮取不到，或车超载、超时；请增加车辆或延长一轮的时间。",
        "there are too few vans: some points are not visited in a round, or a van is overfull or late; add vans, or give a round more time.",
    ),
    "anyone_short": ("工作人员缺{short}人次；请增加人员。", "{short} shifts are not filled; add staff."),
    "unknown_point": ("没有编号为“{key}”的点；请检查。", "there is no point “{key}”; check the key."),
    "no_time": (
        "“{key}”{at}关闭、{since}起改签，到{closes}结束时还有{persons}人排不下；请延长采样时间、增加采样台，或先开设附近的点。",
        ("when “{key}” closes at {at}, with new slots from {since} on, {persons} people find no place before {closes}; "
         "stay open longer, add tables, or open a point nearby first."),
    ),
    "too_late": (
        "“{key}”从{at}起改动，提前告知后最早{since}才能到场，而采样{closes}结束：{persons}人来不及；请先延长采样时间。",
        ("“{key}” changes at {at}; after the notice people could come at {since} at the earliest, but the points close at {closes}: "
         "{persons} people would be too late; stay open longer first."),
    ),
    "no_tables": (
        "加开“{key}”后要用{wanted}个采样台，总数限{budget}个；请增加采样台，或先关闭别的点。",
        "with “{key}” open {wanted} tables are in use but there are only {budget}; add tables, or close another point first.",
    ),
    "no_spare": (
        "关闭“{key}”后有{persons}人无处可去；请先开设附近的点。",
        "when “{key}” closes {persons} people have nowhere to go; open a point nearby first.",
    ),
}  # fmt: skip


def say(name: str, /, **values: Any) -> Words:
    """The sentence in both languages; a part that is in both itself is taken in each."""
    parts = {
        lang: {key: one[lang] if isinstance(one, dict) else one for key, one in values.items()} for lang in ("zh", "en")
    }
    chinese, english = SENTENCES[name]
    return {"zh": chinese.format(**parts["zh"]), "en": english.format(**parts["en"])}


def either(words: list[Words]) -> Words:
    """One of these or another."""
    return {"zh": "，或".join(one["zh"] for one in words), "en": ", or ".join(one["en"] for one in words)}

"""The words by which the number check tells a count from a phrase. Data only; each table says what its entries do."""

from tongzhou.kernel.measures import MEASURES

# Say how well a number is known, so they belong to it: 近30万 typed for 30万 is another claim.
# 近 and 约 also end other words (附近, 预约); those are named before them.
BEFORE = (
    "不少于", "不低于", "将近", "接近", "大约", "大概", "约为", "超过", "超出", "至少", "多于", "高于", "大于", "不到", "不足",
    "逾", "超", r"(?<![附最邻临靠])近", r"(?<![签预节违制合公契])约", r"上(?=[百千万亿])", r"数(?=[十百千万亿])",
    r"(?i:\b(?:more than|at least|over|nearly|almost|just under|about|around|approximately)\s+)",
)  # fmt: skip
AFTER = ("以上", "以下", "以内", "左右", "上下")

# After these even 一名 is a count.
COUNTING = (
    "共", "仅", "只", "总计", "合计", "累计", "共计", "总数", "高达", "多达", "新增", "增加", "减少",
    "only", "just", "exactly", "total of", "altogether",
)  # fmt: skip

# What else is counted besides the measures of figures.
MORE_MEASURES = (
    "年", "日", "号", "位", "种", "类", "倍", "岁", "度", "点", "栋", "幢", "层", "间", "座", "道", "部", "册", "封", "面", "块", "颗",
    "粒", "滴", "克", "亩", "届", "遍", "趟", "回", "顿", "句", "架", "艘", "枚", "幅", "首", "平方米", "平方公里", "万元", "亿元",
    "个百分点", "百分点", "刻钟", "秒", "%", "‰", "‱",
)  # fmt: skip

# 一名社员, 一批物资: with most measures 一 is no more than "a". With these it is a quantity.
QUANTITIES = frozenset((
    "元", "万元", "亿元", "公斤", "千克", "斤", "克", "吨", "升", "毫升", "米", "千米", "公里", "亩", "平方米", "平方公里",
    "瓶", "袋", "套", "箱", "盒", "包", "桶", "管", "剂", "例", "人次", "期", "号", "岁", "倍", "百分点", "个百分点", "%", "‰",
))  # fmt: skip

# Phrases whose numerals count nothing. A number is let pass only if it lies wholly inside one: 三万一千 is not 万一.
PHRASES = (
    # names
    "九三学社", "九三(?=本溪|社|人|精神|智慧|力量|担当)", "(?<=本溪)九三", "四川", "三亚", "九江", "五一(?=劳动|假|期间|节)",
    "十一(?=黄金周|长假|假期|国庆)", "(?:十[五六七八九]|二十|二十一)大(?![人量批户])", "十[一二三四五六]五(?=规划|时期|期间)",
    r"“十[一二三四五六]五”", "(?<=m)½", "大年三十", "三八(?=妇女|红旗|节)", "八一(?=建军|勋章|节)", "七一(?=讲话|勋章|建党|节)",
    # names with Arabic figures, and telephone numbers that are names
    *(rf"(?<![0-9A-Za-z]){name}(?![0-9A-Za-z])" for name in
      ("COVID-19", "SARS-CoV-2", "2019-nCoV", "K?N95", "KF94", "5G", "BA\\.[1-5]", "A[34](?=纸|打印| paper)")),
    "12345(?=热线|平台|便民|市民|政务)", "(?:110|119|120|122|12320|12355|12356)(?=急救|报警|热线|电话|心理)",
    "24小时(?=值守|值班|在线|不间断|热线|轮班|服务)", "7[×x*]24小时", "(?i:24/7|zero-covid|dynamic zero|one another|one of)",
    # fixed political phrases
    "两个(?:维护|确立|毫不动摇|结合|大局)", "四个(?:意识|自信|全面|服务)", "三个(?:务必|代表|严格)", "五个一(?=工程)", "五位一体",
    "一国两制", "三会一课", "三重一大", "两不愁三保障", "四个伟大", "六稳", "六保", "两个一百年", "一带一路",
    # idioms with a numeral before what would be a measure, or with large numerals
    "千家万户", "百家争鸣", "百花齐放", "千方百计", "千军万马", "千千万万", "千辛万苦", "千言万语", "万众一心", "万无一失", "万人空巷", "万家灯火",
    "成千上万", "成百上千", "亿万(?=人民|群众|同胞)", "三天两头", "四面八方", "五湖四海", "七上八下", "三三两两", "一五一十", "百里挑一", "百年大计",
    "百分之百", "三人行", "一举两得", "一日三餐", "一年四季", "三百六十行", "九牛一毛", "一刻不停", "十万火急", "一万年太久",
    "三班倒", "三言两语", "七手八脚", "五花八门", "一[人户家校村楼店企院][一多][^\\s，。；]", "三级甲等", "三甲", "二十四小时(?=值守|值班|在线)",
)  # fmt: skip

CHINESE_MEASURES = frozenset(MEASURES) | frozenset(MORE_MEASURES)
ENGLISH_MEASURES = {form: words[0] for words in MEASURES.values() for form in words if form} | {
    "percent": "%", "per cent": "%", "times": "time", "year": "year", "years": "year", "%": "%",
}  # fmt: skip

SPELLED = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
DOZENS = ("dozen", "dozens", "hundreds", "thousands", "millions", "billions", "twice", "thrice")

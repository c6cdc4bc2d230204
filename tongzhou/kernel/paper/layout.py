"""The measures of GB/T 9704-2012 (党政机关公文格式) and the names of its fonts: the one place that knows them."""

TEXT_WIDTH, TEXT_HEIGHT = 156.0, 225.0  # mm
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0  # mm; with the text block they make A4, 210 × 297
FOOTER_GAP = 7.0  # mm between the text block and the page number

LINES, LETTERS = 22, 28  # of a full page, letters of a full line
LINE_PITCH = 28.95  # pt; 22 of them are 224.7 mm, 23 would not fit
LETTER_PITCH = 15.785  # pt; 28 of them are 155.9 mm. Letters of 16 pt would need 158 mm, so they stand closer

BODY, TITLE, PAGE_NUMBER = 16.0, 22.0, 14.0  # pt: 三号, 二号, 四号
TABLE, SMALL = 12.0, 10.5  # pt: 小四, 五号
MASTHEAD = 48.0  # pt, at most
WIDE_TABLE = 6  # columns from which a table is set in 五号
RED = "FF0000"
LINK = "1A4F8B"

# An office computer has these; a .docx names them and does not hold them.
LATIN = "Times New Roman"
FANGSONG, XIAOBIAOSONG, HEITI, KAITI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
HEADING_FONTS = (HEITI, KAITI, FANGSONG, FANGSONG)  # by level

# What a PDF is set in: the first family that the machine has. The last ones are free and in most distributions.
FAMILIES: dict[str, tuple[str, ...]] = {
    FANGSONG: ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FZFangSong-Z02S"),
    XIAOBIAOSONG: ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "STZhongsong"),
    HEITI: ("SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    KAITI: ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti"),
}
FALLBACKS = (
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", "Songti SC",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
)  # fmt: skip
LATIN_FAMILIES = (LATIN, "Liberation Serif", "Tinos", "Libertinus Serif")


def masthead_size(text: str) -> float:
    """Point size at which the red head stands on one line."""
    return min(MASTHEAD, TEXT_WIDTH / 25.4 * 72 / max(len(text), 1))


def letters(text: str) -> float:
    """Width of the longest line in Chinese letters; a Latin letter takes half of one."""
    return max((sum(1 if ord(letter) > 0x2E80 else 0.5 for letter in line) for line in text.split("\n")), default=0)


def date_indents(issuer: str, day: str) -> tuple[float, float]:
    """Right indents of issuer and date, in letters: the date stands 4 in, the issuer is centred over it (7.3.5)."""
    overhang = (letters(issuer) - letters(day)) / 2
    return max(0.0, 4 - overhang), max(4.0, overhang)

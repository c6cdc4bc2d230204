from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

CODE = """
from django.utils.translation import gettext as __, gettext_lazy as _, ngettext, pgettext
TITLE = _("标题")
def say(n, text): return ngettext("{n}人", "{n}人", n), pgettext("天气", "晴"), __(text), _("%(name)s你好")
"""
PAGE = """{% load i18n %}
  <p title="{% translate "页面" %}">
    {% blocktranslate trimmed count n=many %}
      共{{ n }}条
    {% plural %}
      共{{ n }}条
    {% endblocktranslate %}</p> it's
"""
ALL = ["%(name)s你好", "{n}人", "共%(n)s条", "晴", "标题", "页面"]


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Path:
    settings.BASE = tmp_path
    for app in ("kernel", "web", "modules/room"):
        (tmp_path / "tongzhou" / app / "templates").mkdir(parents=True)
    kernel = tmp_path / "tongzhou" / "kernel"
    (kernel / "words.py").write_text(CODE)
    (kernel / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "tongzhou/modules/room/__init__.py").write_text(
        'from x import gettext_lazy as _\nA = _("标题"), _("房间")\n'
    )
    return kernel


def po(app: Path) -> Path:
    return app / "locale/en/LC_MESSAGES/django.po"


def ids(app: Path) -> list[str]:
    return [line[7:-1] for line in po(app).read_text().splitlines() if line.startswith("msgid ")][1:]


def check() -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("messages", check=True, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def translate(app: Path, **words: str) -> None:
    text = po(app).read_text()
    for chinese, english in words.items():
        text = text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{english}"')
    po(app).write_text(text)


def test_messages_gathers_code_and_pages_and_leaves_to_the_kernel_what_it_says(house: Path) -> None:
    call_command("messages", stdout=StringIO())
    assert ids(house) == ALL
    assert ids(house.parent / "modules/room") == ["房间"]
    assert not po(house.parent / "web").exists()


def test_messages_again_changes_nothing_and_keeps_translations(house: Path) -> None:
    call_command("messages", stdout=StringIO())
    translate(house, 标题="Title", 页面="Page")
    before = po(house).read_bytes()
    assert b'"Title"' in before
    call_command("messages", stdout=StringIO())
    assert po(house).read_bytes() == before


def test_messages_drops_what_is_no_longer_used(house: Path) -> None:
    call_command("messages", stdout=StringIO())
    (house / "words.py").write_text("")
    out = StringIO()
    call_command("messages", stdout=out)
    assert ids(house) == ["共%(n)s条", "页面"]
    assert out.getvalue().splitlines()[0] == "kernel: 2 texts, 2 without English, 4 unused removed"


def test_english_goes_along_when_a_text_becomes_the_kernels(house: Path) -> None:
    call_command("messages", stdout=StringIO())
    room = house.parent / "modules/room"
    translate(room, 房间="Room")
    (house / "more.py").write_text('from x import gettext as __\nA = __("房间")\n')
    assert "room: '房间' is not used here but in the kernel" in check()[1]
    call_command("messages", stdout=StringIO())
    assert ('msgid "房间"\nmsgstr "Room"' in po(house).read_text(), ids(room)) == (True, [])


def test_check_names_missing_fuzzy_unused_and_lost_placeholders(house: Path) -> None:
    (house / "templates" / "page.html").unlink()
    call_command("messages", stdout=StringIO())
    translate(house, 标题="Title")
    text = po(house).read_text().replace('msgid "标题"', '#, fuzzy\nmsgid "标题"')
    text = text.replace('msgid "%(name)s你好"\nmsgstr ""', 'msgid "%(name)s你好"\nmsgstr "Hello"')
    po(house).write_text(text + '\nmsgid "旧的"\nmsgstr "Old"\n')
    assert check() == (
        1,
        [
            "kernel: '%(name)s你好' and its English do not have the same placeholders",
            "kernel: '{n}人' has no English",
            "kernel: '旧的' is not used",
            "kernel: '标题' is marked fuzzy",
            "kernel: '晴' has no English",
            "room: '房间' has no English",
            "messages: 5 texts in 3 apps, 6 to mend",
        ],
    )


def test_check_passes_when_all_is_said_and_a_singular_may_leave_out_the_number(house: Path) -> None:
    (house / "templates" / "page.html").unlink()
    call_command("messages", stdout=StringIO())
    text = po(house).read_text().replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "one person"\nmsgstr[1] "{n} people"')
    po(house).write_text(text.replace('你好"\nmsgstr ""', '你好"\nmsgstr "Hello %(name)s"'))
    translate(house, 标题="Title", 晴="fine")
    translate(house.parent / "modules/room", 房间="Room")
    assert check() == (0, ["messages: 5 texts in 3 apps, 0 to mend"])


def test_compile_writes_only_what_is_newer(house: Path) -> None:
    call_command("messages", stdout=StringIO())
    call_command("messages", compile=True)
    mo = po(house).with_suffix(".mo")
    first = mo.stat().st_mtime_ns
    call_command("messages", compile=True)
    assert mo.stat().st_mtime_ns == first

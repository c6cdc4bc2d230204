import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import template

HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
HINT = "Run `tongzhou messages`, then write the English in locale/en/LC_MESSAGES/django.po of the app named at the start of the line."
SINGLE, PLURAL, IN_CONTEXT, PLURAL_IN_CONTEXT = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(["_", "__", "gettext", "gettext_lazy", "gettext_noop"], SINGLE),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], PLURAL),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], IN_CONTEXT),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], PLURAL_IN_CONTEXT),
}
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*(?:[.\[]\w+\]?)*(?:![rs])?(?::[^{}]*)?\}")
type Key = tuple[str, str]  # (context, text)


class Command(BaseCommand):
    help = (
        "收集界面文字（中文）并更新各应用的英文译文 locale/en/LC_MESSAGES/django.po，已有译文保留。 | "
        "Gather the texts people see (Chinese) into each app's English catalogue; translations already there are kept."
    )
    requires_system_checks: Any = ()  # runs before there is a database or a key

    def add_arguments(self, parser: CommandParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--compile", action="store_true", help="生成程序使用的 .mo 文件。 | Write the .mo files used.")
        one.add_argument(
            "--check",
            action="store_true",
            help="只检查：列出缺译、待核、多余和占位符不一致的条目。 | Change nothing; list what is missing, fuzzy, "
            "unused, or loses a placeholder, and exit 1 if there is anything.",
        )

    def handle(self, *args: Any, compile: bool, check: bool, **options: Any) -> None:
        if compile:
            return compile_all()
        used = gather()
        if not check:
            known = {key: text for folder in used for key, text in read(folder).items()}
            for folder, wanted in used.items():
                self.stdout.write(f"{folder.name}: {update(folder, wanted, known)}")
            return None
        faults = list(find_faults(used))
        for fault in faults:
            self.stdout.write(fault)
        total = sum(map(len, used.values()))
        self.stdout.write(f"messages: {total} texts in {len(used)} apps, {len(faults)} to mend")
        if faults:
            self.stderr.write(HINT)
            sys.exit(1)
        return None


def apps() -> list[Path]:
    """The kernel first: what it says, the others need not say again."""
    house = settings.BASE / "tongzhou"
    rooms = sorted(file.parent for file in (house / "modules").glob("*/__init__.py"))
    return [house / "kernel", house / "web", *rooms]


def gather() -> dict[Path, dict[Key, Message]]:
    """The texts of each app. A text of the kernel stays the kernel's, wherever else it is used."""
    used: dict[Path, dict[Key, Message]] = {}
    for folder in apps():
        shared = next(iter(used.values()), {})
        used[folder] = {key: text for key, text in _texts(folder) if key not in shared}
    return used


def update(folder: Path, wanted: dict[Key, Message], known: dict[Key, Message]) -> str:
    """Write the app's catalogue anew: sorted, without places and dates, so that a change shows as itself.

    English that another app had for the same text (`known`) is taken over: a text may move to the kernel.
    """
    kept = read(folder)
    catalog = Catalog("en", fuzzy=False)
    for key, message in wanted.items():
        old = next((text for text in (kept.get(key), known.get(key)) if text and not _empty(text)), None)
        fits = old is not None and isinstance(old.id, tuple) == isinstance(message.id, tuple)
        catalog[message.id] = message
        message.string = old.string if old and fits else message.string
        message.flags = {"fuzzy"} if old and old.fuzzy else set()
    if wanted or kept:
        _po(folder).parent.mkdir(parents=True, exist_ok=True)
        body = BytesIO()
        write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
        content = HEADER.encode() + body.getvalue().strip() + b"\n"
        if not _po(folder).exists() or _po(folder).read_bytes() != content:
            _po(folder).write_bytes(content)
    untranslated = sum(_empty(message) for message in wanted.values())
    return f"{len(wanted)} texts, {untranslated} without English, {len(kept.keys() - wanted.keys())} unused removed"


def read(folder: Path) -> dict[Key, Message]:
    if not _po(folder).exists():
        return {}
    with _po(folder).open("rb") as file:
        return {_key(message): message for message in read_po(file, locale="en", abort_invalid=True) if message.id}


def compile_all() -> None:
    """Only where the catalogue is newer than what was made of it. `web` has a Chinese one too: for texts of libraries."""
    for po in (file for folder in apps() for file in sorted(folder.glob("locale/*/LC_MESSAGES/django.po"))):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            with po.open("rb") as file:
                catalog = read_po(file, locale=po.parent.parent.name, abort_invalid=True)
            part = mo.with_name(f".{mo.name}.{os.getpid()}")  # several may compile at once; each sees a whole file
            with part.open("wb") as made:
                write_mo(made, catalog)
            part.replace(mo)


def find_faults(used: dict[Path, dict[Key, Message]]) -> Iterator[str]:
    said: dict[Key, tuple[str, Any]] = {}
    for folder, wanted in used.items():
        kept = read(folder)
        for key in sorted(wanted.keys() | kept.keys()):
            text = f"{folder.name}: {key[1]!r}"
            if key not in wanted:
                yield f"{text} is not used" + (" here but in the kernel" if key in next(iter(used.values())) else "")
            elif key not in kept or _empty(kept[key]):
                yield f"{text} has no English"
            elif kept[key].fuzzy:
                yield f"{text} is marked fuzzy"
            elif not _same_holes(kept[key]):
                yield f"{text} and its English do not have the same placeholders"
            else:
                name, other = said.setdefault(key, (folder.name, kept[key].string))
                if other != kept[key].string:
                    yield f"{text} has another English in {name}; Django would use one of the two for both"


def _texts(folder: Path) -> Iterator[tuple[Key, Message]]:
    for file in sorted(folder.rglob("*.py")):
        if "migrations" not in file.parts:
            yield from _calls(file.read_bytes(), file)
    for file in sorted([*folder.glob("templates/**/*.html"), *folder.glob("templates/**/*.txt")]):
        # Django writes the tags as Python calls amid X's; without indentation that is read as Python
        calls = template.templatize(file.read_text(encoding="utf-8"), origin=str(file))
        yield from _calls(re.sub(r"(?m)^[ \t]+", "", calls).encode(), file)


def _calls(source: bytes, file: Path) -> Iterator[tuple[Key, Message]]:
    """Calls with plain texts. One with a variable looks up, at run time, a text that is gathered elsewhere."""
    for _line, function, found, _comments in extract_python(BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"}):
        given: list[Any] = list(found) if isinstance(found, tuple) else [found]
        name = str(function)
        context = given.pop(0) if "pgettext" in name else None
        wanted = 2 if name.startswith("n") else 1
        if all(given[:wanted]):
            message = Message(tuple(given[:wanted]) if wanted > 1 else given[0], context=context)
            message.flags = set()
            yield _key(message), message


def _key(message: Message) -> Key:
    return str(message.context or ""), _forms(message.id)[0]


def _empty(message: Message) -> bool:
    return not all(_forms(message.string))


def _same_holes(message: Message) -> bool:
    """Every form has the holes of the original; a singular may do without the number."""
    wanted = set(HOLES.findall(_forms(message.id)[-1]))
    *singular, last = (set(HOLES.findall(form)) for form in _forms(message.string))
    return last == wanted and all(form <= wanted for form in singular)


def _forms(text: Any) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text or ""]


def _po(folder: Path) -> Path:
    return folder / "locale" / "en" / "LC_MESSAGES" / "django.po"

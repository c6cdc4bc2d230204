"""What is said is nowhere to be found: words are planted in every sealed place, and everything that is kept or goes out is searched.

The same search finds the same words planted in clear, so it would have found them.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client

from tests.modules.hotline.factory import week
from tests.modules.hotline.sealing import Caller, Hotline, box, opened, seal
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Entry, Person
from tongzhou.modules.hotline.actions import care, openings
from tongzhou.modules.hotline.models import Text

SignIn = Callable[[Person], Client]
WORDS = ["蓝色药瓶", "宿舍四一七", "不想再等天亮"]  # said by the caller, noted, written at the close
ALIASES = ("default", "hotline")


@pytest.fixture
def hotline(committed: None, cast: World) -> Hotline:
    return opened(cast)


def counselled(cast: World, hotline: Hotline, signed_in: SignIn) -> Caller:
    """A whole case, through the pages as browsers use them."""
    yin, gu, he = (signed_in(one.person) for one in (hotline.yin, hotline.gu, hotline.he))
    caller = hotline.call()

    def act(client: Client, name: str, **sent: Any) -> None:
        assert client.post(f"{caller.room}/cases/{caller.key}/{name}/", sent).status_code == 302

    act(yin, "take")
    assert caller.say(WORDS[0]).status_code == 200
    act(yin, "note", **seal(caller.key, caller.secret, WORDS[1], "note"))
    act(yin, "assess", score=9)
    act(yin, "step", what="company")
    act(yin, "share", keypair=hotline.gu.keypair.pk, sealed=box(caller.key, hotline.gu.public, caller.secret, "whole"))
    act(gu, "supervise", **seal(caller.key, caller.secret, WORDS[1], "supervision"))
    act(yin, "close", topic="mood", who="student", **seal(caller.key, caller.secret, WORDS[2], "closing"))
    act(he, "ask", reason="danger")
    assert caller.case.state == "closed"
    return caller


def kept(folder: Path) -> Iterator[tuple[str, str]]:
    """Both databases with every text in them, and the backup."""
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                yield f"{alias}.{table}", repr(cursor.fetchall())
        if connections[alias].vendor == "sqlite":
            name = Path(str(connections[alias].settings_dict["NAME"]))
            for file in name.parent.glob(f"{name.name}*"):  # with its log
                yield file.name, file.read_bytes().decode(errors="replace")
    backup = folder / f"{len(list(folder.iterdir()))}.backup"
    call_command("backup", backup, stdout=StringIO())
    yield "backup", backup.read_bytes().decode(errors="replace")


def shown(cast: World, signed_in: SignIn) -> Iterator[tuple[str, str]]:
    """Ledger, exports, boards, chronicle, returns, as the keeper of the house and the auditor get them."""
    yield "ledger", repr(list(Entry.objects.values_list("said", "note", "data")))
    out = StringIO()
    call_command("chronicle", cast.response.slug, stdout=out)
    yield "chronicle", out.getvalue()
    room = f"/{cast.response.slug}/hotline"
    pages = [
        "/ledger/",
        "/inbox/",
        f"/{cast.response.slug}/board/",
        f"/{cast.response.slug}/figures/",
        f"{room}/",
        f"{room}/returns/",
    ]
    for who in (cast.people.house, cast.people.li, cast.people.wang):
        for page in [*pages, f"{room}/export.xlsx", f"{room}/returns/export.xlsx"]:
            answer = signed_in(who).get(page)
            yield page, answer.content.decode(errors="replace") if answer.status_code == 200 else ""


def listen(caplog: pytest.LogCaptureFixture) -> None:
    """To whatever is logged, however small: Django's own logger has a level of its own."""
    for name in ("", "django", "django.request", "tongzhou"):
        caplog.set_level(logging.DEBUG, logger=name)


def found(places: Iterator[tuple[str, str]]) -> set[str]:
    """Where any of the words is, as it reads or as JSON writes it."""
    spellings = [spelt for word in WORDS for spelt in (word, json.dumps(word)[1:-1], repr(json.dumps(word))[2:-2])]
    return {name for name, content in places if any(spelt in content for spelt in spellings)}


def test_no_word_of_a_case_is_kept_or_goes_out_in_clear(
    cast: World, hotline: Hotline, signed_in: SignIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    counselled(cast, hotline, signed_in)
    week(cast, cast.units.org)
    assert found(kept(tmp_path)) == set()
    assert found(shown(cast, signed_in)) == set()
    assert [word for word in WORDS if word in caplog.text] == []


def test_the_search_would_have_found_them(
    cast: World, hotline: Hotline, signed_in: SignIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In clear in each place: a text, a field of the main database, an entry, a log."""
    listen(caplog)
    caller = counselled(cast, hotline, signed_in)
    Text.objects.filter(case=caller.key).update(sealed=WORDS[0])
    module.amend(
        hotline.line, by=cast.people.wang, version=type(hotline.line).objects.get().version, changes={"name": WORDS[1]}
    )
    logging.getLogger("django.request").debug("%s", WORDS[2])
    places = found(kept(tmp_path))
    assert {"hotline.hotline_text", "default.hotline_line", "default.kernel_entry"} <= places
    assert {"ledger", f"/{cast.response.slug}/hotline/"} <= found(shown(cast, signed_in))
    assert WORDS[2] in caplog.text
    if connections["default"].vendor == "sqlite":
        assert {"backup", Path(str(connections["hotline"].settings_dict["NAME"])).name} <= {
            name.removesuffix("-wal") for name in places
        }


def test_the_ordinary_backup_holds_no_table_of_cases(committed: None, cast: World, tmp_path: Path) -> None:
    opened(cast).call()
    call_command("backup", tmp_path / "copy", stdout=StringIO())
    content = (tmp_path / "copy").read_bytes()
    assert (b"hotline_line" in content, b"hotline_text" in content, b"hotline_box" in content) == (True, False, False)


@pytest.mark.skipif(
    "connections['hotline'].vendor != 'sqlite'", reason="on PostgreSQL, VACUUM does it: docs/operations.md"
)
def test_what_is_erased_is_gone_from_the_file(cast: World, hotline: Hotline, signed_in: SignIn) -> None:
    """Not only from the tables: a page of the file that is free again holds nothing of a box."""
    caller = counselled(cast, hotline, signed_in)
    file = Path(str(connections["hotline"].settings_dict["NAME"]))
    sealed = [one.sealed.encode() for one in [*caller.case.boxes.all(), *caller.case.texts.all()]]
    checkpoint(file)
    before = [one for one in sealed if one in file.read_bytes()]
    openings.erase(caller.case, hotline.line, "asked", by=hotline.gu.person)
    checkpoint(file)
    assert (len(before) > 0, [one for one in sealed if one in file.read_bytes()]) == (True, [])


def checkpoint(file: Path) -> None:
    """What the log holds goes into the file."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_small_counts_do_not_leave_the_room(cast: World) -> None:
    made = week(cast)
    assert {value for _label, value in made.counts()} == {None}
    assert care.ALERT == "心理援助热线有一件急事，请您立即处置。"

"""The cast of every test: an organisation with three branches, a command post with two streets, and people who may do different things.

Wang keeps (office), Li reads (auditor), Zhao has no grant at all; Sun heads the first branch, Qian signs off, Zhou minds the goods.
Branch three lies out of Sun's reach; the other organisation lies out of everyone's.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, connections, transaction

from tongzhou.kernel.models import Grant, Person, Response, Unit

BENXI = settings.BASE / "examples" / "benxi-2022"
PASSWORD = "correct-horse-battery"


@dataclass
class World:
    response: Response
    other_response: Response
    units: SimpleNamespace
    people: SimpleNamespace
    made: dict[Any, Any] = field(default_factory=dict)  # keys of records that stand, by model and unit: tests/contract


def build() -> World:
    """Thousands of tests begin here: rows of one kind are written in one statement."""
    units = SimpleNamespace(
        org=planned("org", "测试市委员会", "organisation"),
        command=planned("command", "测试市指挥部", "command"),
        elsewhere=planned("elsewhere", "别处市委员会", "organisation"),
    )
    for i, name in enumerate(["一", "二", "三"], start=1):
        setattr(units, f"branch{i}", planned(f"branch{i}", f"第{name}支社", "branch", units.org))
    units.district = planned("district", "测试区", "district", units.command)
    units.street1 = planned("street1", "东街道", "street", units.district)
    units.street2 = planned("street2", "西街道", "street", units.district)
    Unit.objects.bulk_create(vars(units).values())
    people = SimpleNamespace(
        wang=known("wang", "王保管", units.org),
        qian=known("qian", "钱签发", units.org),
        zhou=known("zhou", "周物资", units.org),
        li=known("li", "李监督", units.org),
        sun=known("sun", "孙支社", units.branch1),
        wu=known("wu", "吴三社", units.branch3),
        zhao=known("zhao", "赵社员", units.branch1),
        chen=known("chen", "陈社员", units.branch1),
        feng=known("feng", "冯指挥", units.command),
        han=known("han", "韩信息", units.org),
        outsider=known("outsider", "外人", units.elsewhere),
        house=Person(username="house", name="系统", is_superuser=True, synthetic=True),
    )
    Person.objects.bulk_create(vars(people).values())
    posts = {
        "wang": "office", "qian": "leader", "zhou": "keeper", "li": "auditor", "sun": "secretary", "wu": "secretary",
        "feng": "commander", "han": "registrar", "outsider": "office",
    }  # fmt: skip
    Grant.objects.bulk_create(granted(getattr(people, who), role) for who, role in posts.items())
    response = answer("test-2022", "测试响应", units.org, [units.org, units.command])
    other = answer("elsewhere-2022", "别处响应", units.elsewhere, [units.elsewhere])
    return World(response, other, units, people)


def unit(code: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    made = planned(code, name, kind, parent)
    made.save()
    return made


def person(username: str, name: str, at: Unit, *grants: tuple[str, Unit]) -> Person:
    made = known(username, name, at)
    made.save()
    for role, where in grants:
        granted(made, role, where).save()
    return made


def planned(code: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    made = Unit(code=code, name=name, kind=kind, parent=parent)
    made.place()
    return made


def known(username: str, name: str, at: Unit) -> Person:
    return Person(username=username, name=name, unit=at, synthetic=True, password=password())


@cache
def password() -> str:
    return make_password(PASSWORD)


def granted(person: Person, role: str, where: Unit | None = None) -> Grant:
    """At the person's own unit, if no other is named."""
    return Grant(person=person, unit=where or person.unit, role=role, since=date(2020, 1, 1))


def answer(slug: str, name: str, lead: Unit, roots: list[Unit], **fields: Any) -> Response:
    made = Response.objects.create(slug=slug, name=name, lead=lead, began_on=date(2022, 3, 1), synthetic=True, **fields)
    made.roots.set(roots)
    return made


@contextmanager
def kept(blocker: Any) -> Iterator[None]:
    """What is set up here stays for all tests of a file, and is gone after it.

    For fixtures of a module. What pytest-django opens for a test becomes a savepoint in here; a test that commits cannot be in the file.
    """
    with blocker.unblock(), ExitStack() as held:
        for alias in connections:
            held.enter_context(transaction.atomic(using=alias))
        yield
        for alias in connections:
            transaction.set_rollback(True, using=alias)


def lay_tables(file: Path) -> None:
    """The tables of a new house in a file of its own, without the work of making them: those that the tests of this process stand on.

    On SQLite; before any test has written, or for who minds no rows.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as these, closing(sqlite3.connect(file)) as those:
        these.backup(those)


def empty_ledgers() -> None:
    """Remove the rows of append-only tables, with their guards lifted: the end of a test that committed."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            tables = [table for (table,) in cursor.fetchall()]
            cursor.execute("SET session_replication_role = replica")
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET session_replication_role = origin")
        else:
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _table, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            with connection.constraint_checks_disabled():  # rows that point here go with the flush that follows
                for table in {table for _name, table, _sql in triggers}:
                    cursor.execute(f"DELETE FROM {table}")
            for _name, _table, sql in triggers:
                cursor.execute(sql)

"""A response of synthetic people and records, of any size, through the same doors as real work: for exercises, boards, tests and timings.

Seeded, and keyed by place in the order of making: run again it adds only what is missing, asked for more it goes on. The rooms make
their part (`Module.rehearse`). Nobody in it exists: names come from a small table, and no telephone number begins with 10.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from django.db import transaction
from django.utils import timezone

from tongzhou.kernel import module, steps
from tongzhou.kernel.loading import Loading, house
from tongzhou.kernel.models import Grant, Person, Response, Unit

DAYS = 45  # of the outbreak; the last is the day on which the response is first made
FEWEST_UNITS, FEWEST_MEMBERS = 8, 30
AT_ONCE = 40  # lives in one transaction: few enough that a stop loses little, enough that disks are not waited for
# staff of the organisation and of the command post
POSTS = (
    "office", "office", "leader", "leader", "keeper", "keeper", "keeper", "auditor",
    "commander", "commander", "inspector", "inspector", "chief", "chief",
)  # fmt: skip
POSTED = {"commander", "inspector", "chief"}  # who serve at the command post; the others serve the organisation
SIGN_IN = 0.85  # members who can be told by the house; the others are told by word of mouth

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN_NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬凤洁梅琳松云帆清源思远晨"


@dataclass
class Given(Loading):
    """What a room's rehearsal is given: a response in which the people have their posts, and seeded chance."""

    seed: int = 1
    org: Unit = field(default_factory=Unit)
    command: Unit = field(default_factory=Unit)
    branches: list[Unit] = field(default_factory=list)
    streets: list[Unit] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)
    posts: dict[str, list[Person]] = field(default_factory=dict)  # by role
    heads: dict[str, Person] = field(default_factory=dict)  # secretaries, by the code of their branch
    guests: list[Person] = field(default_factory=list)  # accounts that look around: what awaits them is left to them

    def chance(self, *names: object) -> Random:
        """Chance of its own for each thing made, so that it does not depend on what was made before."""
        return Random("/".join(map(str, [self.seed, *names])))

    def day(self, number: int) -> date:
        """The day with this number, not beyond the last."""
        return self.response.began_on + timedelta(days=min(number, DAYS - 1))

    def who(self, role: str, chance: Random) -> Person:
        return chance.choice(self.posts[role])


def rehearse(slug: str, units: int, members: int, records: int, seed: int, guests: Sequence[str] = ()) -> Iterator[str]:
    """Make the response, or what is missing of it; yields lines of progress.

    `guests` are user names of accounts that take part with the roles they hold elsewhere, a secretary at the first branch.
    """
    by = house()
    folder = Path()  # nothing is read
    given = Given(folder, Response(slug=slug), by, seed=seed, source="推演脚本生成的模拟数据")
    _units(given, units)
    yield f"units {len(given.units)}"
    given.response = _response(given)
    _people(given, members)
    _posts(given)
    _guests(given, guests)
    yield f"people {len(given.members)}"
    for room in module.rooms():
        if room.rehearse:
            yield from (f"{room.name} {line}" for line in room.rehearse(given, records))


def whole[T](things: Iterable[T], make: Callable[[T], None]) -> Iterator[int]:
    """Make each thing; yields how many are done after each transaction. A stop leaves whole things only."""
    done = 0
    for part in batched(things, AT_ONCE):
        with transaction.atomic():
            for thing in part:
                make(thing)
        done += len(part)
        yield done


def pick[T](chance: Random, weights: Mapping[T, float]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]


def _units(given: Given, number: int) -> None:
    """A third of the units belong to the command post, the rest to the organisation: a committee for about every eight branches."""
    slug, mark = given.response.slug, "" if given.response.slug == "rehearsal" else f"（{given.response.slug}）"
    posted = max(3, number // 3)
    districts, committees = max(1, (posted - 1) // 6), max(1, (number - posted - 1) // 9)

    def make(code: str, name: str, english: str, kind: str, parent: Unit | None = None) -> Unit:
        found = Unit.objects.filter(code=f"{slug}-{code}").first()
        if found is None:
            found = Unit(
                pk=given.key("unit", code),
                code=f"{slug}-{code}",
                name=name + mark,
                name_en=english,
                kind=kind,
                parent=parent,
            )
            found.place()
            steps.file(found, by=given.by, needs="people.manage")
        given.units[found.code] = found
        return found

    given.org = make("org", "推演市委员会", "Rehearsal Municipal Committee", "organisation")
    given.command = make("command", "推演市疫情防控指挥部", "Rehearsal Epidemic Command Post", "command")
    above = [
        make(f"committee-{n}", f"推演{n}区委员会", f"Rehearsal District {n} Committee", "committee", given.org)
        for n in range(1, committees + 1)
    ]
    for n in range(1, number - posted - committees):
        parent = given.org if n % 5 == 0 else above[n % committees]
        given.branches.append(make(f"branch-{n}", f"推演第{n}支社", f"Rehearsal Branch {n}", "branch", parent))
    places = [
        make(f"district-{n}", f"推演{n}区", f"Rehearsal District {n}", "district", given.command)
        for n in range(1, districts + 1)
    ]
    for n in range(1, posted - districts):
        parent = places[n % districts]
        given.streets.append(make(f"street-{n}", f"推演第{n}街道", f"Rehearsal Street {n}", "street", parent))


def _response(given: Given) -> Response:
    slug = given.response.slug
    found = Response.objects.filter(slug=slug).select_related("lead").first()
    if found:
        return found
    made = Response(
        pk=given.key("response"), slug=slug, name="疫情防控推演（模拟数据）", name_en="Response rehearsal (synthetic data)", place="推演市", lead=given.org,
        began_on=timezone.localdate() - timedelta(days=DAYS - 1), source=given.source, synthetic=True,
    )  # fmt: skip
    with transaction.atomic():
        steps.file(made, by=given.by, needs="people.manage")
        made.roots.set([given.org, given.command])
    return made


def _people(given: Given, number: int) -> None:
    """First the staff, then a head for each branch, then members, more of them in some branches than in others."""
    weights = [given.chance("size", unit.code).randint(2, 9) for unit in given.branches]
    rows = [_person(given, i, weights) for i in range(number)]
    steps.file_many(rows, by=given.by, needs="people.manage")
    kept = Person.objects.filter(synthetic=True).select_related("unit").defer("password")
    found = {row.pk: row for part in batched(rows, 500) for row in kept.filter(pk__in=[one.pk for one in part])}
    given.members = [found[row.pk] for row in rows]  # as they are kept, and each the same object from here on


def _person(given: Given, number: int, weights: list[int]) -> Person:
    chance, slug = given.chance("person", number), given.response.slug
    heads = len(POSTS) + len(given.branches)
    if number < len(POSTS):
        unit, posts = given.command if POSTS[number] in POSTED else given.org, "机关工作人员"
    elif number < heads:
        unit, posts = given.branches[number - len(POSTS)], "支社主委"
    else:
        unit, posts = chance.choices(given.branches, weights)[0], "社员"
    name = _name(chance)
    return Person(
        pk=given.key("person", number), name=name, name_en=_spelt(name), unit=unit, posts=posts, synthetic=True, phone=_phone(slug, number),
        username=f"{slug}-{number}" if number < heads or chance.random() < SIGN_IN else None,
        joined_on=date(2000 + chance.randrange(22), 1 + chance.randrange(12), 1),
    )  # fmt: skip


def _name(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN_NAMES, k=chance.choice((1, 2, 2))))


def _spelt(name: str) -> str:
    """张晓云 as Zhang Xiaoyun."""
    from pypinyin import lazy_pinyin

    surname, *given = lazy_pinyin(name)
    return f"{surname.title()} {''.join(given).title()}"


def _phone(slug: str, number: int) -> str:
    """Eleven digits, as the house takes them, that are nobody's: mobile numbers begin with 13 to 19 (电信网编号计划)."""
    return f"10{crc32(slug.encode()) % 10_000:04}{number:05}"


def _posts(given: Given) -> None:
    for number, role in enumerate(POSTS):
        person = given.members[number]
        _grant(given, person, role, given.command if role in POSTED else given.org)
        given.posts.setdefault(role, []).append(person)
    for unit, person in zip(given.branches, given.members[len(POSTS) :], strict=False):
        _grant(given, person, "secretary", unit)
        given.heads[unit.code] = person


def _guests(given: Given, names: Sequence[str]) -> None:
    for person in Person.objects.filter(username__in=names, synthetic=True).order_by("username"):
        for role in sorted(set(person.grants.values_list("role", flat=True))):
            unit = given.branches[0] if role == "secretary" else given.command if role in POSTED else given.org
            _grant(given, person, role, unit)
        given.guests.append(steps.amend(person, by=given.by, needs="people.manage", unit=given.branches[0]))


def _grant(given: Given, person: Person, role: str, unit: Unit) -> None:
    key = uuid5(NAMESPACE_URL, f"tongzhou/{given.response.slug}/grant/{person.pk}/{role}")
    given_on = given.response.began_on
    steps.file(Grant(pk=key, person=person, unit=unit, role=role, since=given_on), by=given.by, needs="grants.manage")

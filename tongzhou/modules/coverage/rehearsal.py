"""Coverage in a synthetic response: lists of every kind, people on several of them, declarations, taps, reasons, an export.

Documents are of area 210599, which exists nowhere; telephone numbers begin with 10.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.documents import check_digit
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import GIVEN_NAMES, SURNAMES, Given
from tongzhou.modules.coverage import actions, rules
from tongzhou.modules.coverage.actions.declarations import Said
from tongzhou.modules.coverage.actions.evidence import Proof
from tongzhou.modules.coverage.actions.rolls import Named
from tongzhou.modules.coverage.models import Declaration, Excuse, Release, Roll, Subject
from tongzhou.modules.coverage.models.roll import groups

SHARE = 4  # one person on a list for so many records
LISTS = (("order-3", "药店从业人员", "市场监管局"), ("order-7", "农贸市场从业人员", "商务局"), ("welfare", "养老院工作人员", "民政局"),
         ("returnee", "返乡人员", "大数据推送"), ("alone", "独居老人", "民政局"))  # fmt: skip
ORIGIN = "rehearsal"


def rehearse(given: Given, n: int) -> Iterator[str]:
    """People are covered as the days go by, but for the last days of some streets: something is left to do."""
    by, people = given.posts["commander"][0], _people(given, max(30, n // SHARE))
    for number, (code, name, office) in enumerate(LISTS):
        with transaction.atomic():
            _list(given, number, code, name, office, people, by)
        yield f"{number + 1}/{len(LISTS)}"
    with transaction.atomic():
        _evidence(given, people, by)
    for number in range(max(6, n // 40)):
        _declaration(given, number)
    with transaction.atomic():
        _reasons(given)
        _exports(given)
        _over(given)
    yield f"people {len(people)}"


def _people(given: Given, number: int) -> list[Named]:
    places = given.streets or [given.command]
    return [_person(given, n, places[n % len(places)]) for n in range(number)]


def _person(given: Given, number: int, unit: Unit) -> Named:
    chance = given.chance("covered", number)
    name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN_NAMES, k=2))
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(25_000))
    body = f"210599{born:%Y%m%d}{number % 1000:03}"
    document = body + check_digit(body)
    address = f"推演路{number}号"
    return Named(
        name=name, unit=unit, number=document, phone=f"10{number:09}", address=address, key=given.key("subject", number)
    )


def _list(given: Given, number: int, code: str, name: str, office: str, people: list[Named], by: Person) -> None:
    begins = given.day(30 + number)
    code = code if any(one["code"] == code for one in groups(begins)) else groups(begins)[0]["code"]
    roll = Roll(
        pk=given.key("roll", number), response=given.response, unit=given.command, happened_on=begins, name=name, group=code,
        purpose="疫情防控推演", given_by=office, begins_on=begins, keep_until=begins + timedelta(days=120),
    )  # fmt: skip
    roll, new = module.file(roll, by=by)
    if new or roll.state == "draft":
        each = [person for n, person in enumerate(people) if n % len(LISTS) == number or n % 7 == number]
        actions.rolls.add(roll, each, by=by)


def _evidence(given: Given, people: list[Named], by: Person) -> None:
    """Every third person is left over on the last days; of the rest most were covered yesterday or today."""
    today = timezone.localdate()
    proofs = []
    for number, person in enumerate(people):
        last = today - timedelta(days=4 if number % 3 == 0 else number % 2)
        for back in (9, 6, 3, 0):
            for what in (rules.TESTED, rules.VISIT):
                key = _key(given, number, what, back)
                proofs.append(Proof(what, last - timedelta(days=back), number=person.number, key=key))
    actions.evidence.receive(given.response, proofs, by=by, origin=ORIGIN)


def _key(given: Given, *names: object) -> UUID:
    return uuid5(given.key("evidence"), "/".join(map(str, names)))


def _declaration(given: Given, number: int) -> None:
    """The first is replaced by the second, the third withdrawn."""
    members = [one for one in given.members if one.unit in given.branches and one not in given.guests]
    member = members[max(0, number - 1) % len(members)]
    key, chance = given.key("declaration", number), given.chance("declaration", number)
    if Declaration.objects.filter(pk=key).exists():
        return
    line = _person(given, 100_000 + max(0, number - 1), given.command)
    known = Subject.objects.filter(declarant=member, response=given.response, is_self=True).first()
    said = Said(
        name=member.name, number="" if known else line.number, phone="" if known else line.phone, arrived_on=given.day(44),
        stays=[{"place": "外市", "area": chance.choice(["none", "low", "high"]), "since": given.day(42), "until": given.day(43)}],
    )  # fmt: skip
    made, _new = actions.declarations.declare(given.response, said, by=member, key=key, subject=known)
    if number == 2:
        module.perform(made, "withdraw", by=member, note="填错了")


def _reasons(given: Given) -> None:
    """One of each kind and end, the first still waits for a second person."""
    by, other = given.posts["commander"][0], given.posts["commander"][1]
    rows = list(
        Subject.objects.filter(response=given.response, unit__path__startswith=given.command.path).order_by(
            "filed_at", "pk"
        )[:8]
    )
    today = timezone.localdate()
    for number, subject in enumerate(rows):
        reason = ("exempt", "exempt", "exempt", "elsewhere", "ill")[number % 5]
        excuse = Excuse(
            pk=given.key("excuse", number), response=given.response, unit=subject.unit, subject=subject, happened_on=today, reason=reason,
            until=today + timedelta(days=1 if reason == "ill" else 10), basis="推演依据",
        )  # fmt: skip
        made, new = module.file(excuse, by=by)
        if new and number == 1:
            module.perform(made, "accept", by=other)
        if new and number == 2:
            module.perform(made, "refuse", by=other, note="证明已过期")
        if new and number == 4:
            module.perform(made, "end", by=by, note="已出院")


def _exports(given: Given) -> None:
    """Asked for, approved, refused, taken: of a list of the organisation, whose leaders decide."""
    office, leader, today = given.posts["office"][0], given.posts["leader"][0], timezone.localdate()
    roll = Roll(
        pk=given.key("roll", "own"), response=given.response, unit=given.org, happened_on=given.day(40), name="机关在岗人员", group="order-7",
        purpose="疫情防控推演", begins_on=given.day(40), keep_until=given.day(40) + timedelta(days=90),
    )  # fmt: skip
    roll, new = module.file(roll, by=office)
    if new:
        actions.rolls.add(roll, [_person(given, 200_000 + n, given.org) for n in range(6)], by=office)
    for number, end in enumerate(("", "approve", "refuse", "take")):
        row = Release(
            pk=given.key("release", number), response=given.response, unit=given.org, roll=roll, happened_on=today,
            purpose="送采样点核对", given_to="一号采样点",
        )  # fmt: skip
        made, fresh = module.file(row, by=office)
        if fresh and end:
            module.perform(
                made, "refuse" if end == "refuse" else "approve", by=leader, note="用途不清" if end == "refuse" else ""
            )
        if fresh and end == "take":
            actions.releases.take(made, by=office)


def _over(given: Given) -> None:
    """A list that is still empty, one that ended, one whose people were erased."""
    by, begins = given.posts["commander"][0], given.day(10)
    for number, end in enumerate(("", "close", "erase")):
        roll = Roll(
            pk=given.key("roll", "over", number), response=given.response, unit=given.command, happened_on=begins, name=f"第{number + 1}批来访人员",
            group="screen",
            purpose="疫情防控推演", begins_on=begins, keep_until=timezone.localdate() + timedelta(days=30),
        )  # fmt: skip
        made, new = module.file(roll, by=by)
        if new and end:
            lines = [_person(given, 300_000 + number * 10 + n, given.command) for n in range(4)]
            actions.rolls.add(made, lines, by=by)
            module.perform(made, "close", by=by, note="来访结束")
        if new and end == "erase":
            module.perform(made, "erase", by=by)

"""A round from draft to summary; and that an unannounced one exists for nobody on the inspected side before it is done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from tests.modules.inspections import inspecting
from tests.modules.inspections.command import Scene, scene
from tests.world import World, person
from tongzhou.kernel import asks, attachments, board, facts, handoff, ledger, module, steps
from tongzhou.kernel.models import Attachment, Entry, Notice, Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.inspections import actions, queries
from tongzhou.modules.inspections.models import Assignment, Finding, Round, Visit

SignIn = Callable[[Person], Client]
ROOM = "/test-2022/inspections"


def awaiting(who: Person) -> dict[str, int]:
    found = asks.awaiting(Person.objects.get(pk=who.pk), timezone.localdate())
    return {one.ask.name: one.count for one in found if one.room.name == "inspections"}


def told_on_the_board(s: Scene, watcher: Person) -> list[board.Tile]:
    """The room's tiles that tell of anything."""
    shown = {room.name: tiles for room, tiles in board.tiles(s.cast.response, watcher, timezone.localtime())}
    return [tile for tile in shown.get("inspections", []) if tile.value or any(line.value for line in tile.lines)]


# -- the life of a round


def test_a_round_freezes_its_places_and_edition_when_it_begins(cast: World) -> None:
    s = scene(cast)
    inspecting.place(cast, cast.units.street1)  # registered after: not part of it
    assert (s.round.state, s.round.edition, s.round.stops.count()) == ("begun", "2022-05", 3)
    assert ledger.sentence(ledger.entries(s.round).reverse()[0]) == "杜督导开始检查：场所3家，清单版本 2022-05"
    assert {notice.person for notice in Notice.objects.all()} == {s.du, s.ding}


def test_a_round_without_places_or_inspectors_does_not_begin(cast: World) -> None:
    empty = inspecting.draft(cast)
    with pytest.raises(ValidationError, match="没有登记"):
        actions.rounds.begin(empty, by=cast.people.wang)
    inspecting.place(cast)
    Assignment.objects.all().delete()
    with pytest.raises(ValidationError, match="检查人"):
        actions.rounds.begin(empty, by=cast.people.wang)
    assert Round.objects.get().state == "draft"


def test_supervision_in_words_needs_no_places(cast: World) -> None:
    silent = inspecting.draft(cast, types=[])
    with pytest.raises(ValidationError, match="督导内容"):
        actions.rounds.begin(silent, by=cast.people.wang)
    begun = actions.rounds.begin(inspecting.draft(cast, types=[], acts="督导卡点值班"), by=cast.people.wang)
    assert (begun.state, begun.stops.count()) == ("begun", 0)
    assert actions.rounds.finish(begun, by=cast.people.wang).state == "done"


def test_only_who_may_inspect_is_assigned(cast: World) -> None:
    with pytest.raises(ValidationError, match="赵社员在“第一支社”没有检查权限"):
        inspecting.draft(cast, who=[cast.people.zhao])
    assert Round.objects.count() == 0


def test_an_inspector_is_replaced_while_the_round_goes_on(cast: World) -> None:
    s = scene(cast)
    new = person("lin", "林督导", cast.units.command, ("inspector", cast.units.command))
    instead = s.round.assignments.get(person=s.ding)
    actions.rounds.assign(s.round, by=s.du, person=new, area=cast.units.street1, instead=instead)
    assert [len(queries.mine(s.round, one)) for one in (s.du, s.ding, new)] == [3, 0, 3]
    with pytest.raises(ValidationError, match="不在这一轮的检查范围内"):
        actions.rounds.assign(s.round, by=s.du, person=new, area=cast.units.street2)


def test_finishing_with_places_left_needs_a_word(cast: World) -> None:
    s = scene(cast)
    s.visit()
    with pytest.raises(ValidationError, match="还有 2 家没有人到过"):
        actions.rounds.finish(s.round, by=s.du)
    actions.rounds.finish(s.round, by=s.du, note="停电")
    module.perform(s.round, "summarise", by=s.du, summary="总体良好")
    assert (s.round.state, s.round.summary) == ("summarised", "总体良好")
    cover = queries.cover(queries.calls(s.round))
    assert (cover.inspected, cover.left, cover.percent) == (1, 2, 33)


def test_a_matter_of_another_room_becomes_a_draft_of_the_inspecting_unit(cast: World) -> None:
    s = scene(cast)
    source = s.noticed()
    made = handoff.hand_over(source, "round", by=s.du)
    assert (made.state, made.unit, made.name) == ("draft", cast.units.command, str(source)[:100])
    assert handoff.hand_over(source, "round", by=s.du) == made
    with pytest.raises(PermissionDenied):
        actions.rounds.accept_round(s.place, by=Person.objects.get(pk=s.ke.pk))


# -- visits


def test_a_second_visit_is_kept_and_not_counted_and_takes_over_when_the_first_was_a_mistake(cast: World) -> None:
    s = scene(cast)
    first, second = s.visit(), s.visit(by=s.du)
    assert (first.repeat, second.repeat, queries.cover(queries.calls(s.round)).inspected) == (False, True, 1)
    actions.visits.void(first, by=s.ding, note="选错场所")
    assert Visit.objects.get(pk=second.pk).repeat is False
    assert queries.cover(queries.calls(s.round)).inspected == 1


def test_a_visit_with_findings_that_stand_is_not_void(cast: World) -> None:
    s = scene(cast)
    finding = s.finding()
    with pytest.raises(ValidationError, match="未撤销的问题"):
        actions.visits.void(finding.visit, by=s.ding, note="误")
    module.perform(finding, "withdraw", by=s.ding, note="误")
    assert actions.visits.void(finding.visit, by=s.ding, note="误").state == "void"


def test_a_visit_is_of_its_round_and_filed_once(cast: World) -> None:
    s = scene(cast)
    elsewhere = inspecting.place(cast, cast.units.street2)
    with pytest.raises(ValidationError, match="不在这一轮"):
        s.visit(at=elsewhere)
    made = s.visit("G06", "P01")
    again, new = actions.visits.file(
        Visit(pk=made.pk, round=s.round, place=s.place, started_at=made.started_at, ended_at=made.ended_at), by=s.ding
    )
    assert (again.pk, new, Visit.objects.count(), Finding.objects.count()) == (made.pk, False, 1, 2)
    assert (made.unit, made.edition) == (cast.units.command, "2022-05")


def test_what_was_seen_after_the_round_ended_is_still_taken(cast: World) -> None:
    s = scene(cast)
    actions.rounds.finish(s.round, by=s.du, note="先结束")
    assert s.visit().round.state == "done"


# -- invisible


def pages(s: Scene, finding: Finding) -> list[str]:
    slug = s.cast.response.slug
    picture = Attachment.objects.get(record=finding.pk)
    own = [record.get_absolute_url() for record in (s.round, finding.visit, finding)]
    odd = [
        f"{ROOM}/{s.round.pk}/{page}"
        for page in (
            "route/",
            "stops/",
            "coverage/",
            "coverage.xlsx",
            "lists/",
            "lists.pdf",
            "lists.xlsx",
            f"route/{s.place.pk}/",
        )
    ]
    return [
        *own,
        *(f"{one}print/" for one in own),
        *odd,
        picture.get_absolute_url(),
        f"{ROOM}/findings/{finding.pk}/notice.pdf",
        f"/{slug}/inspections/{s.round.pk}/edit/",
    ]


def seen(client: Client) -> str:
    """Everything that lists, counts or tells, as one text."""
    lists = [
        f"{ROOM}/{desk}{page}"
        for desk in ("", "places/", "visits/", "findings/")
        for page in ("", "print/", "?q=夜间", "?state=begun")
    ]
    found = [*lists, "/", "/inbox/", "/ledger/", "/test-2022/", "/test-2022/board/", f"{ROOM}/repeats/"]
    return "\n".join(client.get(at).content.decode() for at in found)


@pytest.fixture
def secret(cast: World) -> tuple[Scene, Finding]:
    """A round that goes on, with a finding nobody was told of, and its photograph."""
    s = scene(cast)
    finding = s.finding(words="门口无人值守")
    attachments.attach_picture(finding, inspecting.photo(), by=s.ding, needs="inspections.inspect", purpose="finding")
    return s, finding


@pytest.mark.parametrize("who", ["ke", "owner", "auditor", "leader", "office"])
def test_an_unannounced_round_is_not_there_for_the_inspected_side(
    who: str, secret: tuple[Scene, Finding], signed_in: SignIn
) -> None:
    """The street's chief, the owner, and every role somebody could have at the inspected street."""
    s, finding = secret
    street = s.cast.units.street1
    watcher = getattr(s, who, None) or person(who, "街道人员", street, (who, street))
    client = signed_in(watcher)
    assert {at: client.get(at).status_code for at in pages(s, finding)} == dict.fromkeys(pages(s, finding), 404)
    assert {at: client.post(at).status_code for at in (f"{s.round.get_absolute_url()}moves/finish/", f"{finding.get_absolute_url()}moves/rectify/")} == {
        f"{s.round.get_absolute_url()}moves/finish/": 404, f"{finding.get_absolute_url()}moves/rectify/": 404,
    }  # fmt: skip
    told = seen(client)
    assert [word for word in ("夜间暗访", "消杀记录", "杜督导", "丁督导", "门口无人值守") if word in told] == []
    watcher = Person.objects.get(pk=watcher.pk)
    counted = facts.gather(Scope(s.cast.response), watcher, [module.room("inspections")])
    assert [one.figure.value for some in counted.values() for one in some if one.figure.value] == []
    assert (awaiting(watcher), watcher.notices.count(), told_on_the_board(s, watcher)) == ({}, 0, [])


def test_for_the_same_pages_the_inspectors_see_it(secret: tuple[Scene, Finding], signed_in: SignIn) -> None:
    """Else the test above would prove nothing."""
    s, finding = secret
    client = signed_in(s.du)
    found = {at: client.get(at).status_code for at in pages(s, finding)}
    refused = {at: status for at, status in found.items() if status != 200}
    assert sorted(refused.values()) == [403, 404]  # a round that began is not edited; there is no notice yet
    told = seen(client)
    assert [word for word in ("夜间暗访", "消杀记录", "丁督导") if word not in told] == []
    assert told_on_the_board(s, s.du) != []


def test_a_notice_tells_of_its_finding_and_of_nothing_else(secret: tuple[Scene, Finding], signed_in: SignIn) -> None:
    s, finding = secret
    actions.findings.issue(finding, by=s.ding)
    for who in (s.ke, s.owner):
        client = signed_in(who)
        page = client.get(finding.get_absolute_url())
        assert (page.status_code, client.get(f"{ROOM}/findings/{finding.pk}/notice.docx").status_code) == (200, 200)
        assert client.get(Attachment.objects.get().get_absolute_url()).status_code == 200
        told = page.content.decode() + seen(client)
        assert (
            "消杀记录" in told,
            [word for word in ("夜间暗访", "丁督导", "杜督导", "门口无人值守") if word in told],
        ) == (True, [])
        assert [client.get(one.get_absolute_url()).status_code for one in (s.round, finding.visit)] == [404, 404]
        assert [n.text for n in who.notices.all()] == [
            f"“药店1”收到整改通知：{finding.text}。请于{finding.due_on}前整改。"
        ]
        fresh = Person.objects.get(pk=who.pk)
        counted = facts.gather(Scope(s.cast.response), fresh, [module.room("inspections")])
        assert [
            one.figure.value for some in counted.values() for one in some if one.figure.value
        ] == []  # not while the round goes on


def test_a_place_next_door_hears_nothing(secret: tuple[Scene, Finding], signed_in: SignIn) -> None:
    s, finding = secret
    actions.findings.issue(finding, by=s.ding)
    shi = person("shi", "石点位", s.cast.units.street2, ("chief", s.cast.units.street2))
    neighbour = person("neighbour", "邻店店主", s.cast.units.street1)
    for who in (shi, neighbour):
        assert signed_in(who).get(finding.get_absolute_url()).status_code == 404
        assert (awaiting(who), who.notices.count()) == ({}, 0)


def test_when_it_is_done_the_street_may_know_and_the_owner_still_sees_only_findings(
    secret: tuple[Scene, Finding], signed_in: SignIn
) -> None:
    s, finding = secret
    spot = s.visit("G01", at=s.others[0]).findings.get()
    actions.findings.fix(spot, by=s.ding, pictures=[inspecting.photo()])
    assert [signed_in(who).get(spot.get_absolute_url()).status_code for who in (s.ke, s.owner)] == [404, 404]
    actions.rounds.finish(s.round, by=s.du, note="一家未到")
    seen_by = {
        who.name: [
            signed_in(who).get(one.get_absolute_url()).status_code for one in (s.round, spot.visit, spot, finding)
        ]
        for who in (s.ke, s.owner)
    }
    assert seen_by == {"柯点位": [200, 200, 200, 404], "店主": [404, 404, 404, 404]}
    assert signed_in(s.ke).get(f"{ROOM}/{s.round.pk}/coverage/").status_code == 404
    page = signed_in(s.ke).get(s.round.get_absolute_url()).content.decode()
    assert [word for word in ("丁督导", "杜督导") if word in page] == []


def test_an_announced_round_is_known_when_it_begins(cast: World, signed_in: SignIn) -> None:
    s = scene(cast, unannounced=False)
    shi = person("shi", "石点位", cast.units.street2, ("chief", cast.units.street2))
    assert [signed_in(who).get(s.round.get_absolute_url()).status_code for who in (s.ke, s.owner, shi)] == [
        200,
        404,
        404,
    ]


def test_nothing_of_a_visit_is_written_where_the_street_reads(secret: tuple[Scene, Finding]) -> None:
    """The place stands in the street, and whoever audits the street reads its entries."""
    assert secret[0].round.is_open
    assert {entry.verb for entry in Entry.objects.filter(table="inspections.place")} == {"file"}


# -- who is asked for what


def test_each_is_asked_for_their_part(cast: World) -> None:
    s = scene(cast)
    assert [awaiting(who) for who in (s.du, s.ding, s.ke, s.owner)] == [{"to_visit": 1}, {"to_visit": 1}, {}, {}]
    finding = s.finding()
    assert awaiting(s.du) == {"to_visit": 1, "to_issue": 1}
    actions.findings.issue(finding, by=s.ding)
    assert [awaiting(who) for who in (s.ke, s.owner, cast.people.feng)] == [{"to_rectify": 1}, {"to_rectify": 1}, {}]
    actions.findings.rectify(finding, by=s.owner, measure="改好", pictures=[inspecting.photo()])
    assert [awaiting(who).get("to_recheck") for who in (s.du, s.ding, s.owner)] == [1, None, None]
    Finding.objects.update(state="noticed", due_on=timezone.localdate() - timedelta(days=1))
    assert awaiting(s.du) == {"to_visit": 1, "overdue": 1}
    Finding.objects.update(due_on=timezone.localdate() - timedelta(days=9))
    assert awaiting(s.du) == {"to_visit": 1, "to_hand_over": 1}
    for other in s.others:
        s.visit(at=other)
    assert awaiting(s.ding) == {"to_hand_over": 1}


def test_the_board_is_the_inspecting_sides(cast: World) -> None:
    s = scene(cast)
    finding = s.noticed()
    Finding.objects.update(
        happened_on=timezone.localdate() - timedelta(days=5), due_on=timezone.localdate() - timedelta(days=2)
    )
    room = module.room("inspections")
    assert room.board is not None
    tiles = room.board(cast.response, s.du, timezone.localtime())
    assert [(tile.name, tile.value, [(str(line.text), line.value) for line in tile.lines]) for tile in tiles] == [
        ("open", 1, [("0—3 天", 0), ("4—7 天", 1), ("7 天以上", 0)]), ("overdue", 1, []), ("rounds", "33%", [("夜间暗访", "1 / 3")]),
    ]  # fmt: skip
    assert room.board(cast.response, s.ke, timezone.localtime()) == []
    assert str(finding.place) == "药店1"


def test_repeat_offenders_are_places_with_the_same_found_again(cast: World) -> None:
    s = scene(cast)
    s.visit("G06", "P01")
    s.visit("G06", at=s.others[0])
    actions.rounds.finish(s.round, by=s.du, note="下轮再查")
    s.round = actions.rounds.begin(
        inspecting.draft(cast, cast.units.command, areas=[cast.units.street1], who=[s.ding]), by=s.du
    )
    s.visit("G06", "G07")
    found = queries.repeats(cast.response, Person.objects.get(pk=s.du.pk))
    assert [(str(one.place), one.code, one.times) for one in found] == [("药店1", "G06", 2)]
    assert queries.repeats(cast.response, Person.objects.get(pk=s.owner.pk)) == []


def test_a_reported_round_is_nobodys_on_the_inspected_side(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    made = Round(
        response=cast.response,
        unit=cast.units.command,
        state="done",
        name="多轮检查",
        source="简报",
        times_unknown=True,
    )
    steps.report(made, by=cast.people.house)
    assert [signed_in(who).get(made.get_absolute_url()).status_code for who in (s.du, s.ke, s.owner)] == [200, 404, 404]

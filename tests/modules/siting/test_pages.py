"""Pages of the room: a study drawn up, its lists, an option, papers and spreadsheets."""

from collections.abc import Callable
from datetime import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, ready, study
from tests.world import World
from tongzhou.kernel import sheets
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import queries
from tongzhou.modules.siting.models import Study

SignIn = Callable[[Person], Client]


def test_a_study_is_drawn_up_with_what_its_page_asks(cast: World, signed_in: SignIn) -> None:
    """Every field that must be filled is on the page, filled from the rulebook where that has a number; a total of people is asked too."""
    client, address = signed_in(cast.people.feng), f"/{cast.response.slug}/siting/new/"
    page = client.get(address)
    form = page.context["form"]
    asked = [name for name in form.fields if f'name="{name}"' in page.content.decode()]
    assert (asked, "people" in asked, "更多设定" in page.content.decode()) == (list(form.fields), True, True)
    given = {name: form[name].value() for name in asked if form[name].value() is not None}
    typed = {"name": "第三轮", "points": 3, "people": 1000, "opens": "08:00", "closes": "12:00"}
    assert client.post(address, given | typed).status_code == 302
    made = Study.objects.get(name="第三轮")
    assert (made.people, made.closes, made.person_seconds) == (1000, time(12), 45)


def test_pages_of_an_option(cast: World, signed_in: SignIn) -> None:
    made = fed(cast)
    option, other = ready(cast, made), ready(cast, made, 4)
    client = signed_in(cast.people.feng)
    room = f"/{cast.response.slug}/siting/"
    page = client.get(option.get_absolute_url()).content.decode()
    assert ("3个采样点" in page or "个采样点、" in page, "data-map" in page, "当天有变" in page) == (
        True,
        True,
        True,
    )
    compared = client.get(f"{room}options/{option.pk}/compare/?with={other.pk}").content.decode()
    assert "去处不同的：" in compared
    slips = client.get(f"{room}options/{option.pk}/paper/slips/").content.decode()
    assert (slips.count("slip-notice"), slips.count("核酸采样通知")) == (12, 12)
    book = client.get(f"{room}options/{option.pk}/excel/slips/")
    read = sheets.read(book.content, [sheets.Column("key", "编号"), sheets.Column("point_name", "采样点")])
    assert [row.values["key"] for row in read.rows] == [row["key"] for row in planned.HOMES]
    for what in ("points", "staff", "vans", "moves"):
        assert client.get(f"{room}options/{option.pk}/paper/{what}/").status_code == 200
        assert client.get(f"{room}options/{option.pk}/excel/{what}/").status_code == 200
    # walk, wait, staff, staff-hours, cost
    assert client.get(made.get_absolute_url()).content.decode().count("data-chart") == 5


def test_a_spreadsheet_comes_in_and_says_what_is_short(cast: World, signed_in: SignIn) -> None:
    made, client = study(cast), signed_in(cast.people.feng)
    address = f"/{cast.response.slug}/siting/{made.pk}/tables/"
    for kind, rows in (("demand", planned.HOMES), ("sites", planned.SITES[:1])):
        book = sheets.write("表", queries.COLUMNS[kind], rows)
        answer = client.post(address, {"kind": kind, "file": SimpleUploadedFile("表.xlsx", book)}, follow=True)
    assert "要设3个点，可用的候选点只有1个" in answer.content.decode()
    bad = sheets.write("表", queries.COLUMNS["demand"], [planned.HOMES[0], planned.HOMES[0]])
    refused = client.post(address, {"kind": "demand", "file": SimpleUploadedFile("表.xlsx", bad)})
    assert (refused.status_code, "与第2行重复" in refused.content.decode()) == (422, True)

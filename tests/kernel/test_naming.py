"""People named in a form by typing: one meant, several told apart, nobody out of reach."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client

from tests.world import World, person
from tongzhou.kernel.desk import naming
from tongzhou.kernel.desk.naming import PeopleField, PersonField, give_by
from tongzhou.kernel.models import Person


class Duty(forms.Form):
    owner = PersonField(label="负责人", required=False)
    team = PeopleField(label="队员", required=False)


def duty(by: Person, **data: str) -> Any:
    form = Duty(data)
    give_by(form, by)
    return form


def test_a_name_means_the_one_person_who_bears_it(cast: World) -> None:
    form = duty(cast.people.sun, owner=" 赵社员 ", team="赵社员、陈社员\n赵社员（第一支社）")
    assert form.is_valid()
    assert form.cleaned_data == {"owner": cast.people.zhao, "team": [cast.people.zhao, cast.people.chen]}


def test_nothing_typed_is_nobody(cast: World) -> None:
    form = duty(cast.people.sun, owner="", team="")
    assert (form.is_valid(), form.cleaned_data) == (True, {"owner": None, "team": []})


def test_of_two_with_one_name_the_unit_tells_which(cast: World) -> None:
    other = person("zhao2", "赵社员", cast.units.branch2)
    with pytest.raises(ValidationError) as refused:
        naming.named(cast.people.wang, "赵社员")
    assert refused.value.messages == ["有几位“赵社员”，请写明是哪一位：赵社员（第一支社）、赵社员（第二支社）。"]
    assert naming.named(cast.people.wang, "赵社员（第二支社）") == other
    assert naming.named(cast.people.wang, "赵社员(branch1)") == cast.people.zhao
    assert naming.named(cast.people.sun, "赵社员") == cast.people.zhao, "the other is out of reach"


@pytest.mark.parametrize("text", ["吴三社", "无此人", "赵社员（第三支社）", "（）", "a" * 500, "赵社员\x00"])
def test_who_is_not_there_or_out_of_reach_is_not_found(cast: World, text: str) -> None:
    form = duty(cast.people.sun, owner=text, team=f"陈社员\n{text}")
    assert not form.is_valid()
    assert set(form.errors) == {"owner", "team"}


def test_who_left_is_not_named(cast: World) -> None:
    Person.objects.filter(pk=cast.people.chen.pk).update(is_active=False)
    assert not duty(cast.people.sun, owner="陈社员").is_valid()


def test_a_field_shows_who_was_named(cast: World) -> None:
    form = Duty(initial={"owner": cast.people.zhao.pk, "team": [cast.people.zhao, cast.people.chen]})
    give_by(form, cast.people.sun)
    assert form["owner"].value() == "赵社员（第一支社）"
    assert form["team"].value() == "赵社员（第一支社）\n陈社员（第一支社）"
    assert "/people/names/" in str(form["owner"])


def test_suggestions_come_by_name_and_initials_and_stay_within_reach(cast: World, signed_in: Any) -> None:
    def offered(who: Person, **query: str) -> str:
        client: Client = signed_in(who)
        return client.get("/people/names/", query).content.decode().strip()

    chen = '<option value="陈社员（第一支社）"></option>'
    assert [offered(cast.people.sun, q=word) for word in ("陈", "csy", " CSY ")] == [chen] * 3
    assert offered(cast.people.sun, **{"from": "owner", "owner": "陈"}) == chen
    assert [offered(cast.people.sun, q="吴三社"), offered(cast.people.zhao, q="陈"), offered(cast.people.sun)] == [
        ""
    ] * 3

from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models, transaction
from django.forms import modelform_factory
from django.test.utils import isolate_apps

from tongzhou.kernel import seal
from tongzhou.kernel.models import Person
from tongzhou.kernel.seal import fields
from tongzhou.kernel.steps import OutOfStep

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.TONGZHOU_KEYS = tmp_path / "keys.json"
    assert seal.new_keys()
    return tmp_path / "keys.json"


def person(name: str = "张三", phone: str = PHONE, **fields: Any) -> Person:
    return Person.objects.create(name=name, phone=phone, synthetic=True, **fields)


def stored(row: Person, column: str = "phone") -> Any:
    with connection.cursor() as cursor:
        where = connection.ops.quote_name(row._meta.db_table)
        value = row.pk if connection.vendor == "postgresql" else row.pk.hex
        cursor.execute(f"SELECT {column} FROM {where} WHERE key = %s", [value])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_saving_seals_and_indexes() -> None:
    row = person()
    for one in (row, Person.objects.get(pk=row.pk)):
        assert isinstance(one.phone, seal.Sealed)
        assert seal.open(one, "phone") == PHONE
        assert one.phone_index == seal.index(PHONE, "phone")
    assert stored(row) == row.phone.text
    assert Person.objects.get(phone_index=seal.index("138 0013 8000", "phone")) == row


@pytest.mark.django_db
def test_saving_again_keeps_the_text_and_changing_it_changes_the_index() -> None:
    row = person()
    before = row.phone
    row.save()
    assert stored(row) == before.text
    row.phone = "13900139000"
    row.save()
    assert (seal.open(row, "phone"), row.phone_index) == ("13900139000", seal.index("13900139000", "phone"))
    row.phone = ""
    row.save()
    assert (stored(row), stored(row, "phone_index")) == ("", None)


@pytest.mark.django_db
def test_text_of_another_row_is_neither_opened_nor_stored() -> None:
    one, other = person(), person(name="李四", phone="13900139000")
    Person.objects.filter(pk=other.pk).update(phone=one.phone)
    other.refresh_from_db()
    with pytest.raises(seal.Broken):
        seal.open(other, "phone")
    with pytest.raises(seal.Broken):
        other.save()
    assert seal.mask(other, "phone") == "无法读取"


@pytest.mark.django_db
def test_update_takes_no_plain_text() -> None:
    row = person()
    writes: list[Callable[[], object]] = [
        lambda: Person.objects.filter(pk=row.pk).update(phone="13900139000"),
        lambda: Person.objects.bulk_update([Person(key=row.pk, phone="13900139000")], ["phone"]),
        lambda: Person.objects.filter(phone=PHONE).count(),
        lambda: Person.objects.filter(phone__contains="138").count(),
    ]
    for write in writes:
        with pytest.raises(FieldError, match="is sealed|Unsupported lookup"), transaction.atomic():
            write()
    assert Person.objects.filter(pk=row.pk).update(phone=row.phone.text) == 1
    assert Person.objects.filter(pk=row.pk).update(phone="", phone_index=None) == 1


@pytest.mark.django_db
def test_bulk_create_seals_and_indexes() -> None:
    rows = Person.objects.bulk_create([Person(name=f"模拟{n}", phone=f"1380013800{n}") for n in range(3)])
    assert [
        seal.open(r, "phone") for r in Person.objects.order_by("phone_index").filter(pk__in=[r.pk for r in rows])
    ] == [seal.open(r, "phone") for r in sorted(rows, key=lambda r: str(r.phone_index))]
    assert [r.phone_index for r in rows] == [seal.index(f"1380013800{n}", "phone") for n in range(3)]


@pytest.mark.django_db
def test_value_indexed_for_another_row_is_refused_at_its_field() -> None:
    row = person()
    row.full_clean()
    with pytest.raises(ValidationError) as refusal:
        Person(name="李四", phone="138 0013 8000").full_clean()
    assert refusal.value.message_dict == {"phone": ["这一内容已登记在另一条记录上，请核对。"]}


@pytest.mark.django_db
def test_dump_and_load_keep_the_sealed_text() -> None:
    row = person()
    dumped = serializers.serialize("json", [row])
    row.delete()
    for loaded in serializers.deserialize("json", dumped):
        loaded.save()
    assert seal.open(Person.objects.get(), "phone") == PHONE
    assert PHONE not in dumped


@pytest.mark.django_db
def test_form_shows_nothing_and_left_empty_keeps_it() -> None:
    row = person()
    form_class = modelform_factory(Person, fields=["name", "phone"])
    shown = str(form_class(instance=row)["phone"])
    assert "value=" not in shown and "•••" not in shown
    kept = form_class({"name": "张三丰", "phone": ""}, instance=row)
    assert (kept.is_valid(), kept.changed_data) == (True, ["name"])
    assert seal.open(kept.save(), "phone") == PHONE
    changed = form_class({"name": "张三丰", "phone": "13900139000"}, instance=row)
    assert seal.open(changed.save(), "phone") == "13900139000"
    starred = form_class({"name": "张三丰", "phone": "139•••"}, instance=row)
    assert starred.errors == {"phone": ["请填写完整内容，不要保留遮盖符号“•”。"]}


@isolate_apps("tongzhou.kernel")
def test_mask_shows_no_more_than_its_kind() -> None:
    class Card(models.Model):
        phone, id_number, name, email, text = (seal.SealedField(mask=kind, purpose="") for kind in fields.MASKS)

        class Meta:
            app_label = "kernel"

    for name, plain, shown in [
        ("phone", PHONE, "138****8000"),
        ("phone", "43123456", "****56"),
        ("phone", "110", "•••"),
        ("id_number", "210599199001010011", "210599********0011"),
        ("id_number", "210599900101001", "210599*****1001"),
        ("id_number", "G1234567", "•••"),
        ("name", "张三丰", "张**"),
        ("email", "lisi@example.org", "l***@example.org"),
        ("email", "@example.org", "•••"),
        ("text", "住址", "•••"),
        ("text", "", ""),
    ]:
        assert (plain, seal.mask(Card(**{name: plain}), name)) == (plain, shown)


@pytest.mark.django_db
def test_erase_empties_text_and_index() -> None:
    row = person()
    seal.erase(row, "phone")
    assert (row.phone, row.phone_index) == ("", None)
    assert (stored(row), stored(row, "phone_index")) == ("", None)


@pytest.mark.django_db
def test_erase_leaves_what_was_changed_meanwhile() -> None:
    row = person()
    seen = copy(row)
    row.phone = "13900139000"
    row.save()
    with pytest.raises(OutOfStep):
        seal.erase(seen, "phone")
    assert seal.open(Person.objects.get(pk=row.pk), "phone") == "13900139000"


def test_declared_names_every_sealed_field_with_its_purpose() -> None:
    found = {f"{f.model._meta.label}.{f.name}": str(f.purpose) for f in seal.declared()}
    assert found["kernel.Person.phone"] == "通知本人、登录、应急联系"
    assert [label for label, purpose in found.items() if not purpose] == []


@isolate_apps("tongzhou.kernel")
def test_check_names_a_wrong_declaration() -> None:
    class Wrong(models.Model):
        phone = seal.SealedField(mask="face", purpose="")
        index = seal.BlindIndexField(source="name", purpose="phone")

        class Meta:
            app_label = "kernel"

    assert [e.id for e in Wrong.check() if str(e.id).startswith("kernel.")] == [
        "kernel.E001",
        "kernel.E002",
        "kernel.E003",
    ]

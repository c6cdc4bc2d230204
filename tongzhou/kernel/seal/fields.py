from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.seal import cipher
from tongzhou.kernel.seal.cipher import HIDDEN, SEALED_TEXT, Sealed

if TYPE_CHECKING:
    _Text = models.TextField[str | Sealed, Any]
    _Index = models.CharField[str | None, str | None]
else:
    _Text, _Index = models.TextField, models.CharField

MASKS = ("phone", "id", "name", "email", "text")


class SealedField(_Text):
    """A text kept encrypted. `mask` is how it is shown (one of MASKS), `purpose` says to the person why it is kept.

    Blind indexes of this field are computed together with the sealing. A write of single columns (`update_fields`,
    `QuerySet.update`) must name the index as well.
    """

    def __init__(self, *args: Any, mask: str, purpose: Any, **kwargs: Any) -> None:
        self.mask, self.purpose = mask, purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"mask": self.mask, "purpose": self.purpose}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *_no_uuid(self), *_unknown_mask(self)]

    def place(self, row: models.Model) -> str:
        """The associated data: a row's key is made before the row is stored, so it is known here."""
        return place(self, row.pk)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | str | None:
        value = getattr(model_instance, self.attname)
        if isinstance(value, Sealed):
            cipher.decrypt(value, self.place(model_instance))  # one taken from another row would be lost here
            return value
        if value and not isinstance(value, str):
            raise TypeError(f"{self} takes a text, not {type(value).__name__}.")
        sealed: Sealed | str | None = cipher.encrypt(value, self.place(model_instance)) if value else value
        for field in indexes(self):
            field.pre_save(model_instance, add)
        setattr(model_instance, self.attname, sealed)
        return sealed

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | str | None:
        return Sealed(value) if value else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Sealed) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        """Here a plain text has come past the sealing: an `update` that knows no row, or a look-up."""
        if isinstance(value, Sealed):
            return value.text
        if value is None or value == "" or (isinstance(value, str) and SEALED_TEXT.fullmatch(value)):
            return value
        raise FieldError(f"{self} is sealed: save the row to write a plain text, use its blind index to look one up.")

    def get_lookup(self, lookup_name: str) -> Any:
        """`contains` and its like are unsupported: they would search the ciphertext and find nothing."""
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "in", "isnull"} else None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.text if isinstance(value, Sealed) else str(value or "")

    def run_validators(self, value: Any) -> None:
        if not isinstance(value, Sealed):
            super().run_validators(value)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """A value that is already indexed for another row is refused here, so that the message stands at this field."""
        super().validate(value, model_instance)
        if model_instance is None or not isinstance(value, str) or not value:
            return
        if HIDDEN[0] in value:
            raise ValidationError(_("请填写完整内容，不要保留遮盖符号“•”。"), code="masked")
        for field in indexes(self):
            others = type(model_instance)._base_manager.exclude(pk=model_instance.pk)
            if field.unique and others.filter(**{field.name: cipher.index(value, field.purpose)}).exists():
                raise ValidationError(_("这一内容已登记在另一条记录上，请核对。"), code="unique")

    def formfield(self, **kwargs: Any) -> Any:
        widget = forms.Textarea if self.mask == "text" else forms.TextInput
        return models.Field.formfield(self, **{"form_class": SealedInput, "widget": widget, **kwargs})


class SealedInput(forms.CharField):
    """Never shows what is kept; left empty, it keeps it."""

    kept: Sealed | None = None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Any:
        initial = form.get_initial_for_field(self, field_name)
        if isinstance(initial, Sealed):
            self.kept, self.required, self.widget.is_required = initial, False, False
            self.widget.attrs.setdefault("placeholder", _("已保密存储，留空即不改动"))
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        return "" if isinstance(value, Sealed) else value

    def clean(self, value: Any) -> Any:
        return super().clean(value) or self.kept or self.empty_value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) if isinstance(initial, Sealed) else super().has_changed(initial, data)


class BlindIndexField(_Index):
    """By which a sealed value is found: `filter(phone_index=seal.index(typed, "phone"))`. Empty values have none."""

    def __init__(self, *args: Any, source: str, purpose: str, **kwargs: Any) -> None:
        self.source, self.purpose = source, purpose
        kwargs |= {"max_length": 43, "null": True, "blank": True, "editable": False}
        super().__init__(*args, **kwargs | ({} if kwargs.get("unique") else {"db_index": True}))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source, "purpose": self.purpose}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *_no_source(self)]

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        """Kept as it is when the source is already sealed: it was computed when that was plain."""
        value = getattr(model_instance, self.source)
        if not isinstance(value, Sealed):
            setattr(model_instance, self.attname, cipher.index(value, self.purpose) or None if value else None)
        return getattr(model_instance, self.attname)  # type: ignore[no-any-return]  # the index or nothing: set above, or before


def indexes(field: SealedField) -> list[BlindIndexField]:
    return [f for f in field.model._meta.concrete_fields if isinstance(f, BlindIndexField) and f.source == field.name]


def place(field: SealedField, key: Any) -> str:
    """table|column|row uuid, whatever form the key has. Raises ValueError for a row without a key."""
    return f"{field.model._meta.db_table}|{field.column}|{key if isinstance(key, UUID) else UUID(str(key))}"


def _no_uuid(field: SealedField) -> list[checks.CheckMessage]:
    key: Any = field.model._meta.pk
    while key.remote_field:
        key = key.target_field
    if isinstance(key, models.UUIDField):
        return []
    hint = "The row's key is part of what is sealed and must be known before the row is stored."
    return [checks.Error("A sealed field needs a model whose primary key is a UUID.", hint, field, "kernel.E001")]


def _unknown_mask(field: SealedField) -> list[checks.CheckMessage]:
    if field.mask in MASKS:
        return []
    return [checks.Error(f"There is no mask “{field.mask}”.", f"Use one of: {', '.join(MASKS)}.", field, "kernel.E002")]


def _no_source(field: BlindIndexField) -> list[checks.CheckMessage]:
    if any(f.name == field.source for f in field.model._meta.concrete_fields if isinstance(f, SealedField)):
        return []
    return [checks.Error(f"“{field.source}” is no sealed field of this model.", None, field, "kernel.E003")]

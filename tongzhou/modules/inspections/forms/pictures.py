"""Photographs in a form: several at once, each looked into when it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

MOST = 6


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"accept": "image/jpeg,image/png,image/webp", "multiple": True} | (attrs or {}))


class PicturesField(forms.FileField):
    """Gives a list of uploaded files."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if len(sent) > MOST:
            raise ValidationError(__("一次最多 %(n)d 张照片。") % {"n": MOST})
        if not sent:
            super().clean(None, initial)
        return [super(PicturesField, self).clean(one, initial) for one in sent]

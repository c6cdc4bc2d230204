"""Small model fields that more than one noun needs."""

from functools import lru_cache
from typing import Any

from django.db import models


class PinyinField(models.CharField[str, str]):
    """Full pinyin and initials of another field, kept at every write, so that 张伟 is found by `zw` or `zhangwei`."""

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs |= {"max_length": 400, "default": "", "blank": True, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = pinyin(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


@lru_cache(maxsize=10_000)  # a name is written again with each change of its row
def pinyin(text: str) -> str:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes half a second: not paid by commands that name nobody

    full = "".join(lazy_pinyin(text)).lower()
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
    return f"{initials} {full}"[:400]

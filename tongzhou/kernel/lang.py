"""The reader's language: "zh" or "en"; and words as they are kept."""

from typing import Any, Literal

from django.utils.translation import get_language, override


def lang() -> Literal["zh", "en"]:
    return "en" if (get_language() or "").startswith("en") else "zh"


def source_text(words: Any) -> str:
    """Translatable words as the database keeps them: in the source language, whoever writes, so that each reader gets their own."""
    with override("zh-hans"):
        return str(words)

"""The reader's language: "zh" or "en"."""

from typing import Literal

from django.utils.translation import get_language


def lang() -> Literal["zh", "en"]:
    return "en" if (get_language() or "").startswith("en") else "zh"

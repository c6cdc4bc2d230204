"""The guides for readers who are not programmers: what they quote stands on a page, what they show is there."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

GUIDES = sorted((settings.BASE / "docs" / "guide").glob("*.md"))
PAGE = 45  # lines


def words_of_the_house() -> set[str]:
    catalogues = settings.BASE.glob("tongzhou/**/locale/en/LC_MESSAGES/django.po")
    found: set[str] = set()
    for file in catalogues:
        with file.open("rb") as opened:
            found |= {str(message.id if isinstance(message.id, str) else message.id[0]) for message in read_po(opened)}
    return found


def test_there_is_a_guide_for_each_reader() -> None:
    assert [file.stem for file in GUIDES] == ["field", "member", "office", "secretary"]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.stem)
def test_what_a_guide_quotes_stands_on_a_page(guide: Path) -> None:
    known = words_of_the_house()
    quoted = re.findall("“([^”]+)”", guide.read_text())
    assert [words for words in quoted if words not in known] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.stem)
def test_a_guide_is_one_page_with_pictures_that_exist(guide: Path) -> None:
    text = guide.read_text()
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(pictures) >= 2
    assert [name for name in pictures if not (guide.parent / name).exists()] == []
    assert len(text.splitlines()) <= PAGE

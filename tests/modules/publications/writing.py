"""What the tests of this room share: an article by a member, a photograph, what is told."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.modules.publications.factory import BODY
from tests.world import World
from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.publications.actions import drafting
from tongzhou.modules.publications.models import Article, Picture


def written(
    cast: World, by: Person | None = None, *, name: str = "门口的一小时", body: str = BODY, **fields: Any
) -> Article:
    """A draft by Zhao, a member without any role."""
    author = by or cast.people.zhao
    made = drafting.begin(uuid4(), cast.response, by=author, name=name)
    return steps.amend(made, by=author, body=body, **fields)


def photograph() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    return SimpleUploadedFile("随手拍.png", out.getvalue(), "image/png")


def pictured(article: Article, *, by: Person, shows: str = "", alt: str = "志愿者在门口") -> Picture:
    return drafting.add_picture(article, photograph(), by=by, alt=alt, shows=shows, key=uuid4())

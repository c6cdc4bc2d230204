"""Photographs and documents: what is taken, what is stripped, who sees them, and that repeats change nothing."""

from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from PIL import Image

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import attachments, ledger, pictures, steps
from tongzhou.kernel.models import Attachment, Person

Make = Callable[..., Errand]
SignIn = Callable[[Person], Client]
ASK = "errands.ask"
pytestmark = pytest.mark.urls("tests.errands.urls")


def photograph(size: tuple[int, int] = (3000, 2000), form: str = "JPEG", turned: int = 1, mode: str = "RGB") -> bytes:
    """A picture as a telephone sends it: large, with the place and the maker in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turned, "SecretPhone"
    exif.get_ifd(0x8825)[2] = (41.0, 17.0, 24.0)
    out = BytesIO()
    Image.new(mode, size, "red").save(out, form, exif=exif)
    return out.getvalue()


def sent(content: bytes, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def kept(cast: World, errand: Make) -> Errand:
    return steps.file(errand(), by=cast.people.sun)[0]


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("WEBP", "RGB")]
)
def test_a_photograph_is_encoded_anew_small_and_without_anything_but_the_picture(form: str, mode: str) -> None:
    picture = pictures.cleaned(photograph(form=form, mode=mode))
    assert (picture.width, picture.height) == (1600, 1067)
    with Image.open(BytesIO(picture.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (1600, 1067), {})
    assert b"SecretPhone" not in picture.content


def test_a_photograph_taken_sideways_stands_upright() -> None:
    picture = pictures.cleaned(photograph((800, 600), turned=6))
    assert (picture.width, picture.height) == (600, 800)


@pytest.mark.parametrize(
    "content",
    [b"", b"x" * 100, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00" * 50, photograph(form="GIF"), photograph()[:3000],
     b"\xff" * (pictures.LARGEST + 1)],
    ids=["nothing", "noise", "svg", "program", "gif", "cut off", "too large"],
)  # fmt: skip
def test_what_is_no_photograph_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        pictures.cleaned(content)


def test_a_picture_that_would_unpack_to_gigabytes_is_refused() -> None:
    out = BytesIO()
    Image.new("1", (20000, 20000)).save(out, "PNG")
    assert len(out.getvalue()) < 200_000
    with pytest.raises(ValidationError):
        pictures.cleaned(out.getvalue())


def test_attaching_is_an_entry_and_the_same_key_again_changes_nothing(cast: World, kept: Errand) -> None:
    key, sun = uuid4(), cast.people.sun
    first = attachments.attach_picture(kept, sent(photograph()), by=sun, needs=ASK, purpose="finding", key=key)
    again = attachments.attach_picture(kept, sent(photograph()), by=sun, needs=ASK, purpose="finding", key=key)
    assert (first, again.pk, Attachment.objects.count()) == (again, key, 1)
    said = [ledger.sentence(entry) for entry in ledger.entries(kept)]
    assert said[1:] == [f"孙支社附上“照片”（摘要 {first.digest[:12]}）"]
    assert [list(attachments.of(kept, purpose)) for purpose in (None, "finding", "evidence")] == [[first], [first], []]
    assert attachments.of_many([kept]) == {kept.pk: [first]}
    assert list(ledger.broken()) == []


def test_a_key_of_another_records_attachment_is_refused(cast: World, kept: Errand, errand: Make) -> None:
    other = steps.file(errand(), by=cast.people.sun)[0]
    key = attachments.attach_picture(kept, sent(photograph()), by=cast.people.sun, needs=ASK).pk
    with pytest.raises(ValidationError):
        attachments.attach_picture(other, sent(photograph()), by=cast.people.sun, needs=ASK, key=key)
    assert list(attachments.of(other)) == []


def test_who_may_not_attach_leaves_nothing(cast: World, kept: Errand) -> None:
    with pytest.raises(PermissionDenied):
        attachments.attach_picture(kept, sent(photograph()), by=cast.people.li, needs=ASK)
    assert (Attachment.objects.count(), kept.version) == (0, 1)


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"%PDF-1.7 x"), ("表.xlsx", b"PK\x03\x04x"), ("b.DOCX", b"PK\x03\x04x")]
)
def test_documents_that_offices_send_are_kept_as_they_are(cast: World, kept: Errand, name: str, content: bytes) -> None:
    found = attachments.attach_document(kept, sent(content, name), by=cast.people.sun, needs=ASK)
    assert (found.name, bytes(Attachment.objects.get().content)) == (name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.html", b"<script>"), ("a.pdf", b"MZ"), ("a.pdf.exe", b"%PDF-"), ("", b"%PDF-"), ("a.svg", b"<svg>")],
)
def test_other_documents_are_refused(cast: World, kept: Errand, name: str, content: bytes) -> None:
    with pytest.raises(ValidationError):
        attachments.attach_document(kept, sent(content, name or "x"), by=cast.people.sun, needs=ASK)
    assert Attachment.objects.count() == 0


def test_an_attachment_is_seen_by_who_sees_its_record_and_found_by_nobody_else(
    cast: World, kept: Errand, signed_in: SignIn
) -> None:
    picture = attachments.attach_picture(kept, sent(photograph()), by=cast.people.sun, needs=ASK)
    paper = attachments.attach_document(kept, sent(b"%PDF-1.7", "通知 1.pdf"), by=cast.people.sun, needs=ASK)
    answer = signed_in(cast.people.wang).get(picture.get_absolute_url())
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    document = signed_in(cast.people.wang).get(paper.get_absolute_url())
    assert document["Content-Disposition"].startswith("attachment")
    for who in (cast.people.wu, cast.people.zhao, cast.people.outsider):
        assert signed_in(who).get(picture.get_absolute_url()).status_code == 404
        with pytest.raises(Http404):
            attachments.find(who, picture.pk)

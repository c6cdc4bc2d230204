"""Photographs as they may be kept: looked into, stripped of everything but the picture, turned upright, made small."""

from dataclasses import dataclass
from io import BytesIO
from warnings import catch_warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST = 15 * 1024 * 1024  # bytes sent in
MOST_PIXELS = 60_000_000  # a small file can unpack to gigabytes
LONGEST_SIDE = 1600  # pixels kept: a price tag or a temperature can still be read
QUALITY = 82


@dataclass(frozen=True)
class Picture:
    content: bytes  # JPEG
    width: int
    height: int


def cleaned(sent: bytes) -> Picture:
    """The picture encoded anew: no place, no camera, no name, no hidden thumbnail. Raises ValidationError for what is no photograph."""
    if len(sent) > LARGEST:
        raise ValidationError(__("照片超过 15 MB，请缩小后再传。"))
    try:
        with catch_warnings(action="error"), Image.open(BytesIO(sent), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(__("照片像素太多，请缩小后再传。"))
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as fault:
        raise ValidationError(__("看不懂这张照片：请用 JPEG、PNG 或 WebP 格式。")) from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *plain.size)

"""The nouns. `Kept` is anything that only the three doors of `steps` may change; `Record` is what a room adds."""

from tongzhou.kernel.models.attachment import Attachment
from tongzhou.kernel.models.base import Brief, Heads, Home, Kept, Record, Spot
from tongzhou.kernel.models.entry import Entry
from tongzhou.kernel.models.link import Link
from tongzhou.kernel.models.notice import Channel, Dispatch, Notice
from tongzhou.kernel.models.outline import Outline
from tongzhou.kernel.models.people import Grant, Person
from tongzhou.kernel.models.response import Response
from tongzhou.kernel.models.unit import Unit
from tongzhou.kernel.models.upload import Upload

__all__ = [
    "Attachment",
    "Brief",
    "Channel",
    "Dispatch",
    "Entry",
    "Grant",
    "Heads",
    "Home",
    "Kept",
    "Link",
    "Notice",
    "Outline",
    "Person",
    "Record",
    "Response",
    "Spot",
    "Unit",
    "Upload",
]

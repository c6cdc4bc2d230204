from tongzhou.modules.coverage.models.declaration import Area, Declaration, Stay
from tongzhou.modules.coverage.models.listing import Evidence, Listing
from tongzhou.modules.coverage.models.orders import Excuse, Release
from tongzhou.modules.coverage.models.roll import Kind, Roll
from tongzhou.modules.coverage.models.subject import Document, Subject

__all__ = [
    "Area", "Declaration", "Document", "Evidence", "Excuse", "Kind", "Listing", "Release", "Roll", "Stay", "Subject",
]  # fmt: skip

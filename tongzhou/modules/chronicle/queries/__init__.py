"""What a paper says: composed live from the rooms, or as it was frozen. Reads only."""

from .citing import cited, find, names_of_people, search
from .composing import composition, gathered, known, palette, told
from .frozen import freeze, keys, published
from .once import Once, once

__all__ = [
    "Once",
    "cited",
    "composition",
    "find",
    "freeze",
    "gathered",
    "keys",
    "known",
    "names_of_people",
    "once",
    "palette",
    "published",
    "search",
    "told",
]

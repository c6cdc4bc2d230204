"""What a paper says: composed live from the rooms, or as it was frozen. Reads only."""

from .citing import cited, find, names_of_people, search
from .composing import composition, gathered, known, palette, told
from .frozen import freeze, keys, published

__all__ = [
    "cited",
    "composition",
    "find",
    "freeze",
    "gathered",
    "keys",
    "known",
    "names_of_people",
    "palette",
    "published",
    "search",
    "told",
]

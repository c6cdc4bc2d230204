"""Excel out and Excel in, as pure functions over bytes: no models, no requests.

`write` makes what a list shows, `template` an empty table to fill, `read` a checked table out of whatever came back.
`read` never raises for a bad file: it answers with faults, each a sentence saying what to do.
"""

from .reading import read
from .shapes import MAX_BYTES, MAX_ROWS, Column, Fault, Kind, Row, Sheet
from .writing import shown, template, write

__all__ = ["MAX_BYTES", "MAX_ROWS", "Column", "Fault", "Kind", "Row", "Sheet", "read", "shown", "template", "write"]

"""Personal data is sealed: encrypted field by field, masked wherever it is shown, opened through one door.

A model declares `phone = SealedField(mask="phone", purpose=…)` and, where the value must be found again,
`phone_index = BlindIndexField(source="phone", purpose="phone")`. A plain text assigned to the attribute is encrypted
when the row is saved; from then on, and when read from the database, the attribute is a `Sealed` that shows only •••.
`open` decrypts (callers check the right to do so and write the entry), `mask` is for display, `index` for look-ups,
`erase` empties. Keys live in a file outside the database (`keys`).

The law behind it (个人信息保护法): encryption and de-identification (art. 51), a stated purpose for every item
(art. 6, 17), deletion when the purpose is met (art. 47).
"""

from tongzhou.kernel.seal.cipher import Broken, Sealed, index
from tongzhou.kernel.seal.fields import BlindIndexField, SealedField
from tongzhou.kernel.seal.keys import add_key, new_keys
from tongzhou.kernel.seal.rows import declared, erase, mask, open

__all__ = [
    "BlindIndexField", "Broken", "Sealed", "SealedField",
    "add_key", "declared", "erase", "index", "mask", "new_keys", "open",
]  # fmt: skip

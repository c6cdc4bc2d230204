"""Numbers of documents. Only what their standards fix; what a room keeps of one, and how, is its own matter."""

CHECKS = "10X98765432"


def check_digit(body: str) -> str:
    """The last character of a citizen identity number after its seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECKS[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body)) % 11]

"""Digits -> the number, or None where there are more of them than a number in a record has."""

_MOST = 15
"""A person's or a trial's number is shorter; Python refuses to read thousands of digits."""


def whole(digits: str) -> int | None:
    """Return the number that *digits* (of any script) are.

    >>> whole("120"), whole("\u06f1\u06f2"), whole("9" * 5000)
    (120, 12, None)
    """
    return int(digits) if len(digits) <= _MOST else None

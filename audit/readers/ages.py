"""The text of an age field -> its lower and its upper limit."""

import re

from audit.model.registration import Age
from audit.model.span import Value

_DIGITS = {ord(persian) + at: str(at) for persian in "۰٠" for at in range(10)} | {ord("٫"): "."}
_PER_YEAR = {"year": 1.0, "سال": 1.0, "month": 12.0, "ماه": 12.0, "week": 52.18, "هفته": 52.18, "day": 365.25, "روز": 365.25}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)[\s*-]*(year|month|week|day|سال|ماه|هفته|روز)?(?:s\b)?", re.I)
_UPPER = re.compile(r"(?:\bto|\buntil|\bmaximum|\bunder|تا)(?:\s*سن)?[\s*:]*$", re.I)
_NO_LIMIT = re.compile(r"\bno\s+(?:age\s+)?limit|بدون\s+محدودیت", re.I)


def read_ages(text: Value, labels: tuple[str, str] = ("", "")) -> tuple[Age, Age]:
    """Return the minimum and the maximum age that *text* gives, each quoting its own piece.

    ``From 6 months old to 12 years old`` gives 0.5 and 12; a limit that is not named in a given text is 'no limit'
    and quotes the whole text. A text that is not understood gives limits without years.
    """
    plain = text.text.translate(_DIGITS)
    amounts = list(_AMOUNT.finditer(plain))
    lower = next((amount for amount in amounts if not _UPPER.search(plain, 0, amount.start())), None)
    upper = next((amount for amount in amounts if amount is not lower), None)
    clear = bool(_NO_LIMIT.search(plain)) if not amounts else len(amounts) <= 2
    unit = next((amount[2] for amount in reversed(amounts) if amount[2]), "year").lower()
    minimum, maximum = (
        _age(text, name, label, amount if clear else None, clear, unit)
        for name, label, amount in zip(("minimum_age", "maximum_age"), labels, (lower, upper), strict=True)
    )
    return minimum, maximum


def _age(text: Value, field: str, label: str, amount: re.Match[str] | None, clear: bool, unit: str) -> Age:
    label = label or text.label
    if not text.given or amount is None:
        return Age(field, label, text.text, text.start, text.state, text.path, None, not (clear and text.given))
    quote = text.text[amount.start() : amount.end()].rstrip(" \t\r\n*-")
    years = float(amount[1]) / _PER_YEAR[(amount[2] or unit).lower()]
    return Age(field, label, quote, text.start + amount.start(), text.state, text.path, years, True)

"""The text of an age field -> its lower and its upper limit."""

import re
from functools import lru_cache
from typing import NamedTuple

from audit.model.registration import Age
from audit.model.span import Value
from audit.readers.quick import group_of

_DIGITS = {ord(persian) + at: str(at) for persian in "۰٠" for at in range(10)} | {ord("٫"): "."}
_PER_YEAR = {"year": 1.0, "سال": 1.0, "month": 12.0, "ماه": 12.0, "week": 52.18, "هفته": 52.18, "day": 365.25, "روز": 365.25}
_OF_VALUE = frozenset(Value.__dataclass_fields__)
"""What is taken over from the text; what is cached of it (its folded text) is not."""
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)[\s*-]*(year|month|week|day|سال|ماه|هفته|روز)?(?:s\b)?", re.I)
_UPPER = re.compile(r"(?:\bto|\buntil|\bmaximum|\bunder|تا)(?:\s*سن)?[\s*:]*$", re.I)
_NO_LIMIT = re.compile(r"\bno\s+(?:age\s+)?limit|بدون\s+محدودیت", re.I)


class _Limit(NamedTuple):
    """Where in a text an age stands, and what it is in years."""

    start: int
    end: int
    years: float


def read_ages(text: Value, labels: tuple[str, str] = ("", "")) -> tuple[Age, Age]:
    """Return the minimum and the maximum age that *text* gives, each quoting its own piece.

    ``From 6 months old to 12 years old`` gives 0.5 and 12; a limit that is not named in a given text is 'no limit'
    and quotes the whole text. A text that is not understood gives limits without years.
    """
    lower, upper, clear = _limits(text.text)
    minimum = _age(text, "minimum_age", labels[0] or text.label, lower, clear)
    return minimum, _age(text, "maximum_age", labels[1] or text.label, upper, clear)


@lru_cache(maxsize=1024)
def _limits(text: str) -> tuple[_Limit | None, _Limit | None, bool]:
    """Return the lower and the upper limit, and whether the text is understood."""
    plain = text.translate(_DIGITS)
    amounts = list(_AMOUNT.finditer(plain))
    lower = next((amount for amount in amounts if not _UPPER.search(plain, 0, amount.start())), None)
    upper = next((amount for amount in amounts if amount is not lower), None)
    clear = bool(_NO_LIMIT.search(plain)) if not amounts else len(amounts) <= 2
    unit = next((amount[2] for amount in reversed(amounts) if amount[2]), "year").lower()
    if not clear:
        return None, None, False
    return _limit(lower, unit), _limit(upper, unit), True


def _limit(amount: re.Match[str] | None, unit: str) -> _Limit | None:
    if amount is None:
        return None
    start, quote = amount.start(), amount[0].rstrip(" \t\r\n*-")
    return _Limit(start, start + len(quote), float(amount[1]) / _PER_YEAR[(amount[2] or unit).lower()])


def _age(text: Value, field: str, label: str, limit: _Limit | None, clear: bool) -> Age:
    if not text.given or limit is None:
        return _made(text, {"field": field, "label": label, "years": None, "limited": not (clear and text.given)})
    start, end, years = limit
    own = {"text": text.text[start:end], "start": text.start + start}
    return _made(text, {"field": field, "label": label, **own, "years": years, "limited": True})


def _made(text: Value, parts: dict[str, object]) -> Age:
    return group_of(Age, {name: part for name, part in text.__dict__.items() if name in _OF_VALUE} | parts)

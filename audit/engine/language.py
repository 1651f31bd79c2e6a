"""A value -> whether it is written in Persian, so that nothing is concluded from English words that are not in it."""

import re
from functools import lru_cache

from audit.engine.reading import cannot_tell
from audit.model.result import Fact
from audit.model.span import Value

_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile("[A-Za-z]")


@lru_cache(maxsize=512)
def _mostly_arabic(text: str) -> bool:
    return len(_ARABIC.findall(text)) > len(_LATIN.findall(text))


def persian(value: Value) -> bool:
    """Return whether most letters of *value* are of the Arabic script.

    >>> persian(Value("design", text="کارآزمایی بالینی phase 2")), persian(Value("design", text="a trial"))
    (True, False)
    """
    return value.given and not value.text.isascii() and _mostly_arabic(value.text)


def unread(*values: Value) -> Fact | None:
    """Return why nothing can be told where one of *values* is Persian and only English words are known, else None."""
    for value in values:
        if persian(value):
            return cannot_tell("language", value.field)
    return None

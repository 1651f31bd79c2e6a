"""A folded text -> the times in it (three days, week 4, the 12th month), each in days, with its sign and how firmly it is said."""

import re
from dataclasses import dataclass
from functools import lru_cache

from audit.engine.numbers import count

_ORDINALS = {
    word: at
    for at, word in enumerate(
        re.findall(
            r"\w+",
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth",
        ),
        1,
    )
} | {
    "twentieth": 20,
    "thirtieth": 30,
    "fortieth": 40,
    "sixtieth": 60,
    "twenty-first": 21,
    "twenty first": 21,
    "twenty-eighth": 28,
    "twenty eighth": 28,
    "twenty-fourth": 24,
    "twenty fourth": 24,
    "seventy-second": 72,
    "half": 0.5,
}
_SPELT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen|twenty(?:[ -](?:one|four|eight))?"
    r"|thirty|forty|forty[ -]eight|fifty|sixty|seventy[ -]two|ninety"
)
_NUMBER = (
    rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?(?: ?(?:st|nd|rd|th)(?![a-z]))?|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))}|{_SPELT})"
)
_JOIN = r"(?: ?(?:,|;|&|/|\+|-|\band\b|\bor\b|\bto\b|\bthen\b|\bthe\b|\.(?= ?\d)) ?){1,3}"
_LIST = rf"(?:{_NUMBER})(?:{_JOIN}(?:{_NUMBER})){{0,20}}"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|h|days?|dyas?|weeks?|wks?|months?|mounths?|mos|years?|yrs?)(?![a-z])"
_ANY_UNIT = re.compile(r"(?:(?<=[\d -])|\b)(?:min|h|d(?:ay|ya)|w(?:ee)?k|mo|y(?:ea)?r)")
_BEFORE_UNIT = re.compile(
    rf"(?<![a-z0-9.\x7f])(?<!\x7f )(?<![a-z]-)(?P<n>{_LIST})[ .-]{{0,2}}(?:(?:consecutive|postoperative|post-operative|full|calendar|complete|more|subsequent|following|next) )?(?P<u>{_UNIT})"
)
_AFTER_UNIT = re.compile(
    rf"\b(?P<u>(?:day|week|month|year|hour|minute|min|wk)s?)[ .:+#-]{{0,2}}(?:no\.? ?)?(?P<n>{_LIST})(?![a-z0-9]|[ -]?(?:{_UNIT}))"
)
_EACH = re.compile(r"\d{1,4}(?:\.\d{1,2})?|[a-z]+(?:[ -][a-z]+)?")
_PARTS = re.compile(_NUMBER)
_DAYS = {"mi": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0, "mo": 30.4, "y": 365.0}
_PAST = re.compile(r"^[ ,]*(?:before|prior|preceding|ago|earlier|pre-?(?:op|treat|inter)|of (?:age|gestation)|gestation|old\b)")
_OFTEN = re.compile(r"\b(?:every|each|per|interval of|intervals of|apart|once in|once a)(?: \w+)? ?$")
_OPEN = re.compile(
    r"\b(?:up ?to|within|until|till|during|throughout|over|maximum(?: of)?|max|at most|average(?: of)?|approximately|approx\.?|about|around|for|in|first|next|expected|estimated|less than|more than)"
    r"(?: the| a| an)? ?$"
)


@dataclass(frozen=True)
class Moment:
    """A time: its length in days, negative before the start; ``often`` of "every week", ``bound`` of "up to a week"."""

    days: float
    start: int
    end: int
    often: bool = False
    bound: bool = False


@lru_cache(maxsize=1024)
def moments(folded: str) -> tuple[Moment, ...]:
    """Return the times that a folded text names, in order.

    >>> [round(one.days) for one in moments("before, day 3, 1 and 2 weeks, the third month, 7 days before surgery")]
    [3, 7, 14, 91, -7]
    """
    if not _ANY_UNIT.search(folded):
        return ()
    found: list[Moment] = []
    taken = 0
    matches = sorted(
        [*_BEFORE_UNIT.finditer(folded), *_AFTER_UNIT.finditer(folded)], key=lambda match: (match.start(), -match.end())
    )
    for match in matches:
        if match.start() < taken:
            continue
        taken = match.end()
        unit = _DAYS["mo" if match["u"].startswith(("mo",)) else "mi" if match["u"].startswith("mi") else match["u"][0]]
        sign = -1.0 if _PAST.match(folded[match.end() : match.end() + 20]) else 1.0
        before = folded[max(0, match.start() - 24) : match.start()]
        often, bound = bool(_OFTEN.search(before)), bool(_OPEN.search(before))
        for part in _PARTS.finditer(match["n"]):
            if (number := _number(part[0])) is not None:
                found.append(Moment(sign * number * unit, match.start(), match.end(), often, bound))
    return tuple(found)


def _number(text: str) -> float | None:
    figures = _EACH.match(text)
    if figures is None:
        return None
    if figures[0][0].isdigit():
        return float(figures[0])
    if text in _ORDINALS:
        return float(_ORDINALS[text])
    whole = count(text)
    return None if whole is None else float(whole)

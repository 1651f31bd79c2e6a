"""A value that should be a date -> the date it means, with its Gregorian and its Jalali half as written."""

import re
from functools import lru_cache

from audit.model.dates import PartialDate, from_jalali
from audit.model.registration import DateValue, Half
from audit.model.span import GIVEN, Value
from audit.readers.quick import group_of, value_of

_DAY = re.compile(r"(?<!\d)(\d{3,4})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
_MONTH = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?")
_DAY_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})")
_NAMED_DAY = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_PAIR = re.compile(r"(\d{4})-(\d\d)-(\d\d), (\d{4})/(\d\d)/(\d\d)", re.ASCII)
"""Nearly all dates of an IRCT page: read at once, without folding the text."""


def read_date(value: Value) -> DateValue:
    """Return *value* with what it means as a date; an impossible or unclear date means nothing (``date`` is None).

    ``2024-06-15, 1403/03/26`` is a Gregorian and a Jalali half, in this order unless only the other order makes
    both plausible. A lone date stands in the Gregorian place unless it is written with slashes and has a Jalali
    year. Persian digits, months (``2024-06``), years and English month names are understood.
    """
    meant: PartialDate | None
    gregorian: Half | None
    jalali: Half | None
    if value.given and (pair := _pair(value.text)) is not None:
        meant, gregorian_numbers, jalali_numbers = pair
        gregorian, jalali = _part(value, 0, 10, "gregorian", gregorian_numbers), _part(value, 12, 22, "jalali", jalali_numbers)
    else:
        gregorian, jalali = _halves(value) if value.given else (None, None)
        meant = _meaning(gregorian, jalali)
        if meant is None and gregorian is None and value.given:
            meant = _single(value.folded.strip())
    return group_of(DateValue, value.__dict__ | {"date": meant, "gregorian": gregorian, "jalali": jalali})


@lru_cache(maxsize=8192)
def _pair(text: str) -> tuple[PartialDate, tuple[int, int, int], tuple[int, int, int]] | None:
    """Return what a pair in the page's own form means, and the numbers of its halves; None for all else."""
    match = _PAIR.fullmatch(text)
    if match is None:
        return None
    year, month, day, *jalali = (int(number) for number in match.groups())
    meant = _possible(year, month, day) if _gregorian_year(year) else None
    return None if meant is None else (meant, (year, month, day), (jalali[0], jalali[1], jalali[2]))


def _part(value: Value, start: int, end: int, calendar: str, numbers: tuple[int, int, int]) -> Half:
    part = value_of(Value, f"{value.field}.{calendar}", value.label, value.text[start:end], value.start + start, GIVEN)
    if value.path is not None:
        part.__dict__.update(path=value.path, line=value.line, column=value.column)
    year, month, day = numbers
    return group_of(Half, {"value": part, "year": year, "month": month, "day": day})


def _halves(value: Value) -> tuple[Half | None, Half | None]:
    found = list(_DAY.finditer(value.folded))
    if not found:
        return None, None
    first = found[0]
    if len(found) == 1:
        lone_jalali = _jalali_year(int(first[1])) and first[2] == "/"
        return (None, _half(value, first, "jalali")) if lone_jalali else (_half(value, first, "gregorian"), None)
    second = found[1]
    if _jalali_year(int(first[1])) and _gregorian_year(int(second[1])):
        first, second = second, first
    return _half(value, first, "gregorian"), _half(value, second, "jalali")


def _half(value: Value, match: re.Match[str], calendar: str) -> Half:
    return _part(value, match.start(), match.end(), calendar, (int(match[1]), int(match[3]), int(match[4])))


def _meaning(gregorian: Half | None, jalali: Half | None) -> PartialDate | None:
    if gregorian is not None and _gregorian_year(gregorian.year):
        meant = _possible(gregorian.year, gregorian.month, gregorian.day)
        if meant is not None:
            return meant
    for half in (jalali, gregorian):
        if half is not None and _jalali_year(half.year):
            day = from_jalali(half.year, half.month, half.day)
            if day is not None:
                return PartialDate(day, day)
    return None


def _single(text: str) -> PartialDate | None:
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2]) if match[2] else None
        return _possible(year, month, None) if _gregorian_year(year) else None
    if match := _DAY_LAST.fullmatch(text):
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        if one > 12 >= two:
            return _possible(year, two, one)
        return _possible(year, one, two) if two > 12 or one == two else None
    if match := _DAY_NAMED.fullmatch(text):
        return _named(int(match[3]), match[2], int(match[1]))
    if match := _NAMED_DAY.fullmatch(text):
        return _named(int(match[3]), match[1], int(match[2]))
    return None


def _named(year: int, month: str, day: int) -> PartialDate | None:
    return _possible(year, _MONTHS.index(month) + 1, day) if month in _MONTHS else None


def _possible(year: int, month: int | None, day: int | None) -> PartialDate | None:
    try:
        return PartialDate.of(year, month, day)
    except (ValueError, OverflowError):
        return None


def _gregorian_year(year: int) -> bool:
    return 1900 <= year <= 2150


def _jalali_year(year: int) -> bool:
    return 1300 <= year <= 1450

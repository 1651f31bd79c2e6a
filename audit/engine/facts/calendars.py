"""Dates as written in one or two calendars -> those whose halves are different days, and those that cannot be."""

from collections.abc import Iterator
from datetime import date

from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.dates import from_jalali, to_jalali
from audit.model.registration import DateValue, Half
from audit.model.result import Case, Fact
from audit.model.span import Place

_EARLIEST = 1990
_SURELY_NEAR = 2035
_YEARS_AHEAD = 15
_YEARS_TO_COMPLETION = 60
"""How far ahead a completion may be planned: registries of children follow them for decades."""
_COMPLETIONS = ("completion_date", "primary_completion_date")
_JALALI = range(1300, 1451)
_GREGORIAN = range(1900, 2101)
_BUDDHIST_ERA = 543


@fact(cases=("gregorian", "jalali", "converted", "days"))
def calendar_differences(reading: Reading) -> Fact:
    """Dates given in two calendars that are not the same day; a pair that the record repeats counts once."""
    pairs: dict[tuple[object, ...], list[DateValue]] = {}
    for value in _dates(reading):
        if value.gregorian is not None and value.jalali is not None:
            pairs.setdefault((_numbers(value.gregorian), _numbers(value.jalali)), []).append(value)
    if not pairs:
        return cannot_tell("text", "no date is given in both calendars")
    return listed(case for values in pairs.values() for case in _differing(values))


@fact
def largest_calendar_difference(reading: Reading) -> Fact:
    """The most days by which the two halves of a date differ."""
    differences = reading.fact("calendar_differences")
    days = [int(str(case.values["days"])) for case in differences.cases]
    return Fact(max(days, default=0), differences.places, differences.reason if differences.value is None else None)


def _differing(values: list[DateValue]) -> Iterator[Case]:
    one, other = values[0].gregorian, values[0].jalali
    assert one is not None
    assert other is not None
    gregorian, jalali = _gregorian_day(one), _jalali_day(other)
    if gregorian is None or jalali is None or gregorian == jalali:
        return
    converted = "{}/{:02}/{:02}".format(*to_jalali(gregorian))
    yield Case(
        {
            "gregorian": one.value.text,
            "jalali": other.value.text,
            "converted": converted,
            "days": abs((gregorian - jalali).days),
        },
        tuple(_place(value, half) for value in values for half in (value.gregorian, value.jalali) if half is not None),
    )


@fact(cases=("date", "why"))
def impossible_dates(reading: Reading) -> Fact:
    """Dates that no calendar has, that stand in the other calendar's place, or whose year cannot be meant.

    ``why`` is one of ``no such day``, ``Jalali year in the Gregorian place``, ``Gregorian year in the Jalali
    place``, ``year out of range``. A pair that the record repeats counts once.
    """
    found: dict[tuple[str, str], list[Place]] = {}
    given = False
    for value in _dates(reading):
        for place, why in _impossible(reading, value):
            found.setdefault((place.quote, why), []).append(place)
        given = given or value.date is not None or value.gregorian is not None or value.jalali is not None
    if not given:
        return cannot_tell("text", "no date is given to the day")
    return listed(Case({"date": written, "why": why}, tuple(places)) for (written, why), places in found.items())


def _impossible(reading: Reading, value: DateValue) -> Iterator[tuple[Place, str]]:
    if value.gregorian is not None and (why := _wrong_gregorian(reading, value, value.gregorian)):
        yield _place(value, value.gregorian), why
    if value.jalali is not None and (why := _wrong_jalali(value.jalali)):
        yield _place(value, value.jalali), why
    halves = value.gregorian or value.jalali
    if halves is None and value.date is not None and _out_of_range(reading, value, value.date.first.year):
        yield value.whole(), "year out of range"


def _wrong_gregorian(reading: Reading, value: DateValue, half: Half) -> str | None:
    if half.year in _JALALI:
        # A page in Persian may give the Jalali half alone, and with dashes.
        alone = value.jalali is None and reading.registration.language == "fa"
        return None if alone else "Jalali year in the Gregorian place"
    if _out_of_range(reading, value, half.year):
        # The Thai registry counts years from the Buddha.
        thai = reading.registration.registry == "TCTR" and half.year - _BUDDHIST_ERA in _GREGORIAN
        return None if thai else "year out of range"
    return "no such day" if _gregorian_day(half) is None else None


def _wrong_jalali(half: Half) -> str | None:
    if half.year in _GREGORIAN:
        return "Gregorian year in the Jalali place"
    if half.year not in _JALALI:
        return "year out of range"
    return "no such day" if _jalali_day(half) is None else None


def _out_of_range(reading: Reading, value: DateValue, year: int) -> bool:
    ahead = _YEARS_TO_COMPLETION if value.field in _COMPLETIONS else _YEARS_AHEAD
    # Only a year far ahead rests on the as-of day, so that other findings do not depend on it.
    return year < _EARLIEST or (year > _SURELY_NEAR and year > reading.as_of.year + ahead)


def _dates(reading: Reading) -> Iterator[DateValue]:
    r = reading.registration
    cut = None if r.complete or not r.values else r.values[-1]
    for value in r.values:
        if isinstance(value, DateValue) and value.given and value is not cut:  # a cut date may lack its last digit
            yield value


def _gregorian_day(half: Half) -> date | None:
    try:
        return date(half.year, half.month, half.day) if half.year in _GREGORIAN else None
    except ValueError:
        return None


def _jalali_day(half: Half) -> date | None:
    return from_jalali(half.year, half.month, half.day) if half.year in _JALALI else None


def _numbers(half: Half) -> tuple[int, int, int]:
    return half.year, half.month, half.day


def _place(value: DateValue, half: Half) -> Place:
    start = half.value.start - value.start
    return value.place(start, start + len(half.value.text))

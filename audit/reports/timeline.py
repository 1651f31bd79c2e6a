"""A registration's dates -> the geometry of a time line, which ``parts/timeline.svg.j2`` draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from audit.model.dates import PartialDate
from audit.model.registration import DateValue, Registration
from audit.model.span import State

_FIELDS = (
    "registration_date",
    "expected_recruitment_start",
    "expected_recruitment_end",
    "actual_recruitment_start",
    "actual_recruitment_end",
    "completion_date",
    "last_update",
)
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)
WIDTH, PITCH = 400, 17
"""The track of a date, in units of the picture; the templates draw it as wide as there is room."""
_MOST_TICKS = 5


@dataclass(frozen=True)
class Row:
    """One date: its name (a key of the language file), the date, where it lies on the track; ``right`` differs from ``x`` when
    only the month or the year is known."""

    name: str
    date: PartialDate
    x: float
    right: float
    planned: bool


@dataclass(frozen=True)
class Picture:
    """A time line ready to be drawn: a track for each date, `WIDTH` wide and `PITCH` high, one under the other."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    band: tuple[float, float] | None
    """From the start to the end of recruitment, actual where both are known, else as expected."""
    as_of: float
    width: int = WIDTH
    pitch: int = PITCH


@dataclass(frozen=True)
class Dates:
    """The dates of a record: those that can be drawn, and of the others their names with the state of the field."""

    drawn: tuple[tuple[str, PartialDate], ...]
    missing: tuple[tuple[str, State], ...]
    band: tuple[PartialDate, PartialDate] | None


def dates(registration: Registration, as_of: date) -> Dates:
    """Return the dates of *registration* and the day it was audited as of, in the order of time."""
    named = list(_dates(registration))
    drawn = [(name, value.date) for name, value in named if value.date]
    missing = tuple((name, value.state) for name, value in named if not value.date)
    drawn.append(("as_of", PartialDate(as_of, as_of)))
    drawn.sort(key=lambda pair: (pair[1].first, pair[1].last))
    return Dates(tuple(drawn), missing, _band(registration))


def picture(told: Dates) -> Picture:
    """Return the time line of *told*."""
    days = [day.toordinal() for _, when in told.drawn for day in (when.first, when.last)]
    margin = max(12, (max(days) - min(days)) // 20)
    low, high = max(1, min(days) - margin), min(date.max.toordinal(), max(days) + margin)

    def across(day: date) -> float:
        return round(20 + (WIDTH - 40) * (day.toordinal() - low) / (high - low), 1)  # the texts of the ticks need room

    rows = tuple(Row(name, when, across(when.first), across(when.last), name.startswith("expected")) for name, when in told.drawn)
    band = (across(told.band[0].first), across(told.band[1].last)) if told.band else None
    as_of = next(row.x for row in rows if row.name == "as_of")
    ticks = tuple((across(day), text) for day, text in _ticks(low, high, _MOST_TICKS))
    return Picture(rows, ticks, band, as_of)


def _dates(registration: Registration) -> Iterator[tuple[str, DateValue]]:
    for review in registration.ethics_reviews:
        yield "approval", review.approval_date
    if not registration.ethics_reviews:
        yield "approval", DateValue("ethics_reviews", state=registration.ethics_reviews.state)
    for name in _FIELDS:
        yield name, getattr(registration, name)


def _band(registration: Registration) -> tuple[PartialDate, PartialDate] | None:
    for start, end in (
        (registration.actual_recruitment_start.date, registration.actual_recruitment_end.date),
        (registration.expected_recruitment_start.date, registration.expected_recruitment_end.date),
    ):
        if start and end and start.first <= end.last:
            return start, end
    return None


def _ticks(low: int, high: int, most: int) -> list[tuple[date, str]]:
    first, last = (date.fromordinal(day) for day in (low, high))
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    step = next(step for step in _STEPS if len(months) // step <= most)
    at = [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
    return [(day, str(day.year) if step >= 12 else day.strftime("%Y-%m")) for day in at]

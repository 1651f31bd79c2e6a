"""Dates as registries write them: days, months, Jalali and Gregorian. No other file imports jdatetime."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache


@dataclass(frozen=True)
class PartialDate:
    """A date known to the day, the month or the year: its first and its last possible day."""

    first: date
    last: date

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> "PartialDate":
        """Return the date; raise ValueError where the calendar has no such day."""
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            after = date(year + month // 12, month % 12 + 1, 1)
            return cls(date(year, month, 1), after - timedelta(days=1))
        exact = date(year, month, day)
        return cls(exact, exact)

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        if self.exact:
            return self.first.isoformat()
        return self.first.strftime("%Y" if self.last - self.first > timedelta(days=31) else "%Y-%m")


@lru_cache(maxsize=8192)
def from_jalali(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a Jalali one, or None where the Jalali calendar has no such day.

    >>> from_jalali(1403, 3, 26)
    datetime.date(2024, 6, 15)
    """
    import jdatetime

    try:
        gregorian: date = jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return None
    return gregorian


@lru_cache(maxsize=8192)
def to_jalali(day: date) -> tuple[int, int, int]:
    """Return year, month and day of the Jalali calendar (from AD 622 on).

    >>> to_jalali(date(2024, 6, 15))
    (1403, 3, 26)
    """
    import jdatetime

    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day

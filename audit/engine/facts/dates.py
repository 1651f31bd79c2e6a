"""Facts on dates: which one counts as start and end of recruitment, how they lie to one another, and which cannot be."""

from collections.abc import Iterator
from datetime import timedelta

from audit.engine.reading import Reading, cannot_tell, fact, listed, missing
from audit.model.dates import PartialDate
from audit.model.registration import DateValue
from audit.model.result import Case, Fact
from audit.model.span import Place

_SLIP = timedelta(days=1)
"""Clocks in different time zones may differ by a day."""


@fact
def as_of(reading: Reading) -> Fact:
    """The day against which 'today' is decided."""
    exported = reading.registration.exported
    today = PartialDate(reading.as_of, reading.as_of)
    return Fact(today, (exported.whole(),) if exported.date == today else ())


@fact
def recruitment_start(reading: Reading) -> Fact:
    """The first enrolment: the actual date where there is one, else the expected one."""
    r = reading.registration
    return _first_of(r.actual_recruitment_start, r.expected_recruitment_start)


@fact
def recruitment_end(reading: Reading) -> Fact:
    """The end of recruitment: the actual date where there is one, else the expected one."""
    r = reading.registration
    return _first_of(r.actual_recruitment_end, r.expected_recruitment_end)


def _first_of(*dates: DateValue) -> Fact:
    for value in dates:
        if value.date is not None:
            return Fact(value.date, (value.whole(),))
    last = dates[-1]
    return cannot_tell("unclear" if last.given else last.state.value, last.field)


@fact
def recruitment_start_type(reading: Reading) -> Fact:
    """Whether the first enrolment is an ``actual`` or an ``expected`` date; ``registered`` where the export does not tell."""
    start = reading.fact("recruitment_start")
    if start.value is None:
        return Fact(reason=start.reason)
    r = reading.registration
    untold = r.source.kind == "structured" and r.source.reader == "ictrp" and r.start_date_type.code is None
    actual = r.actual_recruitment_start.date is not None
    return Fact("actual" if actual else "registered" if untold else "expected", start.places)


@fact
def registered_days_after_start(reading: Reading) -> Fact:
    """Days from the first enrolment (actual, else expected) to the registration; negative when registered before."""
    registered = reading.registration.registration_date
    start = reading.fact("recruitment_start")
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    if registered.date is None:
        return cannot_tell("unclear" if registered.given else registered.state.value, registered.field)
    if not (start.value.exact and registered.date.exact):
        return cannot_tell("unclear", registered.field if start.value.exact else "recruitment_start")
    return Fact((registered.date.first - start.value.first).days, (registered.whole(), *start.places))


@fact
def registration_delay(reading: Reading) -> Fact:
    """The days for which recruitment had certainly gone on at registration; 0 when it may not have begun.

    Of a start known to the month the last day counts.
    """
    registered = reading.registration.registration_date
    start = reading.fact("recruitment_start")
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    if registered.date is None:
        return cannot_tell("unclear" if registered.given else registered.state.value, registered.field)
    return Fact(max(0, (registered.date.first - start.value.last).days), (registered.whole(), *start.places))


@fact
def registration_timing_fits(reading: Reading) -> Fact:
    """Whether the registration timing is what the dates of registration, start and end make it; equal days fit both ways.

    Source: IRCT calls a registration prospective before the first enrolment, retrospective after recruitment.
    """
    r = reading.registration
    timing, registered = r.registration_timing, r.registration_date
    start, end = reading.fact("recruitment_start"), reading.fact("recruitment_end")
    if (unsaid := missing(timing, registered)) is not None:
        return unsaid
    if timing.code is None or registered.date is None:
        return cannot_tell("unclear", timing.field if timing.code is None else registered.field)
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    day, known_end = registered.date, end.value if isinstance(end.value, PartialDate) else None
    possible = {
        "prospective": day.first <= start.value.last,
        "registered_while_recruiting": day.last >= start.value.first and (known_end is None or day.first <= known_end.last),
        "retrospective": day.last >= (known_end or start.value).first,
    }
    fits = possible.get(timing.code)
    if fits is None:
        return cannot_tell("unclear", timing.field)
    if fits and known_end is None and timing.code != "prospective":
        return Fact(reason=end.reason)
    expected = r.expected_recruitment_start
    dates = (registered.whole(), *start.places, *end.places, *((expected.whole(),) if expected.given else ()))
    return Fact(fits, (timing.whole(), *dates))


@fact
def earliest_possible_completion(reading: Reading) -> Fact:
    """The day before which the trial cannot be complete: the actual end of recruitment, else its start."""
    start, ended = reading.fact("recruitment_start"), reading.registration.actual_recruitment_end
    if ended.date is None:
        return start
    if isinstance(start.value, PartialDate) and start.value.first > ended.date.first:
        return start
    return Fact(ended.date, (ended.whole(),))


@fact(cases=("date", "limit"))
def actual_dates_ahead(reading: Reading) -> Fact:
    """Actual dates that lie after the last update, when they could not be known yet, or after the as-of day."""
    r = reading.registration
    ends = ((r.primary_completion_date, r.primary_completion_date_type), (r.completion_date, r.completion_date_type))
    told = [value for value, kind in ends if kind.code == "actual"]
    given = [value for value in (r.actual_recruitment_start, r.actual_recruitment_end, *told) if value.date is not None]
    if not given:
        return missing(r.actual_recruitment_start, r.actual_recruitment_end) or cannot_tell("unclear", "actual_recruitment_start")
    return listed(_ahead(reading, given))


def _ahead(reading: Reading, given: list[DateValue]) -> Iterator[Case]:
    update = reading.registration.last_update
    for value in given:
        assert value.date is not None
        if update.date is not None and value.date.first > update.date.last + _SLIP:
            yield Case({"date": value.date, "limit": update.date}, (value.whole(), update.whole()))
        elif value.date.first > reading.as_of + _SLIP:
            today: tuple[Place, ...] = reading.fact("as_of").places
            yield Case({"date": value.date, "limit": reading.fact("as_of").value}, (value.whole(), *today))

"""Facts on dates: which one counts as start and end, how they lie to one another, and whether they are possible at all."""

from audit.engine.reading import Reading, cannot_tell, fact
from audit.model.dates import PartialDate
from audit.model.registration import DateValue
from audit.model.result import Fact


@fact
def as_of(reading: Reading) -> Fact:
    """The day against which 'today' is decided."""
    return Fact(PartialDate(reading.as_of, reading.as_of))


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

"""Facts on the recruitment status: whether it agrees with the dates, and whether the record was kept up to date."""

import re
from datetime import timedelta

from audit.engine.reading import Reading, cannot_tell, fact, missing
from audit.model.dates import PartialDate
from audit.model.registration import Outcome
from audit.model.result import Fact
from audit.model.span import Place

_OPEN = ("pending", "recruiting")
_YEAR = timedelta(days=365)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = rf"\d{{1,4}}(?:\.\d+)?|{'|'.join(_WORDS)}"
_AMOUNT = re.compile(rf"\b({_NUMBER})(?:st|nd|rd|th)?[ -]{{0,3}}(day|week|month|year)")
_COUNTED = re.compile(r"\b(day|week|month|year)s? ?((?:\d{1,4}(?:[ ,&-]|and|to|\b)*)+)")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
_LONGEST = 20 * 365


@fact
def recruitment_has_ended(reading: Reading) -> Fact:
    """Whether an actual end of recruitment is given that has come by the as-of day."""
    ended = reading.registration.actual_recruitment_end
    if not ended.given:
        return Fact(False, (ended.whole(),)) if ended.state.value == "empty" else cannot_tell(ended.state, ended.field)
    if ended.date is None:
        return cannot_tell("unclear", ended.field)
    return Fact(ended.date.last <= reading.as_of, (ended.whole(),))


@fact
def longest_follow_up_days(reading: Reading) -> Fact:
    """The longest time point among the outcomes, in days, as far as it is written in figures or small number words."""
    longest = 0.0
    places: tuple[Place, ...] = ()
    for outcome in (*reading.registration.primary_outcomes, *reading.registration.secondary_outcomes):
        days = _follow_up(outcome)
        if longest < days <= _LONGEST:
            longest, places = days, (outcome.timepoint.whole(),)
    return Fact(longest, places) if longest else cannot_tell("text", "no time point of an outcome is understood")


def _follow_up(outcome: Outcome) -> float:
    text = outcome.timepoint.folded
    if not any(unit in text for unit in _DAYS):
        return 0.0
    amounts = [_number(match[1]) * _DAYS[match[2]] for match in _AMOUNT.finditer(text)]
    for match in _COUNTED.finditer(text):
        amounts += [int(number) * _DAYS[match[1]] for number in re.findall(r"\d+", match[2]) if len(number) < 5]
    return max(amounts, default=0.0)


def _number(text: str) -> float:
    return _WORDS.index(text) + 1 if text in _WORDS else float(text)


@fact
def completion_overdue(reading: Reading) -> Fact:
    """Whether a year has passed since the last outcome of the last participant can have been measured."""
    end = reading.fact("recruitment_end")
    if not isinstance(end.value, PartialDate):
        return Fact(reason=end.reason)
    places = (*end.places, *reading.fact("as_of").places)
    due = end.value.last + _YEAR
    if reading.as_of <= due:
        return Fact(False, places)
    follow_up = reading.fact("longest_follow_up_days").value
    return Fact(reading.as_of > due + timedelta(days=follow_up if isinstance(follow_up, float) else 0), places)


@fact
def update_overdue(reading: Reading) -> Fact:
    """Whether an open record was not updated for a year, or a record never although recruitment was to end since.

    Source: 42 CFR 11.64 (every 12 months). A record whose last version is of the end of recruitment or later may be final.
    """
    r = reading.registration
    status, update, count = r.recruitment_status, r.last_update, r.update_count
    if (unsaid := missing(status, update)) is not None:
        return unsaid
    if update.date is None:
        return cannot_tell("unclear", update.field)
    today = reading.fact("as_of").places
    if status.code in _OPEN:
        if update.date.last + _YEAR < reading.as_of:
            return Fact(True, (update.whole(), status.whole(), *today))
    elif status.code is None:
        return cannot_tell("unclear", status.field)
    end = reading.fact("recruitment_end")
    if count.number is None:
        return cannot_tell("unclear" if count.given else count.state.value, count.field)
    if not isinstance(end.value, PartialDate):
        return Fact(reason=end.reason)
    never = count.number == 0 and update.date.last < end.value.first and end.value.last < reading.as_of
    return Fact(never, (update.whole(), count.whole(), *end.places, status.whole(), *today))

"""Facts on results: whether any are shown, whether they are overdue, and whether what is said of them holds together."""

import re
from datetime import timedelta

from audit.engine.blank import left_blank
from audit.engine.reading import Reading, cannot_tell, fact, listed, missing
from audit.model.dates import PartialDate
from audit.model.registration import DateValue
from audit.model.result import Case, Fact
from audit.model.span import EMPTY, GIVEN, UNKNOWN, Place, Value

_YEAR = timedelta(days=365)
_TWO_YEARS = timedelta(days=731)
_LINK = re.compile(r"(?:https?:/?/?|ftp://|www\.|doi\b|10\.\d{4,9}/|[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){1,5}/|pmid|pmc ?\d)")
_OPEN = ("pending", "recruiting", "suspended")
_NEVER_BEGAN = ("withdrawn", "pending")


@fact
def results_shown(reading: Reading) -> Fact:
    """Whether the record shows results: a summary, a link, or the day on which they were posted.

    A whole page of a registry that shows no such fields at all shows none; see ``results_fields_shown``.
    """
    r = reading.registration
    parts = (r.results_date, r.results_summary, r.results_link)
    given = [value for value in parts if value.given and not reading.first("results.none", value)]
    if given:
        return Fact(True, tuple(value.whole() for value in given))
    if any(value.given or left_blank(reading, value) for value in parts):
        return Fact(False, tuple(value.whole() for value in parts if value.state in (GIVEN, EMPTY)))
    if r.source.kind != "structured" and r.complete:
        return Fact(False)
    return cannot_tell("unknown", r.results_summary.field)


@fact
def results_fields_shown(reading: Reading) -> Fact:
    """Whether this kind of record has fields for results at all; a page without them may show results elsewhere."""
    r = reading.registration
    parts = (r.results_date, r.results_summary, r.results_link)
    return Fact(any(value.given or left_blank(reading, value) for value in parts))


@fact
def results_due(reading: Reading) -> Fact:
    """Whether a year has passed since the trial was complete: since its completion date, else the last outcome of the last participant.

    Source: the WHO statement of 2015 and the registries' laws give twelve months. A trial that never began owes no results.
    """
    r = reading.registration
    if r.recruitment_status.code in _NEVER_BEGAN:
        return Fact(False, (r.recruitment_status.whole(),))
    done = r.completion_date if r.completion_date.date is not None else r.primary_completion_date
    if done.date is None:
        overdue = reading.fact("completion_overdue")
        return overdue if overdue.value is not None else Fact(reason=overdue.reason)
    going_on = r.recruitment_status.code == "recruiting" and r.completion_date_type.code != "actual"
    if going_on or r.recruitment_status.code == "suspended":
        return Fact(False, (done.whole(), r.recruitment_status.whole()))
    return Fact(done.date.last + _YEAR < reading.as_of, (done.whole(), *reading.fact("as_of").places))


@fact
def results_long_overdue(reading: Reading) -> Fact:
    """Whether three years have passed since the trial was complete, or since its last outcome can have been measured."""
    r = reading.registration
    done = r.completion_date if r.completion_date.date is not None else r.primary_completion_date
    if done.date is not None:
        return Fact(done.date.last + 3 * _YEAR < reading.as_of, (done.whole(),))
    end, follow_up = reading.fact("recruitment_end"), reading.fact("longest_follow_up_days").value
    if not isinstance(end.value, PartialDate):
        return Fact(reason=end.reason)
    days = timedelta(days=follow_up if isinstance(follow_up, float) else 0)
    return Fact(end.value.last + days + 3 * _YEAR < reading.as_of, end.places)


@fact(cases=("results", "completion"))
def results_before_completion(reading: Reading) -> Fact:
    """Results dated before the data for the primary outcome, or where that day is not given all data, can have been complete."""
    r = reading.registration
    done = r.primary_completion_date if r.primary_completion_date.date is not None else r.completion_date
    if (unsaid := missing(r.results_date, done)) is not None:
        return unsaid
    if r.results_date.date is None or done.date is None:
        return cannot_tell("unclear", r.results_date.field if r.results_date.date is None else done.field)
    if reading.first("results.interim", r.results_summary, r.results_link):
        return listed(())
    if r.results_date.date.last >= done.date.first:
        return listed(())
    said: dict[str, object] = {"results": r.results_date.date, "completion": done.date}
    return listed([Case(said, (r.results_date.whole(), done.whole()))])


@fact(cases=("given", "lacking"))
def results_gaps(reading: Reading) -> Fact:
    """A day of results without results, results without their day, and a link that is none."""
    r = reading.registration
    when, summary, link = r.results_date, r.results_summary, r.results_link
    contents = [value for value in (summary, link) if value.given and not reading.first("results.none", value)]
    if all(value.state is UNKNOWN for value in (when, summary, link)):
        return cannot_tell("unknown", summary.field)
    cases = []
    if when.given and not contents:
        if UNKNOWN in (summary.state, link.state):
            return cannot_tell("unknown", summary.field if summary.state is UNKNOWN else link.field)
        cases.append(_gap(when, "results or a link to them", summary, link))
    elif contents and when.state is EMPTY:
        cases.append(_gap(contents[0], "the day on which they were posted", when))
    if link in contents and not _LINK.search(link.folded) and not reading.first("results.reference", link):
        cases.append(_gap(link, "a link that can be followed"))
    return listed(cases)


def _gap(given: Value, lacking: str, *empty: Value) -> Case:
    places: list[Place] = [given.whole(), *(value.whole() for value in empty if value.state is not UNKNOWN)]
    return Case({"given": given, "lacking": lacking}, tuple(places))


@fact
def verification_stale(reading: Reading) -> Fact:
    """Whether a record that is not closed was not verified for two years, or its status is unknown for that reason.

    Source: ClinicalTrials.gov calls the status unknown when the completion date has passed and two years went by.
    """
    r = reading.registration
    status, verified = r.recruitment_status, r.verification_date
    if (unsaid := missing(status)) is not None:
        return unsaid
    if reading.first("status.unknown", status):
        return Fact(True, (status.whole(), *_shown(verified)))
    if status.code not in _OPEN and not reading.first("status.active", status):
        return Fact(False, (status.whole(),))
    if (unsaid := missing(verified)) is not None:
        return unsaid
    if verified.date is None:
        return cannot_tell("unclear", verified.field)
    today = reading.fact("as_of")
    stale = isinstance(today.value, PartialDate) and verified.date.last + _TWO_YEARS < reading.as_of
    return Fact(stale, (verified.whole(), status.whole(), *today.places))


def _shown(value: DateValue) -> tuple[Place, ...]:
    return (value.whole(),) if value.given else ()

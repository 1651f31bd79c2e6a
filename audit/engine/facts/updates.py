"""Facts on how a record was kept: why it was stopped, whether its updates cohere, and whether date types fit its status."""

from collections.abc import Iterator
from datetime import timedelta

from audit.engine.blank import left_blank
from audit.engine.reading import Reading, cannot_tell, fact, listed, missing
from audit.model.registration import DateValue, Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import EMPTY, Place, Value

_STOPPED = ("suspended", "terminated", "withdrawn")
_OPEN = ("pending", "recruiting")
_MONTH = timedelta(days=31)


@fact
def reason_for_stopping_given(reading: Reading) -> Fact:
    """Whether a trial that was suspended, terminated or withdrawn says why, in the field for it or in another text."""
    r = reading.registration
    field = r.stop_reason
    if field.given and reading.first(("sharing.placeholder", "results.none"), field) is None:
        return Fact(True, (field.whole(),))
    texts = (r.update_reason, r.design_summary, r.settings, r.study_aim, r.other_design_features, r.results_summary)
    told = reading.first("status.why_stopped", *texts)
    if told:
        return Fact(True, (told.place,))
    if field.given or left_blank(reading, field):
        return Fact(False, (field.whole(),))
    return missing(field) or cannot_tell("unclear", field.field)


@fact(cases=("count", "problem"))
def update_contradictions(reading: Reading) -> Fact:
    """An update counter of nought beside an update later than the registration, or updates without a reason.

    An update on the very day of registration is possible and not reported.
    """
    r = reading.registration
    count, update, registered, reason = r.update_count, r.last_update, r.registration_date, r.update_reason
    if (unsaid := missing(count)) is not None:
        return unsaid
    if count.number is None:
        return cannot_tell("unclear", count.field)
    cases = []
    if count.number == 0:
        if update.date is None or registered.date is None:
            unclear = update if update.date is None else registered
            return missing(unclear) or cannot_tell("unclear", unclear.field)
        if update.date.first > registered.date.last + timedelta(days=1):
            places = (count.whole(), update.whole(), registered.whole())
            cases.append(
                Case(
                    {
                        "count": count,
                        "problem": Phrase("the last update {update} is later than the registration", update=update.date),
                    },
                    places,
                )
            )
    elif reason.state is EMPTY or (reason.given and reading.first("sharing.placeholder", reason)):
        cases.append(
            Case(
                {"count": count, "problem": "no reason for the update is given"}, (count.whole(), reason.whole(), *_given(update))
            )
        )
    elif not reason.given:
        return cannot_tell(reason.state.value, reason.field)
    return listed(cases)


def _given(value: Value) -> tuple[Place, ...]:
    return (value.whole(),) if value.given else ()


@fact(cases=("status", "other"))
def types_against_status(reading: Reading) -> Fact:
    """Types of dates and of the sample size (actual, anticipated) that the recruitment status rules out.

    Source: ClinicalTrials.gov's definitions of its date types and of its statuses. A status that the registry itself sets
    ("unknown") is passed over.
    """
    r = reading.registration
    types = (r.completion_date_type, r.primary_completion_date_type, r.start_date_type, r.sample_size_type)
    if (unsaid := missing(r.recruitment_status)) is not None:
        return unsaid
    if all(not one.given for one in types):
        return missing(r.completion_date_type) or cannot_tell("unclear", r.completion_date_type.field)
    return listed(_against(reading))


def _against(reading: Reading) -> Iterator[Case]:
    r = reading.registration
    status, size = r.recruitment_status, r.target_sample_size if r.actual_sample_size.number is None else r.actual_sample_size
    completed = status.code == "complete" and reading.first("status.completed", status) is not None
    ends = (
        ("an anticipated completion date", r.completion_date, r.completion_date_type),
        ("an anticipated primary completion date", r.primary_completion_date, r.primary_completion_date_type),
    )
    if completed:
        for name, when, kind in ends:
            if kind.code == "anticipated":
                yield _clash(status, name, when, kind)
        if r.sample_size_type.code == "anticipated":
            yield _clash(status, "an anticipated number of participants", size, r.sample_size_type)
    elif status.code in _OPEN and r.completion_date_type.code == "actual":
        yield _clash(status, "an actual completion date", r.completion_date, r.completion_date_type)
    if status.code == "recruiting" and r.start_date_type.code == "anticipated" and (start := _start(r)) is not None:
        assert start.date is not None
        if start.date.last + _MONTH < reading.as_of:
            yield _clash(status, "an anticipated start that has passed", start, r.start_date_type)
    if size.number and r.sample_size_type.code == "actual" and status.code in ("pending", "withdrawn"):
        yield _clash(status, Phrase("an actual number of {number} participants", number=size.number), size, r.sample_size_type)


def _start(r: Registration) -> DateValue | None:
    given = (value for value in (r.expected_recruitment_start, r.actual_recruitment_start) if value.date is not None)
    return next(given, None)


def _clash(status: Value, other: str, *values: Value) -> Case:
    return Case({"status": status, "other": other}, (status.whole(), *(value.whole() for value in values if value.given)))

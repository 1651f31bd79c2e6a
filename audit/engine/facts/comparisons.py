"""Facts that need more than the record at hand: its earlier versions, other records, its other language.

One record is read at a time, so each says what it would need. What compares versions gives them their cases.
"""

from audit.engine.reading import Reading, cannot_tell, fact
from audit.model.result import Fact

_VERSION = "this needs an earlier version of the record"
_LANGUAGE = "this needs the record in its other language"
_COPY = "this needs another registry's copy of the record"
_RECORDS = "this needs other records to compare with"


@fact(cases=("before", "after"))
def primary_outcomes_changed(reading: Reading) -> Fact:
    """The primary outcomes that were added, dropped or replaced after the first enrolment."""
    return cannot_tell("text", _VERSION)


@fact(cases=("before", "after"))
def outcomes_switched(reading: Reading) -> Fact:
    """The outcomes that were primary and became secondary, or the other way round."""
    return cannot_tell("text", _VERSION)


@fact(cases=("before", "after"))
def primary_outcome_details_changed(reading: Reading) -> Fact:
    """The primary outcomes whose time point or method was changed after the first enrolment."""
    return cannot_tell("text", _VERSION)


@fact(cases=("before", "after"))
def target_size_changed(reading: Reading) -> Fact:
    """The changes of the target size by more than a fifth, or to the number reached, after the first enrolment."""
    return cannot_tell("text", _VERSION)


@fact(cases=("part", "before", "after"))
def methods_changed(reading: Reading) -> Fact:
    """The changes of criteria, groups, doses, blinding or allocation after the first enrolment."""
    return cannot_tell("text", _VERSION)


@fact(cases=("before", "after"))
def start_moved_behind_registration(reading: Reading) -> Fact:
    """The change of the start date by which a late registration became an early one."""
    return cannot_tell("text", _VERSION)


@fact(cases=("before", "after"))
def status_went_back(reading: Reading) -> Fact:
    """The changes of the status against its order, and the end put off three times or more."""
    return cannot_tell("text", _VERSION)


@fact(cases=("part",))
def changes_without_reason(reading: Reading) -> Fact:
    """The changes of a registered trial for which no reason is given."""
    return cannot_tell("text", _VERSION)


@fact(cases=("part", "here", "there"))
def languages_differ(reading: Reading) -> Fact:
    """Where the English and the Persian version give other numbers, dates, doses, groups or choices."""
    return cannot_tell("text", _LANGUAGE)


@fact(cases=("part", "here", "there"))
def copies_differ(reading: Reading) -> Fact:
    """Where the registry's page, its XML and the WHO's copy say different things."""
    return cannot_tell("text", _COPY)


@fact(cases=("part", "here", "there"))
def registries_differ(reading: Reading) -> Fact:
    """Where two registries' records of one trial differ in status, dates, size or primary outcome."""
    return cannot_tell("text", "this needs the same trial's record in the other registry")


@fact(cases=("other",))
def near_duplicates(reading: Reading) -> Fact:
    """The records under another number that are nearly the same."""
    return cannot_tell("text", _RECORDS)


@fact(cases=("part",))
def shared_paragraphs(reading: Reading) -> Fact:
    """The paragraphs on allocation or blinding that unrelated records share word for word."""
    return cannot_tell("text", _RECORDS)

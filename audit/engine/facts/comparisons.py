"""Facts that need more than the record at hand: other records, its other language.

One record is read at a time, so each says what it would need.
"""

from audit.engine.reading import Reading, cannot_tell, fact
from audit.model.result import Fact

_LANGUAGE = "this needs the record in its other language"
_COPY = "this needs another registry's copy of the record"
_RECORDS = "this needs other records to compare with"


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

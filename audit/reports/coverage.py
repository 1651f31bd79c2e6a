"""A registration -> how much of the WHO Trial Registration Data Set (version 1.3.1, 24 items) is there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from audit.model.registration import Contact, Items, Registration
from audit.model.result import Finding
from audit.model.span import Value

Presence = Literal["given", "questionable", "empty", "none", "unknown"]
"""``questionable``: given, and a finding quotes it; ``empty``: the record leaves it out; ``none``: nothing to be said of it is
named, which may be right; ``unknown``: this export does not show it."""

_ITEMS: tuple[tuple[str, ...], ...] = (
    ("trial_id",),
    ("registration_date",),
    ("secondary_ids",),
    ("funding_source", "sponsors"),
    ("sponsors",),
    ("sponsors",),
    ("public_contact",),
    ("scientific_contact",),
    ("public_title",),
    ("scientific_title",),
    ("countries", "centres"),
    ("conditions",),
    ("arms",),
    ("inclusion_criteria", "exclusion_criteria", "minimum_age", "maximum_age", "sex"),
    ("study_type", "purpose", "phase", "randomization", "blinding", "assignment", "placebo"),
    ("actual_recruitment_start", "expected_recruitment_start"),
    ("target_sample_size", "actual_sample_size"),
    ("recruitment_status",),
    ("primary_outcomes",),
    ("secondary_outcomes",),
    ("ethics_reviews",),
    ("completion_date", "primary_completion_date"),
    ("results_date", "results_summary", "results_link"),
    ("sharing", "sharing_details"),
)
"""The fields that hold each item, in the order of the data set."""
_MAY_BE_NONE = frozenset({3, 6, 20})
"""Items of which there may be none: secondary identifiers, secondary sponsors, secondary outcomes."""
_SECONDARY_SPONSORS = 6


@dataclass(frozen=True)
class Item:
    """One item of the data set: its number (1 to 24) and whether it is there."""

    number: int
    presence: Presence


def coverage(registration: Registration, findings: Iterable[Finding] = ()) -> tuple[Item, ...]:
    """Return the 24 items with what the record has of each; *findings* make a given item questionable where they quote it."""
    quoted = {place.value.field.partition("[")[0].partition(".")[0] for finding in findings for place in finding.evidence}
    return tuple(Item(number, _presence(registration, number, names, quoted)) for number, names in enumerate(_ITEMS, 1))


def _presence(registration: Registration, number: int, names: tuple[str, ...], quoted: set[str]) -> Presence:
    if number == _SECONDARY_SPONSORS:
        return "given" if len(registration.sponsors) > 1 else "none" if registration.sponsors.items else "unknown"
    values = [value for name in names for value in _values(getattr(registration, name))]
    if any(value.given for value in values):
        return "questionable" if quoted.intersection(names) else "given"
    if any(value.state in ("empty", "absent") for value in values):
        return "none" if number in _MAY_BE_NONE else "empty"
    return "unknown"


def _values(part: object) -> Iterator[Value]:
    """Yield what tells whether a part of the record is there."""
    if isinstance(part, Value):
        yield part
    elif isinstance(part, Contact):
        yield from (part.name, part.organization, part.email, part.phone)
    elif isinstance(part, Items):
        yield part.heading if not part.items else Value(part.heading.field, text="given")

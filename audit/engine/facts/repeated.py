"""Facts on outcomes that are listed twice."""

import re
from itertools import combinations

from audit.engine.language import persian
from audit.engine.outcome_lists import bare, no_outcomes, outcomes_of
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.engine.timepoints import moments
from audit.model.result import Case, Fact, Phrase
from audit.model.span import GIVEN, State, Value

_WORD = re.compile(r"[a-z]{2,}")
_FIGURES = re.compile(r"\d+")
_WORDS = re.compile(r"\w+")
_KEY = re.compile(r"\w+|[<>=%+]")
_SMALL = frozenset(("the", "of", "in", "on", "at", "an", "and", "for", "to", "with", "by", "or", "patients", "patient"))
_OF_RECORDS = frozenset(
    re.findall(
        r"\w+",
        "medical clinical hospital patient patients nursing case health record records recorded chart charts file files document documents "
        "documentation note notes sheet sheets form forms register registry information system data database review reviewing "
        "reading checking check extraction extracted collection using based his",
    )
)
"""The words for the papers of a patient, which are one source by several names."""
_OF_TIMES = _SMALL | frozenset(
    re.findall(r"\w+", "day days week weeks month months year years hour hours min minutes minute then after")
)


@fact(cases=("outcome", "first", "second"))
def outcomes_listed_twice(reading: Reading) -> Fact:
    """Pairs of outcomes with the same description, an equal or overlapping time and no other method."""
    if nothing := no_outcomes(reading):
        return nothing
    cases = []
    done: set[int] = set()
    described = [one for one in outcomes_of(reading) if one.outcome.description.given]
    if all(one.outcome.timepoint.state in (State.UNKNOWN, State.ABSENT) for one in described):
        return cannot_tell("unknown", "primary_outcomes")
    keys = {id(one.outcome): _key(one.outcome.description) for one in described}
    for one, other in combinations(described, 2):
        if keys[id(one.outcome)] != keys[id(other.outcome)] or not keys[id(one.outcome)] or id(other.outcome) in done:
            continue
        if _same_time(one.outcome.timepoint, other.outcome.timepoint) and _same_method(one.outcome.method, other.outcome.method):
            done.add(id(other.outcome))
            names = [Phrase(f"{listing.kind} {{number}}", number=listing.number) for listing in (one, other)]
            places = tuple(
                value.whole()
                for listing in (one, other)
                for value in (listing.outcome.description, listing.outcome.timepoint)
                if value.given
            )
            cases.append(Case({"outcome": one.name, "first": names[0], "second": names[1]}, places))
    return listed(cases)


def _key(value: Value) -> str:
    text = value.persian if persian(value) else value.folded
    return " ".join(word for word in _KEY.findall(text) if word not in _SMALL)


def _same_time(one: Value, other: Value) -> bool:
    """Whether two time points are the same words, or share a time and differ in nothing but numbers and units."""
    if one.state is not GIVEN or other.state is not GIVEN:
        return one.state is other.state is State.EMPTY
    if persian(one) or persian(other):
        return one.persian.split() == other.persian.split()
    if bare(one.folded) == bare(other.folded):
        return True
    times = [{round(moment.days, 2) for moment in moments(value.folded) if moment.days > 0} for value in (one, other)]
    words = [set(_WORD.findall(value.folded)) - _OF_TIMES for value in (one, other)]
    figures = [set(_FIGURES.findall(value.folded)) for value in (one, other)]
    if words[0] != words[1] or not times[0] or not times[1]:
        return False
    if times[0] == times[1]:
        return figures[0] == figures[1]
    few, many = (0, 1) if len(times[0]) < len(times[1]) else (1, 0)
    return len(times[many]) > 1 and times[few] < times[many] and figures[few] <= figures[many]


def _same_method(one: Value, other: Value) -> bool:
    if one.state is not GIVEN or other.state is not GIVEN:
        return True
    words = [set(_WORDS.findall(value.persian if persian(value) else value.folded)) - _SMALL for value in (one, other)]
    return words[0] == words[1] or all(said <= _OF_RECORDS for said in words)

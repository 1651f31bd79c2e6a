"""Facts on how outcomes are measured: methods that name no instrument, and methods that measure something else."""

import re

from audit.engine.language import persian
from audit.engine.outcome_lists import Listed, bare, no_outcomes, outcomes_of, says_nothing
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Place, State, Value

_WORD = re.compile(r"[a-z]{2,}")
ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z]{0,3}[A-Z0-9]{1,5}\b|\d")
"""An abbreviation or a number: signs of an instrument."""
NAMED = re.compile(
    r"\b(?:scales?|scores?|ind(?:ex|ices)|questionnaires?|inventory|tests?|criteria|classification|vas|checklist)\b"
)
"""Kinds of instruments."""
_FILLING = frozenset(
    re.findall(
        r"\w+",
        """
    the of in on at by with using use used via through and or to an as for from is are be will was were has been it its their
    this that which based according accordance method methods measurement measure measured measuring means way tool tools
    patient patients participant participants subject subjects person people individual individuals study research mother mothers
    child children self made standard standardized standardised valid validated reliable researcher researchers related relevant special
    specific appropriate routine complete completed completing completion fill filling filled taking take taken record recorded recording
    do doing done perform performed physical direct visual careful general medical clinical doctor doctors physician physicians
    specialist specialists expert experts nurse nurses evaluator examiner assessor dermatologist dentist surgeon therapist
    independent trained blinded one two intensity severity level amount rate degree score scores data collection
    data gathering information made prepared given designed various different other type same
    """,
    )
)
_SMALL = frozenset(("the", "of", "in", "on", "at", "an", "and", "for", "to", "with", "by", "or", "patients", "patient"))


@fact(cases=("method", "outcomes"))
def bare_methods(reading: Reading) -> Fact:
    """Methods of measurement that are empty, only repeat the outcome, or name only a kind ("questionnaire"); one case a wording."""
    if nothing := no_outcomes(reading):
        return nothing
    cases: dict[str, tuple[list[str], list[Place], str]] = {}
    read = foreign = False
    for one in outcomes_of(reading):
        method = one.outcome.method
        if method.state in (State.UNKNOWN, State.ABSENT):
            continue
        if persian(method) or persian(one.outcome.description):
            foreign = True
            continue
        read = True
        if says_nothing(method):
            wrong = not (one.outcome.description.given and _measures(reading, one.outcome.description))
        else:
            wrong = _circular(one) or names_no_instrument(reading, one)
        if wrong:
            said = " ".join(method.text.split()) if method.given else ""
            names, places, _ = cases.setdefault(bare(method.folded), ([], [], said))
            names.append(one.name)
            places += [value.whole() for value in (one.outcome.description, method) if value.text or value.label]
    if not read:
        return cannot_tell("language" if foreign else "unknown", "primary_outcomes")
    return listed(
        Case({"method": said or "-", "outcomes": tuple(dict.fromkeys(names))}, tuple(places))
        for names, places, said in cases.values()
    )


@fact
def primary_method_missing(reading: Reading) -> Fact:
    """Whether a primary outcome has no method of measurement at all."""
    found = reading.fact("bare_methods")
    if found.value is None:
        return Fact(reason=found.reason)
    return Fact(any(says_nothing(one.outcome.method) for one in outcomes_of(reading, secondary=False)))


def _measures(reading: Reading, value: Value) -> bool:
    """Whether a text names an instrument, an abbreviation or a unit by which something is measured."""
    return bool(ABBREVIATION.search(value.text) or NAMED.search(value.folded) or reading.first("methods", value))


def names_no_instrument(reading: Reading, one: Listed) -> bool:
    """Return whether the method of an outcome is only a kind of methods ("questionnaire", "pain scale" for pain)."""
    method, said = one.outcome.method, one.outcome.description
    if len(method.text) > 90 or ABBREVIATION.search(method.text) or not reading.first("methods.bare", method):
        return False
    if reading.first("methods.common_words", method) or (said.given and _needs_none(reading, said, method)):
        return False
    taken = [(hit.start, hit.end) for hit in reading.find("methods.bare", method)]
    left = [
        match[0]
        for match in _WORD.finditer(method.folded)
        if match[0] not in _FILLING and not any(start <= match.start() < end for start, end in taken)
    ]
    if not left:
        return True
    if not said.given or NAMED.search(said.folded) or ABBREVIATION.search(said.text):
        return False
    named = {_stem(word) for word in _WORD.findall(said.folded)}
    return bool(NAMED.search(method.folded)) and all(_stem(word) in named for word in left)


def _needs_none(reading: Reading, said: Value, method: Value) -> bool:
    """Whether an outcome is simply counted or weighed, so that no instrument need be named."""
    if reading.first("methods.weighed", said) and "scale" in method.folded:
        return True
    return bool(reading.first("methods.countable", said)) and not NAMED.search(method.folded.replace("checklist", " "))


def _circular(one: Listed) -> bool:
    """Whether the method only says the outcome again, and names no instrument."""
    method, said = one.outcome.method, one.outcome.description
    if not said.given or ABBREVIATION.search(method.text) or NAMED.search(method.folded) or len(said.text) > 90:
        return False
    words = [frozenset(_stem(word) for word in _WORD.findall(value.folded) if word not in _SMALL) for value in (method, said)]
    return bool(words[0]) and words[0] == words[1]


def _stem(word: str) -> str:
    return word.removesuffix("s")[:7]


@fact(cases=("outcome", "method"))
def methods_that_cannot_measure(reading: Reading) -> Fact:
    """Outcomes whose method measures something else: pain by a scan, blood pressure by a questionnaire, saturation by PCR."""
    if nothing := no_outcomes(reading):
        return nothing
    cases = []
    read = False
    for one in outcomes_of(reading):
        said, method = one.outcome.description, one.outcome.method
        if not said.given or not method.given or persian(said) or persian(method):
            continue
        read = True
        if _cannot_measure(reading, said, method):
            cases.append(
                Case({"outcome": one.name, "method": " ".join(method.text.split())[:120]}, (said.whole(), method.whole()))
            )
    return listed(cases) if read else cannot_tell("unknown", "primary_outcomes")


def _cannot_measure(reading: Reading, said: Value, method: Value) -> bool:
    if reading.first("methods.in_blood", said) and reading.first("methods.only_imaging", method):
        return reading.first(("methods.gas", "methods.asked"), method) is None
    laboratory = reading.first("methods.laboratory", method)
    if reading.first("methods.subjective", said) and not reading.first(("methods.measured", "methods.asked"), said):
        return laboratory is not None and not reading.first("methods.asked", method)
    if reading.first("methods.saturation", said):
        return laboratory is not None and not reading.first("methods.gas", method) and "," not in said.folded
    if reading.first("methods.lung_function", said) and reading.first("methods.venous", method):
        return "arter" not in method.folded and "spiro" not in method.folded
    return bool(reading.first("methods.measured", said) and reading.first("methods.only_asked", method))

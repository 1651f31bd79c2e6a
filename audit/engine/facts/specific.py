"""Facts on what outcomes measure: umbrella words, and lists of several outcomes in one line."""

import re
from itertools import pairwise

from audit.engine.facts.methods import ABBREVIATION, NAMED, names_no_instrument
from audit.engine.language import persian
from audit.engine.outcome_lists import Listed, no_outcomes, outcomes_of
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_WORD = re.compile(r"[a-z]{2,}")
_UMBRELLAS = frozenset(
    re.findall(
        r"\w+",
        """
    efficacy effectiveness efficiency efficay safety tolerability tolerance satisfaction improvement improve improving improved
    involvement symptom symptoms symptomes sign signs response responses complication complications manifestation manifestations
    benefit success prognosis recovery
    """,
    )
)
_PAIRS = (("side", "effect"), ("side", "effects"), ("adverse", "effects"), ("adverse", "events"), ("adverse", "event"),
               ("adverse", "effect"), ("adverse", "reactions"), ("clinical", "outcome"), ("clinical", "outcomes"),
               ("clinical", "status"), ("clinical", "condition"), ("general", "condition"), ("treatment", "outcome"),
               ("treatment", "effect"), ("patient", "outcome"), ("health", "status"))  # fmt: skip
_AROUND = frozenset(
    re.findall(
        r"\w+",
        """
    patient patients participant participants treatment treatments therapy therapies therapeutic intervention drug drugs medication
    clinical para paraclinical general overall total rate rates level levels amount degree severity intensity evaluation evaluating evaluate
    assessment assessing assess determination determining determine investigation measurement measure measuring monitoring mean
    change changes changing in of the to and or with from by on for their its after before during following any possible
    probable potential main related due common disease diseases illness condition medical surgical surgery operation
    postoperative post operative short long term study subjects people person women men children mothers serious
    reduce reduced reduction reducing decrease decreased increase increased frequency incidence occurrence presence
    covid corona coronavirus score status rating local systemic physical medicine this that at is
    """,
    )
)
_ORGANS = frozenset(
    re.findall(r"\w+", "lung lungs pulmonary liver hepatic kidney renal heart cardiac skin joint joints respiratory organ organs")
)
_SPLIT = re.compile(r"[,;/\n]|\band\b|&")
_PARENTHESES = re.compile(r"\([^()]*\)")
_DETAIL = re.compile(
    r"\([^()]{6,}\)|:[^:]{6,}|\b(?:including|such as|includes?|defined|e\.g|i\.e|measured by|assessed by|based on|according to)\b|-[ ]?\w{4,}[ ]\w{3,}"
)
_HEADING = re.compile(
    r":|\b(?:including|includes?|such as|composite|combined|any of|either|or|panel|profile|defined|mace|score|scale|index|signs|questionnaire|expanded)\b"
)
_IMAGING = re.compile(r"\b(?:CT|MRI|PCR|RT-PCR|HRCT|ECG|COVID-19|CXR)\b")


@fact(cases=("outcome", "kind"))
def unspecific_outcomes(reading: Reading) -> Fact:
    """Outcomes that are only an umbrella word ("efficacy", "symptoms") or a list of several outcomes in one.

    An umbrella that the description or a named scale spells out is passed over.
    """
    if nothing := no_outcomes(reading):
        return nothing
    r = reading.registration
    if r.source.reader == "ictrp" and r.registry == "ClinicalTrials.gov":
        return cannot_tell("text", "the export shows the names of the outcomes only")
    own = _words_of_condition(reading)
    cases = []
    read = False
    for one in outcomes_of(reading):
        said = one.outcome.description
        if not said.given or persian(said):
            continue
        read = True
        if _is_umbrella(reading, one, own):
            cases.append(Case({"outcome": one.name, "kind": "umbrella"}, _shown(one)))
        elif _is_list(reading, said):
            cases.append(Case({"outcome": one.name, "kind": "list"}, (said.whole(),)))
    return listed(cases) if read else cannot_tell("language", "primary_outcomes")


@fact
def primary_outcome_unspecific(reading: Reading) -> Fact:
    """Whether one of the unspecific outcomes is a primary one."""
    found = reading.fact("unspecific_outcomes")
    if found.value is None:
        return Fact(reason=found.reason)
    primary = {id(one.outcome.description) for one in outcomes_of(reading, secondary=False)}
    return Fact(any(id(case.places[0].value) in primary for case in found.cases))


def _shown(one: Listed) -> tuple[Place, ...]:
    return tuple(value.whole() for value in (one.outcome.description, one.outcome.method) if value.given)


def _words_of_condition(reading: Reading) -> frozenset[str]:
    return frozenset(
        word for one in reading.registration.conditions if one.description.given for word in _WORD.findall(one.description.folded)
    )


def _is_umbrella(reading: Reading, one: Listed, own: frozenset[str]) -> bool:
    """Whether an outcome is an umbrella word with nothing but general words and those of the condition, and no scale."""
    said, method = one.outcome.description, one.outcome.method
    if len(said.text) > 80 or _DETAIL.search(said.folded) or ABBREVIATION.search(said.text.replace("COVID-19", "")):
        return False
    words = _WORD.findall(said.folded)
    pairs = set(pairwise(words))
    umbrella = any(word in _UMBRELLAS for word in words) or any(pair in pairs for pair in _PAIRS)
    loose = {word for pair in _PAIRS if pair in pairs for word in pair}
    around = own | loose | (_ORGANS if "involvement" in words else frozenset())
    if not umbrella or not all(word in _UMBRELLAS or word in _AROUND or word in around for word in words):
        return False
    if not method.given:
        return True
    if reading.first("methods.scored", method) or ABBREVIATION.search(_IMAGING.sub(" ", method.text)):
        return False
    scaled = NAMED.search(method.folded) and not names_no_instrument(reading, one) and not _several_tests(method)
    return len(method.text) <= 120 and not scaled


def _several_tests(method: Value) -> bool:
    return len([part for part in _SPLIT.split(method.folded) if part.strip()]) >= 2


def _is_list(reading: Reading, said: Value) -> bool:
    """Whether a description names at least three different outcomes side by side, not under one heading."""
    folded = _PARENTHESES.sub(" ", said.folded)
    if said.folded.count(",") + folded.count(" and ") + folded.count(";") + folded.count("/") < 2 or len(said.text) > 250:
        return False
    if _HEADING.search(folded):
        return False
    parts = [part for part in _SPLIT.split(folded) if part.strip(" .")]
    if len(parts) < 3 or any(len(part.split()) > 5 for part in parts):
        return False
    concepts: set[str] = set()
    at = 0
    known = 0
    hits = reading.find("outcomes", said)
    for part in _SPLIT.split(said.folded):
        at = said.folded.find(part, at)
        here = {hit.pattern for hit in hits if at <= hit.start and hit.end <= at + len(part)}
        known += bool(here)
        concepts |= {min(here)} if here else set()
        at += len(part)
    return known >= 3 and (len(concepts) >= 3 or (len(concepts) == 2 and known >= 4))

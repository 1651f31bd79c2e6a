"""Facts on what outcomes measure and how: methods that name nothing, umbrella words, outcomes listed twice, odd scales."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from audit.engine.language import persian
from audit.engine.outcome_lists import Listed, bare, no_outcomes, outcomes_of, says_nothing
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.engine.timepoints import moments
from audit.model.result import Case, Fact
from audit.model.span import GIVEN, Place, State, Value

_WORD = re.compile(r"[a-z]{2,}")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z]{0,3}[A-Z0-9]{1,5}\b|\d")
_NAMED = re.compile(
    r"\b(?:scales?|scores?|ind(?:ex|ices)|questionnaires?|inventory|tests?|criteria|classification|vas|checklist)\b"
)
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
_HARM_PAIRS = (("side", "effect"), ("side", "effects"), ("adverse", "effects"), ("adverse", "events"), ("adverse", "event"),
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
    covid corona coronavirus score status rating local systemic physical medicine this that at is complete partial
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
_SMALL = frozenset(("the", "of", "in", "on", "at", "an", "and", "for", "to", "with", "by", "or", "patients", "patient"))
_NUMBER_RANGE = re.compile(
    r"(?<![\d.])(\d{1,3})[ ]?(?:-|to|until)[ ]?(\d{1,3})(?![\d.]|[ ]?(?:days?|weeks?|months?|years?|hours?|min|mg|ml|cm|mm|%|kg))"
)


@fact(cases=("method", "outcomes"))
def bare_methods(reading: Reading) -> Fact:
    """Methods of measurement that are empty, only repeat the outcome, or name only a kind ("questionnaire"); one case a wording."""
    if nothing := no_outcomes(reading):
        return nothing
    cases: dict[str, tuple[list[str], list[Place], str]] = {}
    read = False
    for one in outcomes_of(reading):
        method = one.outcome.method
        if method.state in (State.UNKNOWN, State.ABSENT) or persian(method) or persian(one.outcome.description):
            continue
        read = True
        if says_nothing(method):
            wrong = not (one.outcome.description.given and _measures(reading, one.outcome.description))
        else:
            wrong = _circular(one) or _is_bare(reading, one)
        if wrong:
            said = " ".join(method.text.split()) if method.given else ""
            names, places, _ = cases.setdefault(bare(method.folded), ([], [], said))
            names.append(one.name)
            places += [value.whole() for value in (one.outcome.description, method) if value.text or value.label]
    if not read:
        return cannot_tell("unknown", "primary_outcomes")
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
    return bool(_ABBREVIATION.search(value.text) or _NAMED.search(value.folded) or reading.first("methods", value))


def _is_bare(reading: Reading, one: Listed) -> bool:
    method, said = one.outcome.method, one.outcome.description
    if len(method.text) > 90 or _ABBREVIATION.search(method.text) or not reading.first("methods.bare", method):
        return False
    if said.given and reading.first("methods.countable", said) and not _NAMED.search(method.folded):
        return False
    taken = [(hit.start, hit.end) for hit in reading.find("methods.bare", method)]
    left = [
        match[0]
        for match in _WORD.finditer(method.folded)
        if match[0] not in _FILLING and not any(start <= match.start() < end for start, end in taken)
    ]
    if not left:
        return True
    if not said.given or _NAMED.search(said.folded) or _ABBREVIATION.search(said.text):
        return False
    named = {_stem(word) for word in _WORD.findall(said.folded)}
    return bool(_NAMED.search(method.folded)) and all(_stem(word) in named for word in left)


def _circular(one: Listed) -> bool:
    """Whether the method only says the outcome again, and names no instrument."""
    method, said = one.outcome.method, one.outcome.description
    if not said.given or _ABBREVIATION.search(method.text) or _NAMED.search(method.folded) or len(said.text) > 90:
        return False
    words = [frozenset(_stem(word) for word in _WORD.findall(value.folded) if word not in _SMALL) for value in (method, said)]
    return bool(words[0]) and words[0] == words[1]


def _stem(word: str) -> str:
    return word.removesuffix("s")[:7]


@fact(cases=("outcome", "kind"))
def unspecific_outcomes(reading: Reading) -> Fact:
    """Outcomes that are only an umbrella word ("efficacy", "symptoms") or a list of several outcomes in one.

    An umbrella that the description or a named scale spells out is passed over.
    """
    if nothing := no_outcomes(reading):
        return nothing
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
    said, method = one.outcome.description, one.outcome.method
    if len(said.text) > 80 or _DETAIL.search(said.folded) or _ABBREVIATION.search(said.text.replace("COVID-19", "")):
        return False
    words = _WORD.findall(said.folded)
    pairs = set(pairwise(words))
    umbrella = any(word in _UMBRELLAS for word in words) or any(pair in pairs for pair in _HARM_PAIRS)
    loose = {word for pair in _HARM_PAIRS if pair in pairs for word in pair}
    around = own | loose | (_ORGANS if "involvement" in words else frozenset())
    if not umbrella or not all(word in _UMBRELLAS or word in _AROUND or word in around for word in words):
        return False
    if not method.given:
        return True
    if reading.first("methods.scored", method) or _ABBREVIATION.search(_without_imaging(method.text)):
        return False
    return len(method.text) <= 120 and not (
        _NAMED.search(method.folded) and not _is_bare(reading, one) and not _several_tests(method)
    )


def _without_imaging(text: str) -> str:
    return re.sub(r"\b(?:CT|MRI|PCR|RT-PCR|HRCT|ECG|COVID-19|CXR)\b", " ", text)


def _several_tests(method: Value) -> bool:
    return len([part for part in _SPLIT.split(method.folded) if part.strip()]) >= 2


def _is_list(reading: Reading, said: Value) -> bool:
    """Whether a description names at least three different outcomes side by side, not under one heading."""
    folded = _PARENTHESES.sub(" ", said.folded)
    if said.folded.count(",") + folded.count(" and ") + folded.count(";") + folded.count("/") < 2 or len(said.text) > 250:
        return False
    if re.search(
        r":|\b(?:including|includes?|such as|composite|combined|any of|either|or|panel|profile|defined|mace|score|scale|index|signs|questionnaire|expanded)\b",
        folded,
    ):
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
            names = [f"{listing.kind} {listing.number}" for listing in (one, other)]
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
    return " ".join(word for word in re.findall(r"\w+|[<>=%+]", text) if word not in _SMALL)


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


_OF_TIMES = _SMALL | frozenset(
    re.findall(r"\w+", "day days week weeks month months year years hour hours min minutes minute then after")
)
_FIGURES = re.compile(r"\d+")


def _same_method(one: Value, other: Value) -> bool:
    if one.state is not GIVEN or other.state is not GIVEN:
        return True
    words = [set(re.findall(r"\w+", value.persian if persian(value) else value.folded)) - _SMALL for value in (one, other)]
    return words[0] == words[1]


@fact(cases=("scale", "said", "range"))
def impossible_scale_ranges(reading: Reading) -> Fact:
    """Known scales that an outcome or a criterion gives in a range that they do not have ("GCS 0-10").

    Modified and short versions are passed over; of scales in two forms (VAS 0-10 and 0-100) both are right.
    """
    r = reading.registration
    values = [value for one in outcomes_of(reading) for value in (one.outcome.description, one.outcome.method)]
    values += [r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary]
    given = [value for value in values if value.given]
    if not given:
        return cannot_tell(r.primary_outcomes.state.value, "primary_outcomes")
    cases = []
    measuring = {id(value) for value in given if value.field.startswith(("primary", "secondary"))}
    for hit in reading.find("scale_ranges", *given):
        scale = hit.pattern.partition(".")[2]
        lows, highs, name = _RANGES[scale]
        tail = hit.value.folded[hit.end : hit.end + 45]
        stop = re.search(r"[;.,](?=\s|$)| and | or |\bafter\b", tail)
        match = _NUMBER_RANGE.search(tail[: stop.start()] if stop else tail)
        if match is None or re.search(
            r"modif|short|version|revis|adapt|brief|mini|sub|item|child|pediat|grade|change|reduc|decre|impro|differ",
            hit.value.folded[max(0, hit.start - 25) : hit.end + match.end()],
        ):
            continue
        low, high = int(match[1]), int(match[2])
        if low >= high:
            continue
        outside = low < min(lows) or high > max(highs)
        truncated = (
            id(hit.value) in measuring
            and low == 1
            and 0 in lows
            and high in highs
            and re.search(r"\b(?:from|between|range|scale|score)\b|\(", tail[: match.start()]) is not None
        )
        if outside or truncated:
            said = " ".join(hit.value.text[hit.start : hit.end + match.end()].split())
            place = hit.value.place(hit.start, hit.end + match.end())
            right = " / ".join(f"{a}-{b}" for a in lows for b in highs)
            cases.append(Case({"scale": name, "said": said, "range": right}, (place,)))
    return listed([*cases, *_inclusion_range_reused(reading)])


_RANGES: dict[str, tuple[tuple[int, ...], tuple[int, ...], str]] = {
    "vas": ((0,), (10, 100), "VAS"),
    "nrs": ((0,), (10, 100), "NRS"),
    "pasi": ((0,), (72,), "PASI"),
    "dlqi": ((0,), (30,), "DLQI"),
    "gcs": ((3,), (15,), "GCS"),
    "apgar": ((0,), (10,), "Apgar"),
    "karnofsky": ((0,), (100,), "Karnofsky"),
    "mmse": ((0,), (30,), "MMSE"),
    "moca": ((0,), (30,), "MoCA"),
    "bdi": ((0,), (63,), "BDI"),
    "nihss": ((0,), (42,), "NIHSS"),
    "rankin": ((0,), (6,), "modified Rankin"),
    "psqi": ((0,), (21,), "PSQI"),
    "isi": ((0,), (28,), "ISI"),
    "edss": ((0,), (10,), "EDSS"),
    "panss": ((30,), (210,), "PANSS"),
    "ymrs": ((0,), (60,), "YMRS"),
    "ybocs": ((0,), (40,), "Y-BOCS"),
    "epds": ((0,), (30,), "EPDS"),
    "scorad": ((0,), (103,), "SCORAD"),
    "odi": ((0,), (50, 100), "ODI"),
    "madrs": ((0,), (60,), "MADRS"),
    "cornell": ((0,), (38,), "Cornell"),
}  # fmt: skip


def _inclusion_range_reused(reading: Reading) -> Iterator[Case]:
    """Outcomes measured on a scale whose range is that of the inclusion criteria ("grade 1-3"), without its lowest level."""
    r = reading.registration
    criteria = [value for value in (r.inclusion_criteria, r.criteria_summary) if value.given]
    for one in outcomes_of(reading):
        for value in (one.outcome.description, one.outcome.method):
            for hit in reading.find("graded.range", value) if value.given else ():
                low, high = int(hit.match["a"]), int(hit.match["b"])
                if low < 1 or high <= low or high > 6:
                    continue
                same = next(
                    (
                        other
                        for other in reading.find("graded.range", *criteria)
                        if (other.match["a"], other.match["b"], other.match["w"][:4])
                        == (hit.match["a"], hit.match["b"], hit.match["w"][:4])
                    ),
                    None,
                )
                if same is not None:
                    said = " ".join(hit.place.quote.split())
                    yield Case({"scale": one.name, "said": said, "range": "-"}, (hit.place, same.place))
                    return


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
    laboratory = reading.first("methods.laboratory", method)
    if reading.first("methods.subjective", said) and not reading.first(("methods.measured", "methods.asked"), said):
        return laboratory is not None and not reading.first("methods.asked", method)
    if reading.first("methods.saturation", said):
        return laboratory is not None and not reading.first("methods.gas", method) and "," not in said.folded
    return bool(reading.first("methods.measured", said) and reading.first("methods.only_asked", method))

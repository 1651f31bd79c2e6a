"""Facts on harms and promises: whether unwanted events are among the outcomes, and what the title promises but nobody measures."""

import re
from collections.abc import Iterator

from audit.engine.clauses import clause
from audit.engine.language import persian, unread
from audit.engine.outcome_lists import Listed, no_outcomes, outcomes_of, secondary_unknown
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.model.registration import Outcome
from audit.model.result import Case, Fact
from audit.model.span import GIVEN, Place, Value

_TARGETS = (
    "quality_of_life",
    "pain",
    "anxiety",
    "depression",
    "mortality",
    "cost",
    "satisfaction",
    "sleep",
    "fatigue",
    "nausea",
    "itching",
    "bleeding",
    "symptoms",
)
_WANTED = re.compile(r"antibod|immunogenic")
"""What a vaccine is given for; in other products it may be a harm."""
_BESIDE_IT = re.compile(
    r"\b(?:pain|fear|anxiety|distress|crying|fever|knowledge|attitudes?|accept\w*|hesitan\w*|uptake|coverage|before|after|during|following|receiv\w*|undergoing)\b[^.;]{0,40}$"
)
_BESIDE_IT_AFTER = re.compile(
    r"[^.;]{0,20}\b(?:pain|fear|anxiety|accept\w*|hesitan\w*|uptake|coverage|injection pain|transplant\w*|recipients?|donors?|collection)\b"
)
_CONTROL = ("control", "placebo", "comparison", "comparator")


@fact
def drug_or_device_trial(reading: Reading) -> Fact:
    """Whether an arm is a medicine, a device or an operation: by the arm's category, or a biological product by its name.

    Food, herbs, vitamins and teaching are none, whatever their category.
    """
    r = reading.registration
    if r.study_type.code == "observational":
        return Fact(False)
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    places: list[Place] = []
    unclear = False
    tried = [arm for arm in r.arms if not arm.description.folded.lstrip(" -.1234").startswith(_CONTROL)]
    for arm in tried or r.arms:
        said = arm.description
        biological = [hit for hit in reading.find("products.biological", said) if not reading.first("timepoints.taught", said)]
        if biological:
            places.append(clause(said, biological[0].start, biological[0].end, 160))
        elif arm.category.given and arm.category.code in ("drug", "device", "surgery"):
            if said.given and not _mild(reading, said):
                places.append(arm.category.whole())
        elif not arm.category.given and said.given:
            unclear = True
    if places:
        return Fact(True, tuple(places))
    if vaccine := _vaccine_of_title(reading):
        return Fact(True, (vaccine,))
    return cannot_tell("unknown", "arms") if unclear else Fact(False)


def _vaccine_of_title(reading: Reading) -> Place | None:
    """Return where a title of a trial with a phase names the vaccine, or other biological product, that an arm gets without saying its name."""
    r = reading.registration
    if r.phase.code in (None, "na") or not any(reading.first("harms.given", arm.description) for arm in r.arms):
        return None
    for hit in reading.find("products.biological", r.scientific_title, r.public_title):
        if not _BESIDE_IT.search(hit.value.folded, 0, hit.start) and not _BESIDE_IT_AFTER.match(hit.value.folded, hit.end):
            return clause(hit.value, hit.start, hit.end, 160)
    return None


def _mild(reading: Reading, said: Value) -> bool:
    if reading.first("products.food_or_herb", said) and not reading.first("products.drug", said):
        return True
    return reading.first("timepoints.taught", said) is not None


@fact
def harms_among_outcomes(reading: Reading) -> Fact:
    """Whether an outcome is an unwanted event, in either list."""
    if unknown := secondary_unknown(reading):
        return unknown
    outcomes = list(outcomes_of(reading))
    if foreign := unread(*(one.outcome.description for one in outcomes)):
        return foreign
    if hit := _harm(reading, outcomes):
        return Fact(True, (hit.place,))
    return Fact(False, tuple(_whole(reading, outcomes)))


@fact
def harms_among_primary_outcomes(reading: Reading) -> Fact:
    """Whether a primary outcome is an unwanted event; cannot be told where one may be (local reactions, drug levels)."""
    if nothing := no_outcomes(reading):
        return nothing
    if reading.registration.primary_outcomes.state is not GIVEN:
        return cannot_tell(reading.registration.primary_outcomes.state.value, "primary_outcomes")
    if reading.registration.phase.code == "0" and reading.registration.registry.lower().startswith("chictr"):
        return cannot_tell("text", "in this registry phase 0 stands for trials of any kind that have no phase")
    outcomes = list(outcomes_of(reading, secondary=False))
    if foreign := unread(*(one.outcome.description for one in outcomes)):
        return foreign
    if hit := _harm(reading, outcomes):
        return Fact(True, (hit.place,))
    parts = [part for one in outcomes for part in _texts(one.outcome)]
    titles = (reading.registration.scientific_title, reading.registration.public_title)
    vaccine = any("vaccin" in title.folded for title in titles)
    if any(not (vaccine and _WANTED.match(hit.text)) for hit in reading.find("harms.local", *parts)):
        return cannot_tell("text", "a primary outcome may be a local reaction, a drug level or a laboratory sign of harm")
    return Fact(False, tuple(one.outcome.description.whole() for one in outcomes))


def _harm(reading: Reading, outcomes: list[Listed]) -> Hit | None:
    return reading.first("harms.any", *(part for one in outcomes for part in _texts(one.outcome)))


def _texts(outcome: Outcome) -> Iterator[Value]:
    return (part for part in (outcome.description, outcome.method) if part.given)


def _weighs(reading: Reading, outcome: Outcome, part: Value) -> bool:
    """Return whether *part* is the scale on which somebody is weighed, not a scale that rates something."""
    return part is outcome.method and "scale" in part.folded and reading.first("methods.weighed", outcome.description) is not None


def _whole(reading: Reading, outcomes: list[Listed]) -> Iterator[Place]:
    """The outcomes, and the heading of a list that is empty."""
    for one in outcomes:
        yield one.outcome.description.whole()
    secondary = reading.registration.secondary_outcomes
    if not len(secondary):
        yield secondary.heading.whole()


@fact(cases=("promised", "title"))
def promised_but_not_measured(reading: Reading) -> Fact:
    """What title or aim promise (safety, quality of life, pain, symptoms ...) and no outcome measures."""
    if unknown := secondary_unknown(reading):
        return unknown
    r = reading.registration
    said = [value for value in (r.scientific_title, r.public_title, r.study_aim) if value.given and not persian(value)]
    if not said:
        return cannot_tell("unknown", "scientific_title")
    outcomes = list(outcomes_of(reading))
    if foreign := unread(*(one.outcome.description for one in outcomes)):
        return foreign
    texts = [part for one in outcomes for part in _texts(one.outcome) if not _weighs(reading, one.outcome, part)]
    whole = tuple(_whole(reading, outcomes))
    cases = []
    safety = reading.first("harms.title", *said[:2])
    kept = "harms.any" if safety and safety.text.startswith(("safe", "tolera")) else ("harms.any", "harms.by_name")
    if safety and not reading.first("harms.other_safety", *said) and not reading.first(kept, *texts):
        place = clause(safety.value, safety.start, safety.end, 160)
        cases.append(Case({"promised": safety.text, "title": place.quote}, (place, *whole)))
    for target, hit in _promises(reading, said):
        if not reading.first(f"promises.kept_{target}", *texts):
            place = clause(hit.value, hit.start, hit.end, 160)
            cases.append(Case({"promised": hit.text.strip(), "title": place.quote}, (place, *whole)))
    return listed(cases)


def _promises(reading: Reading, said: list[Value]) -> Iterator[tuple[str, Hit]]:
    """The targets of "the effect of ... on ..." in the title or aim, each once."""
    found: set[str] = set()
    for frame in reading.find("promises.aim_of", *said):
        begin = frame.match.start("what")
        ends = [hit.start for hit in reading.find("promises.after_target", frame.value) if hit.start > begin]
        end = min([*ends, frame.match.end("what")])
        for target in _TARGETS:
            if target in found:
                continue
            for hit in reading.find(f"promises.{target}", frame.value):
                if begin <= hit.start and hit.end <= end:
                    found.add(target)
                    yield target, hit
                    break

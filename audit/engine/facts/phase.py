"""Facts on the phase: what the texts call it, and whether the products are of those that have phases."""

import re
from collections.abc import Callable, Iterator

from audit.engine.clauses import clause, opening
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import sentence_at
from audit.model.registration import Arm
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_NUMBERS = {
    **{"i": "1", "ii": "2", "iii": "3", "iv": "4", "یک": "1", "اول": "1", "دو": "2", "دوم": "2"},
    **{"one": "1", "two": "2", "three": "3", "four": "4"},
    **{"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"},
    **{"سه": "3", "سوم": "3", "چهار": "4", "چهارم": "4"},
}
_STAGE_AFTER = re.compile(
    r"^ ?(?::|of (?:the |this |our )?(?!a )\w|\d|in[- ](?:vitro|vivo)|is |was |were |will |involves|includes|[-,] ?(?:we|the) )"
)
_TRIAL_AFTER = re.compile(
    r"^[ ,)(-]*(?:(?:multi-?cent(?:er|re)|pilot|open|label\w*|double|single|triple|quadruple|\w*blind\w*|randomi[sz]ed|non"
    r"|placebo|controlled|parallel|prospective|interventional|human|clinical|and|a|of)[ ,-]+){0,8}"
    r"(?:clinical|trials?\b|stud(?:y|ies)\b|on \d|with \d|for \d|and \d+ (?:patient|participant))"
)
_STAGES = re.compile(r"\b(?:two|three|four|2|3|4|several|following)(?: \w+)?[- ]phases?\b")
_STAGE_BEFORE = re.compile(r"\b(?:in|during|at|for|after|before|end of)(?: the| this| our| a)? $")
_OTHER_PHASE = re.compile(
    r"\b(?:luteal|follicular|acute|chronic|early|late|recovery|liquid|cell|lag|plateau|maintenance|rehabilitation(?: program\w*)?,?(?: in| of)?) $"
)
_OTHER_PHASE_AFTER = re.compile(
    r"^ ?(?:of )?(?:the )?(?:(?:cardiac|cardiovascular|heart|pulmonary|non-?surgical) )?(?:rehabilitation|periodontal|orthodontic|labou?r|sleep|menstrua"
    r"|training|exercise|treatment|therapy|surgery|healing|oxidation|metaboli)"
)
_THIS_TRIAL = re.compile(r"(?:^|\b(?:this|present|current|is an?|was an?|be an?|as an?)\b)[^.;]{0,80}$")
_REPORTED = re.compile(r"\b(?:demonstrated|showed|shown|concluded|published|reported|found|suggested)\b")
_TAUGHT = re.compile(r"\b(?:educat|training|counsel|pamphlet|booklet|awareness|knowledge|attitude|hesitan|accept)\w*")
_UNIT_AFTER = re.compile(r"^ ?(?:days?|weeks?|hours?|months?|minutes?|%|mg|ml|cm|sessions?)\b")
_OTHER_TRIAL = re.compile(
    r"\b(?:previous|earlier|prior|completed|published|successful|parent|mother vaccine|pass(?:es|ed|ing)?|underwent|undergone|finished|results?|based on|future|proceed\w*)\b[^.;:,]{0,40}$"
    r"|\b(?:after|following|before|since|next|enter|like|similar)(?: (?:the|an?|our|to|in|of|completion|completing|end))* $"
)


_DRUGS = ("products.drug", "substances.active_drug")
_NO_MEDICINE = re.compile(
    r"vitamins?|zinc|iron|honey|aloe ?vera|curcumin|prp|hyaluronic|chlorhexidine|betadine|povidone|iodine|melatonin|magnesium"
)
_FROM_THE_PATIENT = re.compile(r"\bplatelet|\bprp\b|\bautologous|\bozon\w*|\bown blood")


@fact(cases=("phase_said",))
def other_phases_in_text(reading: Reading) -> Fact:
    """Phases that titles or the summary give this trial and that are not the phase of the field."""
    r = reading.registration
    if nothing := missing(r.phase):
        return nothing
    if r.phase.code is None:
        return cannot_tell("unclear", "phase")
    if r.phase.code == "bioequivalence":
        return listed(())
    said: set[str] = set()
    places: list[Place] = []
    for hit in _phases_of_this_trial(reading):
        said.update(_numbers(hit))
        places.append(clause(hit.value, hit.start, hit.end, 120))
    registered = set() if r.phase.code == "na" else set(r.phase.code.split("-"))
    if not said or said == registered:
        return listed(())
    return listed([Case({"phase_said": "-".join(sorted(said))}, tuple(places))])


@fact
def phase_overlaps_text(reading: Reading) -> Fact:
    """Whether the phase of the field is at least one of those the texts give (phase 2-3 and phase 3)."""
    said = reading.fact("other_phases_in_text")
    if said.value is None:
        return Fact(reason=said.reason)
    registered = set((reading.registration.phase.code or "").split("-"))
    return Fact(any(registered & set(str(case.values["phase_said"]).split("-")) for case in said.cases))


def _phases_of_this_trial(reading: Reading) -> Iterator[Hit]:
    r = reading.registration
    for hit in reading.find(("phase.phase", "phase.ordinal"), r.public_title, r.scientific_title, r.acronym):
        if not _elsewhere(hit):
            yield hit
    for hit in reading.find(("phase.phase", "phase.ordinal"), r.design_summary):
        if not _elsewhere(hit) and not _stage(hit):
            yield hit
    for hit in reading.find("phase.phase", r.study_aim, r.settings, r.randomization_description, r.other_design_features):
        if not _elsewhere(hit) and not _stage(hit) and _is_this_trial(hit):
            yield hit


def _is_this_trial(hit: Hit) -> bool:
    folded = hit.value.folded
    start, end = sentence_at(folded, hit.start)
    if not _TRIAL_AFTER.match(folded[hit.end : hit.end + 90]) or _REPORTED.search(folded[hit.end : end]):
        return False
    return bool(_THIS_TRIAL.search(folded[start : hit.start]))


def _elsewhere(hit: Hit) -> bool:
    """Whether the words mean another trial, or no phase of a trial at all ("luteal phase 3 days after")."""
    folded = hit.value.folded
    start, _ = sentence_at(folded, hit.start)
    before, after = folded[start : hit.start], folded[hit.end : hit.end + 50]
    if _OTHER_PHASE_AFTER.match(after):
        return True
    return bool(_OTHER_TRIAL.search(before) or _OTHER_PHASE.search(before) or _UNIT_AFTER.match(after))


def _stage(hit: Hit) -> bool:
    """Whether the words mean a part of this study ("in phase 1 of the study") and not the phase of a trial."""
    folded = hit.value.folded
    after = folded[hit.end : hit.end + 90]
    if hit.pattern == "phase.ordinal" or _TRIAL_AFTER.match(after):
        return False
    if _STAGES.search(folded):
        return True
    return bool(_STAGE_AFTER.match(after) or _STAGE_BEFORE.search(folded[max(0, hit.start - 20) : hit.start]))


def _numbers(hit: Hit) -> list[str]:
    numbers = [_NUMBERS.get(part, part) for part in (part.rstrip("ab") for part in hit.match.groups() if part)]
    if len(numbers) == 2 and all(n.isdigit() for n in numbers) and int(numbers[1]) - int(numbers[0]) == 2:
        return [numbers[0], str(int(numbers[0]) + 1), numbers[1]]
    return numbers


@fact
def biological_product(reading: Reading) -> Fact:
    """Whether an arm gives cells, vesicles, convalescent plasma, a vaccine or the like: products that always have phases."""
    return _given_in_arms(reading, lambda arm: biological(reading, arm))


@fact
def phased_product(reading: Reading) -> Fact:
    """Whether an arm gives a medicinal product, so that the trial has a phase.

    A biological product, or in an arm for drugs a drug by name, or anything with a drug's dose or form that is no food or herb.
    What every arm gets alike, such as the anaesthetic of two techniques, is not what is tested.
    """
    if _same_products_in_all(reading):
        return Fact(False, tuple(opening(arm.description) for arm in reading.registration.arms))
    return _given_in_arms(reading, lambda arm: medicinal(reading, arm))


def _same_products_in_all(reading: Reading) -> bool:
    """Whether there are several arms, and all name the same drugs in the same doses and forms."""
    arms = reading.registration.arms
    if reading.registration.phase.code != "na" or len(arms) < 2 or any(biological(reading, arm) for arm in arms):
        return False
    named = [
        frozenset(hit.text for hit in reading.find(("products.drug", "products.dose_form"), arm.description)) for arm in arms
    ]
    return bool(named[0]) and all(one == named[0] for one in named)


def _given_in_arms(reading: Reading, find: Callable[[Arm], list[Hit]]) -> Fact:
    r = reading.registration
    if r.phase.given and r.phase.code != "na":
        return cannot_tell("text", "asked only where no phase is given")
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    places = []
    for arm in r.arms:
        if hits := find(arm):
            places.append(clause(hits[0].value, hits[0].start, hits[0].end, 160))
            if arm.category.given and arm.category.code == "drug":
                places.append(arm.category.whole())
    if places:
        return Fact(True, tuple(places))
    return Fact(False, tuple(opening(arm.description) for arm in r.arms))


def biological(reading: Reading, arm: Arm) -> list[Hit]:
    """Return the biological products of *arm*; the transplantation of blood stem cells is a procedure."""
    folded = arm.description.folded
    mesenchymal = "mesenchym" in folded
    return [
        hit
        for hit in reading.find("products.biological", arm.description)
        if (mesenchymal or not folded.startswith(" transplant", hit.end)) and not _is_taught(hit)
    ]


def _is_taught(hit: Hit) -> bool:
    """Whether the product is what the participants are told of, not what they get ("education about the vaccine")."""
    start, _ = sentence_at(hit.value.folded, hit.start)
    return bool(_TAUGHT.search(hit.value.folded, start, hit.start))


def medicinal(reading: Reading, arm: Arm) -> list[Hit]:
    """Return the words that make the product of *arm* a medicinal one.

    That is a drug by its name, or in an arm for drugs anything with a drug's dose or form that is no food, herb or supplement.
    """
    said: Value = arm.description
    if living := biological(reading, arm):
        return living
    if arm.category.given and arm.category.code != "drug":
        return []
    drugs = [hit for hit in reading.find(_DRUGS, said) if hit.pattern == "products.drug" or not _NO_MEDICINE.fullmatch(hit.text)]
    if drugs:
        return drugs if arm.category.given or reading.find("products.dose_form", said) else []
    if not arm.category.given or reading.first("products.food_or_herb", said) or _FROM_THE_PATIENT.search(said.folded):
        return []
    return reading.find("products.dose_form", said)

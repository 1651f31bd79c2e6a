"""Facts on what a trial is for: its purpose against title and arms, its phase against its size, doses to choose from, and margins."""

import re
from collections.abc import Iterator

from audit.engine.claims import claimed, sentence
from audit.engine.clauses import clause, opening
from audit.engine.language import unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.registration import Arm
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, State, Value

_USUAL: dict[str, tuple[int, int | None]] = {"0": (0, 50), "1": (0, 150), "3": (30, None), "4": (20, None)}
_FEW_ARE_USUAL = re.compile(
    r"\brare\b|\borphan\b|\bcongenital|\bhereditary|\binherited|\bgenetic|\binborn|\bfamilial|dystroph|\batresia|epidermolysis|h[ae]+mophili"
    r"|\bgaucher|\bthalass[ae]+mi|\bchild|\binfant|\bneonat|\bnewborn|\bp[ae]+diatric|\bpreterm|\bpremature|\bcase series|کودک|نوزاد|نادر"
)
_MANY_ARE_USUAL = re.compile(r"\bvaccin|\bhealthy\b|\bvolunteers?\b|واکسن")
_DOSE = re.compile(
    r"(\d+(?:[.,]\d+)?) ?(?:x ?10 ?\^? ?\d+ ?)?(mg|mcg|ug|micro-?grams?|milli-?grams?|grams?|g|iu|units?|ml|cc|million|cells|mg/kg|j/cm2?|gy)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUP_WORDS = re.compile(
    r"\b(?:first|second|third|fourth|fifth|one|two|three|four|five|low|lower|lowest|high|higher|highest|medium|middle|moderate|mid|[a-e]|i{1,3}|iv|1st|2nd|3rd|4th|intervention|group|arm|dose|dosage|level|control)\b"
)
_WORD = re.compile(r"[a-z]{3,}")
_NAMED = re.compile(
    r"\b(?:centers? for disease control and|disease control and|infection) $|\bknowledge|\bbehavio|\battitude|\bself-efficacy"
)
_TAUGHT = re.compile(r"\beducation|\btraining")
_PRODUCT = re.compile(r"\bbiosimilar")
_COMPARED_WITH = re.compile(r"\b(?:compar\w+|versus|vs\b|originator|reference|innovator|brand\w*|similar)\b")
_HYPOTHESIS = re.compile(
    r"\b(?:this|present|current|our) (?:\w+ ){0,3}(?:study|trial|research)\b|\bhypothes|\b(?:aim|objective|purpose|goal)s?\b|\bto (?:show|demonstrate|prove|test|assess|establish|determine|evaluate|investigate|compare)\b"
    r"|(?:inferiority|equivalence)[, ]+(?:\w+ ){0,3}(?:trial|study|design|test)"
)
_CONTROL = re.compile(r"^\W*(?:\w+ ){0,2}(?:controls?|placebo|sham|comparison)\b|\bno (?:treatment|intervention)\b")
_MOST_ARMS = 8
_EARLY = ("0", "1", "1-2")
_ALIKE = 0.7


@fact(cases=("about",))
def purpose_unlike_record(reading: Reading) -> Fact:
    """A purpose that the title contradicts (treatment and prevention), or with which drugs in an arm do not go (education, diagnosis)."""
    r = reading.registration
    if nothing := missing(r.purpose):
        return nothing
    titles = (r.public_title, r.scientific_title)
    if r.purpose.code in ("treatment", "prevention"):
        if not any(title.given for title in titles):
            return cannot_tell(r.scientific_title.state.value, r.scientific_title.field)
        case = _treats(reading, titles) if r.purpose.code == "treatment" else _prevents(reading, titles)
        return listed([case] if case else [])
    if r.purpose.code in ("education", "diagnostic", "screening"):
        if not r.arms:
            return cannot_tell(r.arms.state.value, "arms")
        return listed(_drug_arms(r.arms.items, r.purpose))
    return cannot_tell("text", "this purpose is not asked")


def _treats(reading: Reading, titles: tuple[Value, Value]) -> Case | None:
    """The case of a registered treatment whose titles speak of prevention only."""
    r = reading.registration
    for hit in reading.find("models.prevention", r.scientific_title, r.public_title):
        drugs = any(arm.category.code in ("drug", "prevention") for arm in r.arms)
        if claimed(hit) and _prevents_something(hit, drugs) and not reading.first("models.treatment", hit.value):
            break
    else:
        return None
    if reading.first("models.treatment_of", r.study_aim):
        return None
    return Case({"about": "the title speaks of prevention"}, (r.purpose.whole(), clause(hit.value, hit.start, hit.end)))


@fact
def prevents_consequences(reading: Reading) -> Fact:
    """Whether the titles speak of what follows from a disease that the participants have: relapse, progression, attacks, death."""
    r = reading.registration
    if r.purpose.code != "treatment":
        return Fact(False)
    hit = reading.first("models.lasting_disease", r.scientific_title, r.public_title)
    return Fact(hit is not None, (hit.place,) if hit else ())


def _prevents_something(hit: Hit, drugs: bool) -> bool:
    """Return whether the words are of something prevented: no body's name, no knowledge of prevention and, but for *drugs*, no teaching of it."""
    if not hit.text.isascii():
        return True
    around = (hit.value.folded[: hit.start], hit.value.folded[hit.end :])
    if any(_NAMED.search(text) for text in around) or (not drugs and any(_TAUGHT.search(text) for text in around)):
        return False
    return hit.text in (
        "prevent",
        "prevention",
        "preventing",
        "prophylaxis",
        "prophylactic",
        "prophylactically",
        "chemoprophylaxis",
    )


def _prevents(reading: Reading, titles: tuple[Value, Value]) -> Case | None:
    """The case of a registered prevention whose titles speak of treatment only."""
    r = reading.registration
    if reading.first("models.lowers_risk", *titles, r.study_aim):
        return None
    hit = next((hit for hit in reading.find("models.treatment_of", *titles) if claimed(hit)), None)
    if hit is None:
        return None
    return Case({"about": "the title speaks of treatment"}, (r.purpose.whole(), clause(hit.value, hit.start, hit.end)))


def _drug_arms(arms: tuple[Arm, ...], purpose: Value) -> Iterator[Case]:
    drugs = [arm for arm in arms if arm.category.code == "drug"]
    if drugs and len(drugs) == len([arm for arm in arms if arm.category.given]):
        about = "the groups are registered as treatment with drugs"
        yield Case(
            {"about": about}, (purpose.whole(), *(arm.category.whole() for arm in drugs[:2]), opening(drugs[0].description))
        )


@fact(cases=("phase_says", "target_says", "usual"))
def size_unusual_for_phase(reading: Reading) -> Fact:
    """A target sample size that is unusual for the phase: few in phase 3 or 4, many in phase 0 or 1."""
    r = reading.registration
    if nothing := missing(r.phase) or missing(r.target_sample_size):
        return nothing
    target = r.target_sample_size.number
    if not target:
        return cannot_tell("unclear", "target_sample_size")
    if r.phase.code not in _USUAL:
        return listed(())
    if r.phase.code == "0" and r.registry == "ChiCTR":
        return cannot_tell("text", "in this registry phase 0 stands for no phase")
    least, most = _USUAL[r.phase.code]
    texts = [r.public_title, r.scientific_title, *(condition.description for condition in r.conditions)]
    if target < least:
        young = r.maximum_age.years is not None and r.maximum_age.years < 18
        turns = r.assignment.code == "crossover" or reading.fact("within_person").value
        if young or turns or any(_FEW_ARE_USUAL.search(text.folded) or _FEW_ARE_USUAL.search(text.text) for text in texts):
            return cannot_tell("text", "few participants may be all that can be found")
        usual = Phrase("{number} or more", number=least)
    elif most is not None and target > most:
        if any(_MANY_ARE_USUAL.search(text.folded) or _MANY_ARE_USUAL.search(text.text) for text in texts):
            return cannot_tell("text", "trials of vaccines and of volunteers may be larger")
        usual = Phrase("up to {number}", number=most)
    else:
        return listed(())
    return listed(
        [
            Case(
                {"phase_says": r.phase.text, "target_says": target, "usual": usual},
                (r.phase.whole(), r.target_sample_size.whole()),
            )
        ]
    )


@fact(cases=("doses",))
def doses_without_rules(reading: Reading) -> Fact:
    """Arms that differ in their dose only, in a record that tells of no escalation, cohorts, limiting toxicity or review."""
    r = reading.registration
    arms = reading.fact("arm_count")
    if not isinstance(arms.value, int):
        return Fact(reason=arms.reason)
    if r.phase.code not in _EARLY:
        return cannot_tell("text", "asked only of early phases")
    if nothing := unread(*[arm.description for arm in r.arms][:1]):
        return nothing
    doses = _doses(r.arms.items)
    if not doses:
        return listed(())
    texts = (
        r.public_title,
        r.scientific_title,
        r.study_aim,
        r.design_summary,
        r.settings,
        r.arms_summary,
        r.randomization_description,
    )
    more = (r.blinding_description, r.other_design_features, r.criteria_summary, *(arm.description for arm in r.arms))
    if hit := reading.first("models.dose_rules", *texts, *more):
        return Fact(0, (clause(hit.value, hit.start, hit.end),))
    if not r.complete:
        return cannot_tell("unknown", "arms")
    said = ", ".join(place.quote for place in doses)
    return listed([Case({"doses": said}, doses)])


def _doses(arms: tuple[Arm, ...]) -> tuple[Place, ...]:
    """Return the dose of each arm that is no control, where those arms are alike in all but their dose."""
    given = [arm.description for arm in arms if not _CONTROL.search(arm.description.folded)]
    if not 2 <= len(given) <= _MOST_ARMS:
        return ()
    hits = [hit for hit in (_DOSE.search(value.folded) for value in given) if hit]
    if len(hits) < len(given) or len({hit[2] for hit in hits}) > 1 or len({hit[1] for hit in hits}) < len(hits):
        return ()
    words = [_kinds(value) for value in given]
    if not words[0] or any(len(words[0] & one) < _ALIKE * len(words[0] | one) for one in words[1:]):
        return ()
    return tuple(value.place(hit.start(), hit.end()) for value, hit in zip(given, hits, strict=True))


def _kinds(value: Value) -> set[str]:
    said = _GROUP_WORDS.sub(" ", _NUMBER.sub(" ", value.folded))
    return set(_WORD.findall(said))


@fact(cases=("claim",))
def margin_missing(reading: Reading) -> Fact:
    """A claim of non-inferiority, equivalence or biosimilarity in a record that tells of no margin or confidence limit."""
    r = reading.registration
    if r.design_summary.state is State.UNKNOWN and r.settings.state is State.UNKNOWN:
        return cannot_tell("unknown", "design_summary")
    if not r.complete:
        return cannot_tell("unknown", "primary_outcomes")
    if r.phase.code == "bioequivalence":
        return listed(())
    texts = (r.public_title, r.scientific_title, r.study_aim, r.design_summary, r.settings, r.other_design_features)
    hits = [hit for hit in reading.find("models.non_inferiority", *texts) if not hit.text.isascii() or _is_hypothesis(hit)]
    if not hits:
        given = [text for text in texts if text.given]
        return unread(*given[:1]) or listed(())
    more = (r.arms_summary, r.outcomes_summary, r.randomization_description, r.blinding_description)
    outcomes = [part for one in (*r.primary_outcomes, *r.secondary_outcomes) for part in (one.description, one.method)]
    if hit := reading.first("models.margin", *texts, *more, *outcomes):
        return Fact(0, (clause(hit.value, hit.start, hit.end),))
    return listed([Case({"claim": hits[0].place.quote}, tuple(clause(hit.value, hit.start, hit.end) for hit in hits[:2]))])


def _is_hypothesis(hit: Hit) -> bool:
    """Whether the words are the hypothesis of this trial; a biosimilar that is merely used is no hypothesis."""
    if not claimed(hit) and not hit.text.startswith("no"):
        return False
    if hit.value.field in ("study_aim", "settings") and not _HYPOTHESIS.search(sentence(hit)):
        return False
    return not _PRODUCT.match(hit.text) or bool(_COMPARED_WITH.search(hit.value.folded))

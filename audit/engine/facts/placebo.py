"""Facts on placebos: whether the texts speak of one, and whether a control is one by function."""

import re
from collections.abc import Iterator

from audit.engine.claims import of_other_studies, sentence
from audit.engine.clauses import clause, opening
from audit.engine.controls import arm_texts, clause_at, is_denied, is_given, may_be_cut
from audit.engine.groups import CONTROL, EXPERIMENTAL, groups
from audit.engine.language import unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, missing
from audit.model.result import Fact
from audit.model.span import Place, State, Value

_SHAM_FEEDING = re.compile(r"[ -]+(?:feed|meal)")
_SEVERAL_GROUPS = re.compile(
    r"\b(?:both|two|three|four|[234]) (?:\w+ ){0,4}(?:groups|arms)\b|\bcontrol groups?\b"
    r"|\b(?:other|another|second|next|opposite|remaining) (?:\w+ )?(?:group|half|arm|patients|participants)|\bgroup (?:b|2|ii|two)\b|\bothers\b"
)
_DOSE = re.compile(r"\d ?(?:mg|mcg|ug|micrograms?|milligrams?|grams?|gr|g|iu|units?)\b")
_FLUID = re.compile(
    r"\b(?:ringer\w*|crystalloids?|colloids?|plasma-?lyte|hydroxyethyl|voluven|albumin|hypertonic saline|half saline|gelatin\w* solution)\b"
)
_AS_USUAL = re.compile(r"\bas (?:the |a )?(?:standard|routine|usual|common)")
_WITH_MORE = re.compile("حل|رقیق|شست|همراه|علاوه|میلی ?گرم|درصد|سی ?سی از")
_INERT = ("substances.inert", "substances.solvent_verb", "substances.rinse_verb")
_NAMES = ("placebo.placebo", "placebo.sham")
_ANY = (*_NAMES, "placebo.look_alike", *_INERT)


@fact
def placebo_in_arms(reading: Reading) -> Fact:
    """Whether an arm speaks of a placebo, a sham, an inert substance or a look-alike; without arms, whether the summary does."""
    r = reading.registration
    only_summary = reading.fact("arms_only_in_summary").value
    if r.arms.state is not State.GIVEN and not only_summary:
        return cannot_tell(r.arms.state.value, "arms")
    for arm in r.arms:
        if arm.category.code == "placebo" or "placebo" in arm.category.folded:
            return Fact(True, (arm.category.whole(),))
    values = arm_texts(r)
    hits = reading.find(_ANY, *values)
    for hit in hits:
        if _speaks(hit, [other for other in hits if other.value is hit.value]):
            return Fact(True, (clause(hit.value, hit.start, hit.end),))
    if stand_in := _stand_in(reading, values):
        return Fact(True, (clause(stand_in.value, stand_in.start, stand_in.end),))
    unknown = unread(*values)
    if unknown:
        return unknown
    if not values:
        return cannot_tell("empty", "arms")
    if may_be_cut(r, values):
        return cannot_tell("text", "the text of the arms may be cut off")
    if only_summary and not reading.fact("control_arms").cases:
        return cannot_tell(r.arms.state.value, "arms")
    return Fact(False, tuple(_controls_first(reading, values)))


def _stand_in(reading: Reading, values: tuple[Value, ...]) -> Hit | None:
    """Return what a group other than the experimental one gets that may well be the placebo: an oil, air, a drug-free cream."""
    hits = reading.find("placebo.stand_in", *values)
    if not hits:
        return None
    others = [group for group in groups(reading, *values) if group.role != EXPERIMENTAL]
    return next((hit for hit in hits if any(group.holds(hit) for group in others)), None)


@fact
def arms_only_in_summary(reading: Reading) -> Fact:
    """Whether this export has no arms, but a summary of the groups."""
    r = reading.registration
    only = r.arms.state in (State.UNKNOWN, State.ABSENT) and r.arms_summary.given
    return Fact(only, (opening(r.arms_summary),) if only else ())


@fact
def placebo_elsewhere(reading: Reading) -> Fact:
    """Whether the record speaks of a placebo or look-alike in another place than the arms."""
    r = reading.registration
    others = (
        r.scientific_title,
        r.public_title,
        r.arms_summary,
        r.design_summary,
        r.settings,
        r.randomization_description,
        r.blinding_description,
    )
    for hit in reading.find((*_NAMES, "placebo.look_alike"), *others):
        if not is_denied(hit):
            return Fact(True, (clause(hit.value, hit.start, hit.end),))
    return Fact(False)


@fact
def placebo_named(reading: Reading) -> Fact:
    """Whether an arm or a title says that a placebo or a sham is given."""
    r = reading.registration
    values = (*arm_texts(r), r.scientific_title, r.public_title)
    if not any(value.given for value in values):
        return cannot_tell("empty" if r.arms.state is State.EMPTY else "unknown", "arms")
    places: dict[Value, Place] = {}
    for hit in reading.find(_NAMES, *values):
        if _named(hit):
            places.setdefault(hit.value, clause(hit.value, hit.start, hit.end))
    if places:
        return Fact(True, tuple(places.values())[:4])
    return Fact(False)


@fact
def placebo_in_other_texts(reading: Reading) -> Fact:
    """Whether the summary or what is said on design, randomization and blinding speaks of a placebo or sham as given."""
    r = reading.registration
    summaries = (r.arms_summary, r.design_summary, r.settings)
    for hit in reading.find(_NAMES, *summaries, r.randomization_description, r.blinding_description):
        if _named(hit) and not of_other_studies(hit) and not _PRACTISED.search(sentence(hit)):
            return Fact(True, (clause(hit.value, hit.start, hit.end),))
    return Fact(False)


_PRACTISED = re.compile(r"\b(?:man+[ie](?:kin|quin)s?|simulators?|phantoms?|rehears\w+|pract[ic][cs]ed|trained|training of)\b")
"""In a sentence on how the staff learnt a procedure: nobody who takes part gets it."""


@fact
def inert_control(reading: Reading) -> Fact:
    """Whether a control gets an inert substance as its treatment, or something made to look like the product."""
    r = reading.registration
    controls = reading.fact("control_arms")
    if controls.value is None:
        return Fact(reason=controls.reason)
    imitations = [case for case in controls.cases if case.values["kind"] == "placebo"]
    values = tuple(dict.fromkeys(case.places[0].value for case in imitations))
    hits = reading.find(_ANY, *values)
    if any(hit.pattern in ("substances.inert", "placebo.look_alike") for hit in hits):
        hits += reading.find("substances.active_drug", *values)
    places: list[Place] = []
    for case in imitations:
        (span,) = case.places
        inside = [hit for hit in hits if hit.value is span.value and span.start <= hit.start and hit.end <= span.end]
        places += [clause(hit.value, hit.start, hit.end) for hit in inside if _stands_in(hit, inside)]
    if places and not _given_to_all(reading) and not _fluids_compared(reading):
        blinding = reading.first("substances.inert", r.blinding_description)
        return Fact(True, (*_apart(places), *([_quoted(blinding)] if blinding else [])))
    return unread(*(case.places[0].value for case in controls.cases)) or Fact(False)


@fact
def open_label_placebo(reading: Reading) -> Fact:
    """Whether the record says that its placebo is given openly, on purpose."""
    r = reading.registration
    texts = (r.scientific_title, r.public_title, r.design_summary, r.blinding_description, *arm_texts(r))
    hit = reading.first("placebo.open_label_placebo", *texts)
    return Fact(True, (_quoted(hit),)) if hit else Fact(False)


@fact
def placebo_without_comparison(reading: Reading) -> Fact:
    """Whether there is only one group, so that nobody is compared with a placebo; a placebo run-in is no such case."""
    r = reading.registration
    texts = (r.scientific_title, r.public_title, r.design_summary, r.settings, *arm_texts(r))
    if reading.first("placebo.run_in", *texts):
        return Fact(False)
    single = r.assignment.code == "single"
    one_arm = len(r.arms) == 1
    if single and len(r.arms) > 1:
        return Fact(False)  # the assignment is what is wrong there, not the placebo
    if single:
        return Fact(True, (r.assignment.whole(), *((opening(r.arms[0].description),) if one_arm else ())))
    if not one_arm:
        known = len(r.arms) > 1 or r.assignment.code is not None
        return Fact(False) if known else (missing(r.assignment) or cannot_tell("unclear", "assignment"))
    (arm,) = r.arms
    roles = {group.role for group in groups(reading, arm.description)}
    if CONTROL in roles or _two_groups(arm.description) or reading.first(_NAMES, arm.description):
        return cannot_tell("text", "the one arm text speaks of several groups")
    if not r.complete and r.centres.state is not State.GIVEN:
        return cannot_tell("text", "the record is cut, so arms may be missing")
    if may_be_cut(r, (arm.description,)):
        return cannot_tell("text", "the text of the arms may be cut off")
    return Fact(True, (opening(arm.description),)) if arm.description.given else cannot_tell("empty", "arms")


def _two_groups(value: Value) -> bool:
    return _SEVERAL_GROUPS.search(value.folded) is not None


def _quoted(hit: Hit) -> Place:
    return clause(hit.value, hit.start, hit.end)


def _named(hit: Hit) -> bool:
    if is_denied(hit):
        return False
    return not (hit.pattern == "placebo.sham" and _SHAM_FEEDING.match(hit.value.folded, hit.end))


def _speaks(hit: Hit, others: list[Hit]) -> bool:
    if hit.pattern in _NAMES:
        return _named(hit)
    if hit.pattern == "substances.inert":
        return is_given(hit, others)
    return hit.pattern == "placebo.look_alike" and not is_denied(hit)


def _stands_in(hit: Hit, inside: list[Hit]) -> bool:
    """Return whether *hit* is an inert substance or a look-alike that takes the place of the product."""
    folded = hit.value.folded
    first, last = clause_at(folded, hit.start, hit.end)
    drugs = [other for other in inside if other.pattern == "substances.active_drug"]
    if hit.pattern == "placebo.look_alike":
        return not drugs and not is_denied(hit)
    if hit.pattern != "substances.inert" or not is_given(hit, inside) or _AS_USUAL.search(folded, first, last):
        return False
    if not hit.text.isascii():
        return not _WITH_MORE.search(hit.value.text, max(0, hit.start - 40), hit.end + 40)
    active = any(first <= drug.start < last and not _instead(folded, first, drug.start) for drug in drugs)
    return not active and not _DOSE.search(folded, first, last)


def _instead(folded: str, first: int, start: int) -> bool:
    return (
        re.search(
            r"\b(?:instead of|in place of|rather than|equal to|equivalent|same (?:volume|amount|dose))\b", folded[first:start]
        )
        is not None
    )


def _given_to_all(reading: Reading) -> bool:
    """Return whether the groups that get the product get the same inert substance as well."""
    values = arm_texts(reading.registration)
    hits = reading.find(_INERT, *values)
    for group in groups(reading, *values):
        if group.role == EXPERIMENTAL:
            inside = [hit for hit in hits if group.holds(hit)]
            if any(hit.pattern == "substances.inert" and is_given(hit, inside) for hit in inside):
                return True
    return False


def _fluids_compared(reading: Reading) -> bool:
    """Return whether a group that gets the product gets an infusion fluid, so that saline is another fluid and no placebo."""
    return any(
        group.role == EXPERIMENTAL and _FLUID.search(group.value.folded, group.body, group.end)
        for group in groups(reading, *arm_texts(reading.registration))
    )


def _controls_first(reading: Reading, values: tuple[Value, ...]) -> Iterator[Place]:
    controls = reading.fact("control_arms")
    if controls.cases:
        for case in controls.cases:
            (span,) = case.places
            yield clause(span.value, span.start, min(span.end, span.start + 60))
    else:
        yield from (opening(value) for value in values)


def _apart(places: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in places:
        if not any(place.value is other.value and place.start < other.end and other.start < place.end for other in kept):
            kept.append(place)
    return kept

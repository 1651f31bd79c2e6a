"""Facts on wordings: phrases that cannot be understood, and drugs of another trial left in the text."""

import re
from collections.abc import Iterator

from audit.engine.clauses import clause
from audit.engine.kinship import linked, measured, methods, own_number, shared
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import denied
from audit.model.registration import Registration
from audit.model.result import Case, Fact
from audit.model.span import Value

_WHY = {
    "wording.accessible": 'reads like a literal translation, perhaps of "convenience sampling"',
    "wording.wrong_organ": "joins a finding with what cannot have it",
    "wording.grading": "is not a usual grade of severity",
    "wording.lost_object": "seems to have lost a word, so that it says the opposite of what is likely to be meant",
    "wording.open_comparison": "is a comparison without its second part",
    "wording.disease_name": "seems to be the name of a disease that was changed in writing or translation",
}


@fact(cases=("quote", "why"))
def unclear_phrases(reading: Reading) -> Fact:
    """The phrases in titles, summary, criteria, groups and outcomes that cannot be understood as they stand."""
    values = tuple(dict.fromkeys(value for value in _texts(reading.registration) if value.given))
    if not values:
        return cannot_tell("unknown", "settings")
    ways: dict[str, list[Hit]] = {}
    for hit in reading.find(tuple(_WHY), *values):
        if not (hit.pattern == "wording.open_comparison" and _cut_at(hit)):
            ways.setdefault(hit.pattern, []).append(hit)
    return listed(_cases(ways))


def _cases(ways: dict[str, list[Hit]]) -> Iterator[Case]:
    for pattern, hits in ways.items():
        quotes = tuple(dict.fromkeys(" ".join(hit.place.quote.split()).strip(" .;)") for hit in hits))
        places = tuple(clause(hit.value, hit.start, hit.end, 150) for hit in hits[:4])
        yield Case({"quote": quotes[:4], "why": _WHY[pattern]}, places)


def _cut_at(hit: Hit) -> bool:
    """Return whether the text ends there: then it is cut (another check says so)."""
    return hit.end >= len(hit.value.folded.rstrip()) and not hit.text.rstrip().endswith((".", ";", ")"))


def _texts(r: Registration) -> Iterator[Value]:
    yield from (r.public_title, r.scientific_title, r.study_aim, r.design_summary, r.settings, r.criteria_summary)
    yield from (r.arms_summary, r.outcomes_summary, r.inclusion_criteria, r.exclusion_criteria)
    yield from (r.randomization_description, r.blinding_description, *(arm.description for arm in r.arms))
    for outcome in (*r.primary_outcomes, *r.secondary_outcomes):
        yield from (outcome.description, outcome.timepoint, outcome.method)


_GENERIC = re.compile(
    r"^(?:anti|pre|post|standard|routine|usual|control|placebo|intervention|steroid|corticosteroid|an?esthe|analges|opioid|vaccin|interferon|stem|probiotic|vitamin)"
)


@fact(cases=("drug", "part"))
def foreign_drugs(reading: Reading) -> Fact:
    """The drugs in outcomes and methods that no other part names: measured after, in a group's name, or in another record's sentence."""
    r = reading.registration
    arms = tuple(arm.description for arm in r.arms if arm.description.given) or tuple(v for v in (r.arms_summary,) if v.given)
    if not arms:
        return cannot_tell("unknown", "arms")
    home = " ".join(value.folded for value in _home(r, arms))
    outcomes = (part for o in (*r.primary_outcomes, *r.secondary_outcomes) for part in (o.description, o.timepoint))
    places = (*outcomes, r.randomization_description, r.blinding_description)
    found: dict[str, Hit] = {}
    for hit in reading.find("wording.after_treatment", *places):
        name = (hit.match["drug"] or hit.match["group"]).strip("-")
        if name in found or _GENERIC.match(name) or _stem(name) in home or denied(hit.value.folded, hit.start, hit.end):
            continue
        if reading.first(_DRUGS, Value("x", text=name)):
            found[name] = hit
    cases = {
        name: Case({"drug": name, "part": hit.value.label or hit.value.field}, (clause(hit.value, hit.start, hit.end, 150),))
        for name, hit in found.items()
    }
    for case in _from_others(reading, home):
        cases.setdefault(str(case.values["drug"]), case)
    return listed(cases.values())


_DRUGS = ("products.drug", "substances.active_drug")


def _from_others(reading: Reading, home: str) -> Iterator[Case]:
    """Yield the drugs in sentences that stand word for word in the record of a trial which gives the drug, as this one does not."""
    r = reading.registration
    for other in r.others or ():
        if own_number(other) in ("", own_number(r)) or linked(r, other):
            continue
        both = shared([*measured(r), *methods(r)], [*measured(other), *methods(other)])
        given = [*(arm.description for arm in other.arms), other.public_title, other.scientific_title, other.arms_summary]
        for here, there in zip(both.here, both.there, strict=True):
            sentence = Value("sentence", text=here.place.quote)
            for hit in reading.find(_DRUGS, sentence):
                name = hit.text.strip("- ")
                if len(name) < 4 or _GENERIC.match(name) or _stem(name) in home or denied(sentence.folded, hit.start, hit.end):
                    continue
                if named := next((value for value in given if value.given and _stem(name) in value.folded), None):
                    part = here.place.value.label or here.place.value.field
                    at = named.folded.index(_stem(name))
                    yield Case(
                        {"drug": name, "part": part}, (here.place, there.place, clause(named, at, at + len(_stem(name)), 150))
                    )


def _stem(name: str) -> str:
    """Return how a drug's name begins, so that another spelling of it is taken for the same."""
    return name[:6]


def _home(r: Registration, arms: tuple[Value, ...]) -> Iterator[Value]:
    yield from arms
    summary = (r.arms_summary, r.settings, r.design_summary, r.criteria_summary, r.inclusion_criteria, r.exclusion_criteria)
    for value in (r.public_title, r.scientific_title, r.study_aim, *summary):
        if value.given:
            yield value
    for arm in r.arms:
        if arm.label.given:
            yield arm.label

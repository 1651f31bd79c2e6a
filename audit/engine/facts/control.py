"""Facts on the comparison: which groups are controls, and what each of them gets."""

import re

from audit.engine.clauses import clause
from audit.engine.controls import IMITATIONS, arm_texts, controls_in, is_denied, kinds_by_category
from audit.engine.groups import Group
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import denied, sentence_at
from audit.model.result import Case, Fact
from audit.model.span import Place, State

TYPES = ("placebo", "sham", "active", "usual_care", "no_treatment", "dose_comparison", "historical", "within_person")
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*|\b(?:first|second|third|fourth|one|two|three|four|low|high|medium|[a-d])\b")
_VERSUS = re.compile(
    r"\b(?:versus|vs\.?|compared (?:to|with)|(?:in )?comparison (?:to|with)|non-?inferior(?:ity)? (?:to|of))(?: |$)"
)
_LONG_WORD = re.compile(r"[a-z][a-z-]{4,}")
_PLUS = re.compile(r"\+|\bplus\b|\band\b|\bwith\b|\bcombin|\badd|\balong|&")
_NAMES_OF_ARMS = frozenset(
    [
        "group",
        "groups",
        "treatment",
        "intervention",
        "drug",
        "biological",
        "device",
        "procedure",
        "combination",
        "product",
        "tablet",
        "tablets",
    ]
)
_IN_TITLES = (
    ("placebo", "placebo.controlled"),
    ("usual_care", "control.versus_usual_care"),
    ("no_treatment", "control.versus_nothing"),
)
_SHOWN_BY = {
    "placebo": IMITATIONS,
    "sham": ("placebo.sham",),
    "usual_care": ("control.usual_care", "control.alone"),
    "no_treatment": ("control.no_treatment", "placebo.placebo"),
    "historical": ("control.historical",),
}


@fact(cases=("kind", "given"))
def control_arms(reading: Reading) -> Fact:
    """The groups that serve as controls, and what kind of control each is (one of the types of `control_types`)."""
    r = reading.registration
    values = arm_texts(r)
    if not values:
        state = r.arms.state if r.arms.state is not State.GIVEN else r.arms_summary.state
        return cannot_tell(state.value if state is not State.GIVEN else "empty", "arms")
    found = controls_in(reading, values)
    if not found and len(r.arms) < 2:
        found = controls_in(reading, tuple(v for v in (r.arms_summary, r.design_summary, r.settings) if v.given))
    return listed(Case({"kind": kind, "given": _said(group)}, (_span(group),)) for group, kind in found)


@fact
def control_types(reading: Reading) -> Fact:
    """What the controls get: placebo, sham, active, usual_care, no_treatment, dose_comparison, historical, within_person."""
    arms = reading.fact("control_arms")
    if arms.value is None:
        return Fact(reason=arms.reason)
    types = {str(case.values["kind"]): _cue(reading, case) for case in arms.cases}
    r = reading.registration
    if not types:
        doses = _dose_arms(reading)
        if doses:
            types["dose_comparison"] = doses[0]
    if not types:
        for kind, pattern in _IN_TITLES:
            outcomes = tuple(one.description for one in r.primary_outcomes) if kind == "placebo" else ()
            hit = reading.first(pattern, r.scientific_title, r.public_title, r.design_summary, *outcomes)
            if hit and not types and not denied(hit.value.folded, hit.start, hit.end):
                types[kind] = _quoted(hit)
    if not types and (compared := _title_comparator(reading) or _background_arm(reading)):
        types["active"] = compared
    if not types:
        types.update(_said_by_registry(reading))
    for arm, kind in kinds_by_category(r):
        types.setdefault(kind, arm.category.whole())
    if not types and len(r.arms) == 1 and r.randomization.code == "randomized":
        return cannot_tell("text", "a randomized trial whose control is not described")
    texts = (*arm_texts(r), r.scientific_title, r.public_title, r.design_summary)
    within = reading.first("control.within_person", *texts)
    if within and (types or within.value in arm_texts(r)):
        types["within_person"] = _quoted(within)
    return Fact(tuple(kind for kind in TYPES if kind in types), tuple(types[kind] for kind in TYPES if kind in types))


def _title_comparator(reading: Reading) -> Place | None:
    """Return where a title names what one of several arms gets as the one compared with ("A versus B")."""
    r = reading.registration
    arms = [value for value in arm_texts(r) if value.given]
    for title in (r.scientific_title, r.public_title):
        for match in _VERSUS.finditer(title.folded):
            after = set(_LONG_WORD.findall(title.folded[match.end() : match.end() + 60].split(" for ")[0].split(" in ")[0]))
            before = set(_LONG_WORD.findall(title.folded[: match.start()]))
            named = after - before
            holding = [arm for arm in arms if named & set(_LONG_WORD.findall(arm.folded))]
            if len(r.arms) > 1 and holding and len(holding) < len(arms):
                return clause(title, match.start(), match.end())
    return None


def _background_arm(reading: Reading) -> Place | None:
    """Return the arm that gets what every other arm gets as well, and nothing more ("A + B" beside "A")."""
    values = [arm.description for arm in reading.registration.arms if arm.description.given]
    if not 2 <= len(values) <= 6:
        return None
    words = [set(_LONG_WORD.findall(value.folded)) - _NAMES_OF_ARMS for value in values]
    fewest = min(range(len(values)), key=lambda at: len(words[at]))
    others = [at for at in range(len(values)) if at != fewest]
    if not words[fewest] or not all(words[fewest] < words[at] and _PLUS.search(values[at].folded) for at in others):
        return None
    return clause(values[fewest], 0, min(100, len(values[fewest].text)))


def _said_by_registry(reading: Reading) -> dict[str, Place]:
    """Return the kinds of control that a registry's own words in the design name ("Control: Placebo")."""
    types: dict[str, Place] = {}
    for kind in ("placebo", "no_treatment", "usual_care", "active", "historical", "dose_comparison"):
        if hit := reading.first(f"control.registry_{kind}", reading.registration.design_summary):
            types[kind] = _quoted(hit)
    return types


def _dose_arms(reading: Reading) -> tuple[Place, ...]:
    """Return places of the arms when they differ in nothing but their dose."""
    values = [arm.description for arm in reading.registration.arms if arm.description.given]
    if len(values) == 1:
        hit = reading.first("control.dose_rank", *values)
        return (_quoted(hit),) if hit and "different" in hit.text else ()
    if not 2 <= len(values) <= 8:
        return ()
    ranks = [reading.first("control.dose_rank", value) for value in values]
    if all(ranks) and len({hit.text for hit in ranks if hit}) > 1:
        return tuple(_quoted(hit) for hit in ranks if hit)
    numbers = [tuple(_NUMBERS.findall(value.folded)) for value in values]
    if len(set(numbers)) < 2 or not all(numbers):
        return ()
    texts = {" ".join(_NUMBERS.sub(" ", value.folded).split()) for value in values}
    if len(texts) == 1 and re.search(r"\d ?(?:mg|ug|mcg|microgram|milligram|g|ml|cc|iu|units?|%|x)\b", values[0].folded):
        return tuple(clause(value, 0, 1) for value in values)
    return ()


def _said(group: Group) -> str:
    return " ".join(group.value.text[group.start : group.end].split())


def _span(group: Group) -> Place:
    return group.value.place(group.start, group.end)


def _cue(reading: Reading, case: Case) -> Place:
    """Return the words that show what a control gets: the sentence of its first cue, else the beginning of the group."""
    (span,) = case.places
    for hit in reading.find(_SHOWN_BY.get(str(case.values["kind"]), ()), span.value):
        if span.start <= hit.start and hit.end <= span.end and not (hit.pattern in IMITATIONS and is_denied(hit)):
            return _quoted(hit)
    first, last = sentence_at(span.value.folded, span.start)
    return clause(span.value, max(span.start, first), min(span.end, last, span.start + 100))


def _quoted(hit: Hit) -> Place:
    return clause(hit.value, hit.start, hit.end)

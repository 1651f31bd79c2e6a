"""Facts on the protocol summary beside the fields it sums up: aim and titles, both lists of criteria, and each section's content."""

import re
from collections import Counter
from collections.abc import Iterator

from audit.engine.clauses import clause, opening
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.fold import fold_persian
from audit.model.registration import Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import State, Value

_SECTIONS = ("study_aim", "design_summary", "settings", "criteria_summary", "arms_summary", "outcomes_summary")
_SECTION_NAMES = {
    "study_aim": "study aim",
    "design_summary": "design",
    "settings": "settings and conduct",
    "criteria_summary": "inclusion and exclusion criteria",
    "arms_summary": "intervention groups",
    "outcomes_summary": "main outcome variables",
}
_SAFETY = {
    "pregnancy": "pregnancy or breastfeeding",
    "allergy": "allergy",
    "liver": "liver disease",
    "kidney": "kidney disease",
    "heart": "heart disease",
}
_OTHER = {
    "psychiatric": "mental illness",
    "diabetes": "diabetes",
    "cancer": "cancer",
    "addiction": "addiction, smoking or alcohol",
    "epilepsy": "epilepsy",
    "anticoagulant": "anticoagulants or bleeding disorders",
    "immune": "immune deficiency or suppression",
}
_ORGANS = frozenset({"liver", "kidney", "heart", *_OTHER})
_WORD = re.compile(r"[^\W_]+")
_NOMINAL = re.compile(
    r"^(?:the )?(?:determination|evaluation|investigation|assessment|study|examination|survey) (?:of )?(?:the )?"
)
_DESIGN_AT_END = re.compile(r" ?[:;,(-] ?(?:an? )?[^:;(]{0,90}\b(?:trial|study)\)?\.?$")
_ALIKE = 0.95
_FEWEST_WORDS = 5
_DESIGN_WORDS_FROM = 4


@fact(cases=("title",))
def aim_repeats_title(reading: Reading) -> Fact:
    """The title that the study aim repeats word for word, or nearly so."""
    r = reading.registration
    if nothing := missing(r.study_aim):
        return nothing
    titles = [(name, v) for name, v in (("scientific", r.scientific_title), ("public", r.public_title)) if v.given]
    if not titles:
        return cannot_tell("empty", "scientific_title")
    aim = _words(r.study_aim)
    for name, title in titles:
        if len(aim) >= _FEWEST_WORDS and any(_alike(aim, words) for words in (_words(title), _words(title, _DESIGN_AT_END))):
            return listed([Case({"title": name}, (r.study_aim.whole(), title.whole()))])
    return listed(())


def _alike(one: list[str], other: list[str]) -> bool:
    return 2 * sum((Counter(one) & Counter(other)).values()) >= _ALIKE * (len(one) + len(other))


def _words(value: Value, without: re.Pattern[str] = _NOMINAL) -> list[str]:
    text = " ".join(fold_persian(value.text).lower().split())
    return _WORD.findall(without.sub("", _NOMINAL.sub("", text)))


@fact(cases=("items", "only_in", "not_in"))
def safety_criteria_in_one_list(reading: Reading) -> Fact:
    """Exclusions for safety (pregnancy, allergy, liver, kidney, heart) that stand in the summary or in the detailed criteria only."""
    return _in_one_list(reading, _SAFETY)


@fact(cases=("items", "only_in", "not_in"))
def other_criteria_in_one_list(reading: Reading) -> Fact:
    """Other common exclusions (mental illness, diabetes, cancer, addiction) that stand in the summary or in the detailed criteria only."""
    return _in_one_list(reading, _OTHER)


def _in_one_list(reading: Reading, topics: dict[str, str]) -> Fact:
    r = reading.registration
    summary = r.criteria_summary
    details = [value for value in (r.inclusion_criteria, r.exclusion_criteria) if value.given]
    if nothing := missing(summary):
        return nothing
    if not r.exclusion_criteria.given:
        return cannot_tell(r.exclusion_criteria.state.value, "exclusion_criteria")
    if not r.complete and r.sex.state is not State.GIVEN:
        return cannot_tell("text", "the record is cut, perhaps within the criteria")
    start = reading.first("exclusions.label", summary)
    if start is None:
        return cannot_tell("text", "the summary does not list exclusion criteria")
    names = tuple(f"exclusions.{topic}" for topic in topics)
    in_summary, in_details = _topics(reading, names, [summary]), _topics(reading, names, details)
    studied = _topics(reading, names, [r.scientific_title, r.public_title, *(one.description for one in r.conditions)])
    abridged = reading.first("exclusions.abridged", summary) is not None
    cases = []
    for here, there, others, only_in, not_in in (
        (in_details, in_summary, [summary], "the detailed criteria", "the summary"),
        (in_summary, in_details, details, "the summary", "the detailed criteria"),
    ):
        if others == [summary] and abridged:
            continue
        excluded = {t: h for t, h in here.items() if t not in there and _is_exclusion(r, start, h)}
        generic = any(_is_generic(reading, hit) for hit in reading.find("exclusions.generic", *others))
        reaction = reading.first("exclusions.reaction", *others) is not None
        covered = {t for t in topics if t in _ORGANS and (generic or t in studied)} | ({"allergy"} if reaction else set())
        left = [t for t in topics if t in excluded and t not in covered]
        if left:
            hits = [excluded[t] for t in left]
            places = (*dict.fromkeys(clause(h.value, h.start, h.end, 120) for h in hits), *_beside(others, start))
            cases.append(Case({"items": tuple(topics[t] for t in left), "only_in": only_in, "not_in": not_in}, places))
    return listed(cases)


def _is_generic(reading: Reading, hit: Hit) -> bool:
    """Return whether the phrase names no disease of its own: "chronic renal failure" covers no other disease."""
    named = reading.find([f"exclusions.{topic}" for topic in _ORGANS], hit.value)
    return not any(hit.start <= one.start and one.end <= hit.end for one in named)


def _topics(reading: Reading, names: tuple[str, ...], values: list[Value]) -> dict[str, Hit]:
    found: dict[str, Hit] = {}
    for hit in reading.find(names, *values):
        found.setdefault(hit.pattern.split(".")[1], hit)
    return found


def _is_exclusion(r: Registration, start: Hit, hit: Hit) -> bool:
    """Return whether *hit* stands among the exclusions: in their field, or in the summary after their label."""
    if hit.value is r.criteria_summary:
        return hit.start > start.start
    return hit.value is r.exclusion_criteria


def _beside(others: list[Value], start: Hit) -> Iterator:  # type: ignore[type-arg]
    """Yield the list that lacks the items: the exclusions of the summary, or the detailed ones."""
    value = others[-1]
    if value is start.value:
        yield value.place(start.start, len(value.text.rstrip()))
    else:
        yield value.whole()


@fact(cases=("section", "finding"))
def summary_sections_amiss(reading: Reading) -> Fact:
    """Sections of the summary that are empty, that repeat another section, or a design that names no feature of a design."""
    r = reading.registration
    sections: dict[str, Value] = {name: getattr(r, name) for name in _SECTIONS}
    given = {name: value for name, value in sections.items() if value.given}
    if not given:
        states = {value.state for value in sections.values()}
        return cannot_tell("unknown" if State.UNKNOWN in states else "empty", "design_summary")
    cases = []
    for name, value in sections.items():
        if value.state is State.EMPTY and len(given) >= 2:
            cases.append(Case({"section": _SECTION_NAMES[name], "finding": "is empty"}, (value.whole(),)))
    seen: dict[str, str] = {}
    for name, value in given.items():
        text = " ".join(_WORD.findall(fold_persian(value.text).lower()))
        if len(text) > 40 and text in seen:
            said = Phrase("repeats the section {section} word for word", section=_SECTION_NAMES[seen[text]])
            cases.append(Case({"section": _SECTION_NAMES[name], "finding": said}, (value.whole(), given[seen[text]].whole())))
        seen.setdefault(text, name)
    design = r.design_summary
    if (
        design.given
        and len(_WORD.findall(design.text)) >= _DESIGN_WORDS_FROM
        and not reading.first("exclusions.design_word", design)
    ):
        cases.append(Case({"section": "design", "finding": "names no feature of a design"}, (opening(design, 160),)))
    return listed(cases)

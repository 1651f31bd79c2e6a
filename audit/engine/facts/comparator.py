"""Facts on what arms say at all, and on the comparison as title, summary and arms tell it."""

import re

from audit.engine.clauses import clause
from audit.engine.controls import OTHER_USES, arm_texts, controls_in, is_denied, is_given, may_be_cut
from audit.engine.groups import Group
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.model.fold import fold_persian
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, State, Value

_IMITATIONS = ("placebo", "sham")
_WORDS = {
    "placebo": "a placebo or an inert substance",
    "sham": "a sham procedure",
    "usual_care": "usual care",
    "no_treatment": "no treatment",
    "active": "another treatment",
    "historical": "a historical control",
}
_WORD = re.compile(r"[^\W_]+")
_COMPARED = re.compile(
    r"\b(?:(?:compared |comparison )?(?:to|with)|compar\w+|versus|vs\.?|against|than)(?: the\b)? +|^(?:and|or) (?:the )?"
)
_LABELS = (
    "intervention interventions group groups controls control arm arms comparison comparator experimental case cases study treatment test first second third fourth "
    "one two three four a b c d i ii iii description the of none empty na n "
    "گروه مداخله کنترل شاهد اول دوم سوم چهارم آزمایش یک دو سه شرح"
)
_ENOUGH = 100
_NUMBERED = re.compile(r"(?:group|arm|intervention|control|case|گروه)\d+$")
_LABEL_WORDS = frozenset(_LABELS.split())


@fact
def is_interventional(reading: Reading) -> Fact:
    """Whether the study gives its participants an intervention: yes, unless its type says that it only observes."""
    study_type = reading.registration.study_type
    observes = study_type.code in ("observational", "expanded_access")
    return Fact(not observes, (study_type.whole(),) if observes else ())


@fact(cases=("arm",))
def undescribed_arms(reading: Reading) -> Fact:
    """The arms without a description, or with nothing but a label ("Control group:"); or that there is none at all."""
    arms = reading.registration.arms
    if arms.state in (State.UNKNOWN, State.ABSENT):
        return cannot_tell(arms.state.value, "arms")
    if not arms:
        return listed((Case({"arm": "any group"}, (arms.heading.whole(),)),))
    return listed(
        Case({"arm": Phrase("group {number}", number=number)}, (arm.description.whole(),))
        for number, arm in enumerate(arms, 1)
        if arm.description.state is not State.UNKNOWN and not _says_something(arm.description) and not arm.label.given
    )


def _says_something(value: Value) -> bool:
    if not value.given:
        return False
    if len(value.text) > _ENOUGH:
        return True
    words = [match[0] for match in _WORD.finditer(fold_persian(value.text).lower())]
    if words and words[-1] == "none" and "control" in words:
        return True  # "Control group: none" says that it gets nothing
    return not all(word in _LABEL_WORDS or word.isdigit() or _NUMBERED.match(word) for word in words)


@fact(cases=("here", "there"))
def comparator_differences(reading: Reading) -> Fact:
    """Where title or summary name another control than the arms do."""
    r = reading.registration
    controls = reading.fact("control_arms")
    if controls.value is None:
        return Fact(reason=controls.reason)
    if not len(r.arms) or not controls.cases:
        return cannot_tell("text", "no control is described")
    kinds = {str(case.values["kind"]): case.places[0] for case in controls.cases}
    if may_be_cut(r, arm_texts(r)):
        return cannot_tell("text", "the text of the arms may be cut off")
    cases = [case for case in (compare(reading, kinds) for compare in _COMPARISONS) if case]
    return listed(cases[:1])


def _title_alone(reading: Reading, kinds: dict[str, Place]) -> Case | None:
    """The title compares with X alone, but the control gets an imitation besides X."""
    r = reading.registration
    hit = reading.first("dose.alone", r.scientific_title, r.public_title)
    if not hit or not set(kinds) <= set(_IMITATIONS):
        return None
    kind = next(iter(kinds))
    shown = _words(reading, kinds[kind])
    if not shown:
        return None
    others = _same_words(reading, shown)
    start = max((match.end() for match in _COMPARED.finditer(hit.text)), default=0)
    named = " ".join(hit.place.quote[start:].split())
    return Case({"here": named, "there": _WORDS[kind]}, (_quoted(hit), *others, _quoted(shown)))


def _title_placebo(reading: Reading, kinds: dict[str, Place]) -> Case | None:
    """The title says placebo, but no arm has one."""
    r = reading.registration
    hit = reading.first("placebo.placebo", r.scientific_title, r.public_title)
    if not hit or is_denied(hit) or set(kinds) & set(_IMITATIONS):
        return None
    kind, span = next(iter(kinds.items()))
    own_drug = _drug_of_its_own(reading, kinds.get("active", span))
    if _imitation_in_arms(reading, dissolves=own_drug) or ("active" in kinds and not own_drug):
        return None
    return Case({"here": "a placebo", "there": _WORDS[kind]}, (clause(hit.value, hit.start, hit.end), _opening(span)))


def _drug_of_its_own(reading: Reading, span: Place) -> bool:
    """Return whether the control at *span* gets a well-known drug that stands in no other group."""
    hits = reading.find("substances.active_drug", *arm_texts(reading.registration))
    inside = [hit.value is span.value and span.start <= hit.start and hit.end <= span.end for hit in hits]
    others = {hit.text for hit, own in zip(hits, inside, strict=True) if not own}
    return any(own and hit.text not in others and not is_denied(hit) for hit, own in zip(hits, inside, strict=True))


def _title_usual_care(reading: Reading, kinds: dict[str, Place]) -> Case | None:
    """The title compares with usual care, but the control gets an imitation and no arm speaks of usual care."""
    r = reading.registration
    hit = reading.first("control.versus_usual_care", r.scientific_title, r.public_title)
    if not hit or not set(kinds) <= set(_IMITATIONS) or is_denied(hit):
        return None
    if reading.first("control.usual_care", *arm_texts(r)) or reading.first("placebo.placebo", r.scientific_title, r.public_title):
        return None
    kind, span = next(iter(kinds.items()))
    return Case({"here": "usual care", "there": _WORDS[kind]}, (_quoted(hit), _opening(span)))


def _summary(reading: Reading, kinds: dict[str, Place]) -> Case | None:
    """The summary of the groups gives the control an imitation and the arms none, or the other way round."""
    r = reading.registration
    imitated = set(kinds) & set(_IMITATIONS)
    if not r.arms_summary.given or not (
        imitated or reading.first(("placebo.placebo", "placebo.sham", "substances.inert"), r.arms_summary)
    ):
        return None
    said = {kind: group for group, kind in controls_in(reading, (r.arms_summary,))}
    if len(said) != 1 or len(kinds) != 1:
        return None
    (here, group), (there, span) = next(iter(said.items())), next(iter(kinds.items()))
    if here in _IMITATIONS and there in ("usual_care", "no_treatment") and not _imitation_in_arms(reading):
        pass
    elif not (here == "no_treatment" and there in _IMITATIONS and not _mentions_imitation(reading, group)):
        return None
    return Case({"here": _WORDS[here], "there": _WORDS[there]}, (_place(group), _opening(span)))


def _imitation_in_arms(reading: Reading, dissolves: bool = False) -> bool:
    """Return whether an arm names an imitation; *dissolves*: saline in which a drug is dissolved is none."""
    names = ("placebo.placebo", "placebo.sham", "placebo.look_alike", "substances.inert")
    hits = reading.find((*names, *OTHER_USES), *arm_texts(reading.registration))
    return any(
        is_given(hit, hits) if dissolves and hit.pattern == "substances.inert" else not is_denied(hit)
        for hit in hits
        if hit.pattern not in OTHER_USES
    )


def _mentions_imitation(reading: Reading, group: Group) -> bool:
    return any(group.holds(hit) for hit in reading.find(("placebo.placebo", "substances.inert"), group.value))


def _words(reading: Reading, span: Place) -> Hit | None:
    names = ("placebo.placebo", "placebo.sham", "substances.inert", "placebo.look_alike")
    for hit in reading.find(names, span.value):
        if span.start <= hit.start and hit.end <= span.end:
            return hit
    return None


def _same_words(reading: Reading, shown: Hit) -> tuple[Place, ...]:
    """Return where the summary names the same imitation, and where its list of groups leaves it out."""
    r = reading.registration
    hits = (reading.first(shown.pattern, value) for value in (r.design_summary, r.settings))
    summary = controls_in(reading, (r.arms_summary,)) if r.arms_summary.given else []
    silent = [group for group, kind in summary if kind not in _IMITATIONS]
    return (*(_quoted(hit) for hit in hits if hit), *(_place(group) for group in silent[:1]))


def _quoted(hit: Hit) -> Place:
    return clause(hit.value, hit.start, hit.end)


def _opening(span: Place) -> Place:
    return clause(span.value, span.start, min(span.end, span.start + 80))


def _place(group: Group) -> Place:
    return clause(group.value, group.start, min(group.end, group.start + 80))


_COMPARISONS = (_title_alone, _title_placebo, _title_usual_care, _summary)

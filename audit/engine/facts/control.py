"""Facts on the comparison: which groups are controls, and what each of them gets."""

import re

from audit.engine.clauses import clause
from audit.engine.groups import CONTROL, EXPERIMENTAL, UNSAID, Group, groups
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import denied, sentence_at
from audit.model.registration import Registration
from audit.model.result import Case, Fact
from audit.model.span import Place, State, Value

TYPES = ("placebo", "sham", "active", "usual_care", "no_treatment", "dose_comparison", "historical", "within_person")
_CUES = (
    "placebo.placebo",
    "placebo.sham",
    "placebo.look_alike",
    "substances.inert",
    "substances.solvent_verb",
    "substances.rinse_verb",
    "control.usual_care",
    "control.no_treatment",
    "control.historical",
    "control.dose_rank",
    "control.none_here",
    "control.alone",
)
_WORD = re.compile(r"[a-z]{2,}")
_LONG_WORD = re.compile(r"[a-z][a-z-]{4,}")
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*|\b(?:first|second|third|fourth|one|two|three|four|low|high|medium|[a-d])\b")
_PLUS = re.compile(r"\+|\bplus\b|\band\b|\bwith\b|\bcombin|\badd|\balong|&|\bbesides\b")
_MORE = re.compile(r"\+|\bplus\b|\bcombin|\badd|&|\balong\b")
_BOTH = re.compile(r"\b(?:both|all|two|three|each|every) (?:of the )?(?:\w+ )?(?:groups?|arms?|patients|participants|sides?)\b")
_CATEGORY = re.compile(r"placebo|sham|no[ _]intervention")
_CATEGORY_KINDS = {"placebo": "placebo", "sham": "sham", "no intervention": "no_treatment", "no_intervention": "no_treatment"}
_STOP = re.compile(r"[;,!?](?!\d)|\.(?!\d)| and then | after that | while | whereas ")
_OTHER_USES = ("substances.solvent_verb", "substances.rinse_verb")
_USUAL = re.compile(r"standard|usual|routine|conventional|common")
_VERSUS = re.compile(r"\bversus\b|\bvs\b|\bcompar|\bor\b|/")
_NO_CONTENT = frozenset(("control", "other", "drug", "group", "procedure", "device", "none", "arm"))
_IN = re.compile(
    r"\b(?:in|into|within) (?:about |an? |the )?(?:[\d.,/ -]+ ?(?:ml|cc|l|lit\w*|millilit\w*|ul|micro\w*)? ?)?(?:of )?(?:\w+ ){0,2}$"
)
_COMMON_WORDS = (
    "about across acute adult adults after among assessment based before between cases chronic clinical comparative comparing "
    "comparison compared control controlled coronavirus covid disease double blind during effect effects effectiveness efficacy "
    "evaluate evaluating evaluation evaluate group groups health hospital hospitalized impact improvement infected infection "
    "injection intervention investigating investigation level management medical method methods mild moderate multicenter "
    "novel open-label outcome outcomes oral parallel pain patient patients people phase placebo pneumonia preventing prevention "
    "prospective quality random randomised randomized reducing reduction result results safety sars-cov severe severity single "
    "standard study surgery symptoms syndrome tablet tablets capsule therapeutic therapy treated treating treatment trial "
    "using versus women children with without workers corona virus addition combination alone medicine traditional "
    "chinese western routine conventional usual center"
)
_COMMON = frozenset(_COMMON_WORDS.split())


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
        for kind, pattern in (("placebo", "placebo.controlled"), ("usual_care", "control.versus_usual_care")):
            hit = reading.first(pattern, r.scientific_title, r.public_title, r.design_summary)
            if hit and not types and not denied(hit.value.folded, hit.start, hit.end):
                types[kind] = _quoted(hit)
    texts = (*arm_texts(r), r.scientific_title, r.public_title, r.design_summary)
    within = reading.first("control.within_person", *texts)
    if within and (types or within.value in arm_texts(r)):
        types["within_person"] = _quoted(within)
    return Fact(tuple(kind for kind in TYPES if kind in types), tuple(types[kind] for kind in TYPES if kind in types))


def arm_texts(registration: Registration) -> tuple[Value, ...]:
    """Return the descriptions of the arms; where there are none, the summary of the groups."""
    described = tuple(
        value for arm in registration.arms for value in (arm.label, arm.description) if value.given and value.text.strip()
    )
    return described or tuple(v for v in (registration.arms_summary,) if v.given)


def controls_in(reading: Reading, values: tuple[Value, ...]) -> list[tuple[Group, str]]:
    """Return the control groups that *values* describe, each with its kind."""
    found = groups(reading, *values)
    cues = reading.find(_CUES, *values)
    labelled = [(group, kind) for group in found if group.role == CONTROL and (kind := kind_of(group, cues))]
    labelled += _by_category(reading, found, cues, labelled)
    if labelled:
        return labelled
    others = [group for group in found if group.role == UNSAID] if len(found) > 1 else found
    studied = _studied(reading, found)
    plain = [(group, kind) for group in others if (kind := _plain_kind(group, cues, len(found), studied))]
    if plain:
        return [pair for pair in plain if pair[1] == "placebo"] or plain
    for kind, pattern in (("placebo", "placebo.placebo"), ("usual_care", "control.alone")):
        for hit in cues:
            if hit.pattern == pattern and not is_denied(hit):
                return [(group, kind) for group in found if group.holds(hit)]
    return _without_the_product(reading, found, studied)


def _by_category(
    reading: Reading, found: list[Group], cues: list[Hit], known: list[tuple[Group, str]]
) -> list[tuple[Group, str]]:
    """Return the groups without a label whose arm the registry itself calls a control (or a placebo)."""
    said = {id(arm.description): _CATEGORY.search(arm.category.folded) for arm in reading.registration.arms}
    more = []
    for group in found:
        name = said.get(id(group.value))
        if name and group.role != EXPERIMENTAL and all(group is not other for other, _ in known):
            kind = kind_of(group, cues)
            more.append((group, _CATEGORY_KINDS[name[0]] if kind in (None, "active") else kind))
    return more


def kind_of(group: Group, cues: list[Hit]) -> str | None:
    """Return the kind of control that *group* is, or None when its text names none (as "not applicable")."""
    inside = [hit for hit in cues if group.holds(hit)]
    if any(_is_placebo(hit) for hit in inside):
        return "placebo"
    names = {hit.pattern for hit in inside}
    label = group.value.folded[group.start : group.body]
    if "control.historical" in names:
        return "historical"
    if "placebo.sham" in names:
        return "sham"
    if any(hit.pattern == "substances.inert" and is_given(hit, inside) for hit in inside):
        return "placebo"
    if any(hit.pattern == "placebo.look_alike" and hit.start >= group.body for hit in inside):
        return "placebo"
    if any(hit.pattern == "control.usual_care" and _is_own(hit, group) for hit in inside):
        return "usual_care"
    if "control.no_treatment" in names or any(hit.pattern == "placebo.placebo" for hit in inside):
        return "no_treatment"
    if _USUAL.search(label):
        return "usual_care"
    words = _WORD.findall(group.text)
    if "control.none_here" in names and len(words) < 12:
        return None
    if not group.text.isascii() or words:
        return "active" if len(words) >= 1 else None
    return None


def is_given(hit: Hit, inside: list[Hit]) -> bool:
    """Return whether an inert substance is given by itself: not denied, not a solvent, a rinse or a fluid."""
    folded = hit.value.folded
    if denied(folded, hit.start, hit.end) or _IN.search(folded, max(0, hit.start - 60), hit.start):
        return False
    first, last = clause_at(folded, hit.start, hit.end)
    return not any(other.pattern in _OTHER_USES and first <= other.start and other.end <= last for other in inside)


def clause_at(folded: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around *start* to *end*: it ends at stops, semicolons and commas, not at decimal points."""
    first = max((match.end() for match in _STOP.finditer(folded, max(0, start - 160), start)), default=max(0, start - 160))
    stop = _STOP.search(folded, end)
    return first, min(stop.start() if stop else len(folded), end + 160)


def _is_placebo(hit: Hit) -> bool:
    return hit.pattern == "placebo.placebo" and not is_denied(hit)


def is_denied(hit: Hit) -> bool:
    """Return whether the words of *hit* are denied, in English or Persian."""
    if denied(hit.value.folded, hit.start, hit.end):
        return True
    if hit.text.isascii():
        return False
    around = hit.value.text[max(0, hit.start - 12) : hit.end + 25]
    return "بدون" in around or "نمی" in around or "ندار" in around


def _is_own(hit: Hit, group: Group) -> bool:
    """Return whether usual care is what the group gets, not only what "both groups" get besides."""
    if hit.end <= group.body:
        return False
    first, last = sentence_at(hit.value.folded, hit.start)
    return first <= group.body or not _BOTH.search(hit.value.folded, first, min(last, group.end))


def _plain_kind(group: Group, cues: list[Hit], how_many: int, studied: set[str]) -> str | None:
    """Return the kind of an unlabelled group that holds nothing but a placebo, usual care or nothing."""
    inside = [hit for hit in cues if group.holds(hit)]
    if how_many > 1 and any(_is_placebo(hit) for hit in inside):
        return "placebo"
    if how_many < 2 or all(hit.pattern in _OTHER_USES for hit in inside):
        return None
    kind = kind_of(group, cues)
    if kind in (None, "active"):
        return None
    first = min(hit.start for hit in inside if hit.pattern not in _OTHER_USES)
    before = group.value.folded[group.body : first]
    after = group.value.folded[max(hit.end for hit in inside) : group.end]
    if len(_WORD.findall(before)) > 6 or _PLUS.search(before):
        return None
    if kind == "usual_care" and (
        studied & _long_words(group) or _MORE.search(after) or _MORE.search(group.value.folded, first, group.end)
    ):
        return None
    return kind


def _studied(reading: Reading, found: list[Group]) -> set[str]:
    """Return the words of the titles that some of the groups have and some lack."""
    if len(found) < 2:
        return set()
    r = reading.registration
    words = [_long_words(group) for group in found]
    titles = set(_LONG_WORD.findall(f"{r.scientific_title.folded} {r.public_title.folded}"))
    some, everywhere = words[0].union(*words), words[0].intersection(*words)
    return (titles - _COMMON) & some - everywhere


def _long_words(group: Group) -> set[str]:
    return set(_LONG_WORD.findall(group.value.folded[group.start : group.end]))


def _without_the_product(reading: Reading, found: list[Group], studied: set[str]) -> list[tuple[Group, str]]:
    """Return the groups without labels that lack what the title studies while others have it: add-on comparisons first."""
    r = reading.registration
    if not studied or any(group.role == EXPERIMENTAL for group in found):
        return []
    lacking = [
        (group, _long_words(group))
        for group in found
        if group.role == UNSAID
        and not studied & _long_words(group)
        and set(_WORD.findall(group.value.folded, group.start, group.end)) - _NO_CONTENT
    ]
    if _VERSUS.search(r.public_title.folded) or _VERSUS.search(r.scientific_title.folded):
        lacking = [(group, words) for group, words in lacking if words and any(words < _long_words(g) for g in found)]
    return [(group, "active") for group, _ in lacking]


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
    for hit in reading.find(_CUES, span.value):
        if span.start <= hit.start and hit.end <= span.end and hit.pattern not in ("control.dose_rank", *_OTHER_USES):
            return _quoted(hit)
    first, last = sentence_at(span.value.folded, span.start)
    return clause(span.value, max(span.start, first), min(span.end, last, span.start + 100))


def _quoted(hit: Hit) -> Place:
    return clause(hit.value, hit.start, hit.end)

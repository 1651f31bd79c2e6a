"""The groups that a registration describes -> those that serve as controls, and what kind of control each is."""

import re
from collections.abc import Iterable
from dataclasses import replace

from audit.engine.groups import CONTROL, EXPERIMENTAL, UNSAID, Group, groups
from audit.engine.reading import Hit, Reading
from audit.engine.scope import denied, sentence_at
from audit.model.registration import Arm, Registration
from audit.model.span import Value

IMITATIONS = ("placebo.placebo", "placebo.simulant", "placebo.sham", "placebo.look_alike", "substances.inert")
_CUES = (
    "placebo.placebo",
    "placebo.simulant",
    "placebo.sham",
    "placebo.look_alike",
    "substances.inert",
    "control.usual_care",
    "control.no_treatment",
    "control.historical",
    "control.none_here",
)
_WORD = re.compile(r"[a-z]{2,}")
_LONG_WORD = re.compile(r"[a-z][a-z-]{3,}[a-z]")
_PLUS = re.compile(r"\+|\bplus\b|\band\b|\bwith\b|\bcombin|\badd|\balong|&|\bbesides\b")
_MORE = re.compile(r"\+|\bplus\b|\bcombin|\badd|&|\balong\b")
_BOTH = re.compile(r"\b(?:both|all|two|three|each|every) (?:of the )?(?:\w+ )?(?:groups?|arms?|patients|participants|sides?)\b")
_NAME_ONLY = re.compile(
    r" *(?:<br> *)*(?:drug|biological|dietary supplement|device|other|procedure|combination product|genetic|radiation|trade name) *: ?[^.;]{0,90}\Z"
)
_PRODUCT_LIST = ("trade name:", "pharmaceutical form:")
_CUT_AT = 1650  # without the labels between the arms
_CONTROL_NAME = re.compile(
    r"\bcontrols?\b|^(?:placebo|sham|usual|standard|routine|no (?:intervention|treatment))\b"
    r"|^(?:the )?(?:conventional|regular|ordinary|basic|basal) (?:\w+ )?(?:care|treatment|therapy|management)\b"
)
_USUAL_NAME = re.compile(
    r"\b(?:standard|usual|routine|conventional|common|regular|ordinary|basic|basal) (?:\w+ ){0,2}(?:care|treat|therap|manag|medic|drug)"
)
_CATEGORY = re.compile(r"placebo|sham|no[ _]intervention|active[ _]comparator")
_CATEGORY_KINDS = {
    **{"placebo": "placebo", "sham": "sham", "no intervention": "no_treatment", "no_intervention": "no_treatment"},
    **{"active comparator": "active", "active_comparator": "active"},
}
_TREATED = re.compile(
    r"receiv|reciev|treat|\btak[ei]|given|\bus(?:e|ed|ing)\b|administ|appl[yi]|perform|inject|infus|therap|drug|medic(?!al (?:staff|work|stud|pers))|tablet|capsul|dos(?:e|age)|"
    r"\d ?(?:mg|ml|g|iu|mcg)\b|educat|train|exerci|surg|operat|proced|\bcare\b|program|session|interven|diet|supplement|vaccin|massage|consum"
)
_PEOPLE = re.compile(
    r"\b(?:healthy|staff|workers?|nurses|physicians|doctors|volunteers?|subjects|controls|patients|people|persons|individuals|population|cases|"
    r"children|women|men|adults|students|participants|residents|contacts|infants|neonates|mothers|donors)\b"
)
_ADDED = re.compile(r"\b(?:in addition to|concomitant(?:ly)? with|besides|as well as|along(?:side)? with)(?: \w+){0,4} *$")
_RECEIVES = re.compile(r"\b(?:receive|given|take|use|inject|prescribe|administer|consume)")
_STOP = re.compile(r"[;,!?](?!\d)|\.(?!\d)| and then | after that | while | whereas ")
OTHER_USES = ("substances.solvent_verb", "substances.rinse_verb")
_USUAL = re.compile(r"standard|usual|routine|conventional|common")
_SAYS_ALL = re.compile(r" *(?:$|[.;]|\(|alone\b|only\b|for (?:the )?[\w -]{1,40}$)")
_NOTHING = (
    "no",
    "none",
    "nothing",
    "nil",
    "observation",
    "only observation",
    "observation only",
    "just observation",
    "clinical observation",
)
_FEW_WORDS = 4
_NO_SUCH = re.compile(r"\W*no [a-z]")
_TEACHING = re.compile(r"train|teach|educat|learn|virtual|surg|skill|driv|practi[cs]e|student")
_IN = re.compile(
    r"\b(?:in|into|within) (?:about |an? |the )?(?:\d[\d.,/ -]* ?(?:ml|cc|l|lit\w*|millilit\w*|ul|micro\w*)? ?)?(?:of )?"
    r"(?:the |an? |sterile |injectable |intravenous |solution of |bag of )?$"
)
_INGREDIENT = re.compile(r"\b(?:ingredients|excipients|additives)(?: ?:|,? (?:are|includ\w+|such as)\b)[^.;]{0,120}$")
_STILL = "distinguish|differ|recogni|identif|know|contain|ha[sv]e|effective|active|detect|include|aware|same|guess|tell|see|understand|notic|find|inform|eat|drink"
_IMPOSSIBLE = re.compile(r"\b(?:impossib\w*|unable|inability|unethical|unfeasib\w*|difficult\w*)(?: \w+){0,6} *$")
_NOT_POSSIBLE = re.compile(
    r" *[:=] *no(?:t|ne)?\b| *: *<br ?/?> *other *:|[^.;,]{0,40}?\b(?:\w+n't|(?:can|could|may|might|should|must) ?not|(?:is|was|were|are) (?:\w+ )?(?:impossible|unethical|unavailable|infeasible))"
    rf"(?! *(?:be )?\w*(?:{_STILL}))"
)
_UNLIKE = re.compile(r"\b(?:not|\w+n't|no)(?: \w+){0,2} *$")
_NOT_KNOWN = re.compile(
    r"\b(?:not|\w+n't|un|without|no|nor) ?(?:be |been |being )?(?:\w+ly )?"
    r"(?:know|aware|inform|told|tell|disting|realiz|realis|understand|recogni|notic|idea|clear|disclos|find out|guess|reveal)"
)
_STILL_THERE = re.compile(
    rf"[^.;,]{{0,40}}?\b(?:not|\w+n't) (?:be )?(?:\w+ly )?(?:{_STILL})|(?: \w+)? (?:that|which) (?:ha[sd]|have|do|does|did)\b"
)
_SOLID = re.compile(r"(?:empty )?(?:caps|tab|pill|sachet|maltodextrin|starch|sugar)|without|free of|lack")
_ITS_GROUP = re.compile(r" *(?:\([^)]*\) *)?(?:group|arm|side)")
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


def arm_texts(registration: Registration) -> tuple[Value, ...]:
    """Return the descriptions of the arms; where there are none, the summary of the groups."""
    described = tuple(
        value
        for arm in registration.arms
        for value in (arm.label, arm.description, *arm.more)
        if value.given and value.text.strip()
    )
    return described or tuple(v for v in (registration.arms_summary,) if v.given)


def may_be_cut(registration: Registration, values: Iterable[Value]) -> bool:
    """Return whether *values*, the arms, are as long as the texts that the WHO's exports cut: 1,800 to 2,000 characters."""
    return registration.source.kind == "structured" and sum(len(value.text) for value in values) >= _CUT_AT


def names_only(values: Iterable[Value]) -> bool:
    """Return whether one of *values* is a mere name as the WHO's exports show it ("Drug: X") of records that say more."""
    return any(
        _NAME_ONLY.match(value.folded) or any(label in value.folded for label in _PRODUCT_LIST) for value in values if value.given
    )


def controls_in(reading: Reading, values: tuple[Value, ...]) -> list[tuple[Group, str]]:
    """Return the control groups that *values* describe, each with its kind."""
    found = _named_by_arm(reading, groups(reading, *values))
    controls = [group for group in found if group.role == CONTROL]
    cues = _cues(reading, dict.fromkeys(group.value for group in controls))
    labelled = [(group, kind) for group in controls if (kind := kind_of(group, cues))]
    labelled = _told_by_label_or_text(reading, labelled)
    labelled += [(group, "placebo") for group in found if _opens_with_placebo(reading, group)]
    labelled = _by_category(reading, found, labelled)
    if labelled:
        return labelled
    cues = _cues(reading, values)
    others = [group for group in found if group.role == UNSAID] if len(found) > 1 else found
    studied = _studied(reading, found)
    plain = [(group, kind) for group in others if (kind := _plain_kind(group, cues, len(found), studied))]
    plain = _of_controls(reading, plain)
    if plain:
        return [pair for pair in plain if pair[1] == "placebo"] or plain
    last = (("placebo", "placebo.placebo"), ("usual_care", "control.alone"), ("no_treatment", "control.versus_nothing"))
    for kind, pattern in last:
        for hit in reading.find(pattern, *values):
            if not is_denied(hit):
                return [(group, kind) for group in found if group.holds(hit)]
    return []


def _told_by_label_or_text(reading: Reading, kinds: list[tuple[Group, str]]) -> list[tuple[Group, str]]:
    """Return *kinds* with one word for an arm that has a name and a text of its own.

    "Blank control: saline" is a placebo, "Historical control: the drug" is historical, "Conventional treatment: as the plan
    prescribes" is usual care, and a mere name is no treatment.
    """
    arms = {id(value): number for number, arm in enumerate(reading.registration.arms) for value in (arm.label, arm.description)}
    names = {
        number: arm.label for number, arm in enumerate(reading.registration.arms) if arm.label.given and arm.description.given
    }
    kept = list[tuple[Group, str]]()
    for group, kind in kinds:
        number = arms.get(id(group.value), -1)
        if number not in names:
            kept.append((group, kind))
            continue
        is_name = group.value is names[number]
        others = [told for other, told in kinds if other.value is not group.value and arms.get(id(other.value)) == number]
        if is_name and (
            kind == "active" or (kind in ("usual_care", "no_treatment") and set(others) - {"active", "no_treatment"})
        ):
            continue
        if not is_name and kind in ("active", "no_treatment"):
            if set(others) - {"active", "no_treatment"} or (kind == "active" and "no_treatment" in others):
                continue
            kind = "usual_care" if _USUAL_NAME.search(names[number].folded) else kind
        kept.append((group, kind))
    return kept


def _of_controls(reading: Reading, kinds: list[tuple[Group, str]]) -> list[tuple[Group, str]]:
    """Return those of *kinds*, all of groups not called controls, that can be controls.

    Where no arm is left that gets something else, nobody is a control ("Case series: nil"); and an intervention that belongs
    to an arm which the registry calls experimental is part of it ("Drug: chemotherapy as per standard of care").
    """
    r = reading.registration
    parts = {id(value) for arm in r.arms if "experimental" in arm.category.folded for value in arm.more}
    kinds = [(group, kind) for group, kind in kinds if kind in ("placebo", "sham") or id(group.value) not in parts]
    if len(r.arms) == 1:  # "Case series: nil", "Cases: according to the guideline"
        return [pair for pair in kinds if pair[1] in ("placebo", "sham") or not _whole(pair[0])]
    nothing = {id(group.value) for group, kind in kinds if kind == "no_treatment"}
    if nothing and len(r.arms) > 1 and all({id(arm.label), id(arm.description)} & nothing for arm in r.arms):
        return []
    return kinds


def _whole(group: Group) -> bool:
    return group.start == 0 and group.end == len(group.value.text)


def _named_by_arm(reading: Reading, found: list[Group]) -> list[Group]:
    """Return the groups with the role that their arm's own name gives them, where the registry has such names."""
    names = {id(arm.description): arm.label for arm in reading.registration.arms if arm.label.given}
    return [
        replace(group, role=CONTROL)
        if group.role == UNSAID
        and id(group.value) in names
        and _CONTROL_NAME.search(names[id(group.value)].folded)
        and not _MORE.search(names[id(group.value)].folded)
        else group
        for group in found
    ]


def _cues(reading: Reading, values: Iterable[Value]) -> list[Hit]:
    values = tuple(values)
    cues = reading.find(_CUES, *values)
    if any(hit.pattern == "substances.inert" for hit in cues):
        cues += reading.find(OTHER_USES, *values)
    return cues


def _opens_with_placebo(reading: Reading, group: Group) -> bool:
    """Return whether a group that is only called an intervention ("Intervention group 3: placebo") is given a placebo."""
    if group.role != EXPERIMENTAL:
        return False
    for hit in reading.find("placebo.placebo", group.value):
        if group.body <= hit.start < min(group.body + 40, group.end) and not is_denied(hit):
            return not _PLUS.search(hit.value.folded, group.body, hit.start)
    return False


def _by_category(reading: Reading, found: list[Group], known: list[tuple[Group, str]]) -> list[tuple[Group, str]]:
    """Return *known* with what the registry's own category says of an arm ("Placebo comparator") put in."""
    said = {id(arm.description): kind for arm, kind in kinds_by_category(reading.registration)}
    if not said:
        return known
    kept = [(group, said.get(id(group.value), kind) if kind == "active" else kind) for group, kind in known]
    for group in found:
        kind = said.get(id(group.value))
        if kind and group.role != EXPERIMENTAL and all(group is not other for other, _ in kept):
            told = kind_of(group, _cues(reading, (group.value,)))
            kept.append((group, kind if told in (None, "active") else told))
    return kept


def kinds_by_category(registration: Registration) -> list[tuple[Arm, str]]:
    """Return the arms that the registry's own category calls controls, each with its kind.

    An active comparator is one beside an experimental arm, or where all arms are called so: elsewhere registrants call the
    intervention itself active.
    """
    arms = [
        (arm, match and _CATEGORY_KINDS[match[0]])
        for arm in registration.arms
        for match in (_CATEGORY.search(arm.category.folded),)
    ]
    if len(arms) < 2:
        return []
    compared = any("experimental" in arm.category.folded for arm, _ in arms) or all(kind == "active" for _, kind in arms)
    return [(arm, kind) for arm, kind in arms if kind and (compared or kind != "active")]


def kind_of(group: Group, cues: list[Hit]) -> str | None:
    """Return the kind of control that *group* is, or None when its text names none (as "not applicable")."""
    inside = [hit for hit in cues if group.holds(hit)]
    if any(_is_placebo(hit) for hit in inside):
        return "placebo"
    names = {hit.pattern for hit in inside}
    if "placebo.simulant" in names and not _TEACHING.search(group.text):
        return "placebo"
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
    if (
        "control.no_treatment" in names
        or group.text.strip(" :.,-*") in _NOTHING
        or any(hit.pattern == "placebo.placebo" for hit in inside)
    ):
        return "no_treatment"
    if _USUAL.search(label):
        return "usual_care"
    words = _WORD.findall(group.text)
    if "control.none_here" in names and len(words) < 12:
        return None
    if words and group.text.isascii() and (words[0] == "without" or (_NO_SUCH.match(group.text) and len(words) <= _FEW_WORDS)):
        return "no_treatment"
    if words and not (_PEOPLE.search(group.text) and not _TREATED.search(group.text)):
        return "active"
    return None


def is_given(hit: Hit, inside: list[Hit]) -> bool:
    """Return whether an inert substance is given by itself: not denied, not a solvent, a rinse or a fluid."""
    folded = hit.value.folded
    if denied(folded, hit.start, hit.end):
        return False
    if "ingredient" in hit.text and folded[hit.end : hit.end + 2].lstrip().startswith(":"):
        return False  # the list of what a product is made with
    if _INGREDIENT.search(folded, max(0, hit.start - 140), hit.start):
        return False
    if _IN.search(folded, max(0, hit.start - 60), hit.start) and not _ITS_GROUP.match(folded, hit.end):
        return False
    if _SOLID.match(hit.text):
        return True
    first, last = clause_at(folded, hit.start, hit.end)
    return not any(other.pattern in OTHER_USES and first <= other.start and other.end <= last for other in inside)


def clause_at(folded: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around *start* to *end*: it ends at stops, semicolons and commas, not at decimal points."""
    first = max((match.end() for match in _STOP.finditer(folded, max(0, start - 160), start)), default=max(0, start - 160))
    stop = _STOP.search(folded, end)
    return first, min(stop.start() if stop else len(folded), end + 160)


def _is_placebo(hit: Hit) -> bool:
    return hit.pattern == "placebo.placebo" and not is_denied(hit)


def is_denied(hit: Hit) -> bool:
    """Return whether the words of *hit* are denied, in English or Persian.

    "They do not know whether it is a placebo" and "the placebo is not distinguishable" deny no placebo; "a placebo is
    impossible" does.
    """
    folded = hit.value.folded
    if hit.pattern == "placebo.look_alike":  # "syrup without zinc, of the same taste" is alike
        return _UNLIKE.search(folded, max(0, hit.start - 30), hit.start) is not None
    first, last = sentence_at(folded, hit.start)
    near = max(first, hit.start - 60)
    if _IMPOSSIBLE.search(folded, near, hit.start) or _NOT_POSSIBLE.match(folded, hit.end, last):
        return True
    if denied(folded, hit.start, hit.end):
        return not (_NOT_KNOWN.search(folded, near, hit.start) or _STILL_THERE.match(folded, hit.end, last))
    if hit.text.isascii():
        return False
    around = hit.value.text[max(0, hit.start - 12) : hit.end + 25]
    return "بدون" in around or "نمی" in around or "ندار" in around


def _is_own(hit: Hit, group: Group) -> bool:
    """Return whether usual care is what the group gets, not only what "both groups" get besides."""
    if hit.end <= group.body:
        return False
    folded = hit.value.folded
    first, last = sentence_at(folded, hit.start)
    last = min(last, group.end)
    if _ADDED.search(folded, max(first, hit.start - 60), hit.start) and _RECEIVES.search(folded, hit.end, last):
        return False
    return first <= group.body or not _BOTH.search(folded, first, last)


def _plain_kind(group: Group, cues: list[Hit], how_many: int, studied: set[str]) -> str | None:
    """Return the kind of an unlabelled group that holds nothing but a placebo, usual care or nothing."""
    inside = [hit for hit in cues if group.holds(hit)]
    if how_many > 1 and any(_is_placebo(hit) for hit in inside):
        return "placebo"
    if how_many > 1 and group.text.strip(" :.,-*") in _NOTHING[1:]:
        return "no_treatment"
    if how_many < 2 or all(hit.pattern in OTHER_USES for hit in inside):
        return None
    kind = kind_of(group, cues)
    if kind in (None, "active"):
        return None
    first = min(hit.start for hit in inside if hit.pattern not in OTHER_USES)
    before = group.value.folded[group.body : first]
    after = group.value.folded[max(hit.end for hit in inside) : group.end]
    if len(_WORD.findall(before)) > 6 or _PLUS.search(before):
        return None
    says_all = not before.strip(" :-") and any(
        _SAYS_ALL.match(h.value.folded, h.end, group.end) for h in inside if h.start == first
    )
    if kind == "usual_care" and (
        (studied & _long_words(group) and not says_all)
        or _MORE.search(after)
        or _MORE.search(group.value.folded, first, group.end)
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

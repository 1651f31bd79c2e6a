"""Facts on the design: whether body sites of one person are compared, and how many groups the texts speak of."""

import re
from collections.abc import Iterator
from itertools import permutations

from audit.engine.clauses import clause
from audit.engine.numbers import count
from audit.engine.reading import Hit, Reading, fact, listed
from audit.engine.scope import denied, sentence_at
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_OTHER_WORDS = {"zero": 0, "a": 1, "an": 1, "دو": 2, "سه": 3, "چهار": 4, "پنج": 5, "شش": 6}
_CONTRAST = re.compile(
    r"\bcontrols?\b|\bplacebo|\bsaline|\bdistilled water|\buntreated|\bsham\b|\bvehicle|\bno (?:\w+ )?(?:treatment|intervention|drug)"
    r"|\bnot (?:be )?(?:receiv|treat|inject|given)|\bwithout\b|\bgroup\b|\brandom|\balone\b|\bonly\b|\bplus\b|\bcombin|\balong with\b|\b(?:each|every|the same) (?:patient|person|participant|individual|case|child|subject)"
)
_IN_TURN = re.compile(
    r"\b(?:then|after|before|next|repeated|also|as well as|than|or|both|same)(?: (?:on|in|for|to|the|with|by|at|of|is|are|done|one))* ?$"
)
_WITH = re.compile(r"\b(?:with|by|receiv\w+|gets?) ((?:\w+ ?){1,3})")
_JOINING = re.compile(r"\b(?:and|while|whereas|the)\b")
_OTHER_THING = re.compile(
    r"(?:\band|\bwhile|[;,]) (?!after |before |is |are |was |then |also |repeated |continued )(?:\w+ ){1,7}(?:on|in|at|to|for|into)(?: the| his| her| their)? ?$"
)
_SECOND_SITE = re.compile(r"\b(?:other|opposite|contra-?lateral|fellow|left|right|second|remaining)\b")
_MEASURED = re.compile(r"\b(?:measur|assess|evaluat|record|thickness|diameter|compar|healthy|unaffected|intact|examin)")
_TREATED = re.compile(
    r"\b(?:inject|receiv|treat|appl|placed|given|massag|laser|irradiat|cover|suture|restor|graft|rub|instill|dress|pack|fill|bandag|wash|immers|put\b|us(?:ed|ing)\b)"
)
_SITE = re.compile(r"\b(?:side|half|eye|lesion|limb|leg|hand|quadrant|tooth|teeth|face|mouth|breast|knee|scar|wound)s?\b")
_NEXT_GROUP = re.compile(
    r"[,;] (?:and |but |while |whereas |in |for )*(?:the )?(?:control|other|second|placebo|sham|comparison) group\b"
)
_NO_COMPARISON = re.compile(
    r"\bside[- ]effect|\bsame (?:drug|dose|amount|volume|solution|treatment|method|technique|way|manner|cream|procedure)s?\b"
    r"|\b(?:turn(?:ed|s|ing)?|rotat|l(?:ie|ying|aid)\b|supine|prone|tilt|position(?:ed)? (?:on|to))"
)
_SITES = (
    "sides?|eyes?|ears?|hands?|foot|feet|legs?|knees?|breasts?|nostrils?|quadrants?|jaws?|cheeks?|forearms?|limbs?|lesions?|plaques?|warts?|wounds?|scars?"
    "|tooth|teeth|molars?|canines?|sockets?|thighs?|axillae?|shoulders?|elbows?|ankles?|wrists?|heels?|hips?|incisions?|sites?|halves|half"
)
_PARTS = "wound|lesion|face|donor|scalp|scar|burn|mouth|graft|nail|back|palate|plaque|forehead|area|site"
_ONE_SITE = re.compile(
    rf"\bone(?: of the)? (?:(?!or\b|and\b)[a-z]+ )?(?:{_SITES})\b(?! of (?:the )?(?:patients|participants|subjects|cases|people)\b)"
    rf"|\bhalf of (?:the |each |every )?(?:(?!patients|participants|subjects|people|cases|persons)\w+ ){{0,2}}?(?:{_PARTS})s?\b"
)
_OTHER_SITE = re.compile(
    rf"\b(?:other|opposite|contra-?lateral|fellow) (?:(?!or\b|and\b)[a-z]+ )?(?:{_SITES})\b(?! of (?:the )?(?:patients|participants|subjects|cases|people)\b)"
)
_NAMED_SITE = re.compile(
    rf" *(?:(?:intervention|control|experimental|case|test)(?: group| side)? ?\d? ?[:(-]+ ?)?(?:the )?(?P<side>right|left) (?P<site>{_SITES})\b(?: of (?:the|each|every) [a-z]+)? ?[:,)-]"
)
_LATER_ON = re.compile(r"[^.;]{0,30}\b(?:later|afterwards?|subsequently|in the next|in the second)\b")
_WHOSE = re.compile(
    r"\b(?:of|in|on|from) (?:the same|each|every|the|these|this) (?:patients?|participants?|subjects?|persons?|women|children)\b"
)
_CONTENT = re.compile(r"[a-z0-9]{3,}")
_NO_THINGS = (
    "the and for with will are was were been being then also other another opposite side sides half eye eyes hand hands foot feet knee "
    "same each every patient patients participants left right while whereas but minutes times days weeks this that which"
)
_EMPTY_WORDS = frozenset(_NO_THINGS.split())
_SIDE_EFFECT = re.compile(r"\bside[- ]effect")
_WHO_HAVE = re.compile(
    r"\b(?:patients?|participants|subjects|people|women|men|children|cases) (?:with|having|who have|suffering from)\b[^.;]{0,40}$"
)
_PERSON = re.compile(r"\b(?:patients?|participants|subjects|people|persons|women|men|children|cases|individuals)\b(?!')")
_DIVIDED = re.compile(
    r"\b(?:divid|divisi|devid|assign|allocat|randomi|randomly|categori|classif|split|distribut|enrol|recruit|plac|put|enter|separat|allot|group(?:ed|ing))"
)
_IS_DESIGNED = re.compile(
    r"\b(?:we|study|trial|research|project|there|design|it|plan)\b(?: (?:will|would|is|are|be|was|were|which|that|also))* ?$"
)
_GATHERED = re.compile(r"\b(?:focus|interview|class|session|workshop|educat|training|teach)")
_OF_A_PART = re.compile(
    r"\b(?:each|every|this|these|intervention|experimental|control|both|either)(?: of (?:the|these))?(?: \w+)? ?(?:groups?|arms?)\b[^.;]{0,40}$"
    r"|\bsub-?groups?\b|\bagain\b"
)
_GROUPS = ("design.group_number", "design.armed_trial", "design.groups_of_people", "design.lettered_groups")
_MOST_GROUPS = 12
"""More groups than that are blocks ("divided into 49 groups of three patients"), not arms."""
_LETTER = re.compile(r"\b[b-f]\b")
_ALLOCATED = re.compile(r"random|alloca|assign|control|placebo|تصادفی")
_TRAIT = re.compile(r"\b(?:age|sex|weight|gender)\b")
_BY_TRAIT = re.compile(
    r"\b(?:based on|according to|with respect to|in terms of|by|depending on|regarding|considering) (?:\w+ ){0,2}(?:severity|levels?|age|sex|gender"
    r"|stages?|serum|weight|bmi|disease|degree|risk|status|results?|response|presence|class\w*|categor\w*|scores?|parity|gravidity|histor\w*|type of (?:disease|surgery|diabetes))\b"
)
_TRAITS_AFTER = re.compile(
    r"^ ?(?:[:(,-]|of|as|including|with|such as|namely|in)[^.;]{0,25}\b(?:mild|severe|moderate|diabetics?|non-diabetics?|smokers?"
    r"|elderly|urban|rural|obese|healthy|male|female|men|women|boys|girls|positive|negative|high risk|low risk)\b"
)


@fact
def within_person(reading: Reading) -> Fact:
    """Whether treatments are compared on body sites of the same person (split face, split mouth, control lesion)."""
    places = [place for _, place in _sites(reading)]
    return Fact(bool(places), tuple(places[:4]))


@fact
def only_control_site(reading: Reading) -> Fact:
    """Whether the only sign of a comparison within the person is a lesion or site that is called the control."""
    if not reading.fact("within_person").value:
        return Fact(False)
    return Fact({kind for kind, _ in _sites(reading)} == {"control_site"})


def _sites(reading: Reading) -> Iterator[tuple[str, Place]]:
    """Yield the kind and place of each sign that body sites of a person are compared, at most one of a kind in a text."""
    names = tuple(f"design.{kind}" for kind in _SITE_TESTS)
    for value in _design_texts(reading):
        kinds: set[str] = set()
        for hit in reading.find(names, value):
            kind = hit.pattern.split(".")[1]
            if kind not in kinds and _SITE_TESTS[kind](hit):
                kinds.add(kind)
                yield kind, clause(value, hit.start, min(hit.end, hit.start + 200))
    yield from (("across_arms", place) for place in _sites_across_arms(reading))


def _sites_across_arms(reading: Reading) -> tuple[Place, ...]:
    """Return where one arm names one site and another arm the other site of the same person: "one side", "the opposite side"."""
    described = [arm.description for arm in reading.registration.arms if arm.description.given]
    for one, other in permutations(described, 2):
        if _NO_COMPARISON.search(one.folded) or _NO_COMPARISON.search(other.folded):
            continue
        if pair := _one_and_other(one.folded, other.folded) or _right_and_left(one.folded, other.folded):
            return clause(one, pair[0].start(), pair[0].end()), clause(other, pair[1].start(), pair[1].end())
    return ()


def _one_and_other(one: str, other: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """Return "one side" of *one* and "the opposite side" of *other*, unless a text names both or the other site is measured."""
    first, second = _ONE_SITE.search(one), _OTHER_SITE.search(other)
    if not first or not second or _ONE_SITE.search(other) or _OTHER_SITE.search(one):
        return None
    return None if _MEASURED.search(other, second.end(), second.end() + 60) else (first, second)


def _right_and_left(one: str, other: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """Return "right side:" and "left side:" with which the texts begin."""
    first, second = _NAMED_SITE.match(one), _NAMED_SITE.match(other)
    if not first or not second or first["site"] != second["site"]:
        return None
    return (first, second) if (first["side"], second["side"]) == ("right", "left") else None


def _design_texts(reading: Reading) -> Iterator[Value]:
    r = reading.registration
    yield from (r.public_title, r.scientific_title, r.study_aim, r.design_summary, r.settings, r.arms_summary)
    yield from (r.randomization_description, r.blinding_description, r.other_design_features)
    yield from (arm.description for arm in r.arms)


def _is_split(hit: Hit) -> bool:
    return not denied(hit.value.folded, hit.start, hit.end)


def _is_contrast(hit: Hit) -> bool:
    """Whether two sides get different things, rather than both the same, in turn, or one being measured."""
    if not hit.text.isascii():
        return True
    said = hit.text
    if _NO_COMPARISON.search(said) or (_MEASURED.search(said) and not _TREATED.search(said)):
        return False
    start, end = sentence_at(hit.value.folded, hit.start)
    treated = bool(_TREATED.search(hit.value.folded[start:end]))
    next_group = _NEXT_GROUP.search(said)
    said = said[: next_group.start()] if next_group else said
    return any(_differs(said, treated, second.start(), second.end()) for second in _SECOND_SITE.finditer(said, 6))


def _differs(said: str, treated: bool, second: int, after: int) -> bool:
    """Whether the words before and after the second site, from *second* to *after*, tell of different things."""
    between = said[:second]
    if _IN_TURN.search(between) or _LATER_ON.match(said, after):
        return False
    if _CONTRAST.search(said) or (treated and _OTHER_THING.search(between)):
        return True
    one, other = _WITH.search(between), _WITH.search(said, after)
    if not one or not other:
        return treated and _new_words(between, said[after:])
    things, others = (_JOINING.sub("", match[1]).split() for match in (one, other))
    return things[: len(others)] != others[: len(things)]


def _new_words(first: str, second: str) -> bool:
    """Whether both parts name things, and the second one names what the first does not."""
    things, others = (set(_CONTENT.findall(part)) - _EMPTY_WORDS for part in (first, second))
    return bool(things and len(others) >= 2 and others - things and len(second) < 60)


def _is_treated_apart(hit: Hit) -> bool:
    """Whether something is done to the sites, rather than their being measured."""
    folded = hit.value.folded
    if denied(folded, hit.start, hit.end):
        return False
    return bool(_TREATED.search(folded, hit.start, hit.end + 160)) and not _MEASURED.search(hit.text)


def _is_control_site(hit: Hit) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    sentence = hit.value.folded[start:end]
    if _SIDE_EFFECT.search(hit.text) or (_MEASURED.search(sentence) and not _TREATED.search(sentence)):
        return False
    return not _PERSON.search(_WHOSE.sub("", hit.text)) and not _WHO_HAVE.search(hit.value.folded[start : hit.start])


def _is_own_control(hit: Hit) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    return bool(_SITE.search(hit.value.folded[start:end]))


def _is_treated_or_named(hit: Hit) -> bool:
    """Whether the other site of the same person gets something, or is all that the text of an arm names."""
    folded = hit.value.folded
    start, end = sentence_at(folded, hit.start)
    said = folded[start:end]
    if denied(folded, hit.start, hit.end) or _NO_COMPARISON.search(said):
        return False
    return hit.value.field.startswith("arms") and (bool(_TREATED.search(said)) or not _MEASURED.search(said))


_SITE_TESTS = {
    "split_body": _is_split,
    "two_sides": _is_contrast,
    "two_sites": _is_treated_apart,
    "divided_site": _is_treated_apart,
    "control_site": _is_control_site,
    "own_control": _is_own_control,
    "same_person": _is_treated_or_named,
}


@fact(cases=("groups_said", "arms_registered"))
def other_group_numbers(reading: Reading) -> Fact:
    """Numbers of groups in the texts on the design that are not the number of arms.

    Strata, subgroups and parts of a group do not count; nothing is listed when one of the texts gives the number of arms.
    """
    arms = reading.fact("group_count")
    if not isinstance(arms.value, int):
        return Fact(reason=arms.reason)
    if reading.fact("arms_in_one_text").value:
        return listed(())
    if any("healthy" in arm.description.folded for arm in reading.registration.arms):
        return listed(())  # a group of healthy people stands beside the groups into which patients are divided
    found: dict[int, list[Place]] = {}
    for number, place, whole in _group_numbers(reading):
        if not whole:
            return listed(())
        if arms.value > 1 or _ALLOCATED.search(place.quote.lower()):
            found.setdefault(number, []).append(place)
    if arms.value in found or len(found) > 1 or _factors(reading, arms.value, found):
        return listed(())
    return listed(
        Case({"groups_said": number, "arms_registered": arms.value}, (*places, *arms.places)) for number, places in found.items()
    )


def _factors(reading: Reading, arms: int, found: dict[int, list[Place]]) -> bool:
    """Whether the numbers may be those of one factor of a factorial design."""
    return reading.registration.assignment.code == "factorial" and all(number < arms for number in found)


def _group_numbers(reading: Reading) -> Iterator[tuple[int, Place, bool]]:
    """Yield each number of groups, its place, and whether it speaks of all participants (and not of a group divided again)."""
    r = reading.registration
    texts = (r.public_title, r.scientific_title, r.design_summary, r.settings, r.arms_summary)
    more = (r.randomization_description, r.blinding_description, r.other_design_features)
    sums = reading.find("design.intervention_and_control", *texts, *more)
    for hit in sums:
        if _are_strata(*_around(hit)):
            continue
        yield sum(_number(part) for part in hit.match.groups() if part), clause(hit.value, hit.start, hit.end), True
    for hit in reading.find(_GROUPS, *texts, *more):
        lettered = hit.pattern == "design.lettered_groups"
        number = 1 + len(_LETTER.findall(hit.match[1])) if lettered else _number(hit.match[1])
        if not 2 <= number <= _MOST_GROUPS or any(
            hit.value is other.value and abs(hit.start - other.start) < 40 for other in sums
        ):
            continue
        before, after = _around(hit)
        if hit.pattern == "design.armed_trial" or not hit.text.isascii() or _divides(hit, before, after):
            yield number, clause(hit.value, hit.start, hit.end), not _OF_A_PART.search(before)


def _around(hit: Hit) -> tuple[str, str]:
    """Return what stands in the sentence before and after *hit*."""
    folded = hit.value.folded
    start, end = sentence_at(folded, hit.start)
    return folded[max(start, hit.start - 110) : hit.start], folded[hit.end : min(end, hit.end + 60)]


def _divides(hit: Hit, before: str, after: str) -> bool:
    """Whether the words say into how many groups participants are divided, other than strata."""
    if _TRAIT.search(hit.text):
        return False
    if hit.pattern == "design.groups_of_people":
        said = not _GATHERED.search(before) and not _GATHERED.search(after)
    else:
        said = "one of" in hit.text or bool(_DIVIDED.search(before))
        said = said or (hit.text.startswith(("ha", "with", "includ")) and bool(_IS_DESIGNED.search(before)))
    return said and not _are_strata(before, after)


def _are_strata(before: str, after: str) -> bool:
    """Whether the words around a number of groups tell of kinds of patients rather than of allocated groups."""
    return bool(_BY_TRAIT.search(before) or _BY_TRAIT.search(after) or _TRAITS_AFTER.match(after))


def _number(word: str) -> int:
    found = count(word)
    return found if found is not None else _OTHER_WORDS[word]

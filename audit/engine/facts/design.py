"""Facts on the design: whether body sites of one person are compared, and how many groups the texts speak of."""

import re
from collections.abc import Iterator

from audit.engine.clauses import clause
from audit.engine.reading import Hit, Reading, fact, listed
from audit.engine.scope import denied, sentence_at
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    **{word: number for number, word in enumerate(_WORDS)},
    **{"a": 1, "an": 1, "دو": 2, "سه": 3, "چهار": 4, "پنج": 5, "شش": 6},
}
_CONTRAST = re.compile(
    r"\bcontrols?\b|\bplacebo|\bsaline|\bdistilled water|\buntreated|\bsham\b|\bvehicle|\bno (?:\w+ )?(?:treatment|intervention|drug)"
    r"|\bnot (?:be )?(?:receiv|treat|inject|given)|\bwithout\b|\bgroup\b|\brandom|\balone\b|\bonly\b"
)
_IN_TURN = re.compile(
    r"\b(?:then|after|before|next|repeated|also|as well as|than|or|both|same)(?: (?:on|in|for|to|the|with|by|at|of|is|are|done|one))* ?$"
)
_SECOND_SITE = re.compile(r"\b(?:other|opposite|contra-?lateral|fellow|left|right|second|remaining)\b")
_MEASURED = re.compile(r"\b(?:measur|assess|evaluat|record|thickness|diameter|compar|healthy|unaffected|intact|examin)")
_TREATED = re.compile(r"\b(?:inject|receiv|treat|appl|placed|given|massag|laser|irradiat|cover|suture|restor|graft|rub|instill)")
_SITE = re.compile(r"\b(?:side|half|eye|lesion|limb|leg|hand|quadrant|tooth|teeth|face|mouth|breast|knee|scar|wound)s?\b")
_PERSON = re.compile(r"\b(?:patients?|participants|subjects|people|persons|women|men|children|cases|individuals)\b(?!')")
_DIVIDED = re.compile(
    r"\b(?:divid|devid|assign|allocat|randomi|randomly|categori|classif|split|distribut|enrol|plac|put|enter|separat|allot|group(?:ed|ing))"
)
_OF_A_PART = re.compile(
    r"\b(?:each|every|this|these|intervention|experimental|control|both|either)(?: of (?:the|these))?(?: \w+)? ?(?:groups?|arms?)\b[^.;]{0,40}$"
    r"|\bsub-?groups?\b|\bagain\b"
)
_STRATA = re.compile(
    r"\b(?:mild|severe|moderate|diabetic|non-diabetic|smokers?|elderly|urban|rural|obese|healthy)\b"
    r"|\b(?:based on|according to|in terms of|by|depending on|regarding|considering) (?:\w+ ){0,2}(?:severity|levels?|age|sex|gender"
    r"|stages?|serum|weight|bmi|disease|degree|risk|status|results?|response|presence|type of (?:disease|surgery|diabetes))\b"
)


@fact
def within_person(reading: Reading) -> Fact:
    """Whether treatments are compared on body sites of the same person (split face, split mouth, control lesion)."""
    places = [place for _, place in _sites(reading)]
    return Fact(bool(places), tuple(places[:4]))


@fact
def only_control_site(reading: Reading) -> Fact:
    """Whether the only sign of a comparison within the person is a lesion or site that is called the control."""
    kinds = {kind for kind, _ in _sites(reading)}
    return Fact(kinds == {"control_site"})


def _sites(reading: Reading) -> Iterator[tuple[str, Place]]:
    """Yield the kind and place of each sign that body sites of a person are compared, at most one of a kind in a text."""
    names = ("design.split_body", "design.two_sides", "design.control_site", "design.own_control")
    for value in _design_texts(reading):
        kinds: set[str] = set()
        for hit in reading.find(names, value):
            kind = hit.pattern.split(".")[1]
            if kind not in kinds and _SITE_TESTS[kind](hit):
                kinds.add(kind)
                yield kind, clause(value, hit.start, min(hit.end, hit.start + 200))


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
    if _MEASURED.search(hit.text) and not _TREATED.search(hit.text):
        return False
    return any(
        not _IN_TURN.search(hit.text[: second.start()]) and _CONTRAST.search(hit.text)
        for second in _SECOND_SITE.finditer(hit.text)
        if second.start() > 5
    )


def _is_control_site(hit: Hit) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    sentence = hit.value.folded[start:end]
    if _MEASURED.search(sentence) and not _TREATED.search(sentence):
        return False
    return not _PERSON.search(hit.text)


def _is_own_control(hit: Hit) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    return bool(_SITE.search(hit.value.folded[start:end]))


_SITE_TESTS = {
    "split_body": _is_split,
    "two_sides": _is_contrast,
    "control_site": _is_control_site,
    "own_control": _is_own_control,
}


@fact(cases=("groups_said", "arms_registered"))
def other_group_numbers(reading: Reading) -> Fact:
    """Numbers of groups in the texts on the design that are not the number of arms.

    Strata, subgroups and parts of a group do not count; nothing is listed when one of the texts gives the number of arms.
    """
    arms = reading.fact("arm_count")
    if not isinstance(arms.value, int):
        return Fact(reason=arms.reason)
    if reading.fact("arms_in_one_text").value:
        return listed(())
    found: dict[int, list[Place]] = {}
    for number, place in _group_numbers(reading):
        found.setdefault(number, []).append(place)
    if arms.value in found or len(found) > 1:
        return listed(())
    return listed(
        Case({"groups_said": number, "arms_registered": arms.value}, (*places, *arms.places))
        for number, places in found.items()
    )


def _group_numbers(reading: Reading) -> Iterator[tuple[int, Place]]:
    r = reading.registration
    texts = (r.public_title, r.scientific_title, r.design_summary, r.settings, r.arms_summary)
    texts = (*texts, r.randomization_description, r.blinding_description, r.other_design_features)
    sums = reading.find("design.intervention_and_control", *texts)
    for hit in sums:
        yield sum(_number(part) for part in hit.match.groups() if part), clause(hit.value, hit.start, hit.end)
    for hit in reading.find(("design.group_number", "design.armed_trial"), *texts):
        number = _number(hit.match[1])
        if number < 2 or any(hit.value is other.value and abs(hit.start - other.start) < 40 for other in sums):
            continue
        if hit.pattern == "design.armed_trial" or not hit.text.isascii() or _divides(hit):
            yield number, clause(hit.value, hit.start, hit.end)


def _divides(hit: Hit) -> bool:
    """Whether the words say into how many groups the participants are divided."""
    folded = hit.value.folded
    start, end = sentence_at(folded, hit.start)
    before, after = folded[max(start, hit.start - 110) : hit.start], folded[hit.end : min(end, hit.end + 60)]
    said = "one of" in hit.text or bool(_DIVIDED.search(before))
    return said and not _OF_A_PART.search(before) and not _STRATA.search(before) and not _STRATA.search(after)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]

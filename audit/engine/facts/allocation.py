"""Facts on allocation: whether it is random, how it is described, its unit, its blocks and its lots."""

import re
from collections.abc import Iterator

from audit.engine.clauses import clause
from audit.engine.numbers import count
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import denied, sentence_at
from audit.model.result import Case, Fact
from audit.model.span import Place, State

_SHORTEST_DESCRIPTION = 15
_OTHER_WORDS = {
    **{"triple": 3, "tripled": 3, "ternary": 3, "quadruple": 4, "quadruplet": 4, "quaternary": 4, "sextuple": 6},
    **{"fourfold": 4, "sixfold": 6, "octuple": 8},
}
_N = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
_NO_SIZE = re.compile(r"^ *(?:blocks?|%|cc\b|ml\b|mg\b|in 1|hours?|weeks?|days?|groups?|letters?|arms?|centers?|centres?)\b")
_NERVE = re.compile(
    r"\b(?:nerves?|plexus|plane|caudal|ganglion|regional|fascia\w*|interscalene|femoral|tap|sciatic|quadratus)\b[^.;]{0,25}$"
)
_NEGATED = re.compile(r"\b(?:not|non|no|without|never)\b|n't")
_RATIO = re.compile(
    r"(?<![\d:.])([1-5]) ?(?::|to) ?([1-5])(?: ?(?::|to) ?([1-5]))?(?! ?(?:[:\d.]|hours?|days?|weeks?|months?|years?|times?))"
)
_UNEQUAL = re.compile(rf"\bvice versa\b|\bunequal\b|\b{_N} [^.;]{{0,60}}\band {_N} [^.;]{{0,50}}(?:control|placebo|group)")
_NO_LOTS = re.compile(
    r"\b(?:digit|digits|letter|patients?|groups?|weeks?|days?|and|of|in|for|with|to|number|sets?|character|page)\b"
)
_SPARE = re.compile(r"\b(?:spare|extra|additional|reserve|backup|back-up|more than|drop-?outs?|attrition)\b")
_OTHER_TRIALS = re.compile(
    r"\b(?:future|propos\w+|subsequent|previous|prior|earlier|published|further|lack of)\b[^.;:,]{0,40}$"
    r"|\b(?:later|larger?|other|many|several|recent|few)(?: [a-z]+)? $"
)
_THOSE_TRIALS = re.compile(
    r"randomi[sz]ed,? (?:[a-z-]+ ){0,4}(?:trials|studies) (?:have|has|show|in the past|are|suggest|demonstrat|report|conducted|published)"
)
_SAMPLING = re.compile(r"\b(?:sampl|select|chosen|choos)")
_GROUPING = re.compile(r"\b(?:group|arm|assign|allocat|divid|intervention|treatment)")
_RANDOM_TOOL = re.compile(
    r"^(?:random numbers? |tables? of |coin|toss|throw|roll|cast|by |with |using |permuted|lottery|drawing)"
)
_PEOPLE_ENTER = re.compile(r"\b(?:plac|enter|assign|allocat|divid|randomi|randomly|put|receiv|select|group|code|enrol)")


@fact
def is_randomized(reading: Reading) -> Fact:
    """Whether allocation is random: by its field, else by the registry's own words on the design, the titles, or the arms.

    'Not applicable' means no when there is one arm, and is unclear otherwise. A single group and a study that only observes
    are not randomised unless a text says so.
    """
    r = reading.registration
    field = r.randomization
    if field.code in ("randomized", "not_randomized"):
        return Fact(field.code == "randomized", (field.whole(),))
    if field.code == "na":
        if reading.fact("arm_count").value == 1:
            return Fact(False, (field.whole(),))
        return cannot_tell("unclear", "randomization")
    if field.state is not State.EMPTY and (said := _randomized_in_text(reading)):
        return said
    if r.assignment.code == "single":
        return Fact(False, (r.assignment.whole(),))
    if r.study_type.code in ("observational", "expanded_access"):
        return Fact(False, (r.study_type.whole(),))
    return missing(field) or cannot_tell("unclear", "randomization")


def _randomized_in_text(reading: Reading) -> Fact | None:
    """Return what the design, the titles and the text of the arms, in this order, say of the allocation; None when nothing."""
    r = reading.registration
    if r.study_type.code == "observational":
        return None
    for value in (r.design_summary, r.scientific_title, r.public_title, r.arms_summary):
        if hit := reading.first("allocation.no_random_design", value):
            return Fact(False, (_quoted(hit),))
        for hit in reading.find(("allocation.random_design", "allocation.random_assignment"), value):
            if not denied(value.folded, hit.start, hit.end) and (hit.pattern == "allocation.random_design" or _assigns(hit)):
                return Fact(True, (_quoted(hit),))
    return None


def _quoted(hit: Hit) -> Place:
    return clause(hit.value, hit.start, hit.end)


@fact
def allocation_described(reading: Reading) -> Fact:
    """Whether the randomisation description holds at least 15 characters."""
    value = reading.registration.randomization_description
    if value.state is State.EMPTY:
        return Fact(False, (value.whole(),))
    return missing(value) or Fact(len(value.text.strip()) >= _SHORTEST_DESCRIPTION, (value.whole(),))


@fact
def random_assignment_said(reading: Reading) -> Fact:
    """Whether any text says that participants are allocated at random; random samples and random selection do not count."""
    r = reading.registration
    if r.randomization.code == "randomized":
        return cannot_tell("text", "asked only where the field does not say randomised")
    texts = (r.public_title, r.scientific_title, r.study_aim, r.design_summary, r.settings, r.arms_summary)
    more = (r.randomization_description, r.other_design_features, *(arm.description for arm in r.arms))
    places = [clause(h.value, h.start, h.end) for h in reading.find("allocation.random_assignment", *texts, *more) if _assigns(h)]
    if not places and not any(text.given for text in (*texts, *more)):
        return cannot_tell("unknown", "design_summary")
    return Fact(bool(places), tuple(places[:3]))


def _assigns(hit: Hit) -> bool:
    if not hit.text.isascii():
        return "نشده" not in hit.text and "غیر" not in hit.value.text[max(0, hit.start - 6) : hit.end]
    folded = hit.value.folded
    if denied(folded, hit.start, hit.end) or _NEGATED.search(hit.text):
        return False
    start, end = sentence_at(folded, hit.start)
    if _OTHER_TRIALS.search(folded[start : hit.start]):
        return False
    if _THOSE_TRIALS.match(folded, hit.start):
        return False
    if _RANDOM_TOOL.match(hit.text) or "randomization" in hit.text or "randomisation" in hit.text:
        return bool(_GROUPING.search(folded[start:end])) or not _SAMPLING.search(folded[start:end])
    return True


@fact
def unit_of_randomization(reading: Reading) -> Fact:
    """What is allocated: ``site`` (side, eye, lesion), ``person``, or ``not stated``."""
    r = reading.registration
    described = r.randomization_description
    if not reading.fact("within_person").value:
        return cannot_tell("text", "asked only of designs within a person")
    if nothing := missing(described):
        return nothing
    if hit := reading.first("allocation.site_unit", described):
        return Fact("site", (clause(described, hit.start, hit.end),))
    for hit in reading.find("allocation.random_assignment", r.design_summary, r.settings, *(a.description for a in r.arms)):
        start, end = sentence_at(hit.value.folded, hit.start)
        if any(start <= site.start < end for site in reading.find("allocation.site_unit", hit.value)):
            return Fact("site", (clause(hit.value, hit.start, hit.end),))
    for hit in reading.find("allocation.person_unit", described):
        start, end = sentence_at(described.folded, hit.start)
        if _PEOPLE_ENTER.search(described.folded[start:end]):
            return Fact("person", (clause(described, hit.start, hit.end),))
    return Fact("not stated", (clause(described, 0, 1),))


@fact(cases=("block_size", "parts"))
def uneven_blocks(reading: Reading) -> Fact:
    """Block sizes that cannot hold every arm equally often, or as often as the allocation ratio says."""
    described = reading.registration.randomization_description
    arms = reading.fact("arm_count")
    if not isinstance(arms.value, int):
        return Fact(reason=arms.reason)
    sizes = list(block_sizes(reading))
    if not sizes:
        return missing(described) or listed(())
    parts = _ratio_sum(reading, arms.value)
    return listed(
        Case({"block_size": size, "parts": parts}, (clause(hit.value, hit.start, hit.end), *arms.places))
        for size, hit in sizes
        if parts > 1 and size % parts and not _declared_uneven(hit)
    )


def block_sizes(reading: Reading) -> Iterator[tuple[int, Hit]]:
    """Yield each size of blocks that the texts give, and the words that give it."""
    r = reading.registration
    seen: set[int] = set()
    for hit in reading.find("allocation.block_size", r.randomization_description, r.design_summary, r.settings):
        folded = hit.value.folded
        if _NO_SIZE.match(folded[hit.end : hit.end + 12]) or _NERVE.search(folded[max(0, hit.start - 40) : hit.start]):
            continue
        for size in (_number(part) for part in hit.match.groups() if part):
            if size > 1 and size not in seen:
                seen.add(size)
                yield size, hit


def _ratio_sum(reading: Reading, arms: int) -> int:
    """Return into how many equal parts a block is to be divided: the sum of the ratio where one is given, else the arms."""
    for value in (reading.registration.randomization_description, reading.registration.design_summary):
        if "ratio" in value.folded or "alloca" in value.folded or "random" in value.folded:
            for match in _RATIO.finditer(value.folded):
                ratio = [int(part) for part in match.groups() if part]
                if len(ratio) == arms:
                    return sum(ratio) if len(set(ratio)) > 1 else arms
    return arms


def _declared_uneven(hit: Hit) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    return bool(_UNEQUAL.search(hit.value.folded[start : end + 120]))


@fact(cases=("lots", "lots_said", "sample"))
def lots_unlike_sample(reading: Reading) -> Fact:
    """Numbers of envelopes, cards or codes that fit neither the sample nor its groups.

    A few lots that are drawn and put back, lots per group, two per participant, and spare ones do fit.
    """
    r = reading.registration
    if nothing := missing(r.randomization_description) or missing(r.target_sample_size):
        return nothing
    target = r.target_sample_size.number
    if not target:
        return cannot_tell("unclear", "target_sample_size")
    hits = [hit for hit in reading.find("allocation.lots", r.randomization_description, r.settings) if _are_lots(hit)]
    numbers = [_number(hit.match[1]) for hit in hits]
    arms = reading.fact("arm_count").value
    groups = arms if isinstance(arms, int) else 2
    fitting = {target, 2 * target, r.actual_sample_size.number, *(target * k for k in range(2, 1 + groups))}
    if any(n in fitting or n * groups == target for n in numbers) or sum(numbers) in fitting:
        return listed(())
    return listed(
        Case(
            {"lots": number, "lots_said": hit.text, "sample": target},
            (clause(hit.value, hit.start, hit.end), r.target_sample_size.whole()),
        )
        for number, hit in zip(numbers, hits, strict=True)
        if number > 12 and not target < number <= 1.25 * target and not _spare(hit) and not _a_block_each(hit, target)
    )


def _are_lots(hit: Hit) -> bool:
    before = hit.value.folded[max(0, hit.start - 2) : hit.start]
    return not _NO_LOTS.search(hit.text) and not before.endswith(("-", ".", "/"))


def _a_block_each(hit: Hit, target: int) -> bool:
    """Whether each lot holds a block of participants."""
    start, end = sentence_at(hit.value.folded, hit.start)
    return target % _number(hit.match[1]) == 0 and "block" in hit.value.folded[start:end]


def _spare(hit: Hit) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    return bool(_SPARE.search(hit.value.folded[start:end]))


def _number(word: str) -> int:
    found = count(word)
    return found if found is not None else _OTHER_WORDS[word]

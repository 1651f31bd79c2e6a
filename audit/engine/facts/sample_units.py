"""Facts on what the sample size counts, on the number reached, and on numbers that contradict their words."""

import re
from collections.abc import Iterator

from audit.engine.clauses import clause
from audit.engine.language import persian, unread
from audit.engine.numbers import WORDS, count
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import sentence_at
from audit.model.result import Case, Fact, Phrase
from audit.model.span import State, Value

_FEW_SITES = 5
_LOW, _HIGH = 60, 120
_SMALL_TRIAL = 20
_LINE_NUMBERS = 10
_YEARS = range(1990, 2040)
_WORD_AND_FIGURES = re.compile(
    rf"\b(?P<word>{WORDS})(?: persons?| people| patients?)? ?\( ?(?:n ?= ?)?(?P<figures>\d{{1,5}}) ?\) (?:[a-z-]+ ){{0,3}}?"
    r"(?:patients?|participants?|subjects?|people|persons?|individuals?|cases|volunteers?|women|men|children|students|nurses|mothers|couples|samples"
    r"|newborns?|neonates|infants|babies|girls|boys|adults|adolescents|athletes|families|parents|employees|teachers|knees|hips|rats|mice"
    r"|eyes|teeth|groups|arms|days|weeks|months|years|hours|minutes|sessions|times|tablets|capsules|drops|doses|mg|ml|cc)\b"
)
_FIGURES = re.compile(r"[a-z] ?\( ?(?:n ?= ?)?\d{1,5} ?\) [a-z]")
_LOSS = r"(?:drop(?:ping|ped)?[- ]?outs?|attrition|loss(?:es)?|lost|withdraw\w*|fall(?:ing)?[- ]outs?|non-?respon\w*)"
_ALLOWANCE = re.compile(
    r"(?<![\d.,/-])(?P<size>\d{1,4}) (?:participants|patients|persons|people|subjects|individuals|samples|cases|women|men|children|students|volunteers|mothers"
    rf"|(?:in|for|per) (?:each|every|group|arm))\b[^.;%\d]{{0,90}}?"
    rf"(?:(?P<before>\d{{1,2}}) ?(?:%|percent) (?:\w+ ){{0,3}}?{_LOSS}\b|\b{_LOSS}\b[^.;%\d]{{0,30}}?(?P<after>\d{{1,2}}) ?(?:%|percent))"
    r"[^.;%\d]{0,80}?(?P<sum>\d{1,4})\b(?! ?%| ?percent|[.,/:-]?\d| (?:weeks?|days?|months?|years?|hours?|mg|ml))"
)
_MOST_PERCENT = 40
_MOST_GROUPS = 7
_NOT_COUNTED = re.compile(
    r"\b(?:group|arm|phase|type|table|figure|ref|reference|step|stage|day|week|item|at least|more than)s? $"
)
_IN_CRITERIA = re.compile(
    rf"(?:^|[.;:] ?) *(?:(?:main |the )?inclusion criteria(?: are| include)?:? ?)?(?:\d{{1,2}}[.)-] ?)?(?P<n>\d{{1,5}}|{WORDS}) "
    r"(?:(?!(?:and|or|in|of|with|to|for|on|by)\b)[a-z-]+ ){0,3}?(?:patients|subjects|participants|people|persons|individuals|volunteers|women|men|children|students|cases|adults|infants|neonates)"
    r" (?:over|under|above|below|aged?|with|who|whose|between|older|younger|of|from|in|having|suffering|undergoing|referr\w+|candidates?|admitted|diagnosed|were|are|will)\b"
)
_SIZE_IN_CRITERIA = re.compile(
    r"(?:^|[.;:,)-] ?) *(?:the )?sample size(?: (?:is|was|of|will be|in this study|in each group))* ?[:=]? ?(?:(?:about|at least) )?(?P<n>\d{1,5})\b"
)
_SOME_OF = re.compile(r"\b(?:years?|months?|weeks?|days?|hours?|times?|out of|of these|first)\b")


@fact(cases=("counts", "target_says"))
def sample_unit_unclear(reading: Reading) -> Fact:
    """That the target may count persons or sites: sites are compared or counted, and no text says how many each person has."""
    r = reading.registration
    target = r.target_sample_size
    if not target.given:
        return cannot_tell(target.state.value, target.field)
    if r.samples_per_individual.given or _says_more_samples(reading):
        return listed(())
    texts = [value for value in _texts(reading) if value.given]
    if not texts:
        return cannot_tell("empty", "design_summary")
    if reading.first("units.per_person", *texts):
        return listed(())
    counted = [hit for hit in reading.find("units.counted_sites", *texts) if (count(hit.match["n"]) or 0) > _FEW_SITES]
    persons = [
        hit
        for hit in reading.find(("participants.counted", "participants.counted_in_words"), *texts)
        if not any(hit.value is site.value and hit.start <= site.start < hit.end for site in counted)
    ]
    within = reading.fact("within_person")
    if within.value is True and reading.fact("only_control_site").value is False:
        if counted:
            return listed(()) if persons else listed([_unit_case(reading, counted[0])])
        if any(persian(text) for text in texts) and (nothing := unread(*texts)):
            return nothing
        places = (target.whole(), *within.places[:2], *(clause(h.value, h.start, h.end) for h in persons[:1]))
        return listed(
            [Case({"counts": "sites of the same person are compared", "target_says": target.number or target.text}, places)]
        )
    if counted and not persons:
        return listed([_unit_case(reading, counted[0])])
    for hit in reading.find("units.counted_clusters", *texts):
        if count(hit.match["n"]) == target.number and reading.first("units.cluster_trial", *texts):
            return listed([_unit_case(reading, hit)])
    return unread(*(text for text in texts if persian(text))) or listed(())


def _unit_case(reading: Reading, hit: Hit) -> Case:
    target = reading.registration.target_sample_size
    words = " ".join(hit.place.quote.split())
    return Case(
        {"counts": Phrase('a text counts "{words}"', words=words), "target_says": target.number or target.text},
        (clause(hit.value, hit.start, hit.end), target.whole()),
    )


def _says_more_samples(reading: Reading) -> bool:
    value = reading.registration.more_than_one_sample
    return value.given and bool(re.search(r"\d", value.folded))


def _texts(reading: Reading) -> Iterator[Value]:
    r = reading.registration
    yield from (r.scientific_title, r.public_title, r.design_summary, r.settings, r.arms_summary)
    yield from (r.randomization_description, r.other_design_features, r.blinding_description)
    yield from (arm.description for arm in r.arms)


@fact
def actual_size_known(reading: Reading) -> Fact:
    """Whether the number of participants reached is in the record."""
    r = reading.registration
    actual = r.actual_sample_size
    if actual.given:
        return Fact(True, (actual.whole(),))
    if r.sample_size_type.given:
        return Fact(r.sample_size_type.code == "actual", (r.sample_size_type.whole(),))
    if actual.state is State.EMPTY:
        return Fact(False, (actual.whole(),))
    return cannot_tell(actual.state.value, actual.field)


@fact(cases=("actual", "target", "share"))
def actual_far_from_target(reading: Reading) -> Fact:
    """The number reached when it is under 60 or over 120 percent of the target, and no text gives a reason."""
    r = reading.registration
    actual, target = r.actual_sample_size, r.target_sample_size
    if nothing := missing(actual, target):
        return nothing
    if actual.number is None or not target.number:
        return cannot_tell("unclear", "actual_sample_size" if actual.number is None else "target_sample_size")
    share = round(100 * actual.number / target.number)
    if _LOW <= share <= _HIGH:
        return listed(())
    if actual.number in (2 * target.number, target.number / 2) and reading.fact("within_person").value is True:
        return listed(())
    reasons = (r.stop_reason, r.update_reason, r.other_design_features, r.design_summary, r.settings, r.results_summary)
    if r.stop_reason.given or reading.first("units.enrolment_reason", *reasons):
        return listed(())
    return listed([Case({"actual": actual.number, "target": target.number, "share": share}, (actual.whole(), target.whole()))])


@fact(cases=("words",))
def sizes_in_criteria(reading: Reading) -> Fact:
    """Numbers of participants that are written as a criterion: "Inclusion criteria: 12 patients over 18 years"."""
    r = reading.registration
    texts = [value for value in (r.criteria_summary, r.inclusion_criteria) if value.given]
    if not texts:
        return cannot_tell(r.inclusion_criteria.state.value, "inclusion_criteria")
    for value in texts:
        for first, last in _lines(value.text):
            folded = value.folded[first:last]
            for match in (*_IN_CRITERIA.finditer(folded), *_SIZE_IN_CRITERIA.finditer(folded)):
                number = count(match["n"])
                # "two patients of a family" is no size, and a small number in front of a later line may be the line's own
                if number is None or number <= (_LINE_NUMBERS if first else 2) or _is_no_size(number, match[0]):
                    continue
                start, end = first + match.start("n"), first + match.end()
                words = " ".join(value.text[start:end].split())
                return listed([Case({"words": words}, (clause(value, start, end),))])
    return unread(*texts) or listed(())


def _is_no_size(number: int, words: str) -> bool:
    """Return whether *number* is a year, or counts something else than participants."""
    return number in _YEARS or _SOME_OF.search(words) is not None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _allowances(value: Value) -> Iterator[Case]:
    """Yield where a size, an allowance for drop-outs in percent and the size with it stand in one sentence and do not go together.

    The allowance may be added to the size or be a part of the sum, which may be rounded up to ten or be that of several groups.
    """
    for match in _ALLOWANCE.finditer(value.folded):
        size, percent, figures = int(match["size"]), int(match["before"] or match["after"]), int(match["sum"])
        if not 0 < percent <= _MOST_PERCENT or figures in _YEARS:
            continue
        least, most = size * (100 + percent) // 100, -(-size * 100 // (100 - percent))
        if not size < figures <= 2 * most:
            continue
        if not any(least * groups <= figures <= -(-most * groups // 10) * 10 for groups in range(1, _MOST_GROUPS)):
            words = Phrase("{number} and {percent} percent more", number=size, percent=percent)
            yield Case({"words": words, "figures": figures}, (clause(value, match.start(), match.end()),))


@fact(cases=("words", "figures"))
def words_against_figures(reading: Reading) -> Fact:
    """Numbers that are written in words and in figures and differ, "sixty (66) patients", or with an allowance that gives another number."""
    r = reading.registration
    texts = [v for v in (*_texts(reading), r.criteria_summary, r.inclusion_criteria, r.exclusion_criteria) if v.given]
    if not texts:
        return cannot_tell("empty", "design_summary")
    cases: list[Case] = []
    for value in dict.fromkeys(texts):
        cases += _allowances(value)
        if not _FIGURES.search(value.folded):
            continue
        for match in _WORD_AND_FIGURES.finditer(value.folded):
            said, figures = count(match["word"]), int(match["figures"])
            before = value.folded[max(0, match.start() - 25) : match.start()]
            if said is None or said == figures or figures == 1 or _NOT_COUNTED.search(before):
                continue
            start, end = sentence_at(value.folded, match.start())
            place = clause(value, match.start(), min(match.end(), end)) if end > start else value.whole()
            cases.append(Case({"words": match["word"], "figures": figures}, (place,)))
    return listed(cases)


@fact
def effect_claimed_by_few(reading: Reading) -> Fact:
    """Whether a title claims efficacy or effectiveness for under 20 participants, and no text speaks of power, pilot or feasibility."""
    r = reading.registration
    if not r.target_sample_size.number:
        return cannot_tell("unclear" if r.target_sample_size.given else r.target_sample_size.state.value, "target_sample_size")
    hit = reading.first("units.efficacy", r.scientific_title, r.public_title)
    if not hit or r.target_sample_size.number >= _SMALL_TRIAL:
        return Fact(False)
    texts = (*_texts(reading), r.study_aim, r.inclusion_criteria)
    if reading.first("units.size_reason", *texts):
        return Fact(False)
    return Fact(True, (clause(hit.value, hit.start, hit.end), r.target_sample_size.whole()))

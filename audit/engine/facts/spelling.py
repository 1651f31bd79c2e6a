"""Facts on spelling and typing: words written in two ways, words that are often misspelt, blanks and items run together."""

import re
from collections import Counter
from collections.abc import Iterator

from audit.engine.clauses import clause
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.registration import Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Value

_WORD = re.compile(r"[a-z]{8,}")
_PART_OF_MORE = "0123456789@.-_"
_AT = frozenset("0123456789@")
_REAL_WORDS = (
    "injection infection induction prebiotic probiotic allogenic allogeneic reaction relation leukapheresis leucapheresis underling underlying "
    "adoption adaption infusion effusion inclusion occlusion inspired expired mortality morality perioperative preoperative protective projective "
    "prospective perspective affection infective invective excision incision decision division revision provision conversion convection "
    "diffusion affective effective efficient sufficient complaint compliant component compliance statistics statistic vaccinated vaccination "
    "interview interviews dialysed dialyzed adhesion cohesion insulin inulin glycaemic glycemic intention invention intervention prevention "
    "retention detention attention extension intension contraction contradiction absorption adsorption precision prescribed proscribed "
    "hydrochloride hydrochlorine ventilated ventilator evaluated evaluator indicated indicator donation duration direction digestion "
    "oxidation oxygenation personal personnel preferred referred physiologist psychologist principal principle procedure procedures"
)
_REAL = frozenset(_REAL_WORDS.split())
"""Words that are both right although they differ by a letter."""
_EITHER_WAY = frozenset(("s", "z", "", "e", "o", "u", "l", "a", "i", "y", "c", "k"))
_SAME_BOTH_WAYS = re.compile(r"ae|oe|ou|is|iz|ys|yz|ph|ll|sc|re$|er$|og|ogue|mme|k$|que|c[ae]|k[ae]")


@fact(cases=("what",))
def spelling_slips(reading: Reading) -> Fact:
    """The words spelt in two ways, the known slips ("treament"), and the blanks missing before a number or misplaced at a comma."""
    values = tuple(value for value in _texts(reading.registration) if value.given)
    if not values:
        return cannot_tell("unknown", "public_title")
    return listed([*_two_spellings(values), *_misspelt(reading, values), *_misplaced_blanks(values)])


def _two_spellings(values: tuple[Value, ...]) -> Iterator[Case]:
    counted: Counter[str] = Counter()
    places: dict[str, tuple[Value, int, int]] = {}
    for value in values:
        folded = value.folded
        for match in _WORD.finditer(folded):
            start, end = match.span()
            if (start and folded[start - 1] in _PART_OF_MORE) or folded[end : end + 1] in _AT:
                continue
            counted[match[0]] += 1
            places.setdefault(match[0], (value, start, end))
    for rare, usual in _variants(counted):
        pair = [places[rare], places[usual]]
        one, other = (value.text[start:end] for value, start, end in pair)
        yield Case(
            {"what": Phrase('"{rare}" stands once, and "{usual}" elsewhere', rare=one, usual=other)},
            tuple(clause(v, a, b, 100) for v, a, b in pair),
        )


def _misspelt(reading: Reading, values: tuple[Value, ...]) -> Iterator[Case]:
    hits = reading.find("spelling.slips", *values)
    if hits:
        words = list(dict.fromkeys(hit.place.quote for hit in hits))[:6]
        quoted = tuple(f'"{word}"' for word in words)
        what = Phrase("{words} is misspelt" if len(words) == 1 else "{words} are misspelt", words=quoted)
        yield Case({"what": what}, tuple(clause(hit.value, hit.start, hit.end, 80) for hit in hits[:6]))


_GLUED = re.compile(r"\b(?:to|than|least|most|from|between|about|under|over|age|aged|and|until)\d+(?:\.\d+)?\b")
_COMMA = re.compile(r"[a-z]{3,20} ,[a-z]{3,20}")


def _misplaced_blanks(values: tuple[Value, ...]) -> Iterator[Case]:
    found = [(value, *match.span()) for value in values for match in _GLUED.finditer(value.folded)]
    found += [(value, *match.span()) for value in values if " ," in value.folded for match in _COMMA.finditer(value.folded)]
    if found:
        quotes = list(dict.fromkeys(" ".join(value.text[a:b].split()) for value, a, b in found))[:4]
        what = Phrase("a blank is missing or misplaced in {quotes}", quotes=tuple(f'"{quote}"' for quote in quotes))
        yield Case({"what": what}, tuple(clause(value, a, b, 80) for value, a, b in found[:6]))


_RUN_TOGETHER = re.compile(r"[a-z]{3}[A-Z][a-z]+")
_FEWEST = 3


@fact(cases=("part", "quote"))
def items_run_together(reading: Reading) -> Fact:
    """The criteria whose items follow each other without a blank or a stop ("yearsNo pregnancy"), three or more times."""
    r = reading.registration
    values = tuple(value for value in (r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary) if value.given)
    if not values:
        return cannot_tell("unknown", "inclusion_criteria")
    if r.source.kind not in ("structured", "html"):
        return cannot_tell("text", "line ends may have been lost on the way to this text")
    cases = []
    for value in values:
        found = list(_RUN_TOGETHER.finditer(value.text))
        if len(found) >= _FEWEST:
            quotes = tuple(match[0] for match in found[:4])
            places = tuple(clause(value, *match.span(), 80) for match in found[:3])
            cases.append(Case({"part": value.label or value.field, "quote": quotes}, places))
    return listed(cases)


def _texts(r: Registration) -> Iterator[Value]:
    yield from (r.public_title, r.scientific_title, r.study_aim, r.arms_summary, r.design_summary, r.settings)
    yield from (
        r.inclusion_criteria,
        r.exclusion_criteria,
        r.criteria_summary,
        r.randomization_description,
        r.blinding_description,
    )
    yield from (arm.description for arm in r.arms)
    yield from (condition.description for condition in r.conditions)
    yield from (part for o in (*r.primary_outcomes, *r.secondary_outcomes) for part in (o.description, o.method))


def _variants(counted: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield the words that stand once with the one that they are a slip of; both begin and end with the same two letters."""
    known: dict[tuple[str, str], list[str]] = {}
    for word, times in counted.items():
        if times > 1:
            known.setdefault((word[:2], word[-2:]), []).append(word)
    for rare, times in counted.items():
        if times == 1:
            usual = next((word for word in known.get((rare[:2], rare[-2:]), ()) if _is_slip(rare, word)), None)
            if usual:
                yield rare, usual


def _is_slip(rare: str, usual: str) -> bool:
    """Return whether *rare* differs from *usual* by one letter or two changed places, and not as another spelling or word."""
    if abs(len(rare) - len(usual)) > 1 or (rare in _REAL and usual in _REAL):
        return False
    shortest, head, tail = min(len(rare), len(usual)), 0, 0
    while head < shortest and rare[head] == usual[head]:
        head += 1
    while tail < shortest - head and rare[-1 - tail] == usual[-1 - tail]:
        tail += 1
    if tail < 2 or head < 2:
        return False
    one, other = rare[head : len(rare) - tail], usual[head : len(usual) - tail]
    if len(one) > 1 or len(other) > 1:
        return len(one) == 2 and one == other[::-1]
    return not {one, other} <= _EITHER_WAY or not _spelt_both_ways(rare, usual, head)


def _spelt_both_ways(rare: str, usual: str, head: int) -> bool:
    around = (word[max(0, head - 2) : head + 3] for word in (rare, usual))
    return any(_SAME_BOTH_WAYS.search(part) for part in around)

"""Facts on scales and measured quantities: whether summary and criteria give the same numbers of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit.engine.age_limits import exclusion_begins
from audit.engine.language import unread
from audit.engine.numbers import Range, ranges
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_FILLING = re.compile(
    r"(?:[ :(=,]|\b(?:indexe?s?|scores?|scales?|grades?|levels?|values?|counts?|ranges?|rates?|is|are|be|was|were|being|of|in|the|a|an|at|with|has|have|should|must|than|"
    r"equal|to|between|from|class|classification|status|serum|plasma|blood|total|baseline|initial|percent|predicted|by|on|room air|kg|patients?|and)\b)*"
)
_LED = re.compile(r" ?(?:\(?kg ?/ ?m ?\^?2\)? ?)?(?:of |in |for )?(?:the )?")
_ABBREVIATION = re.compile(
    r"[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]{1,4})?\b(?=(?: (?:index|score|scale|grade))? ?"
    r"(?:\(?[<>=:\u2264\u2265]|of |from |between |is |\d|above |over |more |less |under |below |at |in ))"
)
_NAMED_SCALE = re.compile(r"\b(?:[A-Z][A-Za-z-]+ ){1,4}(?:[Ss]cale|[Ii]ndex|[Ii]nventory|[Ss]core|[Qq]uestionnaire)\b(?! [A-Z])")
_DIGIT = re.compile(r"\d")
_NO_SCALE = frozenset({"AND", "OR", "NOT", "WITH", "AGE", "THE", "FOR", "COVID", "TYPE", "AT", "IN", "OF", "BY", "TO"})


@dataclass(frozen=True)
class Reach:
    """The numbers a text gives of one quantity, and whether they let people in or keep them out."""

    quantity: str
    named: str
    role: str
    range: Range
    place: Place


def _reaches(reading: Reading, value: Value, excluding: bool) -> list[Reach]:
    if not value.given or not _DIGIT.search(value.folded):
        return []
    names = list(names_of_quantities(reading, value))
    if not names:
        return []
    begins = 0 if excluding else exclusion_begins(value.folded)
    found = []
    taken: set[int] = set()
    for start, end, quantity in sorted(names):
        read = range_near(value.folded, start, end)
        if read is None or read.start in taken:
            continue
        taken.add(read.start)
        first, last = min(start, read.start), max(end, read.end)
        role = "out" if start >= begins else "in"
        found.append(Reach(quantity, value.text[start:end], role, read, value.place(first, last)))
    return found


def names_of_quantities(reading: Reading, value: Value) -> Iterator[tuple[int, int, str]]:
    """Yield where scales and quantities are named in *value*, and what they are."""
    known: list[Hit] = []
    for hit in reading.find("quantities", value):  # of two names at one place the longer one: Hb and HbA1c
        if not known or hit.start >= known[-1].end:
            known.append(hit)
            yield hit.start, hit.end, hit.pattern
    for match in _NAMED_SCALE.finditer(value.text):
        if not any(hit.start < match.end() and match.start() < hit.end for hit in known):
            yield match.start(), match.end(), match[0].lower()
    for match in _ABBREVIATION.finditer(value.text):
        at = match.start()
        if match[0] in _NO_SCALE or (at and (value.text[at - 1].isalnum() or value.text[at - 1] == "-")):
            continue
        if not any(hit.start < match.end() and match.start() < hit.end for hit in known):
            yield match.start(), match.end(), match[0].partition("-")[0]


def range_near(folded: str, start: int, end: int) -> Range | None:
    """Return the range or bound that stands next to the words at *start* to *end*: after them, else right before them."""
    before: Range | None = None
    for read in ranges(folded):
        if read.exact:
            continue
        if read.end <= start:
            before = read
        elif read.start >= end:
            if read.start - end <= 45 and _FILLING.fullmatch(folded, end, read.start):
                return read
            break
    if before is not None and start - before.end <= 16 and _LED.fullmatch(folded, before.end, start):
        return before
    return None


@fact(cases=("quantity", "summary_says", "criteria_says"))
def scales_differing(reading: Reading) -> Fact:
    """Scales and quantities of which the summary and the detailed criteria give different numbers for the same purpose."""
    r = reading.registration
    detailed = [(r.inclusion_criteria, False), (r.exclusion_criteria, True)]
    if not r.criteria_summary.given:
        return cannot_tell(r.criteria_summary.state.value, r.criteria_summary.field)
    if not any(value.given for value, _ in detailed):
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    if foreign := unread(r.criteria_summary, r.inclusion_criteria, r.exclusion_criteria):
        return foreign
    short = _reaches(reading, r.criteria_summary, False)
    if not short:
        return cannot_tell("text", "the summary gives no numbers of a scale or quantity")
    full = [reach for value, excluding in detailed for reach in _reaches(reading, value, excluding)]
    cases = []
    compared = False
    for key in dict.fromkeys((reach.quantity, reach.role) for reach in short):
        mine = [reach for reach in short if (reach.quantity, reach.role) == key]
        theirs = [reach for reach in full if (reach.quantity, reach.role) == key]
        compared |= bool(theirs)
        if theirs and all(_differ(one.range, other.range) for one in mine for other in theirs):
            one, other = mine[0], theirs[0]
            said: dict[str, object] = {"quantity": one.named, "summary_says": one.place.quote, "criteria_says": other.place.quote}
            cases.append(Case(said, (one.place, other.place)))
    return listed(cases) if compared else cannot_tell("text", "summary and criteria give numbers of no common quantity")


def _differ(one: Range, other: Range) -> bool:
    """Whether two ranges of a quantity cannot both be meant; a missing bound and another unit are no contradiction."""
    if one.crossed != other.crossed or (one.unit and other.unit and _unit(one) != _unit(other)):
        return False
    if (one.low is None) != (other.low is None) or (one.high is None) != (other.high is None):
        return False
    pairs = [(a, b) for a, b in zip(_bounds(one), _bounds(other), strict=True) if a is not None and b is not None]
    if any(_scaled(a, b) for a, b in pairs):
        return False
    return any(abs(a - b) > 1e-9 for a, b in pairs)


def _bounds(one: Range) -> tuple[float | None, float | None]:
    """Return the lower and the upper bound, whichever was written first."""
    if one.low is not None and one.high is not None and one.low > one.high:
        return one.high, one.low
    return one.low, one.high


def _unit(one: Range) -> str:
    return "%" if one.unit.startswith("percent") else one.unit[:2]


def _scaled(one: float, other: float) -> bool:
    """Whether two numbers are so far apart that one is likely given in another unit."""
    return min(one, other) > 0 and max(one, other) / min(one, other) >= 50

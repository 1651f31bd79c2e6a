"""Facts on ages: the limits in the fields, the limits in the criteria text, and where they contradict each other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from audit.engine.language import is_persian
from audit.engine.numbers import Range, ranges
from audit.engine.reading import Reading, cannot_tell, fact, listed, missing
from audit.model.registration import Age
from audit.model.result import Case, Fact
from audit.model.span import Place, State, Value

_PER_YEAR = {"m": 12.0, "w": 52.18, "d": 365.25}
_MENTION = re.compile(r"year|\bage|\byrs?\b|\by/o|\d ?yo?\b|month|\bold\b|older|younger")
_AGE_BEFORE = re.compile(
    r"\b(?:ages?|aged|aging)\b(?: ?(?:of|is|are|was|were|in|the|range|ranges|ranging|ranged|group|groups|limits?|limitation|between|from|being|be|should|must|"
    r"patients?|participants?|subjects?|clients|people|individuals|children|women|men|criteria|eligible|for|study|and|both|to|years?|\(years?\)|minimum|maximum|at|least))*"
    r" ?[:=(\-,]* ?$"
)
_AGE_BEFORE_STRONG = re.compile(r"(?:^|\W)(?:the )?(?:mean|average|gestational|bone|post-?natal|post-?menstrual|maternal|paternal|pregnancy|menopausal|dental|"
    r"mental|child-?bearing|reproductive|fertile|fertility|fetal|embryo|corrected|advanced)\W+$")
_PERSON = (
    r"(?:patients?|participants?|subjects?|wom[ae]n|m[ae]n|males?|females?|child(?:ren)?|adults?|people|persons?|individuals?|volunteers?|infants?|boys?|girls?|"
    r"cases|sex(?:es)?|genders?|adolescents?|students?|mothers|residents|outpatients|inpatients|candidates|elderly|neonates?|newborns?)"
)
_PERSON_BEFORE = re.compile(rf"\b{_PERSON}(?: (?:are|who are|with|being|of|in|must be|should be|is|were|aged?|the))*\W{{0,3}}$")
_ITEM_START = re.compile(r"(?:^|criteria ?:?|[;.:\n>)•-]|\d[.)-]|\b(?:and|be|being|are|is|were)) *$")
_NOT_BEFORE = re.compile(
    r"\b(?:at diagnosis|onset|for|history|duration|within|last|past|previous|during|preceding|since|every|least|each|next|first|experience|follow-?up|"
    r"until|after|before|minimum of|menopaus\w*|smok\w*|marriage|married|diagnos\w*|disease|diabetes|symptoms?|illness|stay|life expectancy|survival|prognosis|in)(?: (?:of|the|a|an|is|was|for))* *$"
)
_NOT_AFTER = re.compile(
    r" *(?:of (?!age\b)|follow|after|before|ago\b|history|duration|prior|since|experience|from (?!old)|post|earlier|previous|later|past\b|survival|apart|in (?:duration|education)|education)"
)
_OLD = re.compile(r"old|of age|aged|y/?o")
_OLD_AFTER = re.compile(r" *(?:\((?:both |age limits )?inclusive\) *)?(?:of age|old\b|aged\b|<=? ?age|of years)|[- ]*(?:<=?|\x02) *age\b| *age\b")
_CONDITIONAL = re.compile(
    r"\b(?:if|assent|consent|guardian|parents?|in case of|for (?:females?|women|men|males|adolescents?|children|participants|patients|minors)|also be|justified|"
    r"subgroup|e\.g|contracept\w*|pregnan\w*|(?:stratif|categor)\w*|fathers?|husbands?|partners?|donors?|caregivers?|relatives|when|unless|except)\b[^.;]*$"
)
_CONDITIONAL_AFTER = re.compile(r"[^.;\n]{0,25}\b(?:if|assent|will also|are included|will be included if|must (?:have|agree|use)|need|onward in|unless|with negative)\b")
_AGE_AT = re.compile(r"\bage (?:at|of) (?:first|diagnosis|onset|menarche|menopause|disease|symptom)")


@dataclass(frozen=True)
class Limits:
    """One statement of an age in a text, in years; None where it does not limit."""

    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    start: int
    end: int
    sure: bool
    """False for a statement about some of the participants only, or whose sign was lost."""

    def minimum(self) -> float | None:
        """The least age in years: "> 17" is 18, "over 34" is 35, "over 18" is taken for 18."""
        low = self.low
        if low is None or not self.low_open or not low.is_integer() or low < 17:
            return low
        return low + 1 if (low + 1) % 5 == 0 or low == 17 else low

    def maximum(self) -> float | None:
        """The greatest age in years: "younger than 76" is 75, "under 70" is taken for 70."""
        high = self.high
        if high is None or not self.high_open or not high.is_integer() or high < 17:
            return high
        return high - 1 if (high - 1) % 5 == 0 else high


@lru_cache(maxsize=256)
def age_limits(folded: str) -> tuple[Limits, ...]:
    """Return the statements of age in a folded criteria text.

    >>> [(s.minimum(), s.maximum()) for s in age_limits("women older than 17 years old and younger than 76 years old")]
    [(18.0, 75.0)]
    >>> age_limits("history of asthma for at least 5 years")
    ()
    """
    if not _MENTION.search(folded):
        return ()
    return tuple(limits for read in ranges(folded) if (limits := _limits(folded, read)))


def _limits(folded: str, read: Range) -> Limits | None:
    unit = read.unit[:1] if read.unit else ""
    if (read.exact and read.sure) or unit not in ("", "y", "m", "w", "d") or read.unit.startswith(("mm", "mg", "ml", "mmol", "day-")):
        return None
    before = folded[max(0, read.start - 60) : read.start]
    after = folded[read.end : read.end + 30]
    if not _is_age(before, read, after, folded):
        return None
    wide = folded[max(0, read.start - 90) : read.start]
    sure = read.sure and not _CONDITIONAL.search(wide) and not _CONDITIONAL_AFTER.match(folded[read.end : read.end + 60])
    per = _PER_YEAR.get(unit, 1.0)
    low, high = read.low, read.high
    if read.exact:  # "= 18 years": a sign was lost, most likely that of at least
        high = None
    low = low / _PER_YEAR.get(read.low_unit[:1] if read.low_unit else unit, 1.0) if low is not None else None
    high = high / per if high is not None else None
    if (low or 0) > 110 or (high or 0) > 130:
        return None
    return Limits(low, high, read.low_open, read.high_open, read.start, read.end, sure)


def _is_age(before: str, read: Range, after: str, folded: str) -> bool:
    words = folded[read.start : read.end]
    if _AGE_AT.search(before[-40:]) or "gestation" in before or "gestation" in after:
        return False
    led = _AGE_BEFORE.search(before)
    if led:
        return not _AGE_BEFORE_STRONG.search(before[: led.start()] or " ")
    if re.search(r"\bages?\b", words):
        return True
    years = read.unit.startswith("y") or (read.unit[:1] in ("m", "w", "d") and bool(_OLD.search(read.unit)))
    if not years:
        return bool(_OLD_AFTER.match(after)) and not read.exact
    if _OLD.search(read.unit) or (_OLD_AFTER.match(after) and not _NOT_BEFORE.search(before)):
        return not re.search(r"\b(?:history|duration|onset|diagnos\w*)\b[^,;.]*$", before[-30:])
    if re.search(r"\b(?:older|younger|elder)\b", words):
        return True
    if _NOT_AFTER.match(after) or _NOT_BEFORE.search(before):
        return False
    return bool(_PERSON_BEFORE.search(before) or _ITEM_START.search(before))


def _first(statements: Iterable[Limits], bound: str) -> Limits | None:
    """The statement that counts for a bound: the first about all participants, else the first of all."""
    having = [one for one in statements if getattr(one, bound) is not None]
    return next((one for one in having if one.sure), having[0] if having else None)


def _turned(statement: Limits) -> Limits | None:
    """What an exclusion leaves in: "under 18" leaves 18 and over, "over 65" leaves 65 and under."""
    low, high = statement.low, statement.high
    if low is not None and high is not None and low < high:
        return None  # "excluded: 18 to 65 years" is not what it says
    return Limits(high, low, False, False, statement.start, statement.end, statement.sure)


def inclusion(value: Value) -> list[Limits]:
    """Return the statements of age in a text of inclusion criteria, up to where exclusions begin."""
    return _split(value)[0]


def _split(value: Value) -> tuple[list[Limits], list[Limits]]:
    """The statements of a text of criteria: those that let in, and those that keep out, turned round."""
    at = exclusion_begins(value.folded)
    into, out = [], []
    for one in age_limits(value.folded):
        if one.start < at:
            if not (one.low is not None and one.high is not None and one.low > one.high):
                into.append(one)
        elif turned := _turned(one):
            out.append(turned)
    return into, out


_EXCLUSION = re.compile(
    r"(?:non-?(?:inclusion|entry|compliance)|exclu(?:sion|ding)|not? ?(?:inclusion|entry|entering)) (?:criteria|conditions?|factors?)|exclu(?:sion|ded) ?:|"
    r"(?:conditions?|criteria) (?:for|of) (?:not|non)[- ]?(?:entering|entry|inclusion)|no entry conditions"
)


def exclusion_begins(folded: str) -> int:
    """Return where a text of criteria turns to what keeps people out; its length when it does not."""
    match = _EXCLUSION.search(folded) if "excl" in folded or "non" in folded or "not" in folded or "no e" in folded else None
    return match.start() if match else len(folded)


def _in_text(reading: Reading, bound: str) -> Fact:
    r = reading.registration
    unknown = missing(r.inclusion_criteria)
    if unknown and not r.exclusion_criteria.given:
        return unknown
    if is_persian(r.inclusion_criteria) or is_persian(r.exclusion_criteria):
        return cannot_tell("language", r.inclusion_criteria.field)
    into, out = _criteria(reading)
    for value, statements in ((r.inclusion_criteria, into), (r.exclusion_criteria, out)):
        found = _first(statements, "low" if bound == "minimum" else "high")
        if found:
            years = found.minimum() if bound == "minimum" else found.maximum()
            source = value if found.end <= len(value.text) else r.inclusion_criteria
            return Fact(years, (source.place(found.start, found.end),))
    return cannot_tell("text", f"the criteria name no {bound} age")


def _criteria(reading: Reading) -> tuple[list[Limits], list[Limits]]:
    r = reading.registration
    into, out = _split(r.inclusion_criteria) if r.inclusion_criteria.given else ([], [])
    if out or not r.exclusion_criteria.given:
        return into, [] if not out else _kept(out)
    return into, [turned for one in age_limits(r.exclusion_criteria.folded) if (turned := _turned(one))]


def _kept(out: list[Limits]) -> list[Limits]:
    return out


@fact
def minimum_age_years(reading: Reading) -> Fact:
    """The minimum age in years as the field gives it."""
    return _field(reading.registration.minimum_age)


@fact
def maximum_age_years(reading: Reading) -> Fact:
    """The maximum age in years as the field gives it."""
    return _field(reading.registration.maximum_age)


def _field(age: Age) -> Fact:
    if age.years is not None:
        return Fact(round(age.years, 2), (age.whole(),))
    if not age.given:
        return cannot_tell(age.state.value, age.field)
    return cannot_tell("unclear" if age.limited else "text", age.field if age.limited else "the field sets no limit")


@fact
def minimum_age_years_in_text(reading: Reading) -> Fact:
    """The minimum age in years that the criteria text names: the inclusion criteria, else the exclusion criteria."""
    return _in_text(reading, "minimum")


@fact
def maximum_age_years_in_text(reading: Reading) -> Fact:
    """The maximum age in years that the criteria text names: the inclusion criteria, else the exclusion criteria."""
    return _in_text(reading, "maximum")

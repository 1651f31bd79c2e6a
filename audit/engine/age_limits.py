"""A folded text of criteria -> the ages it names, in years: limits, not durations, ages at onset or gestational ages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from audit.engine.numbers import Range, ranges

_PER_YEAR = {"m": 12.0, "w": 52.18, "d": 365.25}
_BLANKS = re.compile(r"  +")
_DIGIT = re.compile(r"\d")
_AGE_BEFORE = re.compile(
    r"\b(?:ages?|aged|aging)\b(?: ?(?:of|is|are|was|were|in|the|range|ranges|ranging|ranged|group|groups|limits?|limitation|between|from|being|be|should|must|"
    r"patients?|participants?|subjects?|clients|people|individuals|children|women|men|criteria|eligible|for|study|and|both|to|years?|\(years?\)|minimum|maximum|at|least))*"
    r" ?[:=(\-,]* ?$"
)
_AGE_BEFORE_STRONG = re.compile(
    r"(?:^|\W)(?:the )?(?:mean|average|gestational|bone|post-?natal|post-?menstrual|maternal|paternal|pregnancy|menopausal|dental|"
    r"mental|child-?bearing|reproductive|fertile|fertility|fetal|embryo|corrected|advanced)\W+$"
)
_PERSON = (
    r"(?:patients?|participants?|subjects?|wom[ae]n|m[ae]n|males?|females?|child(?:ren)?|adults?|people|persons?|individuals?|volunteers?|infants?|boys?|girls?|"
    r"cases|minors|sex(?:es)?|genders?|adolescents?|students?|mothers|residents|outpatients|inpatients|candidates|elderly|neonates?|newborns?)"
)
_ALL_BEFORE = re.compile(
    r"\b(?:wom[ae]n|men|females?|males?|sex(?:es)?|genders?|people|patients|individuals|adults|participants|volunteers) $"
)
_ALL_AFTER = re.compile(r" *(?:$|[.,;)]|with\b|who\b|and\b|suffering\b|referr)")
_OF_OTHERS = re.compile(
    r"\b(?:mothers?|parents?|fathers?|care-?givers?|famil(?:y|ies)|having|have|has|had|caring|with|those) (?:(?:of|with|for|having|a|an|their|the|at least|one|sick|young) )*"
    r"(?:child(?:ren)?|infants?|bab(?:y|ies)|sons?|daughters?|neonates?|newborns?)(?: (?:aged?|of|who is|who are|is|are|being))*\W{0,3}$"
)
_YOUNG_BEFORE = re.compile(r"\b(?:children|infants?|bab(?:y|ies)|toddlers|boys|girls)(?: (?:of|aged?|from|between))* *$")
_YOUNG_AFTER = re.compile(r" *(?:old|of age|(?:old )?(?:children|infants?|bab(?:y|ies)|toddlers)\b)")
_ENDS = re.compile(r" *(?:$|[-),.;*])")
_OTHER_BOUND = re.compile(r"\bage[ds]?\b[^.;]{0,4}(?:max|min)\w* \d{1,2}(?: years?)?[ ,;]*(?:and )?$")
_ELDER = re.compile(r"(?:not )?(?:older|younger) than (?:[5-9]|[1-9]\d)$")
_OF_AGE = (16, 17, 18, 19, 20, 21)
_OF_AGE_BEFORE = re.compile(r"\b(?:adults?|children|minors|adolescents|women|men|patients|people)(?: patients?)? ?\(? ?$")
_PERSON_BEFORE = re.compile(rf"\b{_PERSON}(?: (?:are|who are|with|being|of|in|must be|should be|is|were|aged?|the))*\W{{0,3}}$")
_ITEM_START = re.compile(r"(?:^|criteria ?:?|[;.:\n>)•-]|\d[.)-]|\b(?:and|be|being|are|is|were)) *$")
_NOT_BEFORE = re.compile(
    r"\b(?:at diagnosis|onset|for|history|duration|within|last|past|previous|during|preceding|since|every|least|each|next|first|experience|follow-?up|"
    r"until|after|before|minimum of|menopaus\w*|smok\w*|marriage|married|diagnos\w*|disease|diabetes|symptoms?|illness|stay|life expectancy|survival|prognosis|in)(?: (?:of|the|a|an|is|was|for))* *$"
)
_NOT_AFTER = re.compile(
    r" *(?:of (?!age\b|old\b)|follow|after|before|ago\b|history|duration|prior|since|experience|from (?!old)|post|earlier|previous|later|past\b|survival|apart|without|in (?:duration|education)|education)"
)
_OLD = re.compile(r"old|of age|aged|y/?o")
_OLD_AFTER = re.compile(
    r" *(?:\((?:both |age limits )?inclusive\) *)?(?:of age|old\b|aged\b|<=? ?age|of years|of old\b)|[- ]*(?:<=?|\x02) *age\b| *age\b"
)
_CONDITIONAL = re.compile(
    r"\b(?:if|fertile (?:wom[ae]n|females?)|assent|guardians?|parents?|in case of|for (?:ages?|females?|women|men|males|adolescents?|children|participants|patients|minors|those)|"
    r"consent (?:for|from|of|by) (?:the )?(?:participants|patients|child\w*|those|minors|subjects)|also be|justified|signed by|scores?|lansky|karnofsky|arm|cohort|stratum|(?:first|next) \d+ (?:\w+ )?(?:subjects:?|patients:?|participants:?)|risk factors?:?|facteurs? de risque|(?:one|any) of (?:the )?following(?: \w+){0,3}:?|applicable to|subgroup|e\.g|(?:stratif|categor)\w*|fathers?|husbands?|partners?|donors?|caregivers?|relatives|when|"
    r"unless|except|(?:females?|women) participants? who are) ?(?:[^.;:\n -][^.;:]{0,45})?$"
    r"|(?:\bdiagnos\w+[^.;]{0,40}|[;,(])[:,]? in (?:the )?(?:infants?|neonates|newborns|children|adults|adolescents|women|men|patients|those)(?: aged?| who are)?\W{0,2}$"
)
_RISK_LIST = re.compile(
    r"(?:\brisk (?:factors?|conditions?|groups?)|\bone or more of|\b(?:one|any|either|two) of (?:the |these )?(?:following)?)\b[^.;]{0,70}$"
    r"|\d ?(?:mm|millimet\w+|g/dl|mg/dl|cm|%|kg/m2) in (?:wo)?men $"
)
_ALSO = re.compile(r"[^.;]{0,30}?\b(?:(?:will|may|can) also be|(?:are|is) also) (?:enrol|includ|eligib|recruit|allow)")
_CONDITIONAL_AFTER = re.compile(
    r"(?: years?)?, ?\d{1,2} ?(?:-|to) ?\d{1,2}(?: years?)?[,;] ?|\) (?:yes|no)\b|\)? ?(?:older |sibling |related )?donors?\b|[:,]? *(?:(?:fe)?males?|boys|girls):? ?[(<>=\x01\x02]{0,2} ?\d|, ?(?:rr|respirat\w+|hr|heart rate|sbp)\b"
    r"|[);,]? (?:and/or|or)\b(?! (?:(?:fe)?males?|women|men|older|over|more|above|elder|greater|up|under|younger|less|guardian))|\),? (?:or|and) [^.;]{0,50}\bassent\b|[^.;]{0,100}\bmay be (?:eligible|included|enrolled)| (?:or|and/or) (?:ages?|aged) |[^.;?(]{0,12}\b(?:if|assent|will also|are included|will be included if|must (?:have|agree|use|weigh|be)|at (?:the )?(?:time of )?(?:first )?(?:diagnosis|onset)|need|onward in|have not|has not|unless|with negative)\b"
)
_GAP = 1
_INDENTED = re.compile(r"   (?=[^ -])")
_KEPT = re.compile(r"[^ ]+(?: +(?=-)| ?)|^ +(?=-)")  # a run of blanks is gone through once
_TURNED = re.compile(r"\b(\d{1,2}) ?(?:years?(?: old)?|y)? ?=? ?=? age ?$")
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
    partial: bool = False
    """True for a statement about some of the participants only ("if under 18, with the consent of a parent")."""
    sure: bool = True
    """False where a sign was lost and guessed ("= 18 years")."""
    loose: bool = False
    """True for "between 18 and 65" and for what an exclusion leaves, which people use with and without the limit itself."""
    also: bool = False
    """True for a statement of some who are taken besides the others ("patients of 12 to 17 years will also be enrolled")."""

    def minimum(self) -> float | None:
        """The least age in years: "> 17" is 18, "over 34" is 35, "over 18" is taken for 18 and "over 19" for 19."""
        low = self.low
        if low is None or not self.low_open or not low.is_integer() or low < 17 or low == 19:
            return low
        return low + 1 if (low + 1) % 5 == 0 or low == 17 else low

    def maximum(self) -> float | None:
        """The greatest age in years: "younger than 76" is 75, "under 70" is taken for 70 and "under 21" for 21."""
        high = self.high
        if high is None or not self.high_open or not high.is_integer() or high < 17 or high == 21:
            return high
        return high - 1 if (high - 1) % 5 == 0 or high == 18 else high

    def minimum_or_zero(self) -> float:
        """`minimum`, 0 where there is none: to compare by."""
        return self.minimum() or 0.0

    def maximum_or_zero(self) -> float:
        """`maximum`, 0 where there is none: to compare by."""
        return self.maximum() or 0.0

    def may_be(self, bound: str, years: float) -> bool:
        """Return whether the bound (``low``, ``high``) may mean *years*: "over 18" may mean 18 and 19."""
        said, is_open = (self.low, self.low_open) if bound == "low" else (self.high, self.high_open)
        assert said is not None
        step = 1 if bound == "low" else -1
        others: tuple[float, ...] = (said, said + step) if is_open and said >= 3 else (said,)
        if self.loose and said >= 3:
            others = (said - 1, said, said + 1)
        return any(abs(years - one) <= (0.012 if one < 0.25 else 0.04 if one < 3 else 0.1) for one in others)


@lru_cache(maxsize=256)
def age_limits(folded: str) -> tuple[Limits, ...]:
    """Return the statements of age in a folded criteria text.

    >>> [(s.minimum(), s.maximum()) for s in age_limits("women older than 17 years old and younger than 76 years old")]
    [(18.0, 75.0)]
    >>> age_limits("history of asthma for at least 5 years")
    ()
    """
    if not _DIGIT.search(folded):
        return ()
    if _INDENTED.search(folded):  # read without the blanks, but those before the dash of an item, and told where it stands
        kept = [at for found in _KEPT.finditer(folded) for at in range(*found.span())]
        squeezed = "".join([folded[at] for at in kept])
        return tuple(replace(one, start=kept[one.start], end=kept[one.end - 1] + 1) for one in age_limits(squeezed))
    return _with_lost_signs(folded, [limits for read in ranges(folded) if (limits := _limits(folded, read))])


def _with_lost_signs(folded: str, found: list[Limits]) -> tuple[Limits, ...]:
    """The statements; of two in a row whose signs are lost ("age = 18, age = 75") the second is the upper limit."""
    for at, one in enumerate(found):
        both = None if one.sure or one.low is None else _TURNED.search(folded, max(0, one.start - 30), one.start)
        if both and float(both[1]) < (one.low or 0):
            found[at] = replace(one, low=float(both[1]), high=one.low, start=both.start())
    for at in range(len(found) - 1):
        one, other = found[at], found[at + 1]
        if other.sure or one.low is None or other.low is None or one.high is not None or one.low >= other.low:
            continue
        if len(folded[one.end : other.start].strip(" ,;andge()=")) <= 1 and other.start - one.end <= 16:
            found[at + 1] = replace(other, low=None, high=other.low)
    return tuple(found)


def _limits(folded: str, read: Range) -> Limits | None:
    unit = read.unit[:1] if read.unit else ""
    if (
        (read.exact and read.sure)
        or unit not in ("", "y", "m", "w", "d")
        or read.unit.startswith(("mm", "mg", "ml", "mmol", "day-"))
    ):
        return None
    before = _squeezed(folded[max(0, read.start - 120) : read.start])[-60:]
    after = _squeezed(folded[read.end : read.end + 60])[:30]
    if not _is_age(before, read, after, folded) or _OF_OTHERS.search(before):
        return None
    wide = _squeezed(folded[max(0, read.start - 140) : read.start])[-70:]
    partial = bool(_CONDITIONAL.search(wide) or _CONDITIONAL_AFTER.match(_squeezed(folded[read.end : read.end + 160])[:110]))
    partial = partial or before.endswith((" or ", " or age ", " or aged "))
    partial = partial or bool(_RISK_LIST.search(folded[max(0, read.start - 120) : read.start]))
    also = bool(_ALSO.match(folded, read.end))
    per = _PER_YEAR.get(unit, 1.0)
    low, high = read.low, read.high
    if read.exact:  # "= 18 years": a sign was lost, most likely that of at least
        high = None
    low = low / _PER_YEAR.get(read.low_unit[:1] if read.low_unit else unit, 1.0) if low is not None else None
    high = high / per if high is not None else None
    if (low or 0) > 110 or (high or 0) > 130:
        return None
    between = low is not None and high is not None and folded.startswith("between", read.start)
    return Limits(low, high, read.low_open, read.high_open, read.start, read.end, partial, read.sure, between, also)


def _squeezed(text: str) -> str:
    """Return *text* with one blank for several: exports break lines inside sentences and indent what follows."""
    return _BLANKS.sub(" ", text) if "  " in text else text


def _is_age(before: str, read: Range, after: str, folded: str) -> bool:
    words = folded[read.start : read.end]
    if _OTHER_BOUND.search(before) and words.startswith(("max", "min")) and not read.unit:
        return True
    if _AGE_AT.search(before[-40:]) or "gestation" in before or "gestation" in after:
        return False
    led = _AGE_BEFORE.search(before)
    if led:
        return not _AGE_BEFORE_STRONG.search(before[: led.start()] or " ")
    if re.search(r"\bage[sd]?\b", words):
        return True
    years = read.unit.startswith("y") or (read.unit[:1] in ("m", "w", "d") and bool(_OLD.search(read.unit)))
    if not years and read.unit.startswith("mo") and not _NOT_BEFORE.search(before):
        return bool(_YOUNG_BEFORE.search(before) or _YOUNG_AFTER.match(after))
    if not years:
        return not read.exact and bool(
            _OLD_AFTER.match(after)
            or _plain_range(before, read, after)
            or _plain_bound(before, read, after)
            or (not read.unit and _ELDER.match(words))
        )
    if _OLD.search(read.unit) or (_OLD_AFTER.match(after) and not _NOT_BEFORE.search(before)):
        return not re.search(r"\b(?:history|duration|onset|diagnos(?:is|ed))\b[^,;.]*$", before[-30:])
    if re.search(r"\b(?:older|younger|elder)\b", words):
        return True
    if _NOT_AFTER.match(after) or _NOT_BEFORE.search(before):
        return False
    return bool(_PERSON_BEFORE.search(before) or _ITEM_START.search(before))


def _plain_range(before: str, read: Range, after: str) -> bool:
    """Whether a range without a unit is an age all the same: "men and women 18 to 60 with asthma"."""
    low, high = read.low, read.high
    return (
        not read.unit
        and low is not None
        and high is not None
        and 12 <= low < high - 4
        and 30 <= high <= 99
        and bool(_ALL_BEFORE.search(before) and _ALL_AFTER.match(after))
    )


def _plain_bound(before: str, read: Range, after: str) -> bool:
    """Whether a bound without a unit is an age all the same: "adults (>18)"."""
    bound = read.low if read.high is None else read.high
    return not read.unit and bound in _OF_AGE and bool(_OF_AGE_BEFORE.search(before) and _ENDS.match(after))


@lru_cache(maxsize=256)
def limits_in_criteria(folded: str, excluding: bool = False) -> tuple[tuple[Limits, ...], tuple[Limits, ...]]:
    """Return the ages in a folded text of criteria: as those let in state them, and as those kept out leave them.

    *excluding*: the text begins with what keeps people out.

    >>> _, out = limits_in_criteria("inclusion criteria: asthma. exclusion criteria: age under 18 or over 65 years")
    >>> [(one.low, one.high) for one in out]
    [(18.0, 65.0)]
    """
    begins = 0 if excluding else exclusion_begins(folded)
    into: list[Limits] = []
    out: list[Limits] = []
    for one in age_limits(folded):
        if one.start >= begins:
            if one.sure and (
                one.low is None or one.high is None or one.low > one.high
            ):  # "excluded: 18 to 65" is not what it says
                low_open = one.high is not None and not one.high_open
                high_open = one.low is not None and not one.low_open
                out.append(replace(one, low=one.high, high=one.low, low_open=low_open, high_open=high_open, loose=True))
        elif one.low is None or one.high is None or one.low <= one.high:
            into.append(one)
    return tuple(into), tuple(out)


_EXCLUSION = re.compile(
    r"(?:non-?(?:inclusion|entry|compliance)|exclu(?:sion|ding)|not? ?(?:inclusion|entry|entering)) (?:criteria|conditions?|factors?)|"
    r"exclu(?:sion|ded|sions|ding) ?:|\b(?:non[- ]?(?:inclusion|entry)|not (?:to be )?(?:entering|entered|included|eligible)|no[- ]entry|exit) ?:|"
    r"(?:conditions?|criteria) (?:for|of) (?:not|non)[- ]?(?:entering|entry|inclusion)|no entry conditions"
)


@lru_cache(maxsize=256)
def exclusion_begins(folded: str) -> int:
    """Return where a text of criteria turns to what keeps people out; its length when it does not."""
    if "exclu" not in folded and "not" not in folded and "non" not in folded and "no " not in folded:
        return len(folded)
    match = _EXCLUSION.search(folded)
    return match.start() if match else len(folded)


def first(statements: Iterable[Limits], bound: str) -> Limits | None:
    """Return the first statement about all participants that names the bound (``low``, ``high``)."""
    return next((one for one in statements if getattr(one, bound) is not None and not one.partial), None)


def widest(statements: Sequence[Limits], bound: str) -> Limits | None:
    """Return the statement that lets in most where several groups are named with their ages, or None when none does.

    A group without the bound leaves it open.

    >>> both = age_limits("arm a: aged 18 to 55 years; arm b: aged 18 to 60 years")
    >>> widest(both, "high").high
    60.0
    """
    whole = [one for one in statements if not one.partial or one.also]
    having = [one for one in whole if getattr(one, bound) is not None]
    if not having:
        return None
    if bound == "high":
        lows = {one.low for one in whole if one.low is not None}
        if len(lows) > 1 and any(one.low is not None and one.high is None and one.low > min(lows) for one in whole):
            return None
    found = min(having, key=Limits.minimum_or_zero) if bound == "low" else max(having, key=Limits.maximum_or_zero)
    return None if _apart(having[0], found) else found


def _apart(one: Limits, other: Limits) -> bool:
    """Whether nobody is of an age between those of two statements: schoolchildren and, in another part, adults."""
    above, below = (one, other) if (one.low or 0) >= (other.low or 0) else (other, one)
    return above.low is not None and below.high is not None and above.low - below.high > _GAP

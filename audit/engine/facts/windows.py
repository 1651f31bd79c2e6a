"""Facts on times in criteria (wash-out, history, stability): whether summary and criteria give the same."""

import re
from dataclasses import dataclass

from audit.engine.age_limits import age_limits, exclusion_begins
from audit.engine.language import unread
from audit.engine.numbers import count
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_UNIT = re.compile(r"[dwmy](?:ay|eek|onth|ear)s?\b(?P<old>[ -]?(?:old|of age))?")
_AMOUNT = re.compile(
    r"\b(?P<n>\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
    r"(?:[ -](?:past|last|previous|recent|consecutive|preceding|full))?[ -]?$|\b(?:past|last|previous|recent|preceding) $"
)
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.4, "y": 365.0}
_PAST = re.compile(r"\b(?:past|last|previous|prior|preceding|recent|recently|within|during|before|since|from)\b[^,;.]{0,25}$")
_PAST_AFTER = re.compile(r"[ ,]*(?:ago|before|prior|previous|previously|earlier|past|preceding|of (?:the )?(?:study|enrol))\b")
_LONG_AFTER = re.compile(r"[ ,]*(?:of )?(?:history|duration|disease|illness|experience|since)\b")
_TREATED_AFTER = re.compile(r" (?:of|treatment|therapy|use|treated)\b")
_LONG = re.compile(
    r"\b(?:for|lasting|duration|history|persist\w*|stable|at least|more than|over|longer than|less than|minimum|greater than|>|>=|\x01|<)[^,;.]{0,25}$"
)
_AHEAD = re.compile(r"\b(?:after|next|follow-?up|following|until|every|per|each|future|upcoming|course of|up to)\b[^,;.]{0,20}$")
_LESS = re.compile(r"(?:less than|under|shorter than|<|fewer than|maximum)[^,;.]{0,8}$")
_WORD = re.compile(r"[a-z]{2,}")
_STABLE = re.compile(r"\bstab(?:le|ility|ili[sz]ed)\b")
_CLAUSE = re.compile(r"[^,;.]*")
_OF_DISEASE = re.compile(
    r"\b(?:disease|illness)(?:'s)? (?:duration|history)\b|\b(?:duration|history) of (?:the |their )?(?:disease|illness)\b"
)
_DISEASE = frozenset(("duration of the disease",))
_LEAD = re.compile(r"[a-z-]+ +$")
_REACH = 75
_NO_SUBJECT = frozenset(
    re.findall(
        r"\w+",
        """
    the and for with from that this than more less over last past previous prior within during before since recent
    recently least most have has had not who whom which were was are been being any other others some such use used using
    uses usage taking taken take takes receiving received receive receipt history patient patients participant
    participants subject subjects people person drug drugs medication medications medicine medicines treatment treatments
    therapy therapies treated disease diseases disorder disorders condition conditions study studies trial trials clinical
    inclusion exclusion criteria include includes including presence absence lack without non months month weeks week days
    day years year old age aged time severe mild moderate chronic acute active current currently systemic known type types
    all both one two three four five six seven eight nine ten twelve no nor or in of on to at diagnosis diagnosed duration
    consumption under suffering especially affected enrollment enrolment entering entry start beginning into case cases
    is it an as be by if we do up so he she us vs iu mg kg ml cm mm ii iv im am pm id than
    number new normal except response increase decrease size
    """,
    )
)


@dataclass(frozen=True)
class Window:
    """A time in criteria: how long in days, what it is said of (stems of words), and in which sense."""

    days: float
    subject: frozenset[str]
    role: str
    sense: str
    place: Place


def _stem(word: str) -> str:
    word = word[:-1] if word.endswith("s") and not word.endswith(("ss", "ms", "is")) and len(word) > 3 else word
    if len(word) > 6:
        word = word.removesuffix("al").removesuffix("e")
    return word[:8]


def _windows(value: Value, excluding: bool) -> list[Window]:
    folded = value.folded
    begins = 0 if excluding else exclusion_begins(folded)
    ages = [(one.start, one.end) for one in age_limits(folded)]
    found = []
    floor = 0
    for unit in _UNIT.finditer(folded):
        amount = _AMOUNT.search(folded, max(0, unit.start() - 24), unit.start())
        if amount is None or (amount["n"] is None and unit[0].endswith("s")):
            continue
        start, end = amount.start(), unit.end()
        before = folded[max(0, start - 45) : start]
        after = folded[end : end + 25]
        is_age = unit["old"] or any(first <= start < last for first, last in ages)
        sense = None if is_age else _sense(folded[start:end], before, after)
        first = max(floor, start - _REACH, folded.rfind(". ", 0, start) + 1, folded.rfind(";", 0, start) + 1)
        if first < begins <= start:
            label = folded.find(":", begins, min(begins + 40, start))
            first = label + 1 if label >= 0 else begins
        floor = end
        if sense is None:
            continue
        words = folded[first:start]
        if sense == "long" and (_LONG_AFTER.match(after) or _TREATED_AFTER.match(after)):
            words += " " + _CLAUSE.match(folded, end, end + 40)[0]  # type: ignore[index]
        subject = frozenset([_stem(word) for word in _WORD.findall(words) if word not in _NO_SUBJECT])
        if _STABLE.search(words):
            sense = "stable"
        if not subject and sense == "long" and _OF_DISEASE.search(words):
            subject = _DISEASE
        place = value.place(_after_blank(folded, first, start), end)
        found.append(Window(_days(amount["n"], unit[0]), subject, "out" if start >= begins else "in", sense, place))
    return found


def _after_blank(folded: str, at: int, limit: int) -> int:
    if at and folded[at - 1] != " ":
        blank = folded.find(" ", at, limit)
        at = blank if blank >= 0 else limit
    while at < limit and folded[at] in " ,.;:)":
        at += 1
    return at


def _days(number: str | None, unit: str) -> float:
    """How long a time is in days; "the past month" is one month."""
    amount = 1.0 if number is None else float(number) if number[0].isdigit() else float(count(number) or 1)
    return amount * _DAYS[unit[0]]


def _sense(words: str, before: str, after: str) -> str | None:
    """``past`` for a time before the trial, ``long`` (``short``) for how long something lasts; None for other times."""
    if _AHEAD.search(before):
        return None
    if re.search(r"past|last|previous|recent|preceding", words) or _PAST_AFTER.match(after):
        return "past"
    if _PAST.search(before):
        return "past"
    if _LESS.search(before):
        return "short"
    if _LONG.search(before) or _LONG_AFTER.match(after):
        return "long"
    return None


@fact(cases=("summary_says", "criteria_says"))
def windows_differing(reading: Reading) -> Fact:
    """Times before the trial, or of a disease, that the summary and the detailed criteria give differently for the same thing."""
    r = reading.registration
    detailed = [(r.inclusion_criteria, False), (r.exclusion_criteria, True)]
    if not r.criteria_summary.given:
        return cannot_tell(r.criteria_summary.state.value, r.criteria_summary.field)
    if not any(value.given for value, _ in detailed):
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    if foreign := unread(r.criteria_summary, r.inclusion_criteria, r.exclusion_criteria):
        return foreign
    short = _windows(r.criteria_summary, False)
    if not short:
        return cannot_tell("text", "the summary names no time before the trial and no duration")
    full = [window for value, excluding in detailed if value.given for window in _windows(value, excluding)]
    cases = []
    compared = False
    for one in short:
        other = _counterpart(one, full)
        if other is None:
            continue
        compared = True
        if _counterpart(other, short) is one and not _same(one, other):
            places = tuple(_shown(window.place, one.subject & other.subject) for window in (one, other))
            said: dict[str, object] = {"summary_says": places[0].quote, "criteria_says": places[1].quote}
            cases.append(Case(said, places))
    return listed(cases) if compared else cannot_tell("text", "summary and criteria name no time of the same thing")


def _counterpart(one: Window, among: list[Window]) -> Window | None:
    """The window of the same thing in the same sense: one of the same length if there is one, else the most alike."""
    alike = [w for w in among if w.role == one.role and w.sense == one.sense and w.subject & one.subject]
    if not alike:
        return None
    return max(alike, key=lambda w: (_same(w, one), len(w.subject & one.subject)))


def _shown(place: Place, shared: frozenset[str]) -> Place:
    """The words from the first one that both texts have, with up to two words before it."""
    folded = place.value.folded
    first = next((m.start() for m in _WORD.finditer(folded, place.start, place.end) if _stem(m[0]) in shared), place.start)
    for _ in range(2):
        lead = _LEAD.search(folded, place.start, first)
        first = lead.start() if lead else first
    return place.value.place(first, place.end)


def _same(one: Window, other: Window) -> bool:
    """Whether two times are the same: 4 weeks and one month are, 2 weeks and 4 weeks are not."""
    return abs(one.days - other.days) <= 0.12 * max(one.days, other.days)

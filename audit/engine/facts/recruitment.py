"""Facts on the time of recruitment: whether it is plausible, leaves time for follow-up, and is that of the texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from audit.engine.language import persian
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import sentence_at
from audit.model.dates import PartialDate, from_jalali
from audit.model.registration import Count, DateValue
from audit.model.result import Case, Fact, Phrase
from audit.model.span import GIVEN, Value

_SHORT = 7
_SOME = 10
_LONG = 3653
_PER_DAY = 20
_SLACK = timedelta(days=31)
_LEAST_FOLLOW_UP = 14
_SHORTFALL = timedelta(days=14)


def _pair(reading: Reading) -> tuple[DateValue, DateValue, Count] | None:
    """Return start and end of recruitment of one kind, both actual or else both expected, and the sample size of that kind."""
    r = reading.registration
    if r.actual_recruitment_start.date is not None and r.actual_recruitment_end.date is not None:
        size = r.actual_sample_size if r.actual_sample_size.number is not None else r.target_sample_size
        return r.actual_recruitment_start, r.actual_recruitment_end, size
    if r.expected_recruitment_start.date is not None and r.expected_recruitment_end.date is not None:
        return r.expected_recruitment_start, r.expected_recruitment_end, r.target_sample_size
    return None


@fact(cases=("days", "people", "problem"))
def odd_recruitment_windows(reading: Reading) -> Fact:
    """A time of recruitment that is too short or too long for the number of participants.

    Reported: one day, less than a week for more than 10 people, more than 20 people a day and centre, more than ten years.
    Trials that can enrol many at once (schools, vaccination, healthy volunteers, emergencies) are passed over when it is short.
    """
    r, pair = reading.registration, _pair(reading)
    if pair is None:
        return missing(r.expected_recruitment_start, r.expected_recruitment_end) or cannot_tell("unclear", "recruitment_end")
    start, end, size = pair
    assert start.date is not None
    assert end.date is not None
    longest = (end.date.last - start.date.first).days + 1
    shortest = (end.date.first - start.date.last).days
    if longest <= 0:
        return listed(())
    problem = ""
    if shortest > _LONG:
        problem = "more than ten years"
    elif (few := _too_short(reading, longest, size)) is not None:
        texts = (r.public_title, r.scientific_title, r.study_aim, r.design_summary, r.settings, r.criteria_summary)
        if reading.first("conduct.at_once", *texts):
            return cannot_tell("text", "the trial may enrol many people at once")
        problem = few
    if not problem:
        return listed(())
    places = [start.whole(), end.whole()] + ([size.whole()] if size.number is not None else [])
    return listed([Case({"days": max(1, shortest), "people": size.number, "problem": problem}, tuple(places))])


def _too_short(reading: Reading, days: int, size: Count) -> str | None:
    people = size.number
    if people is None:
        return None
    if days <= 1 < people:
        return "one day"
    if days <= _SHORT and people > _SOME:
        return "not more than a week"
    centres = reading.registration.centres
    if centres.state is GIVEN and people / (days * len(centres)) > _PER_DAY:
        return Phrase("more than {number} people a day in each centre", number=_PER_DAY)
    return None


_OF_AGE = re.compile(
    r"\b(?:(?:post-?[ ]?menstrual|corrected|gestational|chronological|postnatal) age|of age|of gestation|years? old)\b"
)
"""A time that counts from birth or conception, not from enrolment."""


@fact(cases=("completion", "end", "follow_up"))
def follow_up_cut_off(reading: Reading) -> Fact:
    """A completion date that leaves the last participant less than the longest follow-up.

    Four fifths of the longest time point suffice. Time points that depend on events are passed over, and terminated trials.
    """
    r = reading.registration
    if (unsaid := missing(r.completion_date)) is not None:
        return unsaid
    end, longest = reading.fact("recruitment_end"), reading.fact("longest_follow_up_days")
    if r.completion_date.date is None:
        return cannot_tell("unclear", r.completion_date.field)
    if not isinstance(end.value, PartialDate):
        return Fact(reason=end.reason)
    if not isinstance(longest.value, float):
        return Fact(reason=longest.reason)
    if r.recruitment_status.code in ("terminated", "withdrawn"):
        return cannot_tell("text", "a trial that was stopped may have followed nobody to the end")
    timepoint = longest.places[0].value
    if reading.first("conduct.driven_by_events", timepoint) or _OF_AGE.search(timepoint.folded):
        return cannot_tell("text", "the longest time point depends on an event")
    completion = r.completion_date.date
    if longest.value < _LEAST_FOLLOW_UP:
        return listed(())
    if completion.last < end.value.first and (r.actual_recruitment_end.date or r.recruitment_status.code == "complete"):
        return listed(())  # before the actual end is another matter, and an expected end may have been cut short
    needed = end.value.first + timedelta(days=0.8 * longest.value)
    if completion.last + _SHORTFALL > needed:
        return listed(())
    said: dict[str, object] = {"completion": completion, "end": end.value, "follow_up": round(longest.value)}
    return listed([Case(said, (r.completion_date.whole(), *end.places, *longest.places))])


_MONTHS = re.findall(r"\w+", "jan feb mar apr may jun jul aug sep oct nov dec")
_JALALI = re.findall(r"\w+", "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|farvardin|ordibehesht?|khordad|tir|a?mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand)"
)
_YEAR = r"(?:20[0-3]\d|13[89]\d|14[01]\d)"
_DATE = (
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ,]{{1,2}})?(?P<m{{n}}>{_MONTH})\b\.?(?:[ ,]{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?(?=[ ,]))?"
    rf"(?:[ ,]{{1,3}}(?:of )?(?P<y{{n}}>{_YEAR})\b)?"
    rf"|(?P<ny{{n}}>{_YEAR})[/.-](?P<nm{{n}}>\d{{1,2}})(?:[/.-]\d{{1,2}})?(?![\d/])"
    rf"|(?P<yy{{n}}>{_YEAR})\b)"
)
_LEAD = (
    r"\b(?P<lead>from|between|in|during|since|years?|period|time)(?: (?:of|the|from|between|years?|months?|period|time)){0,3} "
)
_WINDOW = re.compile(
    rf"(?:{_LEAD})?\b{_DATE.replace('{n}', '1')}(?:(?P<sep> ?(?:to|until|till|through|and|up to|-)(?: the)?(?: end of| year| years)? ?)"
    rf"{_DATE.replace('{n}', '2')})?"
)
_SOME_YEAR = re.compile(rf"\b{_YEAR}\b")
_PERSIAN_YEARS = re.compile(
    r"(?:در|طی|طول|از) {1,2}سال(?: {0,2}های?)? {0,2}(1[34]\d\d)(?: {0,2}(?:تا|الی|لغایت|-|و) {0,2}(?:سال {1,2})?(1[34]\d\d))?(?!\d)"
)
_AMOUNT_AFTER = re.compile(
    r"[ -]{0,2}(?:n-?cov|novel|new|corona\w*|covid\w*|sars\w*|mg|ml|cc|ug|g\b|gr\b|kcal|cal|iu|units?|patients|participants|women|people|cases|subjects|m\b|meters?|%)"
)


@dataclass(frozen=True)
class _Stretch:
    """A stretch of time in a text: its first and last possible day, and whether the text gives both its ends."""

    start: int
    end: int
    first: date
    first_end: date
    last: date
    closed: bool


@lru_cache(maxsize=256)
def _stretches(folded: str) -> tuple[_Stretch, ...]:
    """Return the stretches of time that a folded text names by months or years.

    >>> [(str(s.first), str(s.last)) for s in _stretches("patients seen from november to march 2020, or in 1399")]
    [('2019-11-01', '2020-03-31'), ('2020-03-20', '2021-03-20')]
    """
    if not _SOME_YEAR.search(folded):
        return ()
    return tuple(one for match in _WINDOW.finditer(folded) if (one := _stretch(folded, match)) is not None)


def _stretch(folded: str, match: re.Match[str]) -> _Stretch | None:
    counts = "year" not in match[0] and _AMOUNT_AFTER.match(folded, match.end())  # of "1401 patients", but not of a year
    one, two = _numbers(match, "1"), _numbers(match, "2") if match["sep"] else None
    if two is None:
        if one[0] is None or not match["lead"] or match["lead"] in ("since", "time", "period"):
            return None
        if match["lead"] in ("from", "between") or counts:
            return None
        known = _month(one[0], one[1])
        return _Stretch(match.start(), match.end(), *known, known[1], closed=False) if known else None
    if not match["lead"] and (one[1] is None or two[1] is None):
        return None
    if counts:
        return None
    year1, month1 = one
    year2, month2 = two
    if year1 is None and year2 is not None:
        year1 = year2 - (month1 is not None and month2 is not None and month1 > month2)
    if year2 is None and year1 is not None:
        year2 = year1 + (month1 is not None and month2 is not None and month1 > month2)
    if year1 is None or year2 is None or (year1 > 1500) != (year2 > 1500):
        return None
    begin, stop = _month(year1, month1), _month(year2, month2)
    if begin is None or stop is None or stop[1] < begin[0]:
        return None
    begun_by = begin[1] if month1 is not None else stop[1]  # of "2020-2021" either year may be that of the start
    return _Stretch(match.start(), match.end(), begin[0], begun_by, stop[1], closed=True)


def _in_text(value: Value) -> tuple[_Stretch, ...]:
    """Return the stretches of time in a text; of a Persian text only years that are called so."""
    if not persian(value):
        return _stretches(value.folded)
    found = []
    for match in _PERSIAN_YEARS.finditer(value.persian):
        first, last = _month(int(match[1]), None), _month(int(match[2] or match[1]), None)
        if first is not None and last is not None and first[0] < last[1]:
            found.append(_Stretch(match.start(), match.end(), first[0], last[1], last[1], closed=bool(match[2])))
    return tuple(found)


def _numbers(match: re.Match[str], n: str) -> tuple[int | None, int | None]:
    """Return year and month (13 to 24 for months of the Jalali calendar) of a date."""
    if match[f"ny{n}"]:
        year, month = int(match[f"ny{n}"]), int(match[f"nm{n}"])
        return year, (month + 12 if year < 1500 else month) if 1 <= month <= 12 else None
    if match[f"yy{n}"]:
        return int(match[f"yy{n}"]), None
    word, year_text = match[f"m{n}"], match[f"y{n}"]
    if word[:3] in _MONTHS and not word.startswith("mord"):
        month = _MONTHS.index(word[:3]) + 1
    else:
        month = 13 + next(at for at, name in enumerate(_JALALI) if name[:3] == word.removeprefix("a")[:3] or name[:3] == word[:3])
    return (int(year_text) if year_text else None), month


def _month(year: int, month: int | None) -> tuple[date, date] | None:
    """Return the first and last day of a month or year of the calendar that the year is of; None where they disagree."""
    if year > 1500:
        if month is not None and month > 12:
            return None
        known = PartialDate.of(year, month)
        return known.first, known.last
    if month is not None and month <= 12:
        return None
    first = from_jalali(year, (month - 12) if month else 1, 1)
    after = from_jalali(year + 1, 1, 1) if month in (None, 24) else from_jalali(year, (month or 0) - 11, 1)
    return (first, after - timedelta(days=1)) if first and after else None


@fact(cases=("text", "window"))
def times_in_text_differing(reading: Reading) -> Fact:
    """Times of the trial in its texts ("from April 2019 to May 2020") that lie before or after its recruitment and completion.

    A month of slack is given. Sentences on approvals, guidelines, earlier studies and outbreaks are passed over.
    """
    r = reading.registration
    starts = [v for v in (r.actual_recruitment_start, r.expected_recruitment_start) if v.date is not None]
    if not starts:
        return Fact(reason=reading.fact("recruitment_start").reason)
    ends = [v for v in (r.actual_recruitment_end, r.expected_recruitment_end, r.completion_date) if v.date is not None]
    texts = (
        r.public_title,
        r.scientific_title,
        r.study_aim,
        r.design_summary,
        r.settings,
        r.criteria_summary,
        r.inclusion_criteria,
        r.randomization_description,
    )
    found = [(value, one) for value in texts if value.given for one in _in_text(value)]
    found = [(value, one) for value, one in found if _of_the_trial(reading, value, one)]
    if not found:
        return cannot_tell("text", "no text says from when to when the trial takes place")
    return listed(case for value, one in found for case in _outside(value, one, starts, ends))


def _of_the_trial(reading: Reading, value: Value, one: _Stretch) -> bool:
    begin, stop = sentence_at(value.folded, one.start)
    if any(begin <= hit.start < stop for hit in reading.find("conduct.other_dates", value)):
        return False
    return value.field.endswith("title") or any(begin <= hit.start < stop for hit in reading.find("conduct.takes_place", value))


def _outside(value: Value, one: _Stretch, starts: list[DateValue], ends: list[DateValue]) -> Iterator[Case]:
    first = min(v.date.first for v in starts if v.date)
    last = max((v.date.last for v in ends if v.date), default=None)
    before = (one.first_end if one.closed else one.last) + _SLACK < first
    after = last is not None and one.first - _SLACK > last
    if before or after:
        place = value.place(one.start, one.end)
        shown = [*starts, *ends]
        start, end = starts[0].date, ends[0].date if ends else None
        window = Phrase("{start} to {end}", start=start, end=end) if end and end != start else start
        yield Case({"text": place.quote, "window": window}, (place, *(v.whole() for v in shown)))


@fact
def past_tense_share(reading: Reading) -> Fact:
    """The share of the sentences on the conduct of the trial that are in the past tense, in whole per cent."""
    texts = _on_conduct(reading)
    if not texts:
        r = reading.registration
        return missing(r.settings, r.design_summary) or cannot_tell("unclear", r.settings.field)
    done, planned = _told_as_done(reading, texts), reading.find("conduct.planned", *texts)
    if not done:
        return Fact(0) if planned else cannot_tell("text", "no sentence says how the trial is done")
    share = round(100 * len(done) / (len(done) + len(planned)))
    return Fact(share, tuple(hit.place for hit in done[:3]))


@fact
def past_tense_sentences(reading: Reading) -> Fact:
    """How many different sentences tell the conduct of the trial in the past tense."""
    return Fact(len({hit.text for hit in _told_as_done(reading, _on_conduct(reading))}))


def _on_conduct(reading: Reading) -> list[Value]:
    r = reading.registration
    texts = (r.design_summary, r.settings, r.arms_summary, r.randomization_description, r.blinding_description)
    return [value for value in (*texts, *(arm.description for arm in r.arms)) if value.given]


def _told_as_done(reading: Reading, texts: list[Value]) -> list[Hit]:
    """Return the words that tell conduct as done; clauses on what patients had before are none."""
    asides = [(hit.value, hit.start) for hit in reading.find("conduct.aside", *texts)]
    return [
        hit
        for hit in reading.find("conduct.done", *texts)
        if not any(value is hit.value and hit.start <= start < hit.end for value, start in asides)
    ]


@fact
def written_before_end(reading: Reading) -> Fact:
    """Whether the texts are of a day before the end of recruitment: the last update is, or the trial is still open."""
    r = reading.registration
    end, status = reading.fact("recruitment_end"), r.recruitment_status
    written = r.last_update if r.last_update.date is not None else r.registration_date
    if status.code == "pending":
        return Fact(True, (status.whole(),))
    if written.date is None or (r.last_update.date is None and r.update_count.number != 0):
        return missing(r.last_update) or cannot_tell("unclear", r.last_update.field)
    if not isinstance(end.value, PartialDate):
        return Fact(reason=end.reason)
    return Fact(written.date.last < end.value.first, (written.whole(), *end.places))

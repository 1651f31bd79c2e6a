"""Facts on when outcomes are measured: times left open, what is no time, only a baseline, beyond the trial, which session."""

import re
from collections.abc import Callable, Iterator

from audit.engine.language import persian
from audit.engine.numbers import count
from audit.engine.outcome_lists import Listed, bare, no_outcomes, outcomes_of, says_nothing, secondary_unknown
from audit.engine.reading import Hit, Reading, cannot_tell, day, fact, listed
from audit.engine.timepoints import moments
from audit.model.dates import PartialDate
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[a-z]{3,}")
_ONLY_NUMBERS = re.compile(r"(?:[\d\s,;.&/()+*-]|\b(?:and|to|or|then|th|st|nd|rd)\b)+")
_NUMBERS_THEN = re.compile(
    r"\s*\d+(?:\s?(?:,|-|;|/|and|&)\s?\d+){1,12}\s?,?\s*(?=(?:after|before|post|following|from)\b)(?:after|before|post|following|from)\b[^\d]*"
)
_HARDLY = 1.0 / 24
_SAME_DAY = re.compile(r"\b(?:same|single|one|per|a|each|every) day\b|\bdaily\b|\bhours?\b")
_Test = Callable[[Reading, Listed], bool]


@fact(cases=("time", "outcomes"))
def vague_time_points(reading: Reading) -> Fact:
    """Time points without a number, a frequency or a defined event ("during the study"), or that are one long window.

    One case for each wording, with the outcomes that have it.
    """
    return _grouped(reading, _left_open)


@fact
def vague_time_points_are_ends(reading: Reading) -> Fact:
    """Whether all vague time points are the end of a treatment whose length an arm or the summary gives."""
    found = reading.fact("vague_time_points")
    if found.value is None:
        return Fact(reason=found.reason)
    if not all("end" in place.value.folded or "complet" in place.value.folded for place in found.places):
        return Fact(False)
    r = reading.registration
    texts = [arm.description for arm in r.arms] + [r.arms_summary, r.settings]
    return Fact(any(one.bound for text in texts if text.given for one in moments(text.folded)))


@fact(cases=("time", "outcomes"))
def time_points_that_are_no_times(reading: Reading) -> Fact:
    """Time points that are a dosing code, bare numbers, names of months, an answer or an instrument; one case a wording."""
    return _grouped(reading, _no_time)


def _grouped(reading: Reading, wrong: _Test) -> Fact:
    if nothing := no_outcomes(reading):
        return nothing
    cases: dict[str, tuple[list[str], list[Place], str]] = {}
    read = foreign = False
    for one in outcomes_of(reading):
        time = one.outcome.timepoint
        if not time.given or says_nothing(time):
            continue
        if persian(time) and not reading.first("timepoints.open", time):
            foreign = True
            continue
        read = True
        if wrong(reading, one):
            names, places, _ = cases.setdefault(bare(time.folded), ([], [], " ".join(time.text.split())))
            names.append(one.name)
            places.append(time.whole())
    if not read:
        about = "primary_outcomes"
        return cannot_tell("language", about) if foreign else cannot_tell("unknown", about)
    return listed(
        Case({"time": said, "outcomes": tuple(dict.fromkeys(names))}, tuple(places)) for names, places, said in cases.values()
    )


def _left_open(reading: Reading, one: Listed) -> bool:
    time, said = one.outcome.timepoint, one.outcome.description
    if persian(time):
        return not _DIGIT.search(time.persian) and not reading.first("timepoints.named_in_persian", time)
    if _is_window(reading, time):
        return not (said.given and reading.first("timepoints.over_time", said))
    if _DIGIT.search(time.folded) or moments(time.folded):
        return False
    if not reading.first("timepoints.open", time) or reading.first(("timepoints.event", "timepoints.often"), time):
        return False
    return not (said.given and (moments(said.folded) or reading.first(("timepoints.often", "timepoints.event"), said)))


def _is_window(reading: Reading, time: Value) -> bool:
    hit = reading.first("timepoints.window", time)
    return hit is not None and len(moments(hit.text)) == 1 and not reading.first("timepoints.often", time)


def _no_time(reading: Reading, one: Listed) -> bool:
    time = one.outcome.timepoint
    folded = time.folded
    if persian(time):
        return False
    if reading.first(("timepoints.dosing", "timepoints.answer"), time):
        return True
    if moments(folded):
        return False
    if reading.first("timepoints.calendar", time):
        return bool(reading.first("timepoints.calendar_name", time)) or bool(_bare_numbers(reading, time))
    if _DIGIT.search(folded):
        return _bare_numbers(reading, time)
    return bool(reading.first("timepoints.instrument", time)) and not reading.first(
        ("timepoints.time_word", "timepoints.event", "timepoints.often", "timepoints.open"), time
    )


def _bare_numbers(reading: Reading, time: Value) -> bool:
    """Whether there are only numbers without a unit, or such numbers and then "after the treatment"."""
    folded = time.folded.strip(" .")
    if _ONLY_NUMBERS.fullmatch(folded):
        return folded not in ("0", "00")
    return bool(_NUMBERS_THEN.fullmatch(folded)) and not reading.first("timepoints.coded_number", time)


@fact(cases=("outcomes", "time"))
def outcomes_measured_at_baseline_only(reading: Reading) -> Fact:
    """Outcomes whose only time point is before the intervention: at baseline, at enrolment, on admission."""
    later: list[frozenset[str]] = []
    for one in outcomes_of(reading):
        time = one.outcome.timepoint
        if time.given and (reading.first("timepoints.later", time) or any(moment.days > 0 for moment in moments(time.folded))):
            later.append(_content(one))

    def only(reading: Reading, one: Listed) -> bool:
        words = _content(one)
        return _baseline_only(reading, one) and not any(2 * len(words & other) >= len(words) for other in later)

    return _grouped(reading, only)


def _content(one: Listed) -> frozenset[str]:
    return frozenset(word[:6] for word in _LETTERS.findall(one.outcome.description.folded))


def _baseline_only(reading: Reading, one: Listed) -> bool:
    time, said = one.outcome.timepoint, one.outcome.description
    if persian(time) or not reading.first("timepoints.baseline", time) or reading.first("timepoints.later", time):
        return False
    if any(moment.days > 0 for moment in moments(time.folded)) or _DIGIT.search(time.folded):
        return False
    if said.given and (moments(said.folded) or reading.first(("timepoints.later", "timepoints.over_time"), said)):
        return False
    return " and " not in time.folded and "," not in time.folded


@fact(cases=("outcomes", "time", "lasts"))
def time_points_beyond_the_trial(reading: Reading) -> Fact:
    """Outcomes measured later than the trial lasts: the time point is longer than from the first enrolment to the completion.

    Times that are an upper bound ("up to", "average of"), or that may be counted from before the trial, are not compared.
    """
    if nothing := no_outcomes(reading):
        return nothing
    r = reading.registration
    if not r.completion_date.given or (last := day(r.completion_date.date)) is None:
        return cannot_tell(r.completion_date.state.value if not r.completion_date.given else "unclear", "completion_date")
    start = reading.fact("recruitment_start")
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    lasts = (last - start.value.first).days
    if lasts <= 0:
        return cannot_tell("text", "the trial is completed before it starts")
    if r.recruitment_status.code in ("terminated", "withdrawn"):
        return cannot_tell("text", "the trial was stopped before its end")
    cases: dict[str, tuple[list[str], list[Place]]] = {}
    read = False
    for one in outcomes_of(reading):
        for length, place in _firm_times(reading, one):
            read = True
            if length > lasts * 1.1 + 14:
                names, places = cases.setdefault(" ".join(place.quote.split()), ([], []))
                names.append(one.name)
                places.append(place)
            break
    if not read:
        return cannot_tell("text", "no time point is given in days, weeks, months or years")
    ends = (*start.places, r.completion_date.whole())
    return listed(
        Case({"outcomes": tuple(dict.fromkeys(names)), "time": time, "lasts": lasts}, (*places, *ends))
        for time, (names, places) in cases.items()
    )


def _firm_times(reading: Reading, one: Listed) -> Iterator[tuple[float, Place]]:
    """The times of an outcome that are no bounds and no frequencies, in days, the longest first."""
    time = one.outcome.timepoint
    if not time.given or persian(time) or reading.first("timepoints.from_before", time):
        return
    if one.outcome.description.given and reading.first("timepoints.from_before", one.outcome.description):
        return
    firm = [moment for moment in moments(time.folded) if moment.days > _HARDLY and not (moment.often or moment.bound)]
    for moment in sorted(firm, key=lambda m: -m.days):
        yield moment.days, time.place(moment.start, moment.end)


@fact(cases=("time", "outcomes", "sessions"))
def time_points_after_one_of_several_sessions(reading: Reading) -> Fact:
    """Time points "after the treatment" of a treatment in several sessions days or weeks apart: after which one is not said."""
    if nothing := no_outcomes(reading):
        return nothing
    r = reading.registration
    texts = [*(arm.description for arm in r.arms), r.arms_summary]
    if not any(text.given for text in texts):
        return cannot_tell(r.arms.state.value, "arms")
    sessions = _sessions(reading, texts)
    if sessions is None:
        return cannot_tell("text", "no treatment in several sessions apart from each other is recognised")

    def unsaid(reading: Reading, one: Listed) -> bool:
        time = one.outcome.timepoint
        return bool(reading.first("timepoints.between_sessions", time)) and not reading.first("timepoints.which_one", time)

    found = _grouped(reading, unsaid)
    if found.value is None:
        return found
    said = " ".join(sessions.quote.split())
    return listed(Case({**case.values, "sessions": said}, (*case.places, sessions)) for case in found.cases)


def _sessions(reading: Reading, texts: list[Value]) -> Place | None:
    """Where a treatment in several sessions that are days apart is said, if it is none of teaching or training."""
    for hit in reading.find(("timepoints.sessions", "timepoints.times_apart"), *texts):
        begin = hit.start - 30
        if _SAME_DAY.search(hit.value.folded, max(0, begin), hit.end) or _near(reading, "timepoints.taught", hit, begin - 60):
            continue
        if any(hit.start <= other.start <= hit.start + 40 for other in reading.find("timepoints.per_week", hit.value)):
            continue
        if _near(reading, "timepoints.spaced", hit, begin):
            return hit.value.place(hit.start, hit.end)
    return None


def _near(reading: Reading, name: str, hit: Hit, begin: int) -> bool:
    """Whether the pattern *name* stands between *begin* and the end of *hit*."""
    return any(begin <= other.start < hit.end for other in reading.find(name, hit.value))


@fact(cases=("followed", "last"))
def follow_up_lengths_differing(reading: Reading) -> Fact:
    """How long the participants are followed according to summary or arms, where no outcome is measured that late.

    Compared only when every time point is given in days, weeks, months or years.
    """
    if unknown := secondary_unknown(reading):
        return unknown
    r = reading.registration
    texts = [r.settings, r.arms_summary, r.design_summary, *(arm.description for arm in r.arms)]
    if not any(text.given for text in texts):
        return cannot_tell(r.settings.state.value, r.settings.field)
    followed = [
        (_length(hit.match), hit.place)
        for hit in reading.find("timepoints.followed", *texts)
        if not _near(reading, "timepoints.not_of_this_trial", hit, hit.start - 45)
    ]
    if not followed:
        return cannot_tell("text", "no length of the follow-up is given in the summary or the arms")
    latest: tuple[float, Place] | None = None
    for one in outcomes_of(reading):
        time = one.outcome.timepoint
        parts = [part for part in (time, one.outcome.description, one.outcome.method) if part.given]
        if not time.given or any(persian(part) for part in parts) or _is_open(reading, parts):
            return cannot_tell("text", "a time point is not given in days, weeks, months or years")
        times = [(moment.days, part.place(moment.start, moment.end)) for part in parts for moment in moments(part.folded)]
        if not times:
            return cannot_tell("text", "a time point is not given in days, weeks, months or years")
        latest = max([*times, *([latest] if latest else [])], key=lambda pair: pair[0])
    if latest is None:
        return cannot_tell("empty", "primary_outcomes")
    longest = max(followed, key=lambda pair: pair[0])
    if longest[0] < 7 or longest[0] <= latest[0] * 1.35:
        return listed(())
    said = [" ".join(place.quote.split()) for _, place in (longest, latest)]
    return listed([Case({"followed": said[0], "last": said[1]}, (longest[1], latest[1]))])


def _is_open(reading: Reading, parts: list[Value]) -> bool:
    """Return whether a time depends on a follow-up, a visit or an event; "until week 12" and the name of a scale of events do not."""
    for hit in reading.find("timepoints.follow_up", *parts):
        until_a_time = hit.text in ("until", "till") and any(0 <= one.start - hit.end <= 5 for one in moments(hit.value.folded))
        if not until_a_time and not (hit.text.startswith("event") and hit.value is not parts[0]):
            return True
    return False


def _length(match: re.Match[str]) -> float:
    number, unit = match["n"] or match["n2"], match["u"] or match["u2"]
    whole = 24 if number.startswith("twenty") else 18 if number == "eighteen" else count(number) or 1
    return whole * {"d": 1.0, "w": 7.0, "m": 30.4, "y": 365.0}[unit[0]]

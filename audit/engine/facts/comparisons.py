"""Facts that need other records of the run: another language or copy of the record, the same trial elsewhere, its like, its texts.

``Registration.others`` has the records that may have to do with this one (`audit.engine.across`); here their texts are compared.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from audit.engine.kinship import (
    Passage,
    codes,
    linked,
    methods,
    number,
    own_number,
    runs,
    shared,
    similarity,
    strangers,
    team,
    words,
)
from audit.engine.reading import Reading, cannot_tell, fact, listed, missing
from audit.model.dates import PartialDate
from audit.model.registration import Age, Coded, Count, DateValue, Registration
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_LANGUAGE = "this needs the record in its other language"
_COPY = "this needs another copy of the record"
_REGISTRY = "this needs the same trial's record in the other registry"
_RECORDS = "this needs other records to compare with"
_OTHER_TITLE = "the other record under this number has another title"
_OLDER = "the copy was made before the record was last changed"
_UPDATES = "the two were last changed on different days"
_NEAR = 0.8
"""So much of the runs of three words is common to near-duplicates: about 0.9 of the runs of five letters."""
_LEAST_RUNS = 15
_HALF = 0.5
_DESIGN = frozenset(
    re.findall(
        r"\w+",
        """
    a an the of and or for in at to by on with without versus vs only single double triple blind blinded masked open label
    randomized randomised random controlled control clinical trial study placebo parallel group groups arm center centre multi
    multicenter multicentre multicentric cluster prospective interventional experimental quasi protocol effect effects
    evaluation evaluating evaluate investigation investigating assessment assessing comparison comparing efficacy effectiveness
    patient patients participant participants subject subjects
    """,
    )
)
"""Words of a title that say how a trial is done, and not which it is."""
_MONTH, _YEAR = timedelta(days=31), timedelta(days=366)
_TYPED = (
    *("registration_date", "expected_recruitment_start", "expected_recruitment_end", "actual_recruitment_start"),
    *("actual_recruitment_end", "completion_date", "target_sample_size", "minimum_age", "maximum_age", "sex", "study_type"),
    *("purpose", "phase", "randomization", "blinding", "placebo", "assignment"),
)
"""What every form of a record has as a day, a number or one of a few choices, told alike in every language."""
_CHANGING = ("recruitment_status", "actual_sample_size")
_OPEN, _OVER = frozenset({"pending", "recruiting"}), frozenset({"complete", "terminated", "withdrawn"})
_SPREADSHEET = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}")


def _others(reading: Reading) -> tuple[Registration, ...]:
    return reading.registration.others or ()


def _same_trial(reading: Reading, *, language: bool) -> list[Registration]:
    """Return the other records under the same number, in the other *language* or in the same."""
    record = reading.registration
    own = own_number(record)
    return [one for one in _others(reading) if own and own_number(one) == own and (one.language != record.language) is language]


@fact(cases=("part", "here", "there"))
def languages_differ(reading: Reading) -> Fact:
    """Where the English and the Persian version give other dates, numbers, ages or choices."""
    found = _same_trial(reading, language=True)
    if not found:
        return cannot_tell("text", _LANGUAGE)
    if _apart(reading.registration.last_update, found[0].last_update):
        return cannot_tell("text", _UPDATES)
    return listed(_case(here, there) for here, there in _differing(reading.registration, found[0], (*_TYPED, *_CHANGING)))


@fact(cases=("part", "here", "there"))
def copies_differ(reading: Reading) -> Fact:
    """Where the registry's page, its XML and the WHO's copy give other dates, numbers, ages or choices."""
    found = _same_trial(reading, language=False)
    if not found:
        return cannot_tell("text", _COPY)
    here, there = reading.registration, found[0]
    if not _alike_in_title(here, there):
        return cannot_tell("text", _OTHER_TITLE)
    if _apart(here.last_update, there.last_update) or _older(here, there) or _older(there, here):
        return cannot_tell("text", _OLDER)
    return listed(_case(*pair) for pair in (*_differing(here, there, _TYPED), *_turned(here.phase, there.phase)))


def _older(copy: Registration, record: Registration) -> bool:
    """Return whether *copy* was made before *record* was last changed."""
    made, changed = copy.exported.date, record.last_update.date
    return made is not None and changed is not None and made.first <= changed.last


def _turned(here: Coded, there: Coded) -> Iterator[tuple[Value, Value]]:
    """Yield two phases of which one was turned into a day by a spreadsheet."""
    if here.given and there.given and bool(_SPREADSHEET.match(here.text)) is not bool(_SPREADSHEET.match(there.text)):
        yield here, there


@fact(cases=("part", "here", "there"))
def registries_differ(reading: Reading) -> Fact:
    """Where two registries' records of one trial differ in status, start or size."""
    record = reading.registration
    found = [one for one in _others(reading) if _elsewhere(record, one)]
    if not found:
        return cannot_tell("text", _REGISTRY)
    firsts = {own_number(other): other for other in reversed(found)}
    return listed(_case(*pair) for other in reversed(firsts.values()) for pair in _of_two_registries(record, other))


def _elsewhere(record: Registration, other: Registration) -> bool:
    """Return whether *other* is the same trial in another registry: one names the other, and their titles have much in common."""
    if other.registry == record.registry or own_number(other) == own_number(record) or not linked(record, other):
        return False
    return _alike_in_title(record, other)


def _alike_in_title(one: Registration, other: Registration) -> bool:
    """Return whether half of the words that the titles of two records have are common, or a title is the same."""
    here, there = ([set(_telling(title)) for title in _titles(record)] for record in (one, other))
    return any(a == b for a in here for b in there) or similarity(set().union(*here), set().union(*there)) >= _HALF


def _of_two_registries(here: Registration, there: Registration) -> Iterator[tuple[Value, Value]]:
    pair = {here.recruitment_status.code, there.recruitment_status.code}
    if pair & _OPEN and pair & _OVER:
        yield here.recruitment_status, there.recruitment_status
    starts = _start(here), _start(there)
    if _apart(*starts, by=_MONTH):
        yield starts
    sizes = here.target_sample_size, there.target_sample_size
    kinds = {one.sample_size_type.code for one in (here, there)}
    if _differ(*sizes) and "EUCTR" not in (here.registry, there.registry) and "actual" not in kinds:
        yield sizes


def _start(record: Registration) -> DateValue:
    actual = record.actual_recruitment_start
    return actual if actual.date is not None else record.expected_recruitment_start


def _differing(here: Registration, there: Registration, names: Iterable[str]) -> Iterator[tuple[Value, Value]]:
    """Yield the fields *names* of which both records say something that is understood and not the same."""
    for name in names:
        if _differ(getattr(here, name), getattr(there, name)):
            yield getattr(here, name), getattr(there, name)


def _differ(here: Value, there: Value) -> bool:
    if not (here.given and there.given) or here.cut or there.cut:
        return False
    if isinstance(here, DateValue) and isinstance(there, DateValue):
        return _apart(here, there)
    if isinstance(here, Age) and isinstance(there, Age):
        limits = [one.years if one.limited else None for one in (here, there)]
        return None not in limits and abs((limits[0] or 0) - (limits[1] or 0)) > 0.02
    if isinstance(here, Count) and isinstance(there, Count):
        return None not in (here.number, there.number) and here.number != there.number
    if isinstance(here, Coded) and isinstance(there, Coded):
        return None not in (here.code, there.code) and here.code != there.code
    return False


def _apart(here: DateValue, there: DateValue, by: timedelta = timedelta()) -> bool:
    """Return whether two dates, as far as they are known, are certainly not the same and more than *by* apart."""
    return here.date is not None and there.date is not None and _gap(here.date, there.date) > by


def _gap(here: PartialDate, there: PartialDate) -> timedelta:
    """Return the least time between two dates that may be known in part."""
    return max(here.first - there.last, there.first - here.last, timedelta())


def _case(here: Value, there: Value) -> Case:
    return Case({"part": here.label or here.field.replace("_", " "), "here": here, "there": there}, (here.whole(), there.whole()))


@fact(cases=("other", "similarity"))
def near_duplicates(reading: Reading) -> Fact:
    """The records under another number, with the same title, that have nearly the same groups and outcomes and start at the time."""
    record = reading.registration
    if record.others is None:
        return cannot_tell("text", _RECORDS)
    if unsaid := missing(record.trial_id):
        return unsaid
    said = runs(record)
    if len(said) < _LEAST_RUNS or not any(_titles(record)):
        return cannot_tell("text", "titles, groups and outcomes are too short to be compared")
    found = {own_number(other): case for other in reversed(record.others) if (case := _near(record, said, other)) is not None}
    return listed(found[number] for number in dict.fromkeys(map(own_number, record.others)) if number in found)


def _near(record: Registration, said: set[str], other: Registration) -> Case | None:
    if not other.trial_id.given or own_number(other) == own_number(record) or linked(record, other):
        return None
    if _apart(_start(record), _start(other), by=_YEAR) or (alike := similarity(said, runs(other))) < _NEAR:
        return None
    titles = next(((a, b) for a in _titles(record) for b in _titles(other) if _same_title(a, b)), None)
    if titles is None:
        return None
    places = [record.trial_id.whole(), other.trial_id.whole(), *(title.whole() for title in titles)]
    for name in ("arms", "primary_outcomes"):
        first = [
            next((item.description for item in getattr(one, name) if item.description.given), None) for one in (record, other)
        ]
        if first[0] is not None and first[1] is not None:
            places += [value.whole() for value in first if value is not None]
            break
    if all(_start(one).given for one in (record, other)):
        places += [_start(record).whole(), _start(other).whole()]
    return Case({"other": other.trial_id, "similarity": round(alike, 2)}, tuple(places))


def _titles(record: Registration) -> list[Value]:
    return [title for title in (record.public_title, record.scientific_title) if title.given]


def _telling(title: Value) -> tuple[str, ...]:
    """Return the words of a title that tell it from others, in order."""
    return tuple(sorted(set(words(title.text)) - _DESIGN))


def _same_title(one: Value, other: Value) -> bool:
    """Return whether two titles have the same words, however joined: another drug, disease, age or number is another trial."""
    return _telling(one) == _telling(other) or "".join(words(one.text)) == "".join(words(other.text))


@fact(cases=("part", "others"))
def shared_passages(reading: Reading) -> Fact:
    """The passages on allocation or blinding that stand word for word in the records of two other teams at least."""
    record = reading.registration
    if record.others is None:
        return cannot_tell("text", _RECORDS)
    given = [value for value in methods(record) if value.given]
    if not given:
        return missing(*methods(record)) or listed(())
    own, ours = own_number(record), team(record)
    if not ours:
        return cannot_tell("text", "nobody is named behind the record, so that other teams cannot be told")
    strange = [
        other for other in record.others
        if own_number(other) not in ("", own) and strangers(ours, team(other)) and not linked(record, other)
    ]  # fmt: skip
    return listed(case for value in given if (case := _shared_by_teams(value, strange)) is not None)


def _shared_by_teams(value: Value, strange: Sequence[Registration]) -> Case | None:
    found = [(other, both) for other in strange if (both := shared((value,), methods(other))).here]
    for said in dict.fromkeys(passage.said for _, both in found for passage in both.here):
        with_it = [(other, both) for other, both in found if any(passage.said == said for passage in both.here)]
        apart = [pair for at, pair in enumerate(with_it) if all(strangers(team(pair[0]), team(one)) for one, _ in with_it[:at])]
        if len(apart) >= 2:
            common = set.intersection(*({passage.said for passage in both.here} for _, both in apart))
            places = [_joined([passage for passage in apart[0][1].here if passage.said in common])]
            places += [_joined([passage for passage in both.there if passage.said in common]) for _, both in apart]
            label = value.label or value.field.replace("_", " ")
            return Case({"part": label, "others": tuple(other.trial_id for other, _ in apart)}, tuple(places))
    return None


def _joined(found: Sequence[Passage]) -> Place:
    """Return the place of sentences of one value that follow one on another, else of the longest of them."""
    value = found[0].place.value
    first, last = min(one.place.start for one in found), max(one.place.end for one in found)
    said = sum(len(one.said.split()) for one in found)
    if all(one.place.value is value for one in found) and said == len(words(value.persian[first:last])):
        return value.place(first, last)
    return max(found, key=lambda one: len(one.said)).place


@fact(cases=("code", "others"))
def codes_elsewhere(reading: Reading) -> Fact:
    """The ethics codes of the record that stand in the records of other trials too."""
    record = reading.registration
    if record.others is None:
        return cannot_tell("text", _RECORDS)
    if unsaid := missing(record.ethics_reviews, record.trial_id):
        return unsaid
    mine = codes(record)
    if not mine:
        return cannot_tell("text", "no ethics code is given that would tell one approval from another")
    own = own_number(record)
    apart = [one for one in record.others if own_number(one) not in ("", own) and not linked(record, one)]
    cases = []
    for code, value in mine.items():
        if found := {number(other.trial_id.text): (other, codes(other)[code]) for other in apart if code in codes(other)}:
            places = [value.whole()]
            for other, there in found.values():
                places += [there.whole(), *(title.whole() for title in _titles(other)[:1])]
            cases.append(Case({"code": value, "others": tuple(other.trial_id for other, _ in found.values())}, tuple(places)))
    return listed(cases)

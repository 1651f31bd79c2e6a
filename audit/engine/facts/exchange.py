"""Facts on what an export did to a record: phases turned into dates, and dates in several or unclear forms."""

import re
from collections.abc import Iterator

from audit.engine.reading import Reading, fact, listed
from audit.model.registration import DateValue
from audit.model.result import Case, Fact
from audit.model.span import Value

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_AS_DATE = re.compile(
    rf"\W*(?:(?:19|20)\d\d-\d\d-\d\d(?:[ t]00:00(?::00)?)?|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d.{{0,16}}|\d{{1,2}}-{_MONTH}(?:-\d\d(?:\d\d)?)?|{_MONTH}-\d{{1,2}}|4[34]\d\d\d)\W*"
)
_FORMS = {
    "year first": re.compile(r"(?:19|20)\d\d-\d\d?-\d\d?(?:[ t][\d:.]+z?)?"),
    "digits only": re.compile(r"(?:19|20)\d{6}"),
    "month in words": re.compile(rf"(?:{_MONTH}\.? \d{{1,2}},? \d{{4}}|\d{{1,2}}[ -]{_MONTH}[ -]\d{{4}})"),
    "slashes": re.compile(r"\d{1,2}/\d{1,2}/\d{4}(?: .{0,14})?"),
}
_UNCLEAR = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")


@fact
def from_structured_file(reading: Reading) -> Fact:
    """Whether the record was read from a table or another structured file, not from a page."""
    return Fact(reading.registration.source.kind == "structured")


@fact(cases=("written", "problem"))
def exchange_problems(reading: Reading) -> Fact:
    """Phases that became dates, dates whose day and month cannot be told apart, and dates in several forms in one record."""
    return listed(_problems(reading))


def _problems(reading: Reading) -> Iterator[Case]:
    phase = reading.registration.phase
    if phase.given and _AS_DATE.fullmatch(phase.folded):
        yield Case({"written": phase.text.strip(), "problem": "a phase has become a date"}, (phase.whole(),))
    dates = [value for value in reading.registration.values if isinstance(value, DateValue) and value.given]
    for value in dates:
        match = _UNCLEAR.match(value.folded.strip()) if value.date is None else None
        if match and int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2]:
            yield Case({"written": value.text.strip(), "problem": "day and month cannot be told apart"}, (value.whole(),))
    forms: dict[str, Value] = {}
    for value in dates:
        text = value.folded.strip()
        form = next((name for name, pattern in _FORMS.items() if pattern.fullmatch(text)), None)
        if form is not None:
            forms.setdefault(form, value)
    if len(forms) > 1:
        written = tuple(value.text.strip() for value in forms.values())
        yield Case({"written": written, "problem": "dates in several forms"}, tuple(v.whole() for v in forms.values()))


@fact
def damaged_by_export(reading: Reading) -> Fact:
    """Whether an export made something unreadable: a phase or a date; several forms of dates alone are an inconvenience."""
    cases = reading.fact("exchange_problems").cases
    worse = [case for case in cases if case.values["problem"] != "dates in several forms"]
    return Fact(bool(worse), tuple(place for case in worse for place in case.places))

"""Facts on the data-sharing plan: what it says of the participants' data and of the other documents, and what it leaves out."""

import re
from collections.abc import Iterator
from datetime import date

from audit.engine.blank import left_blank
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.dates import PartialDate, from_jalali
from audit.model.registration import Registration, Sharing
from audit.model.result import Case, Fact, Phrase
from audit.model.span import ABSENT, EMPTY, UNKNOWN, Value

_ICMJE_SINCE = date(2019, 1, 1)
_NOT_IN_A_TRIAL = ("protocol", "sap", "icf")
_ENOUGH_ROWS = 5
_NEAR = 30
_DATA = re.compile(r"\b(?:data|datasets?|ipd)\b")
_NOT = re.compile(r"\b(?:not|never)\b")
_YEAR = re.compile(r"(?<![\d/.-])(20[0-4]\d|1[34]\d\d)(?![\d])")
_DOCUMENTS = {
    "ipd": "individual participant data",
    "protocol": "study protocol",
    "sap": "statistical analysis plan",
    "icf": "informed consent form",
    "csr": "clinical study report",
    "code": "analytic code",
    "dictionary": "data dictionary",
}


@fact
def ipd_sharing_plan(reading: Reading) -> Fact:
    """The plan to share individual participant data: ``yes``, ``no``, ``undecided`` or ``not_applicable``."""
    row = _row(reading, "ipd")
    if row is None:
        heading = reading.registration.sharing.heading
        return missing(heading) or cannot_tell("unknown", heading.field)
    if row.plan.code is None:
        return missing(row.plan) or cannot_tell("unclear", row.plan.field)
    return Fact(row.plan.code, (row.plan.whole(),))


def _row(reading: Reading, document: str) -> Sharing | None:
    return next((row for row in reading.registration.sharing if row.document == document), None)


@fact
def ipd_plan_answered(reading: Reading) -> Fact:
    """Whether the record says anything on the sharing of individual participant data."""
    rows, row = reading.registration.sharing, _row(reading, "ipd")
    value = rows.heading if row is None else row.plan
    if row is not None and row.plan.given:
        return Fact(True, (row.plan.whole(),))
    if (left_blank(reading, value) and not rows.items) or (row is not None and left_blank(reading, row.plan)):
        return Fact(False, (value.whole(),))
    return missing(value) or cannot_tell("unknown", rows.heading.field)


@fact
def undecided_documents(reading: Reading) -> Fact:
    """The documents whose sharing is undecided: ``ipd``, ``protocol``, ``sap``, ``icf``, ``csr``, ``code``, ``dictionary``."""
    rows = reading.registration.sharing
    if not rows.items:
        return missing(rows.heading) or cannot_tell("unclear", rows.heading.field)
    undecided = [row for row in rows if row.plan.code == "undecided"]
    return Fact(tuple(row.document for row in undecided), tuple(row.plan.whole() for row in undecided))


@fact
def enrols_since_icmje_2019(reading: Reading) -> Fact:
    """Whether the first enrolment is of 2019 or later, when journals began to ask for a sharing plan in the registration."""
    start = reading.fact("recruitment_start")
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    if start.value.first >= _ICMJE_SINCE:
        return Fact(True, start.places)
    return Fact(False, start.places) if start.value.last < _ICMJE_SINCE else cannot_tell("unclear", "recruitment_start")


@fact
def sharing_reason_given(reading: Reading) -> Fact:
    """Whether the plan gives a reason for not sharing or not deciding; a page that shows no such row gives none."""
    r = reading.registration
    told = r.sharing_details.given and not _of_other_documents(r)
    for value in (r.sharing_reason, *((r.sharing_details,) if told else ())):
        if value.given:
            return Fact(True, (value.whole(),))
    if r.sharing_reason.state in (EMPTY, ABSENT):
        return Fact(False, (r.sharing_reason.whole(),) if r.sharing_reason.state is EMPTY else ())
    if r.sharing_details.state is EMPTY:
        return Fact(False, (r.sharing_details.whole(),))
    return cannot_tell("unknown", r.sharing_reason.field)


def _of_other_documents(r: Registration) -> bool:
    """Whether the details, which stand in rows of their own, tell of another document that is to be shared."""
    return r.sharing_title.state is not UNKNOWN and any(row.plan.code == "yes" for row in r.sharing)


@fact
def sharing_reason_says_nothing(reading: Reading) -> Fact:
    """Whether the reason for not sharing, or for indecision, is a placeholder or only repeats the answer."""
    r = reading.registration
    reason = r.sharing_reason if r.sharing_reason.state is not UNKNOWN else r.sharing_details
    if (unsaid := missing(reason)) is not None:
        return unsaid
    return Fact(_says_nothing(reading, reason), (reason.whole(),))


def _says_nothing(reading: Reading, value: Value) -> bool:
    if reading.first("sharing.placeholder", value):
        return True
    return bool(reading.first("sharing.repeats", value) and reading.first("sharing.denies", value))


@fact(cases=("answer", "lacking"))
def sharing_gaps(reading: Reading) -> Fact:
    """What a plan that says yes leaves out: which data, when, to whom, on what terms, how; only rows that are shown count."""
    row = _row(reading, "ipd")
    if row is None or row.plan.code is None:
        return Fact(reason=reading.fact("ipd_sharing_plan").reason)
    if row.plan.code != "yes":
        return listed(())
    r = reading.registration
    parts: dict[str, tuple[Value, ...]] = {
        "which data": (r.sharing_title,),
        "when and for how long": (r.sharing_when,),
        "to whom": (r.sharing_whom,),
        "under which criteria": (r.sharing_criteria,),
        "where and how": (r.sharing_where, r.sharing_process),
    }
    every = [value for values in parts.values() for value in values]
    if all(value.state is UNKNOWN for value in every):
        return cannot_tell("unknown", "sharing_details")
    own = r.sharing_details if r.sharing_title.state is UNKNOWN else r.sharing_title  # on a page, the details are the rows
    texts = [value for value in (own, r.sharing_criteria, r.sharing_where) if value.given]
    lacking = {
        name: values
        for name, values in parts.items()
        if all(_nothing(reading, value) for value in values)
        and not (name == "when and for how long" and reading.first("sharing.time", own, r.sharing_criteria))
    }
    if not lacking:
        return listed(())
    if r.sharing_process.state is UNKNOWN and reading.first("sharing.link", *texts):
        return cannot_tell("text", "the plan refers to a web page for its details")
    shown = (value.whole() for values in lacking.values() for value in values if value.state is not ABSENT)
    return listed([Case({"answer": row.plan, "lacking": tuple(lacking)}, (row.plan.whole(), *shown))])


def _nothing(reading: Reading, value: Value) -> bool:
    return value.state in (EMPTY, ABSENT) or (value.given and reading.first("sharing.placeholder", value) is not None)


@fact(cases=("answer", "lacking"))
def every_document_refused(reading: Reading) -> Fact:
    """A plan that refuses every document that it names: protocol, analysis plan and report as well as the data."""
    rows = reading.registration.sharing
    if not rows.items:
        return missing(rows.heading) or cannot_tell("unknown", rows.heading.field)
    codes = [row.plan.code for row in rows]
    if len(codes) < _ENOUGH_ROWS or any(code != "no" for code in codes):
        return listed(())
    names = tuple(_DOCUMENTS[row.document] for row in rows)
    return listed([Case({"answer": rows[0].plan, "lacking": names}, tuple(row.plan.whole() for row in rows))])


@fact(cases=("document", "answer"))
def documents_not_applicable(reading: Reading) -> Fact:
    """Documents that every trial has (protocol, analysis plan, consent form) and whose sharing is said not to apply."""
    rows = reading.registration.sharing
    if not rows.items:
        return missing(rows.heading) or cannot_tell("unknown", rows.heading.field)
    return listed(
        Case({"document": _DOCUMENTS[row.document], "answer": row.plan}, (row.plan.whole(),))
        for row in rows
        if row.document in _NOT_IN_A_TRIAL and row.plan.code == "not_applicable"
    )


@fact(cases=("answer", "details"))
def sharing_contradictions(reading: Reading) -> Fact:
    """Details that describe access to data whose sharing is refused, that refuse what is promised, or that are too early."""
    row = _row(reading, "ipd")
    if row is None or row.plan.code is None:
        return Fact(reason=reading.fact("ipd_sharing_plan").reason)
    return listed(_contradictions(reading, row))


def _contradictions(reading: Reading, row: Sharing) -> Iterator[Case]:
    r = reading.registration
    details = (r.sharing_title, r.sharing_when, r.sharing_whom, r.sharing_criteria, r.sharing_where, r.sharing_process)
    texts = [v for v in (r.sharing_reason, *details) if v.given]
    texts = texts or [v for v in (r.sharing_details,) if v.given]
    others = any(one.plan.code == "yes" for one in r.sharing)
    if row.plan.code == "no" and not others:
        for value in texts:
            hit = reading.first("sharing.offered", value)
            if hit and not reading.first(("sharing.refused", "sharing.internal"), value) and not _of_results(reading, hit):
                yield Case({"answer": row.plan, "details": hit.place.quote}, (row.plan.whole(), hit.place))
                return
    if row.plan.code == "no" and others and r.sharing_reason.given:
        hit = reading.first("sharing.offered", r.sharing_reason)  # the reason why these data are not shared, not another document
        if (
            hit
            and _DATA.search(hit.text + r.sharing_reason.folded[max(0, hit.start - 25) : hit.start])
            and not (reading.first(("sharing.refused", "sharing.internal"), r.sharing_reason) or _of_results(reading, hit))
        ):
            yield Case({"answer": row.plan, "details": hit.place.quote}, (row.plan.whole(), hit.place))
            return
    if row.plan.code == "yes":
        for value in texts:
            hit = reading.first("sharing.refused", value)
            offers = [one for one in reading.find("sharing.offered", value) if not _NOT.search(one.text)]
            offered = hit and any(one.end <= hit.start or hit.end <= one.start for one in offers)
            if hit and not offered and not reading.first("sharing.identifying", value):
                yield Case({"answer": row.plan, "details": hit.place.quote}, (row.plan.whole(), hit.place))
                return
        yield from _too_early(reading, row)


def _of_results(reading: Reading, offer: Hit) -> bool:
    """Whether what is offered are results or an article, not the data."""
    found = reading.find("sharing.results_only", offer.value)
    return any(offer.start - _NEAR <= one.start < offer.end for one in found)


def _too_early(reading: Reading, row: Sharing) -> Iterator[Case]:
    """The years in the row on when the data are shared, where the last of them is over before the first enrolment."""
    when, start = reading.registration.sharing_when, reading.fact("recruitment_start")
    years = list(_YEAR.finditer(when.folded))
    if not years or not isinstance(start.value, PartialDate):
        return
    ends = [_last_day(int(match[1])) for match in years]
    if all(end is not None and end < start.value.first for end in ends):
        yield Case({"answer": row.plan, "details": when.text.strip()}, (row.plan.whole(), when.whole(), *start.places))


def _last_day(year: int) -> date | None:
    return date(year, 12, 31) if year > 1900 else from_jalali(year, 12, 29)


@fact(cases=("answer", "details"))
def data_without_dictionary(reading: Reading) -> Fact:
    """Data that are to be shared without the data dictionary that explains them."""
    data, dictionary = _row(reading, "ipd"), _row(reading, "dictionary")
    if data is None or data.plan.code is None:
        return Fact(reason=reading.fact("ipd_sharing_plan").reason)
    if dictionary is None or dictionary.plan.code is None:
        return listed(())
    if (data.plan.code, dictionary.plan.code) != ("yes", "no"):
        return listed(())
    answers: dict[str, object] = {
        "answer": data.plan,
        "details": Phrase("Data Dictionary: {answer}", answer=dictionary.plan.text),
    }
    return listed([Case(answers, (data.plan.whole(), dictionary.plan.whole()))])

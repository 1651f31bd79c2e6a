"""Facts on the ethics reviews: what is missing, when they were given, and whether an Iranian code is well formed."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from audit.engine.reading import Reading, cannot_tell, day, fact, listed, missing
from audit.model.dates import PartialDate, from_jalali, to_jalali
from audit.model.fold import fold_persian
from audit.model.registration import DateValue, EthicsReview
from audit.model.result import Case, Fact
from audit.model.span import Place, State, Value

_CODE = re.compile(r"(?<![A-Za-z0-9])IR\.[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.REC\.1[34]\d\d\.\d{1,12}(?![A-Za-z0-9])")
_NATIONAL = re.compile(r"(?<![a-z0-9])ir ?[.,_/-] ?[a-z]{2,}")
_COMMITTEE_CODE = re.compile(r"[a-z]{2,} ?[.,_/ -] ?rec(?![a-z])")
_YEAR = re.compile(r"(?<!\d)1[34]\d\d(?!\d)")
_CODE_YEAR = re.compile(r"(?<![a-z])rec[^a-z0-9]{0,3}(1[34]\d\d)(?!\d)")
_NATIONAL_SINCE = 1395
"""Jalali year from which Iranian committees used the national code throughout; it came up in 1394."""
_NEAR_NOWRUZ = timedelta(days=93)


@fact(cases=("committee", "missing"))
def ethics_gaps(reading: Reading) -> Fact:
    """Ethics reviews without the name of the committee, the day of approval or a reference; or no review at all.

    A review that is said to be not required lacks nothing.
    """
    reviews = reading.registration.ethics_reviews
    if not reviews.items:
        if reviews.state is not State.EMPTY:
            return cannot_tell(reviews.state.value, reviews.heading.field)
        everything = ("committee", "approval date", "reference")
        return listed([Case({"committee": None, "missing": everything}, (reviews.heading.whole(),))])
    if all(value.state is State.UNKNOWN for review in reviews for value in _parts(review).values()):
        return cannot_tell("unknown", reviews.heading.field)
    return listed(case for review in reviews for case in _gaps(reading, review))


def _no_reviews(heading: Value) -> Fact:
    return missing(heading) or cannot_tell("unclear", heading.field)


def _parts(review: EthicsReview) -> dict[str, Value]:
    return {"committee": review.committee, "approval date": review.approval_date, "reference": review.reference}


def _gaps(reading: Reading, review: EthicsReview) -> Iterator[Case]:
    parts = _parts(review)
    if reading.first("ethics.exempt", *(value for value in parts.values() if _in_words(value))):
        return
    gaps = {name: value for name, value in parts.items() if _nothing(reading, value)}
    if not gaps:
        return
    shown = [*gaps.values(), *([review.committee] if review.committee.given else [])]
    yield Case(
        {"committee": review.committee.text if review.committee.given else None, "missing": tuple(gaps)},
        tuple(value.whole() for value in shown),
    )


def _nothing(reading: Reading, value: Value) -> bool:
    if value.state is State.EMPTY:
        return True
    return _in_words(value) and reading.first(("ethics.placeholder", "ethics.awaited"), value) is not None


def _in_words(value: Value) -> bool:
    if isinstance(value, DateValue):
        return value.given and value.date is None
    return value.given and not _CODE_YEAR.search(value.folded)


@fact
def approved_before_start(reading: Reading) -> Fact:
    """Whether the earliest ethics approval is not later than the first enrolment (actual, else expected)."""
    reviews, start = reading.registration.ethics_reviews, reading.fact("recruitment_start")
    if not reviews.items:
        return _no_reviews(reviews.heading)
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    approvals = [(review.approval_date.date, review.approval_date) for review in reviews]
    dated = [(when, value) for when, value in approvals if when is not None]
    if not dated:
        unclear = reviews[0].approval_date
        return missing(unclear) or cannot_tell("unclear", unclear.field)
    when, value = min(dated, key=lambda one: one[0].first)
    late = when.first > start.value.last
    if late and len(dated) < len(reviews):
        return cannot_tell("text", "another committee has no approval date, which may be the earliest")
    return Fact(not late, (value.whole(), *start.places))


@fact
def approved_before_registration(reading: Reading) -> Fact:
    """Whether the earliest ethics approval is not later than the registration of the trial."""
    reviews, registered = reading.registration.ethics_reviews, reading.registration.registration_date
    if not reviews.items:
        return _no_reviews(reviews.heading)
    if registered.date is None:
        return missing(registered) or cannot_tell("unclear", registered.field)
    approvals = [(review.approval_date.date, review.approval_date) for review in reviews]
    dated = [(when, value) for when, value in approvals if when is not None]
    if not dated:
        unclear = reviews[0].approval_date
        return missing(unclear) or cannot_tell("unclear", unclear.field)
    when, value = min(dated, key=lambda one: one[0].first)
    late = when.first > registered.date.last
    if late and len(dated) < len(reviews):
        return cannot_tell("text", "another committee has no approval date, which may be the earliest")
    return Fact(not late, (value.whole(), registered.whole()))


@fact
def days_from_approval_to_start(reading: Reading) -> Fact:
    """The days from the latest ethics approval to the first enrolment, where both are known to the day."""
    reviews, start = reading.registration.ethics_reviews, reading.fact("recruitment_start")
    if not reviews.items:
        return _no_reviews(reviews.heading)
    if not isinstance(start.value, PartialDate):
        return Fact(reason=start.reason)
    began = day(start.value)
    approvals = [(day(review.approval_date.date), review.approval_date) for review in reviews]
    if began is None or any(when is None for when, _ in approvals):
        unclear = next((value for when, value in approvals if when is None), reviews[0].approval_date)
        return missing(unclear) or cannot_tell("unclear", unclear.field)
    when, value = max(((when, value) for when, value in approvals if when is not None), key=lambda one: one[0])
    return Fact((began - when).days, (value.whole(), *start.places))


@fact(cases=("reference",))
def malformed_ethics_codes(reading: Reading) -> Fact:
    """References of Iranian committees that are not of the form IR.<institution>.REC.<Jalali year>.<number>.

    Source: the national code of the committees' web site, in use since 1394. References of other kinds (foreign
    committees, older numbers) are not looked at.
    """
    reviews = reading.registration.ethics_reviews
    if not reviews.items:
        return _no_reviews(reviews.heading)
    national = [review.reference for review in reviews if _is_national(review)]
    if not national:
        given = [review.reference for review in reviews if review.reference.given]
        return (not given and missing(reviews[0].reference)) or cannot_tell(
            "text", "no ethics reference is recognised as a national code of Iran"
        )
    plain = reading.registration.language == "fa"  # on a Persian page Persian digits are right
    return listed(
        Case({"reference": value.text.strip()}, (_trimmed(value),)) for value in national if not _well_formed(value, plain)
    )


def _is_national(review: EthicsReview) -> bool:
    text, country = review.reference.folded, review.contact.country
    if not text or (country.given and "iran" not in country.folded and "ایران" not in fold_persian(country.text)):
        return False
    if _NATIONAL.search(text):
        return True
    if not _COMMITTEE_CODE.search(text):
        return False
    year = _YEAR.search(text)
    approved = day(review.approval_date.date)
    known = int(year[0]) if year else to_jalali(approved)[0] if approved else 0
    return known >= _NATIONAL_SINCE


def _well_formed(value: Value, plain_digits: bool) -> bool:
    text = fold_persian(value.text) if plain_digits else value.text
    rest = _CODE.sub(" ", text)
    return rest != text and not _NATIONAL.search(rest.lower()) and not _COMMITTEE_CODE.search(rest.lower())


def _trimmed(value: Value) -> Place:
    start = len(value.text) - len(value.text.lstrip())
    return value.place(start, len(value.text.rstrip()))


@fact(cases=("code_year", "approval", "approval_year", "years"))
def ethics_year_differences(reading: Reading) -> Fact:
    """Ethics codes whose year is not the Jalali year of the approval; of several codes in one field the nearest counts."""
    reviews = reading.registration.ethics_reviews
    if not reviews.items:
        return _no_reviews(reviews.heading)
    compared = [case for review in reviews if (case := _years(review)) is not None]
    if not compared:
        return cannot_tell("text", "no ethics code with a year stands beside a day of approval")
    return listed(case for case in compared if case.values["years"])


def _years(review: EthicsReview) -> Case | None:
    years = list(_CODE_YEAR.finditer(review.reference.folded))
    approved = day(review.approval_date.date)
    if not years or approved is None:
        return None
    approval_year = to_jalali(approved)[0]
    nearest = min(years, key=lambda match: abs(int(match[1]) - approval_year))
    values: dict[str, object] = {
        "code_year": int(nearest[1]),
        "approval": review.approval_date.date,
        "approval_year": approval_year,
        "years": abs(int(nearest[1]) - approval_year),
    }
    return Case(values, (_trimmed(review.reference), review.approval_date.whole()))


@fact
def largest_ethics_year_difference(reading: Reading) -> Fact:
    """The most years by which an ethics code and its approval differ; 0.5 for one year within three months of Nowruz."""
    differences = reading.fact("ethics_year_differences")
    if differences.value is None:
        return Fact(reason=differences.reason)
    return Fact(max((_weight(case) for case in differences.cases), default=0.0), differences.places)


def _weight(case: Case) -> float:
    years = int(str(case.values["years"]))
    nowruz = from_jalali(max(int(str(case.values["code_year"])), int(str(case.values["approval_year"]))), 1, 1)
    near = nowruz is not None and abs(date.fromisoformat(str(case.values["approval"])) - nowruz) <= _NEAR_NOWRUZ
    return 0.5 if years == 1 and near else float(years)

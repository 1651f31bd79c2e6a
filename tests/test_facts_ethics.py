"""Facts on ethics reviews: a small record -> what is missing, late or malformed."""

from datetime import date

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills FACTS
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")
COMMITTEE = "Ethics committee of Northfield University"


def said(name, *reviews, **record):
    record["ethics_reviews"] = [{"committee": COMMITTEE, **review} for review in reviews]
    return Reading(registration(record), VOCABULARY, date(2026, 6, 11)).fact(name)


def review(reference="IR.NFU.REC.1399.523", approval_date="2020-06-17", **more):
    return {"reference": reference, "approval_date": approval_date, **more}


@pytest.mark.parametrize(
    ("one", "gaps"),
    [
        (review(), None),
        (review("14/2020"), None),
        (review(approval_date="soon"), None),
        (review("exempt"), None),
        (review("Approval is not required", approval_date="empty"), None),
        (review("empty"), ("reference",)),
        (review("-"), ("reference",)),
        (review("N/A"), ("reference",)),
        (review("will be added later"), ("reference",)),
        (review("empty", "empty"), ("approval date", "reference")),
        (review(committee="empty"), ("committee",)),
    ],
)
def test_gaps(one, gaps):
    fact = said("ethics_gaps", one)

    assert [case.values["missing"] for case in fact.cases] == ([] if gaps is None else [gaps])


def test_no_review_and_no_view_of_reviews():
    assert said("ethics_gaps").cases[0].values["missing"] == ("committee", "approval date", "reference")
    assert Reading(registration({}), VOCABULARY, date(2026, 6, 11)).fact("ethics_gaps").value is None


@pytest.mark.parametrize(
    ("approvals", "start", "before"),
    [
        (["2020-06-17"], "2020-08-05", True),
        (["2020-08-05"], "2020-08-05", True),
        (["2020-08-06"], "2020-08-05", False),
        (["2021-01-01", "2020-06-17"], "2020-08-05", True),
        (["2021-01-01", "2020-09-17"], "2020-08-05", False),
        (["2020-08-20"], "2020-08", True),
        (["2020-09-01"], "2020-08", False),
        (["2020-09-17", "empty"], "2020-08-05", None),
        (["2020-06-17", "empty"], "2020-08-05", True),
        (["empty"], "2020-08-05", None),
        (["2020-06-17"], "empty", None),
    ],
)
def test_approved_before_start(approvals, start, before):
    reviews = [review(approval_date=one) for one in approvals]

    assert said("approved_before_start", *reviews, expected_recruitment_start=start).value is before


@pytest.mark.parametrize(
    "reference",
    [
        "IR.NFU.REC.1399.523",
        " IR.NFU.REC.1399.523 ",
        "IR.NFU.SKIN.REC.1402.014",
        "IR.NFU.RES-1.VCR.REC.1400.9",
        "IR.NFU.REC.1396.9411342",
        "Approval code: IR.NFU.REC.1399.523.",
        "IR.NFU.REC.1399.523; IR.HILL.REC.1399.012",
        "IR.NFU.REC.1399.523 (approved)",
    ],
)
def test_well_formed_codes(reference):
    assert said("malformed_ethics_codes", review(reference)).value == 0


@pytest.mark.parametrize(
    "reference",
    [
        "NFU.REC.1399",
        "IR.NFU.REC.99.123",
        "ir.nfu.rec.1399.123",
        "IR.NFU.REC 1399.123",
        "IR NFU REC 1399 123",
        "IR. NFU.REC.1399.123",
        "IR.NFU.REC.14OO.123",
        "IR.NFU.REC.۱۳۹۹.۱۲۳",
        "IR.NFU.REC.1399",
        "IR.NFU.1399.123",
        "IR.NFU.REC.2020.123",
        "NFU.REC.1402/33",
        "IR.NFU.RCE.1399.123",
        "IR-NFU-REC-1399-123",
        "IR.NFU.REC.1399.523 and IR.HILL.REC.99.12",
    ],
)
def test_malformed_codes(reference):
    fact = said("malformed_ethics_codes", review(reference))

    assert [case.values["reference"] for case in fact.cases] == [reference]
    assert fact.cases[0].places[0].quote == reference


@pytest.mark.parametrize(
    "one",
    [
        review("IRB-2020-117"),
        review("IRCT20990101099991N1"),
        review("91/2/113", "2012-06-17"),
        review("NFU-REC-1391-113", "2012-06-17"),
        review("Recommendation 14"),
        review("REC 19/LO/0117", country="United Kingdom"),
        review("IR.NFU.REC.99.123", country="Iraq"),
        review("empty"),
    ],
)
def test_codes_that_are_not_looked_at(one):
    fact = said("malformed_ethics_codes", one)

    assert fact.value is None
    assert fact.reason is not None


def test_persian_digits_are_right_on_a_persian_page():
    one = review("IR.NFU.REC.۱۳۹۹.۱۲۳")

    assert said("malformed_ethics_codes", one, language="fa").value == 0


@pytest.mark.parametrize(
    ("reference", "approval", "difference"),
    [
        ("IR.NFU.REC.1399.523", "2020-06-17, 1399/03/28", 0),
        ("IR.NFU.REC.1399.980", "2021-03-20", 0),
        ("IR.NFU.REC.1399.980", "2021-03-21", 0.5),
        ("IR.NFU.REC.1399.980", "2021-06-10", 0.5),
        ("IR.NFU.REC.1399.980", "2021-07-10", 1),
        ("IR.NFU.REC.1400.003", "2021-02-10", 0.5),
        ("IR.NFU.REC.1400.003", "2020-10-10", 1),
        ("IR.NFU.REC.1396.12", "2023-05-22", 6),
        ("IR.NFU.REC 1396/12", "2023-05-22", 6),
        ("IR.NFU.REC.1397.100, IR.NFU.REC.1399.523", "2020-06-17", 0),
        ("14/2020", "2020-06-17", None),
        ("IR.NFU.REC.1399.523", "empty", None),
        ("IR.NFU.REC.1399.523", "2020-06", None),
    ],
)
def test_year_of_the_code(reference, approval, difference):
    assert said("largest_ethics_year_difference", review(reference, approval)).value == difference

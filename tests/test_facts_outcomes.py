"""Outcomes of the summary against those registered, and time points."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(Path(folder("checks")) / "vocabulary")


def fact(name, **record):
    return Reading(registration(record), VOCABULARY, date(2024, 1, 1)).fact(name)


@pytest.mark.parametrize(
    ("summary", "primary", "secondary"),
    [
        ("FBS and lipid profile", ["Fasting blood glucose"], ["LDL"]),
        ("Anthropometric indices, glucose homeostasis", ["HbA1c"], ["Waist circumference"]),
        ("Shivering", ["Incidence of shivering after surgery"], []),
        ("Number of deaths; duration of hospitalization", ["Mortality"], ["Length of hospital stay"]),
        ("side effects; pain", ["Pain at rest"], []),
        ("Success of treatment", ["Radiographic healing"], []),
        ("Lung involvement", ["lung involvement"], []),
        ("Quality of life (physical, mental)", ["SF-36"], []),
        ("Intraocular pressure", ["IOP in the morning"], []),
        ("Surgical wound dehiscence", ["SWD"], []),
        ("Return of spontaneous circulation", ["ROSC"], []),
        ("First episode of AF", ["AF within a year"], []),
        ("Itch at night", ["Pruritus score"], []),
        ("Stool frequency in children with constipation", ["Number of defecations"], []),
        ("Severity of seizures", ["Epileptic attacks per week"], []),
        ("25-hydroxyvitamin D; PTH", ["Vitamin D level"], ["Parathyroid hormone"]),
        ("Use of morphine", ["Amount of opioid in the first day"], []),
        ("Skin elasticity", ["Wrinkle score"], []),
        ("Need for help at home", ["Qwertz questionnaire"], []),
        ("Components of the metabolic syndrome", ["Waist circumference"], []),
    ],
)
def test_outcomes_that_agree(summary, primary, secondary):
    found = fact(
        "outcomes_differing_from_summary", outcomes_summary=summary, primary_outcomes=primary, secondary_outcomes=secondary
    )

    assert found.cases == ()


def test_outcomes_that_differ():
    found = fact(
        "outcomes_differing_from_summary",
        outcomes_summary="side effects, serum cytokines, quality of life",
        primary_outcomes=["Itching", "Hair loss"],
        secondary_outcomes=["Blood pressure"],
    )

    assert [(case.values["summary_only"], case.values["registered_only"]) for case in found.cases] == [
        ("serum cytokines; quality of life", "Itching; Hair loss")
    ]


@pytest.mark.parametrize(
    ("summary", "primary", "secondary"),
    [
        ("Visual acuity", ["Intraocular pressure"], ["Corneal thickness"]),
        ("Bone mineral density", ["Serum calcium"], ["Vitamin D level"]),
        ("Serum level of NGF", ["Depression score"], ["Anxiety score"]),
        ("Ulcer size", ["HbA1c", "FBS"], ["Lipid profile"]),
        ("Time to first flatus", ["Pain in the evening"], ["Opioid consumption"]),
        ("Sleep quality", ["Memory"], ["Cognitive function"]),
    ],
)
def test_outcomes_of_other_things_are_not_taken_for_the_same(summary, primary, secondary):
    record = {"outcomes_summary": summary, "primary_outcomes": primary, "secondary_outcomes": secondary}

    assert (
        fact("primary_outcome_in_summary", **record).value,
        fact("summary_outcomes_registered", **record).value,
    ) == (False, False)


def test_only_secondary_outcomes_are_in_the_summary():
    record = {"outcomes_summary": "satisfaction", "primary_outcomes": ["Bleeding"], "secondary_outcomes": ["Satisfaction"]}

    assert (
        fact("primary_outcome_in_summary", **record).value,
        fact("summary_outcomes_registered", **record).value,
    ) == (False, True)


def test_a_persian_summary_is_not_compared():
    assert fact("primary_outcome_in_summary", outcomes_summary="شدت درد", primary_outcomes=["Itching"]).reason.kind == "language"


@pytest.mark.parametrize(
    ("outcome", "missing"),
    [
        ({"description": "Weight", "timepoint": "week 8"}, 0),
        ({"description": "Weight", "timepoint": "empty"}, 1),
        ({"description": "Weight", "timepoint": "-"}, 1),
        ({"description": "Weight at the end of week 8", "timepoint": "empty"}, 0),
    ],
)
def test_time_points(outcome, missing):
    assert missing == fact("primary_outcomes_without_timepoint", primary_outcomes=[outcome]).value

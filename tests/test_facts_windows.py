"""Times and scales in criteria: which differ between summary and criteria, and which only look so."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(Path(folder("checks")) / "vocabulary")


def cases(name, summary, inclusion="any", exclusion="none"):
    record = {"criteria_summary": summary, "inclusion_criteria": inclusion, "exclusion_criteria": exclusion}
    return [
        tuple(place.quote for place in case.places)
        for case in Reading(registration(record), VOCABULARY, date(2024, 1, 1)).fact(name).cases
    ]


@pytest.mark.parametrize(
    ("summary", "inclusion", "exclusion", "differs"),
    [
        ("Exclusion criteria: antibiotics in the last 3 months", "acne", "antibiotics during the past 6 months", True),
        ("Exclusion criteria: antibiotics in the past month", "acne", "Antibiotics in the last 4 weeks", False),
        ("Exclusion criteria: antibiotics in the past week", "acne", "Antibiotics in the last 4 weeks", True),
        ("migraine for at least one year", "migraine for more than 12 months", "none", False),
        ("migraine for at least 2 years", "migraine for more than 6 months", "none", True),
        (
            "Exclusion criteria: stroke in last 3 months, infarction in last 6 months",
            "any",
            "infarction within 6 months; stroke within 3 months",
            False,
        ),
        ("antibiotics in the last 3 months", "any", "antibiotics in the last 6 months", False),
        ("Exclusion criteria: hormone therapy in the last 3 months", "any", "hormonal drugs in the last 6 months", True),
        ("treated with methadone for at least 3 months", "at least 6 months of methadone", "none", True),
        ("disease duration of more than 2 years", "duration of the disease more than 5 years", "none", True),
        ("vitiligo stable for 1 year", "vitiligo for at least 2 years, stable lesions for one year", "none", False),
        (
            "no relapse in the last month, MS for 6 months",
            "MS for at least six months; no relapse in last 4 weeks",
            "none",
            False,
        ),
        ("surgery after 3 months", "surgery after 6 months", "none", False),
        ("children 2 to 6 months old with colic", "Infants 3 to 8 months old with colic", "none", False),
    ],
)
def test_windows(summary, inclusion, exclusion, differs):
    assert differs is bool(cases("windows_differing", summary, inclusion, exclusion))


def test_the_quotes_show_the_subject_and_the_time():
    found = cases(
        "windows_differing",
        "Exclusion criteria: pregnancy, use of retinoids in the past 2 weeks",
        "acne",
        "Oral retinoids in the last 6 weeks",
    )

    assert found == [("use of retinoids in the past 2 weeks", "Oral retinoids in the last 6 weeks")]


@pytest.mark.parametrize(
    ("summary", "inclusion", "differs"),
    [
        ("PASI index 3 to10", "PASI 3-12", True),
        ("BMI 25-35", "body mass index between 25 and 35 kg/m2", False),
        ("BMI over 30", "BMI ≥ 30", False),
        ("BMI over 30", "BMI 30-40", False),
        ("BMI over 30", "BMI over 25", True),
        ("platelets below 40,000", "platelets < 40 x 1000", False),
        ("ABQ score 4 to 9", "ABQ from 4 to 12", True),
        ("30>BMI", "BMI less than 30", False),
    ],
)
def test_scales(summary, inclusion, differs):
    assert differs is bool(cases("scales_differing", summary, inclusion))


def test_inclusion_and_exclusion_are_kept_apart():
    assert cases("scales_differing", "Inclusion criteria: BMI over 25", "asthma", "BMI over 40") == []

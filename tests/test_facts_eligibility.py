"""Criteria on sex, pregnancy, numbers, look-back times and later events, in many wordings."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.criteria import items
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.model.span import Value
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(Path(folder("checks")) / "vocabulary")


def cases(fact, **record):
    return Reading(registration(record), VOCABULARY, date(2024, 1, 1)).fact(fact).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Gout; 2. age over 18", [("in", "Gout"), ("in", "age over 18")]),
        ("- Gout\n- Exclusion criteria: - cancer", [("in", "Gout"), ("out", "cancer")]),
        (
            "Inclusion Criteria:\n  * BMI over 30\n\n  * Gout of the\n      big toe",
            [("in", "BMI over 30"), ("in", "Gout of the\n      big toe")],
        ),
        (
            "Inclusion criteria: gout. Exclusion criteria: cancer. Inclusion criteria for controls: health",
            [("in", "gout"), ("out", "cancer"), ("in", "for controls: health")],
        ),
    ],
)
def test_items(text, expected):
    assert [(item.role, item.place.quote) for item in items(Value("inclusion_criteria", text=text))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Unwillingness to continue cooperation",
        "Not willing to continue participation in the study",
        "Lack of cooperation of patient during the study",
        "Withdrawing from the study for any reason",
        "The patient's withdrawal from continuing the study",
        "Death of the patient during the study",
        "Incidence of drug complications during the study",
        "Being absent for more than two sessions",
        "Failure to attend follow-up visits",
        "Not completing the questionnaires",
        "Discontinuation of the drug during the study",
        "Pregnancy during the intervention",
        "Not referring for follow-up",
        "Patients who withdraw their consent",
        "Hospitalization during the study",
        "consuming less than 80% of the supplements",
    ],
)
def test_a_later_event(text):
    assert cases("later_events_among_exclusions", inclusion_criteria="Gout", exclusion_criteria=f"Cancer\n{text}") == 1


@pytest.mark.parametrize(
    "text",
    [
        "Unwillingness to participate in the study",
        "Dissatisfaction to participate",
        "Inability to cooperate",
        "Not able to attend the sessions",
        "Planning to become pregnant during the study",
        "Withdrawal syndrome",
        "Discontinuation of smoking less than a year ago",
        "Failure of previous surgery",
        "History of complications during anesthesia",
        "Expected transfer to another hospital within 48 hours",
    ],
)
def test_no_later_event(text):
    assert cases("later_events_among_exclusions", inclusion_criteria="Gout", exclusion_criteria=f"Cancer\n{text}") == 0


@pytest.mark.parametrize(
    "text",
    [
        "Women aged 18 to 45 years",
        "Primigravida women",
        "Female gender",
        "Infertile women candidate for IVF",
        "Married women of 20 to 40 years",
    ],
)
def test_women_are_asked_for(text):
    assert cases("sex_contradicted", sex="Both", inclusion_criteria=text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Women with negative pregnancy test",
        "Hemoglobin less than 12 in women and 13 in men",
        "Women of reproductive age should use contraception",
        "Mothers of children with cancer",
        "Age over 45 in men and 55 in women",
        "Male or postmenopausal female patients",
    ],
)
def test_both_sexes_may_take_part(text):
    assert cases("sex_contradicted", sex="Both", inclusion_criteria=text) == 0


@pytest.mark.parametrize(
    ("asked", "kept_out", "expected"),
    [
        ("Being pregnant\nAnemia", "pregnant and lactating women", 1),
        ("Healthy pregnant mothers, 20 to 35 years", "1- Pregnancy 2- cancer", 1),
        ("Gestational age between 24 and 28 weeks\nwomen with diabetes", "Pregnancy and breast-feeding", 1),
        ("Pregnant women", "Multiple pregnancy", 0),
        ("Women not pregnant", "Pregnancy", 0),
        ("Women planning pregnancy", "Pregnancy", 0),
        ("Gestational age at birth over 37 weeks; newborns", "Pregnancy", 0),
    ],
)
def test_pregnancy(asked, kept_out, expected):
    assert cases("pregnancy_contradictions", sex="Female", inclusion_criteria=asked, exclusion_criteria=kept_out) == expected


@pytest.mark.parametrize(
    ("asked", "kept_out", "expected"),
    [
        ("Patients with diabetes", "Having diabetes", 1),
        ("Known case of hypertension", "Hypertension, asthma, liver disease", 1),
        ("Candidates for elective surgery", "Candidates for elective surgery", 1),
        ("Definitive diagnosis of multiple sclerosis", "multiple sclerosis", 1),
        ("Type II diabetes mellitus", "Patients with diabetes mellitus", 1),
        ("No smoking", "Smoking", 0),
        ("Acute stroke", "Stroke", 0),
        ("Type 2 diabetes", "Type 1 diabetes", 0),
        ("Hypertension", "Pulmonary hypertension", 0),
        ("Avoidance of smoking", "Smoking", 0),
        ("Depression", "Psychotic depression", 0),
    ],
)
def test_required_and_excluded(asked, kept_out, expected):
    assert cases("required_and_excluded", inclusion_criteria=asked, exclusion_criteria=kept_out) == expected


@pytest.mark.parametrize(
    ("asked", "kept_out", "expected"),
    [
        ("No antibiotics during the last 3 months", "Use of antibiotics in the past 6 months", 1),
        ("Not taking NSAIDs for two weeks before surgery", "Taking NSAIDs within 48 hours before surgery", 1),
        ("No antibiotics in last 3 months", "Antibiotics in the last 90 days", 0),
        ("Treated with corticosteroids for at least 3 months", "Corticosteroids in the last week", 0),
        ("Gout", "Use of antibiotics for one week; antibiotics in the last month", 0),
    ],
)
def test_look_back_times(asked, kept_out, expected):
    assert cases("look_back_conflicts", inclusion_criteria=asked, exclusion_criteria=kept_out) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("creatinine over 1.5", 1),
        ("Hb under 9 and WBC less than 4000", 2),
        ("platelets < 100x10^9/L", 0),
        ("serum creatinine > 2mg/dl", 0),
        ("bilirubin more than twice, AST over 3 times the normal", 0),
        ("hemoglobin below 10 grams", 0),
    ],
)
def test_units(text, expected):
    assert cases("thresholds_without_unit", exclusion_criteria=text) == expected

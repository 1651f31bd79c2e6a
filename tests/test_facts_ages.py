"""Ages in fields and criteria texts: what is read, and what is not an age limit."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.age_limits import age_limits, limits_in_criteria
from audit.engine.numbers import count, ranges
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.model.fold import fold
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(Path(folder("checks")) / "vocabulary")


def ages(**record):
    reading = Reading(registration(record), VOCABULARY, date(2024, 1, 1))
    return tuple(reading.fact(f"{bound}_age_years_in_text").value for bound in ("minimum", "maximum"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Age between 25-45", (25, 45)),
        ("aged 18 to 65 years", (18, 65)),
        ("From 20 years old to 60 years old", (20, 60)),
        ("patients ≥ 18 and ≤ 70 years of age", (18, 70)),
        ("18 < age < 65", (18, 65)),
        ("Patients older than 17 years old and younger than 76 years old", (18, 75)),
        ("age > 17 years", (18, None)),
        ("Men and women 18 to 60 with gout", (18, 60)),
        ("aged 18 years (including) -70 years old<br>", (18, 70)),
        ("women over 34 years", (35, None)),
        ("Age over 18 years", (18, None)),
        ("18 years and older", (18, None)),
        ("Aged 18 and more without restriction of sex", (18, None)),
        ("18+ years old", (18, None)),
        ("People from the age of 50 years", (50, None)),
        ("- women over 18\n- gout", (18, None)),
        ("- patients aged > or= 40 years", (40, None)),
        ("With risk factors for a severe course: age more than 60 years old, obesity", (None, None)),
        ("Men 18 years of age or older or women 50 years of age or older", (18, None)),
        ("Adults (>18) who can walk", (18, None)),
        ("18 years old = age = 65 years old", (18, 65)),
        ("Age = 18, age = 75, any gender", (18, 75)),
        ("Are 18 (eighteen) years of age or older", (18, None)),
        ("1. aged 20 years or more 2. consent", (20, None)),
        ("Age b/w 25 to 65", (25, 65)),
        ("Arm A: aged 18 to 55 years. Arm B: aged 18 to 60 years", (18, 60)),
        ("Adult arm: aged at least 12 years old. Child arm: aged 1 to 11 years old", (1, None)),
        ("Pupils aged 9 to 12 years; adults aged 20 to 55 years of the same village", (9, None)),
        ("Patients of 18 years and older; patients ≥ 12 and < 18 years will also be enrolled later", (12, None)),
        ("Age of at least 18 years with one of the following risk factors: age ≥ 65 years, diabetes", (18, None)),
        ("aged over 19 years", (19, None)),
        ("less than 21 years at inclusion", (None, 21)),
        ("Children attending the school; adults aged 18 years and more", (None, None)),
        ("          -  fever\n\n          -  aged\n             18 to 40 years", (18, 40)),
        ("Gout. Are the trial subjects under 18? no F.1.2 Adults (18-64 years) yes F.1.3 Elderly (>=65 years) no", (18, 65)),
        ("adults (18-64y)", (18, 64)),
        ("Women under 40 years old", (None, 40)),
        ("not older than 70 years", (None, 70)),
        ("minimum age 18 years; maximum age 65 years", (18, 65)),
        ("Infants aged 6 to 24 months", (0.5, 2)),
        ("children 3 months to 14 years old", (0.25, 14)),
        ("over the age of 60", (60, None)),
        ("aged 6 or more years", (6, None)),
        ("Age = 18 years", (18, None)),
        ("Age range 18 to 65", (18, 65)),
    ],
)
def test_ages_named(text, expected):
    assert expected == ages(inclusion_criteria=text)


@pytest.mark.parametrize(
    "text",
    [
        "History of asthma for more than 2 years",
        "Mother of a child under 5 years",
        "patients 2 to 4 with a score",
        "age at diagnosis over 12 years",
        "gestational age between 28 and 34 weeks",
        "no surgery in the past 5 years",
        "consent of a parent if under 18 years",
        "mean age over 30 years",
        "women of childbearing age with 2 or more births",
        "COVID-19 for 3 to 10 days",
        "at least 6 months of follow-up",
        "residence in the village for more than 12 months",
        "BMI between 25 and 35",
    ],
)
def test_no_age(text):
    assert ages(inclusion_criteria=text) == (None, None)


def test_exclusions_are_turned_round():
    assert ages(inclusion_criteria="asthma", exclusion_criteria="Age less than 20 and more than 75 years") == (20, 75)
    assert ages(inclusion_criteria="asthma", exclusion_criteria="patients under 18 years") == (18, None)


def test_inclusions_come_before_exclusions():
    assert ages(inclusion_criteria="aged 18-65 years", exclusion_criteria="over 70 years") == (18, 65)


def test_a_summary_is_divided_at_the_exclusions():
    into, out = limits_in_criteria(fold("Inclusion criteria: over 18 years. Exclusion criteria: age above 70 years"))

    assert ([one.low for one in into], [one.high for one in out]) == ([18.0], [70.0])


def test_ages_of_the_fields():
    reading = Reading(registration({"minimum_age": "6 months", "maximum_age": "no limit"}), VOCABULARY, date(2024, 1, 1))

    assert (reading.fact("minimum_age_years").value, reading.fact("maximum_age_years").value) == (0.5, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pasi 3 to10", [(3, 10)]),
        ("bmi 25-35.", [(25, 35)]),
        ("30>bmi", [(None, 30)]),
        ("hba1c above 6.5% and below 8.5%", [(6.5, 8.5)]),
        ("between 18.5 to 24.9", [(18.5, 24.9)]),
        ("greater than or equal to 18 and less than or equal to 70", [(18, 70)]),
        ("score of 10 or more", [(10, None)]),
        ("not less than 4", [(4, None)]),
        ("up to 12,000", [(None, 12000)]),
        ("covid-19, il-6 and 0.9%", [(0.9, 0.9)]),
    ],
)
def test_ranges(text, expected):
    assert expected == [(one.low, one.high) for one in ranges(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("forty-five", 45), ("one hundred and twenty", 120), ("two hundred", 200), ("1,200", 1200), ("12", 12), ("many", None)],
)
def test_count(text, expected):
    assert expected == count(text)


def test_runs_of_blanks_cost_no_more_than_they_are_long():
    """Found by fuzzing: 100,000 blanks were gone through from each of them anew, which took 23 s."""
    (one,) = age_limits("   patients" + " " * 60_000 + "of 20 to 30 years old" + " " * 60_000)

    assert (one.low, one.high) == (20.0, 30.0)

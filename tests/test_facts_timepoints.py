"""When outcomes are measured and how: times left open, what is no time, methods that name nothing, outcomes listed twice."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.reading import Reading
from audit.engine.timepoints import moments
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(Path(folder("checks")) / "vocabulary")


def fact(name, **record):
    return Reading(registration(record), VOCABULARY, date(2024, 1, 1)).fact(name)


def outcome(description="Score", timepoint="day 1", method="Beck inventory"):
    return [{"description": description, "timepoint": timepoint, "method": method}]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("days 1, 3, 7 and 14", [1, 3, 7, 14]),
        ("0, 4 and 8 weeks", [0, 28, 56]),
        ("the first, third and seventh day", [1, 3, 7]),
        ("12-month follow-up", [365]),
        ("day +100", [100]),
        ("two weeks before surgery", [-14]),
        ("36 weeks of gestation", [-252]),
        ("third trimester", []),
        ("monday", []),
        ("covid-19 hours", []),
    ],
)
def test_times_in_days(text, days):
    assert [round(one.days) for one in moments(text)] == days


def test_frequencies_and_bounds_are_marked():
    assert [(one.often, one.bound) for one in moments("every 3 months, up to 2 years, at 6 weeks")] == [
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize(
    "time",
    [
        "before and after the intervention",
        "Baseline and end of the trial",
        "pre and post",
        "during the period of the study",
        "After completion of treatment",
        "before the treatment, after the treatment and follow-up",
        "study start until 12 weeks later",
    ],
)
def test_times_left_open(time):
    assert fact("vague_time_points", primary_outcomes=outcome(timepoint=time)).value == 1


@pytest.mark.parametrize(
    "time",
    [
        "At the beginning and at the end of the eighth week",
        "during the first 24 hours after surgery",
        "in the recovery room",
        "During hemodialysis",
        "before the first session and after the last session",
        "T0, T1 and T2",
        "immediately after the intervention",
        "every other day during treatment",
        "until delivery",
        "one hour after the injection",
        "at baseline",
        "",
        "-",
    ],
)
def test_times_not_left_open(time):
    assert not fact("vague_time_points", primary_outcomes=outcome(timepoint=time)).value


@pytest.mark.parametrize("time", ["BID", "0, 15, 30", "3", "12/24/48", "May 2021", "VAS score", "Yes/No"])
def test_no_times(time):
    assert fact("time_points_that_are_no_times", primary_outcomes=outcome(timepoint=time)).value == 1


@pytest.mark.parametrize("time", ["0-24 hours", "visit 3", "in May, two weeks after surgery", "once", "twice daily for 3 days"])
def test_times_after_all(time):
    assert not fact("time_points_that_are_no_times", primary_outcomes=outcome(timepoint=time)).value


@pytest.mark.parametrize(
    ("description", "method"),
    [
        ("Pain", "Pain questionnaire"),
        ("Nausea", "history taking"),
        ("Blood pressure", "physical examination by the nurse"),
        ("Hair density", "Dermatologist's opinion"),
        ("Recovery of speech", "speech recovery"),
    ],
)
def test_bare_methods(description, method):
    assert fact("bare_methods", primary_outcomes=outcome(description, method=method)).value == 1


@pytest.mark.parametrize(
    ("description", "method"),
    [
        ("Anxiety", "Spielberger questionnaire"),
        ("Fatigue", "Fatigue severity scale"),
        ("Weight", "scale"),
        ("Time to discharge", "checklist"),
        ("Gingival bleeding", "Examination with a probe"),
        ("Mobility", "Timed up and go test"),
        ("BMI", "BMI"),
        ("Wound healing", "Observation and photography"),
    ],
)
def test_methods_that_name_something(description, method):
    assert not fact("bare_methods", primary_outcomes=outcome(description, method=method)).value


def test_outcomes_of_one_wording_are_one_case():
    outcomes = outcome("Cough", "after treatment") + outcome("Fever", "After treatment.") + outcome("Pain", "end of the study")

    found = fact("vague_time_points", primary_outcomes=outcomes)

    assert [case.values["outcomes"] for case in found.cases] == [("Cough", "Fever"), ("Pain",)]


def test_a_time_said_in_other_words_is_another_time():
    twice = outcome("Pain", "24 hours after surgery") + outcome("Pain", "24 hours after discharge")

    assert fact("outcomes_listed_twice", primary_outcomes=twice).cases == ()


@pytest.mark.parametrize(
    ("title", "measured", "promised"),
    [
        ("The effect of saffron on depression in diabetes", "HbA1c", ["depression"]),
        ("The effect of a diet on glucose in patients with depression", "HbA1c", []),
        ("Safety and efficacy of a gel", "Wound area", ["Safety"]),
        ("The effect of lessons on the safety behaviours of mothers", "Score of the mothers", []),
        ("Comparison of side effects of two doses of misoprostol", "Fever", []),
    ],
)
def test_promises(title, measured, promised):
    found = fact(
        "promised_but_not_measured", scientific_title=title, primary_outcomes=outcome(measured, method="m"), secondary_outcomes=[]
    )

    assert [str(case.values["promised"]).lower() for case in found.cases] == [word.lower() for word in promised]

"""Arms -> how many, how many of them are groups, and whether one holds several."""

from datetime import date
from functools import cache

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills the facts
from audit.engine.reading import Reading
from audit.engine.vocabulary import Vocabulary, load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(folder("checks") / "vocabulary")


def fact(name, **record):
    return Reading(registration(record), vocabulary(), date(2026, 6, 11)).fact(name)


def test_arm_count_counts_the_arms_and_quotes_them():
    found = fact("arm_count", arms=["Group A: tea", "Group B: water"])

    assert (found.value, [place.quote for place in found.places]) == (2, ["Group A: tea", "Group B: water"])


@pytest.mark.parametrize(
    ("record", "kind"),
    [({}, "unknown"), ({"arms": []}, "empty"), ({"arms": ["Group A: tea"], "complete": False}, "unknown")],
)
def test_arm_count_cannot_be_told(record, kind):
    found = fact("arm_count", **record)

    assert (found.value, found.reason.kind) == (None, kind)


def test_arm_count_of_a_record_cut_after_the_arms():
    assert fact("arm_count", arms=["Group A: tea"], complete=False, centres=["Bahar Hospital"]).value == 1


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Intervention group: tea. Control group: water", True),
        ("Patients in the two intervention and control groups rub the ointment and the placebo", True),
        ("Group A takes tea and group B takes water", True),
        ("The first group takes tea, the second group water", True),
        ("Both groups take tea, one with honey", True),
        ("گروه مداخله چای و گروه شاهد آب می نوشند", True),
        ("Intervention group: tea twice daily", False),
        ("Control group: water", False),
        ("The intervention group takes tea. There is no control group", False),
        ("Tea for the control of blood pressure", False),
    ],
)
def test_arms_in_one_text(text, several):
    assert fact("arms_in_one_text", arms=[text]).value is several


@pytest.mark.parametrize(
    ("arms", "groups"),
    [
        (["Intervention group: tea", "Control group: historical controls"], 1),
        (["Intervention group: tea", "Control group: water"], 2),
        (["First, tea", "Second step: the same patients drink water"], None),
        (["10 mg", "20 mg"], None),
        (["tea"], 1),
    ],
)
def test_compared_groups_of_a_single_assignment(arms, groups):
    assert fact("compared_groups", assignment="Single", arms=arms).value == groups


def test_compared_groups_of_a_parallel_assignment():
    assert fact("compared_groups", assignment="Parallel", arms=["10 mg", "20 mg", "30 mg"]).value == 3

"""Texts on allocation -> random or not, unit, block sizes, lots."""

from datetime import date
from functools import cache

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills the facts
from audit.engine.reading import Reading
from audit.engine.vocabulary import Vocabulary, load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

TWO = ["Intervention group: tea", "Control group: water"]
THREE = [*TWO, "Third group: milk"]


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(folder("checks") / "vocabulary")


def fact(name, **record):
    return Reading(registration(record), vocabulary(), date(2026, 6, 11)).fact(name)


@pytest.mark.parametrize(
    ("field", "arms", "said"),
    [
        ("Randomized", TWO, True),
        ("Not randomized", TWO, False),
        ("N/A", TWO[:1], False),
        ("N/A", TWO, None),
        ("empty", TWO, None),
    ],
)
def test_is_randomized(field, arms, said):
    assert fact("is_randomized", randomization=field, arms=arms).value is said


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"scientific_title": "A randomized, open-label trial of zinc in cough"}, True),
        ({"scientific_title": "Zinc in cough: a multicentre, randomised controlled trial"}, True),
        ({"scientific_title": "A non-randomised study of zinc in cough"}, False),
        ({"scientific_title": "Vitamin D and cough: a mendelian randomization study"}, None),
        ({"scientific_title": "Zinc in cough"}, None),
        ({"scientific_title": "Zinc in cough", "assignment": "Single"}, False),
        ({"scientific_title": "A randomized trial cohort", "study_type": "Observational"}, False),
        ({"design_summary": "Adaptive, pragmatic, randomised controlled, multi-centre trial"}, True),
        ({"design_summary": "Patients were randomly divided into two groups"}, True),
    ],
)
def test_is_randomized_where_the_field_is_unknown(record, said):
    assert fact("is_randomized", arms=TWO, **record).value is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Patients will be randomly divided into two groups.", True),
        ("Patients were allocated at random to tea or water.", True),
        ("Women randomly received tea or water.", True),
        ("Allocation of the children to groups is by throwing a dice.", True),
        ("Patients randomly pick one of the sealed envelopes, which shows their group.", True),
        ("With the permuted block method people are allocated to group A and B.", True),
        ("Allocation is not random.", False),
        ("Randomized trials in the past have shown that tea helps.", False),
        ("The patients are assigned into two groups randomly.", True),
        ("A randomized clinical trial with two groups", True),
        ("Tea versus other drinks: a randomized controlled trial", True),
        ("Participants are placed in the groups using a table of random numbers.", True),
        ("Randomization is done by blocks.", True),
        ("Volunteers are randomised to receive tea or water.", True),
        ("Accidental allocation of patients to two groups", True),
        ("بیماران به صورت تصادفی به دو گروه تقسیم می شوند", True),
        ("Patients are selected by random sampling.", False),
        ("Random blood sugar is measured.", False),
        ("Eighty students are randomly selected from ten schools.", False),
        ("Patients are not randomly assigned.", False),
        ("A non-randomized clinical trial", False),
        ("No randomization is done; patients choose the group.", False),
        ("A random number of home visits is made.", False),
        ("Samples are selected with a table of random numbers.", False),
        ("The results will help to plan a future randomized controlled trial.", False),
    ],
)
def test_random_assignment_said(text, said):
    assert fact("random_assignment_said", settings=text).value is said


@pytest.mark.parametrize(
    ("text", "arms", "sizes"),
    [
        ("blocks of 3", TWO, [3]),
        ("3 patients will be included in each block", TWO, [3]),
        ("In every block there are 5 persons.", TWO, [5]),
        ("Four-block randomization", THREE, [4]),
        ("the blocks are triple", TWO, [3]),
        ("each block contains 5 participants", TWO, [5]),
        ("quadruple  blocks", THREE, [4]),
        ("the block size is four", THREE, [4]),
        ("the size of each block is 4", THREE, [4]),
        ("four-person blocks", THREE, [4]),
        ("variable block sizes of 4 and 6", THREE, [4]),
        ("12 blocks of 5 patients", TWO, [5]),
        ("the blocks (n=4) are numbered", THREE, [4]),
        ("blocks of size 4 with a ratio of 2:1", TWO, [4]),
        ("blocks of 4", TWO, []),
        ("blocks of size 3 with a ratio of 2:1", TWO, []),
        ("random blocking with 5 blocks", TWO, []),
        ("permuted blocks of 6", THREE, []),
        ("21 blocks including 4 patients", TWO, []),
        ("blocks of 5, with 3 in the intervention group and 2 in the control group", TWO, []),
        ("15 blocks of 4 are made, stratified by 3 centres", TWO, []),
        ("a beta-blocker for 3 days", TWO, []),
    ],
)
def test_uneven_blocks(text, arms, sizes):
    cases = fact("uneven_blocks", randomization_description=text, arms=arms).cases

    assert [case.values["block_size"] for case in cases] == sizes


@pytest.mark.parametrize(
    ("text", "target", "lots"),
    [
        ("a box with 72 sealed envelopes", 18, [72]),
        ("one of 30 cards is drawn", 100, [30]),
        ("one hundred opaque envelopes", 40, [100]),
        ("40 envelopes", 40, []),
        ("80 envelopes, inner and outer", 40, []),
        ("20 red cards and 20 blue cards", 40, []),
        ("45 envelopes, five of them spare", 40, []),
        ("a 4-digit code; 10 cards are put back", 40, []),
        ("numbers 1-20 cards", 60, []),
        ("opaque envelopes", 40, []),
    ],
)
def test_lots_unlike_sample(text, target, lots):
    cases = fact("lots_unlike_sample", randomization_description=text, target_sample_size=target, arms=TWO).cases

    assert [case.values["lots"] for case in cases] == lots


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("The side that gets the gel is chosen by coin.", "site"),
        ("Right or left by computer", "site"),
        ("Patients are placed in the groups by coin.", "person"),
        ("Permuted blocks by computer", "not stated"),
    ],
)
def test_unit_of_randomization(text, unit):
    record = {"design_summary": "A split-mouth trial", "randomization_description": text}

    assert fact("unit_of_randomization", **record).value == unit

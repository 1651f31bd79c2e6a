"""Numbers of participants: totals, group sizes, and what is neither."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(Path(folder("checks")) / "vocabulary")
ARMS = ["Intervention group: zinc", "Control group: placebo"]


def fact(name, **record):
    return Reading(registration(record), VOCABULARY, date(2024, 1, 1)).fact(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Parallel, double-blind, phase 3 on 40 patients.", (40,)),
        ("Fifty infertile patients will be recruited into two groups", (50,)),
        ("The number of 10 qualified patients will be selected", (10,)),
        ("45 subjects for each group and 90 subjects in total", (90,)),
        ("Sample size: 120", (120,)),
        ("Altogether, 80 people are recruited into two groups of 40", (80,)),
        ("60 patients will be placed in 15 blocks of 4", (60,)),
        ("parallel group, 12 patient, Phase I, clinical trial", (12,)),
        ("A total of 1,200 healthy volunteers are included", (1200,)),
        ("3 groups of 4 patients", ()),
        ("30 patients in each group", ()),
        ("34 patients in intervention group (A), 34 patients in control group (B)", ()),
        ("each block consists of 4 patients", ()),
        ("Then the next 4 patients will be selected", ()),
        ("A previous study on 120 patients found no difference", ()),
        ("COVID-19 patients receive 200 mg every 12 hours", ()),
        ("56 tablets for each person", ()),
        ("300 patients will be screened", ()),
        ("4 health centers with 25 women each", ()),
        ("At first, 5 patients are included in a pilot", ()),
        ("Out of 210 patients of the clinic, 70 will be chosen", ()),
        ("The population consists of 900 pupils, of whom some take part", ()),
        ("In the work of Noor et al. 90 patients were seen", ()),
        ("With regard to the size, 6 patients wil", ()),
        ("we will recruit 130 addicts", (130,)),
        ("The trial is done with the participation of 70 nurses", (70,)),
        ("Seventy two women are randomly assigned to test and control", (72,)),
    ],
)
def test_totals(text, expected):
    assert expected == fact("sample_sizes_in_text", design_summary=text).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The study will enroll approximately 53 patients in two phases.", (53,)),
        ("Up to 160 patients will take part in this study.", (160,)),
        ("Investigators will recruit 116 patients with gout, with 58 of them entering the diet group.", (116,)),
        ("Approximately 300,000 patients undergo this operation every year.", ()),
        ("Each center has to contribute a minimum of 100 patients.", ()),
    ],
)
def test_sizes_that_are_about(text, expected):
    assert fact("sample_sizes_in_text", study_aim=text).value == expected


def test_persian_is_not_read():
    assert fact("sample_sizes_in_text", design_summary="کارآزمایی بر روی ۳۰۰ فرد").reason.kind == "language"


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("two groups of 33", 60, [66]),
        ("2 groups (24 in each group)", 60, [48]),
        ("two groups of twenty-five patients", 60, [50]),
        ("two 35-person groups", 60, [70]),
        ("There are 2 groups and each includes 25 subjects", 60, [50]),
        ("intervention (31 patients) and control (31 patients)", 60, [62]),
        ("two groups of 14 and 16 persons", 30, []),
        ("three groups, two groups of 20 cases and a control group of 10", 50, []),
        ("2 groups of 5 students in each arm", 20, []),
        ("two groups of 30", 60, []),
        ("two groups of intervention and control with 33 members", 60, [66]),
        ("30 patients in each group", 80, [60]),
        ("drug group (N=130) and placebo group (N=130)", 260, []),
        ("drug group (N=130) and placebo group (N=120)", 260, [250]),
        ("two groups of 30; with 10% drop-out 66", 66, []),
        ("6 blocks (3 patients in the drug group and 3 patients in the control group)", 60, []),
        ("40 patients will be selected, 20 patients in intervention group and 20 patients in control group", 40, []),
    ],
)
def test_sums_of_groups(text, target, expected):
    found = fact("group_sizes_not_adding_up", randomization_description=text, target_sample_size=str(target), arms=ARMS)

    assert expected == [case.values["sum_says"] for case in found.cases]


def test_every_arm_has_a_size():
    arms = ["Drug group: 40 patients take capsules", "Control group: 41 patients take placebo"]

    assert [case.values["sum_says"] for case in fact("group_sizes_not_adding_up", arms=arms, target_sample_size="80").cases] == [
        81
    ]
    assert fact("group_sizes_not_adding_up", arms=arms, target_sample_size="81").value == 0


@pytest.mark.parametrize(
    ("text", "target", "groups"),
    [
        ("divided into 2 groups equally", 45, [2]),
        ("randomised 1:1 to gel or cream", 75, [2]),
        ("three equal-sized groups", 50, [3]),
        ("a 1 : 1 : 1 ratio", 80, [3]),
        ("allocation ratio of one to one", 85, [2]),
        ("two groups of unequal size", 85, []),
        ("equally in terms of age", 85, []),
        ("two equal groups", 101, [2]),
        ("ratio of 1:1:1", 80, [3]),
        ("ratio of 2:1", 61, []),
        ("two equal groups", 100, []),
    ],
)
def test_equal_groups(text, target, groups):
    found = fact("split_not_equal", randomization_description=text, target_sample_size=str(target))

    assert groups == [case.values["groups_say"] for case in found.cases]


def test_each_case_quotes_text_and_target():
    found = fact("sample_sizes_differing", design_summary="A trial on 80 patients.", target_sample_size="60", arms=ARMS)

    assert [[place.quote for place in case.places] for case in found.cases] == [["A trial on 80 patients.", "60"]]

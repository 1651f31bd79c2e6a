"""Texts on the design -> sites of one person compared, numbers of groups, phases."""

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


@pytest.mark.parametrize(
    "text",
    [
        "A split-mouth randomised trial",
        "This split face study compares two creams.",
        "The right side of the face is treated with cream A and the left side with placebo.",
        "One eye of each patient gets the drops and the fellow eye serves as control.",
        "In each patient one hand is randomly treated with laser while the other hand is left without treatment.",
        "One half of the scalp is rubbed with the lotion and the opposite half with distilled water.",
        "A lesion of the same size on the other arm was considered as control.",
        "In each person, the contralateral knee served as its own control.",
        "The control lesion is injected with normal saline.",
        "The right hand is treated with cream A and the left hand with cream B.",
        "The conventional suture is placed on one side and the new glue on the other side of the wound.",
        "The test quadrant receives the membrane; the teeth of one quadrant get gel and the contralateral quadrant gets no treatment.",
        "Two similar wounds in every patient are chosen, one of them is dressed with aloe and the other with gauze.",
        "half of the scalp will be treated with light and the other half with light plus lotion",
        "The burn of each patient is divided in two parts; the upper part is covered with film and the lower part with ointment.",
        "In one canine tooth glue A is used, and in the contralateral tooth of the same patient glue B.",
        "One of the ears of each child is washed with oil and the second ear with water.",
        "A left-right comparison study of two lotions",
        "One hand is put in warm water and other hand in cold water.",
        "مطالعه به صورت اسپلیت ماوس انجام می شود",
    ],
)
def test_within_person(text):
    assert fact("within_person", settings=text).value is True


@pytest.mark.parametrize(
    "text",
    [
        "Massage is done on the right foot for 10 minutes and then on the left foot in the intervention group.",
        "The right leg is massaged with oil and the left leg is massaged with oil.",
        "Patients have pain on one side and numbness on the other side.",
        "Both sides of the face are treated with the same laser.",
        "Patients with pain in the right or the left shoulder are enrolled in the control group.",
        "Range of motion of the affected knee is measured and compared with the other knee as control.",
        "One group gets the drug and the other group gets placebo.",
        "In the test group the left foot is massaged for 9 minutes and the right foot for 9 minutes, the control group receives no massage.",
        "Patients are placed with left side tilt and after 4 minutes turned to the right side.",
        "5 cc is injected in the right side and 5 cc in the left side with the same drug.",
        "In all groups the cuff is on one hand and the needle is inserted in the other hand.",
        "Half of the patients will be treated with tea and the other half with water.",
        "The control side of the records is kept by the secretary.",
        "This is not a split-mouth study.",
        "One side effect is nausea and the other side effect is headache in the control group.",
        "Patients in the control group receive eye drops.",
        "Patients with lesions who are treated routinely are considered as control.",
    ],
)
def test_not_within_person(text):
    assert fact("within_person", settings=text).value is False


def test_eligibility_is_not_read():
    assert fact("within_person", inclusion_criteria="one eye healthy and the other eye as control").value is False


TWO = ["Intervention group: tea", "Control group: water"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Patients are randomly divided into 3 groups.", 3),
        ("Participants will be assigned to one of the four groups.", 4),
        ("A three-arm parallel trial", 3),
        ("Children were allocated in three equal groups by lottery.", 3),
        ("Randomly assigned to three control groups and two interventions", 5),
        ("Patients are put into two intervention groups and one control group at random.", 3),
        ("Diabetic patients with severe pain are randomly divided into three groups.", 3),
        ("The women were divided in four study groups of 20.", 4),
        ("We will have three groups; tea, coffee and water.", 3),
        ("Randomization into 3 arm is done by a list.", 3),
        ("Mothers will be divided to groups of A, B, C and D.", 4),
        ("Three groups of twenty students are formed by lot.", 3),
        ("A randomized, three groups clinical trial", 3),
        ("Cases are divided to one control and two intervention groups.", 3),
        ("بیماران به صورت تصادفی در سه گروه قرار می گیرند", 3),
    ],
)
def test_other_number_of_groups(text, said):
    cases = fact("other_group_numbers", settings=text, arms=TWO).cases

    assert [case.values["groups_said"] for case in cases] == [said]


@pytest.mark.parametrize(
    "text",
    [
        "Patients are randomly divided into two groups.",
        "Patients are divided into 3 groups according to the severity of the disease.",
        "Patients are divided into three groups: mild, moderate and severe.",
        "The intervention group is divided into three groups for the classes.",
        "Randomly divided into two intervention and control groups",
        "The results of three groups of laboratory tests are recorded.",
        "Divided into three blood groups",
        "Patients are divided into three subgroups.",
        "Three groups of 8 mothers take part in interviews; then mothers are divided into two groups.",
        "The intervention group has three group sessions a week.",
        "According to ASA class patients were divided into three groups and were randomly assigned to tea or water.",
        "Patients are put in the groups A and B.",
        "Patients are randomly divided into 3 groups. Each group is divided into two groups by lottery.",
        "Patients are divided into three groups; the data of two groups are analysed after division into two groups.",
    ],
)
def test_no_other_number_of_groups(text):
    assert fact("other_group_numbers", settings=text, arms=TWO).value == 0


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("Intervention group: tea. Control group: water", 2),
        ("In intervention group number 1: tea. In intervention group number 2: coffee. In the control group, water", 3),
        ("Group A: tea; Group B: coffee; Group C: water", 3),
        ("Intervention group: In the intervention group tea is given. Control group: water", 2),
        ("Intervention and control groups: tea and water", None),
        ("Tea three times a day. Control group: water", None),
        ("Intervention group: tea", None),
    ],
)
def test_groups_of_a_record_cut_before_its_arms(summary, said):
    record = {"arms_summary": summary, "outcomes_summary": "Pain", "complete": False}

    assert fact("group_count", **record).value == said


def test_groups_of_a_summary_that_may_be_cut_itself():
    assert fact("group_count", arms_summary="Group A: tea; Group B: water", complete=False).value is None


@pytest.mark.parametrize(
    ("phase", "title", "said"),
    [
        ("2", "A phase III trial of tea", "3"),
        ("3", "Tea in asthma: phase 1/2 clinical trial", "1-2"),
        ("N/A", "Tea in asthma, a phase II study", "2"),
        ("1", "Tea: phase IIb", "2"),
        ("2", "Tea for anaemia after delivery: a phase III trial", "3"),
        ("2-3", "Phase I-III trial of tea", "1-2-3"),
        ("2", "Third phase clinical trial of tea", "3"),
        ("3", "Tea in asthma, a randomized (phase II) trial", "2"),
        ("2", "بررسی اثر چای (فاز 3)", "3"),
    ],
)
def test_other_phase_in_title(phase, title, said):
    (case,) = fact("other_phases_in_text", phase=phase, scientific_title=title).cases

    assert case.values["phase_said"] == said


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("scientific_title", "Tea in the luteal phase 3 days after transfer"),
        ("design_summary", "In phase 1 of the study nurses are trained."),
        ("design_summary", "Based on the results of a phase 1 trial of tea, tea is given."),
        ("settings", "Phase 1: training. Phase 2: follow-up."),
        ("settings", "Our phase I trial of 2019 showed that tea is safe."),
        ("scientific_title", "Three-phase bone scan and phase angle"),
        ("scientific_title", "Tea in cardiac rehabilitation phase II"),
        ("scientific_title", "Tea after phase I non-surgical periodontal therapy"),
        ("design_summary", "The trial has two phases; phase 1 in vitro."),
        ("design_summary", "Randomised, double-blind, phase 3 on 40 patients"),
    ],
)
def test_no_other_phase(field, text):
    assert fact("other_phases_in_text", phase="3", **{field: text}).value == 0


@pytest.mark.parametrize(
    ("description", "category", "phased"),
    [
        ("tocilizumab 400 mg by vein", "Treatment - Drugs", True),
        ("mesenchymal stem cells, 1 million per kg", "Treatment - Other", True),
        ("survivors' plasma, 500 ml", "Treatment - Other", True),
        ("unknown substance XYZ, 20 mg tablet daily", "Treatment - Drugs", True),
        ("thyme tea, 2 g in capsules", "Treatment - Drugs", False),
        ("platelet-rich plasma gel", "Treatment - Surgery", False),
        ("laparoscopy under anaesthesia with 100 mg of propofol", "Treatment - Surgery", False),
        ("counselling by telephone", "Behavior", False),
        ("allogeneic stem cell transplantation with early feeding", "Lifestyle", False),
    ],
)
def test_phased_product(description, category, phased):
    assert fact("phased_product", arms=[{"description": description, "category": category}]).value is phased

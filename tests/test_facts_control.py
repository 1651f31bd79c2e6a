"""Facts on controls and placebos: texts of arms, as registrants write them, and what is understood of them."""

from datetime import date

import pytest

from audit.engine.groups import groups
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")


def read(**record):
    return Reading(registration(record), VOCABULARY, date(2026, 6, 11))


@pytest.mark.parametrize(
    ("arms", "types"),
    [
        (["Intervention group: zinc.", "Control group: placebo capsules."], ("placebo",)),
        (["Intervention group: zinc.", "Control group: plasebo with the routine drugs."], ("placebo",)),
        (["Intervention group: zinc.", "Control group: there is no placebo; routine care only."], ("usual_care",)),
        (["Intervention group: zinc.", "Control group: no placebo."], ("no_treatment",)),
        (["Intervention group: zinc.", "The control group will not receive any supplement."], ("no_treatment",)),
        (["Intervention group: zinc.", "Control group: the national protocol of the Ministry of Health."], ("usual_care",)),
        (["Intervention group: yoga.", "Control group: this group receives no intervention."], ("no_treatment",)),
        (["Case group: cream.", "Comparison group: hydrocortisone 1% twice a day."], ("active",)),
        (["Test: ketamine.", "Control group: 2 ml of normal saline is injected."], ("placebo",)),
        (["Test group: ketamine.", "Control group: fentanyl 1 µg/kg dissolved in 5 ml of normal saline."], ("active",)),
        (["Laser, ten sessions.", "Sham group: the same with the probe switched off."], ("sham",)),
        (["Group A: tamsulosin.", "Group B: usual care."], ("usual_care",)),
        (["Drug: Tamsulosin", "Drug: Placebo"], ("placebo",)),
        (["Drug: Tamsulosin", "Other: Standard of Care"], ("usual_care",)),
        (["New drug.", "Historical control: patients of 2019."], ("historical",)),
        (["Low dose group: 5 mg.", "High dose group: 10 mg."], ("dose_comparison",)),
        (["First group: 20 mg of the drug daily.", "Second group: 40 mg of the drug daily."], ("dose_comparison",)),
        (["Group 1: ibuprofen.", "Group 2: naproxen."], ()),
        (["Intervention group: everybody walks every day."], ()),
        (["گروه مداخله: شربت آویشن", "گروه کنترل: دارونما"], ("placebo",)),
        (["گروه مداخله: شربت آویشن", "گروه شاهد: درمان معمول"], ("usual_care",)),
        (["Intervention group 1: zinc.", "Intervention group 2: placebo tablets."], ("placebo",)),
        (
            ["Intervention group: the left side of the face, serum.", "Control group: the right side of the face, saline injection."],
            ("placebo", "within_person"),
        ),
        (["Zinc for all. The control group receives a placebo in addition to the usual drugs."], ("placebo",)),
        (["Control Intervention1: Not applicable: Not applicable", "Intervention1: herbs"], ()),
        (["Intervention group: zinc.", "Control group: none"], ("no_treatment",)),
        (["The infusion. It holds these inactive ingredients: mannitol, sodium acetate, water for injection.", "Usual care."], ("usual_care",)),
        (["Parallel groups, wait list design, treatment delayed by 3 months."], ("no_treatment",)),
        (["Intervention group: zinc.", "Control group: they dont recieve any thing."], ("no_treatment",)),
        (["Intervention group: zinc.", "Control group: patients will only be observed."], ("no_treatment",)),
        (["Intervention group: zinc.", "Control group: pamphlets which are normally given."], ("usual_care",)),
        (["Intervention group: zinc.", "Control group: silver sulfadiazine 1%."], ("active",)),
        (["Drug: Tamsulosin", "Drug: Silodosin"], ()),
        (["Drug: Tamsulosin", "Other: Vehicle"], ("placebo",)),
        (["Herb group: granules of the herb.", "Control group: granule simulator."], ("placebo",)),
        (["Intervention group: suturing in the skills centre.", "Control group: training on a simulator."], ("active",)),
        (["Drug: Tamsulosin", "Other: Standard treatment for kidney stones"], ("usual_care",)),
        (["Drug: Tamsulosin", "Other: Clinical observation"], ("no_treatment",)),
        (["Experimental group: the new mask.", "Control group: Without the new mask."], ("no_treatment",)),
        (["Intervention group: music.", "Control group: no music"], ("no_treatment",)),
        (["Intervention group: zinc.", "Control group no. 2: metformin tablets"], ("active",)),
        (["Experimental group: zinc.", "Control group: treated according to the new protocol."], ("usual_care",)),
    ],
)  # fmt: skip
def test_control_types(arms, types):
    fact = read(arms=arms).fact("control_types")

    assert fact.value == types
    assert len(fact.places) == len(types)


@pytest.mark.parametrize(
    ("arms", "types"),
    [
        ([("EXPERIMENTAL", "Endoscopic repair", "Repair by endoscope"), ("ACTIVE_COMPARATOR", "Open repair", "Open repair")], ("active",)),
        ([("ACTIVE_COMPARATOR", "Gabapentin", ""), ("ACTIVE_COMPARATOR", "Pregabalin", "")], ("active",)),
        ([("ACTIVE_COMPARATOR", "White noise", "Headphones"), ("NO_INTERVENTION", "Quiet", "Nothing is played")], ("no_treatment",)),
        (
            [("EXPERIMENTAL", "Decision aid", "A booklet"), ("NO_INTERVENTION", "Usual counselling", "Usual care by the surgeon")],
            ("usual_care", "no_treatment"),
        ),
        ([("EXPERIMENTAL", "Cohort 1", "Cells with chemotherapy"), ("EXPERIMENTAL", "Cohort 2", "Cells alone")], ()),
        ([("", "Case series", "Nil")], ()),
        ([("", "Mild cases", "None"), ("", "Severe cases", "None")], ()),
        ([("", "Experimental group", "Zinc"), ("", "Control group", "Healthy staff of another ward")], ()),
        ([("", "Routine treatment plus the granule", "Two bags a day"), ("", "Routine treatment", "As the ward does it")], ("usual_care",)),
        ([("", "Cell group", "Stem cells"), ("", "Blank control group", "Normal saline")], ("placebo",)),
        ([("", "Drug group", "Zinc"), ("", "Historical control", "Iron")], ("historical",)),
        ([("", "High dose group", "20 million cells"), ("", "Conventional dose group", "10 million cells")], ()),
        ([("", "ECMO group", "ECMO"), ("", "Conventional treatment group", "no")], ("usual_care",)),
        ([("", "Group A", "Interferon"), ("", "Group B", "Ritonavir + interferon")], ("active",)),
        ([("", "Walking group", "Daily walks"), ("", "Control group", "Keep the initial life style")], ("no_treatment",)),
    ],
)  # fmt: skip
def test_control_types_of_arms_with_a_name(arms, types):
    arms = [{"category": category, "label": label, "description": text or "empty"} for category, label, text in arms]

    assert read(arms=arms).fact("control_types").value == types


def test_placebo_that_only_the_primary_outcome_names():
    outcome = {"description": "Change of the blood pressure after vardenafil versus placebo"}

    fact = read(arms=["Vardenafil 10 mg"], primary_outcomes=[outcome]).fact("control_types")

    assert fact.value == ("placebo",)


def test_side_of_the_body_as_control():
    arms = ["The randomly selected leg is taped.", "Control leg with usual rehabilitation alone."]

    assert read(arms=arms).fact("control_types").value == ("usual_care", "within_person")


@pytest.mark.parametrize(
    ("title", "types"),
    [
        ("Silodosin versus tamsulosin for ureteral stones", ("active",)),
        ("Tamsulosin versus no treatment for ureteral stones", ("no_treatment",)),
        ("Tamsulosin and silodosin for ureteral stones", ()),
    ],
)
def test_what_the_title_compares_with(title, types):
    assert read(scientific_title=title, arms=["Drug: Silodosin", "Drug: Tamsulosin"]).fact("control_types").value == types


def test_control_that_lacks_what_the_title_studies():
    arms = ["Arm 1: shinrin walking and the usual exercises", "Arm 2: the usual exercises"]

    assert read(public_title="Shinrin walking in depression", arms=arms).fact("control_types").value == ("usual_care",)


def test_title_where_the_arms_say_nothing():
    record = {"public_title": "Ginger versus placebo in nausea", "arms": ["Drug: Ginger"]}

    assert read(**record).fact("control_types").value == ("placebo",)


@pytest.mark.parametrize(
    ("design", "types"),
    [
        ("Masking: Double. Control: Placebo. Assignment: Parallel.", ("placebo",)),
        ("Allocation: Randomized. Control group: Active. Assignment: Parallel.", ("active",)),
        ("randomized controlled trial, open, no treatment control, parallel assignment", ("no_treatment",)),
        ("Masking: double (participants, physicians)", ()),
    ],
)
def test_control_in_the_words_of_the_registry(design, types):
    record = {"design_summary": design, "arms": ["Drug: Ginger", "Drug: Zinc"]}

    assert read(**record).fact("control_types").value == types


def test_summary_where_there_are_no_arms():
    record = {"arms_summary": "Intervention group: honey. Control group: placebo syrup."}

    assert read(**record).fact("control_types").value == ("placebo",)


def test_nothing_is_known_without_arms():
    assert read(public_title="Honey").fact("control_types").reason.kind == "unknown"


def test_category_of_the_registry():
    arms = [{"description": "Tablets A", "category": "Treatment - Drugs"}, {"description": "Tablets B", "category": "Placebo"}]

    assert read(arms=arms).fact("control_types").value == ("placebo",)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Control group: saline.", ["control"]),
        ("Intervention group 1: zinc. Intervention group 2 (control): iron.", ["experimental", "control"]),
        ("They get, like the control group, fluids.", ["unsaid"]),
        ("One side (intervention group) is injected, the other side (control group) is not.", ["experimental", "control"]),
        ("Intervention 2: Control group: care.", ["control"]),
        ("uncontrolled pain, birth control", ["unsaid"]),
    ],
)
def test_groups(text, roles):
    reading = read(arms=[text])

    assert [group.role for group in groups(reading, reading.registration.arms[0].description)] == roles


@pytest.mark.parametrize(
    ("control", "inert"),
    [
        ("Control group: normal saline injection.", True),
        ("Control group: an equivalent volume of distilled water.", True),
        ("Control group: dextrose water 5% as drops.", True),
        ("Control group: gel without the active ingredient.", True),
        ("Control group: tablets of similar colour and shape.", True),
        ("Control group: 500 mg vancomycin in 100 ml of normal saline.", False),
        ("Control group: powder diluted with normal saline.", False),
        ("Control group: irrigation with normal saline.", False),
        ("Control group: normal saline with lidocaine.", False),
        ("Control group: a diet with less starch food.", False),
        ("Control group: routine care.", False),
        ("Control group: distillated water inhalation.", True),
        ("Control group: capsule that is filled by roasted wheat flour.", True),
        ("Control group: topical Vaseline only.", True),
        ("Control group: sachets of starch plus the same flavours.", True),
        ("Control group: syrup without thyme, with a similar taste.", True),
        ("Control group: 500 cc of normal saline as fluid replacement.", False),
        ("Control group: oral care with normal saline.", False),
        ("Control group: minoxidil in a base cream.", False),
    ],
)
def test_inert_control(control, inert):
    assert read(arms=["Intervention group: the drug.", control]).fact("inert_control").value is inert


def test_saline_for_everybody_is_no_imitation():
    arms = ["Intervention group: normal saline nebulizer, then heparin.", "Control group: normal saline nebulizer."]

    assert read(arms=arms).fact("inert_control").value is False


@pytest.mark.parametrize(
    ("control", "named"),
    [
        ("Control group: plcebo cap.", True),
        ("Control group: placebo that is not distinguishable from the drug.", True),
        ("Control group: they do not know that they take placebo.", True),
        ("Control group: placebo, which doesn't contain the drug.", True),
        ("Control group: the electrodes are placed, then the device turns off.", True),
        ("Control group: no current passes.", True),
        ("Control group: placebo won't be used.", False),
        ("Control group: placebo could not be prepared.", False),
        ("Control group: it is impossible to use a placebo.", False),
        ("Control group: neither the drug nor placebo.", False),
        ("Control group: placebo: no", False),
        ("Control group: training on a dummy.", False),
    ],
)
def test_placebo_named(control, named):
    assert read(arms=["Intervention group: the drug.", control]).fact("placebo_named").value is named


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("blinding_description", "The placebo is packed in the same boxes.", True),
        ("design_summary", "A double-blind placebo controlled trial.", True),
        ("randomization_description", "Boxes A (drug) and B (placebo) follow the list.", True),
        ("blinding_description", "Because of the absence of placebo only the analyst is blind.", False),
        ("blinding_description", "Use of placebo is unethical.", False),
        ("blinding_description", "The drugs of both groups are similar in shape.", False),
        ("settings", "There is not any placebo in this trial.", False),
    ],
)
def test_placebo_in_other_texts(field, text, said):
    assert read(**{field: text}).fact("placebo_in_other_texts").value is said


@pytest.mark.parametrize(
    ("summary", "value"),
    [
        ("Intervention group: syrup. Control group: routine drugs.", False),
        ("Intervention group: syrup. Control group: placebo.", True),
        ("A group of patients takes syrup.", None),
    ],
)
def test_placebo_where_only_the_summary_is_there(summary, value):
    assert read(arms_summary=summary).fact("placebo_in_arms").value is value


@pytest.mark.parametrize(
    ("arm", "value"),
    [
        ("Honey syrup every night.", True),
        ("Group A takes zinc and group B takes placebo.", None),
        ("Half of them take zinc, the others a capsule.", None),
    ],
)
def test_one_arm_text(arm, value):
    assert read(assignment="Parallel", arms=[arm]).fact("placebo_without_comparison").value is value


def test_assignment_single_with_two_arms_is_no_missing_group():
    assert read(assignment="Single", arms=["Zinc.", "Placebo."]).fact("placebo_without_comparison").value is False

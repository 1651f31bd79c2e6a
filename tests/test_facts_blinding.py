"""Facts on levels of blinding, masked parties, visible comparisons and sample units: as registrants write, and what is understood."""

from datetime import date

import pytest

from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")


def read(**record):
    return Reading(registration(record), VOCABULARY, date(2026, 6, 11))


@pytest.mark.parametrize(
    ("level", "text", "said"),
    [
        ("Double blinded", "This clinical trial is a single blind study", "single"),
        ("Double blinded", "a randomised, triple blind, placebo controlled trial", "triple"),
        ("Double blinded", "double-blind phase 3 trial", None),
        ("Single blinded", "double blind, phase III, two arms", "double"),
        ("Triple blinded", "a two-sided blind trial", "double"),
        ("Double blinded", "three-blind randomised clinical trial", "triple"),
        ("Double blinded", "evaluator-blinded, open-label", "not_blinded"),
        ("Single blinded", "open label with blinded end point", None),
        ("Double blinded", "unblinded randomised trial", "not_blinded"),
        ("Double blinded", "two-sided hypothesis; blinded", None),
        ("Single blinded", "it is not double blind", None),
        ("Double blinded", "a six-week trial with an open-label follow-up", None),
        ("Double blinded", "scored by a single blinded dermatologist", None),
    ],
)
def test_level_in_a_text(level, text, said):
    fact = read(blinding=level, design_summary=text).fact("blinding_levels_differing")

    assert [case.values["level"] for case in fact.cases] == ([said] if said else [])


@pytest.mark.parametrize(
    ("groups", "text", "differs"),
    [
        (["Participant", "Outcome assessor"], "Patients and the person who collects the data do not know the group.", False),
        (["Participant"], "The statistical analyst is blinded to the groups.", True),
        (["Outcome assessor"], "Mothers will not know which method is used for them.", True),
        (["Participant", "Investigator"], "The physician and the patient will be unaware of the drug.", False),
        (["Investigator"], "The investigator assessing the patient will be blind to the treatment received by the patient.", False),
        (["Outcome assessor"], "Function is measured by a therapist. She is not informed of the group, and patients keep silent.", False),
        (["Participant", "Care provider"], "Drug and placebo look the same. The one who records pain is not aware of the group.", False),
    ],
)  # fmt: skip
def test_parties_in_the_text(groups, text, differs):
    fact = read(blinding="Single blinded", masked_groups=groups, blinding_description=text).fact("masked_parties_differing")

    assert bool(fact.cases) is differs


@pytest.mark.parametrize(
    ("arms", "seen"),
    [
        (["Intervention group: zinc capsules", "Control group: does not receive any capsule"], True),
        (["Intervention group: cold gel pack", "Control: routine care"], True),
        (["Intervention group: an educational video", "Control group: routine training of the ward"], False),
        (["Intervention group: music during cesarean section", "Control group: no music"], False),
        (["Intervention group: mesh is placed at laparotomy", "Control group: standard treatment without mesh"], False),
        (["Intervention group: zinc", "Control group: metformin"], False),
    ],
)
def test_comparison_that_participants_see(arms, seen):
    fact = read(blinding="Single blinded", masked_groups=["Participant"], arms=arms).fact("visible_controls")

    assert bool(fact.cases) is seen


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("60 eyes of 60 patients with cataract", False),
        ("In 20 patients, 60 sockets are filled", False),
        ("36 mandibular second molars in children", True),
        ("Thirty-two knees with osteoarthritis are injected", True),
        ("Eighty dental implants in two groups", True),
        ("120 patients with warts; lesions are treated", False),
        ("every participant has two lesions; 60 lesions are treated", False),
    ],
)
def test_what_the_sample_counts(text, unclear):
    fact = read(target_sample_size="60", design_summary=text).fact("sample_unit_unclear")

    assert bool(fact.cases) is unclear

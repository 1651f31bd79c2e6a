"""Texts on masking -> who is masked, who is not, and who is told."""

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
    ("text", "parties"),
    [
        ("Patients and nurses are blinded.", ("participant", "care_provider")),
        ("Neither the patients nor the physicians were aware of the type of treatment.", ("participant", "care_provider")),
        ("None of the participants will be aware of the allocation to groups.", ("participant",)),
        ("The physician who examines the children will not be aware of the intervention.", ("outcome_assessor",)),
        (
            "This study is double-blind; the data analyser and the researcher do not know the code.",
            ("investigator", "data_analyst"),
        ),
        ("Patients take part in the study, but they do not know which syrup they get.", ("participant",)),
        ("The treatment is given without the patient's knowledge of the group.", ("participant",)),
        ("Blinding is done for participants and for the statistician.", ("participant", "data_analyst")),
        ("The surgeon is not blinded. Patients will be kept blind to the mesh.", ("participant",)),
        ("The pharmacist knows the code; radiologists are unaware of the group of the patients.", ("outcome_assessor",)),
        ("The bottles are not distinguishable by patients or investigators.", ("participant", "investigator")),
        (
            "The patients won't be informed about the kind of drug and the evaluator is blind too.",
            ("participant", "outcome_assessor"),
        ),
    ],
)
def test_masked_parties_from_the_description(text, parties):
    assert parties == fact("masked_parties", blinding="double", blinding_description=text).value


def test_masked_parties_come_from_the_field_first():
    record = {"masked_groups": ["Outcome assessor"], "blinding_description": "Patients are blinded."}

    assert fact("masked_parties", **record).value == ("outcome_assessor",)


def test_nobody_is_masked_where_the_field_is_empty():
    assert fact("masked_parties", masked_groups="No information").value == ()


def test_masked_parties_cannot_be_told_from_a_persian_description():
    assert fact("masked_parties", blinding="double", blinding_description="بیماران نمی‌دانند").reason.kind == "language"


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("double", "This is an open-label trial."),
        ("double", "The nurses and the patients weren't blinded."),
        ("single", "Blinding isnt done."),
        ("single", "All the people involved in the study are aware of the interventions."),
        ("single", "Patients and physicians know which drug is used."),
        ("single", "The study is not blinded because of the nature of surgery."),
        ("double", "It is not possible to blind the study."),
        ("single", "There is no blinding in this study."),
        ("triple", "The trial will be performed without blinding."),
        ("double", "Patients and their doctors will not be blinded."),
        ("double", "Blinding is not possible for patients and therapists."),
        ("double", "Neither the mothers nor the midwives will be blinded."),
        ("double", "The participants and the investigators are aware of the type of intervention."),
    ],
)
def test_denied(level, text):
    assert fact("blinding_denied", blinding=level, blinding_description=text).value == 1


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("double", "Patients and physicians will not be aware of the group."),
        ("double", "The drugs look alike, so patient and doctor aren't aware of the type of treatment."),
        ("single", "The data analyst is blind. Patients and the physician are not blinded."),
        ("double", "No one except the pharmacist is aware of the groups."),
        ("single", "Patients are not blinded, but the outcome assessor is."),
        ("single", "All staff are aware of the groups; patients are unaware of them."),
        ("double", "The cardiologist is not blinded; patients and the echocardiography reader are blinded."),
        ("double", "Patients are aware of their participation in the study and blind to the drug."),
        ("double", "Participants are told that they get either the drug or placebo."),
        ("double", "The code is unblinded after the end of the study."),
        ("double", "The nurse who prepares the ampoules is not blinded."),
        ("double", "Only the physician is aware of the group of the patients."),
        ("double", "Identical capsules are coded by the pharmacy."),
        ("double", "Patients, nurses and analysts are blinded; the pharmacist is not blinded."),
    ],
)
def test_not_denied(level, text):
    assert fact("blinding_denied", blinding=level, blinding_description=text).value == 0


def test_a_listed_party_that_the_text_says_is_not_blinded():
    record = {"blinding": "single", "masked_groups": ["Participant"], "blinding_description": "The women cannot be blinded."}

    (case,) = fact("blinding_denied", **record).cases

    assert case.values["not_masked"] == ("the participants",)
    assert [place.quote for place in case.places] == ["The women cannot be blinded.", "Participant"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Patients are informed about receiving the new drug, but they are blinded.", True),
        ("The mothers know which group they are in.", True),
        ("The patients will be aware of the group in which they are placed.", True),
        ("We explain to the patient that he is in the intervention group.", True),
        ("The women are informed which cream they use.", True),
        ("The subject is aware of the assigned treatment.", True),
        ("Patients are told about the way of using the drug.", False),
        ("If the patients are informed of the group they are excluded.", False),
        ("Patients are asked to inform the researcher if they take other drugs.", False),
        ("Volunteers are told the name of the vaccine they receive: they get the new vaccine.", True),
        ("The researcher tells the patients that they receive the new treatment.", True),
        ("Participants are aware of the type of treatment.", True),
        ("Patients are informed that they may receive the drug or placebo.", False),
        ("Patients are not informed about the type of treatment.", False),
        ("Informed consent is taken from patients before receiving the drug.", False),
        ("None of the patients knows which group they are in.", False),
        ("The nurse knows which drug is given to the patients.", False),
        ("Patients are aware of their participation in the study.", False),
        ("Patients are informed that they do not know which group they are in.", False),
        ("Patients are informed about the aim of the study and the side effects.", False),
    ],
)
def test_participants_told(text, told):
    assert fact("participants_told", settings=text).value is told


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("double blind", False),
        ("This is a triple-blinded randomised clinical trial.", False),
        ("-", False),
        ("Opaque bottles", True),
        ("The patients do not know.", True),
    ],
)
def test_blinding_described(text, described):
    assert fact("blinding_described", blinding_description=text).value is described

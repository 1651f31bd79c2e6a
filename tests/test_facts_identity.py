"""Facts on identifiers, titles and health conditions: a small record -> what is malformed, hollow or does not fit."""

from datetime import date

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills FACTS
from audit.engine import icd10
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")
OWN = "IRCT20140809018765N4"


def fact(name, **record):
    return Reading(registration(record), VOCABULARY, date(2026, 6, 11)).fact(name)


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("IRCT20140809018765N1", True),
        ("IRCT20140809018765N1000", True),
        ("irct20140809018765n1", True),
        ("IRCT138904113667N1", True),
        ("IRCT2013050112345N2", True),
        ("IRCT20141309018765N1", False),
        ("IRCT20140809018765", False),
        ("IRCT 20140809018765N1", False),
        ("NCT01234567", True),
        ("NCT012345678", False),
        ("ISRCTN12345678", True),
        ("ACTRN12620000001000", True),
        ("CTRI/2020/04/024567", True),
        ("DRKS00021234", True),
        ("EUCTR2020-001234-12-GB", True),
        ("RPCEC00000306", True),
    ],
)
def test_the_form_of_an_identifier(number, right):
    assert fact("trial_id_is_well_formed", trial_id=number).value is right


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The trial is registered in IRCT (IRCT20140809018765N3).", 1),
        ("Trial registration number: IRCT20140809018765N3", 1),
        ("This protocol has the IRCT code IRCT20150101054321N9.", 1),
        (f"Registered with the number {OWN}.", 0),
        ("It follows the trial IRCT20140809018765N3.", 0),
        ("It is the continuation of a trial registered as IRCT20140809018765N3.", 0),
        ("The method of another trial (registration number IRCT20140809018765N3) is used.", 0),
        ("Registered in ClinicalTrials.gov as NCT01234567.", 0),
    ],
)
def test_another_number_as_its_own(text, found):
    assert fact("other_numbers_as_its_own", trial_id=OWN, design_summary=text).value == found


@pytest.mark.parametrize(
    ("public", "scientific", "same"),
    [
        ("Effect of honey on cough", "Effect of honey on cough.", True),
        ("EFFECT OF HONEY ON COUGH", "effect of honey on cough", True),
        ("Effect of honey on cough", "Effect of honey on cough in children", False),
        ("Effect of honey on cough", "Effect of sugar on cough", False),
        ("اثر عسل بر سرفه", "اثر عسل بر سرفه", True),
        ("اثر عسل بر سرفه", "اثر شکر بر تب", False),
    ],
)
def test_titles_that_are_the_same(public, scientific, same):
    assert fact("titles_are_the_same", public_title=public, scientific_title=scientific).value is same


@pytest.mark.parametrize(
    ("title", "hollow"),
    [
        ("Clinical trial", True),
        ("Comparison of two methods", True),
        ("The effect of the intervention on patients", True),
        ("xx", False),
        ("Treatment of diabetes", True),
        ("The effect of drug therapy on COVID-19", True),
        ("Ginger in COVID-19", False),
        ("Plasma therapy in COVID-19", False),
        ("Hydroxychloroquine prophylaxis", False),
        ("Education of mothers", False),
    ],
)
def test_a_title_without_content(title, hollow):
    assert bool(fact("empty_titles", public_title=title).value) is hollow


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Forty-two rats", 0),
        ("48 adult male Wistar rats will be used.", 1),
        ("Mice were randomly divided into 4 groups.", 1),
        ("An in vitro study on enamel.", 1),
        ("In vitro fertilization cycles are studied.", 0),
        ("Dogs are kept by the owners.", 0),
        ("80 rats were used in a previous study", 0),
        ("30 rabbits are treated; patients sign a consent", 0),
    ],
)
def test_subjects_that_are_no_people(text, found):
    assert fact("subjects_that_are_no_people", design_summary=text).value == found


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("J45.9", None),
        ("j45.9", None),
        ("J459", None),
        ("J45.9 ", None),
        ("M34.8+", None),
        ("J45.9; J46", None),
        ("C00-C97", None),
        ("U07.1 COVID", None),
        ("E14", None),
        ("I84.9", None),
        ("S82.10", None),
        ("W19", None),
        ("J45.7", "there is no code J45.7 in ICD-10"),
        ("J99.9", "there is no code J99.9 in ICD-10"),
        ("1J45", "the code has not the form of ICD-10"),
        ("493.90", "the code has not the form of ICD-10"),
        ("5A11", "the code has not the form of ICD-10"),
        ("asthma", "the code has not the form of ICD-10"),
    ],
)
def test_the_form_of_a_code(code, problem):
    said = fact("condition_gaps", conditions=[{"description": "a disease", "icd10": code}])

    assert [case.values["problem"] for case in said.cases] == ([problem] if problem else [])


def test_every_title_of_the_classification_fits_its_code():
    for code in ("L40", "K05.3", "I10", "F41.9", "N18.6", "O82", "H40.1", "C50"):
        condition = {"description": icd10.title(code), "icd10": code, "icd10_description": icd10.title(code)}
        for name in ("code_titles_that_differ", "codes_that_do_not_fit", "condition_gaps"):
            assert not fact(name, conditions=[condition]).value, (name, code)


@pytest.mark.parametrize(
    ("code", "sex", "title", "found"),
    [
        ("C61", "Both", "Diet and the prostate", 1),
        ("C61", "Female", "Diet and the prostate", 1),
        ("C61", "Male", "Diet and the prostate", 0),
        ("O80", "Both", "Massage and labour pain of women", 1),
        ("O80", "Both", "Massage and labour pain with the husband there", 0),
        ("O80", "Male", "Education of fathers", 0),
        ("N97.9", "Both", "Vitamins in infertile couples", 0),
        ("N46", "Both", "Vitamins before ICSI", 0),
        ("C50.9", "Both", "Yoga after cancer of the breast", 0),
    ],
)
def test_a_code_of_one_sex(code, sex, title, found):
    said = fact(
        "codes_of_the_other_sex", sex=sex, scientific_title=title, conditions=[{"description": "a disease", "icd10": code}]
    )

    assert said.value == found

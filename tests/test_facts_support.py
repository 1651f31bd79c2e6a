"""Facts on sponsors, sharing, results and times: what decides them, apart from the examples of the checks."""

from datetime import date

import pytest

from audit.engine.facts.recruitment import _stretches
from audit.engine.facts.support import _company
from audit.engine.names import abbreviated, plain, resemble, same_person, telling
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.model.span import Value
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")


def value(text):
    return Value("x", text=text)


def reading(**record):
    return Reading(registration(record), VOCABULARY, date(2026, 6, 11))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Esfahan University", "Isfahan University of Medical Sciences", True),
        ("Ahvaz University", "Jundishapur University", True),
        ("Bagheiat-allah University", "Baqiyatallah University of Medical Sciences", True),
        ("Bam University", "Rayen University", False),
        ("Bam University", "Sabz Foundation", False),
    ],
)
def test_names_that_can_mean_the_same_body(one, other, same):
    assert resemble(value(one), value(other)) is same


def test_names_are_compared_by_their_telling_words():
    assert telling(value("Vice Chancellor for Research and Technology")) == frozenset()
    assert plain(value("The University of Bam.")) == "university bam"
    assert abbreviated(value("Fund of BUMS"), value("Bam University of Medical Sciences"))
    assert not abbreviated(value("NIMAD"), value("Bam University of Medical Sciences"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dr. Mohamad Ali Zarin", "Mohammad Ali Zarin", True),
        ("Laleh Zarin", "Nima Ravan", False),
        ("Zarin", "Laleh Zarin", False),
    ],
)
def test_persons_are_known_in_two_spellings(one, other, same):
    assert same_person(value(one), value(other)) is same


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("saffron (Sabz Darou Company, Bam) daily", "Sabz Darou Company"),
        ("tablets made by Narenji Takh Co. twice", "Narenji Takh Co."),
        ("drops, Exirin Pharmaceutical Co, Iran", "Exirin Pharmaceutical Co"),
        ("made by a local pharmaceutical company", None),
        ("the same Company", None),
    ],
)
def test_a_company_is_known_by_its_name(text, name):
    hit = reading(arms=[text]).find("support.maker", value(text))[0]
    place = _company(hit)

    assert (place.quote if place else None) == name


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("from april to july 2021", "2021-04-01", "2021-07-31"),
        ("from november to march 2020", "2019-11-01", "2020-03-31"),
        ("in 1399", "2020-03-20", "2021-03-20"),
        ("from 1 mehr 1399 to 30 esfand 1399", "2020-09-22", "2021-03-20"),
        ("between 10th february 2020 and 25th march 2020", "2020-02-01", "2020-03-31"),
        ("during 2020.02-2020.05", "2020-02-01", "2020-05-31"),
    ],
)
def test_times_in_a_text(text, first, last):
    [one] = _stretches(text)

    assert (str(one.first), str(one.last)) == (first, last)


@pytest.mark.parametrize(
    "text", ["in 1400 patients", "from 1390 to 1400 ml", "in 2019-ncov", "since 2010", "covid-2019", "in may"]
)
def test_numbers_that_are_no_times(text):
    assert _stretches(text) == ()


def test_of_no_completion_date_the_end_of_recruitment_counts():
    record = reading(recruitment_status="Recruitment complete", completion_date="empty", actual_recruitment_end="2020-01-20")

    assert record.fact("results_due").value is True
    assert record.fact("results_shown").reason.kind == "unknown"


def test_shares_in_words_cannot_be_told():
    said = reading(sponsors=[{"organization": "A", "source": "A", "proportion": "a half"}]).fact("funding_shares_wrong")

    assert said.reason.kind == "unclear"


def test_a_past_of_patients_is_no_conduct():
    told = reading(settings="Patients who had pain and were treated before. Women were randomly divided into two groups.")

    assert [place.quote for place in told.fact("past_tense_share").places] == ["Women were randomly divided"]

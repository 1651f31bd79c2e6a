"""Facts on contacts and sites: a small record -> e-mails, telephones, postal codes, names and places that cannot be right."""

from datetime import date

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills FACTS
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")


def fact(name, **record):
    return Reading(registration(record), VOCABULARY, date(2026, 6, 11)).fact(name)


def person(**parts):
    return {"name": "Kamran Sepehrpour", **parts}


@pytest.mark.parametrize(
    ("email", "invalid"),
    [
        ("k.sepehrpour@example.org", 0),
        ("K_Sepehr-pour+a@Mail.Example.co.uk", 0),
        ("<k.sepehrpour@example.org>", 0),
        ("k.sepehrpour@example.org / office@example.org", 0),
        ("k.sepehrpour@example.org and office@example.org", 0),
        ("k.sepehrpour@example.org, office@example.org", 0),
        (" k.sepehrpour@example.org ", 0),
        ("k***@example.org", 0),
        ("k.sepehrpour [at] example.org", 0),
        ("-", 0),
        ("none", 0),
        ("k.sepehrpour@example,org", 1),
        ("k.sepehrpour@example.org,", 1),
        ("k.sepehrpour@@example.org", 1),
        ("k..sepehrpour@example.org", 1),
        ("@example.org", 1),
        ("k.sepehrpour@", 1),
        ("k.sepehrpour@example .org", 1),
        ("k.sepehrpour@example.org; officeexample.org@", 1),
        ("www.example.org", 1),
        ("k.sepehrpour@gmail.con", 1),
        ("k،sepehrpour@example.org", 1),
    ],
)
def test_an_email_address(email, invalid):
    assert fact("invalid_emails", public_contact=person(email=email)).value == invalid


@pytest.mark.parametrize(
    ("phone", "malformed"),
    [
        ("+98 21 5550 0111", 0),
        ("+982155500111", 0),
        ("00982155500111", 0),
        ("0098-21-55500111", 0),
        ("98 21 55500111", 0),
        ("+98 (0)21 5550 0111", 0),
        ("+98 (21) 5550-0111", 0),
        ("+98 021 5550 0111", 0),
        ("+98 021 - 55500111", 0),
        ("02155500111", 0),
        ("021-55500111", 0),
        ("(021) 55500111", 0),
        ("55500111", 0),
        ("09001234567", 0),
        ("+98 900 123 4567", 0),
        ("+98 21 5550 0111 ext 12", 0),
        ("02155500111 (ext. 204)", 0),
        ("02155500111 داخلی ۲۰۴", 0),
        ("021 5550 0111-15", 0),
        ("021-55500111, 021-55500112", 0),
        ("02155500111 - 02155500119", 0),
        ("02155500111/09001234567", 0),
        ("+98 21 55501", 0),
        ("+1 202 555 0143", 0),
        ("0044 20 7946 0000", 0),
        ("+98 21 5550 01112", 1),
        ("+98 21 5550 011", 1),
        ("0215550011", 1),
        ("+98 900 123 456", 1),
        ("0900123456789", 1),
        ("+98 21 1111 1111", 1),
        ("021-12345678", 1),
        ("۰۲۱۵۵۵۰۰۱۱", 1),
    ],
)
def test_a_telephone_number(phone, malformed):
    assert fact("malformed_phones", public_contact=person(phone=phone)).value == malformed


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        ("+98 21 5550 0111", "+98 21 5550 0112", 0),
        ("+98 21 5550 0111", "+98 21 5550 0211", 0),
        ("+98 21 5550 0111", "+98 26 5550 0111", 0),
        ("+98 21 5550 0111", "+98 21 5540 0211", 0),
        ("+98 21 5550 0111", "021 5550 0111", 0),
        ("+98 21 5550 0111", "+98 21 5540 0111", 1),
        ("+98 21 5830 0111", "+98 21 8530 0111", 1),
    ],
)
def test_two_numbers_that_differ_in_a_digit(one, other, twins):
    assert fact("malformed_phones", public_contact=person(phone=one), scientific_contact=person(phone=other)).value == twins


@pytest.mark.parametrize(
    ("name", "email", "another"),
    [
        ("Kamran Sepehrpour", "afsaneh.golestani@example.org", True),
        ("Kamran Sepehrpour", "maryamrezaeizadeh@example.org", True),
        ("Dr. Kamran Sepehrpour", "dr.nasrin.golkar@example.org", True),
        ("Kamran Sepehrpour", "k.golestani@example.org", False),
        ("Kamran Sepehrpour", "kamran.golestani@example.org", False),
        ("Maryam Golestani Rad", "maryam_rad@example.org", False),
        ("Mohamad Ali Nikfar", "mohammadali.nikfar@example.org", False),
        ("Zohreh Golestani", "zohrehgolestani@example.org", False),
        ("Seyed Reza Hoseini", "rezahosseini@example.org", False),
        ("Kamran Sepehrpour", "info@example.org", False),
        ("Kamran Sepehrpour", "reza.clinic@example.org", False),
        ("Kamran Sepehrpour", "mina2020@example.org", False),
        ("Rezaeian Parvaneh", "rezaeian@example.org", False),
    ],
)
def test_an_address_of_somebody_else(name, email, another):
    assert bool(fact("emails_of_others", public_contact={"name": name, "email": email}).value) is another


@pytest.mark.parametrize(
    ("one", "other", "variants"),
    [
        ("Mohamad Golestani", "Mohammad Golestani", 1),
        ("Dr. Mohammad Golestani", "Mohammad Golestani", 0),
        ("Parvaneh Golestani", "Parvaneh Golestany", 0),
        ("Parvaneh Sepehrpour", "Parvaneh Sepehrpoor", 1),
        ("Farid Golestani", "Farideh Golestani", 0),
        ("Ali Golestani", "Alireza Golestani", 0),
        ("Parvaneh Golestani", "Parvaneh Golistani", 1),
        ("Golestani Parvaneh", "Parvaneh Golestani", 0),
    ],
)
def test_a_name_in_two_spellings(one, other, variants):
    assert fact("spelling_variants", public_contact={"name": one}, scientific_contact={"name": other}).value == variants


@pytest.mark.parametrize(
    ("name", "garbled"),
    [
        ("Kamran Sepehrpour", 0),
        ("K. Sepehrpour, PhD", 0),
        ("José Núñez", 0),
        ("کامران سپهرپور", 0),
        ("کامران سپهرپور\u200c", 0),
        ("Kamran\u064e Sepehrpour", 1),
        ("Kamran Sepehrpour 2", 1),
        ("k.sepehrpour@example.org", 1),
        ("JosÃ© Nunez", 1),
        ("N/A", 1),
        ("...", 1),
    ],
)
def test_a_garbled_name(name, garbled):
    assert fact("garbled_names", public_contact={"name": name}).value == garbled


@pytest.mark.parametrize(
    ("settings", "centre", "differs"),
    [
        ("The study is conducted in Bahar Hospital.", {"organization": "Bahar hospital"}, False),
        ("The study is conducted in Bahar Hospital.", {"organization": "Laleh Hospital"}, True),
        (
            "Patients visiting the clinic of Shahid Laleh hospital in Mehrkuh will be entered.",
            {"organization": "Bahar Clinic"},
            True,
        ),
        ("In the Imam Golzar teaching hospital, Mehrkuh, patients are randomized.", {"organization": "Bahar Clinic"}, True),
        ("The study is done in the clinic of Bahar.", {"organization": "Bahar Clinic"}, False),
        ("Patients who were referred from Laleh Hospital come to the clinic.", {"organization": "Bahar Clinic"}, False),
        ("The cream is prepared in the pharmacy of Laleh Hospital.", {"organization": "Bahar Clinic"}, False),
        ("Approved by the ethics committee of Laleh Hospital.", {"organization": "Bahar Clinic"}, False),
        ("The study is done in Laleh Hospital.", {"organization": "Mehrkuh University of Medical Sciences"}, False),
        (
            "The study is done in Laleh Hospital.",
            {"organization": "Pain clinic", "address": "Laleh hospital, Danesh Street"},
            False,
        ),
        ("The study is done in Mehrkuh Hospital.", {"organization": "Bahar Clinic", "city": "Mehrkuh"}, False),
        ("The study is done in the dental clinic.", {"organization": "Bahar Clinic"}, False),
        ("The study is done in Oncology Hospital.", {"organization": "Bahar Clinic"}, False),
    ],
)
def test_a_place_of_the_text_and_the_centres(settings, centre, differs):
    assert bool(fact("site_differences", settings=settings, centres=[centre]).value) is differs


@pytest.mark.parametrize(
    ("text", "centres", "differs"),
    [
        ("A multicentric trial.", ["Bahar Hospital"], True),
        ("Patients from four clinics are entered.", ["Bahar Hospital"], True),
        ("A multi-center study showed that it is safe.", ["Bahar Hospital"], False),
        ("Future multicenter trials are needed.", ["Bahar Hospital"], False),
        ("A multicenter trial.", ["Bahar and Laleh Hospitals"], False),
        ("A single centre trial.", ["Bahar Hospital", "Laleh Hospital"], True),
        ("A single centre trial.", ["Bahar Hospital", "Heart ward of Bahar Hospital"], False),
        ("A trial.", ["Bahar Hospital", "Laleh Hospital"], False),
    ],
)
def test_the_number_of_centres(text, centres, differs):
    said = fact("centre_number_differences", design_summary=text, centres=[{"organization": one} for one in centres])

    assert bool(said.value) is differs


def test_a_postal_code_of_two_streets_quotes_both():
    said = fact(
        "odd_postal_codes",
        centres=[person(organization="Bahar Clinic", address="No 3, Laleh Alley", postal_code="7461954371")],
        sponsors=[{"name": "A. Golzar", "address": "Sepidar Boulevard", "postal_code": "74619-54371"}],
    )

    assert [place.quote for place in said.cases[0].places] == [
        "No 3, Laleh Alley",
        "7461954371",
        "Sepidar Boulevard",
        "74619-54371",
    ]

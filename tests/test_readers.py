"""One record in many shapes reads the same; every value is a verbatim slice; what is no record gets a clear error."""

import dataclasses
import html
import re

import pytest
from conftest import PAGES, SAMPLES, SEEDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.errors import UnreadableError
from audit.model.registration import Items, Registration
from audit.model.span import Source, State, Value
from audit.readers import READERS, read_bytes, read_path
from audit.readers.ages import read_ages
from audit.readers.dates import read_date
from audit.readers.irct_lines import scan

PAGE = """\
Protocol summary

Study aim
To compare honey syrup with water for night cough
Design
Two parallel groups, 40 children
Settings and conduct
The children's clinic of Sepidrud
Participants/Inclusion and exclusion criteria
Inclusion criteria: cough for 3 days
Intervention groups
Honey syrup or coloured water
Main outcome variables
Coughs in a night

General information

Reason for update
Acronym
HONEY
IRCT registration information
IRCT registration number: IRCT20990101099999N1
Registration date: 2024-06-15, 1403/03/26
Registration timing: prospective

Last update: 2024-06-15, 1403/03/26
Update count: 0
Registration date
2024-06-15, 1403/03/26
Registrant information
Name
Nika Foladi
Name of organization / entity
University of Sepidrud
Country
Iran (Islamic Republic of)
Phone
+98 21 5550 0100
Email address
nika@example.org
Recruitment status
Recruitment complete
Funding source
Expected recruitment start date
2024-07-01, 1403/04/11
Expected recruitment end date
2024-12-20, 1403/09/30
Actual recruitment start date
empty
Actual recruitment end date
empty
Trial completion date
empty
Scientific title
Honey syrup for night cough of children
Public title
Honey syrup for cough
Purpose
Treatment
Inclusion/Exclusion criteria
Inclusion criteria:
Cough for 3 days
Age
from 2 years on
Exclusion criteria:
Asthma
Phase
of the illness beyond 10 days
Age
From 6 months old to 12 years old
Gender
Both
Phase
3
Groups that have been masked
  • Participant
  • Outcome assessor
Sample size
Target sample size: 40
Randomization (investigator's opinion)
Randomized
Randomization description
Blocks of four
Blinding (investigator's opinion)
Double blinded
Blinding description
Placebo
Used
Assignment
Parallel
Other design features

Secondary Ids

1

Registry name
ISRCTN
Secondary trial Id
ISRCTN00000000
Registration date
2024-06-20, 1403/03/31

Ethics committees

1

Ethics committee
Name of ethics committee
Ethics committee of Sepidrud
City
Sepidrud
Approval date
2024-05-14, 1403/02/25
Ethics committee reference number
IR.SEP.REC.1403.001

Health conditions studied

1

Description of health condition studied
Cough
ICD-10 code
R05
ICD-10 code description
Cough

Primary outcomes

1

Description
Coughs in a night
Timepoint
Before, and after 7 days
Method of measurement
Diary of the mother

Secondary outcomes

empty

Intervention groups

1

Description
Intervention group: 5 ml of honey syrup
Category
Treatment - Drugs

2

Description
Control group: 5 ml of coloured water
Category
Placebo

Recruitment centers

1

Recruitment center
Name of recruitment center
Clinic of Sepidrud
Full name of responsible person
Nika Foladi
City
Sepidrud
Fax
Email
clinic@example.org

Sponsors / Funding sources

1

Sponsor
Name of organization / entity
University of Sepidrud
Full name of responsible person
Mani Roshan
Grant name
Grant code / Reference number
Is the source of funding the same sponsor organization/entity?
Yes
Proportion provided by this source
100

Person responsible for general inquiries

Contact
Name of organization / entity
University of Sepidrud
Full name of responsible person
Nika Foladi
Phone
+98 21 5550 0100
Email
nika@example.org

Person responsible for scientific inquiries

Contact
Full name of responsible person
Mani Roshan

Person responsible for updating data

Contact
Full name of responsible person
Nika Foladi

Sharing plan

Deidentified Individual Participant Data Set (IPD)
No - There is not a plan to make this available
Justification/reason for indecision/not sharing IPD
The families did not agree
Study Protocol
Yes - There is a plan to make this available
Statistical Analysis Plan
Not applicable
Informed Consent Form
Undecided - It is not yet known if there will be a plan to make this available
Clinical Study Report
Yes - There is a plan to make this available
Title and more details about the data/document
The protocol
When the data will become available and for how long
After 2026
Loading..."""


def read(text: str | bytes) -> list[Registration | UnreadableError]:
    return list(read_bytes(text.encode() if isinstance(text, str) else text, "record.txt"))


def one(text: str | bytes) -> Registration:
    (found,) = read(text)
    assert isinstance(found, Registration), found
    return found


def values(thing):
    """Yield every value of a registration, at any depth."""
    if isinstance(thing, Value):
        yield thing
        for half in (getattr(thing, "gregorian", None), getattr(thing, "jalali", None)):
            if half is not None:
                yield half.value
    elif isinstance(thing, tuple):
        for part in thing:
            yield from values(part)
    elif isinstance(thing, Items):
        yield thing.heading
        yield from values(thing.items)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, Source):
        for field in dataclasses.fields(thing):
            yield from values(getattr(thing, field.name))


def said(registration: Registration) -> dict[str, str]:
    """Return field -> text of all that is given, blanks apart."""
    return {value.field: " ".join(value.text.replace("**", "").replace("\n-\n", " ").split()) for value in registration.values}


def verbatim(registration: Registration) -> bool:
    text = registration.source.text
    return all(text[value.start : value.start + len(value.text)] == value.text for value in values(registration))


def test_fields_of_a_page():
    record = one(PAGE)

    assert record.complete
    assert record.unlabelled == ()
    assert record.trial_id.text == "IRCT20990101099999N1"
    assert str(record.registration_date.date) == "2024-06-15"
    assert record.registration_date.jalali.value.text == "1403/03/26"
    assert record.arms_summary.text == "Honey syrup or coloured water"
    assert record.arms_summary.label == "Summary: Intervention groups"
    assert [arm.category.code for arm in record.arms] == ["drug", "placebo"]
    assert record.arms[1].description.label == "Intervention groups 2: Description"
    assert record.placebo.code == "used"
    assert record.target_sample_size.number == 40
    assert [group.text for group in record.masked_groups] == ["Participant", "Outcome assessor"]
    assert record.ethics_reviews[0].approval_date.label == "Ethics committees 1: Approval date"
    assert record.sponsors[0].contact.name.text == "Mani Roshan"
    assert record.public_contact.email.text == "nika@example.org"
    assert [row.document for row in record.sharing] == ["ipd", "protocol", "sap", "icf", "csr"]
    assert record.secondary_ids[0].text == "ISRCTN00000000"
    assert record.sharing_details.text.startswith("The protocol")
    assert verbatim(record)


def test_a_line_of_the_criteria_that_reads_like_a_label_is_no_label():
    record = one(PAGE)

    assert record.inclusion_criteria.text == "Cough for 3 days\nAge\nfrom 2 years on"
    assert record.exclusion_criteria.text == "Asthma\nPhase\nof the illness beyond 10 days"
    assert (record.minimum_age.years, record.maximum_age.years) == (0.5, 12)
    assert record.phase.code == "3"


def test_empty_absent_and_unknown_are_three_things():
    record = one(PAGE)

    assert (record.completion_date.state, record.completion_date.text) == (State.EMPTY, "empty")
    assert record.blinding_description.state is State.EMPTY
    assert record.blinding_description.text == "Blinding description"
    assert (record.secondary_outcomes.state, record.secondary_outcomes.heading.text) == (State.EMPTY, "empty")
    assert (record.actual_sample_size.state, record.actual_sample_size.text) == (State.ABSENT, "")
    assert record.sponsors[0].contact.email.state is State.ABSENT
    assert record.centres[0].fax.state is State.EMPTY
    assert record.study_type.state is State.UNKNOWN


def test_a_record_that_is_cut_concludes_nothing_from_what_is_missing():
    record = one(PAGE[: PAGE.index("Placebo\nUsed")])

    assert not record.complete
    assert record.placebo.state is State.UNKNOWN
    assert record.arms.state is State.UNKNOWN
    assert record.blinding_description.state is State.UNKNOWN  # it is cut just after the label
    assert record.acronym.text == "HONEY"


def test_half_a_label_at_the_end_is_no_value():
    record = one(PAGE[: PAGE.index("Two parallel")] + "Two parallel groups\nSettings and con")

    assert record.design_summary.text == "Two parallel groups"
    assert [line.text for line in record.unlabelled] == ["Settings and con"]


def _bold(text):
    labels = {hit.line for hit in scan(text).hits if hit.value < 0}
    spans = scan(text).spans
    return "\n\n".join(f"**{text[a:b]}**" if at in labels else text[a:b] for at, (a, b) in enumerate(spans))


SHAPES = {
    "no blank lines": lambda text: re.sub(r"\n\n+", "\n", text),
    "blank lines everywhere": lambda text: text.replace("\n", "\n\n"),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "lone dashes": lambda text: "\n-\n".join(line for line in text.split("\n") if line),
    "bold labels": _bold,
    "glued labels": lambda text: text.replace("Fax\nEmail", "Fax**Email**"),
    "labels run together": lambda text: text.replace("Fax\nEmail", "FaxEmail"),
    "no blank after the colon": lambda text: text.replace("number: ", "number:").replace("date: ", "date:"),
    "number on the next line": lambda text: text.replace("size: 40", "size:\n40"),
    "no ordinals": lambda text: re.sub(r"\n[12]\n", "\n", text),
    "older revisions on top": lambda text: "View older revisions Content changed at 2024-06-20, 1403/03/31\n\n" + text,
    "markdown headings": lambda text: text.replace("Sharing plan", "## Sharing plan").replace("Acronym", "### Acronym"),
    "label broken over two lines": lambda text: text.replace("same sponsor organ", "same sponsor\norgan"),
    "indented": lambda text: text.replace("\n", "\n    "),
    "capitals": lambda text: text.replace("Study aim", "STUDY AIM").replace("Ethics committees", "ETHICS COMMITTEES"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_record_reads_the_same_in_every_shape(shape):
    changed = SHAPES[shape](PAGE)
    record = one(changed)

    assert changed != PAGE
    assert said(record) == said(one(PAGE))
    assert record.unlabelled == ()
    assert verbatim(record)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_encodings(encoding):
    text = PAGE.replace("Two parallel groups", "Two groups – “parallel”")

    assert said(one(text.encode(encoding))) == said(one(text))


def test_print_header_gives_the_day_of_export():
    record = one(
        "Clinical Trial Protocol\n\nIranian Registry of Clinical Trials\n\n11 Jun 2026\n\nHoney syrup for cough\n\n" + PAGE
    )

    assert str(record.exported.date) == "2026-06-11"
    assert record.unlabelled == ()  # the title is the public one


def test_lost_first_headings():
    start = PAGE.index("To compare honey")
    record = one("Honey syrup for cough\n" + PAGE[start:])

    assert record.study_aim.text == "To compare honey syrup with water for night cough"
    assert said(record) == said(one(PAGE))


def test_older_pages_have_one_summary():
    start, end = PAGE.index("Study aim"), PAGE.index("General information")
    record = one(PAGE[:start] + "Summary\nHoney syrup or water.\n\nFor forty children.\n\n" + PAGE[end:])

    assert record.design_summary.text == "Honey syrup or water.\n\nFor forty children."
    assert record.design_summary.label == "Summary"
    assert record.study_aim.state is State.UNKNOWN


def test_search_result_in_one_line():
    record = one(
        "Study aim: To compare two syrups Design: Two groups of 20 Settings and conduct: A clinic "
        "Participants/Inclusion and exclusion criteria: Cough Intervention groups: Honey; water "
        "Main outcome variables: Coughs\nIRCTID: IRCT20990101099999N1"
    )

    assert record.design_summary.text == "Two groups of 20"
    assert record.outcomes_summary.text == "Coughs"
    assert record.trial_id.text == "IRCT20990101099999N1"
    assert record.placebo.state is State.UNKNOWN
    assert record.acronym.state is State.UNKNOWN
    assert verbatim(record)


def test_an_unknown_line_is_kept_and_not_swallowed():
    record = one(
        PAGE.replace("Gender\nBoth\n", "Gender\nBoth\nA line from nowhere\n").replace(
            "General information\n", "General information\nAnd another\n"
        )
    )

    assert record.sex.text == "Both"
    assert [line.text for line in record.unlabelled] == ["And another", "A line from nowhere"]


def test_items_under_a_lost_heading_are_not_given_to_the_section_before():
    record = one(PAGE.replace("\nIntervention groups\n\n1\n", "\n1\n"))

    assert len(record.secondary_outcomes) == 0
    assert record.arms.state is State.ABSENT
    assert any("honey syrup" in line.text for line in record.unlabelled)


def test_files_of_several_records():
    other = PAGE.replace("099999N1", "099999N2")
    found = read(PAGE + "\n" + other)

    assert [record.trial_id.text for record in found] == ["IRCT20990101099999N1", "IRCT20990101099999N2"]
    assert [record.number for record in found] == [1, 2]
    assert said(found[1]) == said(one(other))


def test_several_records_without_their_first_headings():
    record = "A title\n" + PAGE[PAGE.index("To compare honey") : PAGE.index("\nLoading")].replace("\n\n", "\n")
    found = read(record + "\n" + record)

    assert [one.study_aim.text for one in found] == ["To compare honey syrup with water for night cough"] * 2
    assert said(found[0]) == said(found[1])


def test_persian_labels():
    (page,) = [path for path in SAMPLES if path.name == "persian_page.txt"]
    record = one(page.read_bytes())

    assert record.language == "fa"
    assert record.complete
    assert record.unlabelled == ()
    assert record.placebo.label == "دارو نما"
    assert record.minimum_age.given


@pytest.mark.parametrize(
    ("text", "years", "limited"),
    [
        ("From 25 years old to 45 years old", (25, 45), (True, True)),
        ("From **18 years** old to **65 years** old", (18, 65), (True, True)),
        ("From 18 years old", (18, None), (True, False)),
        ("To 65 years old", (None, 65), (False, True)),
        ("From 6 months old to 2 years old", (0.5, 2), (True, True)),
        ("No age limit", (None, None), (False, False)),
        ("از سن ۱۸ ساله تا سن ۶۵ ساله", (18, 65), (True, True)),
        ("adults", (None, None), (True, True)),
    ],
)
def test_ages(text, years, limited):
    lower, upper = read_ages(Value("age", "Age", text, 7))

    assert (lower.years, upper.years) == years
    assert (lower.limited, upper.limited) == limited
    assert all(text[age.start - 7 :].startswith(age.text) for age in (lower, upper))


@pytest.mark.parametrize(
    ("text", "meant", "gregorian", "jalali"),
    [
        ("2024-06-15, 1403/03/26", "2024-06-15", (2024, 6, 15), (1403, 3, 26)),
        ("2024/06/15, 1403-03-26", "2024-06-15", (2024, 6, 15), (1403, 3, 26)),
        ("۱۴۰۳/۰۳/۲۶, 2024-06-15", "2024-06-15", (2024, 6, 15), (1403, 3, 26)),
        ("2024-13-45, 1403/03/26", "2024-06-15", (2024, 13, 45), (1403, 3, 26)),
        ("1403-06-15", "2024-09-05", (1403, 6, 15), None),
        ("1403/06/15", "2024-09-05", None, (1403, 6, 15)),
        ("2024-02-30", "None", (2024, 2, 30), None),
        ("2024-06", "2024-06", None, None),
        ("11 Jun 2026", "2026-06-11", None, None),
        ("05/06/2024", "None", None, None),
        ("soon", "None", None, None),
    ],
)
def test_dates(text, meant, gregorian, jalali):
    date = read_date(Value("registration_date", "Registration date", text, 3))

    assert str(date.date) == meant
    for half, numbers in ((date.gregorian, gregorian), (date.jalali, jalali)):
        assert (half and (half.year, half.month, half.day)) == numbers
        assert half is None or text[half.value.start - 3 :].startswith(half.value.text)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image"),
        (b"%PDF-1.7\nnothing more", "damaged"),
        (b"Dear Sir,\nplease find enclosed nothing at all.\nAge\n", "no registration record"),
        (b"<html><body><script>Study aim</script></body></html>", "no text"),
    ],
)
def test_what_is_no_record_gets_one_clear_error(data, says):
    (error,) = read(data)

    assert isinstance(error, UnreadableError)
    assert says in str(error)


def test_a_path_that_does_not_exist(tmp_path):
    (error,) = read_path(tmp_path / "nothing.txt", "nothing.txt")

    assert isinstance(error, UnreadableError)


def test_a_named_reader_does_not_guess():
    (error,) = read_bytes(PAGE.encode(), "record.txt", "irct-pdf")

    assert "irct-pdf" in READERS
    assert isinstance(error, UnreadableError)


def as_html(text: str) -> str:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line)
    style = (
        "@page { @top-center { content: 'Printed from a registry' } @bottom-right { content: counter(page) } }"
        "p { font-size: 9pt; margin: 2pt; width: 9cm }"
    )
    head = f"<head><title>Study aim</title><style>{style}</style><script>var a = 'Placebo';</script></head>"
    return f"<!DOCTYPE html><html><meta charset='utf-8'>{head}<body>{body}</body></html>"


def test_html():
    record = one(as_html(PAGE))

    assert record.source.kind == "html"
    assert said(record) == said(one(PAGE))
    assert record.unlabelled == ()
    assert verbatim(record)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256"])
def test_html_in_another_charset(encoding):
    page = as_html(PAGE).replace("utf-8", encoding).replace("Two parallel", "گروه parallel")

    assert one(page.encode(encoding)).design_summary.text.startswith("گروه parallel")


def test_a_power_in_html_keeps_its_mark():
    record = one(as_html(PAGE).replace("5 ml of honey", "10<sup>11</sup> cells, 3 cm<sup>2</sup> and H<sub>2</sub>O of honey"))

    assert record.arms[0].description.text == "Intervention group: 10^11 cells, 3 cm2 and H2O of honey syrup"


def test_mhtml():
    page = as_html(PAGE).replace("=", "=3D")
    saved = (
        'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="part"\r\n\r\n'
        "--part\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{page}\r\n--part--\r\n"
    )

    assert said(one(saved)) == said(one(PAGE))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    weasyprint = pytest.importorskip("weasyprint")
    return weasyprint.HTML(string=as_html(PAGE)).write_pdf()


def test_pdf(pdf):
    record = one(pdf)

    assert record.source.kind == "pdf"
    assert said(record) == said(one(PAGE))
    assert record.unlabelled == ()
    assert verbatim(record)


def test_pdf_pages_and_running_lines(pdf):
    record = one(pdf)

    assert len(record.source.pages) > 2
    assert record.source.page(record.study_aim.start) == 1
    assert record.source.page(record.sharing[0].plan.start) == len(record.source.pages)
    assert not any("Printed" in text for text in said(record).values())


def test_pdf_without_a_text_layer():
    weasyprint = pytest.importorskip("weasyprint")
    drawing = "<svg width='99' height='99'><rect width='99' height='99'/></svg>"
    (error,) = read(weasyprint.HTML(string=drawing).write_pdf())

    assert "no text layer" in str(error)


@pytest.mark.parametrize("path", [*SAMPLES, *SEEDS, *PAGES], ids=lambda path: path.stem)
def test_every_value_is_verbatim(path):
    for found in read_path(path, path.name):
        assert isinstance(found, UnreadableError) or verbatim(found)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_seeds_are_read_whole(path):
    (record,) = read_path(path, path.name)

    assert record.complete
    assert record.unlabelled == ()
    assert record.trial_id.text == path.stem
    assert record.arms[0].description.given
    assert record.updating_contact.email.given


@st.composite
def mutated(draw) -> str:
    """Return a sample record with lines dropped, doubled, swapped, cut, and with blank lines and marks put in."""
    lines = draw(st.sampled_from(SAMPLES)).read_text("utf-8").split("\n")
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "blank", "dash", "bold", "cut", "swap", "inline", "number"])):
            case "drop":
                lines[at : at + 1] = [""]
            case "double":
                lines.insert(at, lines[at])
            case "blank":
                lines.insert(at, "  ")
            case "dash":
                lines.insert(at, "-")
            case "bold":
                lines[at] = f"**{lines[at]}**"
            case "cut":
                lines[at] = lines[at][: len(lines[at]) // 2]
            case "swap":
                lines[at - 1], lines[at] = lines[at], lines[at - 1]
            case "inline":
                lines[at - 1 : at + 1] = [": ".join(lines[at - 1 : at + 1])]
            case "number":
                lines.insert(at, draw(st.sampled_from("123")))
    start = draw(st.integers(0, len(lines) // 2))
    end = draw(st.integers(start, len(lines)))
    return draw(st.sampled_from(["\n", "\r\n"])).join(draw(st.sampled_from([lines, lines[start:end]])))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_every_value_is_verbatim_in_mutated_records(text):
    for found in read(text):
        assert isinstance(found, UnreadableError) or verbatim(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_no_line_is_lost(text):
    """Every line with letters is a label, in a value, or kept as a line of no field."""
    for found in read(text):
        if isinstance(found, Registration):
            covered = [(value.start, value.start + len(value.text)) for value in values(found) if value.text]
            lines = scan(found.source.text)
            labels = {hit.line for hit in lines.hits}
            whole = "".join(value.text for value in values(found))
            for at, (start, end) in enumerate(lines.spans):
                line = found.source.text[start:end]
                if at not in labels and any(letter.isalpha() for letter in line) and found.number == 1:
                    inside = any(first < end and start < last for first, last in covered)
                    assert inside or line.strip("* -") in whole or _furniture(line), line


def _furniture(line: str) -> bool:
    return (
        re.match(r"[\W_]*(view older|loading|(in|ex)clusion criteria|دیدن نسخه|شرایط عمده|age|from \d|no age)", line.lower())
        is not None
    )

"""Exports of many records: each row is a record, each value a verbatim part of its cell, each bad input told with its place."""

import calendar
import csv
import io
import json
import re
import sys
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, SHARED
from hypothesis import given, settings
from hypothesis import strategies as st
from test_samples import at, understood

from audit.errors import NoRecordError, UnreadableError
from audit.model.registration import DateValue, Registration
from audit.model.result import Unreadable
from audit.model.span import Value
from audit.pipeline import Reading, Settings, audit_paths, read_paths
from audit.readers import read_bytes, read_path
from audit.readers.who_design import irct_design, other_design
from audit.readers.who_lists import irct_conditions, irct_outcomes, named_arms, numbered_arms
from audit.readers.who_spellings import age_limit, eu_phase, group_sizes, who_day

SAMPLES = [ROOT / "sample_records" / name for name in ("ictrp/export.csv", "ictrp/portal.xml", "ctgov/studies.json", "irct-xml/tablets.xml")]  # fmt: skip
DATA = sorted((SHARED / "data" / "ictrp").glob("*.*")) + sorted((SHARED / "data" / "ctgov").glob("*.json"))
csv.field_size_limit(sys.maxsize)


# The sources read a second time, without the readers under test


@cache
def cells(path: Path) -> dict[str, tuple[str, int | None]]:
    """Return every value of the file at *path* by its path in it, with its line where that is known."""
    match path.suffix:
        case ".csv":
            return _csv_cells(path)
        case ".xlsx":
            return _xlsx_cells(path)
        case ".xml":
            return _xml_cells(path)
        case _:
            return _json_cells(path)


def _csv_cells(path: Path) -> dict[str, tuple[str, int | None]]:
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    lines, line = {}, 1
    for number, row in enumerate(rows, 1):
        at = line
        for name, cell in zip(rows[0], row, strict=True):
            lines[f"row {number}, column {name}"] = (cell, at)
            at += cell.count("\n")
        line = at + 1
    return lines


def _xlsx_cells(path: Path) -> dict[str, tuple[str, int | None]]:
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    return {
        f"row {number}, column {name}": ("" if cell is None else str(cell), None)
        for number, row in enumerate(rows, 1)
        for name, cell in zip(rows[0], row, strict=False)
    }


def _xml_cells(path: Path) -> dict[str, tuple[str, int | None]]:
    from lxml import etree

    tree = etree.parse(path, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True))
    found = {}
    for element in tree.iter():
        if isinstance(element.tag, str):
            found[tree.getpath(element)] = ("".join(element.itertext()), element.sourceline)
    return found


def _json_cells(path: Path) -> dict[str, tuple[str, int | None]]:
    found: dict[str, tuple[str, int | None]] = {}

    def walk(value: Any, pointer: str) -> None:
        if isinstance(value, dict | list):
            found[pointer] = (json.dumps(value, separators=(",", ":")) if value else "", None)
            for key, one in value.items() if isinstance(value, dict) else enumerate(value):
                walk(one, f"{pointer}/{key}")
        else:
            found[pointer] = (str(value), None)

    walk(json.loads(path.read_text(encoding="utf-8")), "")
    return found


def _key(path: str, file: Path) -> str:
    """Return the path as the second reading calls it: lxml numbers only elements that stand several times."""
    return path.replace("/trial[1]", "/trial") if file.suffix == ".xml" and "/trials/" in path else path


def records(path: Path) -> list[Registration]:
    """Return the registrations of a file that must have nothing unreadable."""
    read = list(read_path(path, path.name))
    assert [one for one in read if not isinstance(one, Registration)] == []
    return [one for one in read if isinstance(one, Registration)]


def hold_values(path: Path) -> None:
    """Assert that each value of each record stands verbatim at its path, from its start on, and that its line is right."""
    known = cells(path)
    for record in records(path):
        for value in (*record.values, *record.unlabelled):
            assert value.path is not None
            text, line = known[_key(value.path, path)]
            assert value.text == text[value.start : value.start + len(value.text)], (value.field, value.path)
            assert value.text, value.field
            assert line is None or value.line == line, (value.field, value.path)


@pytest.mark.parametrize("path", [*SAMPLES, *DATA], ids=lambda path: path.name)
def test_every_value_is_verbatim_in_its_cell(path: Path) -> None:
    hold_values(path)


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_as_many_records_come_out_as_rows_go_in(path: Path) -> None:
    data = path.read_bytes()
    match path.suffix:
        case ".csv":
            rows = len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))) - 1
        case ".xlsx":
            rows = len({key.split(",")[0] for key in cells(path)}) - 1
        case ".xml":
            rows = len(re.findall(rb"<Trial>", data))
        case _:
            rows = len(json.loads(data))

    read = records(path)

    assert len(read) == rows
    assert [record.number for record in read] == list(range(1, rows + 1))
    assert all(record.trial_id.given for record in read)


UNREAD = {
    *("Last Refreshed on", "Date registration3", "Export date", "Source Register", "web address", "other records"),
    *("Bridging flag truefalse", "Bridged type"),
}
"""Columns of the WHO's own book-keeping: the source's registry and the days of it are read, and quoted nowhere."""
BETWEEN = re.compile(
    r"(?:(?:key )?(?:inclusion|exclusion)(?: and exclusion)? criteria|primary outcome\(?s?\)?|timepoint|method of measurement"
    r"|randomi[sz]ation(?: description)?|blinding(?: description)?|placebo|assignment|(?:primary )?purpose|other design features"
    r"|allocation|intervention model|masking|(?:intervention|condition) \d+|<br ?/?>|_x000D_|[\W_]|\b0\b)+",
    re.IGNORECASE,
)
"""What stands between the values of a cell: the labels of its parts, separators; and the 0 of a size that is not given."""


@pytest.mark.parametrize("path", [*SAMPLES, *DATA], ids=lambda path: path.name)
def test_no_character_of_a_cell_is_lost(path: Path) -> None:
    """What no value of a record has is a label or a separator inside its cell, or stands there twice.

    Of the design only the parts are values that a check may ask for.
    """
    known, read = cells(path), records(path)
    kept: dict[str, list[tuple[int, int]]] = {}
    for record in read:
        for value in (*record.values, *record.unlabelled):
            kept.setdefault(_key(str(value.path), path), []).append((value.start, value.start + len(value.text)))
    lost = set()
    for key in known if path.suffix in (".csv", ".xlsx") else kept:
        text, _ = known[key]
        column = key.split(", column ")[-1]
        if column in UNREAD or ("tudy" in column and "esign" in column) or key.startswith("row 1,"):
            continue
        at = 0
        for start, end in [*sorted(kept.get(key, [])), (len(text), len(text))]:
            rest = text[at:start] if start > at else ""
            again = column.casefold().endswith(("countries", "condition")) and all(one in text[:at] for one in rest.split(";"))
            if rest.strip() and not BETWEEN.fullmatch(rest) and not again:
                lost.add((key, rest))
            at = max(at, end)

    assert lost == set()
    strange = {value.label for record in read for value in record.unlabelled}
    assert strange == ({"snapshot"} if "versions" in path.name else set())


MONTHS = [month for month in calendar.month_name if month]


def full_day(text: str) -> date | None:
    """Return the day that *text* names, read without the reader under test; None where it names none or no full one."""
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?", text):
        year, month, day = found.groups()
    elif found := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text):
        day, month, year = found.groups()
    elif (found := re.fullmatch(r"(\w+) (\d\d?), (\d{4})", text)) and found[1] in MONTHS:
        month, day, year = str(MONTHS.index(found[1]) + 1), found[2], found[3]
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@pytest.mark.parametrize("path", [path for path in DATA if path.suffix == ".csv"], ids=lambda path: path.name)
def test_days_after_the_start_are_exact_wherever_both_dates_are_full(path: Path, engine: Any) -> None:
    from audit.engine.reading import Reading as RecordReading

    known, read, exact = cells(path), records(path), 0
    for record in read:
        packed, _ = known[f"row {record.number + 1}, column Date registration3"]
        registered = date(int(packed[:4]), int(packed[4:6]), int(packed[6:]))
        assert str(record.registration_date.date) == registered.isoformat()
        started = full_day(known[f"row {record.number + 1}, column Date enrollement"][0])
        said = RecordReading(record, engine.vocabulary, date(2026, 6, 11)).fact("registered_days_after_start").value
        if started is not None and started.year < 2100:  # what is no year of a trial is no full date
            assert said == (registered - started).days, (record.trial_id.text, registered, started)
            exact += 1
    assert exact > 0.9 * len(read)


# The sample records


def expected(path: Path) -> dict[str, Any]:
    """Return what stands beside an export, by the numbers of its records."""
    return dict(yaml.safe_load(path.with_suffix(".expected.yaml").read_text(encoding="utf-8")))


@cache
def run(path: Path) -> dict[str, Any]:
    """Return the audits of a sample by the numbers of its records."""
    done = audit_paths([str(path)], Settings())
    assert done.unreadable == []
    return {audit.registration.trial_id.text: audit for audit in done.audits}


SAMPLE_RECORDS = [(path, number) for path in SAMPLES for number in expected(path)]


@pytest.mark.parametrize(("path", "number"), SAMPLE_RECORDS, ids=lambda value: getattr(value, "name", value))
def test_the_reader_understands_the_fields(path: Path, number: str) -> None:
    wanted = expected(path)[number].get("reads", {})

    reads = {name: understood(at(run(path)[number].registration, name)) for name in wanted}

    assert reads == wanted


@pytest.mark.parametrize(("path", "number"), SAMPLE_RECORDS, ids=lambda value: getattr(value, "name", value))
def test_the_planted_defects_are_found_and_nothing_else(path: Path, number: str) -> None:
    wanted, audit = expected(path)[number], run(path)[number]
    found: dict[str, list[str]] = {}
    for finding in audit.findings:
        found.setdefault(finding.check.code, []).extend(place.quote for place in finding.evidence)

    for planted in wanted["planted"]:
        assert planted["check"] in found, (planted, audit.judgements[planted["check"]])
        for quote in planted["quotes"]:
            assert any(quote in said if quote else not said for said in found[planted["check"]]), (planted, found)
    allowed = {one["check"] for key in ("planted", "also") for one in wanted.get(key, [])}
    severe = {finding.check.code for finding in audit.findings if finding.severity != "note"}
    assert severe <= allowed


def test_every_sample_has_its_record() -> None:
    for path in SAMPLES:
        assert set(run(path)) == set(expected(path))


# Forms of the same export


def rows_of(path: Path = SAMPLES[0]) -> list[list[str]]:
    """Return the rows of the sample CSV."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def as_csv(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """Return rows as the text of a CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def as_xlsx(rows: list[list[Any]], title: str = "Sheet") -> bytes:
    """Return rows as an XLSX file."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(data: bytes) -> tuple[list[Registration], list[UnreadableError]]:
    """Return the registrations in *data* and what could not be read."""
    both = list(read_bytes(data, "export"))
    good = [one for one in both if isinstance(one, Registration)]
    return good, [one for one in both if isinstance(one, UnreadableError)]


FORMS = {
    "no mark": lambda rows: as_csv(rows).encode(),
    "plain line ends": lambda rows: as_csv(rows, end="\n").encode("utf-8-sig"),
    "semicolons": lambda rows: as_csv(rows, ";").encode("utf-8-sig"),
    "tabs": lambda rows: as_csv(rows, "\t").encode("utf-8-sig"),
    "UTF-16": lambda rows: as_csv(rows).encode("utf-16"),
    "UTF-16 without a mark": lambda rows: as_csv(rows).encode("utf-16-le"),
    "XLSX": as_xlsx,
}


@pytest.mark.parametrize("form", FORMS)
def test_an_export_reads_the_same_in_every_form(form: str) -> None:
    wanted, _ = read(SAMPLES[0].read_bytes())

    good, bad = read(FORMS[form](rows_of()))

    assert bad == []
    assert len(good) == len(wanted)
    for one, other in zip(good, wanted, strict=True):
        assert [(value.field, value.text.replace("\r", "")) for value in one.values] == [
            (value.field, value.text.replace("\r", "")) for value in other.values
        ]


def test_an_old_single_byte_encoding_is_recognised() -> None:
    rows = rows_of()
    rows[1][rows[0].index("Primary sponsor")] = "Universit\u00e9 de M\u00e9decine de Gen\u00e8ve, d\u00e9partement de pneumologie"

    good, bad = read(as_csv(rows).encode("cp1252"))

    assert bad == []
    assert "Universit\u00e9 de M\u00e9decine" in str([value.text for value in good[0].values])


def test_the_full_database_without_a_line_of_names() -> None:
    from audit.readers.ictrp import _FULL

    row = [""] * len(_FULL)
    for name, text in (
        ("TrialID", "IRCT20990101000001N1"),
        ("Public title", "Saffron for sleep"),
        ("Date registration", "10/02/2025"),
        ("Target size", "70"),
        (
            "Study design",
            "Randomization: Randomized, Blinding: Not blinded, Placebo: Not used, Assignment: Parallel, Purpose: Treatment.",
        ),
        ("Secondary Outcomes", "Sleep. Timepoint: week 6. Method of measurement: diary."),
        ("Ethics Approval Date", "09/01/2025"),
        ("Ethics Contact Name", "Ethics committee of Sepidrud"),
        ("results IPD plan", "No"),
    ):
        row[_FULL.index(name)] = text

    (record,), bad = read(as_csv([row, row]).encode())[0][:1], read(as_csv([row, row]).encode())[1]

    assert bad == []
    assert record.registry == "IRCT"
    assert understood(record.registration_date) == "2025-02-10"
    assert understood(record.ethics_reviews[0].approval_date) == "2025-01-09"
    assert record.secondary_outcomes[0].method.text == "diary"
    assert record.values[0].path == "row 1, column TrialID"


def test_columns_that_are_not_the_whos_are_shown_apart() -> None:
    rows = [[*row, extra] for row, extra in zip(rows_of(), ["our note", "first", "", "", "", "", ""], strict=True)]

    good, bad = read(as_csv(rows).encode())

    assert bad == []
    assert [(value.label, value.text) for value in good[0].unlabelled] == [("our note", "first")]
    assert good[1].unlabelled == ()


def test_excel_turns_days_into_dates_and_phases_too() -> None:
    from datetime import datetime

    rows: list[list[Any]] = [list(row) for row in rows_of()[:2]]
    header = rows[0]
    rows[1][header.index("Phase")] = datetime(2025, 3, 2)
    rows[1][header.index("Date enrollement")] = datetime(2025, 3, 1)
    rows[1][header.index("Target size")] = 70

    (record,), _ = read(as_xlsx(rows))

    assert record.phase.code is None
    assert record.phase.text == "2025-03-02 00:00:00"
    assert understood(record.expected_recruitment_start) == "2025-03-01"
    assert record.target_sample_size.number == 70


def test_a_date_whose_day_and_month_changed_places_is_seen_by_the_other_date() -> None:
    rows = rows_of()[:2]
    header = rows[0]
    rows[1][header.index("Date registration")] = "2/10/2025"
    rows[1][header.index("Date registration3")] = "20250210"
    rows[1][header.index("Date enrollement")] = "3/4/2025"

    (record,), _ = read(as_csv(rows).encode())

    assert understood(record.registration_date) == "2025-02-10"
    assert understood(record.expected_recruitment_start) == "2025-03-04"


def test_a_list_of_arms_that_the_export_cuts_is_not_counted(engine: Any) -> None:
    from audit.engine.reading import Reading as RecordReading

    rows = rows_of()[:2]
    at_column = rows[0].index("Intervention")
    rows[1][at_column] = (rows[1][at_column] + " Every capsule is taken with a glass of water." * 60)[:1800]

    (record,), _ = read(as_csv(rows).encode())
    fact = RecordReading(record, engine.vocabulary, date(2025, 7, 4)).fact("arm_count")

    assert (record.complete, record.arms[1].description.cut, fact.value) == (False, True, None)


def test_blank_rows_are_counted_in_places_and_not_in_records() -> None:
    rows = rows_of()

    good, bad = read(as_csv([rows[0], rows[1], [""] * len(rows[0]), rows[2]]).encode())

    assert bad == []
    assert [(record.number, record.trial_id.path) for record in good] == [
        (1, "row 2, column TrialID"),
        (2, "row 4, column TrialID"),
    ]


def test_what_an_export_garbled_is_read_as_what_it_was() -> None:
    from audit.model.fold import fold

    for text, folded in (
        ("10\u201a\u00c4\u00ec20 mg<br>daily", "10 - 20 mg    daily"),
        ("5 \u00ac\u00b5g", "5  ug"),
        ("2 \u221a\u00f3 3_x000D_", "2  x 3       "),
        ("age \u201a\u00e2\u2022 18", "age   \x01 18"),
        ("&lt;5&nbsp;kg", "<   5      kg"),
    ):
        assert fold(text) == folded
        assert len(fold(text)) == len(text)


# Bad input


def test_a_row_with_a_wrong_number_of_columns_is_told_and_the_rest_goes_on() -> None:
    rows = rows_of()
    rows[2] = rows[2][:-3]

    good, bad = read(as_csv(rows).encode())

    assert [record.number for record in good] == [1, 3, 4, 5, 6]
    assert [(error.record, error.line) for error in bad] == [(2, cells(SAMPLES[0])["row 3, column TrialID"][1])]
    assert "37 columns" in str(bad[0])


def test_an_open_quotation_mark_costs_only_its_row() -> None:
    lines = as_csv([[cell.replace("\n", " ") for cell in row] for row in rows_of()]).split("\r\n")
    lines[2] = lines[2].replace("Sepidrud", "Sepidrud").replace(",IRCT,", ',"IRCT,', 1)

    good, bad = read("\r\n".join(lines).encode())

    assert [record.trial_id.text for record in good] == [row[0] for row in rows_of()[1:] if row[0] != "IRCT20990101000002N2"]
    assert [error.line for error in bad] == [3]


def test_a_cell_of_megabytes_costs_only_its_row() -> None:
    rows = rows_of()
    rows[2][2] = "x" * 9_000_000

    good, bad = read(as_csv(rows).encode())

    assert len(good) == 5
    assert len(bad) == 1
    assert "field larger than field limit" in str(bad[0])


def test_nul_characters_and_broken_utf_8_cost_only_their_rows() -> None:
    rows = rows_of()
    rows[1][2] = "Saffron\x00capsules"
    rows[2][2] = "Magn\u00e9sium"
    for row in rows[3:]:
        row[2] = "\u0412\u0438\u0442\u0430\u043c\u0438\u043d \u0421 " * 9
    data = as_csv(rows).encode().replace("Magn\u00e9sium".encode(), "Magn\u00e9sium".encode("cp1252"))

    good, bad = read(data)

    assert [record.number for record in good] == [3, 4, 5, 6]
    assert [error.record for error in bad] == [1, 2]
    assert "NUL" in str(bad[0])
    assert "UTF-8" in str(bad[1])


def test_duplicate_numbers_are_each_a_record() -> None:
    rows = rows_of()

    good, bad = read(as_csv([*rows, rows[1]]).encode())

    assert bad == []
    assert [record.number for record in good] == [1, 2, 3, 4, 5, 6, 7]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE trials [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
"""


@pytest.mark.parametrize("entity", ["&b;", "&c;"])
@pytest.mark.parametrize("path", [SAMPLES[1], SAMPLES[3]], ids=lambda path: path.name)
def test_no_entity_of_an_xml_file_is_looked_at(path: Path, entity: str) -> None:
    text = re.sub(r"\A<\?xml.*?\?>\s*(?:<!DOCTYPE.*?>\s*)?", BOMB, path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"(<(?:Public_title|public_title)>)", rf"\1{entity}", text, count=1)

    good, bad = read(text.encode())

    assert len(bad) == 1
    assert bad[0].record == 1
    assert "Entity" in str(bad[0])
    assert all("root:" not in value.text and "aaaa" not in value.text for record in good for value in record.values)


def test_xml_that_breaks_off_gives_the_records_before_the_break() -> None:
    text = SAMPLES[1].read_text(encoding="utf-8")

    good, bad = read(text[: text.rindex("<Study_design>") + 30].encode())

    assert len(good) == 1
    assert [error.record for error in bad] == [2]
    assert "breaks off" in str(bad[0])


def test_a_record_that_is_no_xml_stops_none_of_the_others() -> None:
    text = SAMPLES[1].read_text(encoding="utf-8").replace("</Phase>", "</Phrase>", 1)

    good, bad = read(text.encode())

    assert [record.number for record in good] == [2]
    assert [(error.record, error.line) for error in bad] == [(1, 2)]


STUDIES = json.loads(SAMPLES[2].read_text(encoding="utf-8"))
WRAPPED = {
    "one study": (json.dumps(STUDIES[0]), ["/protocolSection"]),
    "a list": (json.dumps(STUDIES), ["/0/protocolSection", "/1/protocolSection"]),
    "an answer of the API": (
        json.dumps({"totalCount": 2, "studies": STUDIES, "nextPageToken": "x"}),
        ["/studies/0/protocolSection", "/studies/1/protocolSection"],
    ),
    "one a line": ("".join(json.dumps(study) + "\n" for study in STUDIES), ["/protocolSection", "/protocolSection"]),
    "with a byte order mark": ("\ufeff" + json.dumps(STUDIES, indent=1), ["/0/protocolSection", "/1/protocolSection"]),
}


@pytest.mark.parametrize("form", WRAPPED)
def test_studies_are_read_whatever_they_are_wrapped_in(form: str) -> None:
    text, roots = WRAPPED[form]

    good, bad = read(text.encode())

    assert bad == []
    assert [record.trial_id.path for record in good] == [f"{root}/identificationModule/nctId" for root in roots]
    assert [record.number for record in good] == list(range(1, len(roots) + 1))


def test_studies_a_line_have_their_lines() -> None:
    good, _ = read(WRAPPED["one a line"][0].encode())

    assert [{value.line for value in record.values} for record in good] == [{1}, {2}]


def test_large_lists_of_studies_are_read_in_pieces() -> None:
    text = json.dumps([STUDIES[at % 2] for at in range(700)])

    good, bad = read(text.encode())

    assert len(text) > 2_000_000
    assert (len(good), bad) == (700, [])


@pytest.mark.parametrize(
    ("text", "records", "says"),
    [
        (json.dumps(STUDIES)[:-2500], 1, "breaks off|no JSON"),
        ("[" + json.dumps(STUDIES[0]) + "," + "[" * 200_000, 1, "nested too deeply"),
        (json.dumps(STUDIES[0]) + "\n{broken\n" + json.dumps(STUDIES[1]), 2, "no JSON"),
        (json.dumps([STUDIES[0], {"name": 1}]), 1, "protocolSection"),
        (json.dumps([STUDIES[0], 7]), 1, "protocolSection"),
        ('[{"protocolSection": null}]', 0, "protocolSection"),
        (json.dumps(STUDIES[0])[:-1] + ', "protocolSection2": ' + "9" * 5000 + "}", 0, "cannot be read"),
    ],
    ids=["cut", "deep", "a broken line", "no study", "a number", "an empty study", "a number of 5000 digits"],
)
def test_bad_json_is_told_and_what_can_be_read_is_read(text: str, records: int, says: str) -> None:
    good, bad = read(text.encode())

    assert len(good) == records
    assert len(bad) == 1
    assert re.search(says, str(bad[0]))


def test_studies_with_values_of_other_kinds_break_nothing() -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        study = json.loads(json.dumps(STUDIES[0]))
        modules = study["protocolSection"]
        for _ in range(data.draw(st.integers(1, 5))):
            module = modules[data.draw(st.sampled_from(sorted(modules)))]
            if isinstance(module, dict) and module:
                module[data.draw(st.sampled_from(sorted(module)))] = data.draw(
                    st.sampled_from([None, [], {}, "", 3, 1.5, True, ["x"], [None], {"date": 5}, [{"name": []}]])
                )
        good, bad = read(json.dumps(study).encode())
        assert (len(good), bad) == (1, [])

    hold()


def test_a_module_that_an_extract_leaves_out_is_unknown() -> None:
    study = {"protocolSection": {"identificationModule": STUDIES[0]["protocolSection"]["identificationModule"]}}

    (record,), _ = read(json.dumps(study).encode())

    assert record.trial_id.text == "NCT99999991"
    for name in ("primary_outcomes", "completion_date", "randomization", "inclusion_criteria", "minimum_age", "arms", "sharing"):
        assert understood(getattr(record, name)) == "unknown", name


def test_an_active_study_is_closed_and_not_complete() -> None:
    study = json.loads(json.dumps(STUDIES[0]))
    study["protocolSection"]["statusModule"]["overallStatus"] = "ACTIVE_NOT_RECRUITING"

    (record,), _ = read(json.dumps(study).encode())

    assert record.recruitment_status.code == "closed"


# Archives


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    """Write a zip with *entries* to *path*."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def under(path: Path) -> tuple[list[Registration], list[Unreadable]]:
    """Return the registrations under *path* and what could not be read."""
    reading = Reading()
    good = list(read_paths([str(path)], Settings(), reading))
    return good, reading.unreadable


def test_a_zip_of_many_files(tmp_path: Path) -> None:
    names = {f"studies/NCT9999{number:04}.json": json.dumps(STUDIES[number % 2]).encode() for number in range(40)}

    good, bad = under(zipped(tmp_path / "all.zip", names | {"export.csv": SAMPLES[0].read_bytes(), "photo.png": b"x"}))

    assert (len(good), bad) == (46, [])
    assert good[0].source.path.endswith("all.zip/export.csv")


def test_a_zip_that_breaks_off_is_told(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "all.zip", {"a.json": json.dumps(STUDIES).encode()}).read_bytes()
    (tmp_path / "all.zip").write_bytes(whole[: len(whole) // 2])

    good, bad = under(tmp_path / "all.zip")

    assert good == []
    assert "damaged zip" in bad[0].error


def test_a_damaged_entry_stops_none_of_the_others(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"a.json": json.dumps(STUDIES).encode(), "b.json": json.dumps(STUDIES).encode()})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("a.json").header_offset
    data[offset + 60 : offset + 90] = b"\x00" * 30
    path.write_bytes(bytes(data))

    good, bad = under(path)

    assert len(good) == 2
    assert [Path(one.path).name for one in bad] == ["a.json"]


def test_entries_that_lead_out_of_the_archive_and_bombs_are_refused(tmp_path: Path) -> None:
    study = json.dumps(STUDIES[0]).encode()
    path = zipped(tmp_path / "all.zip", {"../../evil.json": study, "good.json": study, "bomb.json": b"[" + b" " * 80_000_000})

    good, bad = under(path)

    assert len(good) == 1
    assert sorted(re.search("leads out|zip bomb", one.error)[0] for one in bad) == ["leads out", "zip bomb"]  # type: ignore[index]
    assert not (tmp_path.parent / "evil.json").exists()


def test_a_workbook_that_is_damaged_or_none_is_told() -> None:
    data = as_xlsx(rows_of())

    _, bad = read(data[: len(data) // 2])
    assert "damaged" in str(bad[0])
    _, bad = read(as_xlsx([["a", "b"], [1, 2]]))
    assert isinstance(bad[0], NoRecordError)


def test_a_workbook_with_entities_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(rows_of()[:2]))) as source, zipfile.ZipFile(data, "w") as target:
        for info in source.infolist():
            text = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                text = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + text.replace(b"<t>Insomnia", b"<t>&a;Insomnia", 1)
            target.writestr(info, text)

    good, bad = read(data.getvalue())

    assert all("aaaa" not in value.text for record in good for value in record.values)
    assert bad


# Pieces


def test_the_design_string_is_taken_apart() -> None:
    text = "\n  Randomization: N/A, Blinding: Not blinded, Placebo: Not used, Assignment: Single, Purpose: Education/Guidance."

    pieces = irct_design(text) or []

    assert {piece.field: (text[piece.start : piece.end], piece.code) for piece in pieces} == {
        "randomization": ("N/A", "na"),
        "blinding": ("Not blinded", "not_blinded"),
        "placebo": ("Not used", "not_used"),
        "assignment": ("Single", "single"),
        "purpose": ("Education/Guidance", "education"),
    }
    assert irct_design("Parallel") is None


DESIGNS = [
    ("ClinicalTrials.gov", "Allocation: N/A. Intervention model: Single Group Assignment. Primary purpose: Other. Masking: None (Open Label). ", {"randomization": "na", "assignment": "single", "purpose": "other", "blinding": "not_blinded"}),
    ("ANZCTR", "Purpose: Prevention; Allocation: Non-randomised trial; Masking: Open (masking not used);Assignment: Single group;Type of endpoint: Safety;", {"purpose": "prevention", "randomization": "not_randomized", "blinding": "not_blinded", "assignment": "single"}),
    ("JPRN", "randomized controlled trial, double blind, placebo control, parallel assignment, treatment purpose", {"randomization": "randomized", "blinding": "double", "assignment": "parallel"}),
    ("NTR", "<br>   Randomized: No, <br>   Masking: Double, <br>   Control: Placebo, <br>   Group: undefined, <br>  Type: N/A<br>", {"randomization": None, "blinding": "double"}),
    ("EUCTR", "Controlled: no\nRandomised: no\nOpen: no\nSingle blind: no\nDouble blind: no\nPlacebo: no", {}),
    ("ChiCTR", "Sequential", {"assignment": "sequential"}),
    ("ISRCTN", "Single-centre randomised trial (Treatment)", {"purpose": "treatment"}),
    ("REBEC", "Open single-center study, randomized, with two arms", {"randomization": "randomized", "blinding": "not_blinded"}),
    ("PACTR", "Parallel: different groups receive different interventions at same time during study,Randomised,Simple randomization using a table,Sealed opaque envelopes", {"assignment": "parallel", "randomization": "randomized"}),
]  # fmt: skip


@pytest.mark.parametrize(("registry", "text", "codes"), DESIGNS, ids=[one[0] for one in DESIGNS])
def test_designs_of_other_registries(registry: str, text: str, codes: dict[str, str | None]) -> None:
    assert {piece.field: piece.code for piece in other_design(text, registry)} == codes


def test_arms_outcomes_and_conditions_are_told_apart() -> None:
    arms = "Intervention 1: oil as in Intervention 3: of a trial. Intervention 2: water."
    assert [arms[start:end].strip() for start, end in numbered_arms(arms)] == ["oil as in Intervention 3: of a trial.", "water."]
    assert numbered_arms("Intervention group: honey.") == [(0, 26)]
    named = "group A :tea;twice a day;group B:water;"
    assert [(named[a:b], named[c:d]) for (a, b), (c, d) in named_arms(named, "group A :10;group B:10;") or []] == [
        ("group A", "tea;twice a day"),
        ("group B", "water"),
    ]
    assert named_arms("tea;water", "group A:10;group B:10;") is None
    outcomes = (
        "Pain. Timepoint: day 1; day 7. Method of measurement: scale.;Sleep. Timepoint: day 7. Method of measurement: diary."
    )
    assert [outcomes[slice(*one.timepoint)] for one in irct_outcomes(outcomes) if one.timepoint] == ["day 1; day 7", "day 7"]
    assert [outcomes[slice(*one.method)] for one in irct_outcomes(outcomes) if one.method] == ["scale", "diary"]
    assert irct_conditions("Asthma.")[0].code is None
    both = "Condition 1: A. Condition 2: B. <br>first <br>second;J45.0;J45.1"
    assert [both[slice(*one.code)] for one in irct_conditions(both) if one.code] == ["J45.0", "J45.1"]
    turned = "COVID-19. <br>U07.1;COVID-19"
    (one,) = irct_conditions(turned)
    assert one.code is not None
    assert turned[slice(*one.code)] == "U07.1"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-04-08", "2020-04-08"),
        ("2020-04-08 00:00:00", "2020-04-08"),
        ("08/04/2020", "2020-04-08"),
        ("20200408", "2020-04-08"),
        ("April 8, 2020", "2020-04-08"),
        ("8 April 2020", "2020-04-08"),
        ("April 2020", "2020-04"),
        ("2020-04", "2020-04"),
        ("8/4/2020", None),
        ("31/02/2020", None),
        ("2641-06-14", None),
        ("soon", None),
    ],
)
def test_dates_in_every_form(text: str, day: str | None) -> None:
    meant = who_day(text)

    assert (str(meant) if meant else None) == day


def test_ages_sizes_and_phases() -> None:
    assert [age_limit(text).years for text in ("18Y", ">= 20age old", "19 Year(s)", "6 Months", "1years-old", "0.5")] == [18, 20, 19, 0.5, 1, 0.5]  # fmt: skip
    assert [age_limit(text).limited for text in ("N/A", "No limit", "Not applicable", "??", "Years")] == [False] * 3 + [True] * 2
    assert [group_sizes(text) for text in ("60", "A:30;B:31;", "60.0", "30 to 40", "", "A;B:9;")] == [
        60,
        61,
        60,
        None,
        None,
        None,
    ]
    assert eu_phase("Human pharmacology (Phase I): yes\nTherapeutic use (Phase IV): yes") is None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_cells_make_a_record_whose_values_are_verbatim(data: st.DataObject) -> None:
    rows = rows_of()
    piece = st.sampled_from(["", " ", "<br>", "Intervention 1: ", "Intervention 2:", ". Timepoint: ", "Method of measurement:", ";", ":", "Blinding description: ", "Randomization: ", "_x000D_", "\n", "1", "30/02/2020", "\u2264", "Exclusion Criteria:", "&lt;", "Phase", "x" * 990])  # fmt: skip
    row = list(rows[data.draw(st.integers(1, 6))])
    for _ in range(data.draw(st.integers(1, 6))):
        at_column = data.draw(st.integers(1, len(row) - 1))
        row[at_column] = "".join(data.draw(st.lists(piece, max_size=8)))
    if row[9].strip() not in ("IRCT", "ChiCTR", "ClinicalTrials.gov", "EU Clinical Trials Register", "ANZCTR"):
        row[9] = data.draw(st.sampled_from(["IRCT", "ANZCTR", "JPRN", "ChiCTR"]))

    (record,), bad = read(as_csv([rows[0], row]).encode())

    assert bad == []
    for value in record.values:
        assert value.path is not None
        cell = row[rows[0].index(value.path.split(", column ")[1])]
        assert value.text == cell[value.start : value.start + len(value.text)]
        assert value.text.strip()
        assert len(value.folded) == len(value.text)


def test_the_file_is_audited_as_of_the_day_of_the_export() -> None:
    audit = run(SAMPLES[0])["IRCT20990101000001N1"]

    assert (audit.as_of, audit.as_of_source) == (date(2025, 7, 4).isoformat(), "record")


def test_reports_of_structured_sources_name_the_cell() -> None:
    from audit.reports import RENDERERS
    from audit.reports.console import render as text
    from audit.reports.html import RunInfo
    from audit.reports.html import render as html
    from audit.reports.json_ import record as as_json
    from audit.reports.words import Words

    done = audit_paths([str(SAMPLES[0])], Settings())
    words = Words.of("en")
    audit = done.audits[1]

    assert "row 3, column Study design" in text(done, words)
    assert "row 3, column Study design" in RENDERERS["csv"](done, words)
    assert "row 3, column Study design" in html(audit, RunInfo.of(done.checks, done.catalogue_sha256), words)
    for finding in as_json(audit, words)["findings"]:
        for evidence in finding["evidence"]:
            cell, line = cells(SAMPLES[0])[evidence["path"]]
            assert evidence["quote"] == cell[evidence["start"] : evidence["end"]]
            assert evidence["line"] == line


def test_quotes_of_findings_and_facts_are_parts_of_their_values(engine: Any) -> None:
    from audit.engine.reading import FACTS
    from audit.engine.reading import Reading as RecordReading

    for path in SAMPLES:
        for record in records(path):
            reading = RecordReading(record, engine.vocabulary, date(2025, 7, 4))
            for name in FACTS:
                fact = reading.fact(name)
                assert fact.reason is None or fact.reason.kind != "broken", (name, fact.reason)
                for place in fact.places:
                    assert place.quote == place.value.text[place.start : place.end]
                    assert 0 <= place.start <= place.end <= len(place.value.text)


def test_dates_are_dates_and_values_are_values() -> None:
    for path in SAMPLES:
        for record in records(path):
            assert isinstance(record.registration_date, DateValue)
            assert all(isinstance(value, Value) for value in record.values)

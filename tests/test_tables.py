"""The tables: what they hold, that no cell starts a formula, that they say what their columns mean."""

import csv
import dataclasses
import io

import openpyxl
import pytest
from conftest import ROOT, SAMPLES

from audit.model.result import Run
from audit.reports import RENDERERS, tables
from audit.reports.words import Words

WORDS = Words.of("en")
FAULTY = ("dates_mixed_up", "group_sizes", "split_mouth")


@pytest.fixture(scope="module")
def run(examine, catalogue):
    audits = [audit for path in SAMPLES if path.stem in FAULTY for audit in examine(path, path.name)]
    return Run(audits=audits, checks=catalogue.checks, catalogue_sha256=catalogue.sha256)


def with_quotes(run, text):
    """Return the run with the first quote of each finding of the first record that has any replaced by *text*."""

    def changed(finding):
        place = finding.evidence[0]
        value = dataclasses.replace(place.value, text=text)
        return dataclasses.replace(finding, evidence=(value.whole(), *finding.evidence[1:]))

    old = next(audit for audit in run.audits if audit.findings)
    audit = dataclasses.replace(old, findings=tuple(map(changed, old.findings)))
    return dataclasses.replace(run, audits=[audit])


def test_csv_has_a_row_for_each_quote_with_the_catalogue_on_it(run):
    rows = list(csv.DictReader(io.StringIO(RENDERERS["csv"](run, WORDS))))

    assert len(rows) == sum(len(finding.evidence) for audit in run.audits for finding in audit.findings)
    assert {row["catalogue"] for row in rows} == {run.catalogue_sha256}
    assert tuple(rows[0]) == tables.COLUMNS


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_can_start_a_formula(run, start):
    changed = with_quotes(run, start)

    quotes = [row["quote"] for row in csv.DictReader(io.StringIO(RENDERERS["csv"](changed, WORDS), newline=""))]
    assert "'" + start in quotes
    book = openpyxl.load_workbook(io.BytesIO(RENDERERS["xlsx"](changed, WORDS)))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_parquet_reads_back_with_its_kinds(run, tmp_path):
    import duckdb

    (tmp_path / "f.parquet").write_bytes(RENDERERS["parquet"](run, WORDS))
    back = duckdb.sql(f"SELECT * FROM '{tmp_path / 'f.parquet'}'")

    assert tuple(back.columns) == tables.COLUMNS
    kinds = dict(zip(back.columns, map(str, back.types), strict=True))
    assert (kinds["line"], kinds["as_of"], kinds["quote"]) == ("BIGINT", "DATE", "VARCHAR")
    assert len(back.fetchall()) == sum(len(finding.evidence) for audit in run.audits for finding in audit.findings)


def test_the_workbook_is_a_work_list_with_room_for_answers(run):
    book = openpyxl.load_workbook(io.BytesIO(RENDERERS["xlsx"](run, WORDS)))

    assert book.sheetnames == ["Work list", "Quotes", "Checks", "Codebook"]
    work = book["Work list"]
    assert [cell.value for cell in work[1]][-2:] == ["Answer", "Decision"]
    assert work.max_row - 1 == sum(len(audit.findings) for audit in run.audits)
    assert (work.freeze_panes, bool(work.auto_filter.ref)) == ("A2", True)
    assert work["A2"].hyperlink.target.startswith("https://")
    assert [row[0].value for row in book["Codebook"]][1:] == list(tables.COLUMNS)


def test_the_codebook_is_in_step():
    assert (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8") == tables.codebook()


def test_each_record_is_linked_once_and_no_cell_is_left_empty_where_there_are_too_many_links(run, monkeypatch):
    monkeypatch.setattr(tables, "_LINKS", 2)

    work = openpyxl.load_workbook(io.BytesIO(RENDERERS["xlsx"](run, WORDS)))["Work list"]

    first = [cell for cell, number in zip(work["A"][1:], work["B"][1:], strict=True) if number.value == 1]
    assert [bool(cell.hyperlink) for cell in first] == [True, True, *[False] * (len(first) - 2)]
    assert len(first) > 2
    assert sum(bool(cell.hyperlink) for cell in work["A"]) == 2
    assert all(cell.value for cell in work["A"])
    addresses = tables.Link("a", "https://example.org/" + "x" * 5000)
    out = io.BytesIO()
    book = tables.Book(out, run, WORDS)
    sheet = book.work_list()
    sheet.add([addresses])
    book.close()
    assert openpyxl.load_workbook(out)["Work list"]["A2"].value == "a"

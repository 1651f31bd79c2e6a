"""Audits -> tables: CSV, XLSX, Parquet; a row for each quote of a finding, so that each row can be checked against its source.

No cell can start a formula: CSV marks such a text with ``'``, XLSX writes texts as texts.
"""

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit import __version__
from audit.model.result import Audit, Finding, Run, Verdict
from audit.reports.json_ import evidence
from audit.reports.words import Words

CODEBOOK = {
    "record": ("text", "The trial's number, as the record has it."),
    "registry": ("text", "The registry the record is of: IRCT, ClinicalTrials.gov, ChiCTR, ..."),
    "path": ("text", "The file the record was read from, as it was given."),
    "number": ("whole number", "Which record of that file it is; the first is 1."),
    "finding": ("whole number", "The number of the finding in its record, in the order of the table; rows with the same number are quotes of one finding."),
    "check": ("text", "The code of the check, as in docs/checks."),
    "family": ("text", "The first two letters of the code."),
    "severity": ("error, warning, note", "How bad the finding is if it is right."),
    "confidence": ("high, medium, low", "How sure it is that the finding is right."),
    "title": ("text", "What the check found, in a few words."),
    "message": ("text", "What the record says, with its values."),
    "question": ("text", "The question to the registrant."),
    "responsible": ("registrant, registry, export", "Who can mend it."),
    "cluster": ("text", "Findings of one record with the same cluster have one root cause."),
    "fingerprint": ("text", "Names the finding over runs; it changes when a quoted text changes."),
    "field": ("text", "The field that is quoted, as the model calls it."),
    "label": ("text", "The field as the registry calls it."),
    "quote": ("text", "The verbatim text; empty where nothing stands."),
    "line": ("whole number", "The line on which the quote begins; empty where the file has no lines."),
    "place": ("text", "Which value of a structured file is quoted: row and column, JSON pointer, XPath."),
    "start": ("whole number", "Where the quote begins: in the decoded file, or in the value of a structured file; the first character is 0."),
    "end": ("whole number", "Where it ends."),
    "page": ("whole number", "The page of a PDF."),
    "as_of": ("date", "The day against which 'today' was decided."),
    "catalogue": ("text", "SHA-256 over the checks: equal values were made by the same catalogue."),
    "version": ("text", "The version of trial-audit."),
    "state": ("open, waived, known", "Whether the finding counts, is held back by a waiver, or is known from the baseline."),
    "waiver": ("text", "What there is to say of its waiver: owner, reason, last day; also of one that has ended."),
}  # fmt: skip
"""The columns of the table of findings: the kind of value, and what it means."""
COLUMNS = tuple(CODEBOOK)
_FORMULA = frozenset("=+-@\t\r\n")
"""What a spreadsheet may take for the start of a formula (OWASP, CSV Injection)."""
_LONGEST_CELL = 32_000
_WIDTHS = {"title": 40, "message": 60, "question": 60, "quote": 60, "label": 30, "field": 24, "path": 30, "record": 24, "fingerprint": 18, "catalogue": 18}  # fmt: skip
_WHOLE = ("number", "finding", "line", "start", "end", "page")


def quotes(run: Run, words: Words) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each quote, in the order of `COLUMNS`."""
    for audit in run.audits:
        states = {"open": audit.findings, "waived": audit.waived, "known": audit.known}
        every = [(state, finding) for state, findings in states.items() for finding in findings]
        for number, (state, finding) in enumerate(every, 1):
            yield from _quotes(run, audit, finding, number, state, words)


def _quotes(run: Run, audit: Audit, finding: Finding, number: int, state: str, words: Words) -> Iterator[tuple[Any, ...]]:
    registration, check = audit.registration, finding.check
    before = (
        registration.trial_id.text, registration.registry, registration.source.path, registration.number, number, check.code,
        check.family, finding.severity.value, finding.confidence.value, words.title(check), words.message(finding),
        words.question(finding), check.responsible, check.cluster, finding.fingerprint,
    )  # fmt: skip
    for place in finding.evidence:
        said = evidence(place, registration.source)
        yield (
            *before, said["field"], said["label"], said["quote"], said["line"], said.get("path"), said["start"], said["end"],
            said.get("page"), audit.as_of, run.catalogue_sha256, __version__, state, words.waived(finding),
        )  # fmt: skip


def codebook() -> str:
    """Return the codebook as Markdown."""
    rows = "".join(f"| {name} | {kind} | {meaning} |\n" for name, (kind, meaning) in CODEBOOK.items())
    return (
        "# Codebook of the tables\n\nThe columns of `findings.csv`, `findings.parquet` and of the sheet *Quotes* of "
        "`findings.xlsx`: a row for each quote of a finding. In CSV a text that a spreadsheet could take for a formula "
        f"begins with `'`.\n\n| column | kind | meaning |\n|---|---|---|\n{rows}"
    )


def render_csv(run: Run, words: Words) -> str:
    """Return the quotes as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in quotes(run, words):
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULA else cell


def render_parquet(run: Run, words: Words) -> bytes:
    """Return the quotes as Parquet; whole numbers are whole numbers, days are days."""
    import duckdb
    import pandas as pd

    frame = pd.DataFrame(list(quotes(run, words)), columns=list(COLUMNS), dtype=object)
    for name in _WHOLE:
        frame[name] = frame[name].astype("Int64")
    shown = ", ".join(f'CAST("{name}" AS DATE) AS "{name}"' if name == "as_of" else f'CAST("{name}" AS {"BIGINT" if name in _WHOLE else "VARCHAR"}) AS "{name}"' for name in COLUMNS)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        path = Path(folder) / "findings.parquet"
        database.register("frame", frame)
        database.sql(f"COPY (SELECT {shown} FROM frame) TO '{path.as_posix()}' (FORMAT parquet)")
        return path.read_bytes()


def render_xlsx(run: Run, words: Words) -> bytes:
    """Return a workbook: the work list (a question a row, with room for answer and decision), the quotes, the checks, the codebook."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": "trial-audit", "comments": f"catalogue {run.catalogue_sha256}"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    report = words.report["report"]
    _sheet(book, report["sheets"]["work_list"], head, wrap, *_work_list(run, words), rtl=words.rtl)
    _sheet(book, report["sheets"]["quotes"], head, wrap, COLUMNS, quotes(run, words))
    _sheet(book, report["sheets"]["checks"], head, wrap, *_checks(run, words), rtl=words.rtl)
    _sheet(
        book,
        report["sheets"]["codebook"],
        head,
        wrap,
        ("column", "kind", "meaning"),
        ((name, kind, meaning) for name, (kind, meaning) in CODEBOOK.items()),
    )
    book.close()
    return out.getvalue()


_BIDI = re.compile("[\u2066-\u2069]")


def _sheet(book: Any, name: str, head: Any, wrap: Any, columns: Any, rows: Any, rtl: bool = False) -> None:
    sheet = book.add_worksheet(name)
    if rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column, head)
        sheet.set_column(at, at, _WIDTHS.get(column, 48 if at >= 5 and rtl else 14), wrap)
    last = 0
    for last, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(last, at, cell)
            elif isinstance(cell, _Link):
                sheet.write_url(last, at, cell.address, string=cell.text)
            elif cell:
                sheet.write_string(last, at, _BIDI.sub("", str(cell))[:_LONGEST_CELL])
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


class _Link:
    """A cell that leads somewhere: a text and an address on the web."""

    def __init__(self, text: str, address: str) -> None:
        self.text, self.address = text, address


def _work_list(run: Run, words: Words) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    from audit.reports.html import registry_page

    names = words.report["report"]["columns"]
    columns = tuple(
        names[name] for name in ("record", "nr", "severity", "check", "found", "question", "quotes", "answer", "decision")
    )

    def rows() -> Iterator[tuple[Any, ...]]:
        severities = words.report["report"]["severity"]
        for audit in run.audits:
            page, name = registry_page(audit.registration), audit.registration.trial_id.text
            for number, finding in enumerate(audit.findings, 1):
                quoted = "\n".join(f"{place.value.label}: {' '.join(place.quote.split())}"[:400] for place in finding.evidence)
                yield (
                    _Link(name, page) if page else name, number, severities[finding.severity], finding.check.code,
                    words.title(finding.check), words.question(finding), quoted, "", "",
                )  # fmt: skip

    return columns, rows()


def _checks(run: Run, words: Words) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    names = words.report["report"]["columns"]
    verdicts = words.report["report"]["verdicts"]
    told: dict[str, Counter[Verdict]] = {check.code: Counter() for check in run.checks}
    for audit in run.audits:
        for code, judgement in audit.judgements.items():
            told[code][judgement.verdict] += 1
    columns = (names["check"], names["severity"], names["found"], *(verdicts[verdict] for verdict in Verdict))
    severities = words.report["report"]["severity"]
    return columns, (
        (check.code, severities[check.severity], words.title(check), *(told[check.code][verdict] for verdict in Verdict))
        for check in run.checks
    )

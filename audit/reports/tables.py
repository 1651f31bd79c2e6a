"""What the tables of findings are made of: a row for each quote, so that each row can be checked against its source.

No cell can start a formula: CSV marks such a text with ``'``, XLSX writes texts as texts.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from audit.errors import AuditError
from audit.model.result import Run, Verdict
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
    "other_record": ("text", "The number of the other record that is quoted; empty where the quote is from the record itself."),
    "other_path": ("text", "The file of the earlier version or of the other record that is quoted."),
}  # fmt: skip
"""The columns of the table of findings: the kind of value, and what it means."""
COLUMNS = tuple(CODEBOOK)
_FORMULA = frozenset("=+-@\t\r\n")
"""What a spreadsheet may take for the start of a formula (OWASP, CSV Injection)."""
_LONGEST_CELL = 32_000
_WIDTHS = {"title": 40, "message": 60, "question": 60, "quote": 60, "label": 30, "field": 24, "path": 30, "record": 24, "fingerprint": 18, "catalogue": 18, "other_record": 24, "other_path": 30}  # fmt: skip
_BIDI = re.compile("[\u2066-\u2069]")
_ROWS = 1_048_576
"""The rows that a sheet of a workbook has."""
_LINKS, _LONGEST_ADDRESS = 65_530, 2_000
"""The links that Excel opens in one sheet, and about how long an address it takes; beyond that xlsxwriter leaves the cell empty."""
_WHOLE = ("number", "finding", "line", "start", "end", "page")


def codebook() -> str:
    """Return the codebook as Markdown."""
    rows = "".join(f"| {name} | {kind} | {meaning} |\n" for name, (kind, meaning) in CODEBOOK.items())
    return (
        "# Codebook of the tables\n\nThe columns of `findings.csv`, `findings.parquet` and of the sheet *Quotes* of "
        "`findings.xlsx`: a row for each quote of a finding. In CSV a text that a spreadsheet could take for a formula "
        f"begins with `'`.\n\n| column | kind | meaning |\n|---|---|---|\n{rows}"
    )


def safe(cell: object) -> object:
    """Return *cell* so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULA else cell


def kind(column: str) -> str:
    """Return the kind of a column as SQL has it."""
    return "DATE" if column == "as_of" else "BIGINT" if column in _WHOLE else "VARCHAR"


class Book:
    """A workbook: the work list (a question a row, with room for answer and decision), the quotes, the checks, the codebook.

    Its sheets may grow at the same time; each is kept on the disk until the workbook is closed.
    """

    def __init__(self, out: BinaryIO, run: Run, words: Words) -> None:
        import xlsxwriter

        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True, **plain})
        self._book.set_properties({"title": "trial-audit", "comments": f"catalogue {run.catalogue_sha256}"} | _created())
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._run, self._words, self._report = run, words, words.report["report"]
        self._sheets: list[Sheet] = []

    def work_list(self) -> "Sheet":
        """Return the sheet of questions."""
        names = ("record", "nr", "severity", "check", "found", "question", "quotes", "answer", "decision")
        return self._sheet("work_list", [self._report["columns"][name] for name in names], self._words.rtl)

    def quotes(self) -> "Sheet":
        """Return the sheet of quotes."""
        return self._sheet("quotes", COLUMNS)

    def checks(self, counts: Sequence[Mapping[Verdict, int]]) -> None:
        """Write the sheet of checks; *counts* says for each check of the run how often it came to each verdict (none: never)."""
        names, verdicts = self._report["columns"], self._report["verdicts"]
        columns = (names["check"], names["severity"], names["found"], *(verdicts[verdict] for verdict in Verdict))
        sheet = self._sheet("checks", columns, self._words.rtl)
        for at, check in enumerate(self._run.checks):
            told = (counts[at].get(verdict, 0) if counts else 0 for verdict in Verdict)
            sheet.add((check.code, self._report["severity"][check.severity], self._words.title(check), *told))

    def close(self) -> None:
        """Write the codebook and the workbook."""
        sheet = self._sheet("codebook", ("column", "kind", "meaning"))
        for name, (kind, meaning) in CODEBOOK.items():
            sheet.add((name, kind, meaning))
        for one in self._sheets:
            one.close()
        self._book.close()

    def _sheet(self, name: str, columns: Sequence[str], rtl: bool = False) -> "Sheet":
        made = Sheet(self._book.add_worksheet(self._report["sheets"][name]), columns, self._head, self._wrap, rtl)
        self._sheets.append(made)
        return made


def _created() -> dict[str, datetime]:
    """Return the day that SOURCE_DATE_EPOCH sets, so that the same input gives the same bytes (reproducible-builds.org)."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return {"created": datetime.fromtimestamp(int(seconds), UTC)} if seconds.isdigit() else {}


class Sheet:
    """A sheet that is written row by row."""

    def __init__(self, sheet: Any, columns: Sequence[str], head: Any, wrap: Any, rtl: bool = False) -> None:
        self._sheet, self._columns, self._row, self._links = sheet, len(columns), 0, 0
        if rtl:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS.get(column, 48 if at >= 5 and rtl else 14), wrap)
            sheet.write_string(0, at, column, head)

    def add(self, row: Iterable[Any]) -> None:
        """Write a row; raises AuditError when the sheet is full."""
        self._row += 1
        if self._row >= _ROWS:
            raise AuditError(f"a sheet of a workbook has {_ROWS:,} rows and there are more quotes: give --format csv or parquet")
        for at, cell in enumerate(row):
            if isinstance(cell, Link):
                if self._linked(at, cell):
                    continue
                cell = cell.text
            if isinstance(cell, str):
                if cell:
                    text = cell if cell.isascii() else _BIDI.sub("", cell)
                    self._sheet.write_string(self._row, at, text[:_LONGEST_CELL])
            elif cell is not None:
                self._sheet.write_number(self._row, at, cell)

    def _linked(self, at: int, link: "Link") -> bool:
        """Write a link; return whether there is room for it, and the address is none that Excel refuses."""
        self._links += 1
        return (
            self._links <= _LINKS
            and len(link.address) <= _LONGEST_ADDRESS
            and not self._sheet.write_url(self._row, at, link.address, string=link.text)
        )

    def close(self) -> None:
        """Give it its filter."""
        self._sheet.autofilter(0, 0, max(self._row, 1), self._columns - 1)


class Link:
    """A cell that leads somewhere: a text and an address on the web. Where a sheet has too many, it is the text alone."""

    def __init__(self, text: str, address: str) -> None:
        self.text, self.address = text, address

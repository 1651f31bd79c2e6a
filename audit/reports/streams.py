"""What is told of the records, one after another -> the lists and tables of a batch, written as the records come.

Each format takes what is told of a record with ``add`` and is complete after ``end``; none keeps the records.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson

from audit import __version__
from audit.model.result import Run, Verdict
from audit.reports import console, json_, tables
from audit.reports.told import Told
from audit.reports.totals import Totals, state
from audit.reports.words import Words
from audit.whole import append


class Stream(Protocol):
    """A format that is written record by record."""

    def add(self, told: Told) -> None:
        """Write what is told of one record."""

    def end(self, run: Run, totals: Totals) -> None:
        """Write what follows on the records; *run* has what could not be read, and no audits."""


class Lines:
    """JSON lines: a record a line."""

    def __init__(self, out: BinaryIO, run: Run, words: Words) -> None:
        self._out = out

    def add(self, told: Told) -> None:
        """Write a line."""
        self._out.write(told.line)

    def end(self, run: Run, totals: Totals) -> None:
        """Write nothing more."""


class Document:
    """The JSON document: its summary stands before the records, which wait in a file of their own."""

    def __init__(self, out: BinaryIO, run: Run, words: Words) -> None:
        self._out, self._records = out, tempfile.TemporaryFile()  # noqa: SIM115 - closed by end
        self._any = False

    def add(self, told: Told) -> None:
        """Write a record to where it waits."""
        self._records.write(b",\n    " if self._any else b"[\n    ")
        self._any = True
        self._records.write(orjson.dumps(told.whole, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n    "))

    def end(self, run: Run, totals: Totals) -> None:
        """Write the document."""
        with self._records:
            before, mark, after = json_.pretty(json_.document(run, totals, [])).partition(b'\n  "records": []')
            if self._any:
                self._out.write(before + mark[:-2])
                append(self._records, self._out)
                self._out.write(b"\n  ]" + after)
            else:
                self._out.write(before + mark + after)


class Text:
    """The text for the terminal, with ANSI colours; *write* takes it."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def add(self, told: Told) -> None:
        """Write the record's findings."""
        self._write(told.text)

    def end(self, run: Run, totals: Totals) -> None:
        """Write what could not be read, and the counts."""
        self._write(console.render_end(run, totals))


def quotes(told: Told, run: Run, words: Words, cell: Callable[[Any], Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each quote of a record: the columns of `tables.CODEBOOK` in their order, each passed through *cell*."""
    record = told.record
    source = record["source"]
    head = (record["id"] or "", record["registry"], source["path"], source["record"])
    foot = (record["as_of"], run.catalogue_sha256, __version__)
    for number, finding in enumerate(record["findings"], 1):
        before = (*head, number, *_of_finding(finding))
        after = (*foot, state(finding), _waiver(finding, words))
        if cell:  # what all quotes of a finding share once for all of them
            before, after = tuple(map(cell, before)), tuple(map(cell, after))
        for quoted in finding["evidence"]:
            said = (*_of_quote(quoted), quoted.get("path"), quoted["start"], quoted["end"], quoted.get("page"))
            other = (quoted.get("record"), quoted.get("source", {}).get("path"))
            if cell:
                said, other = tuple(map(cell, said)), tuple(map(cell, other))
            yield *before, *said, *after, *other


_of_finding = itemgetter(
    "check", "family", "severity", "confidence", "title", "message", "question", "responsible", "cluster", "fingerprint"
)
_of_quote = itemgetter("field", "label", "quote", "line")


def _waiver(finding: Mapping[str, Any], words: Words) -> str:
    waiver = finding["waived"] or finding["lapsed"]
    return words.of_waiver(waiver.get("why", "in_force"), waiver["owner"], waiver["reason"], waiver["until"]) if waiver else ""


class Csv:
    """A row for each quote, as CSV (RFC 4180)."""

    def __init__(self, out: BinaryIO, run: Run, words: Words) -> None:
        self._out, self._run, self._words = out, run, words
        self._write([tables.COLUMNS])

    def add(self, told: Told) -> None:
        """Write the rows of a record."""
        self._write(quotes(told, self._run, self._words, tables.safe))

    def _write(self, rows: Iterable[Iterable[object]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        self._out.write(text.getvalue().encode())

    def end(self, run: Run, totals: Totals) -> None:
        """Write nothing more."""


class Parquet:
    """A row for each quote, as Parquet; whole numbers are whole numbers, days are days. The rows wait in a file of JSON lines."""

    def __init__(self, out: BinaryIO, run: Run, words: Words) -> None:
        self._out, self._run, self._words, self._longest = out, run, words, 1024 * 1024
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self._rows = stack.enter_context((self._folder / "rows").open("wb"))
            self._stack = stack.pop_all()

    def add(self, told: Told) -> None:
        """Write the rows of a record to where they wait."""
        for row in quotes(told, self._run, self._words):
            line = orjson.dumps(dict(zip(tables.COLUMNS, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
            self._longest = max(self._longest, len(line))
            self._rows.write(line)

    def end(self, run: Run, totals: Totals) -> None:
        """Write the table."""
        import duckdb

        with self._stack:
            self._rows.close()
            made = self._folder / "findings.parquet"
            kinds = ", ".join(f"'{name}': '{tables.kind(name)}'" for name in tables.COLUMNS)
            source = f"read_json('{(self._folder / 'rows').as_posix()}', format = 'newline_delimited', columns = {{{kinds}}}, maximum_object_size = {self._longest + 1024})"
            with duckdb.connect() as database:
                database.sql("SET threads = 1; SET memory_limit = '512MB'")
                database.sql(f"SET temp_directory = '{(self._folder / 'spill').as_posix()}'")
                database.sql(f"COPY (SELECT * FROM {source}) TO '{made.as_posix()}' (FORMAT parquet, ROW_GROUP_SIZE 20480)")
            with made.open("rb") as table:
                append(table, self._out)


class Xlsx:
    """The workbook (`tables.Book`)."""

    def __init__(self, out: BinaryIO, run: Run, words: Words) -> None:
        self._run, self._words = run, words
        self._book = tables.Book(out, run, words)
        self._work_list = self._book.work_list()
        self._quotes = self._book.quotes()

    def add(self, told: Told) -> None:
        """Write the rows of a record."""
        for work in self._work(told):
            self._work_list.add(work)
        for row in quotes(told, self._run, self._words):
            self._quotes.add(row)

    def _work(self, told: Told) -> Iterator[Sequence[Any]]:
        severities, name = self._words.report["report"]["severity"], told.record["id"] or told.record["source"]["path"]
        found = [one for one in told.record["findings"] if state(one) == "open"]
        for number, one in enumerate(found, 1):
            quoted = "\n".join(f"{said['label']}: {' '.join(said['quote'].split())}"[:400] for said in one["evidence"])
            yield (
                tables.Link(name, told.address) if told.address and number == 1 else name, number, severities[one["severity"]], one["check"],
                one["title"], one["question"], quoted, "", "",
            )  # fmt: skip

    def end(self, run: Run, totals: Totals) -> None:
        """Write the sheets of checks and of the codebook, and the workbook."""
        self._book.checks([{verdict: count[verdict] for verdict in Verdict} for count in totals.by_check])
        self._book.close()


STREAMS: dict[str, Callable[[BinaryIO, Run, Words], Stream]] = {
    "json": Document,
    "jsonl": Lines,
    "csv": Csv,
    "xlsx": Xlsx,
    "parquet": Parquet,
}
"""The formats that are written to a file as the records come."""


def render(form: str, run: Run, words: Words) -> bytes:
    """Return the audits of *run*, all at once, in the format *form*."""
    out = io.BytesIO()
    stream = STREAMS[form](out, run, words)
    for audit in run.audits:
        stream.add(Told.of(audit, words))
    stream.end(run, Totals.of(run.audits))
    return out.getvalue()

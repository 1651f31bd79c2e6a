"""Audits -> their documents in a folder: a page for each record, the overview of all, the table of findings."""

import codecs
import itertools
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from audit.errors import AuditError
from audit.model.result import Audit, Run, Unreadable
from audit.reports import html, letter, overview, pdf
from audit.reports.kept import Keeping, Kept
from audit.reports.streams import STREAMS
from audit.reports.summary import Summary
from audit.reports.told import Told
from audit.reports.totals import Totals
from audit.reports.words import Words
from audit.whole import whole

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


@dataclass
class Written:
    """The names of the files written, what the user is to be told, and whether something asked for is missing."""

    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    incomplete: bool = False
    no_pdf: bool = False
    """Whether PDFs cannot be made here."""
    totals: Totals = field(default_factory=Totals)
    kept: int = 0
    """Records whose documents were there already."""

    def without_pdf(self, note: str, asked_for: bool) -> None:
        """Take note, once, that PDFs cannot be made here."""
        if not self.no_pdf:
            self.notes.append(note)
        self.no_pdf, self.incomplete = True, asked_for


@dataclass(frozen=True)
class Wanted:
    """What is to be written: formats out of html, pdf, csv, xlsx, parquet; documents out of record and letter."""

    formats: tuple[str, ...]
    documents: tuple[str, ...] = ("record",)
    pdf_asked_for: bool = False
    appendix: bool = True
    also: Words | None = None
    """A second language for the questions."""
    templates: Path | None = None
    """A folder whose files stand in for our templates of the same name."""


@dataclass(frozen=True)
class Drawn:
    """The documents of one record, drawn and not yet written."""

    name: str
    """The record's number made safe as the name of a file."""
    files: dict[str, bytes]
    """The documents by the endings of their names."""
    summary: Summary
    told: Told
    no_pdf: str = ""
    """Why PDFs cannot be made here, where they were wanted."""
    key: str = ""
    """What the documents depend on, as a hash; empty where nobody asks."""
    there: str = ""
    """What the names of the documents begin with, where they were not drawn but found as they had been written."""


def draw(audit: Audit, run: Run, wanted: Wanted, words: Words, earlier: Kept | None = None) -> Drawn:
    """Return the documents of *audit*, one of the audits of *run*: those of *earlier* where they still belong to it.

    Where Pango is missing there is HTML in place of the PDF, and the line that installs it.
    """
    told, name = Told.of(audit, words), _name(audit)
    summary, key = Summary.of(audit, run.checks, words), earlier.key(told) if earlier else ""
    if earlier and (found := earlier.find(key)):
        return Drawn(name, found[1], summary, told, key=key, there=found[0])
    info = html.RunInfo.of(run.checks, run.catalogue_sha256, wanted.templates)
    files: dict[str, bytes] = {}
    missing = ""
    if "record" in wanted.documents:
        missing = _record(audit, wanted, info, words, files)
    if "letter" in wanted.documents and audit.findings:
        missing = _letter(audit, wanted, info, words, files) or missing
    return Drawn(name, files, summary, told, missing, key)


def _record(audit: Audit, wanted: Wanted, info: html.RunInfo, words: Words, files: dict[str, bytes]) -> str:
    """Draw the report of one record into *files* and return why there is no PDF."""
    missing = ""
    if "pdf" in wanted.formats:
        try:
            files["pdf"] = pdf.render(audit, info, words, appendix=wanted.appendix, also=wanted.also)
        except pdf.PdfUnavailable as error:
            missing = str(error)
    if "html" in wanted.formats or missing:
        files["html"] = html.render(audit, info, words, html.Form(appendix=wanted.appendix), wanted.also).encode()
    return missing


def _letter(audit: Audit, wanted: Wanted, info: html.RunInfo, words: Words, files: dict[str, bytes]) -> str:
    """Draw the letter on one record: always as a Word document, to be edited, and in the formats wanted."""
    files["letter.docx"] = letter.render_docx(audit, info, words, wanted.also)
    if "html" in wanted.formats:
        files["letter.html"] = letter.render(audit, info, words, also=wanted.also).encode()
    if "pdf" in wanted.formats:
        try:
            files["letter.pdf"] = pdf.render_letter(audit, info, words, wanted.also)
        except pdf.PdfUnavailable as error:
            return str(error)
    return ""


def _name(audit: Audit) -> str:
    registration = audit.registration
    known = registration.trial_id.text if registration.trial_id.given else Path(registration.source.path).stem
    name = _UNSAFE.sub("_", known).strip("._")[:_LONGEST_NAME] or "record"
    return f"{name}_" if name.lower() in ("index", "findings") else name


def write(drawn: Iterable[Drawn], run: Run, out: Path, wanted: Wanted, words: Words) -> Written:
    """Write documents into the folder *out* (made if need be) as they come, then overview and tables; return what was written.

    *run* has no audits; what could not be read is in it when *drawn* has ended. What is there already is not written again.
    The result is incomplete only when PDF was asked for by name and cannot be made. Raises AuditError when a file cannot be
    written.
    """
    written, totals, summaries, used = Written(), Totals(), list[Summary](), set[str]()
    info = html.RunInfo.of(run.checks, run.catalogue_sha256, wanted.templates)
    drawn = iter(drawn)
    first = list(islice(drawn, 1))  # a template that cannot be used leaves no folder behind
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"cannot write {out.as_posix()}: {error.strerror}") from error
    with ExitStack() as stack:
        tables = {f"findings.{form}": form for form in ("csv", "xlsx", "parquet") if form in wanted.formats}
        streams = []
        for name, form in tables.items():
            file = stack.enter_context(whole(out / name))
            file.write(codecs.BOM_UTF8 if form == "csv" else b"")
            streams.append(STREAMS[form](file, run, words))
        keeping = stack.enter_context(closing(Keeping(out)))
        for one in chain(first, drawn):
            pages = _save_all(one, out, written, used, keeping)
            totals.add(one.told)
            summaries.append(replace(one.summary, html=pages.get("html"), pdf=pages.get("pdf")))
            for stream in streams:
                stream.add(one.told)
            if one.no_pdf:
                written.without_pdf(one.no_pdf, wanted.pdf_asked_for)
        _overview(summaries, run.unreadable, out, wanted, info, words, written, tuple(tables))
        for stream in streams:
            stream.end(run, totals)
    written.files += tables
    written.totals = totals
    return written


def _save_all(drawn: Drawn, out: Path, written: Written, used: set[str], keeping: Keeping) -> dict[str, str]:
    """Write the documents of a record, with a count in their names where its number comes again; return the names by ending."""
    names = chain((drawn.name,), (f"{drawn.name}-{count}" for count in itertools.count(2)))
    name = next(name for name in names if name.lower() not in used)
    used.add(name.lower())
    if drawn.there == name:
        written.kept += 1
        written.files += (f"{name}.{ending}" for ending in drawn.files)
    else:
        for ending, content in drawn.files.items():
            _save(out / f"{name}.{ending}", content, written)
    if drawn.key and not drawn.no_pdf:
        keeping.add(drawn.key, name, drawn.files)
    return {ending: f"{name}.{ending}" for ending in drawn.files}


def _overview(
    summaries: Sequence[Summary],
    unreadable: Sequence[Unreadable],
    out: Path,
    wanted: Wanted,
    info: html.RunInfo,
    words: Words,
    written: Written,
    tables: Sequence[str],
) -> None:
    """Write the overview: always as HTML, and of several records as PDF where that is wanted; *tables* stand beside it."""
    _save(out / "index.html", overview.render(summaries, unreadable, info, words, tables=tables).encode(), written)
    if "pdf" in wanted.formats and not written.no_pdf and len(summaries) > 1:
        try:
            _save(out / "index.pdf", pdf.render_overview(summaries, unreadable, info, words), written)
        except pdf.PdfUnavailable as missing:
            written.without_pdf(str(missing), wanted.pdf_asked_for)


def _save(path: Path, content: bytes, written: Written) -> None:
    """Write *content* whole or not at all."""
    with whole(path) as file:
        file.write(content)
    written.files.append(path.name)

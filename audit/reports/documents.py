"""A run -> its documents in a folder: a page for each record, the overview of all, the table of findings."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audit.errors import AuditError
from audit.model.result import Audit, Run, Unreadable
from audit.reports import html, letter, overview, pdf, tables
from audit.reports.summary import Summary
from audit.reports.words import Words

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

    def without_pdf(self, note: str, asked_for: bool) -> None:
        """Take note, once, that PDFs cannot be made here."""
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


def write(run: Run, out: Path, wanted: Wanted, words: Words) -> Written:
    """Write the documents of *run* into the folder *out* (made if need be) and return what was written.

    Where Pango is missing the HTML is written, a note has the line that installs it, and the result is incomplete only
    when PDF was asked for by name. Raises AuditError when a file cannot be written.
    """
    written = Written()
    info = html.RunInfo.of(run.checks, run.catalogue_sha256, wanted.templates)
    summaries = []
    for audit, name in zip(run.audits, _names(run.audits), strict=True):
        pages: dict[str, str | None] = {"html": None, "pdf": None}
        if "record" in wanted.documents:
            pages |= _documents(audit, name, out, wanted, info, words, written)
        if "letter" in wanted.documents:
            _letter(audit, name, out, wanted, info, words, written)
        summaries.append(Summary.of(audit, run.checks, words, pages["html"], pages["pdf"]))
    _overview(summaries, run.unreadable, out, wanted, info, words, written)
    if "csv" in wanted.formats:
        _save(out / "findings.csv", tables.render_csv(run, words).encode("utf-8-sig"), written)
    if "xlsx" in wanted.formats:
        _save(out / "findings.xlsx", tables.render_xlsx(run, words), written)
    if "parquet" in wanted.formats:
        _save(out / "findings.parquet", tables.render_parquet(run, words), written)
    return written


def _documents(
    audit: Audit, name: str, out: Path, wanted: Wanted, info: html.RunInfo, words: Words, written: Written
) -> dict[str, str | None]:
    """Write the report of one record and return the names of its files by format."""
    pages: dict[str, str | None] = {}
    instead = "pdf" in wanted.formats and written.no_pdf and "html" not in wanted.formats
    if "pdf" in wanted.formats and not written.no_pdf:
        try:
            made = pdf.render(audit, info, words, appendix=wanted.appendix, also=wanted.also)
            pages["pdf"] = _save(out / f"{name}.pdf", made, written)
        except pdf.PdfUnavailable as missing:
            written.without_pdf(str(missing), wanted.pdf_asked_for)
            instead = "html" not in wanted.formats
    if "html" in wanted.formats or instead:
        page = html.render(audit, info, words, html.Form(appendix=wanted.appendix), wanted.also)
        pages["html"] = _save(out / f"{name}.html", page.encode(), written)
    return pages


def _overview(
    summaries: Sequence[Summary],
    unreadable: Sequence[Unreadable],
    out: Path,
    wanted: Wanted,
    info: html.RunInfo,
    words: Words,
    written: Written,
) -> None:
    """Write the overview: always as HTML, and of several records as PDF where that is wanted."""
    _save(out / "index.html", overview.render(summaries, unreadable, info, words).encode(), written)
    if "pdf" in wanted.formats and not written.no_pdf and len(summaries) > 1:
        try:
            _save(out / "index.pdf", pdf.render_overview(summaries, unreadable, info, words), written)
        except pdf.PdfUnavailable as missing:
            written.without_pdf(str(missing), wanted.pdf_asked_for)


def _letter(audit: Audit, name: str, out: Path, wanted: Wanted, info: html.RunInfo, words: Words, written: Written) -> None:
    """Write the letter on one record that has findings: always as a Word document, to be edited, and in the formats wanted."""
    if not audit.findings:
        return
    _save(out / f"{name}.letter.docx", letter.render_docx(audit, info, words, wanted.also), written)
    if "html" in wanted.formats:
        _save(out / f"{name}.letter.html", letter.render(audit, info, words, also=wanted.also).encode(), written)
    if "pdf" in wanted.formats and not written.no_pdf:
        try:
            _save(out / f"{name}.letter.pdf", pdf.render_letter(audit, info, words, wanted.also), written)
        except pdf.PdfUnavailable as missing:
            written.without_pdf(str(missing), wanted.pdf_asked_for)


def _names(audits: Iterable[Audit]) -> Iterator[str]:
    """Yield a file name for each audit: the record's number made safe, with a count where it comes again."""
    used: dict[str, int] = {}
    for audit in audits:
        registration = audit.registration
        known = registration.trial_id.text if registration.trial_id.given else Path(registration.source.path).stem
        name = _UNSAFE.sub("_", known).strip("._")[:_LONGEST_NAME] or "record"
        name = f"{name}_" if name.lower() in ("index", "findings") else name
        used[name.lower()] = count = used.get(name.lower(), 0) + 1
        yield name if count == 1 else f"{name}-{count}"


def _save(path: Path, content: bytes, written: Written) -> str:
    """Write *content* whole or not at all and return the name of the file."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        raise AuditError(f"cannot write {path.as_posix()}: {error.strerror}") from error
    written.files.append(path.name)
    return path.name

"""A run -> its documents in a folder: a page for each record, an index page, the table of findings."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from audit.errors import AuditError
from audit.model.result import Audit, Run
from audit.reports import html, pdf, tables
from audit.reports.words import Words

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


@dataclass
class Written:
    """The names of the files written, what the user is to be told, and whether something asked for is missing."""

    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    incomplete: bool = False


def write(
    run: Run,
    out: Path,
    formats: Iterable[str],
    words: Words,
    *,
    pdf_asked_for: bool,
    appendix: bool = True,
    also: Words | None = None,
) -> Written:
    """Write the documents of *run* into the folder *out* (made if need be) and return what was written.

    *also* is a second language for the questions. Where Pango is missing the HTML is written, a note has the line that installs it, and the result is incomplete only
    when *pdf_asked_for*. Raises AuditError when a file cannot be written.
    """
    formats, written = list(formats), Written()
    info = html.RunInfo.of(run.checks, run.catalogue_sha256)
    entries = []
    for audit, name in zip(run.audits, _names(run.audits), strict=True):
        pages: dict[str, str | None] = {"html": None, "pdf": None}
        if "html" in formats:
            pages["html"] = _save(
                out / f"{name}.html", html.render(audit, info, words, html.Form(appendix=appendix), also).encode(), written
            )
        if "pdf" in formats:
            try:
                pages["pdf"] = _save(out / f"{name}.pdf", pdf.render(audit, info, words, appendix=appendix, also=also), written)
            except pdf.PdfUnavailable as missing:
                written.notes.append(str(missing))
                written.incomplete = pdf_asked_for
                formats = [form for form in formats if form != "pdf"]
                if "html" not in formats:
                    formats.append("html")
                    pages["html"] = _save(
                        out / f"{name}.html",
                        html.render(audit, info, words, html.Form(appendix=appendix), also).encode(),
                        written,
                    )
        entries.append(html.Entry(audit, pages["html"], pages["pdf"]))
    _save(out / "index.html", html.index(entries, run.unreadable, info, words).encode(), written)
    if "csv" in formats:
        _save(out / "findings.csv", tables.render_csv(run, words).encode("utf-8-sig"), written)
    if "xlsx" in formats:
        _save(out / "findings.xlsx", tables.render_xlsx(run, words), written)
    if "parquet" in formats:
        _save(out / "findings.parquet", tables.render_parquet(run, words), written)
    return written


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

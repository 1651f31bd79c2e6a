"""``trial-audit report``: audit, and write HTML and PDF documents and tables."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli.options import LANGUAGES, auditing, fail_on, paths, run_audit

if TYPE_CHECKING:
    from audit.model.result import Audit, Run
    from audit.reports.documents import Drawn, Wanted
    from audit.reports.kept import Kept
    from audit.reports.words import Words

_MANY = 20
"""Above so many records PDFs are written only when asked for."""
_PDFS, _PAGES = 5, 100
"""Records that a process draws at once, with PDFs and without: so many that examining them together pays."""
_GO_ON = "the documents that are written stay: the same command goes on from there"
DOCUMENTS = ("record", "letter")
FORMATS = ("html", "pdf", "xlsx", "csv", "parquet")


def _formats(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    chosen = tuple(part.strip() for part in value.split(",") if part.strip())
    if unknown := [part for part in chosen if part not in FORMATS]:
        raise click.BadParameter(f"{', '.join(unknown)}; choose from {', '.join(FORMATS)}")
    return chosen


def _documents(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in value.split(",") if part.strip())
    if unknown := [part for part in chosen if part not in DOCUMENTS]:
        raise click.BadParameter(f"{', '.join(unknown)}; choose from {', '.join(DOCUMENTS)}")
    return chosen


def _languages(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if unknown := [part for part in chosen if part not in LANGUAGES]:
        raise click.BadParameter(f"{', '.join(unknown)}; choose from {', '.join(LANGUAGES)}, or two of them: fa,en")
    return chosen or ("en",)


@click.command()
@paths
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder for the documents; made if it is not there.",
)
@click.option(
    "--format",
    "formats",
    callback=_formats,
    metavar="LIST",
    help=f"Any of {','.join(FORMATS)} [default: html,pdf up to {_MANY} records, above that html,csv].",
)
@click.option(
    "--document",
    callback=_documents,
    default="record",
    show_default=True,
    metavar="LIST",
    help="record, letter or both: the report of a record, and the letter to its registrant (also as .docx, to be edited).",
)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A folder whose files stand in for the templates of the same name: letterhead, colours, words (docs/templates.md).",
)
@click.option("--no-appendix", is_flag=True, help="Leave out the list of all checks and the source record.")
@click.option(
    "--lang",
    callback=_languages,
    default="en",
    show_default=True,
    metavar="LANG",
    help="The language: en, fa, or fa,en: Persian with the questions in both.",
)
@fail_on("never")
@auditing
@click.pass_context
def report(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    out: Path,
    formats: tuple[str, ...] | None,
    fail_on: str,
    lang: tuple[str, ...],
    document: tuple[str, ...],
    templates: Path | None,
    no_appendix: bool,
    **options: Any,
) -> None:
    """Audit registration records and write a document for each, and an overview of all (index.html).

    Of more than 20 records, documents that are in the folder already and belong to the same record, findings, settings and
    version are not drawn again, so a run that was interrupted is gone on with.

    \b
    Examples:
      trial-audit report record.txt --out reports
      trial-audit report records/ --out reports --format html,pdf,csv --as-of 2026-06-11
    """
    from audit.batch import Batch
    from audit.cli.streaming import exit_code, followed, gated, interruptible, notes, work_of
    from audit.reports import console, documents
    from audit.reports.kept import depends_on, kept
    from audit.reports.words import Words

    batch, whole = Batch(work_of(options, None), options["jobs"]), run_audit(paths, options, fail_on) if gated(options) else None
    number = len(whole.audits) if whole else 0 if formats else batch.count(paths, _MANY + 1)
    chosen = formats or (("html", "pdf") if number <= _MANY else ("html", "csv"))
    first, *others = [Words.of(language, templates) for language in lang]
    wanted = documents.Wanted(
        chosen, document, bool(formats and "pdf" in formats), not no_appendix, others[0] if others else None, templates
    )
    said = replace(wanted, also=None, templates=None, pdf_asked_for=False), lang, bool(options.get("redact_contacts"))
    earlier = kept(out, depends_on(*said, templates=templates))
    if whole is None:
        batch.work = replace(batch.work, make=Drawing(lang, wanted, earlier), chunk=_PDFS if "pdf" in chosen else _PAGES)
        with followed(batch, paths, options, to_terminal=False, go_on=_GO_ON) as drawn:
            written = documents.write(drawn, batch.run, out, wanted, first)
    else:
        with interruptible(_GO_ON):
            written = documents.write(_drawn(whole, wanted, first, earlier), whole, out, wanted, first)
    run = whole or batch.run
    for note in (*written.notes, *(console.gate(whole) if whole else ())):
        click.echo(note, err=True)
    if not options["quiet"]:
        if whole is None:
            notes(batch, written.totals)
        if written.kept:
            click.echo(f"Unchanged since an earlier run, not drawn again: the documents of {written.kept:,} records.", err=True)
    for one in run.unreadable:
        click.echo(f"{one.path}{f':{one.line}' if one.line else ''}: cannot be read: {one.error}", err=True)
    click.echo(
        f"{len(written.files)} files in {out.as_posix()}: {', '.join(written.files[:4])}{', ...' if len(written.files) > 4 else ''}"
    )
    ctx.exit(3 if written.incomplete else exit_code(run, written.totals, fail_on))


def _drawn(run: "Run", wanted: "Wanted", words: "Words", earlier: "Kept") -> "Iterator[Drawn]":
    """Yield the documents of each audit of *run*."""
    from audit.reports import documents

    for number, audit in enumerate(run.audits, 1):
        yield documents.draw(audit, run, wanted, words, earlier)
        if number % _PDFS == 0:
            gc.collect()


@dataclass(frozen=True)
class Drawing:
    """Draws the documents of an audit, in whatever process."""

    languages: tuple[str, ...]
    wanted: "Wanted"
    earlier: "Kept"

    def __call__(self, audit: "Audit", run: "Run") -> "Drawn":
        """Return the documents."""
        from audit.reports import documents
        from audit.reports.words import Words

        first, *others = [Words.of(language, self.wanted.templates) for language in self.languages]
        return documents.draw(audit, run, replace(self.wanted, also=others[0] if others else None), first, self.earlier)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the words behind: each process reads them itself."""
        return {"languages": self.languages, "wanted": replace(self.wanted, also=None), "earlier": self.earlier}

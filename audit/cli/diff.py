"""``trial-audit diff``: what changed between two versions of a record, in the record and in the findings."""

from pathlib import Path
from typing import Any

import click

from audit.cli.options import LANGUAGES, comparing, fail_on, print_data, print_text, settings, write_whole
from audit.model.check import Severity


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--record", metavar="ID", help="Which record, where the files hold several [default: all that both hold].")
@click.option("--format", "form", type=click.Choice(("text", "json", "html", "pdf")), default="text", show_default=True, help="How the comparison is written.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there, whole or not at all [default: standard output].")  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of titles, messages and questions.")  # fmt: skip
@fail_on("never")
@comparing
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR is honoured too.")
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    old: str,
    new: str,
    record: str | None,
    form: str,
    output: Path | None,
    lang: str,
    fail_on: str,
    no_color: bool,
    **options: Any,
) -> None:
    """Show what changed between two versions of a record, and which findings came, went and stayed.

    OLD and NEW are files, also of different formats (a draft against what the registry published), or folders of exports;
    records of files with many are paired by their numbers, and of several versions of a record in OLD the first is taken, in
    NEW the last. Each may be the --store of an earlier run, which keeps the records with the results: of several versions of
    a record the one that was met last is taken; a store compared with itself gives what changed from the first to the last.
    --fail-on speaks of the findings that came.

    \b
    Examples:
      trial-audit diff draft.yaml published.txt
      trial-audit diff may.csv june.csv --record IRCT20990101099991N1 --format json
      trial-audit diff results.db june.csv --fail-on error
      trial-audit diff may.db june.db --format json
      trial-audit diff old.txt new.txt --format pdf --output changes.pdf
    """
    from audit.deferred import load_great_expectations

    load_great_expectations()
    from audit.pipeline import compare_paths
    from audit.reports import diff as report
    from audit.reports.html import RunInfo
    from audit.reports.words import Words

    done = compare_paths(old, new, settings(options), record)
    if options["redact_contacts"]:
        from audit.reports.redact import redacted_comparison

        done.comparisons = [redacted_comparison(one) for one in done.comparisons]
    words = Words.of(lang)
    info = RunInfo.of(done.checks, done.catalogue_sha256)
    made: str | bytes
    if form == "json":
        made = report.render_json(done.comparisons, words)
    elif form == "text":
        made = report.render_text(done.comparisons, words)
    else:
        made = report.render_html(done.comparisons, info, words, paper=form == "pdf")
        if form == "pdf":
            from audit.reports import pdf

            made = pdf.render_page(made)
    if output is not None:
        write_whole(output, click.unstyle(str(made)) if form == "text" else made)
    elif form == "text":
        print_text(str(made), no_color=no_color)
    else:
        print_data(made)
    for one in done.unreadable:
        click.echo(f"{one.path}{f':{one.line}' if one.line else ''}: cannot be read: {one.error}", err=True)
    if done.alone and not options["quiet"]:
        click.echo(f"Only in one of the two: {', '.join(done.alone[:20])}{', ...' if len(done.alone) > 20 else ''}", err=True)
    worst = Severity(fail_on).rank if fail_on != "never" else -1
    came = any(finding.severity.rank <= worst for one in done.comparisons for finding in one.introduced)
    ctx.exit(3 if done.unreadable or not done.comparisons else int(came))

"""``trial-audit check``: audit, and the findings to the terminal or to a file."""

import os
from pathlib import Path
from typing import Any

import click

from audit.cli.configured import shown
from audit.cli.options import (
    LANGUAGES,
    append,
    auditing,
    exit_code,
    fail_on,
    paths,
    print_data,
    print_text,
    run_audit,
    store,
    write_whole,
)

FORMATS = ("text", "json", "jsonl", "csv", "xlsx", "parquet", "sarif", "junit", "github", "gitlab")


def _outputs(formats: tuple[str, ...], files: tuple[Path, ...]) -> list[tuple[str, Path | None]]:
    """Return each format with the file it goes to, None for standard output; raises UsageError where that is not clear."""
    if len(formats) <= 1 and len(files) <= 1:
        formats, files = formats or ("text",), files or (Path("-"),)
    if len(formats) != len(files):
        raise click.UsageError("give each --format its own --output, in the same order; - is standard output")
    if len(set(files)) != len(files):
        raise click.UsageError("two formats go to the same --output")
    return [(form, None if str(file) == "-" else file) for form, file in zip(formats, files, strict=True)]


@click.command()
@paths
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="How the findings are written; may be repeated, each with its --output.  [default: text]",
)
@click.option(
    "--output",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write there, whole or not at all [default: -, standard output].",
)
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write a summary in Markdown there [default with --format github: $GITHUB_STEP_SUMMARY].",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of titles, messages and questions.",
)
@fail_on("error")
@store
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR is honoured too.")
@click.option(
    "--show-config", is_flag=True, is_eager=True, help="Say which settings are in force and where each comes from; audit nothing."
)
@auditing
@click.pass_context
def check(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    files: tuple[Path, ...],
    summary: Path | None,
    lang: str,
    fail_on: str,
    no_color: bool,
    show_config: bool,
    **options: Any,
) -> None:
    """Audit registration records and show the findings.

    PATH is a file, a folder (walked), a glob, a zip, or - for standard input.

    \b
    Examples:
      trial-audit check record.txt
      trial-audit check records/ --as-of 2026-06-11 --fail-on warning
      trial-audit check record.txt --checks PL,DS03 --min-confidence high
      trial-audit check records/*.txt --format json --output findings.json
      trial-audit check export.csv --store results.db --where status=recruiting --format csv --output findings.csv
      trial-audit check records/ --format github --output - --format sarif --output findings.sarif
    """
    outputs = _outputs(formats, files)
    if show_config:
        print_text(shown(ctx, options["configuration"], {**options, "lang": lang, "fail_on": fail_on}), no_color=True)
        return
    from audit.cli.streaming import NO_STORE, streamed, write

    if streamed(outputs, options) and summary is None:
        ctx.exit(write(paths, outputs, options, lang, fail_on, no_color))
    if options["store"] is not None:
        raise click.UsageError(NO_STORE)
    run = run_audit(paths, options, fail_on)
    from audit.reports import RENDERERS, ci
    from audit.reports.words import Words

    made = {form: RENDERERS[form](run, Words.of(lang)) for form in dict(outputs)}
    for form, file in outputs:
        if file is not None:
            write_whole(file, click.unstyle(str(made[form])) if form == "text" else made[form])
    if summary is not None:
        write_whole(summary, ci.render_summary(run, Words.of(lang)))
    elif "github" in made and (step := os.environ.get("GITHUB_STEP_SUMMARY")):
        append(Path(step), ci.render_summary(run, Words.of(lang)))
    for form, file in outputs:
        if file is None and form == "text":
            print_text(str(made[form]), no_color=no_color)
        elif file is None:
            print_data(made[form])
    ctx.exit(exit_code(run))

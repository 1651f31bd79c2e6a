"""``trial-audit check``: audit, and the findings to the terminal or to a file."""

from pathlib import Path
from typing import Any

import click

from audit.cli.options import LANGUAGES, auditing, fail_on, paths, store

FORMATS = ("text", "json", "jsonl", "csv", "xlsx", "parquet")


@click.command()
@paths
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How the findings are written."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there, whole or not at all [default: standard output].",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of titles, messages and questions.",
)
@fail_on("error")
@auditing
@store
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR is honoured too.")
@click.pass_context
def check(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    form: str,
    output: Path | None,
    lang: str,
    fail_on: str,
    no_color: bool,
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
    """
    from audit.cli.streaming import write

    ctx.exit(write(paths, [(form, output)], options, lang, fail_on, no_color))

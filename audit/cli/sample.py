"""``trial-audit sample``: a random sample of findings for two readers, and what they found."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from audit.cli.options import LANGUAGES, auditing, print_data, print_text, store, write_whole

_FORMS = (".csv", ".xlsx")


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--n", "number", type=click.IntRange(min=1), default=100, show_default=True, help="How many findings.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same sample of the same findings.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there: .csv or .xlsx [default: CSV to standard output].",
)
@click.option(
    "--score",
    "filled",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Say what the readers found, from the file they filled in; nothing is audited.",
)
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How the score is written."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of the findings.")
@auditing
@store
@click.pass_context
def sample(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    number: int,
    seed: int,
    output: Path | None,
    filled: Path | None,
    form: str,
    lang: str,
    **options: Any,
) -> None:
    """Draw a random sample of findings with their quotes, for two readers to say of each whether it is right.

    The columns reader_1 and reader_2 are empty: each reader writes right, wrong or unsure. --score then gives the precision of
    each check with its 95 % interval (Wilson) and the agreement of the readers (Cohen's kappa).

    \b
    Examples:
      trial-audit sample export.csv --n 100 --seed 1 --output sample.xlsx
      trial-audit sample --score sample.xlsx
    """
    from audit.reports import sample as table

    if filled is not None:
        scores = table.score(table.read(filled))
        if form == "json":
            print_data(json.dumps([dataclasses.asdict(one) for one in scores], indent=2) + "\n")
        else:
            print_text(table.as_text(scores), no_color=True)
        return
    if not paths:
        raise click.UsageError("give a PATH to draw from, or --score FILE")
    if output is not None and output.suffix.lower() not in _FORMS:
        raise click.UsageError(f"--output ends with {' or '.join(_FORMS)}")
    from audit.batch import Batch, Telling
    from audit.cli.streaming import followed, notes, work_of

    batch, drawn = Batch(work_of(options, Telling(lang)), options["jobs"], options["store"]), table.Sample(number, seed)
    with followed(batch, paths, options, to_terminal=output is None) as results:
        for told in results:
            drawn.add(told)
    rows = drawn.rows()
    if output is None:
        print_data(table.as_csv(rows).decode("utf-8-sig"))
    else:
        write_whole(output, table.as_xlsx(rows) if output.suffix.lower() == ".xlsx" else table.as_csv(rows))
    if not options["quiet"]:
        notes(batch)
        click.echo(f"{len(rows):,} of {drawn.seen:,} findings.", err=True)
    ctx.exit(3 if batch.reading.unreadable else 0)

"""``trial-audit init`` and ``trial-audit schema``: a draft registration to fill in, and its JSON Schema."""

import json
import sys
from pathlib import Path

import click

from audit.cli.options import print_data, write_whole
from audit.errors import AuditError

_QUESTIONS = (
    ("registry", "Registry", "IRCT"),
    ("public_title", "Public title", ""),
    ("scientific_title", "Scientific title", ""),
    ("target_sample_size", "Number of participants", ""),
    ("expected_recruitment_start", "First enrolment expected on (2026-06-15)", ""),
)
"""What is asked on a terminal; Enter leaves it empty."""


@click.command()
@click.argument("file", default="draft.yaml", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--from", "record", metavar="RECORD", help="Start from this record: a file in any format that check reads.")
@click.option("--record", "chosen", metavar="ID", help="Which record of that file, where it holds several.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing: leave every field empty.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(file: Path, record: str | None, chosen: str | None, yes: bool, force: bool) -> None:
    """Write a draft registration in YAML, with a comment on every field, and its schema beside it.

    FILE is draft.yaml unless given; - prints the draft alone. On a terminal a few questions are asked.

    \b
    Examples:
      trial-audit init                                 a blank draft
      trial-audit init trial.yaml --from record.txt    what a record says, as a draft
      trial-audit check trial.yaml                     audit it before it is submitted
    """
    from audit.readers.draft_form import SCHEMA_FILE, blank, filled

    to_file = str(file) != "-"
    if to_file and file.exists() and not force:
        raise AuditError(f"{file} is there already: give another name, or --force to write over it")
    if record is not None:
        from audit.pipeline import read_one

        text = filled(read_one(record, chosen))
    else:
        text = blank(_answers() if sys.stdin.isatty() and not yes else {})
    if not to_file:
        print_data(text)
        return
    written = [file]
    write_whole(file, text)
    if not (beside := file.with_name(SCHEMA_FILE)).exists():
        write_whole(beside, _schema())
        written.append(beside)
    click.echo(f"Written: {', '.join(path.as_posix() for path in written)}")


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there [default: standard output].")  # fmt: skip
def schema(output: Path | None) -> None:
    """Print the JSON Schema (2020-12) of a draft, for completion and hover texts in editors.

    \b
    Example:
      trial-audit schema --output trial-audit-draft-1.schema.json
    """
    if output is not None:
        write_whole(output, _schema())
    else:
        print_data(_schema())


def _schema() -> str:
    from audit.readers.draft_form import schema as made

    return json.dumps(made(), ensure_ascii=False, indent=2) + "\n"


def _answers() -> dict[str, str]:
    click.echo("A few questions; Enter leaves a field empty.", err=True)
    asked = {
        name: click.prompt(text, default=default, show_default=bool(default), err=True) for name, text, default in _QUESTIONS
    }
    return {name: str(said).strip() for name, said in asked.items() if str(said).strip()}

"""``trial-audit facts``: what the tool understood of each record."""

import json
from typing import Any

import click

from audit.cli.options import paths, print_data, print_text, reading, settings


@click.command()
@paths
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How the facts are written."
)
@reading
@click.pass_context
def facts(ctx: click.Context, /, paths: tuple[str, ...], form: str, **options: Any) -> None:
    """Show what was understood of each record: fields, derived facts and unknown lines, with quotes.

    \b
    Examples:
      trial-audit facts record.txt
      trial-audit facts records/ --format json
    """
    from audit.pipeline import read_facts
    from audit.reports import understood
    from audit.reports.words import Words

    records, unreadable = read_facts(paths, settings(options))
    if form == "json":
        data = [understood.as_data(registration, found, Words.of("en")) for registration, found in records]
        print_data(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        print_text(
            "".join(understood.as_text(registration, found, Words.of("en")) for registration, found in records), no_color=False
        )
    for one in unreadable:
        click.echo(f"{one.path}{f':{one.line}' if one.line else ''}: cannot be read: {one.error}", err=True)
    ctx.exit(3 if unreadable else 0)

"""``trial-audit checks``, ``explain`` and ``suite``: the catalogue, without auditing anything."""

import json
from pathlib import Path

import click

from audit.cli.options import catalogue as catalogue_option
from audit.cli.options import codes, print_data, print_text
from audit.errors import AuditError


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="How the list is written.",
)
@click.option("--checks", "chosen", multiple=True, metavar="CODES", help="Only these codes or families.")
@catalogue_option
def checks(form: str, chosen: tuple[str, ...], catalogue: tuple[Path, ...]) -> None:
    """List the checks of the catalogue.

    \b
    Examples:
      trial-audit checks
      trial-audit checks --checks DT,ST --format markdown
    """
    from audit.engine.load import load
    from audit.folders import folder
    from audit.reports import pages

    listed = load(folder("checks"), *catalogue).chosen(codes(chosen))
    if form == "json":
        print_data(json.dumps([pages.as_data(check) for check in listed], ensure_ascii=False, indent=2) + "\n")
    else:
        print_text(pages.table(listed) if form == "markdown" else pages.listing(listed), no_color=False)


@click.command()
@click.argument("code")
@catalogue_option
def explain(code: str, catalogue: tuple[Path, ...]) -> None:
    """Explain one check: why, how it is decided, references, examples, known limits.

    \b
    Example:
      trial-audit explain PL03
    """
    from audit.engine.load import load_check, measured
    from audit.folders import folder
    from audit.reports import pages

    check = load_check((folder("checks"), *catalogue), code.upper())
    if check is None:
        raise AuditError(f"there is no check {code} (trial-audit checks lists them)")
    print_text(pages.page(check, measured(folder("checks"))), no_color=False)


@click.command()
@click.option("--checks", "chosen", multiple=True, metavar="CODES", help="Only these codes or families.")
def suite(chosen: tuple[str, ...]) -> None:
    """Give out the catalogue as a Great Expectations suite (JSON), for people who run it on their own tables (docs/scale.md).

    \b
    Example:
      trial-audit suite > trial-audit-suite.json
    """
    from audit.engine.expectations import portable_suite
    from audit.engine.load import load
    from audit.folders import folder

    catalogue = load(folder("checks"))
    print_data(json.dumps(portable_suite(catalogue.chosen(codes(chosen)), catalogue.sha256), ensure_ascii=False, indent=2) + "\n")

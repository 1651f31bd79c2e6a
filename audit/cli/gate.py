"""``trial-audit waive`` and ``trial-audit baseline``: accept a finding, or all that are known, so that only others refuse a record."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli.options import asking, paths, run_audit, write_whole

if TYPE_CHECKING:
    from audit.config import Configuration


def _day(ctx: click.Context, param: click.Parameter, value: str) -> date:
    try:
        until = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date like 2026-06-11") from None
    if until < datetime.now(UTC).date():
        raise click.BadParameter(f"{until} has passed already")
    return until


def _text(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("it is empty")
    return " ".join(value.split())


@click.command()
@click.argument("finding")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--reason", required=True, callback=_text, metavar="TEXT", help="Why the finding is accepted.")
@click.option("--owner", required=True, callback=_text, metavar="NAME", help="Who answers for that.")
@click.option("--until", required=True, callback=_day, metavar="DATE", help="The last day on which it is accepted.")
@asking
def waive(
    finding: str, paths: tuple[str, ...], reason: str, owner: str, until: date, configuration: "Configuration", **options: Any
) -> None:
    """Accept a finding until a day, with a reason and an owner: write a waiver into the configuration.

    FINDING is its fingerprint, or the record and the check: IRCT20990101000001N1:PL03. It is looked for under PATH
    [default: the current folder]. The waiver ends when its day has passed or the quoted text changes.

    \b
    Example:
      trial-audit waive IRCT20990101000001N1:PL03 --reason "Asked; awaiting the registry" --owner "A. Rahimi" --until 2026-12-31
    """
    from audit import waivers
    from audit.config import NAME, Configuration
    from audit.model.result import Waiver

    options |= {"min_confidence": "low", "configuration": Configuration()}
    run = run_audit(paths or (".",), options)
    there = [one.fingerprint for audit in run.audits for one in audit.findings]
    file = configuration.file or Path(NAME)
    for record, found in waivers.named(run, finding):
        prints = tuple(sorted({one.fingerprint for one in found}))
        waiver = Waiver(record, found[0].check.code, prints, reason, owner, until)
        write_whole(file, waivers.write(file, waiver, there))
        click.echo(f"{record}: {waiver.check} is waived until {until} ({file.as_posix()})")


@click.group()
def baseline() -> None:
    """Keep the findings that are known, so that only what is new refuses a record."""


@baseline.command()
@paths
@click.option("--baseline", "file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The file to write [default: the one of the configuration].")  # fmt: skip
@asking
@click.pass_context
def update(
    ctx: click.Context, /, paths: tuple[str, ...], file: Path | None, configuration: "Configuration", **options: Any
) -> None:
    """Write all findings under PATH, but for the waived ones, as the new baseline.

    \b
    Example:
      trial-audit baseline update registrations/ --baseline trial-audit-baseline.json
    """
    from audit import baseline as known
    from audit.cli.options import exit_code

    file = file or configuration.values.get("baseline")
    if file is None:
        raise click.UsageError('say where: --baseline FILE, or baseline = "FILE" in the configuration')
    run = run_audit(paths, {**options, "configuration": configuration, "baseline": None})
    for one in run.unreadable:
        click.echo(f"{one.path}{f':{one.line}' if one.line else ''}: cannot be read: {one.error}", err=True)
    if code := exit_code(run):
        click.echo("The audit is not complete; no baseline is written.", err=True)
        ctx.exit(code)
    write_whole(file, known.render(run))
    click.echo(f"{sum(len(audit.findings) for audit in run.audits)} findings of {len(run.audits)} records in {file.as_posix()}")

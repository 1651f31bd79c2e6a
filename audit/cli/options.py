"""What the commands share: options, settings out of them, output whole or not at all, exit codes."""

import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli.configured import configured
from audit.errors import AuditError
from audit.model.check import Confidence, Severity
from audit.whole import whole

if TYPE_CHECKING:
    from audit.model.result import Run
    from audit.pipeline import Settings
    from audit.where import Where


LANGUAGES = ("en", "fa")
"""The files of ``report_templates/languages``; listed here so that ``--help`` reads none."""


_COMMAND = re.compile(r"(?m)^((?:\s|\x1b\[[\d;]*m)*:)(:)|(##)\[")


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date like 2026-06-11") from None


def _where(ctx: click.Context, param: click.Parameter, value: str | None) -> "Where | None":
    if value is None:
        return None
    from audit.where import Where

    try:
        return Where.of(value)
    except AuditError as error:
        raise click.BadParameter(str(error)) from None


def _some(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    if not value and not ctx.params.get("show_config"):
        raise click.MissingParameter(ctx=ctx, param=param)
    return value


paths = click.argument("paths", nargs=-1, callback=_some, metavar="PATH...")
as_of = click.option("--as-of", callback=_day, metavar="DATE", help="The day against which checks of 'today' are decided [default: the record's own print date, else today (UTC)].")  # fmt: skip
_CHOOSING = (
    click.option("--checks", multiple=True, metavar="CODES", help="Only these checks: codes or families, separated by commas (PL03,DT) [default: all but those off by default]."),
    click.option("--skip", multiple=True, metavar="CODES", help="Not these checks: codes or families, separated by commas."),
    click.option("--min-confidence", type=click.Choice([c.value for c in Confidence]), default="medium", show_default=True, help="Leave out findings that are less sure."),
)  # fmt: skip
catalogue = click.option("--catalogue", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR", help="A folder with more checks of the same form.")  # fmt: skip
_READING = (
    click.option("--reader", metavar="NAME", help="Do not guess the format: irct-text, irct-html, irct-pdf, irct-xml, ictrp, ctgov or draft."),
    click.option("--keep-text", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write the text taken out of PDF and HTML files there: quotes are counted in it."),
)  # fmt: skip
_TELLING = (
    click.option("--quiet", "-q", is_flag=True, help="No progress and no notes on standard error."),
    click.option("--no-progress", is_flag=True, help="No count of the records done."),
)


_SHOWING = (
    click.option("--redact-contacts", is_flag=True, help="Blacken persons' names, telephone numbers and e-mail addresses in every output."),
)  # fmt: skip


_BATCHES = (
    click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes [default: 1 for few records, else one for each core]."),
    click.option("--where", callback=_where, metavar="TEXT", help="Only these records: registry=IRCT,registered>=2020-01-01,status=complete."),
    click.option("--alone", is_flag=True, help="Look at each record alone: nothing is compared between the records of a run, which takes about a fifth of the time more."),
)  # fmt: skip
store = click.option("--store", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Keep the results there, with the records: the next run audits only what has changed, and an interrupted one is gone on with.")  # fmt: skip
_GATING = (
    click.option("--baseline", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help="Findings known already: only what is new counts (trial-audit baseline update writes it)."),
)  # fmt: skip


def auditing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options of an audit, and the configuration that applies."""
    return configured(_with(command, as_of, *_CHOOSING, catalogue, *_GATING, *_READING, *_BATCHES, *_SHOWING, *_TELLING))


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options that choose what is asked, and the configuration that applies."""
    return configured(_with(command, as_of, *_CHOOSING, catalogue, *_READING, *_TELLING))


def comparing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options of comparing two versions."""
    return _with(command, as_of, *_CHOOSING, catalogue, *_READING, *_SHOWING, _TELLING[0])


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options of reading records alone."""
    return _with(command, as_of, catalogue, *_READING)


def _with(command: Callable[..., Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def fail_on(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--fail-on``."""
    levels = [*(s.value for s in Severity), "never"]
    said = "End with 1 when there is a finding of this severity or worse."
    return click.option("--fail-on", type=click.Choice(levels), default=default, show_default=True, help=said)


def settings(options: dict[str, Any]) -> "Settings":
    """Return the settings that *options* say."""
    from audit.pipeline import Settings
    from audit.readers import READERS

    if options["reader"] is not None and options["reader"] not in READERS:
        raise AuditError(f"there is no reader {options['reader']}; there are {', '.join(READERS)}")
    return Settings(
        as_of=options["as_of"],
        checks=codes(options.get("checks", ())),
        skip=codes(options.get("skip", ())),
        min_confidence=Confidence(options.get("min_confidence", Confidence.MEDIUM)),
        catalogue=options["catalogue"],
        reader=options["reader"],
        keep_text=options["keep_text"],
        where=options.get("where"),
        alone=options.get("alone", False),
        severities=options.get("severity", {}),
        today=options.get("as_of_today", False),
        waivers=options["configuration"].waivers if "configuration" in options else (),
        baseline=options.get("baseline"),
    )


def codes(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes in options that may each hold several, separated by commas."""
    return tuple(code.strip() for part in given for code in part.split(",") if code.strip())


def run_audit(paths: tuple[str, ...], options: dict[str, Any], fail_on: str = "never") -> "Run":
    """Audit *paths* with a count of records on a terminal's standard error, and tell what was passed over."""
    from audit.deferred import calm_the_collector, load_great_expectations

    load_great_expectations()
    from audit.pipeline import audit_paths

    calm_the_collector()

    count = sys.stderr.isatty() and not options["quiet"] and not options["no_progress"]

    def tell(done: int) -> None:
        if count:
            click.echo(f"\r{done} records audited", nl=False, err=True)

    run = audit_paths(paths, settings(options), tell)
    run.fail_on = None if fail_on == "never" else Severity(fail_on)
    if count:
        click.echo("\r\033[K", nl=False, err=True)
    if options.get("redact_contacts"):
        from audit.reports.redact import redacted

        run.audits = [redacted(audit) for audit in run.audits]
    if run.passed_over and not options["quiet"]:
        click.echo(f"Passed over, no registration record: {', '.join(run.passed_over)}", err=True)
    return run


def exit_code(run: "Run") -> int:
    """Return the exit code of interfaces.md; 3 wins over 1."""
    from audit.model.result import Verdict

    if run.unreadable or any(said.verdict is Verdict.BROKEN for audit in run.audits for said in audit.judgements.values()):
        return 3
    if run.fail_on is None:
        return 0
    return int(any(finding.severity.rank <= run.fail_on.rank for audit in run.audits for finding in audit.findings))


def write_whole(path: Path, content: str | bytes) -> None:
    """Write *content* to *path*, whole or not at all; raise AuditError when the place cannot be written."""
    with whole(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def append(path: Path, content: str) -> None:
    """Add *content* to the end of *path*; raise AuditError when the place cannot be written."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(content)
    except OSError as error:
        raise AuditError(f"cannot write {path}: {error.strerror}") from error


def print_text(text: str, *, no_color: bool) -> None:
    """Print *text*; its colours only on a terminal that wants them (``NO_COLOR``).

    What GitHub's runner would take for a command, in the words of a record, is broken by a character without width.
    """
    text = _COMMAND.sub(lambda found: f"{found[1] or found[3]}\u200b{found[2] or '['}", text)
    click.echo(text, nl=False, color=False if no_color or os.environ.get("NO_COLOR") else None)


def print_data(data: str | bytes) -> None:
    """Print what programs read: text as UTF-8 whatever the console's encoding is.

    Raises AuditError for a table that is no text on a terminal, which would only be confused by it.
    """
    if isinstance(data, bytes) and sys.stdout.isatty():
        raise AuditError("this format is no text for a terminal: give --output FILE")
    sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
    sys.stdout.buffer.flush()

"""Arguments in, exit code out: the command ``trial-audit``."""

import sys
from typing import Any

import click

from audit import __version__
from audit.deferred import calm_the_collector, with_deep_stack
from audit.errors import AuditError

_COMMANDS = {
    "check": ("audit.cli.check", "check"),
    "report": ("audit.cli.report", "report"),
    "facts": ("audit.cli.facts", "facts"),
    "sample": ("audit.cli.sample", "sample"),
    "checks": ("audit.cli.catalogue", "checks"),
    "explain": ("audit.cli.catalogue", "explain"),
    "suite": ("audit.cli.catalogue", "suite"),
    "diff": ("audit.cli.diff", "diff"),
    "init": ("audit.cli.draft", "init"),
    "schema": ("audit.cli.draft", "schema"),
    "waive": ("audit.cli.gate", "waive"),
    "baseline": ("audit.cli.gate", "baseline"),
}


class _Commands(click.Group):
    """The commands, each imported when it is asked for: ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        from importlib import import_module

        module, attribute = _COMMANDS[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AuditError as error:
            click.echo(f"trial-audit: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="trial-audit")
def cli() -> None:
    """Audit clinical-trial registrations.

    Reads registration records as registries give them out and says, with verbatim quotes and line numbers, where a
    record contradicts itself or leaves out what it must report.

    \b
    Examples:
      trial-audit check record.txt                    findings to the terminal
      trial-audit check records/ --format json        for a script
      trial-audit report record.txt --out reports     HTML and PDF documents
      trial-audit explain PL03                        what a check asks, and why
      trial-audit diff old.txt new.txt                what changed between two versions
      trial-audit init trial.yaml                     a draft to fill in, audited by check

    \b
    Exit codes:
      0  audited; nothing at or above --fail-on
      1  audited; something at or above --fail-on
      2  wrong use: an option, a configuration or a check file that cannot be understood
      3  not complete: a path that does not exist, an unreadable file or record, a broken check, nothing to read
    """


@with_deep_stack
def main() -> None:
    """Run the command; a console that cannot print a character gets its code instead."""
    calm_the_collector()  # from the beginning: the imports make more objects than the audit of a record
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    cli.main(prog_name="trial-audit")

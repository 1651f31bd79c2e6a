"""Options and outputs -> records audited and written as they come, with progress and notes; the exit code."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli.options import print_text, settings
from audit.cli.progress import Progress
from audit.errors import AuditError
from audit.model.check import Severity
from audit.model.result import Audit, Run, Verdict
from audit.whole import whole

if TYPE_CHECKING:
    from audit.batch import Batch, Work
    from audit.reports.streams import Stream
    from audit.reports.totals import Totals
    from audit.reports.words import Words

_BINARY = ("xlsx", "parquet")
_STREAMED = ("text", "json", "jsonl", "csv", "xlsx", "parquet")
NO_STORE = f"--store goes with the formats {', '.join(_STREAMED)}, without waivers and baseline, which look at a run as a whole"
_NAMED = 5
"""So many numbers that come again are named."""
INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


def write(
    paths: Sequence[str],
    outputs: Sequence[tuple[str, Path | None]],
    options: dict[str, Any],
    lang: str,
    fail_on: str,
    no_color: bool,
) -> int:
    """Audit *paths*, write each format to its file (None for standard output), and return the exit code."""
    from audit.batch import Batch, Telling
    from audit.reports.totals import Totals
    from audit.reports.words import Words

    words, totals = Words.of(lang), Totals()
    work = work_of(options, Telling(lang, any(form == "text" for form, _ in outputs)))
    batch = Batch(work, options["jobs"], options.get("store"))
    following = followed(batch, paths, options, to_terminal=any(file is None for _, file in outputs))
    with following as results, ExitStack() as stack:
        streams = [_opened(stack, form, file, batch.run, words, no_color) for form, file in outputs]
        for told in results:
            totals.add(told)
            for stream in streams:
                stream.add(told)
        for stream in streams:
            stream.end(batch.run, totals)
    if not options["quiet"]:
        notes(batch, totals)
    return exit_code(batch.run, totals, fail_on)


def gated(options: dict[str, Any]) -> bool:
    """Return whether waivers or a baseline have a say: they look at a run as a whole."""
    return bool(options.get("baseline") or ("configuration" in options and options["configuration"].waivers))


def streamed(outputs: Sequence[tuple[str, Path | None]], options: dict[str, Any]) -> bool:
    """Return whether all of *outputs* can be written as the records come."""
    return all(form in _STREAMED for form, _ in outputs) and not gated(options)


def work_of(options: dict[str, Any], make: Any) -> "Work[Any]":
    """Return what is to be done with each record; *make* makes of an audit what is wanted of it."""
    from audit.batch import Work

    steps: tuple[Callable[[Audit], Audit], ...] = ()
    if options.get("redact_contacts"):
        from audit.reports.redact import redacted

        steps = (redacted,)
    return Work(settings(options), make, steps, quick=True)


@contextmanager
def followed(
    batch: "Batch[Any]", paths: Sequence[str], options: dict[str, Any], to_terminal: bool, go_on: str = ""
) -> Iterator[Iterator[Any]]:
    """Give the results of *batch* with progress on standard error; *to_terminal* says whether they go to standard output.

    Ctrl-C ends the command with a word on how to go on: *go_on*, or what there is to say of the store.
    """
    shown = not options["quiet"] and not options["no_progress"] and not (to_terminal and sys.stdout.isatty())
    batch.tell = progress = Progress(sys.stderr.isatty()) if shown else None
    batch.tell_before = progress.before if progress else None
    if batch.store:
        go_on = "what is done is kept in the store: the same command goes on from there"
    with interruptible(go_on or "the output is not complete"):
        try:
            with closing(batch.results(paths)) as results:
                yield results
        finally:
            if progress:
                progress.close()


@contextmanager
def interruptible(go_on: str) -> Iterator[None]:
    """Let Ctrl-C end the command with its exit code and the words *go_on*."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"trial-audit: interrupted; {go_on}", err=True)
        raise SystemExit(INTERRUPTED) from None


def _opened(stack: ExitStack, form: str, file: Path | None, run: Run, words: "Words", no_color: bool) -> "Stream":
    from audit.reports.streams import STREAMS, Text

    if form == "text":
        return Text(partial(print_text, no_color=no_color) if file is None else _plain(stack, file))
    if file is not None:
        return STREAMS[form](stack.enter_context(whole(file)), run, words)
    if form in _BINARY and sys.stdout.isatty():
        raise AuditError("this format is no text for a terminal: give --output FILE")
    stack.callback(sys.stdout.buffer.flush)
    return STREAMS[form](sys.stdout.buffer, run, words)


def _plain(stack: ExitStack, file: Path) -> Callable[[str], None]:
    out = stack.enter_context(whole(file))

    def write(text: str) -> None:
        out.write(click.unstyle(text).encode())

    return write


def notes(batch: "Batch[Any]", totals: "Totals | None" = None) -> None:
    """Tell on standard error what a run has passed over, left out or found twice."""
    said = []
    if batch.reading.passed_over:
        said.append(f"Passed over, no registration record: {', '.join(batch.reading.passed_over)}")
    if batch.left_out:
        said.append(f"Left out by --where: {batch.left_out:,} records.")
    if batch.kept:
        said.append(f"Unchanged since an earlier run, taken from the store: {batch.kept:,} records.")
    if totals is not None and totals.again:
        named = ", ".join(f"{name} ({count + 1} times)" for name, count in sorted(totals.again.items())[:_NAMED])
        more = f" and {len(totals.again) - _NAMED:,} more" if len(totals.again) > _NAMED else ""
        said.append(f"Warning: numbers that stand more than once, each record audited: {named}{more}")
    for one in said:
        click.echo(one, err=True)


def exit_code(run: Run, totals: "Totals", fail_on: str) -> int:
    """Return the exit code of interfaces.md; 3 wins over 1."""
    if run.unreadable or totals.verdicts[Verdict.BROKEN]:
        return 3
    worst = totals.worst
    return int(fail_on != "never" and worst is not None and worst <= Severity(fail_on).rank)

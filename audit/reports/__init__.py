"""Audits -> documents and tables."""

from collections.abc import Callable
from functools import partial

from audit.model.result import Run
from audit.reports import ci, console, json_, junit, sarif, streams
from audit.reports.words import Words


def _text(form: str, run: Run, words: Words) -> str:
    return streams.render(form, run, words).decode()


RENDERERS: dict[str, Callable[[Run, Words], str | bytes]] = {
    "text": console.render,
    "json": json_.render,
    "jsonl": partial(_text, "jsonl"),
    "csv": partial(_text, "csv"),
    "xlsx": partial(streams.render, "xlsx"),
    "parquet": partial(streams.render, "parquet"),
    "sarif": sarif.render,
    "junit": junit.render,
    "github": ci.render_github,
    "gitlab": ci.render_gitlab,
}
"""The formats of ``trial-audit check``, of a run that is at hand as a whole; `audit.reports.streams` writes them record by record."""

"""Audits -> documents and tables."""

from collections.abc import Callable

from audit.model.result import Run
from audit.reports import ci, console, json_, junit, sarif, tables
from audit.reports.words import Words

RENDERERS: dict[str, Callable[[Run, Words], str | bytes]] = {
    "text": console.render,
    "json": json_.render,
    "jsonl": json_.render_lines,
    "csv": tables.render_csv,
    "xlsx": tables.render_xlsx,
    "parquet": tables.render_parquet,
    "sarif": sarif.render,
    "junit": junit.render,
    "github": ci.render_github,
    "gitlab": ci.render_gitlab,
}
"""The formats of ``trial-audit check``."""

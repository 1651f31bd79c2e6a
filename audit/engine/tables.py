"""A table of the catalogue (``checks/tables``) -> its lines without comments, read once."""

from functools import cache

from audit.folders import folder


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of the table *name*; those that begin with ``#`` are comments."""
    text = (folder("checks") / "tables" / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))

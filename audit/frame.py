"""Paths -> the table of cells that the catalogue as a Great Expectations suite is run on, by people who run it themselves."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from audit.pipeline import Reading, Settings, prepare, read_paths

if TYPE_CHECKING:
    import pandas as pd


def frame(paths: Iterable[str], settings: Settings | None = None) -> "pd.DataFrame":
    """Return a frame with a row for each record under *paths* and a column for each field and fact that the checks ask for.

    Its index is the number of the record, ``attrs["records"]`` has their registration numbers and files, and
    ``attrs["unreadable"]`` what could not be read.
    """
    from audit.engine.expectations import frame as made

    settings = settings or Settings()
    _, engine = prepare(settings)
    reading, rows, records = Reading(), [], []
    for registration in read_paths(paths, settings, reading):
        rows.append(engine.cells(registration, settings.as_of))
        records.append((registration.trial_id.text, registration.source.path, registration.registry))
    table = made(engine.names, rows, [registry for _, _, registry in records])
    table.attrs["records"] = [(number, path) for number, path, _ in records]
    table.attrs["unreadable"] = reading.unreadable
    return table

"""A Spark DataFrame of raw records -> a DataFrame of findings, or of cells for Great Expectations, made on every worker.

Spark is no dependency: ``pip install trial-audit[spark]`` brings it along. Every worker needs trial-audit installed.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from audit.batch import CHUNK, Telling, Work, Workshop
from audit.engine.examine import Engine
from audit.engine.packing import packed
from audit.engine.table import DirectRoute
from audit.errors import UnreadableError
from audit.pipeline import Settings, choose, roots
from audit.readers import READERS, raw_records, read_raw
from audit.readers.opened import Opened
from audit.readers.raw import Raw
from audit.reports.streams import quotes
from audit.reports.tables import COLUMNS, kind
from audit.reports.told import Told
from audit.reports.words import Words

_KINDS = {"VARCHAR": "string", "BIGINT": "bigint", "DATE": "date"}
SCHEMA = ", ".join(f"`{name}` {_KINDS[kind(name)]}" for name in COLUMNS) + ", `error` string"
"""The columns of the result: those of the table of findings (docs/codebook.md), and ``error`` for what could not be read."""


def audit(df: Any, settings: Settings | None = None, language: str = "en") -> Any:
    """Return the findings of the records in *df*, a row for each quote, and a row with ``error`` for what cannot be read.

    *df* has the columns ``id`` (it stands in ``path``), ``text`` (string) or ``payload`` (binary): a file's content, with one
    record or many; and where the format is not to be guessed ``reader``. A row is read whole, so give one record or few.
    """

    def examined(frames: Iterable[Any]) -> Iterator[Any]:
        for frame in frames:
            for start in range(0, len(frame), CHUNK):
                yield _frame(findings(frame[start : start + CHUNK].to_dict("records"), settings or Settings(), language))

    return _chosen(df).mapInPandas(examined, SCHEMA)


def frame(df: Any, settings: Settings | None = None) -> Any:
    """Return the table that the catalogue as a Great Expectations suite is run on (`audit.frame.frame` makes the same of files).

    *df* is as in `audit`. A record has a row with ``record`` (its id, and which record of it), ``registry`` and ``cells``, as
    bytes; what cannot be read has a row with ``error``, which the suite passes over.
    """
    from pyspark.sql.types import BinaryType, StringType, StructField, StructType

    settings = settings or Settings()
    kinds = {"record": StringType(), "registry": StringType(), "cells": BinaryType(), "error": StringType()}
    names = {"cells": {"names": _engine(settings).names}}
    schema = StructType([StructField(name, kind, True, names.get(name)) for name, kind in kinds.items()])

    def read(frames: Iterable[Any]) -> Iterator[Any]:
        import pandas as pd

        for given in frames:
            rows = [row for one in given.to_dict("records") for row in cells(one, settings)]
            yield pd.DataFrame(rows, columns=list(kinds), dtype=object)

    return _chosen(df).mapInPandas(read, schema)


def cells(row: dict[str, Any], settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield the rows of `frame` for one row of raw records."""
    for raw in _raws(row):
        for one in read_raw(raw) if isinstance(raw, Raw) else (raw,):
            if isinstance(one, UnreadableError):
                yield {"record": str(row["id"]), "error": str(one)}
            elif settings.means(one):
                made = packed(_engine(settings).cells(one, settings.as_of))
                yield {"record": f"{row['id']} {one.number}", "registry": one.registry, "cells": made}


def _chosen(df: Any) -> Any:
    """Return the columns of *df* that are read; raises ValueError where one is missing."""
    from pyspark.sql import functions

    names = set(df.columns)
    if "id" not in names or not names & {"text", "payload"}:
        raise ValueError(f"a column id and a column text or payload are needed; there are {', '.join(df.columns)}")
    return df.select(*(functions.col(name) for name in ("id", "text", "payload", "reader") if name in names))


def findings(rows: Iterable[dict[str, Any]], settings: Settings, language: str = "en") -> Iterator[dict[str, Any]]:
    """Yield the findings of *rows* (``id``, ``text`` or ``payload``, ``reader``), by the names of the columns of `SCHEMA`."""
    workshop = _workshop(settings, language)
    raws: list[Raw] = []
    for row in rows:
        for one in _raws(row):
            if isinstance(one, Raw):
                raws.append(one)
            else:
                yield _error(str(row["id"]), one)
    for raw, outcomes in zip(raws, workshop.examine(raws), strict=True):
        for told in outcomes:
            if isinstance(told, Told):
                yield from (dict(zip(COLUMNS, row, strict=True)) for row in quotes(told, workshop.run, Words.of(language)))
            elif isinstance(told, UnreadableError):
                yield _error(raw.origin.shown, told)


def _raws(row: dict[str, Any]) -> Iterator[Raw | UnreadableError]:
    """Yield the raw records of a row, and why there is none."""
    reader = _said(row, "reader") or None
    if reader is not None and reader not in READERS:
        yield UnreadableError(f"there is no reader {reader}; there are {', '.join(READERS)}")
        return
    payload = row.get("payload")
    data = bytes(payload) if isinstance(payload, bytes | bytearray) else _said(row, "text").encode()
    yield from raw_records(Opened.of_bytes(data, str(row["id"])), reader)


def _said(row: dict[str, Any], name: str) -> str:
    """Return a text of a row, empty where there is none: pandas has None or NaN for that."""
    said = row.get(name)
    return said if isinstance(said, str) else ""


def _error(path: str, error: UnreadableError) -> dict[str, Any]:
    return {"path": path, "number": error.record, "line": error.line, "error": str(error)}


_workshops: dict[str, Workshop[Told]] = {}


def _workshop(settings: Settings, language: str) -> Workshop[Told]:
    """Return the catalogue ready, made once in each process of a worker."""
    key = repr((settings, language))
    if key not in _workshops:
        _workshops[key] = Workshop(Work(settings, Telling(language)))
    return _workshops[key]


_engines: dict[str, Engine] = {}


def _engine(settings: Settings) -> Engine:
    """Return the catalogue ready to find out the cells, which needs no Great Expectations, made once in each process."""
    key = repr(settings)
    if key not in _engines:
        catalogue, checks = choose(settings)
        _engines[key] = Engine(catalogue, checks, roots(settings), DirectRoute(checks))
    return _engines[key]


def _frame(rows: Iterable[dict[str, Any]]) -> Any:
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=[*COLUMNS, "error"], dtype=object)
    frame["as_of"] = [date.fromisoformat(day) if isinstance(day, str) else None for day in frame["as_of"]]
    for name in COLUMNS:
        if kind(name) == "BIGINT":
            frame[name] = frame[name].astype("Int64")
    return frame

"""Findings of a Spark DataFrame are those of the command; without Spark the function that every worker runs is tested alone."""

import os
import shutil
import sys

import pytest
from batches import rows, write
from conftest import AS_OF, SAMPLES
from test_batch import run

from audit.pipeline import Settings
from audit.reports.tables import COLUMNS
from audit.spark import findings

SETTINGS = Settings(as_of=AS_OF, checks=("DT", "ST", "SS"))


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Rows of raw records, one of them none: (id, payload, reader)."""
    folder = tmp_path_factory.mktemp("spark")
    names, *cells = rows(8)
    files = [write(folder / f"{number}.csv", [names, row]) for number, row in enumerate(cells)]
    made = [(path.as_posix(), path.read_bytes(), "ictrp") for path in files]
    made += [(path.as_posix(), path.read_bytes(), None) for path in SAMPLES[5:8]]
    return [*made, ("prose.txt", b"A letter about nothing.\n" * 30, None)]


@pytest.fixture(scope="module")
def wanted(raw):
    import csv
    import io

    files = [name for name, _, _ in raw[:-1]]
    out = run("check", *files, "--format", "csv", "--as-of", "2026-06-11", "--checks", "DT,ST,SS")[1]
    return [key(row) for row in csv.DictReader(io.StringIO(out, newline=""))]


def key(row):
    return tuple(str(row[name] if row[name] is not None else "") for name in COLUMNS if name not in ("quote", "message", "title"))


def test_the_function_of_a_worker_finds_what_the_command_finds(raw, wanted):
    made = list(findings([dict(zip(("id", "payload", "reader"), row, strict=True)) for row in raw], SETTINGS))

    assert [key(row) for row in made if "error" not in row] == wanted
    assert [(row["path"], "no registration record" in row["error"]) for row in made if "error" in row] == [("prose.txt", True)]


@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java")
def test_spark_finds_what_the_command_finds(raw, wanted, monkeypatch):
    sql = pytest.importorskip("pyspark.sql", reason="pip install trial-audit[spark]")
    pytest.importorskip("pyarrow", reason="pip install trial-audit[spark]")
    monkeypatch.undo()  # Spark speaks to its own workers through sockets
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    from audit.spark import audit

    spark = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        df = spark.createDataFrame(raw, "id string, payload binary, reader string").repartition(2)
        made = [row.asDict() for row in audit(df, SETTINGS).collect()]
    finally:
        spark.stop()

    assert sorted(key(row) for row in made if row["error"] is None) == sorted(wanted)
    assert [row["path"] for row in made if row["error"] is not None] == ["prose.txt"]
    with pytest.raises(ValueError, match="a column id"):
        audit(type("Frame", (), {"columns": ["text"]}), SETTINGS)

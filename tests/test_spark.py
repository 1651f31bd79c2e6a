"""Findings of a Spark DataFrame are those of the command; without Spark the function that every worker runs is tested alone."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from batches import EXPORT, ROOT, rows, write
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
    files = [name for name, _, _ in raw[:-1]]
    out = run("check", *files, "--format", "csv", "--as-of", "2026-06-11", "--checks", "DT,ST,SS")[1]
    return [key(row) for row in csv.DictReader(io.StringIO(out, newline=""))]


def key(row):
    return tuple(str(row[name] if row[name] is not None else "") for name in COLUMNS if name not in ("quote", "message", "title"))


def test_the_function_of_a_worker_finds_what_the_command_finds(raw, wanted):
    made = list(findings([dict(zip(("id", "payload", "reader"), row, strict=True)) for row in raw], SETTINGS))

    assert [key(row) for row in made if "error" not in row] == wanted
    assert [(row["path"], "no registration record" in row["error"]) for row in made if "error" in row] == [("prose.txt", True)]


@pytest.fixture(scope="module")
def spark():
    """Local Spark with two workers."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    pytest.importorskip("pyarrow", reason="pip install trial-audit[spark]")
    sql = pytest.importorskip("pyspark.sql", reason="pip install trial-audit[spark]")
    before = {name: os.environ.get(name) for name in ("PYSPARK_PYTHON", "PYTHONPATH")}
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *(path for path in sys.path if path)])
    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture
def network(monkeypatch):
    """Spark speaks to its own workers through sockets."""
    monkeypatch.undo()


@pytest.mark.usefixtures("network")
def test_spark_finds_what_the_command_finds(spark, raw, wanted):
    from audit.spark import audit, frame

    df = spark.createDataFrame(raw, "id string, payload binary, reader string").repartition(2)

    made = [row.asDict() for row in audit(df, SETTINGS).collect()]
    assert sorted(key(row) for row in made if row["error"] is None) == sorted(wanted)
    assert [row["path"] for row in made if row["error"] is not None] == ["prose.txt"]

    table = [row.asDict() for row in frame(df, SETTINGS).collect()]
    assert sorted(row["record"] for row in table if row["cells"] is not None) == sorted(f"{name} 1" for name, _, _ in raw[:-1])
    assert [row["record"] for row in table if row["error"] is not None] == ["prose.txt"]


@pytest.mark.long
@pytest.mark.usefixtures("network")
def test_spark_finds_in_many_records_what_the_command_finds(spark, tmp_path):
    """The whole catalogue; the files are read by the workers."""
    from audit.spark import audit

    names, *cells = rows(200)
    for number in range(20):
        write(tmp_path / f"{number:02}.csv", [names, *cells[number::20]])
    files = spark.read.format("binaryFile").load(str(tmp_path)).selectExpr("substr(path, 6) AS id", "content AS payload")

    made = [row.asDict() for row in audit(files.repartition(4), Settings(as_of=AS_OF)).collect()]

    out = run("check", str(tmp_path), "--format", "csv", "--as-of", "2026-06-11", "--alone")[1]  # as each worker does
    assert {row["error"] for row in made} == {None}
    assert sorted(map(key, made)) == sorted(key(row) for row in csv.DictReader(io.StringIO(out, newline="")))


@pytest.mark.long
@pytest.mark.usefixtures("network")
def test_the_documented_checkpoint_on_spark_finds_what_the_command_finds(spark, tmp_path):
    example = re.findall(r"```python\n(import json\n.*?)```", (ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), re.S)[1]
    (tmp_path / "trial-audit-suite.json").write_text(run("suite")[1], encoding="utf-8")
    (tmp_path / "registrations").mkdir()
    shutil.copy(EXPORT, tmp_path / "registrations")
    (tmp_path / "registrations" / "prose.txt").write_text("A letter about nothing.\n" * 30, encoding="utf-8")
    (tmp_path / "example.py").write_text(example, encoding="utf-8")

    said = subprocess.run([sys.executable, "example.py"], capture_output=True, text=True, cwd=tmp_path, env={**os.environ})

    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout.splitlines()[-1])
    place = f"file:{tmp_path}/registrations/export.csv"
    wanted = {}
    for one in map(
        json.loads,
        run("check", str(EXPORT), "--format", "jsonl", "--as-of", "2026-06-11", "--min-confidence", "low")[1].splitlines(),
    ):
        for code, verdict in one["verdicts"].items():
            if verdict["verdict"] == "finding":
                wanted.setdefault(code, []).append(f"{place} {one['source']['record']}")
    assert told["found"] == wanted
    assert len(told["unread"]) == 1
    assert "no registration record" in told["unread"][0]


def test_a_table_without_id_is_told(monkeypatch):
    pytest.importorskip("pyspark.sql", reason="pip install trial-audit[spark]")
    from audit.spark import audit

    with pytest.raises(ValueError, match="a column id"):
        audit(type("Frame", (), {"columns": ["text"]}), SETTINGS)


def test_cells_of_a_table_make_nothing_but_cells():
    import pickle

    from audit.engine.packing import packed, unpacked
    from audit.model.dates import PartialDate
    from audit.model.result import Reason

    cells = [1, 0.5, "text", True, ("a", "b"), PartialDate.of(2020, 4), Reason("empty", "title")]
    assert unpacked(packed(cells)) == cells
    with pytest.raises(ValueError, match="system is no cell"):
        unpacked(pickle.dumps(os.system))

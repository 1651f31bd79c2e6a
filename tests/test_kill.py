"""A run that is killed at any moment and gone on with ends with the bytes of one that was not disturbed, and leaves no process behind."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from batches import ROOT, export

RECORDS, CHUNK = 400, 20
START = f"import audit.batch as b; b.CHUNK = {CHUNK}; b._FEW = {CHUNK}; from audit.cli import cli; cli()"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")


def started(source, out, store, jobs):
    command = [sys.executable, "-c", START, "check", source, "--format", "jsonl", "--output", out, "--store", store]
    command += ["--jobs", str(jobs), "--checks", "DT,ST", "--as-of", "2026-06-11", "--fail-on", "never", "--quiet"]
    return subprocess.Popen([str(part) for part in command], cwd=ROOT, start_new_session=True)


def killed(process, after):
    """Kill the process itself after a time; return whether it was still there, and wait for those that it started."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    alive = process.poll() is None
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return alive
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError("a process was left behind")


def kept(store):
    import sqlite3

    with suppress(sqlite3.OperationalError), sqlite3.connect(store) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return database.execute("SELECT count(*), count(DISTINCT key) FROM results").fetchone()
    return 0, 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    source = export(folder / "export.csv", RECORDS)
    began = time.monotonic()
    assert started(source, folder / "out.jsonl", folder / "store.db", 1).wait() == 0
    return source, (folder / "out.jsonl").read_bytes(), time.monotonic() - began


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.long)])
def test_a_killed_run_goes_on(rounds, undisturbed, tmp_path):
    source, wanted, seconds = undisturbed
    chance, out, store = random.Random(rounds), tmp_path / "out.jsonl", tmp_path / "store.db"
    kills = before = 0
    for number in range(rounds):
        alive = killed(started(source, out, store, 1 + number % 2), chance.uniform(0.3, 1.1) * seconds)
        kills += alive
        count, distinct = kept(store)
        assert before <= count == distinct <= RECORDS
        before = count
        if not alive or number % 5 == 4:  # it was done: begin again
            assert out.read_bytes() == wanted if not alive else not out.exists()
            out.unlink(missing_ok=True)
            for file in tmp_path.glob("store.db*"):
                file.unlink()
            before = 0

    assert started(source, out, store, 2).wait() == 0

    assert kills
    assert out.read_bytes() == wanted
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("store.db-")) == ["out.jsonl", "store.db"]
    assert kept(store) == (RECORDS, RECORDS)

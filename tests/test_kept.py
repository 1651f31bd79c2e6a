"""Reports gone on with: what is there for the same record, result and settings stays; all else is drawn; the end is as if never disturbed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from batches import EXPORT, ROOT, rows, write
from click.testing import CliRunner
from conftest import SAMPLES

import audit.reports.html
import audit.reports.kept
from audit.cli import cli
from audit.reports.kept import LIST

SETTINGS = ("--as-of", "2026-06-11", "--checks", "DT,PL")
FEW = [path for path in SAMPLES if path.stem in ("dates_mixed_up", "group_sizes", "split_mouth", SAMPLES[0].stem)]
SLOW = """
import sys, time
import audit.cli.report, audit.reports.documents, audit.reports.kept
from audit.cli import cli
audit.reports.kept._FEW = 3
sys.modules["audit.cli.report"]._PAGES, save = 4, audit.reports.documents._save
audit.reports.documents._save = lambda *given: (time.sleep(0.05), save(*given))
cli()
"""


@pytest.fixture(autouse=True)
def _list_of_few(monkeypatch):
    monkeypatch.setattr(audit.reports.kept, "_FEW", 0)


def test_few_documents_have_no_list_beside_them(source, tmp_path, monkeypatch):
    monkeypatch.setattr(audit.reports.kept, "_FEW", 20)

    report(source, tmp_path / "out")
    report(EXPORT, tmp_path / "out")

    assert len(list((tmp_path / "out").iterdir())) > 6
    assert not (tmp_path / "out" / LIST).exists()


@pytest.fixture
def drawn(monkeypatch):
    """The numbers of the records whose reports were drawn in this process, as they are drawn."""
    seen = []
    plain = audit.reports.html.render

    def counted(one, *more):
        seen.append(one.registration.trial_id.text)
        return plain(one, *more)

    monkeypatch.setattr(audit.reports.html, "render", counted)
    return seen


@pytest.fixture
def source(tmp_path):
    """A folder of four records."""
    folder = tmp_path / "records"
    folder.mkdir()
    for path in FEW:
        shutil.copy(path, folder)
    return folder


def report(source, out, *more, settings=SETTINGS):
    given = [source] if not isinstance(source, list) else source
    arguments = ["report", *given, "--out", out, "--format", "html,csv", "--jobs", "1", *settings, *more]
    result = CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stderr


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LIST}


def test_what_is_there_is_not_drawn_again_and_the_user_is_told(source, tmp_path, drawn):
    out = tmp_path / "out"
    report(source, out)
    first, times = content(out), {path.name: path.stat().st_mtime_ns for path in out.glob("IRCT*")}
    assert len(drawn) == len(times) == 4
    drawn.clear()

    said = report(source, out)

    assert drawn == []
    assert content(out) == first
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("IRCT*")} == times
    assert "not drawn again: the documents of 4 records" in said
    assert "not drawn again" not in report(source, out, "--quiet")


def remove(out):
    min(out.glob("IRCT*.html")).unlink()


def shorten(out):
    page = min(out.glob("IRCT*.html"))
    page.write_bytes(page.read_bytes()[:-100])


def forget(out):
    names = (out / LIST).read_bytes().splitlines(keepends=True)
    (out / LIST).write_bytes(b"".join(names[1:])[:-30] + b"\n{}\n[1]\nnothing\n" + names[1])


@pytest.mark.parametrize("damage", [remove, shorten, forget])
def test_what_is_not_as_it_was_written_is_drawn(damage, source, tmp_path, drawn):
    out = tmp_path / "out"
    report(source, out)
    first = content(out)
    damage(out)
    drawn.clear()

    report(source, out)

    assert 1 <= len(drawn) <= 2
    assert content(out) == first
    drawn.clear()
    report(source, out)
    assert drawn == []


def test_a_record_that_has_changed_is_drawn(source, tmp_path, drawn):
    out = tmp_path / "out"
    report(source, out)
    record = source / FEW[1].name
    record.write_bytes(record.read_bytes().replace(b"\n", b" \n", 1))
    drawn.clear()

    report(source, out)

    assert len(drawn) == 1
    drawn.clear()
    report(source, tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")


@pytest.mark.parametrize(
    "options",
    [("--as-of", "2020-01-01"), ("--lang", "fa"), ("--lang", "en,fa"), ("--redact-contacts",), ("--no-appendix",), ("--skip", "DT01"), ("--document", "record,letter")],
)  # fmt: skip
def test_other_settings_are_other_documents(options, source, tmp_path, drawn):
    out = tmp_path / "out"
    report(source, out)
    drawn.clear()

    report(source, out, *options)

    assert len(drawn) == 4
    report(source, tmp_path / "fresh", *options)
    fresh = content(tmp_path / "fresh")
    assert {name: made for name, made in content(out).items() if not name.endswith(".docx")} == {
        name: made for name, made in fresh.items() if not name.endswith(".docx")
    }


def test_other_templates_and_another_day_of_making_are_other_documents(source, tmp_path, drawn, monkeypatch):
    out, templates = tmp_path / "out", tmp_path / "templates"
    templates.mkdir()
    report(source, out, "--templates", templates)
    for change in (
        lambda: (templates / "house.css").write_text(":root { --accent: #123456 }", encoding="utf-8"),
        lambda: monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000"),
    ):
        change()
        drawn.clear()
        report(source, out, "--templates", templates)
        assert len(drawn) == 4


def test_a_number_that_comes_again_keeps_its_documents_apart(source, tmp_path, drawn):
    out = tmp_path / "out"
    again = source / "z-again.txt"
    shutil.copy(FEW[0], again)
    report(source, out)
    first = content(out)
    drawn.clear()

    report(source, out)
    assert (drawn, content(out)) == ([], first)
    shutil.copy(again, source / "0-before.txt")  # now each of them has another name
    report(source, out)

    report(source, tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")
    assert len(list(out.glob("IRCT*.html"))) == 6


def test_names_with_a_count_never_meet(tmp_path):
    at = rows(3)[0].index("TrialID")
    table = rows(3)
    for row, name in zip(table[1:], ("A1", "A1-2", "A1"), strict=True):
        row[at] = name
    out = tmp_path / "out"

    report(write(tmp_path / "export.csv", table), out)

    assert sorted(path.name for path in out.glob("A1*")) == ["A1-2.html", "A1-3.html", "A1.html"]


def test_with_waivers_what_is_there_stays_too_until_a_waiver_changes(source, tmp_path, drawn):
    out, baseline = tmp_path / "out", tmp_path / "baseline.json"
    made = CliRunner().invoke(
        cli, ["baseline", "update", str(source), "--baseline", str(baseline), *SETTINGS[:2]], catch_exceptions=False
    )
    assert made.exit_code == 0, made.output
    report(source, out, "--baseline", baseline, settings=SETTINGS[:2])
    drawn.clear()

    assert "not drawn again: the documents of 4 records" in report(source, out, "--baseline", baseline, settings=SETTINGS[:2])
    assert drawn == []
    report(source, out, settings=SETTINGS[:2])
    assert drawn


def test_documents_of_another_run_in_the_same_folder_stay_known(source, tmp_path, drawn):
    out = tmp_path / "out"
    report(source, out)
    report(EXPORT, out)
    drawn.clear()

    report(source, out)

    assert drawn == []


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process, and no kill -9")
@pytest.mark.parametrize(
    ("jobs", "end"),
    [
        ("2", "SIGINT"),
        ("1", "SIGKILL"),
        pytest.param("1", "SIGINT", marks=pytest.mark.long),
        pytest.param("2", "SIGKILL", marks=pytest.mark.long),
    ],
)
def test_a_run_that_is_ended_goes_on(jobs, end, tmp_path):
    source, out = tmp_path / "export.csv", tmp_path / "out"
    write(source, rows(60))
    command = ["report", str(source), "--out", str(out), "--format", "html,csv", "--jobs", jobs, *SETTINGS]
    start = [sys.executable, str(tmp_path / "slow.py"), *command]
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    process = subprocess.Popen(start, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 120
    while len(list(out.glob("IRCT*.html"))) < random.Random(jobs).randint(5, 20) and time.monotonic() < until:
        time.sleep(0.01)

    if end == "SIGINT":
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to all processes
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err.decode()
        assert b"interrupted; the documents that are written stay: the same command goes on from there" in err
        assert b"Traceback" not in err
        assert not list(out.glob(".*.part"))
    else:
        process.kill()
        process.communicate(timeout=60)
    there = len(list(out.glob("IRCT*.html")))
    assert 5 <= there < 60
    assert not (out / "index.html").exists()

    said = CliRunner().invoke(cli, command, catch_exceptions=False).stderr

    kept = int(said.partition("not drawn again: the documents of ")[2].partition(" ")[0])
    assert there - 1 <= kept <= there
    fresh = tmp_path / "fresh"
    report(source, fresh)
    assert {name: made for name, made in content(out).items() if not name.startswith(".")} == content(fresh)


@pytest.mark.long
def test_memory_does_not_grow_with_the_pdfs(tmp_path):
    resource = pytest.importorskip("resource")
    pytest.importorskip("weasyprint", exc_type=OSError)
    assert resource
    source, script = write(tmp_path / "export.csv", rows(60)), tmp_path / "run.py"
    script.write_text(
        "import resource, sys; from audit.cli import cli\ntry: cli()\n"
        "except SystemExit: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)",
        encoding="utf-8",
    )
    peaks = []
    for count in (15, 60):
        write(source, rows(count))
        command = [sys.executable, script, "report", source, "--out", tmp_path / str(count), "--format", "pdf", "--jobs", "1"]
        said = subprocess.run(
            [str(part) for part in (*command, *SETTINGS)],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        peaks.append(int(said.stdout.split()[-1]))

    assert peaks[1] - peaks[0] < 100

"""Batches: the same bytes by one process and by two, from the store and anew; what is told of bad input and of numbers that come again."""

import dataclasses
import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile

import pytest
from batches import EXPORT, ROOT, export, rows, write
from click.testing import CliRunner
from conftest import AS_OF as DAY
from conftest import SAMPLES

import audit.batch
from audit.batch import Batch, Telling, Work
from audit.cli import cli
from audit.errors import AuditError
from audit.model.registration import Registration
from audit.model.result import Run
from audit.pipeline import Settings
from audit.readers import read_path
from audit.reports import RENDERERS
from audit.reports.streams import STREAMS
from audit.reports.totals import Totals
from audit.reports.words import Words
from audit.store import Store
from audit.where import Where, about

AS_OF = ("--as-of", "2026-06-11")
FEW_CHECKS = ("--checks", "DT,ST,SS")
STUDIES = ROOT / "sample_records" / "ctgov" / "studies.json"
PORTAL = ROOT / "sample_records" / "ictrp" / "portal.xml"
TABLETS = ROOT / "sample_records" / "irct-xml" / "tablets.xml"
KINDS = [EXPORT, STUDIES, PORTAL, TABLETS, SAMPLES[0]]


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, [str(one) for one in arguments], input=stdin, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def check(*arguments, form="jsonl", **options):
    return run("check", *arguments, "--format", form, *AS_OF, *FEW_CHECKS, **options)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(audit.batch, "CHUNK", 7)
    monkeypatch.setattr(audit.batch, "_FEW", 7)


@pytest.fixture
def examined(monkeypatch):
    """The raw records that were examined in this process."""
    seen = []
    plain = audit.batch.Workshop.examine

    def counted(workshop, raws, others=()):
        seen.extend(raws)
        return plain(workshop, raws, others)

    monkeypatch.setattr(audit.batch.Workshop, "examine", counted)
    return seen


# Streams and processes


@pytest.fixture(scope="module")
def audits(engine):
    read = [
        one for path in (EXPORT, STUDIES, *SAMPLES[:6]) for one in read_path(path, path.name) if isinstance(one, Registration)
    ]
    return engine.examine(read, DAY)


@pytest.mark.parametrize("form", ["json", "text"])
def test_record_by_record_is_as_all_at_once(form, audits, catalogue):
    whole = Run(audits=audits, checks=catalogue.checks, catalogue_sha256=catalogue.sha256)
    out = io.BytesIO()
    words = Words.of("en")
    from audit.reports.streams import Text

    stream = STREAMS[form](out, whole, words) if form in STREAMS else Text(lambda text: out.write(text.encode()) and None)
    totals = Totals()
    for audit_ in audits:
        told = Telling("en", True)(audit_, whole)
        stream.add(told)
        totals.add(told)
    stream.end(dataclasses.replace(whole, audits=[]), totals)

    assert RENDERERS[form](whole, words) == out.getvalue().decode()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_told_is_what_json_says(language, audits, catalogue):
    run = Run(checks=catalogue.checks, catalogue_sha256=catalogue.sha256)

    for told in (Telling(language)(audit_, run) for audit_ in audits):
        assert json.loads(json.dumps(told.record)) == told.record
        assert {*told.whole["verdicts"]} == {check.code for check in catalogue.checks}


def test_an_empty_document_has_an_empty_list(tmp_path):
    (tmp_path / "prose.txt").write_text("nothing\n" * 30, encoding="utf-8")

    code, out, _ = check(tmp_path / "prose.txt", form="json")

    assert (code, json.loads(out)["records"]) == (3, [])


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "text", "parquet", "xlsx"])
def test_two_processes_write_the_bytes_of_one(form, tmp_path, small_chunks, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    source = export(tmp_path / "export.csv", 40)
    given = [source, *KINDS, tmp_path / "no such file"]

    made = []
    for jobs in (1, 2):
        out = tmp_path / f"out{jobs}"
        assert check(*given, "--jobs", jobs, "--output", out, form=form)[0] == 3
        made.append(out.read_bytes())

    assert made[0] == made[1]
    assert made[0]


def test_many_records_are_shared_out_without_being_asked(tmp_path, small_chunks, examined, monkeypatch):
    monkeypatch.setattr(audit.batch, "_cores", lambda: 2)
    source = export(tmp_path / "export.csv", 30)

    _, out, _ = check(source)

    assert [f"IRCT20990101{number:06}N1" for number in range(30)] == [json.loads(line)["id"] for line in out.splitlines()]
    assert 7 <= len(examined) < 30


@pytest.mark.parametrize("form", ["csv", "html"])
def test_a_report_by_two_processes_is_the_report_of_one(form, tmp_path, small_chunks):
    folders = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        run("report", EXPORT, EXPORT, SAMPLES[0], "--out", out, "--format", f"html,{form}", "--jobs", jobs, *AS_OF, *FEW_CHECKS)
        folders.append({path.name: path.read_bytes() for path in out.iterdir()})

    assert folders[0] == folders[1]
    assert len(folders[0]) >= 9


def test_memory_does_not_grow_with_the_records(tmp_path, monkeypatch):
    monkeypatch.setattr(audit.batch, "CHUNK", 20)
    source = export(tmp_path / "export.csv", 480)
    work = Work(Settings(as_of=DAY, checks=("DT01", "ST02")), Telling())
    for _ in Batch(work, 1).results([str(source)]):  # what is kept of wordings is kept now
        pass
    held = []
    tracemalloc.start()
    for number, _ in enumerate(Batch(work, 1).results([str(source)])):
        if number % 120 == 110:
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()

    assert len(held) == 4
    assert held[3] - held[0] < 360 * 100  # bytes: far less than anything that is kept of a record would be


# The store


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "text"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_store_has_is_not_audited_again(form, jobs, tmp_path, small_chunks, examined):
    given = [export(tmp_path / "export.csv", 20), *KINDS]
    store = ("--store", tmp_path / "store.db")
    _, fresh, _ = check(*given, form=form)

    _, first, _ = check(*given, *store, "--jobs", jobs, form=form)
    examined.clear()
    _, second, err = check(*given, *store, "--jobs", jobs, form=form)

    assert fresh == first == second
    assert examined == []
    assert "taken from the store" in err


def changed_rows(table):
    table[5][table[0].index("Target size")] = "9999"
    return table, 1


def moved_rows(table):
    return [table[0], *table[:0:-1]], 0


def a_row_before_all(table):
    return [table[0], rows(1, seed=5)[1][:], *table[1:]], 1


def a_line_more_in_a_cell(table):
    at = table[0].index("Scientific title")
    table[2][at] += "\nand more"
    return table, 1


@pytest.mark.parametrize("change", [changed_rows, moved_rows, a_row_before_all, a_line_more_in_a_cell])
def test_only_what_has_changed_is_audited_and_all_stands_where_it_is(change, tmp_path, examined):
    table = rows(24)
    source, store = write(tmp_path / "export.csv", table), ("--store", tmp_path / "store.db")
    check(source, *store)
    table, new = change([list(row) for row in table])
    write(source, table)
    examined.clear()

    _, again, _ = check(source, *store)
    count = len(examined)
    _, fresh, _ = check(source)

    assert again == fresh
    assert count <= new + (change is a_row_before_all)


def test_studies_that_moved_stand_where_they_are(tmp_path, examined):
    studies = json.loads(STUDIES.read_text(encoding="utf-8"))
    listed = studies["studies"] if isinstance(studies, dict) else studies
    source, store = tmp_path / "studies.json", ("--store", tmp_path / "store.db")
    for order in (listed, listed[::-1]):
        source.write_text("\n".join(json.dumps(study) for study in order), encoding="utf-8")
        examined.clear()
        _, kept, _ = check(source, *store)
        count = len(examined)
        assert kept == check(source)[1]
    assert (count, len(listed) > 1) == (0, True)


@pytest.mark.parametrize(
    "options",
    [("--as-of", "2020-01-01"), ("--min-confidence", "high"), ("--skip", "DT01"), ("--lang", "fa"), ("--redact-contacts",)],
)
def test_other_settings_are_other_results(options, tmp_path, examined):
    store = ("--store", tmp_path / "store.db")
    run("check", EXPORT, "--format", "jsonl", *AS_OF, *FEW_CHECKS, *store)
    examined.clear()

    _, out, _ = run("check", EXPORT, "--format", "jsonl", *AS_OF, *FEW_CHECKS, *store, *options)

    assert examined
    assert run("check", EXPORT, "--format", "jsonl", *AS_OF, *FEW_CHECKS, *options)[1] == out


def test_where_chooses_among_what_is_kept(tmp_path, examined):
    store = ("--store", tmp_path / "store.db")
    check(EXPORT, *store)
    examined.clear()

    _, out, err = check(EXPORT, *store, "--where", "registry=IRCT")

    assert {json.loads(line)["registry"] for line in out.splitlines()} == {"IRCT"}
    assert examined == []
    assert "Left out by --where" in err


def test_what_was_decided_on_a_day_is_decided_anew_on_another(tmp_path):
    with_store = Store(tmp_path / "store.db")
    with_store.keep([(b"key", [(b"body", "2026-06-11")])])

    assert with_store.find(b"key", "2026-06-12") is None
    assert [with_store.read(row) for row in with_store.find(b"key", "2026-06-11")] == [b"body"]


def test_a_file_of_something_else_is_no_store(tmp_path):
    import sqlite3

    (tmp_path / "text").write_text("no database at all, but a text\n" * 100, encoding="utf-8")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (a)")

    for name in ("text", "other.db"):
        before = (tmp_path / name).read_bytes()
        code, _, err = check(EXPORT, "--store", tmp_path / name)
        assert code == 2
        assert "give --store another file" in err
        assert (tmp_path / name).read_bytes() == before


def test_a_damaged_store_is_told(tmp_path):
    store = Store(tmp_path / "store.db")
    check(EXPORT, "--store", tmp_path / "store.db")
    store._database.execute("UPDATE results SET body = x'00ff'")
    store.close()

    code, _, err = check(EXPORT, "--store", tmp_path / "store.db")

    assert (code, "the store is damaged" in err) == (2, True)


# Ctrl-C, progress, notes


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_cleanly_and_the_run_can_be_gone_on_with(jobs, tmp_path):
    source, out, store = export(tmp_path / "export.csv", 300), tmp_path / "out.jsonl", tmp_path / "store.db"
    start = "import audit.batch as b; b.CHUNK = 10; from audit.cli import cli; cli()"
    command = [sys.executable, "-c", start, "check", str(source), "--format", "jsonl", "--output", str(out), *AS_OF]
    command += ["--store", str(store), "--jobs", jobs, "--fail-on", "never"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    while not store.exists() or (process.poll() is None and not _kept(store)):
        time.sleep(0.05)

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to all processes
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130, err.decode()
    assert b"interrupted; what is done is kept in the store" in err
    assert b"Traceback" not in err
    assert not out.exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert 0 < _kept(store) < 600  # the signatures of all and the results of some
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))


def _kept(store):
    import sqlite3

    try:
        with sqlite3.connect(store, timeout=10) as database:
            return database.execute("SELECT count(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_lines_tell_how_far_a_run_has_come(tmp_path, small_chunks, monkeypatch):
    import audit.cli.progress

    monkeypatch.setattr(audit.cli.progress, "_EVERY", 0.0)
    source = export(tmp_path / "export.csv", 40)

    _, _, err = check(source, "--jobs", 1)
    quiet = [check(source, "--jobs", 1, option)[2] for option in ("--quiet", "--no-progress")]

    lines = [line for line in err.splitlines() if "records audited" in line]
    assert len(lines) >= 5
    assert "% read" in lines[0]
    assert "left" in lines[0]
    assert quiet == ["", ""]


def test_a_terminal_shows_a_bar(monkeypatch, capsys):
    import audit.cli.progress

    monkeypatch.setattr(audit.cli.progress, "_DELAY", 0.0)
    progress = audit.cli.progress.Progress(True)
    for done in (10, 20):
        progress(done, done, 40)
    progress.close()

    err = capsys.readouterr().err
    assert "50%" in err
    assert "20 records" in err


def test_numbers_that_come_again_are_told_and_each_is_audited(tmp_path):
    table = rows(6)
    table[3][table[0].index("TrialID")] = table[1][table[0].index("TrialID")]

    code, out, err = check(write(tmp_path / "export.csv", table))

    assert len(out.splitlines()) == 6
    assert "Warning: numbers that stand more than once, each record audited: IRCT20990101000000N1 (2 times)" in err
    assert code != 3


# --where


@pytest.mark.parametrize(
    ("text", "said", "kept"),
    [
        ("registry=IRCT", {"registry": "IRCT"}, True),
        ("registry=irct|chictr", {"registry": "ChiCTR"}, True),
        ("registry!=IRCT", {"registry": "IRCT"}, False),
        ("registered>=2020-01-01", {"registered": "2020-01-01"}, True),
        ("registered>=2020-01-02", {"registered": "2020-01"}, False),
        ("registered>=2020", {"registered": "2020-01"}, True),
        ("registered<2020", {"registered": "2019-12-31"}, True),
        ("registered<=2020", {"registered": "2020-12-31"}, True),
        ("registered>2020", {"registered": "2020-12-31"}, False),
        ("registered=2020-03", {"registered": "2020-03-09"}, True),
        ("registered=2020-03-09", {"registered": "2020-03"}, False),
        ("registered>=2020-01-01", {}, False),
        ("status=complete", {"status": "complete"}, True),
        ("status=unknown", {}, True),
        ("status!=complete", {}, True),
        ("registry=IRCT, started < 2021-05 ,status=recruiting|pending", {"registry": "IRCT", "started": "2021-04-30", "status": "pending"}, True),
        ("registry=IRCT,status=recruiting", {"registry": "IRCT", "status": "pending"}, False),
    ],
)  # fmt: skip
def test_where_means_what_it_says(text, said, kept):
    assert Where.of(text).keeps(said) is kept


@pytest.mark.parametrize(
    "text", ["", "registry", "registry>IRCT", "colour=red", "registered>=tomorrow", "registered>=2020-13", "status=finished", "registered!=2020", "registry=IRCT,,", "__import__('os')=1"]
)  # fmt: skip
def test_what_where_cannot_understand_is_wrong_use(text):
    with pytest.raises(AuditError, match="--where"):
        Where.of(text)
    assert run("check", EXPORT, "--where", text)[0] == 2


def test_every_status_of_the_vocabulary_can_be_asked_for():
    from audit.readers.coding import _WORDINGS
    from audit.where import STATUSES, TYPES

    assert set(_WORDINGS["recruitment_status"]) | {"unknown"} == set(STATUSES)
    assert set(_WORDINGS["study_type"]) | {"unknown"} == set(TYPES)


def test_what_is_asked_for_is_read_from_the_record():
    (first, *_) = [one for one in read_path(EXPORT, "x") if isinstance(one, Registration)]

    assert about(first)["registry"] == "IRCT"
    assert set(about(first)) >= {"registered", "status", "type"}


# Bad input among good


def cell_of_50_megabytes(tmp_path):
    table = rows(5)
    table[3][table[0].index("Scientific title")] = "long " * 10_000_000
    return write(tmp_path / "bad.csv", table), 4, "cannot be read: field larger"


def study_of_50_megabytes(tmp_path):
    studies = json.loads(STUDIES.read_text(encoding="utf-8"))
    listed = studies["studies"] if isinstance(studies, dict) else studies
    long = json.loads(json.dumps(listed[0]))
    long["protocolSection"]["descriptionModule"] = {"briefSummary": "long " * 10_000_000}
    (tmp_path / "bad.json").write_text(json.dumps([listed[0], long, listed[1]]), encoding="utf-8")
    return tmp_path / "bad.json", 2, "50,000,000 characters"


def sheet_cell_of_50_megabytes(tmp_path):
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    table = rows(3)
    for row in table:
        sheet.append(row)
    book.save(tmp_path / "small.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "small.xlsx") as small,
        zipfile.ZipFile(tmp_path / "bad.xlsx", "w", zipfile.ZIP_STORED) as big,
    ):
        for name in small.namelist():
            data = small.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"IRCT20990101000001N1", b"IRCT20990101000001N1" + b"long " * 10_000_000, 1)
            big.writestr(name, data)
    return tmp_path / "bad.xlsx", 2, "50,000,020 characters"


def nul_bytes(tmp_path):
    table = rows(5)
    table[3][table[0].index("Scientific title")] = "a\x00b"
    return write(tmp_path / "bad.csv", table), 4, "NUL"


def wrong_column_count(tmp_path):
    table = rows(5)
    table[3] = table[3][:-2]
    return write(tmp_path / "bad.csv", table), 4, "columns, the file"


def mixed_encodings(tmp_path):
    table = rows(5)
    for row in table[1:]:
        row[table[0].index("Scientific title")] += " é" * 40 + "\N{NO-BREAK SPACE}end"
    path = write(tmp_path / "bad.csv", table)
    data = path.read_bytes()
    at = data.index(b"end", data.index(b"IRCT20990101000002N1")) - 2
    path.write_bytes(data[:at] + b"\xa0" + data[at + 2 :])
    return path, 4, "not UTF-8"


def a_row_of_another_encoding(tmp_path):
    names, *table = rows(5)
    at = names.index("Scientific title")
    lines = [names, *([*row[:at], row[at] + " café", *row[at + 1 :]] for row in table)]
    path = write(tmp_path / "bad.csv", lines)
    data = path.read_bytes()
    first, second = data.index(b"IRCT20990101000002N1"), data.index(b"IRCT20990101000003N1")
    path.write_bytes(data[:first] + data[first:second].decode().encode("cp1252", "replace") + data[second:])
    return path, 4, "not UTF-8"


def half_a_character(tmp_path):
    studies = json.loads(STUDIES.read_text(encoding="utf-8"))
    listed = studies["studies"] if isinstance(studies, dict) else studies
    said = json.dumps([listed[0], listed[1]]).replace(
        listed[1]["protocolSection"]["identificationModule"]["briefTitle"], "\\ud83d half"
    )
    (tmp_path / "bad.json").write_text(said, encoding="utf-8")
    return tmp_path / "bad.json", 1, "half a character"


def deep_json(tmp_path):
    studies = json.loads(STUDIES.read_text(encoding="utf-8"))
    listed = studies["studies"] if isinstance(studies, dict) else studies
    lines = [json.dumps(listed[0]), "[" * 200_000 + "]" * 200_000, json.dumps(listed[1])]
    (tmp_path / "bad.json").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "bad.json", 2, "nested too deeply"


def a_file_of_an_archive_that_is_cut(tmp_path):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(SAMPLES[0], "a.txt")
        archive.writestr("b.txt", os.urandom(3000))
        archive.write(SAMPLES[1], "c.txt")
    data = bytearray((tmp_path / "bad.zip").read_bytes())
    at = data.find(b"b.txt") + 200
    data[at : at + 50] = bytes(50)
    (tmp_path / "bad.zip").write_bytes(data)
    return tmp_path / "bad.zip", 2, "damaged"


def entity_bomb(tmp_path):
    text = PORTAL.read_text(encoding="utf-8-sig")
    first, second = text.find("<Trial>"), text.find("<Trial>", text.find("<Trial>") + 1)
    bomb = text[first:second].replace("<Public_title>", "<Public_title>&lol9;")
    head = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY lol "lol">'
        + "".join(f'<!ENTITY lol{n} "{"&lol" * 10};">' for n in range(1, 10))
        + "]>"
    )
    (tmp_path / "bad.xml").write_text(head + "<Trials_downloaded_from_ICTRP>" + bomb + text[second:], encoding="utf-8")
    return tmp_path / "bad.xml", text.count("<Trial>") - 1, "not well-formed"


@pytest.mark.parametrize(
    "make",
    [
        cell_of_50_megabytes, study_of_50_megabytes, sheet_cell_of_50_megabytes, nul_bytes, wrong_column_count, mixed_encodings, a_row_of_another_encoding, half_a_character, deep_json,
        a_file_of_an_archive_that_is_cut, entity_bomb,
    ],
)  # fmt: skip
@pytest.mark.parametrize("jobs", [1, 2])
def test_bad_records_are_told_with_their_place_and_the_others_go_on(make, jobs, tmp_path, small_chunks):
    path, good, says = make(tmp_path)
    began = time.process_time()

    code, out, _ = check(path, "--jobs", jobs, form="json")
    seconds = time.process_time() - began

    document = json.loads(out)
    assert len(document["records"]) == good
    assert code == 3
    for one in document["unreadable"]:
        assert says in one["error"]
        assert one["path"].startswith(path.as_posix())
    assert len(document["unreadable"]) == 1
    assert seconds < 60

"""Records kept in a store beside their results: read again as they were, compared as files are, and nothing more made of bytes."""

import html
import json
import re
import shutil
import sqlite3
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from batches import ROOT, rows, write
from click.testing import CliRunner

from audit.cli import cli
from audit.model.registration import Registration
from audit.pipeline import Found, find
from audit.readers import keeping, read_raw
from audit.readers.keeping import packed, unpacked
from audit.store import records_in

CLEAN = ROOT / "sample_records" / "irct" / "clean.txt"


def asked(*arguments):
    return CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)


def diff(*arguments):
    return asked("diff", *arguments, "--as-of", "2026-06-11", "--checks", "DT,DS,SS,XV", "--quiet")


def kept(path, *more):
    """The store of a run over *path*."""
    store = path.with_suffix(".db")
    made = asked("check", path, "--store", store, "--as-of", "2026-06-11", "--checks", "DT", "--fail-on", "never", *more)
    assert made.exit_code == 0, made.output
    return store


# Each kind of record: an older and a newer version


def a_row(folder):
    table = rows(3)
    old = write(folder / "may.csv", table)
    table[2][table[0].index("Target size")] = "9999"
    table[3][table[0].index("Scientific title")] += "\nand more"
    return old, write(folder / "june.csv", table)


def a_row_of_a_workbook(folder):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    made = []
    for name, size in (("may.xlsx", "60"), ("june.xlsx", "61")):
        names, row = rows(1)
        row[names.index("Target size")] = size
        with xlsxwriter.Workbook(folder / name, {"strings_to_urls": False}) as book:
            sheet = book.add_worksheet("results")
            for at, cells in enumerate((names, row)):
                sheet.write_row(at, 0, cells)
        made.append(folder / name)
    return made


def a_study(folder):
    text = (ROOT / "sample_records" / "ctgov" / "studies.json").read_text(encoding="utf-8")
    return _texts(folder, ".json", text, re.sub(r'("count": ?)\d+', r"\g<1>7777", text))


def a_trial_of_the_portal(folder):
    text = (ROOT / "sample_records" / "ictrp" / "portal.xml").read_text(encoding="utf-8-sig")
    return _texts(folder, ".xml", text, re.sub(r"(<Target_size>)[^<]*", r"\g<1>7777", text))


def a_trial_of_irct(folder):
    text = (ROOT / "sample_records" / "irct-xml" / "tablets.xml").read_text(encoding="utf-8-sig")
    return _texts(folder, ".xml", text, re.sub(r"(<target_size>)[^<]*", r"\g<1>7777", text))


def a_text(folder):
    text = CLEAN.read_text(encoding="utf-8")
    return _texts(
        folder, ".txt", text, text.replace("double blinded", "single blinded").replace("Double blinded", "Single blinded")
    )


def a_page(folder):
    return [_moved(path, ".html", _html(path.read_text(encoding="utf-8")).encode()) for path in a_text(folder)]


def _html(text):
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Record</title></head><body>{body}</body></html>"


def a_pdf(folder):
    weasyprint = pytest.importorskip("weasyprint", exc_type=OSError)
    return [_moved(path, ".pdf", weasyprint.HTML(string=path.read_text(encoding="utf-8")).write_pdf()) for path in a_page(folder)]


def a_file_in_an_archive(folder):
    made = []
    for path in a_text(folder):
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
            archive.write(path, "record.txt")
        made.append(path.with_suffix(".zip"))
    return made


def a_draft(folder):
    text = "trial-audit-draft: 1\npublic_title: Copper for pain\ntarget_sample_size: 60\n"
    return _texts(folder, ".yaml", text, text.replace("60", "61"))


def _texts(folder, ending, old, new):
    assert old != new
    for name, text in (("old", old), ("new", new)):
        (folder / f"{name}{ending}").write_text(text, encoding="utf-8", newline="")
    return folder / f"old{ending}", folder / f"new{ending}"


def _moved(path, ending, data):
    path.with_suffix(ending).write_bytes(data)
    return path.with_suffix(ending)


KINDS = [
    a_row, a_row_of_a_workbook, a_study, a_trial_of_the_portal, a_trial_of_irct, a_text, a_page, a_pdf, a_file_in_an_archive,
    a_draft,
]  # fmt: skip


def raws(path):
    return [item.raw for item in find([str(path)], None) if isinstance(item, Found)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_was_packed_is_read_as_it_was(kind, tmp_path):
    path, _ = kind(tmp_path)
    there = raws(path)
    again = [unpacked(packed(raw)) for raw in there]

    assert there
    for raw, other in zip(there, again, strict=True):
        assert other.origin == raw.origin
        assert other.digest() == raw.digest()
        assert list(read_raw(other)) == list(read_raw(raw))
        assert all(isinstance(one, Registration) for one in read_raw(other))


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_is_compared_as_the_files_are(kind, tmp_path):
    old, new = kind(tmp_path)
    files = diff(old, new, "--format", "json")

    stores = kept(old), kept(new)
    for pair in ((stores[0], new), (old, stores[1]), stores):
        assert diff(*pair, "--format", "json").stdout == files.stdout
    said = json.loads(files.stdout)
    changes = [change for one in (said if isinstance(said, list) else [said]) for change in one["changes"]]
    assert changes
    assert all(change["before"]["quote"] or change["after"]["quote"] for change in changes)


@pytest.mark.parametrize("form", ["text", "html"])
def test_checks_of_two_versions_and_quotes_are_told(form, tmp_path):
    old, new = a_row(tmp_path)
    files, stored = (diff(one, new, "--record", "IRCT20990101000001N1", "--format", form).stdout for one in (old, kept(old)))

    assert stored == files
    assert "9999" in stored
    assert "XV" in stored


def test_nothing_is_changed_in_a_store_that_is_compared(tmp_path):
    old, new = a_row(tmp_path)
    store = kept(old)
    before = store.read_bytes()

    diff(store, new)

    assert store.read_bytes() == before


# Several versions in one store


def sizes(table, size):
    table = [list(row) for row in table]
    for row in table[1:]:
        row[table[0].index("Target size")] = str(size)
    return table


@pytest.fixture
def three_runs(tmp_path):
    """The store of runs over three versions of a record, of which the last is the first again, and the export."""
    source, table = tmp_path / "export.csv", rows(1)
    for size in (11, 22, 11):
        write(source, sizes(table, size))
        store = kept(source)
    return store, source, table


def quoted(result):
    return [(change["before"]["quote"], change["after"]["quote"]) for change in json.loads(result.stdout)["changes"]]


def test_the_version_met_last_is_the_old_one(three_runs):
    store, source, table = three_runs
    write(source, sizes(table, 33))

    assert quoted(diff(store, source, "--format", "json")) == [("11", "33")]


def test_the_version_met_last_is_the_new_one(three_runs, tmp_path):
    store, _, table = three_runs
    other = write(tmp_path / "other.csv", sizes(table, 44))

    assert quoted(diff(other, store, "--format", "json")) == [("44", "11")]


def test_a_store_compared_with_itself_tells_what_changed_over_its_runs(tmp_path):
    source, table = tmp_path / "export.csv", rows(1)
    for size in (11, 22, 33):
        write(source, sizes(table, size))
        store = kept(source)

    assert quoted(diff(store, store, "--format", "json")) == [("11", "33")]


def test_versions_of_a_draft_are_told_by_their_file(tmp_path):
    draft = tmp_path / "draft.yaml"
    for size in ("60", "70", "80"):
        draft.write_text(f"trial-audit-draft: 1\npublic_title: Copper for pain\ntarget_sample_size: {size}\n", encoding="utf-8")
        if size != "80":
            store = kept(draft)

    assert quoted(diff(store, draft, "--format", "json")) == [("70", "80")]


# What cannot be compared


def test_records_are_not_kept_where_persons_are_blackened(tmp_path):
    old, new = a_text(tmp_path)
    store = kept(old, "--redact-contacts")

    assert list(records_in(store)) == []
    assert "holds no records to compare" in diff(store, new).stderr
    with sqlite3.connect(store) as database:
        bodies = [body for (body,) in database.execute("SELECT body FROM results WHERE kind = 'result'")]
    email = re.search(r"\S+@\S+", CLEAN.read_text(encoding="utf-8"))[0].encode()
    assert bodies
    assert not any(email in zlib.decompress(body) for body in bodies)


def test_persons_are_blackened_in_what_a_store_kept(tmp_path):
    old, new = a_text(tmp_path)
    email = re.search(r"\S+@\S+", CLEAN.read_text(encoding="utf-8"))[0]
    other = tmp_path / "other.txt"
    other.write_text(new.read_text(encoding="utf-8").replace(email, "nobody@example.org"), encoding="utf-8")
    store = kept(old)

    plain, black = (diff(store, other, "--format", "json", *more).stdout for more in ([], ["--redact-contacts"]))

    assert email in plain
    assert email not in black
    assert "nobody@example.org" not in black


def test_a_store_is_compared_with_records_that_it_has(tmp_path):
    database = tmp_path / "other.db"
    sqlite3.connect(database).execute("CREATE TABLE a (b)").connection.close()
    store = kept(write(tmp_path / "may.csv", rows(2)))
    both = write(tmp_path / "both.csv", rows(3))

    assert "no record that both hold" in diff(store, CLEAN).stderr
    assert "a database of something else" in diff(database, CLEAN).stderr
    said = asked("diff", store, both, "--as-of", "2026-06-11", "--checks", "DT")
    assert said.stderr == "Only in one of the two: IRCT20990101000002N1\n"
    assert said.exit_code == 0


def test_a_store_of_the_former_form_is_told_with_what_to_do(tmp_path):
    old, new = a_text(tmp_path)
    store = kept(old)
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA user_version = 2")

    compared, checked = diff(store, new), asked("check", new, "--store", store)

    assert (compared.exit_code, checked.exit_code) == (2, 2)
    assert "run check with another --store and compare that" in compared.stderr
    assert "delete it, or give --store another file" in checked.stderr


def test_a_file_that_is_not_any_more_what_was_read_is_not_kept(tmp_path):
    path, _ = a_text(tmp_path)
    (raw,) = raws(path)
    assert raw.digest()
    path.write_text("Another text.", encoding="utf-8")

    assert packed(raw) is None


# A store that somebody else has made


@pytest.fixture(scope="module")
def one_store(tmp_path_factory):
    return kept(a_text(tmp_path_factory.mktemp("theirs"))[0])


@pytest.fixture
def theirs(one_store, tmp_path):
    """A store of one record, to be spoiled."""
    return Path(shutil.copy(one_store, tmp_path))


def put(store, body):
    with sqlite3.connect(store) as database:
        database.execute("UPDATE records SET body = ?", (body,))


def squeezed(head, body=b""):
    return zlib.compress((head if isinstance(head, bytes) else json.dumps(head).encode()) + b"\n" + body)


ROW = ["ictrp-row", "a.csv", "0" * 64, 1, 2, False, "row 2"]
NAMES = ["TrialID", "Phase", "Countries", "Gender"]
NONSENSE = {
    "no bytes": 7,
    "text": "text",
    "not packed": b"nonsense",
    "breaks off": zlib.compress(b"[" * 1000)[:-6],
    "no head": squeezed(b""),
    "no list": squeezed({"kind": "ctgov"}),
    "nested deeply": squeezed(b"[" * 100_000),
    "a number of many digits": squeezed(b"[" + b"9" * 10_000 + b"]"),
    "another kind": squeezed(["pickle", "a", "b"]),
    "no text as kind": squeezed([["ctgov"], "a", "b", 1, 1, ""]),
    "no text as path": squeezed(["irct-text", 7, "b"]),
    "more than there is to say": squeezed(["irct-text", "a", "b", 1]),
    "less than there is to say": squeezed(["ctgov", "a", "b"]),
    "a truth as number": squeezed(["ctgov", "a", "b", True, 1, ""], b'{"protocolSection": {}}'),
    "a number below none": squeezed(["ctgov", "a", "b", -1, 1, ""], b'{"protocolSection": {}}'),
    "a number beyond all": squeezed(["ctgov", "a", "b", 2**70, 1, ""], b'{"protocolSection": {}}'),
    "no study": squeezed(["ctgov", "a", "b", 1, 1, ""], b"[1]"),
    "no JSON": squeezed(["ctgov", "a", "b", 1, 1, ""], b"{"),
    "JSON that is nested deeply": squeezed(["ctgov", "a", "b", 1, 1, ""], b"[" * 100_000),
    "no UTF-8": squeezed(["irct-xml", "a", "b", 1, 1], b"\xff\xfe"),
    "no line": squeezed(["irct-xml", "a", "b", 1, None], b"<trial/>"),
    "cells beyond the text": squeezed([*ROW, NAMES, [1, 1, 1, 90]], b"abcd"),
    "cells of less than nothing": squeezed([*ROW, NAMES, [9, 1, 1, -7]], b"abcd"),
    "fewer cells than columns": squeezed([*ROW, NAMES, [4]], b"abcd"),
    "no names": squeezed([*ROW, [1, 2, 3, 4], [1, 1, 1, 1]], b"abcd"),
    "columns of something else": squeezed([*ROW, ["a", "b", "c", "d"], [1, 1, 1, 1]], b"abcd"),
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_told_as_damage(body, theirs):
    put(theirs, body)

    result = diff(theirs, CLEAN)

    assert result.exit_code == 2
    assert f"the store {theirs} is damaged" in result.stderr
    assert result.stdout == ""


def test_what_is_told_as_damage_is_else_a_record():
    row = unpacked(squeezed([*ROW, NAMES, [1, 1, 1, 1]], b"abcd"))

    assert row.line.cells == ["a", "b", "c", "d"]


def test_what_would_unpack_to_far_more_is_not_unpacked(theirs):
    put(theirs, zlib.compress(b'["irct-text", "a", "b"]\n' + b" " * 80_000_000, 9))

    tracemalloc.start()
    result = diff(theirs, CLEAN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "is damaged: a record of it is longer than any record" in result.stderr
    assert peak < 3 * keeping._LONGEST


def test_a_record_that_is_too_long_is_audited_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "_LONGEST", 2000)
    source = write(tmp_path / "export.csv", rows(1))

    store = kept(source)

    assert list(records_in(store)) == []


def test_a_name_gives_the_terminal_no_orders(theirs):
    put(theirs, squeezed(["irct-text", "a\x1b[2Jb\n", "0"], CLEAN.read_bytes()))

    result = diff(theirs, CLEAN)

    assert result.exit_code == 0
    assert "a\ufffd[2Jb\ufffd -> " in result.stdout


@pytest.mark.parametrize(
    "order",
    [
        "DROP TABLE met; CREATE VIEW met AS SELECT digest, 1 AS place FROM records",
        "DROP TABLE records; CREATE TABLE records (digest BLOB PRIMARY KEY, body BLOB AS (zeroblob(1000000000)))",
        "CREATE TRIGGER t AFTER UPDATE ON records BEGIN SELECT 1; END",
        "DROP TABLE met",
    ],
)
def test_a_database_with_other_tables_is_no_store(order, theirs):
    with sqlite3.connect(theirs) as database:
        database.executescript(order)

    result = diff(theirs, CLEAN)

    assert (result.exit_code, "its tables are others" in result.stderr) == (2, True)


def test_a_file_of_another_kind_in_a_store_is_told_as_such_a_file(theirs):
    put(theirs, squeezed(["irct-pdf", "a.pdf", "0"], b"%PDF-1.7 and nonsense"))

    result = diff(theirs, CLEAN)

    assert result.exit_code == 3
    assert "a.pdf: cannot be read: the PDF is damaged" in result.stderr

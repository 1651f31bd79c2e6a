"""The sample for two readers: drawn by chance and by seed, told with quotes, scored as the textbooks do."""

import csv
import io
import json
from collections import Counter

import openpyxl
import pytest
from batches import ROOT, export
from test_batch import run

from audit.reports.sample import COLUMNS, READERS, Sample, Share, kappa, score
from audit.reports.told import Told


def drawn(*arguments):
    return run("sample", *arguments, "--as-of", "2026-06-11", "--checks", "DT,ST,SS")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return export(tmp_path_factory.mktemp("sample") / "export.csv", 40)


def test_a_sample_has_quotes_and_room_for_two_verdicts(source, tmp_path):
    code, out, err = drawn(source, "--n", "7", "--seed", "1")
    drawn(source, "--n", "7", "--seed", "1", "--output", tmp_path / "s.xlsx")

    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0]
    assert (code, len(rows), tuple(rows[0])) == (0, 7, COLUMNS)
    assert "7 of " in err
    assert all(row["quotes"] and not row["reader_1"] and not row["reader_2"] for row in rows)
    assert [row["fingerprint"] for row in rows] == [row[COLUMNS.index("fingerprint")].value for row in list(sheet)[1:]]
    assert len(sheet.data_validations.dataValidation) == 2


def test_the_seed_makes_the_sample(source):
    same, again, other = (drawn(source, "--n", "7", "--seed", seed)[1] for seed in "112")

    assert same == again != other


def test_every_finding_has_the_same_chance():
    told = [_told([f"{number}" for number in range(part * 5, part * 5 + 5)]) for part in range(4)]
    counts = Counter()
    for seed in range(2000):
        chosen = Sample(5, seed)
        for one in told:
            chosen.add(one)
        counts.update(row["fingerprint"] for row in chosen.rows())

    assert len(counts) == 20
    assert all(400 < count < 600 for count in counts.values())  # 500 each, and more than four standard deviations around


def _told(fingerprints):
    findings = [{"check": "DT01", "fingerprint": name, "evidence": []} for name in fingerprints]
    record = {"id": "x", "registry": "IRCT", "source": {"path": "f", "record": 1}, "findings": findings}
    return Told(record, b"{}", b"", None, {}, 0)


def test_the_score_counts_what_both_say(source, tmp_path):
    _, out, _ = drawn(source, "--n", "6")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    said = [("right", "right"), ("right", "Right "), ("wrong", "wrong"), ("right", "wrong"), ("unsure", "right"), ("right", "")]
    for row, verdicts in zip(rows, said, strict=True):
        row["check"], (row["reader_1"], row["reader_2"]) = "DT01", verdicts
    filled = tmp_path / "filled.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)

    _, text, _ = run("sample", "--score", filled)
    every = json.loads(run("sample", "--score", filled, "--format", "json")[1])[-1]

    assert (every["check"], every["findings"], every["both"], every["agreement"]) == ("all", 6, 5, 0.6)
    assert (every["agreed"]["right"], every["agreed"]["judged"]) == (2, 3)
    assert [(one["right"], one["judged"]) for one in every["readers"]] == [(4, 5), (3, 5)]
    assert "2/3 = 67% (21% to 94%)" in text


def test_wilson_and_kappa_are_those_of_the_textbooks():
    share = Share.of(["right"] * 81 + ["wrong"] * 182)  # Newcombe 1998, table I: 81/263

    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)
    assert kappa([("right", "wrong"), ("wrong", "right")]) == -1
    assert kappa([("right", "right")] * 3) is None
    assert kappa([]) is None
    assert score([{"check": "DT01", READERS[0]: "", READERS[1]: ""}])[0].agreed.share is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("check,reader_1,reader_2\nDT01,yes,right\n", "row 2, reader_1: 'yes' is none of right, wrong, unsure"),
        ("check,reader_1\nDT01,right\n", "no column reader_2"),
        ("", "no column check"),
    ],
)
def test_a_wrong_file_is_told(content, says, tmp_path):
    (tmp_path / "filled.csv").write_text(content, encoding="utf-8")

    code, _, err = run("sample", "--score", tmp_path / "filled.csv")

    assert (code, says in err) == (2, True)


def test_a_file_that_is_no_workbook_is_told(tmp_path):
    (tmp_path / "filled.xlsx").write_bytes(b"PK nonsense")

    code, _, err = run("sample", "--score", tmp_path / "filled.xlsx")

    assert (code, "cannot be read as a sample" in err) == (2, True)


def test_a_sample_of_nothing_is_wrong_use():
    assert run("sample")[0] == 2
    assert run("sample", "x.csv", "--output", "x.doc")[0] == 2


def test_the_citation_names_this_version():
    import yaml

    from audit import __version__

    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert (cited["cff-version"], cited["version"], cited["license"]) == ("1.2.0", __version__, "Apache-2.0")

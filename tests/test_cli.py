"""The command as a user meets it: formats, exit codes, bad input."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from importlib.resources import files

import jsonschema
import pytest
from click.testing import CliRunner
from conftest import ROOT, SAMPLES

from audit.cli import cli

CLEAN = ROOT / "sample_records" / "irct" / "clean.txt"
FAULTY = ROOT / "sample_records" / "irct" / "split_mouth.txt"
AS_OF = ("--as-of", "2026-06-11")
SCHEMA = json.loads((files("audit") / "schemas" / "trial-audit-1.schema.json").read_text(encoding="utf-8"))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, [str(one) for one in arguments], input=stdin, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def checked(*arguments, **options):
    code, out, _ = run("check", *arguments, "--format", "json", *AS_OF, **options)
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    return code, document


def test_a_clean_record_ends_with_0():
    code, document = checked(CLEAN)

    assert (code, document["summary"]["findings"]["error"], document["summary"]["findings"]["warning"]) == (0, 0, 0)


def test_a_record_with_errors_ends_with_1():
    code, document = checked(FAULTY)

    assert code == 1
    assert document["summary"]["findings"]["error"] > 0
    assert {finding["check"] for finding in document["records"][0]["findings"]} >= {"DS03"}


def test_fail_on_never_ends_with_0():
    assert run("check", FAULTY, "--fail-on", "never", *AS_OF)[0] == 0


def test_every_sample_keeps_the_schema():
    _, document = checked(*SAMPLES)

    assert len(document["records"]) == document["summary"]["records"] >= 6
    assert sum(document["summary"]["verdicts"].values()) == len(document["records"]) * document["catalogue"]["checks"]


def test_jsonl_is_one_record_a_line():
    _, out, _ = run("check", *SAMPLES[:3], "--format", "jsonl", *AS_OF)
    _, document = checked(*SAMPLES[:3])

    assert document["records"] == [json.loads(line) for line in out.splitlines()]


def test_csv_has_a_row_for_each_quote():
    _, out, _ = run("check", FAULTY, "--format", "csv", *AS_OF)
    _, document = checked(FAULTY)

    rows = list(csv.DictReader(io.StringIO(out, newline="")))

    assert [e["quote"] for f in document["records"][0]["findings"] for e in f["evidence"]] == [row["quote"] for row in rows]


def test_csv_runs_no_formula(tmp_path):
    record = tmp_path / "formula.txt"
    text = FAULTY.read_text(encoding="utf-8")
    record.write_text(text.replace("Recruitment complete", '=HYPERLINK("http://x","y")'), encoding="utf-8")

    _, out, _ = run("check", record, "--format", "csv", *AS_OF)

    assert not [cell for row in csv.reader(io.StringIO(out, newline="")) for cell in row if cell.startswith("=")]


def test_text_shows_quotes_with_line_numbers_and_a_hint():
    _, out, _ = run("check", FAULTY, *AS_OF)

    assert "DS03 error:" in out
    assert "= explain: trial-audit explain DS03" in out
    assert "1 record audited:" in out
    assert "As of 2026-06-11 (--as-of)." in out
    assert "\x1b" not in out


def test_as_of_is_the_records_own_print_date_when_no_option_says_it():
    _, out, _ = run("check", ROOT / "sample_records" / "irct" / "three_doses_export.txt", "--format", "json")

    (record,) = json.loads(out)["records"]

    assert record["as_of_source"] == "record"


def test_standard_input_is_read():
    code, document = checked("-", stdin=CLEAN.read_bytes())

    assert (code, document["records"][0]["source"]["path"]) == (0, "-")


def test_output_is_written_whole(tmp_path):
    target = tmp_path / "findings.json"

    run("check", CLEAN, "--format", "json", "--output", target, *AS_OF)

    assert json.loads(target.read_text(encoding="utf-8"))["schema"] == "trial-audit/1"
    assert [target] == list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_output_to_what_is_no_file_leaves_it_what_it_is(tmp_path):
    """A run as root would otherwise put a file in the place of /dev/null."""
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        assert run("check", CLEAN, "--format", "jsonl", "--output", tmp_path / "pipe", *AS_OF)[0] == 0
        assert json.loads(reader.stdout.read())["registry"] == "IRCT"

    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    assert (tmp_path / "pipe").is_fifo()


def test_output_that_cannot_be_written_is_wrong_use(tmp_path):
    code, _, err = run("check", CLEAN, "--output", tmp_path / "no" / "such" / "file", *AS_OF)

    assert code == 2
    assert "cannot write" in err


def test_a_zip_and_a_folder_and_a_glob_are_walked(tmp_path):
    with zipfile.ZipFile(tmp_path / "records.zip", "w") as archive:
        archive.write(CLEAN, "inner/clean.txt")
    (tmp_path / "a.txt").write_bytes(CLEAN.read_bytes())

    _, document = checked(tmp_path)
    _, globbed = checked(tmp_path / "*.txt")

    assert len(document["records"]) == 2
    assert any(record["source"]["path"].endswith("records.zip/inner/clean.txt") for record in document["records"])
    assert len(globbed["records"]) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("image.txt", PNG, ""),
        ("stray.txt", b"\x00\x01\xff\xfe\x9d" * 50, ""),
        ("prose.txt", b"A letter about nothing in particular.\n" * 20, "no registration record"),
        ("broken.pdf", b"%PDF-1.7\nnonsense", ""),
    ],
)
def test_bad_input_is_told_and_the_good_records_go_on(tmp_path, name, content, says):
    bad = tmp_path / name
    bad.write_bytes(content)

    code, document = checked(bad, CLEAN)

    assert (code, len(document["records"]), len(document["unreadable"])) == (3, 1, 1)
    assert document["unreadable"][0]["path"].endswith(name)
    assert says in document["unreadable"][0]["error"]


def test_a_path_that_does_not_exist_is_not_complete():
    code, document = checked("no/such/record.txt", CLEAN)

    assert (code, len(document["records"])) == (3, 1)
    assert "no such file" in document["unreadable"][0]["error"]


def test_a_folder_without_records_is_nothing_to_read(tmp_path):
    code, document = checked(tmp_path)

    assert code == 3
    assert "nothing to read" in document["unreadable"][0]["error"]


def test_3_wins_over_1():
    assert run("check", FAULTY, "no/such/record.txt", *AS_OF)[0] == 3


def test_half_a_record_is_read(tmp_path):
    half = tmp_path / "half.txt"
    half.write_text(CLEAN.read_text(encoding="utf-8")[:3000], encoding="utf-8")

    _, document = checked(half)

    assert len(document["records"]) == 1
    assert document["records"][0]["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", CLEAN, "--checks", "QQ99"), "no such check or family: QQ99"),
        (("check", CLEAN, "--as-of", "yesterday"), "is not a date like 2026-06-11"),
        (("check", CLEAN, "--reader", "fortran"), "fortran"),
        (("check", CLEAN, "--format", "poem"), "poem"),
        (("explain", "QQ99"), "there is no check QQ99"),
        (("report", CLEAN, "--out", "x", "--format", "html,doc"), "doc"),
        (("audit", CLEAN), "audit"),
    ],
)
def test_wrong_use_ends_with_2(arguments, says):
    code, out, err = run(*arguments)

    assert code == 2
    assert says in out + err


def test_a_wrong_check_file_ends_with_2_and_lists_its_mistakes(tmp_path):
    from test_load import FIVE_MISTAKES, write

    write(tmp_path, "ZZ02-five-mistakes.yaml", FIVE_MISTAKES)

    code, _, err = run("check", CLEAN, "--catalogue", tmp_path)

    assert code == 2
    assert err.count("ZZ02-five-mistakes.yaml:") == 6


def test_a_catalogue_of_ones_own_is_asked_too(tmp_path):
    original = next((ROOT / "checks" / "ST").glob("ST02-*.yaml")).read_text(encoding="utf-8")
    (tmp_path / "ZZ01-mine.yaml").write_text(original.replace("code: ST02", "code: ZZ01"), encoding="utf-8")

    _, document = checked(CLEAN, "--catalogue", tmp_path)

    assert "ZZ01" in document["records"][0]["verdicts"]


def test_low_confidence_is_left_out_unless_asked_for():
    _, some = checked(*SAMPLES)
    _, every = checked(*SAMPLES, "--min-confidence", "low")
    _, sure = checked(*SAMPLES, "--min-confidence", "high")

    counts = [sum(document["summary"]["findings"].values()) for document in (sure, some, every)]

    assert counts == sorted(counts)
    assert {finding["confidence"] for record in sure["records"] for finding in record["findings"]} == {"high"}


def test_explain_and_checks_need_no_great_expectations():
    script = "import sys; from audit.cli import cli\ntry: cli(['explain', 'PL03'])\nexcept SystemExit: pass\n"
    script += "print([m for m in ('great_expectations', 'pandas', 'weasyprint') if m in sys.modules])"

    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8")

    assert said.stdout.rstrip().endswith("[]")
    assert "## How it is decided" in said.stdout


def test_checks_are_listed():
    assert "ST02" in run("checks")[1]
    assert {"check", "title", "references"} <= json.loads(run("checks", "--format", "json")[1])[0].keys()
    assert run("checks", "--format", "markdown", "--checks", "ST")[1].startswith("| code |")


def test_facts_tell_fields_facts_and_unknown_lines():
    _, out, _ = run("facts", CLEAN, "--format", "json")

    (record,) = json.loads(out)

    assert {"id", "registry", "source", "fields", "facts"} <= record.keys()
    assert {
        "arm_count", "control_types", "is_randomized", "masked_parties", "minimum_age_years", "maximum_age_years",
        "minimum_age_years_in_text", "maximum_age_years_in_text", "target_sample_size", "sample_sizes_in_text",
        "registered_days_after_start",
    } <= record["facts"].keys()  # fmt: skip
    text = CLEAN.read_bytes().decode("utf-8-sig")
    for said in record["fields"].values():
        assert said["quote"] == text[said["start"] : said["end"]]


def test_a_console_that_cannot_print_a_character_goes_on():
    said = subprocess.run(
        [sys.executable, "-m", "audit", "check", str(ROOT / "sample_records" / "irct" / "persian_page.txt"), *AS_OF],
        capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii", "PATH": "", "HOME": str(ROOT)}, cwd=ROOT,
    )  # fmt: skip

    assert said.returncode in (0, 1), said.stderr.decode()
    assert b"Traceback" not in said.stderr


def test_a_report_writes_html_pdf_and_index(tmp_path):
    code, _, _ = run("report", FAULTY, CLEAN, "--out", tmp_path / "new", "--format", "html,pdf,csv", *AS_OF)

    names = sorted(path.name for path in (tmp_path / "new").iterdir())

    assert code == 0
    assert [name for name in names if name.endswith(".pdf")]
    assert {"index.html", "index.pdf", "findings.csv"} <= set(names)
    assert len(names) == 7


def test_a_reader_that_fails_on_one_file_stops_none_of_the_others(monkeypatch, tmp_path):
    from audit.readers import READERS

    def fails(opened):
        raise ZeroDivisionError("no such luck")
        yield

    monkeypatch.setitem(READERS, "irct-html", fails)
    page = tmp_path / "page.html"
    page.write_text("<html><body>Protocol summary</body></html>", encoding="utf-8")

    code, document = checked(page, CLEAN)

    assert (code, len(document["records"])) == (3, 1)
    assert "ZeroDivisionError: no such luck" in document["unreadable"][0]["error"]


def test_a_folder_without_records_is_told_beside_good_records(tmp_path):
    (tmp_path / "nothing").mkdir()

    code, document = checked(tmp_path / "nothing", CLEAN)

    assert (code, len(document["records"])) == (3, 1)
    assert "nothing to read" in document["unreadable"][0]["error"]


def test_findings_of_lower_confidence_are_counted_but_not_shown():
    _, out, _ = run("check", *SAMPLES, "--min-confidence", "high", *AS_OF)

    assert "of lower confidence not shown (--min-confidence low shows all)." in out
    assert "[medium confidence]" not in out


def test_a_pyspark_that_is_half_installed_ends_no_command(tmp_path):
    """Great Expectations imports it where it is, and without its own dependencies it ends a ``python -c`` with 0."""
    (tmp_path / "pyspark.py").write_text("import sys\nsys.exit(0)\n", encoding="utf-8")
    command = "from audit.cli import cli; cli()"
    said = subprocess.run(
        [sys.executable, "-c", command, "check", SAMPLES[0], "--format", "json", "--fail-on", "never"],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )

    assert said.returncode == 0
    assert json.loads(said.stdout)["summary"]["records"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_is_no_file_is_written_into_and_not_replaced(tmp_path, form):
    import stat
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()

    run("check", CLEAN, "--format", form, "--output", pipe)
    reader.join(10)

    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert read[0].startswith(b"{")

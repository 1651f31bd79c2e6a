"""The configuration: found upwards, refused with every mistake, never out of its folder, and weaker than the command line."""

import os
import re
import tomllib
from datetime import date

import pytest
from conftest import ROOT
from test_cli import AS_OF, CLEAN, FAULTY, checked, run

from audit import config
from audit.errors import AuditError
from audit.model.check import Severity
from audit.model.result import Waiver

links = pytest.mark.skipif(os.name == "nt", reason="making a link or a pipe needs rights on Windows")
WAIVER = """
[[waiver]]
record = "IRCT20990101000001N1"
check = "PL03"
fingerprints = ["0123456789abcdef"]
reason = "Asked"
owner = "A. Rahimi"
until = 2099-01-01
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository of its own with a record in a folder, as working directory."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "trials").mkdir()
    (tmp_path / "trials" / "record.txt").write_bytes(FAULTY.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, text, name="trial-audit.toml"):
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder, text):
    with pytest.raises(AuditError) as refused:
        config.read(write(folder, text))
    return str(refused.value)


def test_it_is_found_in_the_shared_folder_of_the_inputs_or_above_it(folder):
    own = write(folder, "")
    inner = write(folder, "", "trials/trial-audit.toml")
    write(folder, "", "other/x.txt")

    assert config.find(["trials/record.txt"]) == inner
    assert config.find(["trials/*.txt"]) == inner
    assert config.find(["trials"]) == inner
    assert config.find(["trials/record.txt", "other/x.txt"]) == own
    assert config.find(["-"]) == own
    assert config.find([]) == own


def test_the_search_ends_with_the_repository(folder):
    write(folder, "")
    (folder / "trials" / ".git").mkdir()

    assert config.find(["trials/record.txt"]) is None


def test_pyproject_is_read_where_it_has_the_table(folder):
    project = write(folder, '[project]\nname = "x"\n\n[tool.trial-audit]\nfail-on = "note"\n', "pyproject.toml")

    assert config.find(["trials/record.txt"]) == project
    assert config.read(project).values == {"fail-on": "note"}
    write(folder, '[project]\nname = "tool.trial-audit"\n', "pyproject.toml")
    assert config.find(["trials/record.txt"]) is None


def test_its_own_file_goes_before_pyproject(folder):
    write(folder, "[tool.trial-audit]\n", "pyproject.toml")
    own = write(folder, "")

    assert config.find(["trials"]) == own


def test_every_key_is_read(folder):
    for name in ("more", "ours"):
        (folder / name).mkdir()
    read = config.read(
        write(
            folder,
            'checks = ["PL", "DS03"]\nskip = ["TX"]\nmin-confidence = "high"\nfail-on = "never"\nas-of = 2026-06-11\n'
            'catalogue = ["more"]\ntemplates = "ours"\nlang = "fa"\nbaseline = "known.json"\n'
            '[severity]\nDT02 = "note"\nTX = "warning"\n' + WAIVER,
        )
    )

    assert read.values.keys() == config.KEYS.keys()
    assert read.values["severity"] == {"DT02": Severity.NOTE, "TX": Severity.WARNING}
    assert read.values["as-of"] == date(2026, 6, 11)
    assert read.waivers == (
        Waiver("IRCT20990101000001N1", "PL03", ("0123456789abcdef",), "Asked", "A. Rahimi", date(2099, 1, 1)),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('fail_on = "error"', ":1: fail_on: there is no such key; did you mean fail-on?"),
        ('\nchekcs = ["PL"]', ":2: chekcs: there is no such key; did you mean checks?"),
        ('zzz = 1', "there are checks, skip"),
        ('fail-on = "all"', "'all' is to be one of error, warning, note, never"),
        ('checks = "PL"', "is to be a list of codes and families"),
        ('checks = ["placebo"]', "is to be a list of codes and families"),
        ('as-of = "yesterday"', '"record" (its own date, else today), "today", or a day'),
        ("as-of = 2026-06-11T00:00:00Z", "or a day"),
        ('lang = "xx"', "'xx' is to be one of en, fa"),
        ('severity.DT02 = "bad"', "is to be a code or family with one of error, warning, note"),
        ("severity = 3", "is to be a table"),
        ('catalogue = ["nowhere"]', "is no folder below"),
        ("templates = 3", "is to be a path below"),
        ("waiver = 3", "is to be a list of tables"),
        (WAIVER.replace("until = 2099-01-01", 'until = "2099-01-01"'), "is to be a day without quotes"),
        (WAIVER.replace("owner", "ower"), "ower: there is no such key; did you mean owner?"),
        (WAIVER.replace('reason = "Asked"', 'reason = " "'), "number 1: reason missing"),
        (WAIVER.replace("0123456789abcdef", "1"), "16 hexadecimal digits"),
        (WAIVER.replace('"A. Rahimi"', "7"), "owner is to be a text"),
        ("fail-on = ", "is no TOML"),
        ("a = " + "[" * 5000, "is no TOML"),
        ("# " + "x" * config._LARGEST, "is larger than 256 kB"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_is_allowed(folder, text, says):
    assert says in mistakes(folder, text)


@pytest.mark.parametrize("missing", ["record", "check", "fingerprints", "reason", "owner", "until"])
def test_all_of_a_waiver_is_required(folder, missing):
    text = re.sub(f"(?m)^{missing} = .*\n", "", WAIVER)

    assert f"number 1: {missing} missing" in mistakes(folder, text)


def test_all_mistakes_are_told_at_once(folder):
    assert mistakes(folder, 'fail_on = "x"\nlang = "xx"\n').count("trial-audit.toml:") == 2


@links
@pytest.mark.parametrize("key", ["catalogue", "templates", "baseline"])
@pytest.mark.parametrize("value", ["..", "../outside", "/", "trials/../../outside", "link", "trials/link"])
def test_no_path_leads_out_of_its_folder(folder, key, value):
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    os.symlink(outside, folder / "link")
    os.symlink(outside, folder / "trials" / "link")

    assert "leads out of" in mistakes(folder, f'{key} = "{value}"')


@links
def test_no_link_within_a_folder_leads_out_of_it(folder):
    write(folder.parent, "secret", "secret.yaml")
    (folder / "ours" / "languages").mkdir(parents=True)
    os.symlink(folder.parent / "secret.yaml", folder / "ours" / "languages" / "en.yaml")

    assert "is a link that leads out of" in mistakes(folder, 'templates = "ours"')


@links
def test_what_is_no_regular_file_is_refused(folder):
    os.mkfifo(folder / "trial-audit.toml")

    code, _, err = run("check", CLEAN, "--config", folder / "trial-audit.toml")

    assert (code, "is no regular file" in err) == (2, True)


def test_a_wrong_configuration_is_wrong_use(folder):
    write(folder, 'fail_on = "error"')

    code, _, err = run("check", "trials/record.txt")

    assert (code, "did you mean fail-on?" in err) == (2, True)


def test_it_is_in_force_and_the_command_line_wins(folder):
    write(folder, 'checks = ["DS03"]\nfail-on = "never"\nas-of = 2026-06-11\n')

    code, document = checked_without_day("trials/record.txt")
    assert (code, document["as_of"], list(document["records"][0]["verdicts"])) == (0, "2026-06-11", ["DS03"])
    code, document = checked_without_day(
        "trials/record.txt", "--fail-on", "error", "--as-of", "2026-06-12", "--checks", "DS03,ST02"
    )
    assert (code, document["as_of"], list(document["records"][0]["verdicts"])) == (1, "2026-06-12", ["DS03", "ST02"])
    code, document = checked_without_day("trials/record.txt", "--no-config", "--checks", "DS03")
    assert (code, document["as_of"]) == (1, None)


def checked_without_day(*arguments):
    import json

    code, out, _ = run("check", *arguments, "--format", "json")
    return code, json.loads(out)


def test_a_severity_is_changed_also_where_a_check_would_be_graver(folder):
    write(folder, '[severity]\nDS = "note"\nDS03 = "warning"\n')

    _, document = checked("trials/record.txt", "--checks", "DS03,ST02")

    severities = {finding["check"]: finding["severity"] for finding in document["records"][0]["findings"]}
    assert severities == {"DS03": "warning", "ST02": "error"}
    write(folder, 'severity.ZZ01 = "note"\n')
    assert "no such check or family: ZZ01" in run("check", "trials/record.txt")[2]


def test_the_days_policy_may_be_today_although_the_record_has_a_date(folder):
    from datetime import UTC, datetime

    write(folder, 'as-of = "today"\nchecks = ["DS03"]')
    export = ROOT / "sample_records" / "irct" / "three_doses_export.txt"
    (folder / "trials" / "record.txt").write_bytes(export.read_bytes())

    _, document = checked_without_day("trials/record.txt")

    (record,) = document["records"]
    assert (record["as_of_source"], record["as_of"]) == ("today", datetime.now(UTC).date().isoformat())


def test_a_report_does_not_fail_because_of_the_level_for_check(folder):
    write(folder, 'fail-on = "note"\nchecks = ["DS03"]\nlang = "fa"\n')

    code, _, _ = run("report", "trials/record.txt", "--out", "out", "--format", "html", *AS_OF)

    assert code == 0
    assert 'lang="fa"' in (folder / "out" / "index.html").read_text(encoding="utf-8")


def test_show_config_says_what_is_in_force_and_where_it_comes_from(folder):
    write(folder, 'checks = ["DS03"]\nfail-on = "note"\nas-of = "today"\n[severity]\nDT02 = "note"\n' + WAIVER)

    code, out, _ = run("check", "trials/record.txt", "--show-config", "--fail-on", "warning", "--skip", "TX")

    assert code == 0
    origins = dict(re.findall(r"^(\S+) = .*  # (.*)$", out, re.M))
    file = (folder / "trial-audit.toml").as_posix()
    assert origins == {
        "checks": file, "skip": "command line", "severity": file, "min-confidence": "default", "fail-on": "command line",
        "as-of": file, "catalogue": "default", "lang": "default",
    }  # fmt: skip
    assert tomllib.loads(out) == {
        "checks": ["DS03"], "skip": ["TX"], "severity": {"DT02": "note"}, "min-confidence": "medium", "fail-on": "warning",
        "as-of": "today", "catalogue": [], "lang": "en",
    }  # fmt: skip
    assert "# waivers: 1" in out


def test_show_config_needs_no_path_and_check_does(folder):
    assert run("check", "--show-config")[0] == 0
    assert run("check")[0] == 2

"""Waivers and baselines: what they hold back, when they end, what is told of them, and that nothing of it is counted."""

import csv
import dataclasses
import io
import json
import re
from datetime import date

import openpyxl
import pytest
from test_cli import AS_OF, FAULTY, checked, run

from audit import baseline, waivers
from audit.config import read
from audit.errors import AuditError
from audit.model.result import Lapse, Run, Waiver
from audit.reports import RENDERERS, console, html, json_, pdf
from audit.reports.redact import redacted
from audit.reports.totals import Totals
from audit.reports.words import Words

RECORD = "IRCT20990202099992N3"
TEXT = FAULTY.read_text(encoding="utf-8")
DAY, UNTIL, AFTER = date(2026, 6, 11), date(2026, 12, 31), date(2027, 1, 1)
SAID = ("--reason", "Asked; awaiting the registry.", "--owner", "A. Rahimi")


@pytest.fixture(scope="module")
def audits(examine):
    """The faulty record, and the same with another word in a quoted place, as audits."""
    return examine(TEXT.encode(), "record.txt"), examine(changed(TEXT).encode(), "record.txt")


def changed(text):
    """Return the record with the text changed that DS03 quotes; it still contradicts itself."""
    return text.replace("then one quadrant", "then a quadrant").replace("Then one quadrant", "Then a quadrant")


@pytest.fixture
def made(audits, catalogue):
    return Run(audits=list(audits[0]), checks=catalogue.checks, catalogue_sha256=catalogue.sha256)


@pytest.fixture
def later(audits, catalogue):
    return Run(audits=list(audits[1]), checks=catalogue.checks, catalogue_sha256=catalogue.sha256)


def prints(run, code, kind="findings"):
    return tuple(f.fingerprint for audit in run.audits for f in getattr(audit, kind) if f.check.code == code)


def waiver(run, code="DS03", **more):
    return Waiver(
        **{"record": RECORD, "check": code, "fingerprints": prints(run, code), "reason": "Asked.", "owner": "A. Rahimi", "until": UNTIL} | more
    )  # fmt: skip


def test_a_waiver_holds_a_finding_back_to_its_last_day(made):
    waivers.apply(made, [waiver(made)], UNTIL)

    assert (prints(made, "DS03"), len(prints(made, "DS03", "waived"))) == ((), 1)
    assert made.idle_waivers == ()
    (held,) = made.audits[0].waived
    assert (held.waiver.owner, held.lapsed) == ("A. Rahimi", None)


def test_after_its_day_the_finding_is_back_and_says_so(made):
    waivers.apply(made, [waiver(made)], AFTER)

    (finding,) = [f for f in made.audits[0].findings if f.check.code == "DS03"]
    assert finding.lapsed is Lapse.EXPIRED
    assert "accepted by A. Rahimi until 2026-12-31 (Asked.); that day has passed" in Words.of("en").waived(finding)


def test_when_the_text_changes_the_finding_is_back_and_says_so(made, later):
    waivers.apply(later, [waiver(made)], DAY)

    assert prints(made, "DS03") != prints(later, "DS03")
    (finding,) = [f for f in later.audits[0].findings if f.check.code == "DS03"]
    assert finding.lapsed is Lapse.TEXT_CHANGED
    assert "the text has changed since" in Words.of("en").waived(finding)
    assert later.idle_waivers == ()


def test_a_waiver_that_matches_nothing_is_told(made):
    code = next(check.code for check in made.checks if not prints(made, check.code))
    idle = waiver(made, code, fingerprints=("0" * 16,))

    waivers.apply(made, [idle], DAY)

    assert made.idle_waivers == (idle,)
    assert f"A waiver matches nothing and can be removed: {RECORD} {code}" in console.render(made, Words.of("en"))


def test_a_waiver_of_a_record_or_a_check_that_was_not_asked_is_not_called_idle(made):
    waivers.apply(made, [waiver(made, record="IRCT20990909099999N9"), waiver(made, "ZZ01", fingerprints=("0" * 16,))], DAY)

    assert made.idle_waivers == ()


def test_of_two_waivers_the_one_that_lasts_longer_counts(made):
    waivers.apply(made, [waiver(made, until=date(2020, 1, 1)), waiver(made)], DAY)

    assert len(prints(made, "DS03", "waived")) == 1


def test_a_second_finding_of_the_check_is_no_changed_text(made):
    """A waiver of one finding does not speak of another one of the same check while its own is still there."""
    audit = made.audits[0]
    (finding,) = [f for f in audit.findings if f.check.code == "DS03"]
    other = dataclasses.replace(finding, fingerprint="f" * 16)
    made.audits[0] = dataclasses.replace(audit, findings=(*audit.findings, other))

    waivers.apply(made, [waiver(made, fingerprints=(finding.fingerprint,))], DAY)

    (left,) = [f for f in made.audits[0].findings if f.check.code == "DS03"]
    assert (left.fingerprint, left.lapsed) == ("f" * 16, None)


def test_every_report_tells_a_waiver_and_counts_nothing_of_it(made, catalogue):
    before = json_.summary(made, Totals.of(made.audits))
    waivers.apply(made, [waiver(made)], DAY)
    english, persian = Words.of("en"), Words.of("fa")
    told = "Accepted by A. Rahimi until 2026-12-31: Asked."

    document = json.loads(json_.render(made, english))
    (entry,) = [f for f in document["records"][0]["findings"] if f["check"] == "DS03"]
    assert entry["waived"] == {"record": RECORD, "check": "DS03", "reason": "Asked.", "owner": "A. Rahimi", "until": "2026-12-31"}  # fmt: skip
    assert document["summary"]["findings"]["error"] == before["findings"]["error"] - 1
    assert document["summary"]["waived"] == 1
    assert document["summary"]["verdicts"] == before["verdicts"]
    text = console.render(made, english)
    assert told in text
    assert "1 finding waived and not counted." in text
    rows = list(csv.DictReader(io.StringIO(str(RENDERERS["csv"](made, english)))))
    assert {row["waiver"] for row in rows if row["state"] == "waived"} == {told}
    assert {row["check"] for row in rows if row["state"] == "waived"} == {"DS03"}
    book = openpyxl.load_workbook(io.BytesIO(RENDERERS["xlsx"](made, english)))
    assert told in {cell.value for row in book["Quotes"] for cell in row}
    assert "DS03" not in {cell.value for row in book["Work list"] for cell in row}
    info = html.RunInfo.of(made.checks, made.catalogue_sha256)
    assert told in html.render(made.audits[0], info, english)
    assert "پذیرفته است" in html.render(made.audits[0], info, persian)


def test_the_pdf_tells_a_waiver(made):
    pypdf = pytest.importorskip("pypdf")
    waivers.apply(made, [waiver(made)], DAY)
    info = html.RunInfo.of(made.checks, made.catalogue_sha256)

    document = pypdf.PdfReader(io.BytesIO(pdf.render(made.audits[0], info, Words.of("en"), appendix=False)))

    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert "Accepted by A. Rahimi until 2026-12-31: Asked." in text


def test_a_finding_that_is_back_is_marked_in_every_report(made):
    waivers.apply(made, [waiver(made)], AFTER)
    words = Words.of("en")
    told = "accepted by A. Rahimi until 2026-12-31 (Asked.); that day has passed"

    assert told in " ".join(console.render(made, words).split())
    document = json.loads(json_.render(made, words))
    (entry,) = [f for f in document["records"][0]["findings"] if f["check"] == "DS03"]
    assert (entry["waived"], entry["lapsed"]["why"]) == (None, "expired")
    assert told in str(RENDERERS["csv"](made, words))
    page = html.render(made.audits[0], html.RunInfo.of(made.checks, made.catalogue_sha256), words)
    assert told in page
    assert "Accepted and known findings" not in page


def test_what_is_held_back_is_blackened_too(made):
    waivers.apply(made, [waiver(made)], DAY)
    audit = made.audits[0]
    place = audit.waived[0].evidence[0]
    value = dataclasses.replace(place.value, text="call +98 21 5550 0000")
    audit = dataclasses.replace(audit, waived=(dataclasses.replace(audit.waived[0], evidence=(value.whole(),)),))

    assert "5550" not in redacted(audit).waived[0].evidence[0].quote


def test_a_baseline_holds_the_old_back_and_lets_the_new_through(made, later, tmp_path):
    file = tmp_path / "known.json"
    file.write_text(baseline.render(made), encoding="utf-8")

    baseline.apply(made, file)
    baseline.apply(later, file)

    assert [audit.findings for audit in made.audits] == [()]
    assert made.baseline.stale == 0
    new = {finding.check.code for audit in later.audits for finding in audit.findings}
    assert "DS03" in new
    assert len(new) < len(later.audits[0].known)
    assert later.baseline.stale == len(later.audits[0].findings)
    text = console.render(later, Words.of("en"))
    assert "known from the baseline" in text
    assert "of the baseline match nothing any more" in text


def test_a_baseline_of_another_catalogue_is_told(made, tmp_path):
    file = tmp_path / "known.json"
    file.write_text(baseline.render(made).replace(made.catalogue_sha256, "0" * 64), encoding="utf-8")

    baseline.apply(made, file)

    assert made.baseline.other_catalogue
    assert "made with another catalogue" in console.render(made, Words.of("en"))


def test_a_baseline_says_nothing_of_records_and_checks_that_were_not_asked(made, tmp_path):
    file = tmp_path / "known.json"
    document = json.loads(baseline.render(made))
    document["findings"] += [
        {"record": "IRCT20990909099999N9", "check": "DS03", "fingerprint": "0" * 16},
        {"record": RECORD, "check": "ZZ01", "fingerprint": "0" * 16},
    ]
    file.write_text(json.dumps(document), encoding="utf-8")

    baseline.apply(made, file)

    assert made.baseline.stale == 0


def test_a_waived_finding_is_not_in_the_baseline(made):
    waivers.apply(made, [waiver(made)], DAY)

    codes = [one["check"] for one in json.loads(baseline.render(made))["findings"]]
    assert "DS03" not in codes
    assert codes


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "trial-audit-baseline/1", "catalogue": "", "findings": [1]}', "[" * 5000]
)
def test_what_is_no_baseline_is_refused(made, tmp_path, text):
    file = tmp_path / "known.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(AuditError, match=r"known\.json is no baseline"):
        baseline.apply(made, file)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with the faulty record, asked one check."""
    (tmp_path / "record.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "trial-audit.toml").write_text('checks = ["DS03", "ST02"]  # ours\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_waive_writes_what_check_reads_and_keeps_the_rest(folder):
    code, out, _ = run("waive", f"{RECORD}:DS03", *SAID, "--until", "2099-12-31")
    assert code == 0
    assert out.startswith(f"{RECORD}: DS03 is waived until 2099-12-31 (")
    assert (folder / "trial-audit.toml").read_text(encoding="utf-8").startswith('checks = ["DS03", "ST02"]  # ours\n')

    code, document = checked("record.txt")
    assert code == 1
    assert document["summary"] | {"verdicts": None, "unreadable": 0} == {
        "records": 1, "unreadable": 0, "findings": {"error": 1, "warning": 0, "note": 0}, "verdicts": None, "waived": 1, "known": 0,
    }  # fmt: skip
    fingerprint = next(f["fingerprint"] for f in document["records"][0]["findings"] if not f["waived"])
    assert run("waive", fingerprint, "record.txt", *SAID, "--until", "2099-12-31")[0] == 0
    assert checked("record.txt")[0] == 0


def test_waive_again_takes_the_place_of_the_older_one(folder):
    run("waive", f"{RECORD}:DS03", *SAID, "--until", "2098-12-31")
    run("waive", f"{RECORD}:DS03", *SAID, "--until", "2099-12-31")
    (folder / "record.txt").write_text(changed(TEXT), encoding="utf-8")
    run("waive", f"{RECORD}:DS03", *SAID, "--until", "2099-11-30")

    (kept,) = read(folder / "trial-audit.toml").waivers
    assert kept.until == date(2099, 11, 30)
    assert checked("record.txt", "--checks", "DS03")[0] == 0


def test_waive_makes_the_configuration_and_writes_into_pyproject(folder):
    (folder / "trial-audit.toml").unlink()
    run("waive", f"{RECORD}:DS03", *SAID, "--until", "2099-12-31", "--checks", "DS03")
    assert len(read(folder / "trial-audit.toml").waivers) == 1

    (folder / "trial-audit.toml").unlink()
    project = folder / "pyproject.toml"
    project.write_text('[tool.trial-audit]\nchecks = ["DS03"]\n\n[tool.other]\na = 1\n', encoding="utf-8")
    run("waive", f"{RECORD}:DS03", "--reason", 'a "b" \\ [[x]]', "--owner", "علی", "--until", "2099-12-31")
    (kept,) = read(project).waivers
    assert (kept.reason, kept.owner) == ('a "b" \\ [[x]]', "علی")
    assert checked("record.txt")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((f"{RECORD}:DS03", "--reason", "x", "--owner", "y"), "--until"),
        ((f"{RECORD}:DS03", "--reason", "x", "--until", "2099-01-01"), "--owner"),
        ((f"{RECORD}:DS03", "--owner", "x", "--until", "2099-01-01"), "--reason"),
        ((f"{RECORD}:DS03", "--reason", " ", "--owner", "y", "--until", "2099-01-01"), "it is empty"),
        ((f"{RECORD}:DS03", *SAID, "--until", "2020-01-01"), "has passed already"),
        ((f"{RECORD}:DS03", *SAID, "--until", "soon"), "is not a date like"),
        ((f"{RECORD}:DT01", *SAID, "--until", "2099-01-01"), "no finding is called"),
        (("0123456789abcdef", *SAID, "--until", "2099-01-01"), "no finding is called"),
    ],
)
def test_waive_asks_for_all_of_it(folder, arguments, says):
    before = (folder / "trial-audit.toml").read_text(encoding="utf-8")

    code, out, err = run("waive", *arguments)

    assert (code, says in re.sub(r"\s+", " ", out + err)) == (2, True)
    assert (folder / "trial-audit.toml").read_text(encoding="utf-8") == before


def test_baseline_update_writes_what_check_gates_on(folder):
    assert run("baseline", "update", "record.txt", "--baseline", "known.json", *AS_OF)[0] == 0
    assert checked("record.txt", "--baseline", "known.json")[0] == 0
    (folder / "record.txt").write_text(changed(TEXT), encoding="utf-8")

    code, document = checked("record.txt", "--baseline", "known.json")

    assert code == 1
    assert {f["check"]: f["known"] for f in document["records"][0]["findings"]} == {"DS03": False, "ST02": True}
    assert (document["summary"]["findings"]["error"], document["summary"]["known"], document["baseline"]["stale"]) == (1, 1, 1)


def test_the_configuration_may_name_the_baseline(folder):
    with (folder / "trial-audit.toml").open("a", encoding="utf-8") as file:
        file.write('baseline = "known.json"\n')
    assert run("baseline", "update", "record.txt")[0] == 0

    assert checked("record.txt")[0] == 0


def test_no_baseline_is_written_of_what_is_not_complete(folder):
    code, _, err = run("baseline", "update", "record.txt", "no.txt", "--baseline", "known.json")

    assert (code, "no baseline is written" in err) == (3, True)
    assert not (folder / "known.json").exists()
    assert run("baseline", "update", "record.txt")[0] == 2


def test_a_baseline_that_is_not_there_is_wrong_use(folder):
    (folder / "trial-audit.toml").write_text('baseline = "known.json"\n', encoding="utf-8")

    code, _, err = run("check", "record.txt")

    assert (code, "known.json cannot be opened" in err) == (2, True)

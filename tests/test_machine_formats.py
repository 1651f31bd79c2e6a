"""SARIF, JUnit, GitHub and GitLab: held against their published schemas, with quotes where they stand and nothing of a record active."""

import dataclasses
import json
from datetime import date
from pathlib import Path

import jsonschema
import lxml.etree
import lxml.html
import mistune
import pytest
from conftest import ROOT, SAMPLES
from test_cli import AS_OF, FAULTY
from test_cli import run as cli

from audit.model.check import Severity
from audit.model.result import Baseline, Judgement, Reason, Run, Unreadable, Verdict, Waiver
from audit.reports import ci, junit, places, sarif
from audit.reports.words import Words
from audit.repository import relative, root

WORDS = Words.of("en")
SCHEMAS = Path(__file__).parent / "schemas"
SARIF = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")))
JUNIT = lxml.etree.XMLSchema(lxml.etree.parse(SCHEMAS / "junit-10.xsd"))
HOSTILE = "a|b <img src=x> `c` [d](javascript:e)\r\n::error::forged % 100%0A ]]> \x00\x1b\ufffe @everyone https://203.0.113.7"
BROKEN = Judgement(Verdict.BROKEN, Reason("broken", "ZeroDivisionError: no such luck"))


@pytest.fixture(scope="module")
def run(examine, catalogue):
    audits = [audit for path in SAMPLES for audit in examine(path, path.relative_to(ROOT).as_posix())]
    return Run(audits=audits, checks=catalogue.checks, catalogue_sha256=catalogue.sha256)


@pytest.fixture
def failed(run):
    """A run in which a check is broken and a file cannot be read."""
    audit = dataclasses.replace(run.audits[0], judgements=run.audits[0].judgements | {"DS03": BROKEN})
    return dataclasses.replace(run, audits=[audit], unreadable=[Unreadable("a b/ü,:%.txt", "no\nrecord", line=3)])


@pytest.fixture
def hostile(run):
    """A run in which the record's number, a label, a quote and the values in the messages try to be markup or commands."""
    old = next(audit for audit in run.audits if audit.findings)
    number = dataclasses.replace(old.registration.trial_id, text=HOSTILE)
    value = dataclasses.replace(old.findings[0].evidence[0].value, text=HOSTILE, label=HOSTILE)
    blanks = dict.fromkeys(old.findings[0].blanks, HOSTILE)
    finding = dataclasses.replace(old.findings[0], evidence=(value.whole(), value.whole()), blanks=blanks)
    audit = dataclasses.replace(
        old, registration=dataclasses.replace(old.registration, trial_id=number), findings=(finding,), waived=()
    )
    return dataclasses.replace(run, audits=[audit])


@pytest.fixture
def held(run):
    """A run with one finding waived and one known from the baseline."""
    old = next(audit for audit in run.audits if len(audit.findings) > 2)
    waiver = Waiver("IRCT1", old.findings[0].check.code, ("f",), "The registry was told.", "A. Committee", date(2027, 1, 31))
    waived, known, *rest = old.findings
    audit = dataclasses.replace(old, findings=tuple(rest), waived=(dataclasses.replace(waived, waiver=waiver),), known=(known,))
    return dataclasses.replace(run, audits=[audit], baseline=Baseline("b.json"))


def as_sarif(run):
    log = json.loads(sarif.render(run, WORDS))
    SARIF.validate(log)
    (made,) = log["runs"]
    return made


def as_junit(run):
    document = lxml.etree.fromstring(junit.render(run, WORDS))
    JUNIT.assertValid(document)
    return document


def test_sarif_has_a_result_for_each_finding_with_its_rule_and_fingerprint(run):
    made = as_sarif(run)

    findings = [finding for audit in run.audits for finding in audit.findings]
    assert [result["partialFingerprints"]["trialAudit/v1"] for result in made["results"]] == [f.fingerprint for f in findings]
    assert [result["level"] for result in made["results"]] == [f.severity.value for f in findings]
    rules = made["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in made["results"]] == [f.check.code for f in findings]
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)
    assert [rule["id"] for rule in rules if not rule.get("helpUri", "https://").startswith("https://")] == []
    assert sum("helpUri" in rule for rule in rules) > len(rules) / 2


def test_sarif_regions_are_where_the_quotes_stand(run):
    checked = 0
    for result in as_sarif(run)["results"]:
        for location in (*result["locations"], *result["relatedLocations"]):
            physical = location["physicalLocation"]
            region = physical["region"]
            lines = (ROOT / physical["artifactLocation"]["uri"]).read_bytes().decode("utf-8-sig").split("\n")
            text = lines[region["startLine"] - 1 : region["endLine"]]
            text[-1] = text[-1][: region["endColumn"] - 1]
            text[0] = text[0][region["startColumn"] - 1 :]
            assert "\n".join(text) == region["snippet"]["text"]
            checked += 1

    assert checked == sum(len(finding.evidence) for audit in run.audits for finding in audit.findings) > 100


def test_sarif_tells_what_failed(failed):
    made = as_sarif(failed)

    (invocation,) = made["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert any("no\nrecord" in text for text in said)
    assert any("ZeroDivisionError" in text for text in said)
    file = invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert file == "a%20b/%C3%BC%2C%3A%25.txt"


def test_sarif_suppresses_what_is_waived_and_marks_what_is_known(held):
    results = as_sarif(held)["results"]

    suppressed = [result["suppressions"] for result in results if "suppressions" in result]
    assert suppressed == [[{"kind": "external", "status": "accepted", "justification": "The registry was told. (A. Committee, until 2027-01-31)"}]]  # fmt: skip
    assert [result["baselineState"] for result in results].count("unchanged") == 1
    assert "new" in {result["baselineState"] for result in results}


def test_a_quote_of_a_pdf_has_no_line_of_the_file(run):
    audit = next(audit for audit in run.audits if audit.findings)
    source = dataclasses.replace(audit.registration.source, kind="pdf", pages=(0,))
    place = audit.findings[0].evidence[0]

    assert places.spot(place, source) == places.Spot(relative(source.path))


def test_a_quote_of_a_structured_file_has_the_line_where_its_value_begins(run):
    audit = next(audit for audit in run.audits if audit.findings)
    source = dataclasses.replace(audit.registration.source, kind="structured", text="")
    value = dataclasses.replace(audit.findings[0].evidence[0].value, path="/arms/0", line=7)
    finding = dataclasses.replace(audit.findings[0], evidence=(value.whole(),))
    registration = dataclasses.replace(audit.registration, source=source)
    changed = dataclasses.replace(run, audits=[dataclasses.replace(audit, registration=registration, findings=(finding,))])

    (location,) = as_sarif(changed)["results"][0]["locations"]

    assert location["physicalLocation"]["region"] == {"startLine": 7, "snippet": {"text": value.text}}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/arms/0", "kind": "value"}]


def test_junit_has_a_suite_for_each_record_and_a_case_for_each_check(run):
    document = as_junit(run)

    suites = document.findall("testsuite")
    assert [suite.get("name") for suite in suites] == [audit.registration.trial_id.text for audit in run.audits]
    assert {len(suite.findall("testcase")) for suite in suites} == {len(run.checks)}
    assert document.get("tests") == str(len(suites) * len(run.checks))


@pytest.mark.parametrize("level", [*Severity, None])
def test_junit_fails_what_the_level_refuses(run, level):
    document = as_junit(dataclasses.replace(run, fail_on=level))

    refused = {
        (audit.registration.trial_id.text, finding.check.code)
        for audit in run.audits
        for finding in audit.findings
        if level and finding.severity.rank <= level.rank
    }
    assert int(document.get("failures")) == len(refused)
    assert int(document.get("errors")) == 0


def test_junit_tells_every_verdict(failed, held):
    document = as_junit(failed)
    kinds = {one.get("type") for one in document.iter("skipped")}

    assert kinds == {"not_applicable", "not_assessable"}
    assert {one.get("type") for one in document.iter("error")} == {"broken", "unreadable"}
    skipped = {one.get("type"): one.get("message") for one in as_junit(held).iter("skipped")}
    assert skipped["waived"] == "waived by A. Committee until 2027-01-31: The registry was told."
    assert "baseline" in skipped["known"]


def test_github_annotates_worst_first_and_says_what_is_not_shown(run):
    *lines, last = ci.render_github(run, WORDS).splitlines()

    kinds = [line[2:].partition(" ")[0] for line in lines]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert len(lines) == sum(len(audit.findings) for audit in run.audits)
    errors = kinds.count("error")
    assert errors > 10
    assert f"GitHub shows 10 annotations of a kind a step: {errors - 10} of {errors} errors" in last


def test_github_shows_all_when_there_are_few(run):
    few = dataclasses.replace(run, audits=[dataclasses.replace(run.audits[0], findings=())])

    assert ci.render_github(few, WORDS) == "trial-audit: 1 records, 0 errors, 0 warnings, 0 notices.\n"


def test_github_annotations_lead_to_the_line(run):
    audit = next(audit for audit in run.audits if audit.findings)
    line = ci.render_github(dataclasses.replace(run, audits=[audit]), WORDS).splitlines()[0]

    head = line.split("::")[1]
    place = places.primary(audit, sorted(audit.findings, key=lambda f: (f.severity.rank, f.confidence.rank))[0])
    assert f"file={place.file},line={place.line},endLine={place.end_line}" in head
    assert ",title=" in head


def test_no_record_gives_a_command_or_markup(hostile):
    annotations = ci.render_github(hostile, WORDS).splitlines()
    summary = ci.render_summary(hostile, WORDS)
    as_sarif(hostile)
    as_junit(hostile)

    assert len(annotations) == 2
    assert annotations[1].startswith("trial-audit: ")
    assert "%0D%0A::error::forged %25 100%250A" in annotations[0]
    shown = lxml.html.fromstring(mistune.create_markdown(escape=False, plugins=["table", "url", "strikethrough"])(summary))
    assert {one.tag for one in shown.iter()} <= {"div", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert [len(row) for row in shown.iter("tr")] == [5, 5]
    assert "@everyone" not in summary


def test_github_tells_what_failed_first(failed):
    lines = ci.render_github(failed, WORDS).splitlines()

    assert any(line.startswith("::error file=a b/ü%2C%3A%25.txt,line=3,title=cannot be read::no%0Arecord") for line in lines[:2])
    assert any("title=DS03 is broken::" in line for line in lines[:2])


def test_gitlab_has_what_gitlab_reads_and_no_fingerprint_twice(run):
    issues = json.loads(ci.render_gitlab(run, WORDS))

    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 10
    for issue in issues:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert (ROOT / issue["location"]["path"]).is_file()
        assert issue["location"]["lines"]["begin"] >= 1


def test_the_summary_counts_lists_and_is_not_too_large(run, held, failed):
    findings = [finding for audit in run.audits for finding in audit.findings]
    many = dataclasses.replace(run, audits=run.audits * (250 // len(findings) + 1))
    summary = ci.render_summary(many, WORDS)

    assert summary.count("\n| error |") + summary.count("\n| warning |") + summary.count("\n| note |") == 200
    assert "more findings are not listed here" in summary
    assert len(summary.encode()) < 1_000_000
    assert "The registry was told" in ci.render_summary(held, WORDS)
    assert "1 finding known from the baseline b.json and not counted." in ci.render_summary(held, WORDS)
    assert "### Not complete" in ci.render_summary(failed, WORDS)


def test_a_finding_that_depends_on_the_day_says_so_everywhere(run):
    audit, finding = next((audit, one) for audit in run.audits for one in audit.findings if one.depends_on_as_of)
    alone = dataclasses.replace(run, audits=[dataclasses.replace(audit, findings=(finding,))])

    for made in (
        sarif.render(alone, WORDS), junit.render(alone, WORDS).decode(), ci.render_github(alone, WORDS),
        ci.render_gitlab(alone, WORDS), ci.render_summary(alone, WORDS).replace("\\", ""),
    ):  # fmt: skip
        assert f"Decided as of {audit.as_of}." in made


def test_paths_are_relative_to_the_repository(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "trials" / "one"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)

    assert root() == tmp_path
    assert relative("record.txt") == "trials/one/record.txt"
    assert relative("../two.txt") == "trials/two.txt"
    assert relative(str(inner / "record.txt")) == "trials/one/record.txt"
    assert relative("/elsewhere/x.txt") == "/elsewhere/x.txt"


def test_several_outputs_in_one_run_and_a_summary(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    outputs = {"sarif": tmp_path / "a.sarif", "text": tmp_path / "b.txt", "json": "-"}
    options = [part for form, file in outputs.items() for part in ("--format", form, "--output", file)]

    code, out, _ = cli("check", FAULTY, "--checks", "DS03", *AS_OF, *options, "--summary", tmp_path / "c.md")

    assert code == 1
    assert json.loads(out)["summary"]["findings"]["error"] == 1
    SARIF.validate(json.loads((tmp_path / "a.sarif").read_text(encoding="utf-8")))
    assert (tmp_path / "b.txt").read_text(encoding="utf-8").startswith(f"{FAULTY.as_posix()}: IRCT")
    assert "| error |" in (tmp_path / "c.md").read_text(encoding="utf-8")

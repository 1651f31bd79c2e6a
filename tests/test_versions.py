"""Two versions of a record: what changed, which outcome is which, and the findings that came and went."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
from click import unstyle
from click.testing import CliRunner
from conftest import AS_OF, ROOT, SHARED
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from audit.cli import cli
from audit.engine.versions import changes, compare, days_after_start
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.model.registration import Registration, as_earlier
from audit.model.result import Verdict
from audit.readers import read_bytes, read_path
from audit.readers.draft import registration
from audit.reports import diff
from audit.reports.words import Words

CLEAN = ROOT / "sample_records" / "irct" / "clean.txt"
VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")
SCHEMAS = ROOT / "audit" / "schemas"


def validator():
    """The schema of the comparison, with that of the findings which it refers to."""
    named = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    registry = Registry().with_resources((name, Resource.from_contents(one)) for name, one in named.items())
    return Draft202012Validator(named["trial-audit-diff-1.schema.json"], registry=registry)


def between(old, new):
    """What changed: (field, kind) of each change."""
    return [(one.field, one.kind) for one in changes(registration(old), registration(new), VOCABULARY)]


@pytest.mark.parametrize(
    ("field", "old", "new", "kind"),
    [
        ("target_sample_size", "60", "80", "changed"),
        ("target_sample_size", "1,200", "1200", "format_only"),
        ("minimum_age", "18 years", "216 months", "format_only"),
        ("minimum_age", "no limit", "18 years", "changed"),
        ("maximum_age", "65 years", "60 years", "changed"),
        ("expected_recruitment_start", "2024-06-15", "2024-06-15, 1403/03/26", "format_only"),
        ("expected_recruitment_start", "2024-06-15", "2024-07-15", "changed"),
        ("blinding", "Double blinded", "double", "format_only"),
        ("blinding", "Double blinded", "Single blinded", "changed"),
        ("phase", "2-3", "2020-03-02 00:00:00", "format_only"),
        ("acronym", "empty", "WARTS", "added"),
        ("acronym", "WARTS", "empty", "removed"),
        ("inclusion_criteria", "Age \u2265 18;  warts", "age &ge; 18; warts<br>", "format_only"),
        ("inclusion_criteria", "BMI > 30", "BMI < 30", "changed"),
        ("inclusion_criteria", "Interferon \u00c3\u0178", "Interferon \u00df", "format_only"),
        ("inclusion_criteria", "Interferon-\u03b1", "Interferon-\u03b2", "changed"),
        ("inclusion_criteria", "5 mg", "50 mg", "changed"),
        ("inclusion_criteria", "\u0632\u06af\u064a\u0644 \u06f5", "\u0632\u06af\u06cc\u0644 5", "format_only"),
    ],
)
def test_a_field_changed_or_only_its_notation(field, old, new, kind):
    assert between({field: old}, {field: new}) == [(field, kind)]


def test_what_one_export_cannot_show_is_not_compared():
    assert between({"target_sample_size": 60, "blinding": "double"}, {"target_sample_size": 60}) == []


def outcomes(old, new):
    return between(
        {"primary_outcomes": old[0], "secondary_outcomes": old[1]}, {"primary_outcomes": new[0], "secondary_outcomes": new[1]}
    )


PAIN = {"description": "Pain intensity", "timepoint": "6 weeks", "method": "Visual analogue scale"}


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (([PAIN], "empty"), ([PAIN], "empty"), []),
        (([PAIN], "empty"), ([PAIN | {"timepoint": "12 weeks"}], "empty"), ["change_timing"]),
        (([PAIN], "empty"), ([PAIN | {"timepoint": "after 42 days"}], "empty"), ["no_change"]),
        (([PAIN], "empty"), ([PAIN | {"timepoint": "empty"}], "empty"), ["omitted_timing"]),
        (([PAIN | {"timepoint": "empty"}], "empty"), ([PAIN], "empty"), ["added_timing"]),
        (([PAIN], "empty"), ([PAIN, "Sleep quality"], "empty"), ["new_primary"]),
        ((["Sleep quality", PAIN], "empty"), ([PAIN], "empty"), ["primary_omitted"]),
        ((["Sleep quality", PAIN], "empty"), ([PAIN, "Sleep quality"], "empty"), []),
        ((["Sleep quality"], [PAIN]), ([PAIN], ["Sleep quality"]), ["primary_from_secondary", "primary_to_secondary"]),
        ((["Anxiety"], "empty"), (["Depression"], "empty"), ["change_measurement"]),
        (([PAIN], ["Sleep quality"]), ([PAIN], "empty"), ["removed"]),
        (
            ([{"description": "Response of lesions", "timepoint": "3 months"}], "empty"),
            (
                [
                    {
                        "description": "Response of Lesions",
                        "timepoint": "3 months",
                        "method": "Response was defined as regression in histology and a negative smear, measured by two blinded pathologists with the Bethesda criteria.",
                    }
                ],
                "empty",
            ),
            ["added_measurement"],
        ),
        ((["PFS at 2 years"], "empty"), (["Progression-free survival at 2 years (PFS)"], "empty"), ["no_change"]),
        ((["Nausea and pruritus"], "empty"), (["Nausea"], "empty"), ["change_measurement"]),
        ((["Nausea and pruritus"], "empty"), (["Pruritus", "Nausea"], "empty"), ["no_change"]),
        (
            (["Visual field"], "empty"),
            (["Visual field, left eye", "Visual field, right eye"], "empty"),
            ["no_change", "new_primary"],
        ),
        (
            (["Graft survival"], "empty"),
            (["Graft survival: interim analysis", "Graft survival: final analysis"], "empty"),
            ["no_change"],
        ),
        (
            ([{"description": "Relapse", "timepoint": "various"}], "empty"),
            ([{"description": "Relapse", "timepoint": "until the cut-off date (3 March 2031)"}], "empty"),
            ["added_timing"],
        ),
        (
            ([{"description": "Relapse", "timepoint": "1 year"}], "empty"),
            (
                [
                    {
                        "description": "Relapse",
                        "timepoint": "1 year",
                        "method": "Differences were analysed using a mixed model with centre, sex, weight and smoking as covariates.",
                    }
                ],
                "empty",
            ),
            ["no_change"],
        ),
    ],
)
def test_outcomes_are_paired_by_their_meaning(old, new, kinds):
    assert [kind for _, kind in outcomes(old, new)] == kinds


def test_days_are_counted_from_the_start_to_the_newer_version():
    old = registration({"expected_recruitment_start": "2024-03-01", "registration_date": "2024-01-01"})
    new = registration({"expected_recruitment_start": "2024-03-01", "last_update": "2024-03-31"})
    draft = registration({"expected_recruitment_start": "2024-03-01"})
    published = registration({"expected_recruitment_start": "2024-03-01", "registration_date": "2024-02-01"})

    assert days_after_start(old, new) == 30
    assert days_after_start(draft, published) == -29
    assert days_after_start(old, registration({"expected_recruitment_start": "2024-03"})) is None


def test_findings_come_go_and_stay_also_when_a_line_moved(engine):
    before = {"trial_id": "IRCT20990101099991N1", "last_update": "2024-02-01", "blinding": "Not blinded", "placebo": "Used"}
    dates = {"expected_recruitment_start": "2024-06-01", "expected_recruitment_end": "2024-05-01"}
    old, new = registration(before | dates), registration(before | {"target_sample_size": "many"})
    was, now = engine.examine([old, new], AS_OF)
    one = compare(was, now, engine.vocabulary)
    codes = {name: {finding.check.code for finding in getattr(one, name)} for name in ("introduced", "resolved", "open")}

    assert "SS01" in codes["introduced"]
    assert "DT03" in codes["resolved"]
    assert "PL04" in codes["open"]


def test_evidence_of_the_earlier_version_names_its_source(engine):
    [old] = read_bytes(b"trial-audit-draft: 1\nlast_update: 2024-01-01\ntarget_sample_size: 60\n", "old.yaml")
    text = "trial-audit-draft: 1\ntrial_id: IRCT20990101099991N1\nactual_recruitment_start: 2024-02-01\nlast_update: 2024-06-01\ntarget_sample_size: 90\n"
    [new] = read_bytes(text.encode(), "new.yaml")
    from dataclasses import replace

    record = replace(new, earlier=as_earlier(replace(old, is_draft=False)))
    [audit] = engine.examine([record], AS_OF)
    [finding] = [one for one in audit.findings if one.check.code == "XV04"]
    from audit.reports.json_ import evidence

    said = [evidence(place, record.source) for place in finding.evidence]

    assert [(one["quote"], one["line"], one.get("source", {}).get("path")) for one in said] == [
        ("60", 3, "old.yaml"),
        ("90", 5, None),
    ]
    assert "(earlier version)" in said[0]["label"]


def test_a_draft_has_no_earlier_registration(engine):
    from dataclasses import replace

    [draft] = read_bytes(b"trial-audit-draft: 1\ntarget_sample_size: 60\n", "old.yaml")
    record = replace(registration({"target_sample_size": 90, "last_update": "2024-06-01"}), earlier=as_earlier(draft))
    [audit] = engine.examine([record], AS_OF)

    assert audit.judgements["XV04"].verdict is Verdict.NOT_ASSESSABLE


@pytest.fixture
def versions(tmp_path):
    """The clean sample as it was, as a draft of it, and as it became."""
    text = CLEAN.read_text(encoding="utf-8")
    size = re.search(r"(?m)^(Target sample size\W+)(\d+)", text)
    changed = text.replace(size[0], f"{size[1]}{int(size[2]) + 50}", 1)
    assert changed != text
    (tmp_path / "old.txt").write_text(text, encoding="utf-8")
    (tmp_path / "new.txt").write_text(changed, encoding="utf-8")
    said = CliRunner().invoke(cli, ["init", str(tmp_path / "draft.yaml"), "--from", str(CLEAN)])
    assert said.exit_code == 0, said.output
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(cli, ["diff", *map(str, arguments)])


def test_the_json_is_of_the_schema_and_its_quotes_are_verbatim(versions):
    said = run(versions / "old.txt", versions / "new.txt", "--format", "json", "--as-of", "2026-06-11")
    data = json.loads(said.stdout)
    text = (versions / "new.txt").read_text(encoding="utf-8")

    assert said.exit_code == 0
    assert [error.message for error in validator().iter_errors(data)] == []
    assert [(one["field"], one["kind"]) for one in data["changes"]] == [("target_sample_size", "changed")]
    after = data["changes"][0]["after"]
    assert text[after["start"] : after["end"]] == after["quote"]
    assert data["changes"][0]["days_after_start"] == 401
    assert "XV04" in {one["check"] for one in data["findings"]["introduced"]}
    assert run(versions / "old.txt", versions / "new.txt", "--fail-on", "warning").exit_code == 1


def test_a_draft_is_compared_with_what_the_registry_published(versions):
    said = run(versions / "draft.yaml", versions / "old.txt", "--format", "json")
    data = json.loads(said.stdout)

    assert {one["kind"] for one in data["changes"]} <= {"format_only", "no_change"}
    assert data["old"]["reader"] == "draft"
    assert data["findings"]["introduced"] == []


def test_text_html_and_pdf(versions):
    text = unstyle(run(versions / "old.txt", versions / "new.txt").output)
    pages = {}
    for form in ("html", "pdf"):
        for language in ("en", "fa"):
            file = versions / f"{language}.{form}"
            said = run(versions / "old.txt", versions / "new.txt", "--format", form, "--output", file, "--lang", language)
            assert said.exit_code == 0, said.output
            pages[language, form] = file.read_bytes()

    assert "Target sample size: changed" in text
    assert "Findings introduced" in text
    assert "Target sample size" in pages["en", "html"].decode()
    assert 'dir="rtl"' in pages["fa", "html"].decode()
    assert [pages[language, "pdf"][:4] for language in ("en", "fa")] == [b"%PDF", b"%PDF"]


def test_records_of_two_exports_are_paired_by_their_numbers():
    export = ROOT / "sample_records" / "ictrp" / "export.csv"
    every = run(export, export, "--format", "json")
    one = run(export, export, "--record", "ChiCTR2099000001", "--format", "json")
    none = run(export, export, "--record", "NCT99999990", "--format", "json")

    assert (every.exit_code, one.exit_code, none.exit_code) == (0, 0, 2)
    assert [one for data in json.loads(every.stdout) for one in data["changes"]] == []
    assert [error.message for error in validator().iter_errors(json.loads(every.stdout))] == []
    assert json.loads(one.stdout)["record"] == "ChiCTR2099000001"
    assert "there is no record NCT99999990" in none.output


def test_what_cannot_be_read_ends_with_3(versions):
    assert run(versions / "nowhere.txt", versions / "new.txt").exit_code == 3


def test_every_kind_has_words_in_both_languages():
    kinds = json.loads((SCHEMAS / "trial-audit-diff-1.schema.json").read_text(encoding="utf-8"))
    named = set(kinds["$defs"]["comparison"]["properties"]["changes"]["items"]["properties"]["kind"]["enum"])

    assert [language for language in ("en", "fa") if set(Words.of(language).report["report"]["diff"]["kinds"]) != named] == []
    assert diff.SCHEMA == "trial-audit-diff/1"
    assert date(2026, 6, 11) == AS_OF


ROWS = SHARED / "data" / "ictrp" / "irct_row_versions.csv"


@pytest.mark.skipif(not ROWS.is_file(), reason="the development data are not here")
def test_real_changes_of_rows_are_found_and_nothing_else():

    with ROWS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    records = [one for one in read_path(Path(ROWS), ROWS.name) if isinstance(one, Registration)]
    columns = {"Target size": "target_sample_size", "Inclusion agemin": "minimum_age", "Inclusion agemax": "maximum_age"}
    columns["Date enrollement"] = "expected_recruitment_start"
    wrong = []
    latest = {}
    for row, record in sorted(zip(rows, records, strict=True), key=lambda pair: pair[0]["snapshot"]):
        before = latest.get(row["TrialID"])
        latest[row["TrialID"]] = (row, record)
        if before is None:
            continue
        found = {one.field for one in changes(before[1], record, VOCABULARY) if not one.is_wording}
        for column, field in columns.items():
            plain = [" ".join(one[column].removesuffix(" 00:00:00").split()) for one in (before[0], row)]
            if (plain[0] != plain[1]) != (field in found):
                wrong.append((row["TrialID"], column, plain))

    assert wrong == []


def asked(*arguments):
    return run(*arguments, "--as-of", "2026-06-11")


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_persons_are_blackened_in_both_versions(form, tmp_path):
    text = CLEAN.read_text(encoding="utf-8")
    name = re.search(r"Registrant information\s+Name\s+(.+)", text)[1].strip()
    mail = re.search(r"\S+@\S+", text)[0]
    (tmp_path / "old.txt").write_text(
        text.replace("IRCT registration number", f"Asked of {name}, {mail}\nIRCT registration number", 1), encoding="utf-8"
    )
    (tmp_path / "new.txt").write_text(
        text.replace(mail, "nobody@example.org").replace(name, "Zibandeh Rahpeyma"), encoding="utf-8"
    )
    plain, black = (
        asked(tmp_path / "old.txt", tmp_path / "new.txt", "--format", form, *extra).stdout
        for extra in ([], ["--redact-contacts"])
    )

    assert name in plain
    assert mail in plain
    for said in (name, mail, "nobody@example.org", "Zibandeh Rahpeyma"):
        assert said not in black
    assert "█" in black

"""Records of a run compared with one another: who is compared with whom, the same findings however the run is made, and quotes of the other record."""

import csv
import io
import json
import random

import pytest
from batches import export, rows, write
from click.testing import CliRunner
from conftest import ROOT, SHARED

import audit.batch
from audit.cli import cli
from audit.engine.across import Across, sign, together
from audit.engine.examine import Engine
from audit.engine.kinship import runs, similarity
from audit.folders import folder
from audit.model.result import Verdict
from audit.pipeline import Settings, audit_paths
from audit.readers.draft import registration
from audit.spool import Spool

AS_OF = ("--as-of", "2026-06-11")
CHECKS = ("XR01", "XR02", "XR03", "XR04", "XR05", "ET07", "TX12")
COMPARING = ("--checks", ",".join(CHECKS))
DETAILS = (
    "The tablets are counted by a nurse of another ward, who writes the number on a card and keeps the card in a locked drawer."
)


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, [str(one) for one in arguments], input=stdin, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def check(*paths, form="jsonl", **options):
    return run("check", *paths, "--format", form, *AS_OF, *COMPARING, "--fail-on", "never", **options)


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def found(text, code="XR04"):
    return {one["id"]: [f for f in one["findings"] if f["check"] == code] for one in records(text)}


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(audit.batch, "CHUNK", 3)
    monkeypatch.setattr(audit.batch, "_FEW", 3)


@pytest.fixture
def examined(monkeypatch):
    """The numbers of the rows that were examined in this process."""
    seen = []
    plain = audit.batch.Workshop.examine

    def counted(workshop, raws, others=()):
        seen.extend(raw.origin.number for raw in raws)
        return plain(workshop, raws, others)

    monkeypatch.setattr(audit.batch.Workshop, "examine", counted)
    return seen


def table(*changes):
    """Return an export of six trials and, for each of *changes*, one more: the first under another number, with other cells."""
    names, *six = rows(6)
    made = [names, *six]
    for number, change in enumerate(changes):
        cells = list(six[0])
        cells[names.index("TrialID")] = f"IRCT2099010177{number:04}N1"
        for name, text in change.items():
            cells[names.index(name)] = text
        made.append(cells)
    return made


COPY = {"Target size": "99"}
FIRST, SECOND = "IRCT20990101000000N1", "IRCT20990101770000N1"


# Who is compared with whom


def record(number, text, **more):
    return registration({"trial_id": number, "public_title": text[:60], "arms": [text], **more})


def sentence(chance, length=60):
    return " ".join("".join(chance.choice("abcdefghijklmnop") for _ in range(6)) for _ in range(length))


def test_planted_copies_are_found_among_many_and_few_pairs_are_looked_at():
    chance = random.Random(1)
    texts = [sentence(chance) for _ in range(1500)]
    for at in range(50):  # one word in sixty is another
        words = texts[at].split()
        words[40] = "another"
        texts.append(" ".join(words))
    across = Across()
    signed = [record(f"IRCT20990101{at:06}N1", text) for at, text in enumerate(texts)]
    for one in signed:
        across.add(sign(one))

    others = across.others()

    assert all(similarity(runs(signed[at]), runs(signed[1500 + at])) > 0.85 for at in range(50))
    assert {at: one for at, one in others.items() if at < 1500} == {at: (1500 + at,) for at in range(50)}
    assert sum(map(len, others.values())) == 100


def test_versions_of_a_trial_are_not_compared_and_formats_of_it_are():
    english = {"trial_id": FIRST, "public_title": "Zinc in warts", "target_sample_size": 60}
    versions = [registration(english), registration(english | {"target_sample_size": 70})]
    persian = registration(english | {"language": "fa"})

    assert together(versions) == [None, None]
    assert [len(one or ()) for one in together([*versions, persian])] == [1, 1, 1]


def test_a_sentence_that_everybody_has_is_compared_with_nobody_s():
    few = [record(f"IRCT2099010100{at:04}N1", "Zinc", blinding_description=DETAILS) for at in range(5)]
    many = [record(f"IRCT2099010100{at:04}N1", "Zinc", blinding_description=DETAILS) for at in range(60)]

    assert all(together(few))
    assert not any(together(many))


def test_three_records_of_other_teams_are_compared_and_named():
    teams = [
        record(f"IRCT2099010100{at:04}N{nth}", "Zinc", blinding_description=DETAILS)
        for at, nth in ((1, 1), (1, 2), (2, 1), (3, 1))
    ]

    others = [[one.trial_id.text for one in beside] for beside in together(teams)]

    assert others[0][:2] == ["IRCT20990101000002N1", "IRCT20990101000003N1"]
    assert others[3][:2] == ["IRCT20990101000001N1", "IRCT20990101000002N1"]


def test_records_are_linked_by_the_numbers_that_one_of_them_gives():
    one = record(FIRST, "Zinc", secondary_ids=["NCT99999999; U1111-1234-5678"])
    other = record("NCT99999999", "Copper", registry="ClinicalTrials.gov")
    third = record("EUCTR2099-000001-11-ES", "Tin", registry="EUCTR", secondary_ids=["U1111-1234-5678"])

    assert [[one.trial_id.text for one in beside or ()] for beside in together([one, other, third])] == [
        ["NCT99999999", "EUCTR2099-000001-11-ES"],
        [FIRST],
        [FIRST],
    ]


def test_a_spool_gives_back_what_it_was_given():
    batches = [[1, "a"], [], ["\ud800", None]]
    with Spool() as spool:
        for batch in batches:
            spool.add(batch)

        assert list(spool) == batches
        assert spool[2] == batches[2]


# A run


def test_a_copy_is_found_and_quoted_where_it_stands(tmp_path):
    source = write(tmp_path / "export.csv", table(COPY))

    code, out, _ = check(source)
    by_id = found(out)

    assert code == 0
    assert [one for one in by_id if by_id[one]] == [FIRST, SECOND]
    (finding,) = by_id[FIRST]
    assert SECOND in finding["message"]
    assert finding["question"].startswith("Are the two records of one trial, or of two trials")
    quoted = [one for one in finding["evidence"] if one.get("record") == SECOND]
    assert len(quoted) == len(finding["evidence"]) / 2 >= 3
    cells = list(csv.reader(io.StringIO(source.read_text(encoding="utf-8"))))
    for one in finding["evidence"]:
        row, column = one["path"].removeprefix("row ").split(", column ")
        cell = cells[int(row) - 1][cells[0].index(column)]
        assert cell[one["start"] : one["end"]] == one["quote"]
        assert row == ("8" if "record" in one else "2")
        assert one.get("source", {}).get("path", str(source)) == source.as_posix()


def test_one_record_or_each_alone_is_not_assessable(tmp_path):
    names, first, *_ = rows(1)
    one = records(check(write(tmp_path / "one.csv", [names, first]))[1])
    many = records(check(write(tmp_path / "many.csv", table(COPY)), "--alone")[1])
    versions = records(check(write(tmp_path / "versions.csv", [names, first, first]))[1])

    for audited in (*one, *many, *versions):
        assert audited["verdicts"]["XR04"] == {"verdict": "not_assessable", "reason": "this needs other records to compare with"}
        assert audited["findings"] == []


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "text"])
def test_two_processes_and_a_store_give_the_same_bytes(form, tmp_path, small_chunks):
    source = write(tmp_path / "export.csv", table(COPY, COPY | {"Phase": "2"}))
    store = ("--store", tmp_path / "store.db")

    _, one, _ = check(source, "--jobs", 1, form=form)

    assert "XR04" in one
    assert check(source, "--jobs", 2, form=form)[1] == one
    assert check(source, "--jobs", 2, *store, form=form)[1] == one
    assert check(source, "--jobs", 1, *store, form=form)[1] == one


def test_the_whole_run_at_once_says_the_same(tmp_path):
    source = write(tmp_path / "export.csv", table(COPY))

    whole = audit_paths([str(source)], Settings(checks=CHECKS))
    streamed = records(check(source)[1])

    assert [{code: said.verdict.value for code, said in one.judgements.items()} for one in whole.audits] == [
        {code: said["verdict"] for code, said in one["verdicts"].items()} for one in streamed
    ]
    assert [[f.fingerprint for f in one.findings] for one in whole.audits] == [
        [f["fingerprint"] for f in one["findings"]] for one in streamed
    ]


def test_standard_input_is_compared_too(tmp_path):
    source = write(tmp_path / "export.csv", table(COPY))

    assert len(found(check("-", stdin=source.read_bytes())[1])[FIRST]) == 1


def test_records_that_where_leaves_out_are_compared_and_not_told(tmp_path):
    source = write(tmp_path / "export.csv", table(COPY | {"Date registration": "01/02/2001", "Date registration3": "20010201"}))

    by_id = found(check(source, "--where", "registered>=2010-01-01")[1])

    assert SECOND not in by_id
    assert SECOND in by_id[FIRST][0]["message"]


# The store


def test_what_depends_on_another_record_is_audited_anew_when_that_changes(tmp_path, examined):
    source, store = tmp_path / "export.csv", ("--store", tmp_path / "store.db")
    check(write(source, table(COPY)), *store)
    examined.clear()
    check(source, *store)
    assert examined == []

    _, out, _ = check(
        write(source, table(COPY | {"Public title": "Copper for pain", "Scientific title": "Copper for pain"})), *store
    )

    assert examined == [1, 7]
    assert not any(found(out).values())
    assert out == check(source)[1]


def test_a_record_that_comes_or_goes_is_seen_by_its_like(tmp_path, examined):
    source, store = tmp_path / "export.csv", ("--store", tmp_path / "store.db")
    check(write(source, table()), *store)
    examined.clear()

    _, more, _ = check(write(source, table(COPY)), *store)
    came = list(examined)
    examined.clear()
    _, less, _ = check(write(source, table()), *store)

    assert came == [1, 7]
    assert examined == []
    assert [len(found(out)[FIRST]) for out in (more, less)] == [1, 0]


def test_places_of_the_other_record_hold_when_rows_move(tmp_path):
    source, store = tmp_path / "export.csv", ("--store", tmp_path / "store.db")
    names, *lines = table(COPY)
    for order in (lines, lines[::-1], [*lines[3:], *lines[:3]]):
        write(source, [names, *order])
        assert check(source, *store)[1] == check(source)[1]


def test_alone_and_in_company_are_kept_apart(tmp_path):
    source, store = write(tmp_path / "export.csv", table(COPY)), ("--store", tmp_path / "store.db")

    alone, together_ = check(source, *store, "--alone")[1], check(source, *store)[1]

    assert not any(found(alone).values())
    assert found(together_)[FIRST]


# Other checks, across files


def test_the_same_trial_in_two_registries_is_compared(tmp_path):
    studies = json.loads((ROOT / "sample_records" / "ctgov" / "studies.json").read_text(encoding="utf-8"))
    (study, *_) = studies["studies"] if isinstance(studies, dict) else studies
    sections = study["protocolSection"]
    title = sections["identificationModule"]["briefTitle"]
    sections["identificationModule"]["secondaryIdInfos"] = [{"id": FIRST, "type": "REGISTRY"}]
    (tmp_path / "study.json").write_text(json.dumps(study), encoding="utf-8")
    names, first, *_ = rows(1)
    for name, text in (("Public title", title), ("Target size", "1234"), ("Date enrollement", "2001-02-03")):
        first[names.index(name)] = text
    write(tmp_path / "export.csv", [names, first])

    _, out, _ = check(tmp_path / "export.csv", tmp_path / "study.json")
    (finding, *_) = found(out, "XR03")[FIRST]

    assert "in the other registry" in finding["message"]
    assert finding["evidence"][1]["source"]["path"].endswith("study.json")
    assert finding["evidence"][1]["path"].startswith("/")
    assert not any(found(out).values())


def test_a_page_and_its_export_and_an_ethics_code_used_twice(tmp_path):
    clean = (ROOT / "sample_records" / "irct" / "clean.txt").read_text(encoding="utf-8")
    number = next(word for word in clean.split() if word.startswith("IRCT2099"))
    (tmp_path / "a.txt").write_text(clean, encoding="utf-8")
    (tmp_path / "b.txt").write_text(clean.replace(number, "IRCT20990202000009N1"), encoding="utf-8")

    _, out, _ = check(tmp_path)
    (finding,) = found(out, "ET07")[number]

    assert "IRCT20990202000009N1" in finding["message"]
    for one in finding["evidence"]:
        text = (tmp_path / ("b.txt" if "record" in one else "a.txt")).read_text(encoding="utf-8")
        assert text[one["start"] : one["end"]] == one["quote"]
        assert one["line"] == text[: one["start"]].count("\n") + 1


# Tables and reports


def test_tables_and_reports_say_whose_quote_it_is(tmp_path):
    source = write(tmp_path / "export.csv", table(COPY))

    lines = list(csv.DictReader(io.StringIO(check(source, form="csv")[1])))
    run("report", source, "--out", tmp_path / "out", *AS_OF, *COMPARING)
    shown = check(source, form="text")[1]
    sarif = json.loads(check(source, form="sarif")[1])

    assert {line["other_record"] for line in lines if line["record"] == FIRST} == {"", SECOND}
    assert {line["other_path"] for line in lines if line["other_record"]} == {source.as_posix()}
    assert f"({SECOND})" in (tmp_path / "out" / f"{FIRST}.html").read_text(encoding="utf-8")
    assert f'TrialID ({SECOND}): "{SECOND}"' in " ".join(shown.split())
    assert any(result["ruleId"] == "XR04" for result in sarif["runs"][0]["results"])


def test_places_of_other_programs_are_in_the_other_record_s_file(tmp_path):
    clean = (ROOT / "sample_records" / "irct" / "clean.txt").read_text(encoding="utf-8")
    number = next(word for word in clean.split() if word.startswith("IRCT2099"))
    (tmp_path / "a.txt").write_text(clean, encoding="utf-8")
    (tmp_path / "b.txt").write_text("\n\n" + clean.replace(number, "IRCT20990202000009N1"), encoding="utf-8")

    results = json.loads(check(tmp_path, form="sarif")[1])["runs"][0]["results"]
    (one,) = (
        one
        for one in results
        if one["ruleId"] == "ET07" and one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("a.txt")
    )

    others = [place["physicalLocation"] for place in one["relatedLocations"]]
    assert others
    assert all(place["artifactLocation"]["uri"].endswith("b.txt") for place in others)
    first = one["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert others[0]["region"]["startLine"] == first + 2


# Real records


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_versions_of_real_records_are_no_near_duplicates(catalogue):
    path = SHARED / "data" / "ictrp" / "irct_row_versions.csv"
    run = audit_paths([str(path)], Settings(checks=("XR",)))

    assert len(run.audits) == 186
    assert [finding for one in run.audits for finding in one.findings] == []
    assert {one.judgements["XR04"].verdict for one in run.audits} == {Verdict.PASSED}


def test_nothing_is_found_among_trials_that_have_nothing_in_common(tmp_path, catalogue):
    across = together([record(f"IRCT2099010100{at:04}N1", sentence(random.Random(at))) for at in range(30)])
    engine = Engine(catalogue, catalogue.chosen(["XR"]), [folder("checks")])

    (audited,) = engine.examine([registration({"trial_id": FIRST, "public_title": sentence(random.Random(99)), "others": []})])

    assert across == [()] * 30
    assert audited.judgements["XR04"].verdict is Verdict.PASSED


def test_a_batch_with_many_copies_ends(tmp_path):
    source = export(tmp_path / "export.csv", 120)

    by_id = found(check(source, "--jobs", 1)[1])

    assert all(len(findings) <= 8 for findings in by_id.values())
    assert sum(map(bool, by_id.values())) > 60

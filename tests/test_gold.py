"""The three real records: what must be found, and what must not (skipped where they are not at hand)."""

import json

import pytest
from conftest import SEEDS, SHARED

GOLD = SHARED / "reference" / "gold_seeds.json"
pytestmark = pytest.mark.skipif(not GOLD.is_file() or not SEEDS, reason="the real records are not here")


@pytest.fixture(scope="module")
def audits(examine):
    return {path.stem: (path.read_text(encoding="utf-8"), examine(path, path.name)[0]) for path in SEEDS}


@pytest.fixture(scope="module")
def gold(catalogue):
    codes = {check.code for check in catalogue.checks}
    return [f for f in json.loads(GOLD.read_text(encoding="utf-8"))["findings"] if set(f["checks"]) & codes]


def spans(text, quotes):
    for quote in quotes:
        at = text.find(quote)
        while at >= 0:
            yield at, at + len(quote)
            at = text.find(quote, at + 1)


def found(gold_finding, audits):
    """Whether a check that gold names found something whose evidence overlaps gold's quotes."""
    text, audit = audits[gold_finding["record"]]
    places = [
        (place.value.start + place.start, place.value.start + place.end)
        for finding in audit.findings
        if finding.check.code in gold_finding["checks"]
        for place in finding.evidence
    ]
    return any(a < d and c < b for a, b in places for c, d in spans(text, gold_finding["quotes"]))


def test_every_finding_that_fields_decide_is_found(audits, gold):
    decided = [one for one in gold if one["detect"] == "D"]

    assert [one["id"] for one in decided if not found(one, audits)] == []
    assert len(decided) >= 30


def test_most_findings_that_text_decides_are_found(audits, gold):
    heuristic = [one for one in gold if one["detect"] == "H"]

    missed = [one["id"] for one in heuristic if not found(one, audits)]

    assert len(missed) <= 0.15 * len(heuristic), missed


def test_no_check_fires_where_gold_has_no_such_finding(audits):
    every = json.loads(GOLD.read_text(encoding="utf-8"))["findings"]
    right = {(one["record"], code) for one in every for code in one["checks"]}
    said = {
        (record, finding.check.code)
        for record, (_, audit) in audits.items()
        for finding in audit.findings
        if finding.confidence != "low"
    }

    assert set() == said - right


def test_nothing_is_broken(audits):
    assert [(r, c) for r, (_, audit) in audits.items() for c, said in audit.judgements.items() if said.verdict == "broken"] == []

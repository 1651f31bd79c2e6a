"""Every example of every check, run as it stands."""

from datetime import date

import pytest

from audit.engine import Engine
from audit.engine.load import load
from audit.folders import folder
from audit.readers.draft import registration
from audit.reports.words import Words

CHECKS = folder("checks")
CATALOGUE = load(CHECKS)
AS_OF = date(2026, 6, 11)
CASES = [
    pytest.param(check, example, id=f"{check.code}-{example.verdict}-{number}")
    for check in CATALOGUE.checks
    for number, example in enumerate(check.examples)
]


@pytest.fixture(scope="module")
def engine():
    return Engine(CATALOGUE, CATALOGUE.checks, [CHECKS])


@pytest.mark.parametrize(("check", "example"), CASES)
def test_example(engine, check, example):
    record = dict(example.record)
    as_of = record.pop("as_of", AS_OF)
    (audit,) = engine.examine([registration(record)], as_of)

    judgement = audit.judgements[check.code]

    assert (example.verdict, example.why) == (judgement.verdict, example.why), judgement.reason
    if example.says:
        finding = next(f for f in audit.findings if f.check.code == check.code)
        assert example.says == Words.of("en").message(finding)

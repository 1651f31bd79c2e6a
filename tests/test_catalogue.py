"""Every example of every check, run as it stands; every phrase of the vocabulary; and what each check must have."""

import re
from datetime import date
from functools import cache

import pytest

from audit.engine.load import load
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.model.result import Verdict
from audit.model.span import Value
from audit.readers.draft import registration
from audit.reports.words import Words

CHECKS = folder("checks")
CATALOGUE = load(CHECKS)
VOCABULARY = load_vocabulary(CHECKS / "vocabulary")


@pytest.fixture(scope="session")
def audited(engine):
    """A function: check -> the audits of its examples in their order, by the whole catalogue (in one go: a table costs a constant)."""

    @cache
    def audits(code):
        (check,) = (check for check in CATALOGUE.checks if check.code == code)
        by_day = {}
        for number, example in enumerate(check.examples):
            record = dict(example.record)
            as_of = date.fromisoformat(str(record.pop("as_of", "2026-06-11")))
            by_day.setdefault(as_of, []).append((number, registration(record)))
        made = {}
        for as_of, records in by_day.items():
            found = engine.examine([record for _, record in records], as_of)
            made |= {number: audit for (number, _), audit in zip(records, found, strict=True)}
        return made

    return audits


@pytest.mark.parametrize(
    ("check", "number"),
    [
        pytest.param(check, number, id=f"{check.code}-{example.verdict}-{number}")
        for check in CATALOGUE.checks
        for number, example in enumerate(check.examples)
    ],
)
def test_example(audited, check, number):
    example, audit = check.examples[number], audited(check.code)[number]

    judgement = audit.judgements[check.code]

    assert (example.verdict, example.why) == (judgement.verdict.value, example.why), judgement.reason
    if example.says:
        assert example.says in [Words.of("en").message(found) for found in audit.findings if found.check.code == check.code]


@pytest.mark.parametrize("check", CATALOGUE.checks, ids=lambda check: check.code)
def test_a_finding_of_the_examples_has_sentences_and_evidence(audited, check):
    words = Words.of("en")
    for number, example in enumerate(check.examples):
        if example.verdict == Verdict.FINDING:
            for found in (one for one in audited(check.code)[number].findings if one.check.code == check.code):
                assert found.evidence, example.why
                assert "{" not in words.message(found) + words.question(found)
                assert "?" in words.question(found)


def test_every_code_of_the_plan_is_built_or_says_why_not():
    """The families count without gaps: a code that is missing is in ``unbuilt.md``."""
    codes = {check.code for check in CATALOGUE.checks}
    unbuilt = set(re.findall(r"^\| ([A-Z]{2}\d\d) ", (CHECKS / "unbuilt.md").read_text(encoding="utf-8"), re.M))
    last = {family: max(int(code[2:]) for code in codes | unbuilt if code[:2] == family) for family in {c[:2] for c in codes}}
    planned = {f"{family}{number:02}" for family, most in last.items() for number in range(1, most + 1)}

    assert planned - codes == unbuilt
    assert len(codes) >= 230


def test_the_family_is_the_folder():
    assert [check.file for check in CATALOGUE.checks if not check.file.startswith(f"{check.family}/")] == []


@pytest.mark.parametrize("pattern", VOCABULARY.patterns, ids=lambda pattern: pattern.name)
def test_vocabulary(pattern):
    missed = [text for text in pattern.yes if not list(pattern.matches(Value("x", text=text)))]
    wrong = [text for text in pattern.no if list(pattern.matches(Value("x", text=text)))]

    assert (missed, wrong) == ([], [])
    assert pattern.yes
    assert pattern.no


@pytest.mark.parametrize("pattern", VOCABULARY.patterns, ids=lambda pattern: pattern.name)
def test_the_set_of_patterns_misses_nothing(pattern):
    (number,) = VOCABULARY.numbers(pattern.name)

    for text in pattern.yes:
        assert VOCABULARY.possible(Value("x", text=text), pattern.name.split(".")[0]) & (1 << number), text

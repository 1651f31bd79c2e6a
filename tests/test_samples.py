"""The sample records: what the reader makes of them, and what the catalogue says of them."""

import json
import re
import subprocess
import sys
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import yaml

from audit.model.registration import Age, Coded, Count, DateValue, Items, Registration
from audit.model.span import State, Value
from audit.readers import read_path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_records" / "irct"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))
AS_OF = "2026-06-11"


@cache
def expected(name: str) -> dict[str, Any]:
    """Return what stands in the file of expectations beside the record *name*."""
    return dict(yaml.safe_load((SAMPLES / f"{name}.expected.yaml").read_text(encoding="utf-8")))


@cache
def text(name: str) -> str:
    """Return the record *name* with its line ends as they are."""
    return (SAMPLES / f"{name}.txt").read_bytes().decode("utf-8")


@cache
def registration(name: str) -> Registration:
    """Return the only registration that the reader finds in the record *name*."""
    [read] = read_path(SAMPLES / f"{name}.txt", f"{name}.txt")
    assert isinstance(read, Registration), read
    return read


@pytest.fixture(scope="module")
def audited() -> dict[str, dict[str, Any]]:
    """Return what the command says of every record, by the record's name."""
    arguments = ["check", str(SAMPLES), "--format", "json", "--as-of", AS_OF, "--fail-on", "never"]
    done = subprocess.run([sys.executable, "-m", "audit", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return {Path(record["source"]["path"]).stem: record for record in json.loads(done.stdout)["records"]}


def touched(name: str, quote: str, finding: dict[str, Any]) -> bool:
    """Return whether the evidence of *finding* overlaps a place where *quote* stands."""
    places = [(match.start(), match.end()) for match in re.finditer(re.escape(quote), text(name))]
    return any(evidence["start"] < end and start < evidence["end"] for evidence in finding["evidence"] for start, end in places)


def understood(value: object) -> object:
    """Return in a word what the reader made of *value*: a number, a day, a code, a count of items, a text, a state."""
    if not isinstance(value, Value | Items):
        return value
    if value.state is not State.GIVEN:
        return value.state.value
    match value:
        case Items():
            return len(value)
        case Count():
            return value.number
        case Age():
            return value.years
        case DateValue():
            return str(value.date)
        case Coded():
            return value.code
        case _:
            return " ".join(value.text.split())


def at(record: Registration, path: str) -> object:
    """Return what stands at *path*, such as ``arms[1].category``."""
    value: Any = record
    for name, index in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        value = attrgetter(name)(value)
        value = value[int(index)] if index else value
    return value


PLANTED = [(name, planted["check"]) for name in NAMES for planted in expected(name)["planted"]]


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_understands_the_fields(name: str) -> None:
    reads = {path: understood(at(registration(name), path)) for path in expected(name)["reads"]}

    assert reads == expected(name)["reads"]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_has_a_place(name: str) -> None:
    strangers = [value.text for value in registration(name).unlabelled]

    assert strangers == expected(name).get("unlabelled", [])


@pytest.mark.parametrize("name", NAMES)
def test_planted_quotes_are_verbatim(name: str) -> None:
    missing = [quote for planted in expected(name)["planted"] for quote in planted["quotes"] if quote not in text(name)]

    assert missing == []


@pytest.mark.parametrize(("name", "check"), PLANTED)
def test_a_planted_defect_is_found_where_it_stands(audited: dict[str, Any], name: str, check: str) -> None:
    [planted] = [planted for planted in expected(name)["planted"] if planted["check"] == check]
    findings = [finding for finding in audited[name]["findings"] if finding["check"] == check]
    missed = [quote for quote in planted["quotes"] if not any(touched(name, quote, each) for each in findings)]

    assert findings, audited[name]["verdicts"].get(check)
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_said(audited: dict[str, Any], name: str) -> None:
    allowed = {entry["check"] for key in ("planted", "also") for entry in expected(name).get(key, [])}
    others = {
        finding["check"]: finding["message"]
        for finding in audited[name]["findings"]
        if finding["severity"] != "note" and finding["check"] not in allowed
    }

    assert others == {}


def test_the_clean_record_has_nothing_planted() -> None:
    assert expected("clean")["planted"] == []
    assert "also" not in expected("clean")


def test_every_record_has_its_expectations_and_its_line_in_the_readme() -> None:
    readme = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")

    assert sorted(path.name.removesuffix(".expected.yaml") for path in SAMPLES.glob("*.yaml")) == NAMES
    assert sorted(re.findall(r"^\| `(\w+)\.txt`", readme, re.MULTILINE)) == NAMES

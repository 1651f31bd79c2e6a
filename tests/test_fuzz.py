"""What strangers wrote, with anything done to it: no crash, no hang, every quote verbatim; what once failed does not again."""

import time
from functools import partial

import pytest
from fuzz import mutate, targets
from fuzz.mutate import Tape
from fuzz.run import CORPUS, Counted
from fuzz.targets import SAMPLES, TARGETS, Target, held, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.readers import READERS, read_bytes

FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
TAPES = st.binary(max_size=64)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_once_failed_does_not_again(path):
    held(TARGETS[path.parent.name], path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_sample_of_inputs_holds(name):
    target = TARGETS[name]

    @settings(max_examples=25 + target.share, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TAPES)
    def hold(tape):
        held(target, target.make(Tape(tape)))

    hold()


@pytest.mark.long
@pytest.mark.parametrize("name", TARGETS)
def test_a_hundred_thousand_inputs_hold(name, monkeypatch, tmp_path):
    monkeypatch.setattr("fuzz.run.CORPUS", tmp_path)
    counted = Counted(TARGETS[name])
    counted.run(100 * TARGETS[name].share, 2_000_000)

    assert counted.failed == {}
    assert counted.inputs >= 100 * TARGETS[name].share


@pytest.mark.parametrize(
    ("name", "second", "reader"),
    [
        ("irct-xml/tablets.xml", targets.elements, "irct-xml"),
        ("ictrp/portal.xml", targets.elements, "ictrp"),
        ("ictrp/export.csv", targets.table, "ictrp"),
        ("ctgov/studies.json", targets.tree, "ctgov"),
    ],
)
def test_the_second_reading_knows_the_values_and_tells_a_wrong_one(name, second, reader, monkeypatch):
    data = (SAMPLES / name).read_bytes()
    lookup = second(data)
    values = [value for one in read_bytes(data, name, reader) for value in one.values]
    assert sum(lookup(value) is not None for value in values) > 0.95 * len(values)

    with pytest.raises(AssertionError, match="not verbatim"):
        read(data, reader, lambda data: lambda value: "another text")


def test_a_crash_a_hang_and_a_fault_of_a_reader_are_failures(monkeypatch, tmp_path):
    monkeypatch.setattr("fuzz.run.CORPUS", tmp_path)
    monkeypatch.setattr("fuzz.targets.SECONDS", 0.05)

    def spin(data):
        until = time.process_time() + 0.2
        while time.process_time() < until:
            pass

    monkeypatch.setitem(READERS, "irct-text", lambda opened: 1 / 0)
    for name, hold in (("crash", lambda data: {}[data]), ("hang", spin), ("fault", partial(read, reader="irct-text"))):
        counted = Counted(Target(name, 1, lambda tape: b"made", hold))
        counted.one(b"tape")
        (said,) = counted.failed
        assert {"crash": "KeyError", "hang": "TooSlowError", "fault": "AssertionError"}[name] in said
        assert [path.read_bytes() for path in (tmp_path / name).iterdir()] == [b"made"]


def test_the_same_tape_makes_the_same_input_and_no_tape_makes_a_sample():
    assert all(
        TARGETS[name].make(Tape(b"\x07" * 40)) == TARGETS[name].make(Tape(b"\x07" * 40)) for name in ("irct-text", "facts")
    )
    assert mutate.text(["a\nb"], Tape(b"")) == "a\nb"

"""Every quote is verbatim in its place, for all records at hand and for records with anything done to them."""

import pytest
from conftest import AS_OF, PAGES, SAMPLES, SEEDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.engine.examine import Engine
from audit.engine.reading import FACTS, Reading
from audit.engine.table import DirectRoute
from audit.folders import folder
from audit.model.registration import Registration
from audit.readers import read_bytes

TEXTS = [path.read_bytes() for path in SAMPLES]


@pytest.fixture(scope="module")
def direct(catalogue):
    """The catalogue without Great Expectations, whose answers are the same: faster for many records."""
    return Engine(catalogue, catalogue.checks, [folder("checks")], DirectRoute(catalogue.checks))


def hold_quotes(engine, data):
    """Assert that every quote of every finding and fact of the records in *data* is verbatim on its line."""
    for one in read_bytes(data, "record.txt"):
        if not isinstance(one, Registration):
            continue
        (audit,) = engine.examine([one], AS_OF)
        reading = Reading(one, engine.vocabulary, AS_OF)
        facts = [reading.fact(name) for name in FACTS]
        places = [place for finding in (*audit.findings, *audit.below) for place in finding.evidence]
        places += [place for fact in facts for place in (*fact.places, *(p for case in fact.cases for p in case.places))]
        lines = one.source.text.split("\n")
        for place in places:
            start = place.value.start + place.start
            end = place.value.start + place.end
            assert place.quote == one.source.text[start:end], (place.value.field, place.quote)
            assert lines[one.source.line(start) - 1].startswith(
                place.quote.split("\n")[0], start - one.source.text.rfind("\n", 0, start) - 1
            )
        assert [f.reason.about for f in facts if f.reason and f.reason.kind == "broken"] == []
        for finding in (*audit.findings, *audit.below):
            assert finding.evidence, finding.check.code


@pytest.mark.parametrize("path", [*SAMPLES, *SEEDS, *PAGES], ids=lambda path: path.stem)
def test_quotes_are_verbatim(direct, path):
    hold_quotes(direct, path.read_bytes())


def hold_mutated(engine, data):
    """Do something to the lines of a sample record and assert that its quotes hold."""
    text = data.draw(st.sampled_from(TEXTS)).decode("utf-8-sig")
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        what = data.draw(st.sampled_from(["drop", "twice", "blank", "cut", "swap", "garble", "digits", "bold"]))
        if what == "drop":
            del lines[at : at + data.draw(st.integers(1, 5))]
        elif what == "twice":
            lines.insert(at, lines[at])
        elif what == "blank":
            lines.insert(at, "")
        elif what == "cut":
            lines = lines[: max(at, 3)]
        elif what == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif what == "garble":
            lines[at] = lines[at][: len(lines[at]) // 2] + data.draw(st.text(max_size=12))
        elif what == "digits":
            lines[at] = lines[at].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        else:
            lines[at] = f"**{lines[at]}**"
        lines = lines or [""]
    hold_quotes(engine, "\n".join(lines).encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode())


HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=60, deadline=None, suppress_health_check=HEALTH)
@given(data=st.data())
def test_quotes_are_verbatim_in_mutated_records(direct, data):
    hold_mutated(direct, data)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=HEALTH)
@given(data=st.data())
def test_quotes_are_verbatim_in_thousands_of_mutated_records(direct, data):
    hold_mutated(direct, data)

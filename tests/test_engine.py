"""The ways to ask the catalogue agree, and a check that fails stops nothing."""

import dataclasses
import socket

from conftest import AS_OF, ROOT, SAMPLES

from audit.engine.examine import Engine
from audit.engine.expectations import GraphRoute, batch_outcomes
from audit.engine.reading import FACTS, FactKind, Reading
from audit.engine.table import Cells, DirectRoute
from audit.folders import folder
from audit.model.check import Condition
from audit.model.registration import Registration
from audit.model.result import Verdict
from audit.readers import read_bytes
from audit.readers.draft import registration


def _table(engine):
    paths = [*SAMPLES, *(ROOT / "sample_records").glob("c*/*.json"), *(ROOT / "sample_records").glob("ictrp/*.csv")]
    read = [one for path in paths for one in read_bytes(path.read_bytes(), path.name) if isinstance(one, Registration)]
    rows = []
    for one in read:
        cells = Cells(Reading(one, engine.vocabulary, AS_OF))
        cells.ask(engine.asked)
        rows.append(cells.listed(engine.names))
    return engine.names, rows, [one.registry for one in read]


def test_graph_batch_and_direct_agree(engine, catalogue):
    table = _table(engine)

    direct = DirectRoute(catalogue.checks).outcomes(*table)

    assert direct == GraphRoute(catalogue.checks, catalogue.sha256).outcomes(*table)
    assert direct == batch_outcomes(catalogue.checks, catalogue.sha256, *table)
    assert {verdict for outcome in direct.values() for verdict in {j.verdict for j in outcome.judgements}} >= {
        Verdict.FINDING, Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_ASSESSABLE,
    }  # fmt: skip


def test_a_table_asked_by_columns_says_what_each_record_says(engine, catalogue):
    from audit.engine.table import Asked, _judge

    names, rows, registries = _table(engine)

    outcomes = DirectRoute(catalogue.checks).outcomes(names, rows, registries)

    for check in catalogue.checks:
        asked = Asked(check)
        said = [
            _judge(asked, dict(zip(names, row, strict=True)), registry) for row, registry in zip(rows, registries, strict=True)
        ]
        assert outcomes[check.code].judgements == said


def test_a_check_that_fails_is_broken_and_the_others_go_on(catalogue):
    good = next(check for check in catalogue.checks if check.code == "ST02")
    bad = dataclasses.replace(good, code="ZZ01", expect=(Condition("recruitment_status", "at_least", 3),))
    engine = Engine(catalogue, (bad, good), [folder("checks")])

    (audit,) = engine.examine([registration({"recruitment_status": "Recruitment complete", "actual_recruitment_start": "empty"})])

    assert (audit.judgements["ZZ01"].verdict, audit.judgements["ST02"].verdict) == (Verdict.BROKEN, Verdict.FINDING)
    assert "TypeError" in audit.judgements["ZZ01"].reason.about
    assert {"ST02"} == {finding.check.code for finding in audit.findings}


def test_a_fact_that_fails_breaks_its_check_for_that_record_only(catalogue, monkeypatch):
    def fails(reading):
        raise ZeroDivisionError("no such luck")

    monkeypatch.setitem(FACTS, "as_of", FactKind("as_of", "", fails))
    good = next(check for check in catalogue.checks if check.code == "ST02")
    bad = dataclasses.replace(good, code="ZZ01", when=(), expect=(Condition("as_of", "present", True),))
    engine = Engine(catalogue, (bad, good), [folder("checks")])

    (audit,) = engine.examine([registration({"recruitment_status": "Recruiting"})])

    assert (audit.judgements["ZZ01"].verdict, audit.judgements["ST02"].verdict) == (Verdict.BROKEN, Verdict.NOT_APPLICABLE)


def test_nothing_is_sent_anywhere(engine, monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: asked.append(args))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: asked.append(args))

    engine.examine([registration({"placebo": "Used"})])

    assert asked == []


def test_the_same_record_gives_the_same_fingerprints(examine):
    first, second = examine(SAMPLES[0]), examine(b"\n\n" + SAMPLES[0].read_bytes())

    assert [f.fingerprint for a in first for f in a.findings] == [f.fingerprint for a in second for f in a.findings]

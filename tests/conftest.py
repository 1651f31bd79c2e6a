"""What the tests share: the catalogue, one engine, and where real records are."""

from datetime import date
from pathlib import Path

import pytest

from audit.engine.examine import Engine
from audit.engine.load import load
from audit.folders import folder
from audit.model.registration import Registration
from audit.readers import read_bytes

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "sample_records" / "irct").glob("*.txt"))
SHARED = ROOT.parent / "shared"
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))
PAGES = sorted((SHARED / "data" / "irct_pages").glob("*.txt"))
AS_OF = date(2026, 6, 11)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """No test asks the network for anything."""
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError(f"a test asked the network: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def catalogue():
    return load(folder("checks"))


@pytest.fixture(scope="session")
def engine(catalogue):
    """The whole catalogue, asked by Great Expectations."""
    return Engine(catalogue, catalogue.checks, [folder("checks")])


@pytest.fixture(scope="session")
def examine(engine):
    """A function: path or bytes -> the audits of the records in it."""

    def run(given, shown="record.txt"):
        data = given.read_bytes() if isinstance(given, Path) else given
        return engine.examine([one for one in read_bytes(data, shown) if isinstance(one, Registration)], AS_OF)

    return run

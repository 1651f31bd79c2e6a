"""Registrations and a catalogue -> audits."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from audit.engine import facts as _facts  # noqa: F401 - fills FACTS
from audit.engine.find import findings
from audit.engine.load import Catalogue
from audit.engine.reading import FACTS, Reading
from audit.engine.table import Asked, Cells, Outcome, columns
from audit.engine.vocabulary import Vocabulary, load_vocabulary
from audit.model.check import Check, Confidence
from audit.model.registration import LATER, Registration
from audit.model.result import Audit, Fact, Finding, Judgement, Reason, Verdict

_FINDING = Verdict.FINDING


class Route(Protocol):
    """A way to ask a catalogue of a table (`audit.engine.expectations.GraphRoute`)."""

    def outcomes(self, names: Sequence[str], rows: Sequence[Sequence[object]], registries: Sequence[str]) -> dict[str, Outcome]:
        """Return each check's outcome by its code."""


class Engine:
    """A catalogue ready to be asked of registrations; make it once and use it for many."""

    def __init__(self, catalogue: Catalogue, checks: Sequence[Check], roots: Iterable[Path], route: Route | None = None) -> None:
        self.checks = tuple(checks)
        self.vocabulary = Vocabulary(pattern for root in roots for pattern in load_vocabulary(root / "vocabulary").patterns)
        self.asked = tuple(map(Asked, self.checks))
        self.names = columns(self.checks)
        if route is None:
            from audit.engine.expectations import GraphRoute  # Great Expectations: seconds to import

            route = GraphRoute(self.checks, catalogue.sha256)
        self._route = route

    def examine(
        self, registrations: Sequence[Registration], as_of: date | None = None, least: Confidence = Confidence.LOW
    ) -> list[Audit]:
        """Return the audit of each registration, in their order.

        ``as_of`` is the day for checks that speak of today; None takes the record's own export date, else the
        day it is (UTC). Findings below the confidence *least* are kept apart.
        """
        days = [as_of_day(registration, as_of) for registration in registrations]
        readings = [
            Reading(registration, self.vocabulary, day) for registration, (day, _) in zip(registrations, days, strict=True)
        ]
        cells = [Cells(reading) for reading in readings]
        for record in cells:
            record.ask(self.asked)
        rows = [record.listed(self.names) for record in cells]
        outcomes = self._route.outcomes(self.names, rows, [r.registry for r in registrations])
        return [
            self._audit(number, reading, row, day, source, outcomes, least)
            for number, (reading, row, (day, source)) in enumerate(zip(readings, cells, days, strict=True))
        ]

    def cells(self, registration: Registration, as_of: date | None = None) -> list[object]:
        """Return the row of the table for one record: what stands in it of `names`."""
        cells = Cells(Reading(registration, self.vocabulary, as_of_day(registration, as_of)[0]))
        cells.ask(self.asked)
        return cells.listed(self.names)

    def _audit(
        self,
        number: int,
        reading: Reading,
        row: Cells,
        day: date,
        source: str,
        outcomes: dict[str, Outcome],
        least: Confidence,
    ) -> Audit:
        judgements: dict[str, Judgement] = {}
        found: list[Finding] = []
        for check in self.checks:
            outcome = outcomes[check.code]
            if outcome.error is not None:
                judgements[check.code] = Judgement(Verdict.BROKEN, Reason("broken", outcome.error))
                continue
            judgement = outcome.judgements[number]
            if reading.registration.is_draft and _comes_later(judgement):
                judgement = Judgement(Verdict.NOT_APPLICABLE)
            if judgement.verdict is _FINDING:
                try:
                    mine = list(findings(check, reading, row))
                except Exception as error:  # noqa: BLE001 - a check whose finding cannot be told is broken
                    judgements[check.code] = Judgement(Verdict.BROKEN, Reason("broken", f"{type(error).__name__}: {error}"))
                    continue
                found.extend(mine)
                if all(finding.confidence.rank > least.rank for finding in mine):
                    judgement = Judgement(Verdict.NOT_ASSESSABLE, Reason("confidence"))
            judgements[check.code] = judgement
        found.sort(key=lambda f: (f.severity.rank, f.check.code))
        return Audit(
            reading.registration,
            day.isoformat(),
            source,
            tuple(f for f in found if f.confidence.rank <= least.rank),
            judgements,
            tuple(f for f in found if f.confidence.rank > least.rank),
        )


def _comes_later(judgement: Judgement) -> bool:
    """Return whether a check cannot be assessed because a draft does not have yet what it asks for."""
    reason = judgement.reason
    return reason is not None and reason.kind == "unknown" and reason.about in LATER


def as_of_day(registration: Registration, option: date | None) -> tuple[date, str]:
    """Return the day against which 'today' is decided, and where it comes from (`audit.model.result.Audit`)."""
    if option is not None:
        return option, "option"
    exported = registration.exported.date
    if exported is not None:
        return exported.last, "record"
    return datetime.now(UTC).date(), "today"


def all_facts(registration: Registration, vocabulary: Vocabulary, as_of: date | None) -> dict[str, Fact]:
    """Return every fact of *registration* by its name."""
    reading = Reading(registration, vocabulary, as_of_day(registration, as_of)[0])
    return {name: reading.fact(name) for name in sorted(FACTS)}

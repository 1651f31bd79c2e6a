"""Audits, or what is told of them -> what is counted over the records of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.model.check import Severity
from audit.model.result import Audit, Verdict

if TYPE_CHECKING:
    from audit.reports.told import Told

VERDICTS = tuple(Verdict)
"""The verdicts in the order in which they are counted."""
PLACE = {verdict: place for place, verdict in enumerate(VERDICTS)}
_MANY = 256


def state(finding: Mapping[str, Any]) -> str:
    """Return whether a finding of the JSON result is open, or held back: waived, or known from the baseline."""
    return "waived" if finding["waived"] else "known" if finding["known"] else "open"


@dataclass
class ByCheck:
    """How often each check of a run came to each verdict."""

    _counts: list[Counter[Verdict]] = field(default_factory=list)
    _waiting: list[bytes] = field(default_factory=list)
    """Verdicts of the last records, not yet counted: many at a time cost a fiftieth."""

    def add(self, judged: bytes) -> None:
        """Count one record more; *judged* has for each check of the run, in its order, the place of the verdict in `VERDICTS`."""
        self._waiting.append(judged)
        if len(self._waiting) >= _MANY:
            self._count()

    @property
    def counts(self) -> list[Counter[Verdict]]:
        """For each check of the run how often it came to each verdict; none where there is no record."""
        self._count()
        return self._counts

    def _count(self) -> None:
        if not self._waiting:
            return
        number, every = len(self._waiting[0]), b"".join(self._waiting)
        self._waiting.clear()
        self._counts = self._counts or [Counter() for _ in range(number)]
        for at, count in enumerate(self._counts):
            said = every[at::number]
            for place, verdict in enumerate(VERDICTS):
                count[verdict] += said.count(place)


@dataclass
class Totals:
    """The counts of a run; none of them grows with it but what is needed to tell numbers that come again."""

    records: int = 0
    below: int = 0
    """Findings below the confidence asked for."""
    waived: int = 0
    known: int = 0
    """Findings that a waiver or the baseline holds back."""
    findings: Counter[Severity] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The as-of days and where each comes from."""
    again: Counter[str] = field(default_factory=Counter)
    """The numbers of trials that come more than once, with how often each comes again."""
    _seen: set[int] = field(default_factory=set)
    _judged: ByCheck = field(default_factory=ByCheck)

    @classmethod
    def of(cls, audits: Iterable[Audit]) -> "Totals":
        """Return the counts of *audits*."""
        totals = cls()
        for audit in audits:
            registration = audit.registration
            totals._add(
                registration.trial_id.text if registration.trial_id.given else None,
                [finding.severity for finding in audit.findings],
                bytes(PLACE[said.verdict] for said in audit.judgements.values()),
                (audit.as_of, audit.as_of_source),
                len(audit.below),
            )
            totals.waived += len(audit.waived)
            totals.known += len(audit.known)
        return totals

    def add(self, told: "Told") -> None:
        """Count one record more."""
        record = told.record
        severities = [Severity(finding["severity"]) for finding in record["findings"] if state(finding) == "open"]
        self._add(record["id"], severities, told.judged, (record["as_of"], record["as_of_source"]), told.below)
        self.waived += sum(state(finding) == "waived" for finding in record["findings"])
        self.known += sum(state(finding) == "known" for finding in record["findings"])

    def _add(self, identity: str | None, severities: list[Severity], judged: bytes, day: tuple[str, str], below: int) -> None:
        self.records += 1
        self.below += below
        self.findings.update(severities)
        for place, verdict in enumerate(VERDICTS):
            self.verdicts[verdict] += judged.count(place)
        self.days[day] += 1
        self._judged.add(judged)
        if identity:
            known = hash(identity)  # eight bytes in place of the number
            if known in self._seen:
                self.again[identity] += 1
            self._seen.add(known)

    @property
    def by_check(self) -> list[Counter[Verdict]]:
        """For each check of the run how often it came to each verdict."""
        return self._judged.counts

    @property
    def worst(self) -> int | None:
        """The rank of the gravest finding, None where there is none."""
        return min((severity.rank for severity, count in self.findings.items() if count), default=None)

"""An audit -> the few facts of it that the overview of a batch needs, so that no audit has to be kept for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from audit.model.check import Check, Severity
from audit.model.result import Audit, Verdict
from audit.model.span import Value
from audit.reports.html import record_id, registry_page, sponsor
from audit.reports.totals import PLACE
from audit.reports.words import Words


@dataclass(frozen=True, slots=True)
class Summary:
    """One record in the overview. Texts are as the record has them, empty where nothing is given."""

    record_id: str
    registry: str
    address: str | None
    """The registry's page of the record."""
    title: str
    registered: date | None
    """The first possible day of its registration."""
    sponsor: str
    committees: tuple[str, ...]
    found: tuple[tuple[str, Severity], ...]
    """The check and the severity of each finding."""
    verdicts: bytes
    """For each check of the run, in its order, the place of the verdict in `audit.reports.totals.VERDICTS`."""
    as_of: str
    """The day against which "today" was decided."""
    held_back: int = 0
    """How many findings are waived or known from the baseline; they are not in ``found``."""
    html: str | None = None
    """The names of its documents, relative to the overview."""
    pdf: str | None = None

    @classmethod
    def of(
        cls, audit: Audit, checks: Iterable[Check], words: Words, html: str | None = None, pdf: str | None = None
    ) -> "Summary":
        """Return the summary of *audit*; *checks* are those of the run, *html* and *pdf* the names of its documents."""
        record = audit.registration
        registered = record.registration_date.date
        reviews = (_text(review.committee) for review in record.ethics_reviews)
        return cls(
            record_id(record, words),
            record.registry,
            registry_page(record),
            _text(record.public_title) or _text(record.scientific_title),
            registered.first if registered else None,
            _text(sponsor(record)),
            tuple(dict.fromkeys(filter(None, reviews))),
            tuple(_finding(finding.check.code, finding.severity) for finding in audit.findings),
            bytes(PLACE[audit.judgements[check.code].verdict] for check in checks),
            audit.as_of,
            len(audit.waived) + len(audit.known),
            html,
            pdf,
        )

    def count(self, severity: Severity) -> int:
        """Return how many findings of *severity* there are."""
        return [one for _, one in self.found].count(severity)

    @property
    def not_assessable(self) -> int:
        """How many checks could not be assessed."""
        return self.verdicts.count(PLACE[Verdict.NOT_ASSESSABLE])

    @property
    def broken(self) -> int:
        """How many checks failed to run."""
        return self.verdicts.count(PLACE[Verdict.BROKEN])

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """The place among the records, the one with the most errors first, then warnings, then notes."""
        errors, warnings, notes = (-self.count(severity) for severity in Severity)
        return errors, warnings, notes, self.record_id


@lru_cache(maxsize=4096)
def _finding(code: str, severity: Severity) -> tuple[str, Severity]:
    """Return the pair, the same object each time: a batch has it ten thousand times."""
    return code, severity


def _text(value: Value) -> str:
    return " ".join(value.text.replace("**", " ").split()) if value.given else ""

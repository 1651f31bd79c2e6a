"""What an audit says: facts with their places, verdicts with their reasons, findings with their evidence."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from audit.model.check import Check, Confidence, Severity
from audit.model.registration import Registration
from audit.model.span import Place


class Verdict(StrEnum):
    """What a check says of a record."""

    FINDING = "finding"
    PASSED = "passed"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSABLE = "not_assessable"
    BROKEN = "broken"


@dataclass(frozen=True)
class Reason:
    """Why something cannot be told, as data: a ``kind`` that each language words, and what it is about.

    Kinds: ``empty``, ``absent``, ``unknown`` (of a field, named in ``about``), ``unclear`` (a field that is
    given and cannot be understood), ``language`` (no vocabulary for the text's language), ``text``
    (``about`` is a plain English clause), ``confidence`` (what was found is less sure than was asked for),
    ``broken`` (``about`` is the error).
    """

    kind: str
    about: str = ""


class Phrase(str):
    """A clause with blanks among the values of a case: English where it is read as text, its pattern and values for other languages.

    >>> phrase = Phrase("group {number}", number=2)
    >>> phrase, phrase.pattern, phrase.values
    ('group 2', 'group {number}', {'number': 2})
    """

    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, **values: object) -> "Phrase":
        """Return *pattern* with *values* in its blanks; several values of one blank are a tuple."""
        said = {name: _listed(value) if isinstance(value, tuple) else value for name, value in values.items()}
        phrase = super().__new__(cls, pattern.format_map(said))
        phrase.pattern, phrase.values = pattern, values
        return phrase

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.pattern,), self.values


def _listed(values: tuple[object, ...]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True)
class Case:
    """One of several things of a kind that a fact found: named values for the message, and its places."""

    values: dict[str, object]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Fact:
    """What was understood of a record: a value with the places it rests on.

    ``value`` is a bool, number, string, `PartialDate` or a tuple of strings or numbers; None means that
    it cannot be told, and ``reason`` says why. A fact that lists contradictions has ``cases``; its value
    is then their number, and each case becomes a finding of its own.
    """

    value: object = None
    places: tuple[Place, ...] = ()
    reason: Reason | None = None
    cases: tuple[Case, ...] = ()


class Lapse(StrEnum):
    """Why a waiver does not hold a finding back."""

    EXPIRED = "expired"
    TEXT_CHANGED = "text_changed"


@dataclass(frozen=True)
class Waiver:
    """A finding that somebody accepts: which one, why, who answers for it, and until when (that day included)."""

    record: str
    """The trial's number, or the path of the file of a record that has none."""
    check: str
    fingerprints: tuple[str, ...]
    reason: str
    owner: str
    until: date


@dataclass(frozen=True)
class Finding:
    """One finding: data only; sentences are made by `audit.reports.words`."""

    check: Check
    severity: Severity
    confidence: Confidence
    evidence: tuple[Place, ...]
    blanks: dict[str, Any]
    """The values of the blanks in message and question."""
    computed: dict[str, Any]
    """The derived values among them."""
    fingerprint: str
    depends_on_as_of: bool = False
    waiver: Waiver | None = None
    """The waiver in force, or the one that is in force no more: then ``lapsed`` says why."""
    lapsed: Lapse | None = None


@dataclass(frozen=True)
class Judgement:
    """The verdict of one check on one record; ``reason`` for not_assessable and broken."""

    verdict: Verdict
    reason: Reason | None = None


@dataclass(frozen=True)
class Audit:
    """All that was found out about one record."""

    registration: Registration
    as_of: str
    as_of_source: str
    """``option``, ``record`` or ``today``."""
    findings: tuple[Finding, ...]
    judgements: dict[str, Judgement]
    below: tuple[Finding, ...] = ()
    """Findings below the confidence asked for; they count nowhere."""
    waived: tuple[Finding, ...] = ()
    """Findings that a waiver holds back; they are told, and count nowhere."""
    known: tuple[Finding, ...] = ()
    """Findings that the baseline has already; they are told, and count nowhere."""


@dataclass(frozen=True)
class Change:
    """What became of a field between two versions of a record; ``kind`` is out of interfaces.md.

    What was not there before, or is not there now, is an empty place near which it would stand.
    """

    field: str
    kind: str
    before: Place
    after: Place

    @property
    def is_wording(self) -> bool:
        """Whether only the notation or the wording is another."""
        return self.kind in ("format_only", "no_change")


@dataclass(frozen=True)
class Comparison:
    """Two versions of a record: what changed in it, and in the findings."""

    old: Audit
    new: Audit
    changes: tuple[Change, ...]
    days_after_start: int | None
    """From the start of recruitment to the day of the newer version; negative before it."""
    introduced: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    open: tuple[Finding, ...]


@dataclass(frozen=True)
class Unreadable:
    """A file or record that could not be read."""

    path: str
    error: str
    line: int | None = None
    record: int | None = None


@dataclass(frozen=True)
class Baseline:
    """The findings known before a run, and how well they still fit."""

    path: str
    stale: int = 0
    """Entries that match no finding although their record and check were asked: they are mended, or their text has changed."""
    other_catalogue: bool = False
    """Whether it was made with another catalogue, so that a finding may be new because its check is."""


@dataclass
class Run:
    """A whole audit: what was audited, what could not be read, and with which catalogue and settings."""

    audits: list[Audit] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """Files found in folders and archives that hold no registration record."""
    checks: tuple[Check, ...] = ()
    catalogue_sha256: str = ""
    as_of: str | None = None
    fail_on: Severity | None = Severity.ERROR
    """The level at which a finding refuses the record; None for never."""
    idle_waivers: tuple[Waiver, ...] = ()
    """Waivers that match no finding although their record and check were asked."""
    baseline: Baseline | None = None

"""A check: when ... expect ..., and all that is said of it. Made by `audit.engine.load`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Severity(StrEnum):
    """How bad a finding is if it is right, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for note."""
        return ("error", "warning", "note").index(self.value)


class Confidence(StrEnum):
    """How sure it is that a finding is right, apart from its severity."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for high, 1 for medium, 2 for low."""
        return ("high", "medium", "low").index(self.value)


@dataclass(frozen=True)
class Condition:
    """One thing asked of one field or fact: ``field``, a ``word`` of `audit.engine.conditions`, its operand."""

    field: str
    word: str
    operand: object

    @property
    def names(self) -> tuple[str, ...]:
        """The field or fact asked, and the one it is compared with."""
        return (self.field, self.operand["field"]) if isinstance(self.operand, dict) else (self.field,)


@dataclass(frozen=True)
class Escalation:
    """Another severity or confidence when more holds; the first that holds counts."""

    when: tuple[Condition, ...]
    severity: Severity | None
    confidence: Confidence | None


@dataclass(frozen=True)
class Reference:
    """What a check rests on; ``item`` is None where the item number is not verified."""

    document: str
    item: str | None
    url: str | None


@dataclass(frozen=True)
class Example:
    """A record in the draft form and what the check must say of it; the tests run it.

    ``verdict``: finding (bad), passed (good), not_applicable, not_assessable. ``record`` is YAML data.
    """

    verdict: str
    why: str
    record: dict[str, object]
    says: str | None


@dataclass(frozen=True)
class Check:
    """One check of the catalogue."""

    code: str
    name: str
    title: str
    severity: Severity
    confidence: Confidence
    responsible: str
    cluster: str
    registries: tuple[str, ...]
    """Registries it speaks of; empty means all."""
    when: tuple[Condition, ...]
    expect: tuple[Condition, ...]
    escalate: tuple[Escalation, ...]
    evidence: tuple[str, ...]
    """Fields and facts quoted besides those of when and expect."""
    message: str
    question: str
    rationale: str
    references: tuple[Reference, ...]
    known_limits: tuple[str, ...]
    off: bool
    """Off by default: runs only when asked for by code or family."""
    examples: tuple[Example, ...]
    file: str
    needs: str | None = None
    """What it compares the record with, so that a record alone is not assessable: versions, records or languages."""

    @property
    def family(self) -> str:
        """The two letters its code begins with."""
        return self.code[:2]

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The fields and facts it is decided by, each once: those it expects something of first."""
        asked = (name for condition in (*self.expect, *self.when) for name in condition.names)
        return tuple(dict.fromkeys(asked))

    @cached_property
    def looks_at(self) -> tuple[str, ...]:
        """The fields and facts that a finding may rest on: also those it quotes, and those that make it graver."""
        graver = (name for step in self.escalate for condition in step.when for name in condition.names)
        return tuple(dict.fromkeys((*self.asks, *self.evidence, *graver)))

"""A registration -> its outcomes in both lists, numbered, or why they cannot be gone through."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.engine.reading import Reading, cannot_tell
from audit.model.registration import Outcome
from audit.model.result import Fact, Phrase
from audit.model.span import GIVEN, Value

_BLANK = re.compile(r"[\s.:,;]+")
_NOTHING = frozenset({"", "-", "--", "_", "...", "none", "n/a", "na", "nothing", "nil", "?", "not applicable"})


class Listed(NamedTuple):
    """An outcome with its list (``primary`` or ``secondary``) and its number there."""

    kind: str
    number: int
    outcome: Outcome

    @property
    def name(self) -> str:
        """What it is called, shortened; its number where it is not named."""
        said = " ".join(self.outcome.description.text.split()) if self.outcome.description.given else ""
        if len(said) > 80:
            said = said[:80].rsplit(" ", 1)[0] + " …"
        return said or Phrase(f"{self.kind} {{number}}", number=self.number)


def outcomes_of(reading: Reading, secondary: bool = True) -> Iterator[Listed]:
    """Yield the primary outcomes and, unless told not to, the secondary ones."""
    r = reading.registration
    for kind, group in (("primary", r.primary_outcomes), ("secondary", r.secondary_outcomes)):
        if kind == "primary" or secondary:
            for number, outcome in enumerate(group, 1):
                yield Listed(kind, number, outcome)


def no_outcomes(reading: Reading) -> Fact | None:
    """Return why nothing can be told where no outcome is listed, else None."""
    r = reading.registration
    if r.primary_outcomes.state is GIVEN or r.secondary_outcomes.state is GIVEN:
        return None
    return cannot_tell(r.primary_outcomes.state.value, "primary_outcomes")


def secondary_unknown(reading: Reading) -> Fact | None:
    """Return why nothing follows from what the outcomes lack: a list is not shown, or the record is cut. Else None."""
    r = reading.registration
    for name, group in (("primary_outcomes", r.primary_outcomes), ("secondary_outcomes", r.secondary_outcomes)):
        if group.state.value == "unknown" or (group.state is not GIVEN and not r.complete):
            return cannot_tell("unknown", name)
    if r.primary_outcomes.state is not GIVEN:
        return cannot_tell(r.primary_outcomes.state.value, "primary_outcomes")
    return None


def says_nothing(value: Value) -> bool:
    """Return whether a field is empty, or holds a dash or the like."""
    return value.state.value == "empty" or (value.given and value.folded.strip(" .") in _NOTHING)


def bare(folded: str) -> str:
    """Return a folded text with single blanks and without points and commas at its ends: for telling whether two are the same."""
    return _BLANK.sub(" ", folded).strip()

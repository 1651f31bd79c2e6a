"""A registration -> what its texts and fields say: facts, each found once, and the words found in a text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from re import Match
from typing import Any, NamedTuple, TypeVar, overload

from audit.engine.vocabulary import Vocabulary
from audit.model.dates import PartialDate
from audit.model.registration import Items, Registration
from audit.model.result import Case, Change, Fact, Reason
from audit.model.span import GIVEN, Place, Value


class Hit(NamedTuple):
    """A vocabulary pattern found in a value; ``start`` and ``end`` count in its text."""

    pattern: str
    value: Value
    start: int
    end: int
    match: Match[str]

    @property
    def place(self) -> Place:
        """The place of the words found."""
        return self.value.place(self.start, self.end)

    @property
    def text(self) -> str:
        """The words found, folded (see `audit.model.fold`)."""
        return self.match[0]


class Reading:
    """One registration being read: its facts by name, and search in its texts.

    ``as_of`` is the day against which 'today' is decided.
    """

    def __init__(self, registration: Registration, vocabulary: Vocabulary, as_of: date) -> None:
        self.registration = registration
        self.vocabulary = vocabulary
        self._as_of = as_of
        self._facts: dict[str, Fact] = {}
        self._masks: dict[int, dict[str, int]] = {}
        self._looked_at: list[Value] = []
        """Keeps values that a fact made itself alive, so that no other takes over their id."""
        self._hits_of: dict[tuple[int, int], tuple[Hit, ...]] = {}
        self._open: list[str] = []
        self.changes: tuple[Change, ...] | None = None
        """What changed since the earlier version, once it was asked for."""
        self.depends_on_as_of: set[str] = set()
        """The names of the facts that rest on the as-of day."""

    @property
    def as_of(self) -> date:
        """The as-of day; the facts that ask for it are marked as resting on it."""
        self.depends_on_as_of.update(self._open)
        return self._as_of

    def fact(self, name: str) -> Fact:
        """Return the fact *name*, found at the first asking.

        A fact whose function fails has the reason ``broken``: its error is never a finding and never a pass.
        """
        known = self._facts.get(name)
        if known is None:
            self._open.append(name)
            try:
                known = FACTS[name].find(self)
            except Exception as error:  # noqa: BLE001 - whatever a fact raises, the other facts and records go on
                known = Fact(reason=Reason("broken", f"{name}: {type(error).__name__}: {error}"))
            self._facts[name] = known
            self._open.pop()
        elif name in self.depends_on_as_of:
            self.depends_on_as_of.update(self._open)
        return known

    def find(self, names: str | Iterable[str], *values: Value) -> list[Hit]:
        """Return where the patterns *names* (a topic, ``topic.pattern``, or several) stand in *values*, in order.

        Values that are not given are passed over.
        """
        wanted, topics = self.vocabulary.asked(names if type(names) is str else tuple(names))
        hits = list[Hit]()
        for value in values:
            if value.state is GIVEN and (there := wanted & self._possible(value, topics)):
                hits += self._in_order(there, value)
        return hits

    def first(self, names: str | Iterable[str], *values: Value) -> Hit | None:
        """Return the first of `find`, or None."""
        wanted, topics = self.vocabulary.asked(names if type(names) is str else tuple(names))
        for value in values:
            if (
                value.state is GIVEN
                and (there := wanted & self._possible(value, topics))
                and (hits := self._in_order(there, value))
            ):
                return hits[0]
        return None

    def _in_order(self, mask: int, value: Value) -> Sequence[Hit]:
        if not mask & (mask - 1):
            return self._found(mask.bit_length() - 1, value)
        hits = list[Hit]()
        while mask:
            number = mask.bit_length() - 1
            hits += self._found(number, value)
            mask ^= 1 << number
        hits.sort(key=_place_in_text)
        return hits

    def _found(self, number: int, value: Value) -> tuple[Hit, ...]:
        """Return where pattern *number* stands in *value*, looked for once."""
        key = (number, id(value))
        found = self._hits_of.get(key)
        if found is None:
            pattern = self.vocabulary.patterns[number]
            found = tuple([Hit(pattern.name, value, m.start(), m.end(), m) for m in pattern.matches(value)])
            self._hits_of[key] = found
        return found

    def _possible(self, value: Value, topics: tuple[str, ...]) -> int:
        """Return the mask of the patterns of *topics* that can match in *value*, asked of each topic once."""
        masks = self._masks.get(id(value))
        if masks is None:
            masks = self._masks[id(value)] = {}
            self._looked_at.append(value)
        found = 0
        for topic in topics:
            possible = masks.get(topic)
            if possible is None:
                possible = masks[topic] = self.vocabulary.possible(value, topic)
            found |= possible
        return found


def _place_in_text(hit: Hit) -> tuple[int, int, str]:
    return hit.start, -hit.end, hit.pattern


@dataclass(frozen=True)
class FactKind:
    """A fact that checks may ask for: its name, what it says, and the names of the values in its cases."""

    name: str
    about: str
    find: Callable[[Reading], Fact]
    cases: tuple[str, ...] = ()


FACTS: dict[str, FactKind] = {}
_F = TypeVar("_F", bound=Callable[[Reading], Fact])


@overload
def fact(function: _F) -> _F: ...
@overload
def fact(*, cases: tuple[str, ...]) -> Callable[[_F], _F]: ...
def fact(function: _F | None = None, *, cases: tuple[str, ...] = ()) -> _F | Callable[[_F], _F]:
    """Make a function a fact of the same name; ``cases`` names the values that each of its cases has."""

    def register(function: _F) -> _F:
        name = function.__name__
        if name in FACTS:
            raise ValueError(f"there are two facts called {name}")
        FACTS[name] = FactKind(name, " ".join((function.__doc__ or "").split()), function, cases)
        return function

    return register(function) if function is not None else register


_NONE = Fact(value=0)


def listed(cases: Iterable[Case]) -> Fact:
    """Return the fact that *cases* were found: its value is their number."""
    found = tuple(cases)
    if not found:
        return _NONE
    return Fact(value=len(found), cases=found, places=tuple(place for case in found for place in case.places))


@lru_cache(maxsize=4096)
def cannot_tell(kind: str, about: str = "") -> Fact:
    """Return the fact that something cannot be told, and why (see `audit.model.result.Reason`)."""
    return Fact(reason=Reason(kind, about))


def missing(*values: Value | Items[Any]) -> Fact | None:
    """Return why nothing can be told when one of *values* is not given, or None when all are."""
    for value in values:
        if value.state is not GIVEN:
            name = value.heading.field if isinstance(value, Items) else value.field
            return cannot_tell(value.state.value, name)
    return None


def day(value: PartialDate | None) -> date | None:
    """Return the day of a date known to the day, else None."""
    return value.first if value is not None and value.exact else None

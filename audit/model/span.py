"""Texts that remember where they stand: a source, a value in it, a place in a value."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from audit.model.fold import fold, fold_persian

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - used as a decorator
    """A property found at the first asking and kept: `functools.cached_property` without its lock, which costs more than what it keeps."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find, self._name, self.__doc__ = find, find.__name__, find.__doc__

    def __get__(self, owner: Any, kind: object = None) -> T:
        found = owner.__dict__[self._name] = self._find(owner)
        return found


@dataclass(frozen=True)
class Source:
    """One file as it was decoded.

    ``text`` is what quotes are counted in: Unicode code points, byte order mark removed, line ends
    untouched. ``pages`` holds the offset at which each page begins (PDF only). ``kind`` says what the
    file was: ``text``, ``html``, ``pdf`` or ``structured``.
    """

    path: str
    reader: str
    text: str
    sha256: str
    kind: str = "text"
    pages: tuple[int, ...] = ()
    record: str | None = None
    """The number of the trial, where a value of it is compared with the record of another one."""

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, at, text = [0], self.text.find("\n"), self.text
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return starts

    def line(self, offset: int) -> int:
        """Return the number of the line in which *offset* stands; the first line is 1."""
        return bisect_right(self._line_starts, offset)

    def page(self, offset: int) -> int | None:
        """Return the number of the page in which *offset* stands, or None where there are no pages."""
        return bisect_right(self.pages, offset) if self.pages else None


class State(StrEnum):
    """What a registry says in a field.

    GIVEN: something; EMPTY: the field is there and holds nothing (blank, ``empty``, ``No information``);
    ABSENT: the record has no such field although records of this kind show it; UNKNOWN: this export, or
    what is left of it, cannot show the field, so nothing follows.
    """

    GIVEN = "given"
    EMPTY = "empty"
    ABSENT = "absent"
    UNKNOWN = "unknown"


LONGEST = 50_000
"""Characters of one value that are looked at for patterns: several times the longest field of any registry. It bounds what
Python's ``re`` can be made to do by a hostile text; quotes and reports have the whole text."""
GIVEN, EMPTY, ABSENT, UNKNOWN = State.GIVEN, State.EMPTY, State.ABSENT, State.UNKNOWN
"""The states, for what runs often: Python 3.11 takes ten times as long to find a member in its enum as a global name."""


@dataclass(frozen=True)
class Value:
    """The text of one field and where it stands.

    ``text`` is verbatim: for a text source it equals ``source.text[start:start + len(text)]``. Of an
    empty field it is the marker (``empty``) or, where nothing stands, the label; ``state`` tells.
    In a structured source ``path`` names a cell or a JSON or XML value, ``start`` counts in it, and ``line`` and ``column``
    are where that begins in the file, from 1 (None where the file has no lines, or its reader does not count columns).
    ``cut``: the export ends within the text, so nothing follows from what it does not say.
    """

    field: str
    label: str = ""
    text: str = ""
    start: int = 0
    state: State = GIVEN
    path: str | None = None
    line: int | None = None
    cut: bool = False
    column: int | None = None
    source: Source | None = None
    """Where it stands, if that is not the source of its record: a value of an earlier version, or of another record."""

    @property
    def given(self) -> bool:
        """Whether the field says something."""
        return self.state is GIVEN

    @lazy
    def folded(self) -> str:
        """The text folded for matching, place by place (see `audit.model.fold`), up to `LONGEST`; empty unless given."""
        return fold(self.text[:LONGEST]) if self.given else ""

    @lazy
    def persian(self) -> str:
        """The text with one form of each Persian letter and plain digits, place by place, up to `LONGEST`; empty unless given."""
        return fold_persian(self.text[:LONGEST]) if self.given else ""

    @lazy
    def folded_bytes(self) -> bytes:
        """The folded text as google-re2 takes it."""
        return self.folded.encode("ascii")

    def whole(self) -> "Place":
        """Return the place that is the whole value."""
        return Place(self, 0, len(self.text))

    def place(self, start: int, end: int) -> "Place":
        """Return the place of ``text[start:end]``."""
        return Place(self, start, end)

    def named(self, field: str, label: str) -> "Value":
        """Return the same value under another field name and label."""
        return replace(self, field=field, label=label)


class Place(NamedTuple):
    """A part of a value: what a finding quotes."""

    value: Value
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The verbatim text of the place."""
        return self.value.text[self.start : self.end]

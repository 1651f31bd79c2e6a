"""A named cell or value of a structured source -> values of the model that are verbatim parts of it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from audit.model.dates import PartialDate
from audit.model.registration import Age, Coded, Contact, Count, DateValue
from audit.model.span import ABSENT, EMPTY, GIVEN, UNKNOWN, State, Value
from audit.readers.coding import code
from audit.readers.dates import read_date
from audit.readers.irct_slices import is_marker

V = TypeVar("V", bound=Value)
T = TypeVar("T")
coded = lru_cache(maxsize=8192)(code)
_LONGEST_MARKER = 40
_BREAKS = ("<br>", "_x000D_", "<br/>")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?", re.ASCII)
_EARLIEST, _LATEST = 1900, 2150
_CONTACT = tuple(Contact.__dataclass_fields__)


class Cell(NamedTuple):
    """A value of the source: its name there, its text as decoded, its path, and the line where it begins."""

    label: str
    text: str
    path: str
    line: int | None = None


class Maker:
    """Makes the values of one record out of cells and keeps the given ones in the order of making."""

    def __init__(self) -> None:
        self.values: list[Value] = []

    def forget(self, value: Value) -> None:
        """Drop a value that another one of the source replaces."""
        self.values = [one for one in self.values if one is not value]

    def value(self, field: str, cell: Cell, start: int = 0, end: int | None = None, label: str = "") -> Value:
        """Return the plain value in ``cell.text[start:end]``, without blanks and line-end marks around it."""
        return self._make(Value, field, cell, start, end, label)

    def coded(self, field: str, cell: Cell, start: int = 0, end: int | None = None, label: str = "", codes: str = "") -> Coded:
        """Return the coded value; *codes* names the list of wordings where that is not *field*."""
        value = self._make(Coded, field, cell, start, end, label)
        value.__dict__["code"] = coded(codes or field, value.text) if value.state is GIVEN else None
        return value

    def known(self, field: str, cell: Cell, meant: str | None, start: int = 0, end: int | None = None, label: str = "") -> Coded:
        """Return the coded value whose code is *meant*, None where it is not understood."""
        value = self._make(Coded, field, cell, start, end, label)
        value.__dict__["code"] = meant if value.state is GIVEN else None
        return value

    def count(self, field: str, cell: Cell, number: int | None) -> Count:
        """Return the count whose number is *number*."""
        value = self._make(Count, field, cell, 0, None, "")
        value.__dict__["number"] = number if value.state is GIVEN else None
        return value

    def age(self, field: str, cell: Cell, years: float | None, limited: bool) -> Age:
        """Return the age limit; *limited* is False for 'no limit'."""
        value = self._make(Age, field, cell, 0, None, "")
        value.__dict__.update(years=years, limited=limited)
        return value

    def date(self, field: str, cell: Cell, start: int = 0, end: int | None = None, label: str = "") -> DateValue:
        """Return the date: a day, a month or a year in any form that is sure."""
        value = self._make(DateValue, field, cell, start, end, label, keep=False)
        if value.state is GIVEN:
            meant = iso_day(value.text)
            if meant is not None:
                value.__dict__["date"] = meant
            else:
                parts = {name: part for name, part in value.__dict__.items() if name != "folded"}
                value = read_date(_of(Value, parts))
            self.values.append(value)
        return value

    def dated(self, field: str, cell: Cell, meant: PartialDate | None) -> DateValue:
        """Return the date that means *meant*."""
        value = self._make(DateValue, field, cell, 0, None, "")
        value.__dict__["date"] = meant
        return value

    def contact(self, owner: str, parts: dict[str, Value]) -> Contact:
        """Return the contact with *parts*; what it does not have is unknown."""
        made = dict(_unknown_contact(owner))
        made.update(parts)
        return _of(Contact, made)

    def _make(self, kind: type[V], field: str, cell: Cell, start: int, end: int | None, label: str, keep: bool = True) -> V:
        text = cell.text
        whole = text if not start and end is None else text[start:end]
        bare = whole.strip()
        if bare and (bare[0] in "<_" or bare[-1] in ">_"):
            bare, lead = _without_breaks(bare)
            at = len(whole) - len(whole.lstrip()) + lead if bare else 0
        elif len(bare) != len(whole):
            at = len(whole) - len(whole.lstrip())
        else:
            at = 0
        value = object.__new__(kind)
        parts = value.__dict__
        parts["field"] = field
        parts["label"] = label or cell.label
        parts["text"] = bare
        parts["start"] = start + at
        if not bare or (len(bare) <= _LONGEST_MARKER and is_marker(bare)):
            parts["state"] = EMPTY
        else:
            parts["state"] = GIVEN
            if keep:
                self.values.append(value)
        parts["path"] = cell.path
        parts["line"] = cell.line
        return value


def blank(kind: type[V], field: str, cell: Cell, state: State = EMPTY) -> V:
    """Return the value of a field that is not said in *cell*, which is its evidence."""
    value = object.__new__(kind)
    value.__dict__.update(field=field, label=cell.label, text="", start=0, state=state, path=cell.path, line=cell.line)
    return value


def unknown(field: str) -> Value:
    """Return the plain value of a field that the source cannot show."""
    return _of(Value, {"field": field, "state": UNKNOWN})


def absent(field: str, label: str, path: str, line: int | None = None) -> Value:
    """Return the plain value of a field that the record does not have, near *path*."""
    return _of(Value, {"field": field, "label": label, "state": ABSENT, "path": path, "line": line})


def iso_day(text: str) -> PartialDate | None:
    """Return the day that a text in ISO form means, with or without a midnight; None for all else.

    >>> str(iso_day("2020-04-08 00:00:00")), iso_day("2641-06-14"), iso_day("March 2020")
    ('2020-04-08', None, None)
    """
    return _iso_day(text) if len(text) in (10, 16, 19) and text[4] == "-" else None


@lru_cache(maxsize=8192)
def _iso_day(text: str) -> PartialDate | None:
    match = _ISO.fullmatch(text)
    if match is None or not _EARLIEST <= int(match[1]) <= _LATEST:
        return None
    try:
        return PartialDate.of(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _without_breaks(text: str) -> tuple[str, int]:
    """Return *text* without line-end marks around it, and how much fell away before it."""
    lead = 0
    while mark := next((mark for mark in _BREAKS if text.startswith(mark)), None):
        rest = text[len(mark) :].lstrip()
        lead += len(text) - len(rest)
        text = rest
    while mark := next((mark for mark in _BREAKS if text.endswith(mark)), None):
        text = text[: -len(mark)].rstrip()
    return text, lead


@lru_cache(maxsize=512)
def _unknown_contact(owner: str) -> dict[str, Value]:
    return {part: unknown(f"{owner}.{part}") for part in _CONTACT}


def _of(kind: type[T], parts: Mapping[str, object]) -> T:
    made = object.__new__(kind)
    made.__dict__.update(parts)
    return made

"""The fields of a value or a group -> the value or the group, in a third of the time of its own ``__init__``.

A page has some 200 of them, and the ``__init__`` of frozen dataclasses would be most of the cost of reading it.
"""

from collections.abc import Mapping
from typing import TypeVar

from audit.model.registration import Coded, Count
from audit.model.span import State, Value

T = TypeVar("T")
V = TypeVar("V", bound=Value)


def value_of(kind: type[V], field: str, label: str, text: str, start: int, state: State) -> V:
    """Return ``kind(field, label, text, start, state)``; all else is as the class has it by default."""
    value = object.__new__(kind)
    parts = value.__dict__
    parts["field"] = field
    parts["label"] = label
    parts["text"] = text
    parts["start"] = start
    parts["state"] = state
    return value


def coded_of(field: str, label: str, text: str, start: int, state: State, code: str | None) -> Coded:
    """Return a coded value."""
    value = value_of(Coded, field, label, text, start, state)
    value.__dict__["code"] = code
    return value


def count_of(field: str, label: str, text: str, start: int, state: State, number: int | None) -> Count:
    """Return a count."""
    value = value_of(Count, field, label, text, start, state)
    value.__dict__["number"] = number
    return value


def group_of(kind: type[T], parts: Mapping[str, object]) -> T:
    """Return ``kind(**parts)``; *parts* has all fields of *kind* that have no default."""
    group = object.__new__(kind)
    group.__dict__.update(parts)
    return group

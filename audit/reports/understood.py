"""A registration and its facts -> what was understood of it, as data and as text, with quotes (interfaces.md: Facts)."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from audit.model.registration import Age, Coded, Count, DateValue, Items, Registration
from audit.model.result import Fact
from audit.model.span import Place, State, Value
from audit.reports.json_ import evidence, plain, source
from audit.reports.words import Words

_FROM_FIELDS = ("target_sample_size",)
"""Facts of the interface that a field answers."""


def as_data(registration: Registration, facts: dict[str, Fact], words: Words) -> dict[str, Any]:
    """Return id, source, every field and every fact; what no field took stands under ``unlabelled``."""
    named = {name: getattr(registration, name) for name in _FROM_FIELDS}
    return {
        "id": registration.trial_id.text if registration.trial_id.given else None,
        "registry": registration.registry,
        "source": source(registration.source, registration.number),
        "complete": registration.complete,
        "fields": {value.field: _field(value, registration) for value in _values(registration)},
        "facts": {
            **{
                name: {"value": _meaning(value), "quotes": _quotes([value.whole()], registration)}
                for name, value in named.items()
            },
            **{name: _fact(fact, registration, words) for name, fact in facts.items()},
        },
        "unlabelled": [_at(value.whole(), registration) for value in registration.unlabelled],
    }


def as_text(registration: Registration, facts: dict[str, Fact], words: Words) -> str:
    """Return the same for people."""
    name = registration.trial_id.text if registration.trial_id.given else "(no registration number)"
    lines = [f"{registration.source.path}: {name}", ""]
    if not registration.complete:
        lines += ["  The record is cut: nothing is concluded from what is missing after its end.", ""]
    for value in _values(registration):
        shown = words.said(value) if value.given else f"({value.state})"
        lines.append(f"  {_where(value, registration):>4} | {value.field}: {shown}")
    lines += ["", "  Facts"]
    for name, fact in facts.items():
        said = (
            words.said(plain(fact.value))
            if fact.value is not None
            else f"cannot tell: {words.reason(fact.reason)}"
            if fact.reason
            else "?"
        )
        lines.append(f"       | {name}: {said}")
    if registration.unlabelled:
        lines += ["", "  Lines that belong to no field"]
        lines += [f"  {_where(value, registration):>4} | {words.said(value)}" for value in registration.unlabelled]
    return "\n".join(lines) + "\n\n"


def _where(value: Value, registration: Registration) -> str:
    """Return the path of a value of a structured source, else its line."""
    return value.path if value.path is not None else str(registration.source.line(value.start))


def _values(registration: Registration) -> Iterable[Value]:
    """Return what the record says and the fields it leaves empty, in the order of the source."""
    said = [value for value in registration.values if value.given]
    own = (getattr(registration, one.name) for one in dataclasses.fields(registration))
    headings = (one.heading if isinstance(one, Items) else one for one in own)
    empty = [one for one in headings if isinstance(one, Value) and one.state is State.EMPTY]
    if registration.source.kind == "structured":
        return (*said, *(one for one in empty if one not in said))
    return sorted((*said, *empty), key=lambda value: value.start)


def _field(value: Value, registration: Registration) -> dict[str, Any]:
    return {"value": _meaning(value), "state": value.state.value, **_at(value.whole(), registration)}


def _meaning(value: Value) -> Any:
    if not value.given:
        return None
    if isinstance(value, Coded):
        return value.code
    if isinstance(value, Count):
        return value.number
    if isinstance(value, Age):
        return value.years
    if isinstance(value, DateValue):
        return plain(value.date)
    return value.text


def _fact(fact: Fact, registration: Registration, words: Words) -> dict[str, Any]:
    said: dict[str, Any] = {"value": plain(fact.value), "quotes": _quotes(fact.places, registration)}
    if fact.reason is not None:
        said["reason"] = words.reason(fact.reason)
    if fact.cases:
        said["cases"] = [
            {"values": {name: plain(value) for name, value in case.values.items()}, "quotes": _quotes(case.places, registration)}
            for case in fact.cases
        ]
    return said


def _quotes(places: Iterable[Place], registration: Registration) -> list[dict[str, Any]]:
    return [_at(place, registration) for place in places if place.value.state is not State.UNKNOWN]


def _at(place: Place, registration: Registration) -> dict[str, Any]:
    return evidence(place, registration.source)

"""An audit -> the same with persons' names, telephone numbers and e-mail addresses blackened in every text, length for length.

Only what is shown changes: the checks have looked at the record as it is, and fingerprints stay.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

from audit.model.registration import Contact, Items, Registration, mapped
from audit.model.result import Audit, Finding
from audit.model.span import Place, Source, Value

BLACK = "█"
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|00)\d[\d\s().-]{6,18}\d(?![\w/])", re.ASCII)
_HONORIFIC = re.compile(r"^(?:(?:dr|prof|professor|mr|mrs|ms|miss|eng|mohandes|دکتر|پروفسور|آقای|خانم)\b\.?\s*)+", re.I)
_SHORTEST = 4
"""Shorter names are blackened only where they stand as a contact's name: as a word of a text they may be something else."""
_PARTS = ("name", "phone", "email", "fax")


def redacted(audit: Audit) -> Audit:
    """Return *audit* with its record, source, quotes and sentences blackened."""
    registration = audit.registration
    black = _blackener(registration)
    values: dict[int, Value] = {}

    def value(old: Value) -> Value:
        new = values.get(id(old))
        if new is None:
            text = black(old.text)
            if old.field.rpartition(".")[2] in _PARTS and old.given:
                text = re.sub(r"\S", BLACK, old.text)
            new = values[id(old)] = old if text == old.text else dataclasses.replace(old, text=text)
        return new

    record = mapped(registration, value)
    source = dataclasses.replace(registration.source, text=_source(registration.source, values, registration, black))
    record = dataclasses.replace(record, source=source)

    def findings(some: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(_finding(one, value, black) for one in some)

    return dataclasses.replace(
        audit,
        registration=record,
        findings=findings(audit.findings),
        below=findings(audit.below),
        waived=findings(audit.waived),
        known=findings(audit.known),
    )


def _blackener(registration: Registration) -> Callable[[str], str]:
    """Return a function that blackens the contacts' names, telephones and addresses, and whatever looks like one of the latter."""
    known = {word for contact in _contacts(registration) for word in _words(contact)}
    pattern = re.compile("|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)) or r"(?!)", re.I)

    def black(text: str) -> str:
        for one in (pattern, _EMAIL, _PHONE):
            text = one.sub(lambda match: re.sub(r"\S", BLACK, match[0]), text)
        return text

    return black


def _words(contact: Contact) -> Iterator[str]:
    for part in _PARTS:
        value: Value = getattr(contact, part)
        text = value.text.strip(" *")
        if value.given and len(text) >= _SHORTEST:
            yield text
            if part == "name" and len(bare := _HONORIFIC.sub("", text)) >= _SHORTEST:
                yield bare


def _contacts(part: Any) -> Iterator[Contact]:
    if isinstance(part, Contact):
        yield part
    elif isinstance(part, Items):
        for item in part.items:
            yield from _contacts(item)
    elif dataclasses.is_dataclass(part) and not isinstance(part, Value | Source):
        for one in dataclasses.fields(part):
            yield from _contacts(getattr(part, one.name))


def _source(source: Source, values: dict[int, Value], registration: Registration, black: Callable[[str], str]) -> str:
    text = black(source.text)
    if not text:
        return text
    pieces = list(text)
    for old in registration.values:
        new = values.get(id(old))
        if new is not None and new.text != old.text:
            pieces[new.start : new.start + len(new.text)] = new.text
    return "".join(pieces)


def _finding(finding: Finding, value: Callable[[Value], Value], black: Callable[[str], str]) -> Finding:
    return dataclasses.replace(
        finding,
        evidence=tuple(Place(value(place.value), place.start, place.end) for place in finding.evidence),
        blanks={name: _said(one, value, black) for name, one in finding.blanks.items()},
        computed={name: _said(one, value, black) for name, one in finding.computed.items()},
    )


def _said(said: Any, value: Callable[[Value], Value], black: Callable[[str], str]) -> Any:
    if isinstance(said, Value):
        return value(said)
    if isinstance(said, str):
        return black(said)
    if isinstance(said, tuple):
        return tuple(_said(one, value, black) for one in said)
    return said

"""An audit -> the same with persons' names, telephone numbers and e-mail addresses blackened in every text, length for length.

Only what is shown changes: the checks have looked at the record as it is, and fingerprints stay.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from audit.model.registration import Contact, Items, Registration, mapped
from audit.model.result import Audit, Comparison, Finding
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
    return _Blackened(audit.registration).audit(audit)


def redacted_comparison(one: Comparison) -> Comparison:
    """Return a comparison with both versions, their changes and findings blackened: in each what either has of persons."""
    black = _Blackened(one.old.registration, one.new.registration)
    changes = tuple(
        dataclasses.replace(change, before=black.place(change.before), after=black.place(change.after)) for change in one.changes
    )
    return dataclasses.replace(
        one,
        old=black.audit(one.old),
        new=black.audit(one.new),
        changes=changes,
        introduced=black.findings(one.introduced),
        resolved=black.findings(one.resolved),
        open=black.findings(one.open),
    )


class _Blackened:
    """Blackens what there is of persons in *registrations*; a value that several findings quote becomes one value."""

    def __init__(self, *registrations: Registration) -> None:
        self._black = _blackener(registrations)
        self._values: dict[int, tuple[Value, Value]] = {}

    def value(self, old: Value) -> Value:
        """Return *old* blackened."""
        known = self._values.get(id(old))
        if known is not None:
            return known[1]
        text = self._black(old.text)
        if old.field.rpartition(".")[2] in _PARTS and old.given:
            text = re.sub(r"\S", BLACK, old.text)
        new = old if text == old.text else dataclasses.replace(old, text=text)
        self._values[id(old)] = (old, new)  # the old one is kept, so that its id stays its own
        return new

    def place(self, place: Place) -> Place:
        """Return *place* in its blackened value."""
        return Place(self.value(place.value), place.start, place.end)

    def findings(self, some: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return *some* findings with their quotes and values blackened."""
        return tuple(_finding(one, self.value, self._black) for one in some)

    def audit(self, audit: Audit) -> Audit:
        """Return *audit* with its record, source, quotes and sentences blackened."""
        registration = audit.registration
        record = mapped(registration, self.value)
        text = self._source(registration)
        record = dataclasses.replace(record, source=dataclasses.replace(registration.source, text=text))
        return dataclasses.replace(
            audit,
            registration=record,
            findings=self.findings(audit.findings),
            below=self.findings(audit.below),
            waived=self.findings(audit.waived),
            known=self.findings(audit.known),
        )

    def _source(self, registration: Registration) -> str:
        text = self._black(registration.source.text)
        if not text:
            return text
        pieces = list(text)
        for old in registration.values:
            new = self.value(old)
            if new.text != old.text:
                pieces[new.start : new.start + len(new.text)] = new.text
        return "".join(pieces)


def _blackener(registrations: Iterable[Registration]) -> Callable[[str], str]:
    """Return a function that blackens the contacts' names, telephones and addresses, and whatever looks like one of the latter."""
    known = {word for record in registrations for contact in _contacts(record) for word in _words(contact)}
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

"""A check that found something in a record -> findings with their evidence."""

import hashlib
from collections.abc import Iterator

from audit.engine.conditions import Row, ask
from audit.engine.form import blanks
from audit.engine.reading import FACTS, Reading
from audit.model.check import Check, Confidence, Severity
from audit.model.registration import Items
from audit.model.result import Case, Finding
from audit.model.span import UNKNOWN, Place, Value


def findings(check: Check, reading: Reading, row: Row) -> Iterator[Finding]:
    """Yield the findings of *check*, which does not hold of the record of *reading*: one, or one for each case it found."""
    severity, confidence = _grade(check, row)
    listing = _listing(check, reading)
    common = list(_places(check, reading, listing))
    on_as_of = not reading.depends_on_as_of.isdisjoint(check.looks_at)
    told = set[str]()
    for case in reading.fact(listing).cases if listing else (Case({}, ()),):
        evidence = _without_twins([*case.places, *common])
        computed = {**_computed(check, reading), **case.values}
        fingerprint = _fingerprint(check, reading, evidence)
        while fingerprint in told:  # two cases that quote the same words
            fingerprint = hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
        told.add(fingerprint)
        yield Finding(
            check,
            severity,
            confidence,
            evidence,
            {
                name: computed[name] if name in computed else _said(reading, name)
                for name in {*blanks(check.message), *blanks(check.question)}
            },
            computed,
            fingerprint,
            on_as_of,
        )


def _listing(check: Check, reading: Reading) -> str | None:
    """Return the fact whose cases are the findings: the first that has cases, among what is expected before what is quoted."""
    names = (*(condition.field for condition in check.expect), *check.evidence)
    return next((name for name in names if name in FACTS and FACTS[name].cases and reading.fact(name).cases), None)


def _grade(check: Check, row: Row) -> tuple[Severity, Confidence]:
    for step in check.escalate:
        if all(ask(condition, row) is True for condition in step.when):
            return step.severity or check.severity, step.confidence or check.confidence
    return check.severity, check.confidence


def _places(check: Check, reading: Reading, listing: str | None) -> Iterator[Place]:
    for name in dict.fromkeys((*check.asks, *check.evidence)):
        if name == listing:
            continue
        if name in FACTS:
            yield from reading.fact(name).places
        else:
            yield from _field_places(getattr(reading.registration, name))


def _field_places(value: Value | Items[object]) -> Iterator[Place]:
    if not isinstance(value, Items):
        if value.state is not UNKNOWN:
            yield value.whole()
    elif len(value) == 0:
        yield value.heading.whole()
    elif isinstance(value[0], Value):
        yield from (item.whole() for item in value if isinstance(item, Value))


def _without_twins(places: list[Place]) -> tuple[Place, ...]:
    kept: dict[tuple[object, ...], Place] = {}
    for place in places:
        start, end, source = place.value.start + place.start, place.value.start + place.end, place.value.source
        of_another = (source.path, source.record, place.value.path) if source is not None else None
        kept.setdefault((place.value.field, start, end, of_another), place)
    return tuple(kept.values())


def _computed(check: Check, reading: Reading) -> dict[str, object]:
    said = {name: reading.fact(name).value for name in check.looks_at if name in FACTS and not FACTS[name].cases}
    return {name: value for name, value in said.items() if value is not None}


def _said(reading: Reading, name: str) -> object:
    if name in FACTS:
        return reading.fact(name).value
    value = getattr(reading.registration, name)
    return value.heading if isinstance(value, Items) else value


def _fingerprint(check: Check, reading: Reading, evidence: tuple[Place, ...]) -> str:
    quotes = sorted(f"{place.value.field}={' '.join(place.quote.split())}" for place in evidence)
    said = "\n".join((reading.registration.trial_id.text, check.code, *quotes))
    return hashlib.sha256(said.encode()).hexdigest()[:16]

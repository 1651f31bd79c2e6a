"""Two versions of a record -> what changed between them, field by field, and in the findings.

A field that one of the two exports cannot show is not compared, so that versions of different formats can be.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from audit.engine.outcome_changes import outcome_changes
from audit.engine.vocabulary import Vocabulary
from audit.model.fold import fold, fold_persian
from audit.model.registration import (
    Age,
    Arm,
    Coded,
    Contact,
    Count,
    DateValue,
    EthicsReview,
    HealthCondition,
    Items,
    Registration,
    Sharing,
    Sponsor,
)
from audit.model.result import Audit, Change, Comparison, Finding
from audit.model.span import GIVEN, UNKNOWN, Place, Value

_NOT_COMPARED = frozenset(
    {"source", "extent", "values", "unlabelled", "exported", "earlier", "primary_outcomes", "secondary_outcomes"}
)
_SAME = 0.5
"""So much of the words of two items of a list are common if they are one item."""
_WORD = re.compile(r"\d+(?:\.\d+)?|[a-z]+")
_ANY_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_SIGNS = re.compile("[<>\x01\x02]=?")
_DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)")
_ARABIC = re.compile("[\u0600-\u06ff]")
_GARBLED = re.compile(
    "[\u221a\u201a\u00ac\u00c2\u00c3\u00e2\u0192\u20ac\ufffd\u2260\u2030\u00ce\u00cf\u00d8\u00d9]|\\?|&#?\\w+;|_x[0-9A-Fa-f]{4}_|<br"
)
"""What stands where an export garbled or lost a sign."""


def changes(old: Registration, new: Registration, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """Return what changed from *old* to *new*, in the order of the record's fields; outcomes by their meaning."""
    found = list[Change]()
    for one in fields(Registration):
        if one.name == "primary_outcomes":
            found += outcome_changes(old, new, vocabulary)
        if one.name not in _NOT_COMPARED:
            found += _compared(one.name, getattr(old, one.name), getattr(new, one.name))
    return tuple(found)


def compare(old: Audit, new: Audit, vocabulary: Vocabulary) -> Comparison:
    """Return what changed between two audited versions: the fields, and the findings that came, went and stayed."""
    came, went, stayed = _findings(old.findings, new.findings)
    return Comparison(
        old,
        new,
        changes(old.registration, new.registration, vocabulary),
        days_after_start(old.registration, new.registration),
        came,
        went,
        stayed,
    )


def days_after_start(old: Registration, new: Registration) -> int | None:
    """Return the days from the start of recruitment to the day of *new*, or None where one of them is not known to the day.

    The day of a version is its last update, else that of its registration if the older one was not registered yet, else that of
    its export if the older one was exported after the start too: then the change was made between the two.
    """
    start, changed = start_of(new) or start_of(old), changed_on(old, new)
    if changed is None and start is not None and (seen := old.exported.date) is not None and seen.first > start:
        later = new.exported.date
        changed = later.first if later is not None and later.first >= seen.first else None
    return (changed - start).days if start is not None and changed is not None else None


def start_of(record: Registration) -> date | None:
    """Return the day on which recruitment began: the actual day, else the expected one; None where it is not known to the day."""
    for value in (record.actual_recruitment_start, record.expected_recruitment_start):
        if value.date is not None:
            return value.date.first if value.date.exact else None
    return None


def changed_on(old: Registration, new: Registration) -> date | None:
    """Return the day on which *new* came to be, None where it is not known to the day."""
    meant = new.last_update.date
    if meant is None and not old.registration_date.given:
        meant = new.registration_date.date
    return meant.first if meant is not None and meant.exact else None


def _findings(old: Iterable[Finding], new: Sequence[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """Return the findings of *new* that *old* has not, those of *old* that are gone, and those of *new* that were there."""
    left = list(old)
    stayed: set[int] = set()
    for same in (_fingerprint, _check_and_fields, _check):
        for at, one in enumerate(new):
            if at not in stayed and (twin := next((other for other in left if same(other) == same(one)), None)) is not None:
                stayed.add(at)
                left.remove(twin)
    return tuple(one for at, one in enumerate(new) if at not in stayed), tuple(left), tuple(new[at] for at in sorted(stayed))


def _fingerprint(one: Finding) -> object:
    return one.fingerprint


def _check_and_fields(one: Finding) -> object:
    return one.check.code, frozenset(place.value.field for place in one.evidence)


def _check(one: Finding) -> object:
    return one.check.code, frozenset(place.value.field.split("[")[0] for place in one.evidence)


def _compared(name: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, Value):
        yield from _values(old, new)
    elif isinstance(old, Items):
        yield from _items(name, old, new)
    elif isinstance(old, Contact) and isinstance(new, Contact):
        yield from _groups(old, new)


def _groups(old: Any, new: Any) -> Iterator[Change]:
    for part in fields(old):
        one, other = getattr(old, part.name), getattr(new, part.name)
        if isinstance(one, Value):
            yield from _values(one, other)
        elif isinstance(one, Contact):
            yield from _groups(one, other)


def _values(old: Value, new: Value) -> Iterator[Change]:
    if UNKNOWN in (old.state, new.state) or old.state == new.state != GIVEN:
        return
    if not old.given or not new.given:
        yield Change(new.field, "added" if new.given else "removed", old.whole(), new.whole())
    elif old.text != new.text or not _same(old, new):
        yield Change(new.field, "format_only" if _same(old, new) else "changed", old.whole(), new.whole())


def _same(old: Value, new: Value) -> bool:
    """Return whether two values that are given mean the same: a code, number, age or day, else the words of the text."""
    if isinstance(old, Coded) and isinstance(new, Coded) and old.code and new.code:
        return old.code == new.code
    if isinstance(old, Coded) and _from_spreadsheet(old.text, new.text):
        return True
    if isinstance(old, Count) and isinstance(new, Count) and old.number is not None and new.number is not None:
        return old.number == new.number
    if isinstance(old, DateValue) and isinstance(new, DateValue) and old.date and new.date:
        return old.date == new.date
    if isinstance(old, Age) and isinstance(new, Age) and None not in (old.years or 0, new.years or 0):
        unlimited = [not age.limited or age.years == 0 for age in (old, new)]
        if any(unlimited):
            return all(unlimited)
        if old.years is not None and new.years is not None:
            return abs(old.years - new.years) < 0.01
    if old.cut or new.cut:  # what stands before the export's cut
        return _begins_alike(old.text, new.text)
    return same_words(old.text, new.text)


def _from_spreadsheet(one: str, other: str) -> bool:
    """Return whether one is the date that a spreadsheet made of the other, as 2020-03-02 of the phase 2-3."""
    for date_, said in ((one, other), (other, one)):
        if (match := _DATE.match(date_)) and said.strip() in {
            f"{int(match[2])}-{int(match[1])}",
            f"{int(match[1])}-{int(match[2])}",
        }:
            return True
    return False


def _begins_alike(one: str, other: str) -> bool:
    here, there = _ascii(one), _ascii(other)
    least = min(len(here), len(there)) - 1  # the last word may be cut
    return here[:least] == there[:least]


def same_words(one: str, other: str) -> bool:
    """Return whether two texts say the same in another notation: blanks, case, line-end marks, signs that an export garbled.

    >>> same_words("Age 18\\u201365", "age  18 - 65<br>"), same_words("5 mg", "50 mg"), same_words("BMI > 30", "BMI < 30")
    (True, False, False)
    """
    if one == other:
        return True
    if _ARABIC.search(one) or _ARABIC.search(other):
        return _letters(fold_persian(one)) == _letters(fold_persian(other))
    here, there = _unescaped(one), _unescaped(other)
    garbled = bool(_GARBLED.search(one) or _GARBLED.search(other))
    if _spelt(here) != _spelt(there) and not (garbled and _ascii(here) == _ascii(there)):
        return False
    return garbled or _SIGNS.findall(fold(here)) == _SIGNS.findall(fold(there))


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(unescape(text))


def _spelt(text: str) -> list[str]:
    """Return the words of a text folded, in which letters of other scripts are themselves: alpha is not beta."""
    kept = (letter.casefold() if said == "q" else said for letter, said in zip(text, fold(text), strict=True))
    return _ANY_WORD.findall("".join(kept))


def _ascii(text: str) -> list[str]:
    """Return the words without letters and signs beyond ASCII, of which a wrong encoding makes several."""
    kept = (said for letter, said in zip(text, fold(text), strict=True) if letter.isascii() or said in " -'\"")
    return _WORD.findall("".join(kept))


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _items(name: str, old: Items[Any], new: Items[Any]) -> Iterator[Change]:
    if UNKNOWN in (old.state, new.state):
        return
    if name == "sharing":
        pairs, lost, gained = _by(old.items, new.items, lambda item: item.document)
    elif name in ("masked_groups", "secondary_ids", "countries"):
        pairs, lost, gained = _by(old.items, new.items, _key)
    else:
        pairs, lost, gained = _by_words(old.items, new.items)
    for one, other in pairs:
        yield from _values(one, other) if isinstance(one, Value) else _groups(one, other)
    for item in lost:
        yield Change(name, "removed", _head(item).whole(), _nothing(new))
    for item in gained:
        yield Change(name, "added", _nothing(old), _head(item).whole())


def _nothing(group: Items[Any]) -> Place:
    return group.heading.place(0, 0) if group.items else group.heading.whole()


def _head(item: Any) -> Value:
    """Return the value that stands for an item of a list: the first of its parts that says something."""
    if isinstance(item, Value):
        return item
    if isinstance(item, Sharing):
        return item.plan
    parts = list(_texts(item))
    if not parts:
        return next(value for value in vars(item).values() if isinstance(value, Value))
    return parts[0]


def _texts(item: Any) -> Iterator[Value]:
    """Yield the given values of an item, what it is named by before its codes."""
    order = {
        Arm: ("description", "label", "category"),
        HealthCondition: ("description", "icd10"),
        EthicsReview: ("committee", "reference"),
        Contact: ("name", "organization", "city"),
        Sponsor: ("grant_name", "source"),
    }
    if isinstance(item, Value):
        yield item
        return
    contact = getattr(item, "contact", None)
    if isinstance(item, Sponsor) and contact is not None:
        yield from _texts(contact)
    yield from (value for part in order.get(type(item), ()) if (value := getattr(item, part)).given)


def _key(item: Value) -> str:
    return getattr(item, "code", None) or " ".join(_letters(item.text))


def _by(
    old: Sequence[Any], new: Sequence[Any], key: Callable[[Any], object]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    before, after = ({key(item): item for item in reversed(items)} for items in (old, new))
    return (
        [(before[one], after[one]) for one in reversed(before) if one in after],
        [before[one] for one in reversed(before) if one not in after],
        [after[one] for one in reversed(after) if one not in before],
    )


def _by_words(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Pair items by their words, the most alike first; a lone pair that is left is one item that was changed."""
    words = [[_bag(_texts(item)) for item in items] for items in (old, new)]
    scores = sorted(
        ((_overlap(one, other), -a, -b) for a, one in enumerate(words[0]) for b, other in enumerate(words[1])), reverse=True
    )
    of_old: dict[int, int] = {}
    for score, a, b in scores:
        if score >= _SAME and -a not in of_old and -b not in of_old.values():
            of_old[-a] = -b
    lost = [a for a in range(len(old)) if a not in of_old]
    gained = [b for b in range(len(new)) if b not in of_old.values()]
    if len(lost) == len(gained) == 1:
        of_old[lost.pop()] = gained.pop()
    return [(old[a], new[b]) for a, b in sorted(of_old.items())], [old[a] for a in lost], [new[b] for b in gained]


def _bag(values: Iterable[Value]) -> frozenset[str]:
    return frozenset(word for value in values for word in _letters(fold_persian(value.text)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0

"""Checks, their examples and clean records -> which mutants the examples kill, and which planted defects wake their check.

Run it with ``make mutation``; the tests run a sample of it, the long tests all.

Condition mutants: a clause dropped, an operator turned round, a vocabulary pattern emptied; an example of the check (or
of some check, for a pattern) must go red. Planted defects stand in ``planted/<FAMILY>.yaml``: a change to a clean record
that must wake the check in every shape, and no check but those that it names.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from audit.engine.examine import Engine
from audit.engine.load import Catalogue, load
from audit.engine.plain_yaml import load_yaml
from audit.engine.reading import FACTS, Reading
from audit.engine.table import Cells, DirectRoute, judge
from audit.engine.vocabulary import Pattern, Vocabulary, load_vocabulary
from audit.folders import folder
from audit.model.check import Check, Condition, Confidence, Example
from audit.model.registration import Items, Registration
from audit.model.span import Value
from audit.readers import read_bytes
from audit.readers.draft import registration
from audit.readers.irct_lines import scan

HERE = Path(__file__).resolve().parent
CLEAN = HERE.parent / "sample_records" / "irct"
AS_OF = date(2026, 6, 11)
OPPOSITE = {
    "is": "none_of",
    "one_of": "none_of",
    "none_of": "one_of",
    "at_least": "at_most",
    "at_most": "at_least",
    "before": "not_before",
    "not_before": "before",
    "after": "not_after",
    "not_after": "after",
}


@cache
def catalogue() -> Catalogue:
    """Return the catalogue."""
    return load(folder("checks"))


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary."""
    return load_vocabulary(folder("checks") / "vocabulary")


@cache
def engine() -> Engine:
    """Return the catalogue ready to be asked, without Great Expectations."""
    return Engine(catalogue(), catalogue().checks, [folder("checks")], DirectRoute(catalogue().checks))


# Condition mutants


def mutants(check: Check) -> Iterator[tuple[str, Check]]:
    """Yield *check* with one condition of ``when`` or ``expect`` dropped or turned round, and what was done to it."""
    for part in ("when", "expect"):
        conditions: tuple[Condition, ...] = getattr(check, part)
        for at, condition in enumerate(conditions):
            shown = f"{part}: {condition.field} {condition.word}"
            yield f"{shown} dropped", replace(check, **{part: conditions[:at] + conditions[at + 1 :]})
            turned = (*conditions[:at], turned_round(condition), *conditions[at + 1 :])
            yield f"{shown} turned round", replace(check, **{part: turned})


def turned_round(condition: Condition) -> Condition:
    """Return the condition that holds where *condition* does not."""
    if condition.word in ("present", "none"):
        return replace(condition, operand=not condition.operand)
    operand = (condition.operand,) if condition.word == "is" else condition.operand
    return replace(condition, word=OPPOSITE[condition.word], operand=operand)


def read_example(example: Example, words: Vocabulary | None = None) -> Cells:
    """Return the cells of an example, found as they are asked for."""
    record = dict(example.record)
    as_of = date.fromisoformat(str(record.pop("as_of", AS_OF)))
    return Cells(Reading(registration(record), words or vocabulary(), as_of))


def goes_red(check: Check, example: Example, cells: Cells) -> bool:
    """Return whether the example is not what the check says of the record any more."""
    names = check.asks
    outcome = judge([check], names, [[cells[name] for name in names]], [cells._reading.registration.registry])[check.code]
    return outcome.error is not None or outcome.judgements[0].verdict.value != example.verdict


def survivors(checks: Iterable[Check]) -> Iterator[tuple[str, str, bool]]:
    """Yield each mutant as the check's code, what was done, and whether all examples of the check stay green."""
    for check in checks:
        read = [(example, read_example(example)) for example in check.examples]
        for name, mutant in mutants(check):
            yield check.code, name, not any(goes_red(mutant, example, cells) for example, cells in read)


def emptied_patterns(patterns: Iterable[str] | None = None) -> Iterator[tuple[str, bool]]:
    """Yield each vocabulary pattern (or those named) and whether all examples of all checks stay green without it."""
    users: dict[str, list[tuple[Check, Example]]] = {pattern.name: [] for pattern in vocabulary().patterns}
    for check in catalogue().checks:
        for example in check.examples:
            cells = read_example(example)
            goes_red(check, example, cells)
            for (number, _), hits in cells._reading._hits_of.items():
                if hits:
                    users[vocabulary().patterns[number].name].append((check, example))
    for name in patterns or users:
        without = Vocabulary(_emptied(pattern) if pattern.name == name else pattern for pattern in vocabulary().patterns)
        yield name, not any(goes_red(check, one, read_example(one, without)) for check, one in users[name])


def _emptied(pattern: Pattern) -> Pattern:
    return Pattern(pattern.name, None, None)


# Planted defects


def _bold(text: str) -> str:
    lines = scan(text)
    labels = {hit.line for hit in lines.hits if hit.value < 0}
    return "\n\n".join(f"**{text[a:b]}**" if at in labels else text[a:b] for at, (a, b) in enumerate(lines.spans))


SHAPES = {
    "as it is": lambda text: text,
    "no blank lines": lambda text: re.sub(r"\n\n+", "\n", text),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "lone dashes": lambda text: "\n-\n".join(line for line in text.split("\n") if line),
    "bold labels": _bold,
}


@dataclass(frozen=True)
class Plant:
    """A defect to be planted: the check it must wake, the clean record, the changes, and what else may wake."""

    code: str
    why: str
    record: str
    changes: dict[str, str | None]
    """Path of a field (``arms[1].description``) -> its new text; None takes the text away."""
    replacements: dict[str, str]
    also: frozenset[str]

    @property
    def name(self) -> str:
        """What the tests call it."""
        return f"{self.code}: {self.why}"


def plants() -> Iterator[Plant]:
    """Yield the plants of all files; raises ValueError for one that is not understood."""
    for path in sorted((HERE / "planted").glob("*.yaml")):
        for code, ones in load_yaml(path.read_text(encoding="utf-8"), aliases=True).items():
            for one in ones:
                if unknown := one.keys() - {"why", "record", "set", "replace", "also"}:
                    raise ValueError(f"{path.name}: {code}: unknown {', '.join(unknown)}")
                yield Plant(
                    code,
                    one["why"],
                    one.get("record", "clean"),
                    one.get("set", {}),
                    one.get("replace", {}),
                    frozenset(one.get("also", ())),
                )


@cache
def clean(record: str) -> str:
    """Return the text of a clean record."""
    return (CLEAN / f"{record}.txt").read_text(encoding="utf-8")


@cache
def read_clean(record: str) -> Registration:
    """Return what the reader makes of a clean record."""
    return one(clean(record))


@cache
def woken_by_clean(record: str) -> dict[str, str]:
    """Return the checks that find something in a clean record."""
    return woken(clean(record))


def planted(plant: Plant) -> str:
    """Return the clean record with the defect; raises ValueError where a change does not fit the record."""
    text, read = clean(plant.record), read_clean(plant.record)
    for path, new in sorted(plant.changes.items(), key=lambda change: -_value(read, change[0]).start):
        value = _value(read, path)
        start, end = value.start, value.start + len(value.text)
        if value.given:
            text = text[:start] + (new or "") + text[end:]
        elif new is not None:
            text = text[:end] + ("\n" if value.text == value.label.rpartition(": ")[2] else " ") + new + text[end:]
    for old, new in plant.replacements.items():
        if old not in text:
            raise ValueError(f"{plant.name}: {old!r} does not stand in {plant.record}")
        text = text.replace(old, new)
    if text == clean(plant.record):
        raise ValueError(f"{plant.name}: nothing was changed")
    return text


def one(text: str) -> Registration:
    """Return the one record in *text*."""
    (read,) = read_bytes(text.encode(), "planted.txt")
    if not isinstance(read, Registration):
        raise ValueError(f"no record any more: {read}")
    return read


def _value(read: Registration, path: str) -> Value:
    at: Any = read
    for step in re.findall(r"[a-z_0-9]+", path):
        at = at[int(step)] if step.isdigit() else getattr(at, step)
    return at.heading if isinstance(at, Items) else at


def woken(text: str) -> dict[str, str]:
    """Return the checks that find something in the record (at medium confidence or higher), with their clusters."""
    (audit,) = engine().examine([one(text)], AS_OF, Confidence.MEDIUM)
    return {finding.check.code: finding.check.cluster for finding in audit.findings}


def planting(plant: Plant, shapes: Iterable[str] = tuple(SHAPES)) -> Iterator[tuple[str, bool, set[str]]]:
    """Yield for each shape whether the check woke, and what else did that may not: not named, of another root cause."""
    text, before = planted(plant), woken_by_clean(plant.record).keys()
    cluster = next(check.cluster for check in catalogue().checks if check.code == plant.code)
    for shape in shapes:
        found = woken(SHAPES[shape](text))
        others = {
            code
            for code, its in found.items()
            if code != plant.code and its != cluster and code not in plant.also and code not in before
        }
        yield shape, plant.code in found, others


def main() -> int:
    """Print the kill rate of the mutants, what the plantings woke, and all that fell short."""
    told = list(survivors(catalogue().checks))
    alive = [f"{code}: {name}" for code, name, survived in told if survived]
    print(f"Condition mutants: {len(told) - len(alive)} of {len(told)} killed ({1 - len(alive) / len(told):.1%})")
    print("".join(f"  survived  {name}\n" for name in alive), end="")
    patterns = list(emptied_patterns())
    idle = [name for name, survived in patterns if survived]
    print(
        f"Patterns emptied:  {len(patterns) - len(idle)} of {len(patterns)} turn an example of a check red; the phrases that a "
        "pattern must match turn red for each"
    )
    tries, awake, others = 0, 0, 0
    lines = []
    for plant in plants():
        for shape, woke, more in planting(plant):
            tries, awake, others = tries + 1, awake + woke, others + bool(more)
            if not woke or more:
                lines.append(f"  {plant.name} ({shape}): {'woke' if woke else 'ASLEEP'} {' '.join(sorted(more))}")
    codes = {plant.code for plant in plants()}
    print(
        f"Planted defects:   {awake} of {tries} woke their check ({awake / tries:.1%}), {others} woke another ({others / tries:.1%}); {len(codes)} of {len(catalogue().checks)} checks"
    )
    print("\n".join(lines))
    print("No plant for: " + " ".join(check.code for check in catalogue().checks if check.code not in codes))
    return 0


if __name__ == "__main__":
    assert FACTS
    sys.exit(main())

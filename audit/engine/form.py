"""A check file's data -> its mistakes, each with where it stands, what is wrong and what is allowed."""

import re
import string
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from audit.engine.conditions import DATE_WORDS, NUMBER_WORDS, WORDS
from audit.engine.reading import FACTS
from audit.engine.table import FIELDS
from audit.model.check import Confidence, Severity

REQUIRED = (
    "code",
    "title",
    "severity",
    "confidence",
    "cluster",
    "expect",
    "message",
    "question",
    "rationale",
    "references",
    "examples",
)
OPTIONAL = ("when", "escalate", "evidence", "responsible", "registries", "known_limits", "off", "needs")
RESPONSIBLE = ("registrant", "registry", "export")
NEEDS = ("versions", "records", "languages")
"""What a check compares the record with: earlier versions of it, other records, its version in another language."""
VERDICTS = {"good": "passed", "bad": "finding", "not_applicable": "not_applicable", "not_assessable": "not_assessable"}
_FILE_NAME = re.compile(r"([A-Z]{2}\d{2})-([a-z0-9-]+)")
Path_ = tuple[str | int, ...]


@cache
def blanks(check_text: str) -> tuple[str, ...]:
    """Return the names of the blanks in a message or question.

    >>> blanks("{target} people, {groups} groups")
    ('target', 'groups')
    """
    return tuple(name for _, name, _, _ in string.Formatter().parse(check_text) if name)


def mistakes(path: Path, data: dict[str, Any], references: dict[str, Any]) -> Iterator[tuple[Path_, str]]:
    """Yield every mistake in the data of the check file *path*: the way to the part of it, and what is wrong there."""
    name = _FILE_NAME.fullmatch(path.stem)
    if not name:
        yield (), f"the file name is to be <CODE>-<name>.yaml, like PL03-inert-control.yaml, not {path.name}"
    elif data.get("code") != name[1]:
        yield ("code",), f"code is {data.get('code')!r}, the file name says {name[1]}"
    for key in REQUIRED:
        if key not in data:
            yield (), f"the key {key} is missing"
    for key in data.keys() - {*REQUIRED, *OPTIONAL}:
        yield (key,), f"unknown key {key}; allowed are {', '.join((*REQUIRED, *OPTIONAL))}"
    if unlike := list(_unlike(data)):
        yield from unlike
        return
    yield from _wrong_choice(data, "severity", [str(s) for s in Severity])
    yield from _wrong_choice(data, "confidence", [str(c) for c in Confidence])
    yield from _wrong_choice(data, "responsible", RESPONSIBLE)
    yield from _wrong_choice(data, "needs", NEEDS)
    asked: set[str] = set()
    for where, condition in _all_conditions(data):
        yield from _wrong_condition(where, condition)
        if isinstance(condition, dict):
            asked.add(str(condition.get("field")))
            asked.update(str(v["field"]) for v in condition.values() if isinstance(v, dict) and "field" in v)
    for at, field in enumerate(data.get("evidence", ())):
        asked.add(field)
        if field not in FIELDS and field not in FACTS:
            yield ("evidence", at), _no_such_field(field)
    cases = {key for field in asked & FACTS.keys() for key in FACTS[field].cases}
    for key in ("message", "question"):
        if isinstance(data.get(key), str):
            yield from _wrong_blanks(key, data[key], asked | cases)
    for at, reference in enumerate(data.get("references") or ()):
        if reference not in references:
            yield ("references", at), f"no such reference: {reference} (checks/references.yaml lists them)"
    if "references" in data and not data["references"]:
        yield ("references",), "a check without a reference is an opinion: give at least one"
    yield from _wrong_examples(data.get("examples"), needs_more="needs" in data)


def _unlike(data: dict[str, Any]) -> Iterator[tuple[Path_, str]]:
    """Yield what is of another kind than it is to be, before anything is looked for in it."""
    for key in ("title", "severity", "confidence", "responsible", "needs", "message", "question", "rationale", "cluster"):
        if key in data and not isinstance(data[key], str):
            yield (key,), f"{key} is to be a text"
    if not isinstance(data.get("off", False), bool):
        yield ("off",), "off is true or false"
    for key in ("evidence", "references", "registries", "known_limits"):
        if not _listed(data.get(key, []), str):
            yield (key,), f"{key} is to be a list of texts"
    for key in ("when", "expect"):
        if not isinstance(data.get(key, []), list):
            yield (key,), f"{key} is to be a list of conditions"
    if not _listed(data.get("escalate", []), dict) or not all(
        isinstance(one.get("when"), list) for one in data.get("escalate", ())
    ):
        yield ("escalate",), "escalate is to be a list of steps, each with when: a list of conditions"
    for step in data.get("escalate", []) if _listed(data.get("escalate", []), dict) else ():
        for key, levels in (("severity", Severity), ("confidence", Confidence)):
            if key in step and step[key] not in [str(level) for level in levels]:
                yield ("escalate",), f"{key} is {step[key]!r}; allowed are {', '.join(levels)}"
    examples = data.get("examples", {})
    if not isinstance(examples, dict) or not all(_listed(given or [], dict) for given in examples.values()):
        yield ("examples",), f"examples is to be a mapping with the keys {', '.join(VERDICTS)}, each with a list of examples"


def _listed(given: Any, kind: type) -> bool:
    return isinstance(given, list) and all(isinstance(one, kind) for one in given)


def _wrong_choice(data: dict[str, Any], key: str, allowed: Iterable[str]) -> Iterator[tuple[Path_, str]]:
    if key in data and data[key] not in allowed:
        yield (key,), f"{key} is {data[key]!r}; allowed are {', '.join(allowed)}"


def _all_conditions(data: dict[str, Any]) -> Iterator[tuple[Path_, Any]]:
    for key in ("when", "expect"):
        conditions = data.get(key, ())
        if isinstance(conditions, list):
            yield from (((key, at), one) for at, one in enumerate(conditions))
        elif conditions:
            yield (key,), conditions
    for at, step in enumerate(data.get("escalate", ())):
        yield from ((("escalate", at, "when", n), one) for n, one in enumerate(step.get("when", ())))


def _wrong_condition(where: Path_, condition: Any) -> Iterator[tuple[Path_, str]]:
    if not isinstance(condition, dict) or not isinstance(condition.get("field"), str) or len(condition) != 2:
        yield where, f"a condition has a field and one word out of {', '.join(WORDS)}: {condition!r}"
        return
    (word,) = condition.keys() - {"field"}
    operand = condition[word]
    if condition["field"] not in FIELDS and condition["field"] not in FACTS:
        yield where, _no_such_field(condition["field"])
    if word not in WORDS:
        yield where, f"unknown word {word}; allowed are {', '.join(WORDS)}"
    elif word in DATE_WORDS and not (isinstance(operand, dict) and {"field"} <= operand.keys() <= {"field", "days"}):
        yield where, f"{word} compares with another date: {{field: NAME}} or {{field: NAME, days: N}}, not {operand!r}"
    elif word in NUMBER_WORDS and not isinstance(operand, int | float | dict):
        yield where, f"{word} compares with a number or {{field: NAME}}, not {operand!r}"
    elif word in ("present", "none") and not isinstance(operand, bool):
        yield where, f"{word} is true or false, not {operand!r}"
    elif word in ("one_of", "none_of") and not isinstance(operand, list):
        yield where, f"{word} takes a list, not {operand!r}"
    if isinstance(operand, dict) and not isinstance(operand.get("field"), str):
        yield where, f"{word} takes a value or {{field: NAME}}, not {operand!r}"
    elif isinstance(operand, dict) and operand["field"] not in FIELDS and operand["field"] not in FACTS:
        yield where, _no_such_field(operand["field"])


def _no_such_field(name: Any) -> str:
    import difflib

    near = difflib.get_close_matches(str(name), [*FIELDS, *FACTS], n=1)
    return f"no such field or fact: {name}" + (f"; do you mean {near[0]}?" if near else "")


def _wrong_blanks(key: str, text: str, allowed: set[str]) -> Iterator[tuple[Path_, str]]:
    try:
        names = blanks(text)
    except ValueError as error:
        yield (key,), f"{key} has a wrong blank: {error}"
        return
    for name in names:
        if name not in allowed:
            yield (
                (key,),
                f"{key} names {{{name}}}, which the check does not look at; it looks at {', '.join(sorted(allowed))}",
            )


def _wrong_examples(examples: Any, *, needs_more: bool) -> Iterator[tuple[Path_, str]]:
    if not isinstance(examples, dict):
        return  # the key is missing, which is told
    for kind in examples.keys() - VERDICTS.keys():
        yield ("examples", kind), f"unknown kind of example {kind}; allowed are {', '.join(VERDICTS)}"
    if needs_more and not examples.get("not_assessable"):
        yield ("examples",), "needs a not_assessable example: a record that stands alone"
    for kind in ("good", "bad"):
        if not isinstance(examples.get(kind, []), list) or len(examples.get(kind) or ()) < 2:
            yield ("examples",), f"needs at least two {kind} examples in different wordings"
    for kind, given in examples.items():
        if not isinstance(given, list):
            yield ("examples", kind), "is to be a list of examples"
            continue
        for at, one in enumerate(given):
            if not isinstance(one, dict) or not {"why", "record"} <= one.keys() <= {"why", "record", "says"}:
                yield (
                    ("examples", kind, at),
                    "an example has why and record, and says if the words of the message are held",
                )


def line(text: str, where: Path_) -> int:
    """Return the line of the file on which the part *where* stands; only for messages, so the file is read again."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = node.start_mark.line if node else 0
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1

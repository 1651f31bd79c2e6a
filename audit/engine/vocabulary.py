"""Vocabulary files -> patterns, and which of them can stand in a text at all (one google-re2 set for each topic)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import re2
import yaml

from audit.engine.plain_yaml import load_yaml
from audit.errors import AuditError
from audit.model.span import Value

_LONG_GAP = re.compile(r"\{\d*,\d{2,}\}")
_BLANKS = re.compile(r"\[[^\]]*\]|\s+")
_ARABIC = re.compile("[\u0600-\u06ff]")


@dataclass(frozen=True)
class Pattern:
    """One named pattern: ``en`` is matched on the folded text, ``fa`` on the Persian text.

    In the files a blank stands for any blanks. ``yes`` and ``no`` are phrases that must and must not match.
    """

    name: str
    en: str | None
    fa: str | None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    @cached_property
    def english(self) -> re.Pattern[str] | None:
        """The compiled English pattern."""
        return re.compile(self.en) if self.en else None

    @cached_property
    def persian(self) -> re.Pattern[str] | None:
        """The compiled Persian pattern."""
        return re.compile(self.fa) if self.fa else None

    def matches(self, value: Value) -> list[re.Match[str]]:
        """Return the matches in the text of *value*; their offsets count in it."""
        found = list(self.english.finditer(value.folded)) if self.english else []
        if self.persian and not value.text.isascii() and _ARABIC.search(value.text):
            found += self.persian.finditer(value.persian)
        return found


class Vocabulary:
    """All patterns of all topics, numbered."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._numbers: dict[str, frozenset[int]] = {}
        for number, pattern in enumerate(self.patterns):
            topic = pattern.name.split(".")[0]
            self._numbers[pattern.name] = frozenset((number,))
            self._numbers[topic] = self._numbers.get(topic, frozenset()) | {number}
        self._asked: dict[tuple[str, ...], frozenset[int]] = {}
        self._topics: dict[str | tuple[str, ...], tuple[str, ...]] = {}
        self._english: dict[str, list[int]] = {}
        for number, pattern in enumerate(self.patterns):
            numbers = self._english.setdefault(pattern.name.split(".")[0], [])
            if pattern.en:
                numbers.append(number)
        self._persian = frozenset(n for n, pattern in enumerate(self.patterns) if pattern.fa)
        self._sets: dict[str, re2.Set] = {}

    def _set(self, topic: str) -> re2.Set:
        """Return the set of the English patterns of *topic*, compiled at the first asking.

        One set for all topics would be quicker on texts seen before, but a new text makes a large automaton grow by a
        thousand states: about a millisecond for each value.
        """
        if topic not in self._sets:
            options = re2.Options()
            options.max_mem = 1 << 26
            options.log_errors = False
            made = re2.Set.SearchSet(options)
            for number in self._english[topic]:
                # A wide gap makes a large automaton; for "can it match at all" any gap will do.
                made.Add(_LONG_GAP.sub("*", self.patterns[number].en or ""))
            made.Compile()
            self._sets[topic] = made
        return self._sets[topic]

    def numbers(self, names: str | Iterable[str]) -> frozenset[int]:
        """Return the numbers of the patterns that *names* means; raise KeyError for a name that is none."""
        if isinstance(names, str):
            return self._numbers[names]
        names = tuple(names)
        if names not in self._asked:
            self._asked[names] = frozenset(number for name in names for number in self._numbers[name])
        return self._asked[names]

    def topics(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """Return the topics of the patterns that *names* means."""
        names = names if isinstance(names, str) else tuple(names)
        if names not in self._topics:
            of_each = (names,) if isinstance(names, str) else names
            self._topics[names] = tuple(dict.fromkeys(name.split(".")[0] for name in of_each))
        return self._topics[names]

    def possible(self, value: Value, topic: str) -> frozenset[int]:
        """Return the numbers of the patterns of *topic* that can match somewhere in *value*: none is missing.

        Patterns for Persian of other topics may be among them.
        """
        english = self._english[topic]
        found = frozenset([english[n] for n in self._set(topic).Match(value.folded) or ()]) if english else frozenset[int]()
        if not value.text.isascii() and _ARABIC.search(value.text):
            found |= self._persian
        return found


def load_vocabulary(*roots: Path) -> Vocabulary:
    """Return the vocabulary in the files ``*.yaml`` of the folders *roots*.

    Raises AuditError that lists every mistake of every file.
    """
    patterns: list[Pattern] = []
    mistakes: list[str] = []
    for path in (path for root in roots for path in sorted(root.glob("*.yaml"))):
        try:
            topic = load_yaml(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            mistakes.append(f"{path.name}: not YAML: {' '.join(str(error).split())}")
            continue
        for name, entry in topic["patterns"].items():
            pattern = Pattern(
                f"{path.stem}.{name}",
                _spaced(entry.get("en")),
                _spaced(entry.get("fa")),
                tuple(entry.get("yes", ())),
                tuple(entry.get("no", ())),
            )
            patterns.append(pattern)
            mistakes += [f"{path.name}: {name}: {mistake}" for mistake in _wrong(pattern)]
    if mistakes:
        raise AuditError("the vocabulary cannot be used:\n" + "\n".join(mistakes))
    return Vocabulary(patterns)


def _spaced(pattern: str | None) -> str | None:
    """A blank in a pattern stands for any number of blanks (line ends are blanks in a folded text)."""
    return _BLANKS.sub(lambda part: part[0] if part[0][0] == "[" else " +", pattern.strip()) if pattern else None


def _wrong(pattern: Pattern) -> Iterator[str]:
    options = re2.Options()
    options.log_errors = False
    for text in (pattern.en, pattern.fa):
        if text is None:
            continue
        try:
            re2.compile(text, options)
        except re2.error as error:
            yield f"not a pattern that google-re2 knows: {error}"

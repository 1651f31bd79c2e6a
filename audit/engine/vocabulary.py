"""Vocabulary files -> patterns, and which of them can stand in a text at all (one google-re2 set for each topic)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import re2
import yaml

from audit.engine.plain_yaml import load_yaml
from audit.errors import AuditError
from audit.folders import folder, leads_out
from audit.model.span import Value, lazy

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
    ours: bool = True
    """Whether it comes with the package. Ours run under ``re``, which is quicker and on which they are tested; those of
    other catalogues under google-re2, whose time grows with the length of the text and no faster."""

    @lazy
    def english(self) -> re.Pattern[str] | None:
        """The compiled English pattern."""
        return self._compiled(self.en)

    @lazy
    def persian(self) -> re.Pattern[str] | None:
        """The compiled Persian pattern."""
        return self._compiled(self.fa)

    def _compiled(self, text: str | None) -> re.Pattern[str] | None:
        if not text:
            return None
        compiled: re.Pattern[str] = re.compile(text) if self.ours else re2.compile(text, _quiet())
        return compiled

    def matches(self, value: Value) -> list[re.Match[str]]:
        """Return the matches in the text of *value*; their offsets count in it."""
        found = list(self.english.finditer(value.folded)) if self.english else []
        if self.persian and not value.text.isascii() and _ARABIC.search(value.text):
            found += self.persian.finditer(value.persian)
        return found


class Vocabulary:
    """All patterns of all topics, numbered; a set of patterns is a whole number with the bits of their numbers (a mask)."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._of: dict[str, list[int]] = {}
        for number, pattern in enumerate(self.patterns):
            self._of[pattern.name] = [number]
            self._of.setdefault(pattern.name.partition(".")[0], []).append(number)
        self._asked: dict[str | tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
        self._persian = sum(1 << number for number, pattern in enumerate(self.patterns) if pattern.fa)
        self._sets: dict[str, tuple[Callable[[bytes], list[int] | None], list[int]]] = {}

    def numbers(self, names: str | Iterable[str]) -> list[int]:
        """Return the numbers of the patterns that *names* means; raise KeyError for a name that is none."""
        return sorted({number for name in ((names,) if isinstance(names, str) else names) for number in self._of[name]})

    def asked(self, names: str | tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        """Return the mask of the patterns that *names* means, and their topics; raise KeyError for a name that is none."""
        known = self._asked.get(names)
        if known is None:
            each = (names,) if isinstance(names, str) else names
            topics = tuple(dict.fromkeys(name.partition(".")[0] for name in each))
            known = self._asked[names] = (sum(1 << number for number in self.numbers(each)), topics)
        return known

    def found(self, name: str, value: Value) -> bool:
        """Return whether a pattern that *name* means stands in *value*; raise KeyError for a name that is none."""
        return any(self.patterns[number].matches(value) for number in self.numbers(name))

    def possible(self, value: Value, topic: str) -> int:
        """Return the mask of the patterns of *topic* that can match somewhere in *value*: none is missing.

        Patterns for Persian of other topics may be among them.
        """
        matches, bits = self._sets.get(topic) or self._set(topic)
        found = matches(value.folded_bytes) if bits else None
        mask = sum([bits[number] for number in found]) if found else 0
        if not value.text.isascii() and _ARABIC.search(value.text):
            mask |= self._persian
        return mask

    def _set(self, topic: str) -> tuple[Callable[[bytes], list[int] | None], list[int]]:
        """Return the set of the English patterns of *topic*, compiled at the first asking, and the bit of each.

        One set for all topics would be quicker on texts seen before, but a new text makes a large automaton grow by a
        thousand states: about a millisecond for each value.
        """
        made = _search_set()
        bits = []
        for number in self._of[topic]:
            if pattern := self.patterns[number].en:
                # A wide gap makes a large automaton; for "can it match at all" any gap will do.
                made.Add(_LONG_GAP.sub("*", pattern))
                bits.append(1 << number)
        made.Compile()
        self._sets[topic] = (made.Match, bits)
        return self._sets[topic]


def load_vocabulary(*roots: Path) -> Vocabulary:
    """Return the vocabulary in the files ``*.yaml`` of the folders *roots*.

    Raises AuditError that lists every mistake of every file.
    """
    ours = folder("checks") / "vocabulary"
    patterns: list[Pattern] = []
    mistakes: list[str] = []
    for path in (path for root in roots for path in sorted(root.glob("*.yaml"))):
        if leads_out(path, path.parent.parent):
            mistakes.append(f"{path.name} is a link that leads out of {path.parent.parent.as_posix()}")
            continue
        try:
            topic = load_yaml(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mistakes.append(f"{path.name}: not YAML: {' '.join(str(error).split())}")
            continue
        if not isinstance(topic, dict) or not isinstance(topic.get("patterns"), dict):
            mistakes.append(f"{path.name}: a vocabulary is a mapping with the key patterns")
            continue
        for name, entry in topic["patterns"].items():
            if wrong := _unlike(entry):
                mistakes.append(f"{path.name}: {name}: {wrong}")
                continue
            pattern = Pattern(
                f"{path.stem}.{name}",
                _spaced(entry.get("en")),
                _spaced(entry.get("fa")),
                tuple(entry.get("yes", ())),
                tuple(entry.get("no", ())),
                path.parent == ours,
            )
            patterns.append(pattern)
            mistakes += [f"{path.name}: {name}: {mistake}" for mistake in _wrong(pattern)]
    if mistakes:
        raise AuditError("the vocabulary cannot be used:\n" + "\n".join(mistakes))
    return Vocabulary(patterns)


def _spaced(pattern: str | None) -> str | None:
    """A blank in a pattern stands for any number of blanks (line ends are blanks in a folded text)."""
    return _BLANKS.sub(lambda part: part[0] if part[0][0] == "[" else " +", pattern.strip()) if pattern else None


def _unlike(entry: Any) -> str | None:
    """Return how an entry is unlike a pattern with its phrases, None where it is like one."""
    if not isinstance(entry, dict):
        return "a pattern is a mapping with the keys en or fa, yes and no"
    for key in ("en", "fa"):
        if not isinstance(entry.get(key), str | None):
            return f"{key} is to be a text"
    for key in ("yes", "no"):
        phrases = entry.get(key, [])
        if not isinstance(phrases, list) or not all(isinstance(one, str) for one in phrases):
            return f"{key} is to be a list of phrases"
    return None


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


def _wrong(pattern: Pattern) -> Iterator[str]:
    for text in (pattern.en, pattern.fa):
        if text is None:
            continue
        try:
            _search_set().Add(text)
        except re2.error:
            yield f"not a pattern that google-re2 knows: {_why(text)}"  # the set does not say why


def _search_set() -> re2.Set:
    options = _quiet()
    options.max_mem = 1 << 26
    return re2.Set.SearchSet(options)


def _why(text: str) -> str:
    try:
        re2.compile(text, _quiet())
    except re2.error as error:
        return str(error)
    return "too large"

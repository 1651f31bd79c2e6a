"""The text of IRCT pages -> its lines, the labels among them, and where one record ends and the next begins."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from audit.readers.irct_labels import BLOCK_KEYS, BLOCKS, INLINE, ORDER, ORDERS, PAGE, SUMMARY_FIELDS, key

_EDGE = " \t\r*#:-–•\u00a0\ufeff\u200e\u200f\f_|>"
"""What may stand around a label: blanks, bold and heading marks, bullets, lone dashes, table borders."""
_KNOWN = frozenset((*ORDERS, *BLOCK_KEYS))
_SUMMARY_KEYS = [
    [key(word) for label in PAGE if label.field == field for word in (*label.english, *label.persian)] for field in SUMMARY_FIELDS
]
_INLINE_SUMMARY = frozenset(word for words in _SUMMARY_KEYS for word in words)
_LONGEST_LABEL = 80
_MARKED = re.compile(r"[:\t]|\*\*|  ").search


class Hit(NamedTuple):
    """A line that is, or begins with, a label; ``value`` is the offset of what follows it on its line, or -1."""

    line: int
    word: str
    value: int


class Lines(NamedTuple):
    """The lines of a text that hold anything, as (start, end), and the labels among them."""

    spans: list[tuple[int, int]]
    hits: list[Hit]


class Record(NamedTuple):
    """One record: its lines from ``first`` to before ``stop``, and its labels in page order as (order, hit)."""

    first: int
    stop: int
    chain: list[tuple[int, Hit]]
    hits: list[Hit]


def _wraps() -> dict[str, dict[str, str]]:
    wraps: dict[str, dict[str, str]] = {}
    for word in _KNOWN:
        for at in range(1, len(word)):
            if word[at - 1] in " /" and word[at] != " ":
                wraps.setdefault(word[:at].strip(), {})[word[at:]] = word
    return {first: rest for first, rest in wraps.items() if first not in _KNOWN}


def _glued() -> dict[str, tuple[str, str]]:
    glued: dict[str, tuple[str, str]] = {}
    for block in BLOCKS.values():
        words = list(block.labels.items())
        for word, label in words:
            for other, following in words:
                if 0 < following.order - label.order <= 2:
                    glued[word + other] = glued[f"{word} {other}"] = (word, other)
    return {both: parts for both, parts in glued.items() if both not in _KNOWN}


_WRAPS = _wraps()
"""First part of a label that is broken over two lines -> its rest -> the label."""
_GLUED = _glued()
"""Two labels run together because the first has no value -> the two."""
_PLAIN, _BROKEN, _RUN_TOGETHER = 1, 2, 3
_EXACT = {
    as_written + end: key(as_written)
    for label in (*PAGE, *(label for block in BLOCKS.values() for label in block.labels.values()))
    for as_written in (*label.english, *label.persian)
    for end in ("", ":")
}
"""A line that is a label just as the page writes it -> its word."""
_WORDS = dict.fromkeys(_GLUED, _RUN_TOGETHER) | dict.fromkeys(_WRAPS, _BROKEN) | dict.fromkeys(_KNOWN, _PLAIN)


def scan(text: str) -> Lines:
    """Return the lines of *text* without blanks at their ends, and the labels among them.

    Lines that hold only blanks, dashes, bold marks and the like are left out.
    """
    spans: list[tuple[int, int]] = []
    hits: list[Hit] = []
    words, edges = _WORDS.get, _EDGE
    marks = [mark for mark in ("**", "\t", "  ") if mark in text]
    end_of_line, broken_line = -1, -1
    raws = text.split("\n" if "\n" in text else "\r")
    for raw, exact in zip(raws, map(_EXACT.get, raws), strict=True):
        start = end_of_line + 1
        end_of_line = start + len(raw)
        if exact is not None:  # most labels stand just as the page writes them
            hits.append(Hit(len(spans), exact, -1))
            spans.append((start, end_of_line))
            continue
        bare = raw.strip()
        if not bare:
            continue
        length = len(bare)
        if length < len(raw):
            start += raw.find(bare[0])
        end = start + length
        if length > 2 * _LONGEST_LABEL and not _MARKED(bare, 0, _LONGEST_LABEL):
            spans.append((start, end))
            continue
        word = bare.lower()
        what = words(word)
        if what is None and (bare[0] in edges or bare[-1] in edges):
            word = word.strip(edges)
            if not word:
                continue
            what = words(word)
        if broken_line >= 0 and broken_line == len(spans) - 1 and _mended(text, word, start, end, spans, hits):
            broken_line = -1
            continue
        if what == _PLAIN:
            hits.append(Hit(len(spans), word, -1))
        elif what == _BROKEN:
            broken_line = len(spans)
        elif what == _RUN_TOGETHER or ":" in word or not word.isascii() or (marks and any(mark in word for mark in marks)):
            _unusual(bare, start, word, spans, hits)
            continue
        spans.append((start, end))
    return Lines(spans, hits)


def _mended(text: str, word: str, start: int, end: int, spans: list[tuple[int, int]], hits: list[Hit]) -> bool:
    """Add the second half of a label that was broken over the line before and this one; tell whether it is one."""
    first_start, first_end = spans[-1]
    whole = _WRAPS[text[first_start:first_end].lower().strip(_EDGE)].get(word)
    if whole is None or text.count("\n", first_end, start) > 1:
        return False
    hits.append(Hit(len(spans) - 1, whole, -1))
    spans[-1] = (first_start, end)
    return True


def _unusual(raw: str, start: int, word: str, spans: list[tuple[int, int]], hits: list[Hit]) -> None:
    """Add a line that is no plain ASCII label: Persian, glued, or with its value behind it."""
    at, end = len(spans), start + len(raw)
    if len(raw) <= 2 * _LONGEST_LABEL and (not word.isascii() or "  " in word):
        word = key(word)
        if word in _KNOWN:
            hits.append(Hit(at, word, -1))
            spans.append((start, end))
            return
    if word in _GLUED:
        middle = raw.lower().rfind(_GLUED[word][1])
        _add_parts(start, end, [(0, _GLUED[word][0]), (max(middle, 1), _GLUED[word][1])], spans, hits)
        return
    if "**" in raw and _bold(raw, start, spans, hits):
        return
    head, mark, value = raw.partition("\t" if "\t" in raw else ":")
    if mark and len(head) < _LONGEST_LABEL:
        label = _label(head)
        if label in _INLINE_SUMMARY and _one_line_summary(raw, start, spans, hits):
            return
        if (label in INLINE or (mark == "\t" and label in _KNOWN)) and value.strip(_EDGE):
            hits.append(Hit(at, label, start + len(head) + 1))
    spans.append((start, end))


@lru_cache(maxsize=8192)
def _label(head: str) -> str:
    """Return the word of what may be a label."""
    return key(head.strip(_EDGE))


def _bold(raw: str, start: int, spans: list[tuple[int, int]], hits: list[Hit]) -> bool:
    """Add a line of labels glued by bold marks (``Fax**Email**``) or of a bold label with its value; tell whether it is."""
    parts, at = [], 0
    for piece in raw.split("**"):
        if piece.strip(_EDGE):
            parts.append((at, key(piece.strip(_EDGE))))
        at += len(piece) + 2
    if len(parts) < 2:
        return False
    if all(word in _KNOWN for _, word in parts):
        _add_parts(start, start + len(raw), parts, spans, hits)
        return True
    if raw.lstrip(" #-").startswith("**") and parts[0][1] in _KNOWN and len(parts) == 2:
        hits.append(Hit(len(spans), parts[0][1], start + parts[1][0]))
        spans.append((start, start + len(raw)))
        return True
    return False


def _add_parts(start: int, end: int, parts: list[tuple[int, str]], spans: list[tuple[int, int]], hits: list[Hit]) -> None:
    stops = [start + at for at, _ in parts[1:]] + [end]
    for (at, word), stop in zip(parts, stops, strict=True):
        hits.append(Hit(len(spans), word, -1))
        spans.append((start + at, stop))


def _one_line_summary(raw: str, start: int, spans: list[tuple[int, int]], hits: list[Hit]) -> bool:
    """Add the parts of a summary that stands in one line, as search results show it; tell whether it is one."""
    lower, found, at = raw.lower(), [], 0
    for words in _SUMMARY_KEYS:
        places = ((lower.find(f"{word}:", at), word) for word in words)
        place, word = min(((place, word) for place, word in places if place >= 0), default=(-1, ""))
        if place >= 0 and (place == 0 or lower[place - 1].isspace()):
            found.append((place, word))
            at = place + len(word)
    if len(found) < 3:
        return False
    stops = [place for place, _ in found[1:]] + [len(raw)]
    if found[0][0] > 0:
        spans.append((start, start + found[0][0]))
    for (place, word), stop in zip(found, stops, strict=True):
        hits.append(Hit(len(spans), word, start + place + len(word) + 1))
        spans.append((start + place, start + stop))
    return True


def records(lines: Lines) -> Iterator[Record]:
    """Yield the records of a text, each with its labels in page order.

    What stands before a record and is none, such as a list of its revisions, is taken as the beginning of the record.
    """
    ends = [*_starts(lines), len(lines.spans)]
    first = at = 0
    for stop in ends:
        start = at
        while at < len(lines.hits) and lines.hits[at].line < stop:
            at += 1
        chain = _chain(lines.hits[start:at])
        if is_record(chain) or stop == ends[-1]:
            yield Record(first, stop, chain, lines.hits[start:at])
            first = stop


def is_record(chain: list[tuple[int, Hit]]) -> bool:
    """Return whether so many labels in page order make a record, be it the beginning of one."""
    return len(chain) > 2 or (len(chain) == 2 and chain[0][1].word in _SUMMARY)


_TOPS = {word for field in ("study_aim", "design_summary") for word in _SUMMARY_KEYS[SUMMARY_FIELDS.index(field)]}
_TITLE, _SUMMARY, _GENERAL = (
    {key(word) for word in (*PAGE[ORDER[field]].english, *PAGE[ORDER[field]].persian)}
    for field in ("header", "summary", "general")
)
_ONCE = _SUMMARY | _GENERAL
_SETTINGS = set(_SUMMARY_KEYS[SUMMARY_FIELDS.index("settings")])


def _starts(lines: Lines) -> Iterator[int]:
    """Yield the line at which each record but the first begins."""
    tops = [hit.word in _SUMMARY for hit in lines.hits if hit.word in _ONCE]
    if len(tops) - sum(tops) < 2 > sum(tops):
        return
    hits = [hit for hit in lines.hits if hit.word in ORDERS]
    passed = summary = False
    last = header = -1
    for at, hit in enumerate(hits):
        begins = hit.word in _SUMMARY and (passed or summary)
        if not begins and passed and hit.word in _TOPS:
            begins = any(following.word in _SETTINGS or following.word in _GENERAL for following in hits[at : at + 6])
        if hit.word in _TITLE:
            header = hit.line
        if begins:
            lost_title = hit.word not in _SUMMARY and "design" in hit.word and hit.value < 0
            yield header if header > last else min(last + 2, hit.line) if lost_title else hit.line
            passed = summary = False
        summary = summary or hit.word in _SUMMARY
        passed = passed or hit.word in _GENERAL
        if hit.word not in _TITLE and hit.word != "iranian registry of clinical trials":
            last = hit.line


def _chain(hits: list[Hit]) -> list[tuple[int, Hit]]:
    """Return the longest run of labels that keeps the order of the page; a value that reads like a label falls out.

    Of two equal labels in a row the later counts: the earlier is then the last line of the value before.
    """
    chain = _unbroken(hits)
    if chain is None:
        chain = _longest(hits)
    if len(chain) > 1 and chain[-1][0] - chain[-2][0] > _LEAP and _doubtful(*chain[-1]):
        chain.pop()
    return chain


def _unbroken(hits: list[Hit]) -> list[tuple[int, Hit]] | None:
    """Return all labels of the page where they are in its order already, which is the rule; else None."""
    chain: list[tuple[int, Hit]] = []
    last = -1
    for hit in hits:
        orders = ORDERS.get(hit[1])
        if orders is None:
            continue
        order = orders[-1]
        if order <= last:
            order = orders[0]
            if order <= last:
                return None
        chain.append((order, hit))
        last = order
    return chain


def _longest(hits: list[Hit]) -> list[tuple[int, Hit]]:
    tails: list[int] = []
    tail_nodes: list[int] = []
    nodes: list[tuple[int, Hit, int]] = []
    for hit in hits:
        for order in ORDERS.get(hit.word, ()):
            length = bisect_left(tails, order)
            nodes.append((order, hit, tail_nodes[length - 1] if length else -1))
            if length == len(tails):
                tails.append(order)
                tail_nodes.append(len(nodes) - 1)
            else:
                tails[length], tail_nodes[length] = order, len(nodes) - 1
    chain: list[tuple[int, Hit]] = []
    at = tail_nodes[-1] if tail_nodes else -1
    while at >= 0:
        order, hit, at = nodes[at]
        chain.append((order, hit))
    chain.reverse()
    return chain


def _doubtful(order: int, hit: Hit) -> bool:
    return hit.value < 0 and PAGE[order].kind not in ("block", "heading")


_LEAP = 6
"""A last label that leaves out more than so many is a line of a value: a record is cut, not thinned."""

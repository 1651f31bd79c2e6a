"""An audit -> its source, line by line, with the quoted places marked by the numbers of the findings."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit.model.registration import Registration
from audit.model.span import Place, Source

_MOST = 200_000
"""Characters of a source that a report lists; a longer one is cut there, and the report says so."""


@dataclass(frozen=True)
class Piece:
    """A run of text in one line, and the numbers of the findings that quote it."""

    text: str
    findings: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a text, or one value of a structured source: its name (a number or a path) and its pieces."""

    name: str
    label: str
    pieces: tuple[Piece, ...]

    @property
    def number(self) -> str:
        """The name as it stands before the line: four columns wide and a blank, that do not shrink."""
        return f"{self.name:>4} ".replace(" ", "\u00a0")

    @property
    def quoted(self) -> bool:
        """Whether a finding quotes from it."""
        return any(piece.findings for piece in self.pieces)


@dataclass(frozen=True)
class Listing:
    """The lines of a source, and whether the end was left out."""

    lines: tuple[Line, ...]
    cut: bool


def listing(registration: Registration, quoted: Iterable[tuple[int, Place]]) -> Listing:
    """Return the source of *registration* with the places marked; *quoted*: number of the finding and place, in order."""
    if registration.source.text:
        marks = [
            (place.value.start + place.start, place.value.start + place.end, number)
            for number, place in quoted
            if place.end > place.start
        ]
        first, last = _reach(registration)
        text = registration.source.text[:last].rstrip()[: first + _MOST]
        return Listing(tuple(_text_lines(registration.source, text, first, marks)), last - first > _MOST)
    by_path: dict[str, list[tuple[int, int, int]]] = {}
    for number, place in quoted:
        start = place.value.start
        by_path.setdefault(place.value.path or "", []).append((start + place.start, start + place.end, number))
    lines: list[Line] = []
    length = 0
    for value in registration.values:
        length += len(value.text)
        if length > _MOST:
            return Listing(tuple(lines), True)
        marks = by_path.get(value.path or "", [])
        lines.append(Line(value.path or "", value.label or value.field, tuple(_pieces(value.text, value.start, marks))))
    return Listing(tuple(lines), False)


def _reach(registration: Registration) -> tuple[int, int]:
    """Return the record's own part of the text, in whole lines; where its reader does not tell, all of the text."""
    text = registration.source.text
    first, last = registration.extent or (0, len(text))
    if last < len(text):
        last = text.rfind("\n", 0, last) + 1
    return text.rfind("\n", 0, first) + 1, last


def _text_lines(source: Source, text: str, first: int, marks: list[tuple[int, int, int]]) -> Iterator[Line]:
    at, number = first, source.line(first)
    end_of_line = "\n" if "\n" in text else "\r"
    ahead = sorted(marks, reverse=True)
    begun: list[tuple[int, int, int]] = []
    while at < len(text):
        end = text.find(end_of_line, at)
        end = len(text) if end < 0 else end
        line = text[at:end].rstrip("\r\n")
        while ahead and ahead[-1][0] < at + len(line):
            begun.append(ahead.pop())
        begun = [mark for mark in begun if mark[1] > at]
        yield Line(str(number), "", tuple(_pieces(line, at, begun)))
        at, number = end + 1, number + 1


def _pieces(text: str, start: int, marks: list[tuple[int, int, int]]) -> Iterator[Piece]:
    """Yield the runs of *text*, which stands at *start*: where no mark begins or ends."""
    if not marks:
        if text:
            yield Piece(text)
        return
    cuts = sorted({0, len(text), *(min(max(edge - start, 0), len(text)) for mark in marks for edge in mark[:2])})
    for left, right in itertools.pairwise(cuts):
        numbers = {number for begin, end, number in marks if begin - start <= left and end - start >= right}
        yield Piece(text[left:right], tuple(sorted(numbers)))

"""Lines of an IRCT page -> values that are verbatim slices of its text."""

import re
from functools import lru_cache
from typing import NamedTuple

from audit.model.figures import whole
from audit.model.registration import Coded, Count, DateValue
from audit.model.span import ABSENT, EMPTY, GIVEN, UNKNOWN, Source, State, Value
from audit.readers.coding import code
from audit.readers.dates import read_date
from audit.readers.irct_labels import EMPTY_MARKERS, SINGLE, Kind, key
from audit.readers.irct_lines import Hit
from audit.readers.quick import coded_of, count_of, value_of

Span = tuple[int, int]
coded = lru_cache(maxsize=8192)(code)
_DASHES_FIRST = re.compile(r"(?:\s*-[ \t]*(?=[\r\n]))+")
_DASHES_LAST = re.compile(r"(?:[\r\n]\s*-[ \t]*)+\s*\Z")
_LONGEST_MARKER = 40
_LONGEST_NUMBER = 9
_TYPES: dict[Kind, type[Value]] = {"coded": Coded, "count": Count, "date": DateValue}


class Named(NamedTuple):
    """What a value is called and how it is read; ``codes`` names the list of wordings of a coded one."""

    field: str
    shown: str
    kind: Kind
    codes: str = ""

    def unknown(self) -> Value:
        """Return the value of a record that cannot show it."""
        return value_of(_TYPES.get(self.kind, Value), self.field, "", "", 0, UNKNOWN)

    def absent(self, place: int) -> Value:
        """Return the value of a record that does not have it, near *place*."""
        return value_of(_TYPES.get(self.kind, Value), self.field, self.shown, "", place, ABSENT)


class Slices:
    """Makes the values of one record and keeps them, and the lines that belong to no field."""

    def __init__(self, source: Source, spans: list[Span], language: str, cut: int = -1) -> None:
        """*cut* is the last line of a record that is cut short, or -1."""
        self.text = source.text
        self._cut = cut
        self._bold = "**" in source.text
        self.spans = spans
        self.language = language
        self.values: list[Value] = []
        self.unlabelled: list[Value] = []

    def trim(self, start: int, end: int) -> Span | None:
        """Return the span without blanks and bold marks at its ends, or None where nothing is left."""
        piece = self.text[start:end]
        bare = piece.strip()
        if not bare:
            return None
        start += piece.index(bare[0])
        if bare.startswith("**") or bare.endswith("**"):
            left = bare.lstrip("* \t\r\n")
            start += len(bare) - len(left)
            bare = left.rstrip("* \t\r\n")
        return (start, start + len(bare)) if bare else None

    def trim_dashes(self, start: int, end: int) -> Span | None:
        """Return the span without blanks, bold marks and lines of a lone dash at its ends."""
        first = _DASHES_FIRST.match(self.text, start, end)
        last = _DASHES_LAST.search(self.text, first.end() if first else start, end)
        return self.trim(first.end() if first else start, last.start() if last else end)

    def item(self, start: int, end: int) -> Span | None:
        """Return the span without bullets as well."""
        while start < end and self.text[start] in _BULLETS:
            start += 1
        return self.trim(start, end)

    def span(self, first: int, stop: int, value: int = -1) -> Span | None:
        """Return what stands from line *first* to before line *stop*, or from the offset *value* on; None if nothing."""
        if value < 0:
            if first >= stop:
                return None
            value = self.spans[first][0]
            if not self._bold:
                return value, self.spans[stop - 1][1]
        return self.trim(value, self.spans[stop - 1][1])

    def one_line(self, hit: Hit, stop: int) -> int:
        """Return the line before which a value of one line ends; what follows it belongs to no field."""
        first = hit.line + 1 if hit.value >= 0 else hit.line + 2
        if first < stop:
            self.keep_odd(first, stop)
            return first
        return stop

    def label_span(self, hit: Hit) -> Span:
        """Return where the label itself stands."""
        start, end = self.spans[hit.line]
        if hit.value < 0 and self.text[start].isalpha() and self.text[end - 1].isalpha():
            return start, end
        return self.item(start, hit.value if hit.value >= 0 else end) or (start, end)

    def state(self, span: Span) -> State:
        """Return whether the text says something or is a marker of emptiness."""
        if span[1] - span[0] > _LONGEST_MARKER:
            return GIVEN
        return EMPTY if is_marker(self.text[span[0] : span[1]]) else GIVEN

    def empty(self, hit: Hit) -> State:
        """Return what a label without a value means: empty, or unknown where the record is cut just after it."""
        return UNKNOWN if hit.line == self._cut else EMPTY

    def value(self, field: str, label: str, span: Span, state: State = GIVEN) -> Value:
        """Return the plain value at *span*."""
        return value_of(Value, field, label, self.text[span[0] : span[1]], span[0], state)

    def read(self, named: Named, hit: Hit, stop: int) -> Value:
        """Return the value between the label *hit* and the line *stop*, read as its kind asks."""
        first, behind = hit[0] + 1, hit[2]
        if stop > first + (behind < 0) and named.kind in SINGLE:
            stop = self.one_line(hit, stop)
        if behind >= 0 or self._bold or stop <= first:
            return self.typed(named, self.span(first, stop, behind), hit)
        return self.typed(named, (self.spans[first][0], self.spans[stop - 1][1]), hit)

    def typed(self, named: Named, span: Span | None, hit: Hit) -> Value:
        """Return the value at *span*, read as its kind asks; without a span it is empty and quotes its label.

        A given value is kept.
        """
        field, shown, kind, codes = named
        if span is None:
            start, end = self.label_span(hit)
            text, state = self.text[start:end], self.empty(hit)
        else:
            start, end = span
            text = self.text[start:end]
            state = EMPTY if end - start <= _LONGEST_MARKER and is_marker(text) else GIVEN
        value: Value
        if kind == "coded":
            value = coded_of(field, shown, text, start, state, coded(codes, text) if state is GIVEN else None)
        elif kind == "date":
            value = read_date(value_of(Value, field, shown, text, start, state))
        elif kind == "count":
            value = count_of(field, shown, text, start, state, whole_number(text))
        else:
            value = value_of(Value, field, shown, text, start, state)
        if state is GIVEN:
            self.values.append(value)
        return value

    def keep_odd(self, first: int, stop: int) -> None:
        """Keep lines that belong to no field."""
        for line in range(first, stop):
            self.keep_loose(*self.spans[line])

    def keep_loose(self, start: int, end: int) -> None:
        """Keep a piece of text that belongs to no field."""
        span = self.trim(start, end)
        if span is not None and self.item(*span) is not None:
            self.unlabelled.append(self.value("unlabelled", "", span))

    def number(self, line: int) -> int | None:
        """Return the number that a line consists of, in digits of any script."""
        start, end = self.spans[line]
        if end - start > _LONGEST_NUMBER:
            return None
        text = self.text[start:end].strip(_BULLETS + "#.)")
        return int(text) if text.isdecimal() and len(text) < 4 else None


_BULLETS = " \t\r\n-–•*▪●"


@lru_cache(maxsize=8192)
def is_marker(text: str) -> bool:
    """Return whether *text* only says that there is nothing."""
    return key(text.strip(" .*")) in EMPTY_MARKERS


def whole_number(text: str) -> int | None:
    """Return the one whole number in *text*, in digits of any script, or None.

    >>> whole_number("1,200 patients"), whole_number("30 to 40")
    (1200, None)
    """
    digits = text.replace(",", "").replace("٬", "")
    if digits.isdecimal():
        return whole(digits)
    words = [word for word in digits.split() if any(letter.isdecimal() for letter in word)]
    return whole(words[0]) if len(words) == 1 and words[0].isdecimal() else None

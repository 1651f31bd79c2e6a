"""A JSON file of studies, whatever they are wrapped in -> the studies, one at a time, each with its pointer and line.

One study, a list, ``{"studies": [...]}`` and one study a line are read alike. A list that breaks off gives the
studies before the break; a line that cannot be read is told and the next lines go on.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from audit.errors import NoRecordError, UnreadableError
from audit.readers.encodings import encoding_of
from audit.readers.opened import Opened

_CHUNK = 1024 * 1024
_LONGEST = 64 * 1024 * 1024
_NEAR_END = 64
_WRAPPED = re.compile(
    r'\s*\{(?:\s*"[^"\\]{0,40}"\s*:\s*(?:"[^"\\]{0,400}"|-?\d{1,20}|null|true|false)\s*,){0,9}\s*"studies"\s*:\s*\['
)
_SPACE = " \t\r\n\ufeff"


class Study(NamedTuple):
    """A JSON value with its number from 1, its pointer in the file, and its line where it stands on one line."""

    number: int
    pointer: str
    line: int | None
    data: Any


class _Text:
    """The text of a stream as far as it is read; what is used up is let go."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self.buffer = ""
        self.at = 0
        self._line = 1
        self._counted = 0
        self.ended = False

    def more(self) -> bool:
        """Read on; return whether there was more."""
        if self.ended:
            return False
        chunk = self._stream.read(max(_CHUNK, len(self.buffer) - self.at))
        self.ended = not chunk
        self._line = self.line_at(self.at)
        self.buffer, self.at, self._counted = self.buffer[self.at :] + chunk, 0, 0
        return bool(chunk)

    def peek(self, besides: str = "") -> str:
        """Return the next character that is no blank and none of *besides*, or nothing at the end."""
        passed = _SPACE + besides
        while True:
            buffer, at = self.buffer, self.at
            while at < len(buffer) and buffer[at] in passed:
                at += 1
            self.at = at
            if at < len(buffer):
                return buffer[at]
            if not self.more():
                return ""

    @property
    def here(self) -> int:
        """The line of the place that is reached."""
        self._line, self._counted = self.line_at(self.at), self.at
        return self._line

    def line_at(self, at: int) -> int:
        """Return the line of a place that is not before the last one asked for."""
        return self._line + self.buffer.count("\n", self._counted, at)

    def value(self) -> Any:
        """Return the JSON value that begins here; raise UnreadableError where there is none."""
        while True:
            try:
                value, self.at = _DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                if self._is_broken(error) or not self.more():
                    raise UnreadableError(f"this is no JSON: {_said(error)}", self.line_at(error.pos)) from None
            except RecursionError:
                raise UnreadableError("this JSON is nested too deeply to be a study", self.here) from None
            except ValueError as error:  # a number with thousands of digits
                raise UnreadableError(f"this JSON cannot be read: {str(error)[:120]}", self.here) from None
            else:
                return value

    def _is_broken(self, error: json.JSONDecodeError) -> bool:
        """Return whether the text is wrong there, and not only read in part."""
        if len(self.buffer) - self.at > _LONGEST:
            return True
        return error.pos < len(self.buffer) - _NEAR_END and not error.msg.startswith("Unterminated string")

    def skip_line(self) -> bool:
        """Go on behind the end of the line; return whether there is more."""
        while (end := self.buffer.find("\n", self.at)) < 0:
            self.at = len(self.buffer)
            if not self.more():
                return False
        self.at = end + 1
        return True


_DECODER = json.JSONDecoder()


def _said(error: json.JSONDecodeError) -> str:
    return error.msg[:1].lower() + error.msg[1:].split(":")[0]


def read_studies(opened: Opened) -> Iterator[Study | UnreadableError]:
    """Yield the JSON values that may be studies, and an error for what cannot be read."""
    encoding = encoding_of(opened)
    errors = "replace" if encoding.errors == "surrogateescape" else encoding.errors
    with opened.stream() as raw, io.TextIOWrapper(raw, encoding.name, errors=errors, newline="") as stream:
        text = _Text(stream)
        first = text.peek()
        if not first:
            raise UnreadableError("the file is empty; export or save the record again", 1)
        if first == "[":
            text.at += 1
            yield from _listed(text, "")
        elif wrapped := _WRAPPED.match(text.buffer, text.at):
            text.at = wrapped.end()
            yield from _listed(text, "/studies")
        else:
            yield from _one_after_another(text)


def _listed(text: _Text, prefix: str) -> Iterator[Study | UnreadableError]:
    number = 0
    while (following := text.peek(",")) != "]":
        number += 1
        line = text.here
        if not following:
            yield UnreadableError("the file breaks off inside the list of studies; get it again", line, number)
            return
        try:
            data = text.value()
        except UnreadableError as error:
            yield UnreadableError(f"{error}; nothing after it is read", error.line, number)
            return
        yield Study(number, f"{prefix}/{number - 1}", line if text.here == line else None, data)


def _one_after_another(text: _Text) -> Iterator[Study | UnreadableError]:
    number = 0
    while following := text.peek():
        number += 1
        line = text.here
        try:
            if following not in "{[":
                raise UnreadableError("this line is no JSON object", line)
            data = text.value()
        except UnreadableError as error:
            if number == 1 and following not in "{[":
                raise NoRecordError(str(error), error.line) from None
            yield UnreadableError(str(error), error.line, number)
            if not text.skip_line():
                return
            continue
        yield Study(number, "", line if text.here == line else None, data)

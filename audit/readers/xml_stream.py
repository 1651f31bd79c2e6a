"""An XML file of records -> its records, one at a time, each parsed by itself, with its line.

The file is cut at the records' own tags and each piece is parsed alone: no document type, no entity of the file's own
and nothing outside it is ever looked at, and a record that is no XML stops none of the others.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from audit.errors import UnreadableError
from audit.model.origin import Origin
from audit.model.registration import Registration
from audit.model.span import Source
from audit.readers.encodings import Encoding, encoding_of
from audit.readers.opened import Opened
from audit.readers.raw import Packed, Raw, encoded

_CHUNK = 1024 * 1024
_LONGEST = 64 * 1024 * 1024
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']", re.I)


class Piece(NamedTuple):
    """A record with its number from 1, its root element, and the line where it begins."""

    number: int
    root: Any
    line: int


class Text(NamedTuple):
    """The text of a record that is not parsed yet, with its number from 1 and the line where it begins."""

    number: int
    text: str
    line: int


def xml_texts(opened: Opened, tag: str) -> Iterator[Text | UnreadableError]:
    """Yield the texts of the elements *tag* of a file, and an error for what breaks off or is too long."""
    encoding = _encoding(opened)
    number = 0
    with opened.stream() as raw, io.TextIOWrapper(raw, encoding.name, errors=encoding.errors, newline="\n") as text:
        for line, piece in _pieces(text, tag):
            number += 1
            if isinstance(piece, UnreadableError):
                yield UnreadableError(str(piece), line, number)
            else:
                yield Text(number, piece, line)


def parsed(record: Text) -> Piece:
    """Return the record parsed; raise UnreadableError where it is no XML."""
    from lxml import etree

    try:
        return Piece(record.number, etree.fromstring(record.text, _parser()), record.line)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"this record is not well-formed XML: {_said(error)}", record.line, record.number) from None
    except (ValueError, UnicodeEncodeError) as error:
        raise UnreadableError(f"this record holds what no XML has: {str(error)[:120]}", record.line, record.number) from None


@dataclass(frozen=True, slots=True)
class RawElement(Raw):
    """The text of an element that is one record: *path* is that of its kind, *reading* makes registrations of it."""

    source: Source
    text: Text
    path: str
    reading: Callable[[Piece, Source], Iterator[Registration | UnreadableError]]

    @property
    def origin(self) -> Origin:
        """The element."""
        number = self.text.number
        return Origin(self.source.path, self.source.sha256, number, f"{self.path}[{number}]", self.text.line)

    @property
    def size(self) -> int:
        """The length of the text."""
        return len(self.text.text)

    def parts(self) -> Iterator[bytes]:
        """Yield what kind of element it is, and its text."""
        yield encoded(self.path)
        yield encoded(self.text.text)

    def read(self) -> Iterator[Registration | UnreadableError]:
        """Yield the registration of the element, or why it is none."""
        try:
            piece = parsed(self.text)
        except UnreadableError as error:
            yield error
            return
        yield from self.reading(piece, self.source)

    def packed(self) -> Packed:
        """Return its number, its line and its text."""
        return Packed(self.source.reader, (self.text.number, self.text.line), encoded(self.text.text))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)


def _said(error: Exception) -> str:
    return str(error).split(", line ")[0][:160]


def _encoding(opened: Opened) -> Encoding:
    declared = _DECLARED.search(opened.start[:400])
    found = encoding_of(opened)
    if declared is None or (found.name.startswith("utf") and found.errors == "strict"):
        return found
    name = declared[1].decode()
    try:
        "".encode(name)
    except LookupError:
        return found
    return found if name.lower().replace("_", "-") in ("utf-8", "utf8") else Encoding(name, "replace")


def _pieces(text: io.TextIOWrapper, tag: str) -> Iterator[tuple[int, str | UnreadableError]]:
    """Yield the texts of the elements and the lines where they begin."""
    opening, closing = re.compile(rf"<{tag}(?=[\s>/])"), f"</{tag}>"
    buffer, at, line = "", 0, 1
    while True:
        start = opening.search(buffer, at)
        end = buffer.find(closing, start.end()) if start else -1
        if start and end >= 0:
            line += buffer.count("\n", at, start.start())
            stop = end + len(closing)
            yield line, buffer[start.start() : stop]
            line += buffer.count("\n", start.start(), stop)
            at = stop
            continue
        keep = start.start() if start else max(at, len(buffer) - len(closing) - 2)
        line += buffer.count("\n", at, keep)
        buffer = buffer[keep:]
        at = 0
        if len(buffer) > _LONGEST:
            yield line, UnreadableError(f"this record is longer than {_LONGEST:,} characters; it is not read")
            return
        chunk = text.read(max(_CHUNK, len(buffer)))
        if not chunk:
            if opening.match(buffer):
                yield line, UnreadableError("the file breaks off inside this record; get it again")
            return
        buffer += chunk

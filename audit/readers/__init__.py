"""A file -> the registrations in it, whatever its format; or the raw records, to be read elsewhere."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.errors import UnreadableError
from audit.model.registration import Registration
from audit.model.span import Source
from audit.readers.opened import Opened
from audit.readers.raw import Raw, Reading, WholeFile

Read = Iterator[Registration | UnreadableError]


def _text(opened: Opened) -> Reading:
    from audit.readers.decode import decode
    from audit.readers.irct_text import read

    return read(Source(opened.shown, "irct-text", decode(opened.read()), opened.sha256))


def _html(opened: Opened) -> Reading:
    from audit.readers.html import html_text
    from audit.readers.irct_text import read

    return read(Source(opened.shown, "irct-html", html_text(opened.read()), opened.sha256, "html"))


def _pdf(opened: Opened) -> Reading:
    from audit.readers.irct_text import read
    from audit.readers.pdf import pdf_text

    text, pages = pdf_text(opened.read())
    return read(Source(opened.shown, "irct-pdf", text, opened.sha256, "pdf", pages))


def _ictrp(opened: Opened) -> Reading:
    from audit.readers.ictrp import read

    return read(opened)


def _ctgov(opened: Opened) -> Reading:
    from audit.readers.ctgov import read

    return read(opened)


def _irct_xml(opened: Opened) -> Reading:
    from audit.readers.irct_xml import read

    return read(opened)


def _draft(opened: Opened) -> Reading:
    from audit.readers.draft_file import read

    return read(opened)


READERS: dict[str, Callable[[Opened], Reading]] = {
    "irct-text": _text,
    "irct-html": _html,
    "irct-pdf": _pdf,
    "ictrp": _ictrp,
    "ctgov": _ctgov,
    "irct-xml": _irct_xml,
    "draft": _draft,
}
"""Name of a reader -> the function that reads a source: it yields registrations, or the raw records that become some."""
STREAMING = ("ictrp", "ctgov", "irct-xml")
"""The readers that yield raw records one at a time; the others read a file whole."""
_START = 2048


def read_path(path: Path, shown: str, reader: str | None = None) -> Read:
    """Yield the registrations of the file *path*, shown as *shown*, and an UnreadableError for what cannot be read.

    *reader* is a name of READERS, or None to guess the format from the content.
    """
    yield from read_opened(Opened.of_path(path, shown), reader)


def read_bytes(data: bytes, shown: str, reader: str | None = None) -> Read:
    """Yield what `read_path` yields, from the bytes of a file."""
    yield from read_opened(Opened.of_bytes(data, shown), reader)


def read_opened(opened: Opened, reader: str | None = None) -> Read:
    """Yield what `read_path` yields, from a source that can be opened as often as is needed."""
    for one in raw_records(opened, reader):
        if isinstance(one, Raw):
            yield from read_raw(one)
        else:
            yield one


def read_raw(raw: Raw) -> Read:
    """Yield the registrations of a raw record, and an error for what is none; a fault of the reader is an error too."""
    try:
        yield from raw.read()
    except Exception as error:  # noqa: BLE001 - told as what it is
        told = _told(error)
        yield UnreadableError(str(told), told.line or raw.origin.line, told.record or raw.origin.number)


def raw_records(opened: Opened, reader: str | None = None) -> Iterator[Raw | UnreadableError]:
    """Yield the raw records of a source one at a time, none of them read yet; a file that is read whole is one of them."""
    try:
        name = reader or _guess(opened)
        if name not in STREAMING:
            yield whole_file(opened.portable(), name)
            return
    except Exception as error:  # noqa: BLE001 - told below as what it is
        yield _told(error)
        return
    for one in _guarded(opened, name):
        if not isinstance(one, Registration):
            yield one


def whole_file(opened: Opened, reader: str) -> WholeFile:
    """Return a file that the reader of that name reads whole as one raw record."""
    return WholeFile(opened, reader, _read_whole)


def _read_whole(opened: Opened, reader: str) -> Read:
    for one in _guarded(opened, reader):
        if isinstance(one, Raw):
            yield from read_raw(one)
        else:
            yield one


def _guarded(opened: Opened, reader: str) -> Reading:
    """Yield what the reader yields; a reader that fails on one file stops none of the others."""
    try:
        yield from READERS[reader](opened)
    except Exception as error:  # noqa: BLE001 - told as what it is
        yield _told(error)


def _told(error: Exception) -> UnreadableError:
    if isinstance(error, UnreadableError):
        return error
    if isinstance(error, zipfile.BadZipFile | zlib.error | EOFError):
        return UnreadableError(f"a damaged zip archive: {error}")
    if isinstance(error, OSError):
        return UnreadableError(f"the file cannot be read: {error.strerror or error}")
    return UnreadableError(f"the reader failed on it, which is a fault of trial-audit: {type(error).__name__}: {error}")


def _guess(opened: Opened) -> str:
    """Return the name of the reader for a source by its beginning."""
    from audit.readers.html import is_html, is_mhtml

    data = opened.start
    if b"%PDF-" in data[:1024]:
        return "irct-pdf"
    start = data.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    if is_html(start[:_START]) or is_mhtml(data):
        return "irct-html"
    from audit.readers.ctgov import is_ctgov
    from audit.readers.draft_file import is_draft
    from audit.readers.ictrp import is_ictrp
    from audit.readers.irct_xml import is_irct_xml

    if is_draft(start):
        return "draft"
    if is_ctgov(start):
        return "ctgov"
    if is_irct_xml(start):
        return "irct-xml"
    if is_ictrp(opened, start):
        return "ictrp"
    return "irct-text"

"""A file -> the registrations in it, whatever its format."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.errors import UnreadableError
from audit.model.registration import Registration
from audit.model.span import Source

Reading = Iterator[Registration | UnreadableError]


def _text(data: bytes, shown: str, sha256: str) -> Reading:
    from audit.readers.decode import decode
    from audit.readers.irct_text import read

    return read(Source(shown, "irct-text", decode(data), sha256))


def _html(data: bytes, shown: str, sha256: str) -> Reading:
    from audit.readers.html import html_text
    from audit.readers.irct_text import read

    return read(Source(shown, "irct-html", html_text(data), sha256, "html"))


def _pdf(data: bytes, shown: str, sha256: str) -> Reading:
    from audit.readers.irct_text import read
    from audit.readers.pdf import pdf_text

    text, pages = pdf_text(data)
    return read(Source(shown, "irct-pdf", text, sha256, "pdf", pages))


READERS: dict[str, Callable[[bytes, str, str], Reading]] = {"irct-text": _text, "irct-html": _html, "irct-pdf": _pdf}
"""Name of a reader -> the function that reads bytes, given the path to show and their SHA-256."""
_START = 2048


def read_path(path: Path, shown: str, reader: str | None = None) -> Reading:
    """Yield the registrations of the file *path*, shown as *shown*, and an UnreadableError for what cannot be read.

    *reader* is a name of READERS, or None to guess the format from the content.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        yield UnreadableError(f"the file cannot be read: {error.strerror or error}")
        return
    yield from read_bytes(data, shown, reader)


def read_bytes(data: bytes, shown: str, reader: str | None = None) -> Reading:
    """Yield what `read_path` yields, from the bytes of a file."""
    try:
        yield from READERS[reader or _guess(data)](data, shown, hashlib.sha256(data).hexdigest())
    except UnreadableError as error:
        yield error


def _guess(data: bytes) -> str:
    """Return the name of the reader for a file that begins like *data*."""
    from audit.readers.html import is_html, is_mhtml

    if b"%PDF-" in data[:1024]:
        return "irct-pdf"
    start = data[:_START].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    return "irct-html" if is_html(start) or is_mhtml(data) else "irct-text"

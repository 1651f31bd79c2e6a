"""A file -> the registrations in it, whatever its format."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.errors import UnreadableError
from audit.model.registration import Registration
from audit.model.span import Source
from audit.readers.opened import Opened

Reading = Iterator[Registration | UnreadableError]


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


READERS: dict[str, Callable[[Opened], Reading]] = {
    "irct-text": _text,
    "irct-html": _html,
    "irct-pdf": _pdf,
    "ictrp": _ictrp,
    "ctgov": _ctgov,
    "irct-xml": _irct_xml,
}
"""Name of a reader -> the function that reads a source."""
_START = 2048


def read_path(path: Path, shown: str, reader: str | None = None) -> Reading:
    """Yield the registrations of the file *path*, shown as *shown*, and an UnreadableError for what cannot be read.

    *reader* is a name of READERS, or None to guess the format from the content.
    """
    yield from read_opened(Opened(shown, lambda: path.open("rb")), reader)


def read_bytes(data: bytes, shown: str, reader: str | None = None) -> Reading:
    """Yield what `read_path` yields, from the bytes of a file."""
    yield from read_opened(Opened.of_bytes(data, shown), reader)


def read_opened(opened: Opened, reader: str | None = None) -> Reading:
    """Yield what `read_path` yields, from a source that can be opened as often as is needed."""
    try:
        yield from READERS[reader or _guess(opened)](opened)
    except UnreadableError as error:
        yield error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        yield UnreadableError(f"a damaged zip archive: {error}")
    except OSError as error:
        yield UnreadableError(f"the file cannot be read: {error.strerror or error}")


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
    from audit.readers.ictrp import is_ictrp
    from audit.readers.irct_xml import is_irct_xml

    if is_ctgov(start):
        return "ctgov"
    if is_irct_xml(start):
        return "irct-xml"
    if is_ictrp(opened, start):
        return "ictrp"
    return "irct-text"

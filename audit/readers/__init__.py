"""A file -> the registrations in it, whatever its format."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.errors import UnreadableError
from audit.model.registration import Registration
from audit.model.span import Source
from audit.readers.decode import decode

Reading = Iterator[Registration | UnreadableError]


def _irct_text(data: bytes, shown: str, sha256: str) -> Reading:
    from audit.readers.irct_text import read

    return read(Source(shown, "irct-text", decode(data), sha256))


READERS: dict[str, Callable[[bytes, str, str], Reading]] = {"irct-text": _irct_text}
"""Name of a reader -> the function that reads bytes, given the path to show and their SHA-256."""


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
        yield from READERS[reader or "irct-text"](data, shown, hashlib.sha256(data).hexdigest())
    except UnreadableError as error:
        yield error

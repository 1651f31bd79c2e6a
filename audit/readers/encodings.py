"""A file's bytes, looked through once as a stream -> the encoding of its text."""

import codecs
from typing import NamedTuple

from audit.errors import UnreadableError
from audit.readers.decode import decode
from audit.readers.opened import Opened

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1024 * 1024
_SAMPLE = 256 * 1024
_MIXED = 0.2
"""From this share of good UTF-8 among the characters beyond ASCII on, a file is UTF-8 with broken places: in a text of another
encoding some follow each other by chance as if they were."""


class Encoding(NamedTuple):
    """How a file's bytes become text, and whether some of its characters may be broken."""

    name: str
    errors: str = "strict"
    suspect: bool = False


def encoding_of(opened: Opened) -> Encoding:
    """Return the encoding of the text in *opened*: UTF-8, UTF-16, or of an old file the one it looks like.

    A file that is UTF-8 but for a few places is read so, with what is broken marked (``surrogateescape``).
    """
    marked = next((name for mark, name in _MARKS if opened.start.startswith(mark)), None)
    if marked is None and opened.start[:64].count(b"\x00") >= 16:
        marked = "utf-16-be" if opened.start[0] == 0 else "utf-16-le"
    if marked and marked != "utf-8-sig":
        return Encoding(marked, "replace", True)
    good, broken, nul, sample = _look_through(opened)
    name = marked or "utf-8"
    if not broken:
        return Encoding(name, "strict", nul)
    if marked or good >= _MIXED * (good + broken):
        return Encoding(name, "surrogateescape", True)
    return Encoding(_guessed(sample), "replace", nul)


def _look_through(opened: Opened) -> tuple[int, int, bool, bytes]:
    """Return how many characters beyond ASCII are good and broken UTF-8, whether there are NULs, and a broken place."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = broken = 0
    nul, sample = False, b""
    with opened.stream() as stream:
        while chunk := stream.read(_CHUNK):
            nul = nul or b"\x00" in chunk
            text = decoder.decode(chunk)
            if text.isascii():
                continue
            try:
                size = len(text.encode())
            except UnicodeEncodeError as error:
                whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "ignore")
                wrong = len(text) - len(whole)
                broken += wrong
                good += len(whole.encode()) - len(whole)
                sample = sample or chunk[max(0, error.start - _SAMPLE // 2) :][:_SAMPLE]
            else:
                good += size - len(text)
    return good, broken, nul, sample


def _guessed(sample: bytes) -> str:
    """Return the name of the single-byte encoding that *sample* looks like."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=["cp1256", "cp1252", "iso8859_6", "mac_roman"]).best()
    if best is None:
        decode(sample)
        raise UnreadableError("the encoding of the text is not recognised; save it as UTF-8", 1)
    return best.encoding

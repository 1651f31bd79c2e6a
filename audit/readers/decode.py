"""The bytes of a file -> its text, whatever an editor made of it; bytes that are no text get a clear error."""

from audit.errors import UnreadableError

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SIGNATURES = (
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"BM", "an image (BMP)"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)
_HIGH_BYTES = (0x00, 0x06, 0x20)
"""The first halves of Latin and Arabic letters and of dashes and joiners in UTF-16."""
_SINGLE_BYTE = ["cp1256", "cp1252", "iso8859_6", "mac_roman"]


def decode(data: bytes) -> str:
    """Return the text of *data*: byte order mark removed, line ends untouched.

    UTF-8 and UTF-16 (with or without a mark) are recognised for certain, single-byte encodings such as Windows-1256 by
    `charset_normalizer`. Raises UnreadableError for an empty file, an image, an archive and other binary data.
    """
    if not data.strip(b" \t\r\n\x00"):
        raise UnreadableError("the file is empty; export or save the record again", 1)
    text = _marked(data)
    if text is None:
        _refuse_signatures(data)
        text = _unmarked(data)
    if not text.strip():
        raise UnreadableError("the file is empty; export or save the record again", 1)
    at = text.find("\x00")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise UnreadableError("this is binary data, not text; save the record as text, HTML or PDF", line)
    return text


def _marked(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _broken(data, encoding, error) from None
    return None


def _broken(data: bytes, encoding: str, error: UnicodeDecodeError) -> UnreadableError:
    line = data.count(b"\n", 0, error.start) + 1
    return UnreadableError(f"the file says that it is {encoding.upper()} but it is damaged; save it again as UTF-8", line)


def _refuse_signatures(data: bytes) -> None:
    for signature, what in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 2 or b"\x00" in data[:64]):
            raise UnreadableError(f"this is {what}, not a text; save the record as text, HTML or PDF", 1)


def _unmarked(data: bytes) -> str:
    if b"\x00" not in data[:4096]:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            return _single_byte(data, error.start)
    sample = data[:4096]
    even, odd = (sum(half.count(byte) for byte in _HIGH_BYTES) for half in (sample[0::2], sample[1::2]))
    if len(data) % 2 == 0 and max(even, odd) > 0.8 * len(sample) / 2 > 4 * min(even, odd):
        try:
            return data.decode("utf-16-be" if even > odd else "utf-16-le")
        except UnicodeDecodeError:
            pass
    line = data.count(b"\n", 0, data.index(b"\x00")) + 1
    raise UnreadableError("this is binary data, not text; save the record as text, HTML or PDF", line)


def _single_byte(data: bytes, first: int) -> str:
    line = data.count(b"\n", 0, first) + 1
    if sum(byte < 32 and byte not in b"\t\n\r\f" for byte in data) > len(data) // 100:
        raise UnreadableError("this is binary data, not text; save the record as text, HTML or PDF", line)
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_SINGLE_BYTE).best()
    if best is None:
        raise UnreadableError("the encoding of the text is not recognised; save it as UTF-8", line)
    return str(best)

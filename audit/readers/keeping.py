"""A raw record <-> bytes that may be kept and read again, whoever has written them: no more is made of them than a raw record."""

import hashlib
import json
import zlib
from typing import Any

from audit.model.span import Source
from audit.readers import READERS, STREAMING, whole_file
from audit.readers.opened import Opened
from audit.readers.raw import Raw, decoded
from audit.readers.zips import visible

_LONGEST = 64 * 1024 * 1024
"""So many bytes a record has at most, unpacked; a longer one is not kept."""
_LONGEST_HEAD = 1024 * 1024
_MOST = 2**53
_LEVEL = 6


def packed(raw: Raw) -> bytes | None:
    """Return *raw* as bytes, None where it is too long, or where it is a file that is not any more what was read."""
    origin, (kind, head, body) = raw.origin, raw.packed()
    said = json.dumps([kind, origin.shown, origin.sha256, *head]).encode()
    if len(said) > _LONGEST_HEAD or len(said) + len(body) >= _LONGEST:
        return None
    if not _streamed(kind) and hashlib.sha256(body).hexdigest() != origin.sha256:
        return None
    return zlib.compress(said + b"\n" + body, _LEVEL)


def unpacked(data: bytes) -> Raw:
    """Return the raw record that was packed; raises ValueError for what never was."""
    try:
        inflating = zlib.decompressobj()
        said, _, body = inflating.decompress(data, _LONGEST).partition(b"\n")
        if not inflating.eof or len(said) > _LONGEST_HEAD:
            raise ValueError("a record of it is longer than any record, or breaks off")
        kind, shown, sha256, *head = json.loads(said)
        if type(kind) is not str or type(shown) is not str or type(sha256) is not str:
            raise ValueError("a record of it is of no known kind")
        return _again(kind, visible(shown), sha256, head, body)
    except (zlib.error, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _streamed(kind: str) -> bool:
    from audit.readers.ictrp import ROW

    return kind == ROW or kind in STREAMING


def _again(kind: str, shown: str, sha256: str, head: list[Any], body: bytes) -> Raw:
    if not _streamed(kind):
        if kind not in READERS or head:
            raise ValueError("a record of it is of no known kind")
        return whole_file(Opened.of_bytes(body, shown), kind)
    from audit.readers import ctgov, ictrp, irct_xml

    source, text = Source(shown, kind, "", sha256, "structured"), decoded(body)
    number, line, *rest = head
    if not _counts(number) or not (_counts(line) or line is None):
        raise ValueError("a record of it stands nowhere")
    match kind, rest:
        case ictrp.ROW, [bool(several), str(row), list(names), list(lengths)]:
            if not all(type(name) is str for name in names) or not all(map(_counts, lengths)):
                raise ValueError("a row of it is none")
            source = Source(shown, "ictrp", "", sha256, "structured")
            return ictrp.row_again(source, number, line, several, row, names, lengths, text)
        case "ctgov", [str(pointer)]:
            return ctgov.again(source, number, line, pointer, text)
        case "ictrp", [] if line is not None:
            return ictrp.again(source, number, line, text)
        case "irct-xml", [] if line is not None:
            return irct_xml.again(source, number, line, text)
    raise ValueError("a record of it is of no known kind")


def _counts(said: object) -> bool:
    return type(said) is int and 0 <= said < _MOST

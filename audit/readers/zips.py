"""A zip archive -> its entries that may be records, opened one at a time and never written to disk."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from audit.errors import UnreadableError
from audit.model.result import Unreadable
from audit.readers.opened import Opened

_LARGE = 64 * 1024 * 1024
_RATIO = 150
"""An entry larger than ``_LARGE`` that shrank by more than this is taken for a zip bomb: real exports shrink to a twentieth."""


def entries(path: Path, shown: str, suffixes: Sequence[str]) -> Iterator[Opened | Unreadable]:
    """Yield the entries whose names end with one of *suffixes*, in the order of their names, and what cannot be opened.

    An archive that is damaged, an entry that leads out of it, needs a password, or unpacks to far more than it is
    (a zip bomb) is told; the others go on.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Unreadable(shown, f"a damaged zip archive: {error}")
        return
    with archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = info.filename
            if info.is_dir() or PurePosixPath(name).suffix.lower() not in suffixes or _hidden(name):
                continue
            where = f"{shown}/{visible(name)}"
            if (why := _refused(info)) is not None:
                yield Unreadable(where, why)
            else:
                yield Opened(where, _opener(archive, info), size=info.compress_size)


def _hidden(name: str) -> bool:
    return any(part.startswith("._") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def visible(name: str) -> str:
    """Return *name* without what a terminal would take for an order."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _refused(info: zipfile.ZipInfo) -> str | None:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if info.filename.startswith(("/", "\\")) or ".." in parts or (parts and parts[0].endswith(":")):
        return "this entry's name leads out of the archive; it is not read"
    if info.flag_bits & 1:
        return "this entry needs a password; unpack the archive and give the files"
    return bomb(info)


def bomb(info: zipfile.ZipInfo) -> str | None:
    """Return why an entry is not unpacked, where it would become far larger than it is."""
    times = info.file_size // max(1, info.compress_size)
    if info.file_size <= _LARGE or times <= _RATIO:
        return None
    return f"this entry unpacks to {info.file_size:,} bytes, {times} times its size, as a zip bomb does; it is not read"


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def stream() -> BinaryIO:
        try:
            return cast(BinaryIO, archive.open(info))
        except (NotImplementedError, RuntimeError) as error:
            raise UnreadableError(f"this entry of the zip archive cannot be opened: {error}") from None

    return stream

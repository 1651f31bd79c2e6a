"""A file, an archive's entry or bytes -> what a reader needs of it: its beginning, a stream, its bytes, its SHA-256."""

import hashlib
import io
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO

_START = 64 * 1024
_CHUNK = 1024 * 1024


class Opened:
    """A source of records that can be read several times, as a stream or whole.

    A reader that streams keeps no more of it than one record; its lines are counted by ``\\n``.
    """

    def __init__(self, shown: str, stream: Callable[[], BinaryIO], weight: int | None = None, size: int = 0) -> None:
        """*shown* is the path to show; *stream* opens it anew at its beginning.

        *weight* says how many bytes have to be sent for another process to open it, None where it cannot; *size* how many
        bytes it has on the disk.
        """
        self.shown = shown
        self.size = size
        self._stream = stream
        self._weight = weight
        self._last: BinaryIO | None = None

    @classmethod
    def of_bytes(cls, data: bytes, shown: str) -> "Opened":
        """Return the source that *data* is."""
        return cls(shown, partial(io.BytesIO, data), len(data))

    @classmethod
    def of_path(cls, path: Path, shown: str) -> "Opened":
        """Return the source that the file at *path* is."""
        return cls(shown, partial(_open, path), 0, path.stat().st_size if path.exists() else 0)

    @property
    def weight(self) -> int:
        """How many bytes have to be sent for another process to open it."""
        return self._weight or 0

    def stream(self) -> BinaryIO:
        """Open it anew at its beginning."""
        self._last = self._stream()
        return self._last

    @property
    def position(self) -> int:
        """How many of its bytes the stream opened last has given, as far as it can tell."""
        try:
            return self._last.tell() if self._last is not None else 0
        except (ValueError, OSError):  # closed, or no place to tell
            return 0

    def portable(self) -> "Opened":
        """Return the same source as one that another process can open."""
        return self if self._weight is not None else Opened.of_bytes(self.read(), self.shown)

    @cached_property
    def start(self) -> bytes:
        """The first 64 KB."""
        with self.stream() as stream:
            return stream.read(_START)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the whole, found without keeping it."""
        digest = hashlib.sha256()
        with self.stream() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def read(self) -> bytes:
        """Return all bytes."""
        with self.stream() as stream:
            return stream.read()

    def __getstate__(self) -> dict[str, Any]:
        """Leave behind what another process finds out or opens for itself."""
        return {name: value for name, value in self.__dict__.items() if name != "start"} | {"_last": None}


def _open(path: Path) -> BinaryIO:
    return path.open("rb")

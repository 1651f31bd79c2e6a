"""A file, an archive's entry or bytes -> what a reader needs of it: its beginning, a stream, its bytes, its SHA-256."""

import hashlib
import io
from collections.abc import Callable
from functools import cached_property
from typing import BinaryIO

_START = 64 * 1024
_CHUNK = 1024 * 1024


class Opened:
    """A source of records that can be read several times, as a stream or whole.

    A reader that streams keeps no more of it than one record; its lines are counted by ``\\n``.
    """

    def __init__(self, shown: str, stream: Callable[[], BinaryIO]) -> None:
        """*shown* is the path to show; *stream* opens it anew at its beginning."""
        self.shown = shown
        self.stream = stream

    @classmethod
    def of_bytes(cls, data: bytes, shown: str) -> "Opened":
        """Return the source that *data* is."""
        return cls(shown, lambda: io.BytesIO(data))

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

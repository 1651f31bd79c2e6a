"""A piece of a source that is one record or one file -> its registrations, read when and where they are wanted."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from audit.errors import UnreadableError
from audit.model.origin import Origin
from audit.model.registration import Registration
from audit.readers.opened import Opened

Reading = Iterator["Raw | Registration | UnreadableError"]


class Packed(NamedTuple):
    """A raw record without anything of Python's own: what it is, plain values, and its text or bytes."""

    kind: str
    head: tuple[Any, ...]
    body: bytes


class Raw(ABC):
    """A record before it is read: small enough to be sent to another process, and told from others by its content."""

    __slots__ = ()

    @property
    @abstractmethod
    def origin(self) -> Origin:
        """Where it stands."""

    @property
    @abstractmethod
    def size(self) -> int:
        """About how many characters it has."""

    @abstractmethod
    def parts(self) -> Iterator[bytes]:
        """Yield all that the registrations made of it depend on, but not where it stands."""

    @abstractmethod
    def read(self) -> Iterator[Registration | UnreadableError]:
        """Yield the registrations in it, and an error for what is none."""

    @abstractmethod
    def packed(self) -> Packed:
        """Return what it is made of again elsewhere (`audit.readers.keeping`), but for the file where it stands."""

    def digest(self) -> bytes:
        """Return the SHA-256 of its content."""
        digest = hashlib.sha256()
        for part in self.parts():
            digest.update(b"%d:" % len(part))
            digest.update(part)
        return digest.digest()


def encoded(text: str) -> bytes:
    """Return *text* as bytes, whatever characters are in it."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """Return the text that `encoded` made *data* of."""
    return data.decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class WholeFile(Raw):
    """A file that is read whole: a text, a page, a PDF."""

    opened: Opened
    reader: str
    reading: Callable[[Opened, str], Iterator[Registration | UnreadableError]]

    @property
    def origin(self) -> Origin:
        """The file."""
        return Origin(self.opened.shown, self.opened.sha256)

    @property
    def size(self) -> int:
        """What it costs to send: a path, or the bytes of an archive's entry."""
        return self.opened.weight

    def parts(self) -> Iterator[bytes]:
        """Yield the reader's name and the hash of the bytes."""
        yield self.reader.encode()
        yield self.opened.sha256.encode()

    def read(self) -> Iterator[Registration | UnreadableError]:
        """Yield what the reader finds."""
        yield from self.reading(self.opened, self.reader)

    def packed(self) -> Packed:
        """Return the bytes."""
        return Packed(self.reader, (), self.opened.read())

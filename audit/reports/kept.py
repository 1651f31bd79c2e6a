"""A folder of documents -> which of them an earlier run wrote for the same record and result, so that they need no drawing again.

Beside the documents stands a list of them, a line of JSON each: what a document depends on as one hash, and the hashes of its files.
It is added to as documents are written, so a run that was interrupted is gone on with. A file that is not as it was written is none.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import orjson

from audit import __version__
from audit.folders import digest, folder, program
from audit.reports.told import Told
from audit.whole import whole

LIST = ".trial-audit-documents.jsonl"
"""The name of the list; without it, or without the documents, all are drawn again."""
_FEW = 20
"""Up to so many records there is no list: they are soon drawn."""
_DRAWN_BY = ("weasyprint", "pydyf", "fonttools", "Jinja2", "Babel", "python-docx")
"""The libraries that have a say in the bytes of documents."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Kept:
    """The documents that are in a folder; it is sent to every process that draws."""

    out: Path
    depends_on: str
    """The hash of all but the record and its result that documents depend on."""
    files: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, compare=False)
    """By the hash of what documents depend on: the name that they have in common, and the SHA-256 of each by the ending of its name."""

    def key(self, told: Told) -> str:
        """Return the hash of all that the documents of a record depend on."""
        made = hashlib.sha256(self.depends_on.encode())
        made.update(b"%s:%d:" % (told.judged, told.below))
        made.update(told.line)
        return made.hexdigest()

    def find(self, key: str) -> tuple[str, dict[str, bytes]] | None:
        """Return the documents of *key* with the name that they have in common, None where they are not as they were written."""
        name, digests = self.files.get(key, ("", {}))
        found: dict[str, bytes] = {}
        for ending, wanted in digests.items():
            try:
                content = (self.out / f"{name}.{ending}").read_bytes()
            except OSError:
                return None
            if hashlib.sha256(content).hexdigest() != wanted:
                return None
            found[ending] = content
        return (name, found) if name else None


def depends_on(*said: object, templates: Path | None) -> str:
    """Return the hash of what documents depend on besides the record: this program, its libraries, all templates, and *said*."""
    roots = [folder("report_templates"), *([templates] if templates else [])]
    files = [digest(path for path in root.rglob("*") if path.is_file()) for root in roots]
    libraries = [version(name) for name in _DRAWN_BY]
    everything = (__version__, program(), libraries, files, os.environ.get("SOURCE_DATE_EPOCH"), said)
    return hashlib.sha256(repr(everything).encode()).hexdigest()


def kept(out: Path, depends_on: str) -> Kept:
    """Return what is in the folder *out*; a line of the list that cannot be read is passed over."""
    return Kept(out, depends_on, {key: (name, digests) for name, (key, digests) in _read(out / LIST).items()})


class Keeping:
    """The list of a folder while documents are written into it; raises AuditError where it cannot be written."""

    def __init__(self, out: Path) -> None:
        """Begin with what is in the list; where there is none it is begun when there are more than a few documents."""
        self._path = out / LIST
        self._entries = _read(self._path)
        self._file: BinaryIO | None = None
        if self._entries:
            self._begin()

    def _begin(self) -> None:
        self._rewrite()  # so that it is whole, each name once
        self._file = self._path.open("ab", buffering=0)

    def add(self, key: str, name: str, files: Mapping[str, bytes]) -> None:
        """Take note of documents that are written."""
        entry = key, {ending: hashlib.sha256(content).hexdigest() for ending, content in files.items()}
        if self._entries.get(name) != entry:
            self._entries[name] = entry
            if self._file is not None:
                self._file.write(_line(name, entry))
            elif len(self._entries) > _FEW:
                self._begin()

    def close(self) -> None:
        """End the list, each name once."""
        if self._file is not None:
            self._file.close()
            self._rewrite()

    def _rewrite(self) -> None:
        with whole(self._path) as file:
            file.writelines(_line(name, entry) for name, entry in self._entries.items())


_Entry = tuple[str, Mapping[str, str]]


def _line(name: str, entry: _Entry) -> bytes:
    return orjson.dumps({"name": name, "key": entry[0], "files": entry[1]}, option=orjson.OPT_APPEND_NEWLINE)


def _read(path: Path) -> dict[str, _Entry]:
    """Return the entries of a list by the names of the documents, the last of each."""
    try:
        lines: Iterable[bytes] = path.read_bytes().splitlines()
    except OSError:
        return {}
    entries: dict[str, _Entry] = {}
    for line in lines:
        try:
            said = orjson.loads(line)
            name, key, files = said["name"], said["key"], said["files"]
            if isinstance(key, str) and _NAME.fullmatch(name) and all(_NAME.fullmatch(ending) for ending in files):
                entries[name] = (key, dict(files))
        except (ValueError, TypeError, KeyError):
            continue  # the end of a list that was being written when the run was killed
    return entries

"""Paths in, audits out: the whole work, top to bottom."""

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from audit.engine.examine import Engine, all_facts
from audit.engine.load import Catalogue, load
from audit.engine.vocabulary import load_vocabulary
from audit.errors import NoRecordError, UnreadableError
from audit.folders import folder
from audit.model.check import Check, Confidence
from audit.model.registration import Registration
from audit.model.result import Fact, Run, Unreadable
from audit.readers import raw_records, read_raw
from audit.readers.opened import Opened
from audit.readers.raw import Raw
from audit.readers.zips import entries
from audit.where import Where, about

SUFFIXES = (
    *(".txt", ".text", ".md", ".html", ".htm", ".mht", ".mhtml", ".pdf"),
    *(".csv", ".tsv", ".xlsx", ".xml", ".json", ".ndjson", ".jsonl"),
)
"""What is taken out of folders and archives; a file that is named is read whatever it is called."""
CHUNK = 1000
"""Records examined at once: enough to make the constant cost of a table small, few enough to keep memory flat."""


@dataclass(frozen=True)
class Settings:
    """What a run is to do; the names are those of the command line (interfaces.md)."""

    as_of: date | None = None
    checks: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    min_confidence: Confidence = Confidence.MEDIUM
    catalogue: tuple[Path, ...] = ()
    reader: str | None = None
    keep_text: Path | None = None
    where: Where | None = None
    """Which records are meant; the others are left out."""

    def means(self, registration: Registration) -> bool:
        """Return whether the registration is one of those that are meant."""
        return self.where is None or self.where.keeps(about(registration))


class Found(NamedTuple):
    """A raw record, and whether its file was itself named (and not found in a folder or archive)."""

    raw: Raw
    named: bool


class End(NamedTuple):
    """All that is under a path as it was given has been found."""

    given: str


class PassedOver(NamedTuple):
    """A file found in a folder or archive that holds no registration record."""

    shown: str


Item = Found | Unreadable | PassedOver | End


@dataclass
class Reading:
    """What was read: registrations as they come, and beside them what could not be read or was passed over."""

    unreadable: list[Unreadable] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    _found: bool = False
    _before: int = 0

    def found(self) -> None:
        """Take note that there is a registration under the path as it was given."""
        self._found = True

    def refused(self, item: Found, error: UnreadableError) -> None:
        """Take note of what a raw record is, where it is no registration."""
        shown = item.raw.origin.shown
        if isinstance(error, NoRecordError) and not item.named:
            self.passed_over.append(shown)
        else:
            self.unreadable.append(Unreadable(shown, str(error), error.line, error.record))

    def note(self, item: "Unreadable | PassedOver | End") -> None:
        """Take note of what is no raw record."""
        if isinstance(item, Unreadable):
            self.unreadable.append(item)
        elif isinstance(item, PassedOver):
            self.passed_over.append(item.shown)
        else:
            if not self._found and len(self.unreadable) == self._before:
                why = "nothing to read: no registration record was found here"
                self.unreadable.append(Unreadable(_posix(item.given), why))
            self._found, self._before = False, len(self.unreadable)


def audit_paths(paths: Iterable[str], settings: Settings = Settings(), tell: Callable[[int], None] | None = None) -> Run:
    """Audit all records under *paths* (files, folders, globs, zips, ``-``) and return the run.

    *tell* is called with the number of records done after each chunk. Raises AuditError for a catalogue that
    cannot be used or a check that does not exist; what cannot be read is in ``Run.unreadable``.
    """
    catalogue, engine = prepare(settings)
    run = Run(
        checks=engine.checks, catalogue_sha256=catalogue.sha256, as_of=settings.as_of.isoformat() if settings.as_of else None
    )
    reading = Reading()
    registrations = read_paths(paths, settings, reading)
    while chunk := list(islice(registrations, CHUNK)):
        run.audits.extend(engine.examine(chunk, settings.as_of, settings.min_confidence))
        if tell:
            tell(len(run.audits))
    run.unreadable, run.passed_over = reading.unreadable, reading.passed_over
    return run


def roots(settings: Settings) -> tuple[Path, ...]:
    """Return the folders of the catalogue."""
    return (folder("checks"), *settings.catalogue)


def choose(settings: Settings) -> tuple[Catalogue, Sequence[Check]]:
    """Return the catalogue, and the checks of it that are to run."""
    catalogue = load(*roots(settings))
    return catalogue, catalogue.chosen(settings.checks, settings.skip)


def prepare(settings: Settings) -> tuple[Catalogue, Engine]:
    """Return the catalogue and an engine that asks it."""
    catalogue, checks = choose(settings)
    return catalogue, Engine(catalogue, checks, roots(settings))


def read_paths(paths: Iterable[str], settings: Settings, reading: Reading) -> Iterator[Registration]:
    """Yield every registration under *paths*; what cannot be read goes to *reading*, and the others go on."""
    for item in find(paths, settings.reader):
        if not isinstance(item, Found):
            reading.note(item)
            continue
        for one in read_raw(item.raw):
            if isinstance(one, UnreadableError):
                reading.refused(item, one)
                continue
            reading.found()
            if not settings.means(one):
                continue
            if settings.keep_text is not None:
                keep_text(one, settings.keep_text)
            yield one


class Meter:
    """How far the reading of *paths* has come, in bytes as they stand on the disk."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.total = sum(_sizes(paths))
        """The bytes of all files; 0 where there are none to count (standard input)."""
        self._done = 0
        self._now: Opened | None = None

    def begin(self, opened: Opened) -> None:
        """Take note that *opened* is read from now on, and what was read before is done."""
        if self._now is not None:
            self._done += self._now.size
        self._now = opened

    @property
    def position(self) -> int:
        """The bytes that are read."""
        now = self._now
        return self._done + (min(now.position, now.size) if now is not None else 0)


def _sizes(paths: Iterable[str]) -> Iterator[int]:
    for given in paths:
        for path in _expand(given) if given != "-" else ():
            files = (Path(place, name) for place, name in _walk(path)) if path.is_dir() else (path,)
            for file in files:
                try:
                    yield file.stat().st_size
                except OSError:
                    continue


def find(paths: Iterable[str], reader: str | None, meter: Meter | None = None) -> Iterator[Item]:
    """Yield every raw record under *paths* in order, what cannot be read, and the end of each path."""
    passed_over = Reading()
    for given in paths:
        for opened, named in _files(given, passed_over):
            yield from _noted(passed_over)
            if meter is not None:
                meter.begin(opened)
            for one in raw_records(opened, reader):
                if isinstance(one, Raw):
                    yield Found(one, named)
                elif isinstance(one, NoRecordError) and not named:
                    yield PassedOver(opened.shown)
                else:
                    yield Unreadable(opened.shown, str(one), one.line, one.record)
        yield from _noted(passed_over)
        yield End(given)


def _noted(reading: Reading) -> Iterator[Unreadable]:
    yield from reading.unreadable
    reading.unreadable.clear()


def _files(given: str, reading: Reading) -> Iterator[tuple[Opened, bool]]:
    """Yield what is under a path, and whether it was itself named (and not found in a folder or archive)."""
    if given == "-":
        yield Opened.of_bytes(sys.stdin.buffer.read(), "-"), True
        return
    for path in _expand(given):
        if path.is_dir():
            yield from _folder(path, reading)
        else:
            yield from _file(path, True, reading)


def _expand(given: str) -> Sequence[Path]:
    if glob.has_magic(given) and not Path(given).exists():
        return [Path(found) for found in sorted(glob.glob(given, recursive=True))] or [Path(given)]
    return [Path(given)]


def _folder(root: Path, reading: Reading) -> Iterator[tuple[Opened, bool]]:
    for place, name in _walk(root):
        yield from _file(Path(place, name), False, reading)


def _walk(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and the name of each file in a folder that may hold records."""
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in (*SUFFIXES, ".zip"):
                yield place, name


def _file(path: Path, named: bool, reading: Reading) -> Iterator[tuple[Opened, bool]]:
    shown = _posix(path)
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError:
        reading.unreadable.append(Unreadable(shown, "there is no such file or folder"))
        return
    except OSError as error:
        reading.unreadable.append(Unreadable(shown, f"cannot be opened: {error.strerror}"))
        return
    if path.suffix.lower() != ".zip":
        yield Opened.of_path(path, shown), named
        return
    for entry in entries(path, shown, SUFFIXES):
        if isinstance(entry, Opened):
            yield entry, False
        else:
            reading.unreadable.append(entry)


def _posix(path: str | Path) -> str:
    return Path(path).as_posix()


def keep_text(registration: Registration, into: Path) -> None:
    """Write the text that was taken out of a PDF or a page into the folder *into*."""
    source = registration.source
    if source.kind not in ("pdf", "html"):
        return
    into.mkdir(parents=True, exist_ok=True)
    (into / f"{Path(source.path).name}.txt").write_text(source.text, encoding="utf-8", newline="")


def read_facts(paths: Iterable[str], settings: Settings) -> tuple[list[tuple[Registration, dict[str, Fact]]], list[Unreadable]]:
    """Return every registration under *paths* with all its facts by name, and what could not be read."""
    vocabulary = load_vocabulary(*(root / "vocabulary" for root in (folder("checks"), *settings.catalogue)))
    reading = Reading()
    records = [
        (registration, all_facts(registration, vocabulary, settings.as_of))
        for registration in read_paths(paths, settings, reading)
    ]
    return records, reading.unreadable

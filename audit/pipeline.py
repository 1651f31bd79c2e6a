"""Paths in, audits out: the whole work, top to bottom."""

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from audit import baseline, waivers
from audit.engine.across import needed, together
from audit.engine.examine import Engine, all_facts
from audit.engine.load import Catalogue, load
from audit.engine.versions import compare
from audit.engine.vocabulary import load_vocabulary
from audit.errors import AuditError, NoRecordError, UnreadableError
from audit.folders import folder
from audit.model.check import Check, Confidence, Severity
from audit.model.registration import Registration, as_earlier
from audit.model.result import Audit, Comparison, Fact, Run, Unreadable, Waiver
from audit.readers import raw_records, read_raw
from audit.readers.draft_file import is_draft
from audit.readers.opened import Opened
from audit.readers.raw import Raw
from audit.readers.zips import entries
from audit.store import is_store, records_in
from audit.where import Where, about

SUFFIXES = (
    *(".txt", ".text", ".md", ".html", ".htm", ".mht", ".mhtml", ".pdf"),
    *(".csv", ".tsv", ".xlsx", ".xml", ".json", ".ndjson", ".jsonl", ".yaml", ".yml"),
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
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Other severities than the catalogue's, by code or family; a code goes before its family."""
    today: bool = False
    """Whether the as-of day is today although the record has an export date of its own."""
    waivers: tuple[Waiver, ...] = ()
    baseline: Path | None = None
    where: Where | None = None
    """Which records are meant; the others are left out."""
    alone: bool = False
    """Whether each record is looked at alone, and with no other record of the run."""

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
    registrations = _in_company(paths, settings, reading, engine.checks)
    while chunk := list(islice(registrations, CHUNK)):
        run.audits.extend(examine(engine, chunk, settings))
        if tell:
            tell(len(run.audits))
    run.unreadable, run.passed_over = reading.unreadable, reading.passed_over
    waivers.apply(run, settings.waivers, settings.as_of or datetime.now(UTC).date())
    if settings.baseline:
        baseline.apply(run, settings.baseline)
    return run


def _in_company(paths: Iterable[str], settings: Settings, reading: Reading, checks: Iterable[Check]) -> Iterator[Registration]:
    """Yield what `read_paths` yields, each registration with those that it is to be compared with, where one of *checks* asks."""
    if settings.alone or not needed(checks):
        yield from read_paths(paths, settings, reading)
        return
    read = list(_read_all(paths, settings, reading))
    for registration, others in zip(read, together(read), strict=True):
        beside = others if others is None else (*(registration.others or ()), *others)
        yield from _meant(registration if beside is None else replace(registration, others=beside), settings)


def examine(engine: Engine, registrations: Sequence[Registration], settings: Settings) -> list[Audit]:
    """Return the audits of *registrations*, each against the day that *settings* say."""
    today = settings.today and settings.as_of is None
    day = datetime.now(UTC).date() if today else settings.as_of
    audits = engine.examine(registrations, day, settings.min_confidence)
    return [replace(audit, as_of_source="today") for audit in audits] if today else audits


def roots(settings: Settings) -> tuple[Path, ...]:
    """Return the folders of the catalogue."""
    return (folder("checks"), *settings.catalogue)


def choose(settings: Settings) -> tuple[Catalogue, Sequence[Check]]:
    """Return the catalogue, and the checks of it that are to run."""
    catalogue = load(*roots(settings))
    return catalogue, _with_severities(catalogue, catalogue.chosen(settings.checks, settings.skip), settings.severities)


def prepare(settings: Settings) -> tuple[Catalogue, Engine]:
    """Return the catalogue and an engine that asks it."""
    catalogue, checks = choose(settings)
    return catalogue, Engine(catalogue, checks, roots(settings))


def _with_severities(catalogue: Catalogue, checks: Iterable[Check], severities: Mapping[str, Severity]) -> list[Check]:
    """Return *checks* with the severities that the user sets, which hold also where a check would be graver."""
    catalogue.chosen(only=severities)  # raises AuditError for a code that does not exist
    changed = []
    for check in checks:
        if severity := severities.get(check.code) or severities.get(check.family):
            graver = tuple(replace(step, severity=None) for step in check.escalate)
            check = replace(check, severity=severity, escalate=graver)
        changed.append(check)
    return changed


def read_paths(paths: Iterable[str], settings: Settings, reading: Reading) -> Iterator[Registration]:
    """Yield every registration under *paths*; what cannot be read goes to *reading*, and the others go on."""
    for one in _read_all(paths, settings, reading):
        yield from _meant(one, settings)


def _read_all(paths: Iterable[str], settings: Settings, reading: Reading) -> Iterator[Registration]:
    for item in find(paths, settings.reader):
        if not isinstance(item, Found):
            reading.note(item)
            continue
        for one in read_raw(item.raw):
            if isinstance(one, UnreadableError):
                reading.refused(item, one)
                continue
            reading.found()
            yield one


def _meant(registration: Registration, settings: Settings) -> Iterator[Registration]:
    """Yield a registration if it is one of those that are meant, and keep its text where that is wanted."""
    if settings.means(registration):
        if settings.keep_text is not None:
            keep_text(registration, settings.keep_text)
        yield registration


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
            if not named and opened.shown.lower().endswith((".yaml", ".yml")) and not is_draft(opened.start.decode("latin-1")):
                continue  # a folder may be full of YAML that is no registration
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


def read_one(path: str, trial_id: str | None = None, settings: Settings = Settings()) -> Registration:
    """Return the only registration under *path*, or the one whose number is *trial_id*.

    Raises AuditError where there is none, where there are several, and where nothing can be read.
    """
    reading = Reading()
    found = [one for one in read_paths([path], settings, reading) if trial_id is None or one.trial_id.text == trial_id]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.trial_id.text for one in found[:5])
        raise AuditError(
            f"{path} holds {len(found)} records ({ids}{', ...' if len(found) > 5 else ''}): say which with --record ID"
        )
    if trial_id is not None and not reading.unreadable:
        raise AuditError(f"{path} holds no record {trial_id}")
    said = "; ".join(f"{one.path}{f':{one.line}' if one.line else ''}: {one.error}" for one in reading.unreadable)
    raise AuditError(said or f"{path} holds no registration record")


@dataclass
class Compared:
    """The comparisons of two sources, and what of them stands alone or could not be read."""

    comparisons: list[Comparison] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    """Numbers of the records that only one of the two has."""
    unreadable: list[Unreadable] = field(default_factory=list)
    checks: tuple[Check, ...] = ()
    catalogue_sha256: str = ""


def compare_paths(old: str, new: str, settings: Settings = Settings(), trial_id: str | None = None) -> Compared:
    """Compare the records of the source *old* with those of *new*, by their numbers; *trial_id* picks one of many.

    A record alone on both sides is compared whatever its number is, so that a draft can be. Of several versions in one source
    the first is the old one and the last the new one. Each source may be a store of an earlier run: of several versions that
    it has kept of a record the last is taken, unless it is compared with itself. Raises AuditError where no record has a
    partner.
    """
    reading = Reading()
    itself = is_store(Path(old)) and is_store(Path(new)) and Path(old).samefile(new)
    sides = [_side(old, settings, reading, trial_id, first=itself), _side(new, settings, reading, trial_id)]
    catalogue, engine = prepare(settings)
    made = Compared(unreadable=reading.unreadable, checks=engine.checks, catalogue_sha256=catalogue.sha256)
    if all(len(side) == 1 for side in sides):
        pairs = [(sides[0][0], sides[1][0])]
    else:
        before = {one.trial_id.text: one for one in reversed(sides[0]) if one.trial_id.given}
        after = {one.trial_id.text: one for one in sides[1] if one.trial_id.given}
        pairs = [(before[number], after[number]) for number in after if number in before]
        made.alone = sorted(before.keys() ^ after.keys())
    if not pairs and not reading.unreadable:
        what = f"record {trial_id}" if trial_id else "record that both hold"
        raise AuditError(f"{old} and {new}: there is no {what}")
    was = engine.examine([one for one, _ in pairs], settings.as_of, settings.min_confidence)
    now = engine.examine(
        [replace(other, earlier=as_earlier(one)) for one, other in pairs], settings.as_of, settings.min_confidence
    )
    made.comparisons = [compare(one, other, engine.vocabulary) for one, other in zip(was, now, strict=True)]
    return made


def _side(path: str, settings: Settings, reading: Reading, trial_id: str | None, first: bool = False) -> list[Registration]:
    """Return the records of a source, of a store the last version of each, or the *first*."""
    if not is_store(Path(path)):
        return [one for one in read_paths([path], settings, reading) if trial_id in (None, one.trial_id.text)]
    versions: dict[object, Registration] = {}
    for one in _kept(path, settings, reading):
        if trial_id in (None, one.trial_id.text):
            known = one.trial_id.text if one.trial_id.given else (one.source.path, one.number)
            versions[known] = versions.get(known, one) if first else one
    return list(versions.values())


def _kept(path: str, settings: Settings, reading: Reading) -> Iterator[Registration]:
    """Yield the records that a store has kept, in the order in which they were met."""
    from audit.readers.keeping import unpacked

    found = False
    for body in records_in(Path(path)):
        found = True
        try:
            raw = unpacked(body)
        except ValueError as error:
            raise AuditError(f"the store {path} is damaged: {error}; make it again, or give the records themselves") from error
        for one in read_raw(raw):
            if isinstance(one, UnreadableError):
                reading.refused(Found(raw, True), one)
            else:
                yield from _meant(one, settings)
    if not found:
        raise AuditError(f"{path} holds no records to compare: nothing was kept in it, or only results with --redact-contacts")

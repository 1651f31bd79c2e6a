"""Paths -> what is made of each audit, in the order of the input: chunk by chunk, by several processes, with what a store has."""

import gc
import hashlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Generic, TypeVar

from audit import __version__
from audit.engine.examine import Engine
from audit.errors import AuditError, UnreadableError
from audit.folders import program
from audit.model.registration import Registration
from audit.model.result import Audit, Run
from audit.pipeline import Found, Item, Meter, Reading, Settings, choose, examine, find, keep_text, roots
from audit.readers import read_raw
from audit.readers.raw import Raw, WholeFile
from audit.reports.told import Told
from audit.reports.words import Words
from audit.store import Store

T = TypeVar("T")
CHUNK = 500
"""Records examined at once: enough to make the constant cost of a table small, few enough to keep memory flat."""
_LARGE = 8 * 1024 * 1024
"""Characters after which a chunk is full, however few its records are."""
_SLOTS = 5000
"""Records of a chunk with those that the store has."""
_FORKS = sys.platform == "linux"
"""Whether a new process starts with what this one has loaded. Elsewhere it loads Great Expectations again, for seconds."""
_FEW = CHUNK if _FORKS else 10 * CHUNK
"""So many records are audited in this process before others are started, unless ``jobs`` says how many."""
_AHEAD = 2
"""Chunks for each process that are read before the first of them is written."""


class LeftOut:
    """A record that ``--where`` does not mean."""


@dataclass(frozen=True)
class Telling:
    """Makes of an audit what is told of it, in a language; with its text for the terminal where that is wanted."""

    language: str = "en"
    text: bool = False

    def __call__(self, audit: Audit, run: Run) -> Told:
        """Return what is told of *audit*."""
        return Told.of(audit, Words.of(self.language), self.text)


@dataclass(frozen=True)
class Work(Generic[T]):
    """What is to be done with each record; it is sent to every process once."""

    settings: Settings
    make: Callable[[Audit, Run], T]
    """Makes of an audit and its run (which has no audits), in the process where it was audited, what is sent back."""
    steps: tuple[Callable[[Audit], Audit], ...] = ()
    """What is done to each audit before."""
    quick: bool = False
    """Whether the process is the command line's own, to be made quick (`audit.deferred`)."""
    chunk: int | None = None
    """Records that are sent to a process at once, where making takes much longer than examining; None for `CHUNK`."""


class Workshop(Generic[T]):
    """The catalogue ready in one process; Great Expectations is loaded when there is something to examine."""

    def __init__(self, work: Work[T]) -> None:
        self.work = work
        self.catalogue, checks = choose(work.settings)
        day = work.settings.as_of.isoformat() if work.settings.as_of else None
        self.run = Run(checks=tuple(checks), catalogue_sha256=self.catalogue.sha256, as_of=day)

    @cached_property
    def engine(self) -> Engine:
        """The engine."""
        if self.work.quick:
            from audit.deferred import calm_the_collector, load_great_expectations

            load_great_expectations()
        engine = Engine(self.catalogue, self.run.checks, roots(self.work.settings))
        if self.work.quick:
            calm_the_collector()
        return engine

    def examine(self, raws: Iterable[Raw]) -> "list[Outcomes[T]]":
        """Return what comes of each raw record."""
        outcomes: list[list[Any]] = []
        read: list[tuple[list[Any], int, Registration]] = []
        settings = self.work.settings
        for raw in raws:
            mine: list[Any] = []
            outcomes.append(mine)
            for one in read_raw(raw):
                if isinstance(one, Registration) and not settings.means(one):
                    mine.append(LeftOut())
                    continue
                if isinstance(one, Registration):
                    read.append((mine, len(mine), one))
                    if settings.keep_text is not None:
                        keep_text(one, settings.keep_text)
                mine.append(one)
        for start in range(0, len(read), CHUNK):
            some = read[start : start + CHUNK]
            audits = examine(self.engine, [one for _, _, one in some], settings)
            for (mine, at, _), audit in zip(some, audits, strict=True):
                if _stop is not None and _stop.is_set():
                    return []
                for step in self.work.steps:
                    audit = step(audit)
                mine[at] = self.work.make(audit, self.run)
        if self.work.chunk:
            gc.collect()  # laid-out pages are cycles of many megabytes, and the collector of a batch looks rarely
        return outcomes


Outcomes = list[T | UnreadableError | LeftOut]
"""What comes of a raw record: of each registration in it what was made, and why the others are none."""


@dataclass(slots=True)
class Slot(Generic[T]):
    """One item of the input on its way, with its key and its rows in the store."""

    item: Item
    key: bytes = b""
    rows: list[int] | None = None
    at: int = -1
    """Its place among the raw records of its chunk that are examined."""


@dataclass
class Chunk(Generic[T]):
    """Some items of the input in their order; those that the store does not have are examined together."""

    slots: list[Slot[T]] = field(default_factory=list)
    raws: list[Raw] = field(default_factory=list)
    position: int = 0
    """How far the reading had come, in bytes."""


@dataclass
class Batch(Generic[T]):
    """A run over many records: what is made of them comes out of `results`, the rest stands here."""

    work: Work[T]
    jobs: int | None = None
    """Processes; None for one where there are few records, else one for each core."""
    store: Path | None = None
    tell: Callable[[int, int, int], None] | None = None
    """Called when another chunk follows, with the records done, the bytes read and the bytes of all."""
    reading: Reading = field(default_factory=Reading)
    left_out: int = 0
    kept: int = 0
    """Records that the store had."""
    _meter: Meter | None = None
    _items: Iterator[Item] = field(default_factory=lambda: iter(()))

    @cached_property
    def workshop(self) -> Workshop[T]:
        """The catalogue; raises AuditError when it cannot be used."""
        return Workshop(self.work)

    @property
    def run(self) -> Run:
        """The run without its audits; what could not be read is complete when `results` has ended."""
        run = self.workshop.run
        run.unreadable, run.passed_over = self.reading.unreadable, self.reading.passed_over
        return run

    def count(self, paths: Iterable[str], most: int) -> int:
        """Return how many records are under *paths*, as far as *most*; `results` then goes on with the same reading."""
        self._begin(paths)
        first, number = list[Item](), 0
        for item in self._items:
            first.append(item)
            read = list(read_raw(item.raw)) if isinstance(item, Found) else []
            number += sum(isinstance(one, Registration) and self.work.settings.means(one) for one in read)
            if number >= most:
                break
        self._items = chain(first, self._items)
        return number

    def _begin(self, paths: Iterable[str]) -> None:
        paths = list(paths)
        self._meter = Meter(paths)
        self._items = find(paths, self.work.settings.reader, self._meter)

    def results(self, paths: Iterable[str]) -> Generator[T, None, None]:
        """Yield what is made of each audit under *paths*, in their order; raises AuditError for a store that cannot be used."""
        self.run  # noqa: B018 - a catalogue that cannot be used is told before anything is read
        if self._meter is None:
            self._begin(paths)
        meter, done, position = self._meter or Meter(()), 0, 0
        with _Kept(self) as kept:
            for chunk, outcomes in self._examined(kept.chunks(self._items, meter)):
                if self.tell and done:  # not after the last one: then all is said
                    self.tell(done, position, meter.total)
                position = chunk.position
                kept.keep(chunk, outcomes)
                for slot in chunk.slots:
                    for one in self._settled(slot, outcomes, kept):
                        done += 1
                        yield one

    def _settled(self, slot: Slot[T], outcomes: list[Outcomes[T]], kept: "_Kept[T]") -> Iterator[T]:
        """Yield what was made of an item, and take note of the rest."""
        if not isinstance(slot.item, Found):
            self.reading.note(slot.item)
            return
        for one in kept.read(slot) if slot.rows is not None else outcomes[slot.at]:
            if isinstance(one, UnreadableError):
                self.reading.refused(slot.item, one)
                continue
            self.reading.found()
            if isinstance(one, LeftOut):
                self.left_out += 1
            else:
                yield one

    def _examined(self, chunks: Iterator[Chunk[T]]) -> Iterator[tuple[Chunk[T], list[Outcomes[T]]]]:
        """Yield each chunk with what comes of its raw records: the first here, the others by other processes if there are many."""
        jobs, here = self.jobs or _cores(), 0
        few = self.work.chunk * _FEW // CHUNK if self.work.chunk else _FEW
        for chunk in chunks:
            if jobs == 1 or (self.jobs is None and here < few):
                here += len(chunk.raws)
                yield chunk, self.workshop.examine(chunk.raws) if chunk.raws else []
            else:
                yield from self._shared_out(jobs, chunk, chunks)

    def _shared_out(self, jobs: int, first: Chunk[T], others: Iterator[Chunk[T]]) -> Iterator[tuple[Chunk[T], list[Outcomes[T]]]]:
        global _workshop
        if _FORKS:
            self.workshop.engine  # noqa: B018 - loaded once, before the others begin
            _workshop = self.workshop
        context = multiprocessing.get_context("fork" if _FORKS else "spawn")
        stop = context.Event()
        pool = ProcessPoolExecutor(jobs, context, _begin, (self.work, stop))
        waiting: deque[tuple[Chunk[T], Future[list[Outcomes[T]]] | None]] = deque()
        try:
            for chunk in chain((first,), others):
                waiting.append((chunk, pool.submit(_examine, chunk.raws) if chunk.raws else None))
                while len(waiting) > _AHEAD * jobs:
                    yield _finished(*waiting.popleft())
            while waiting:
                yield _finished(*waiting.popleft())
        finally:
            stop.set()  # what is begun is ended, for a process that is killed while it answers leaves the others waiting
            with _patient():
                pool.shutdown(cancel_futures=True)
            _workshop = None


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finished(chunk: Chunk[T], future: Future[list[Outcomes[T]]] | None) -> tuple[Chunk[T], list[Outcomes[T]]]:
    try:
        return chunk, future.result() if future is not None else []
    except BrokenProcessPool as error:
        raise AuditError("a process ended in the middle of its work; if the memory was used up, give fewer --jobs") from error


@contextmanager
def _patient() -> Iterator[None]:
    """Leave a second Ctrl-C unheard."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_workshop: Workshop[Any] | None = None
"""The workshop of this process, where it works for another one."""
_stop: Event | None = None
"""Set when nothing more is wanted of this process."""


def _begin(work: Work[Any], stop: Event) -> None:
    """Make this process ready to work for another one: Ctrl-C is that one's, and when that one is gone this one ends too."""
    global _workshop, _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    if _workshop is None:
        _workshop = Workshop(work)


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _examine(raws: list[Raw]) -> list[Outcomes[Any]]:
    if _workshop is None:
        raise RuntimeError("the process was not made ready")
    return [] if _stop is not None and _stop.is_set() else _workshop.examine(raws)


class _Kept(Generic[T]):
    """The store beside a batch, or none; it is open while the batch runs."""

    def __init__(self, batch: Batch[T]) -> None:
        self._batch = batch
        self._store = Store(batch.store) if batch.store is not None else None
        self._today = datetime.now(UTC).date().isoformat()

    def __enter__(self) -> "_Kept[T]":
        return self

    def __exit__(self, *error: object) -> None:
        if self._store is not None:
            self._store.close()

    @cached_property
    def _run(self) -> bytes:
        """The hash of all but the record that a result depends on."""
        work, workshop = self._batch.work, self._batch.workshop
        settings = work.settings
        asked = replace(settings, catalogue=(), reader=None, keep_text=None, where=None, waivers=(), baseline=None)
        steps = [f"{step.__module__}.{getattr(step, '__qualname__', step)}" for step in work.steps]
        checks = [check.code for check in workshop.run.checks]
        said = (__version__, program(), workshop.catalogue.sha256, checks, asked, work.make, steps)
        return hashlib.sha256(repr(said).encode()).digest()

    def chunks(self, items: Iterable[Item], meter: Meter) -> Iterator[Chunk[T]]:
        """Yield *items* in chunks, with where the store has those that it has."""
        chunk, size, full = Chunk[T](), 0, self._batch.work.chunk or CHUNK
        for item in items:
            slot = Slot[T](item)
            chunk.slots.append(slot)
            if isinstance(item, Found):
                self._look_up(slot, item.raw)
                if slot.rows is None:
                    slot.at = len(chunk.raws)
                    chunk.raws.append(item.raw)
                    size += item.raw.size
            if len(chunk.raws) >= full or size >= _LARGE or len(chunk.slots) >= _SLOTS:
                chunk.position = meter.position
                yield chunk
                chunk, size = Chunk[T](), 0
        chunk.position = meter.total
        yield chunk

    def _look_up(self, slot: Slot[T], raw: Raw) -> None:
        if self._store is None or (self._batch.work.settings.keep_text is not None and isinstance(raw, WholeFile)):
            return
        telling, origin = self._batch.work.make, raw.origin
        place = repr(origin) if isinstance(telling, Telling) and telling.text else ""  # the text names places
        slot.key = hashlib.sha256(self._run + raw.digest() + place.encode()).digest()
        slot.rows = self._store.find(slot.key, self._today)

    def read(self, slot: Slot[T]) -> Iterator[Any]:
        """Yield the results of a slot that the store has."""
        where = self._batch.work.settings.where
        if self._store is None or not isinstance(slot.item, Found):
            return
        for row in slot.rows or ():
            told = Told.unpacked(self._store.read(row), slot.item.raw.origin)
            self._batch.kept += 1
            yield told if where is None or where.keeps(told.about) else LeftOut()

    def keep(self, chunk: Chunk[T], outcomes: list[Outcomes[T]]) -> None:
        """Keep what has come of a chunk: of each raw record all or nothing, and nothing that a broken check has a part in."""
        if self._store is None:
            return
        kept = []
        for slot in chunk.slots:
            if not slot.key or slot.rows is not None or not isinstance(slot.item, Found):
                continue
            told = [one for one in outcomes[slot.at] if isinstance(one, Told) and not one.broken]
            if told and len(told) == len(outcomes[slot.at]):
                origin = slot.item.raw.origin
                days = (one.record["as_of"] if one.record["as_of_source"] == "today" else None for one in told)
                kept.append((slot.key, [(one.packed(origin), day) for one, day in zip(told, days, strict=True)]))
        self._store.keep(kept)

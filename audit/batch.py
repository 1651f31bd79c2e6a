"""Paths -> what is made of each audit, in the order of the input: chunk by chunk, by several processes, with what a store has.

Where checks look at other records the input is looked through before: a signature of each record tells which of them are to be
compared (`audit.engine.across`), the raw records wait in a temporary file, and each is then audited with those others at hand.
"""

import gc
import hashlib
import multiprocessing
import multiprocessing.connection
import os
import pickle
import signal
import sys
import threading
import zlib
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from itertools import chain
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Generic, TypeVar

import orjson

from audit import __version__
from audit.engine.across import Across, Signature, needed, sign
from audit.engine.examine import Engine
from audit.errors import AuditError, UnreadableError
from audit.folders import program
from audit.model.registration import Registration, as_other
from audit.model.result import Audit, Run
from audit.pipeline import Found, Item, Meter, Reading, Settings, choose, examine, find, keep_text, roots
from audit.readers import read_raw
from audit.readers.keeping import packed
from audit.readers.raw import Raw, WholeFile
from audit.reports.told import Told
from audit.reports.words import Words
from audit.spool import Spool
from audit.store import SIGNATURE, Store

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

    def examine(self, raws: Sequence[Raw], others: "Sequence[Others]" = ()) -> "list[Outcomes[T]]":
        """Return what comes of each raw record; *others* has for each the packed records that its registrations are compared with."""
        outcomes: list[list[Any]] = []
        read: list[tuple[list[Any], int, Registration]] = []
        settings = self.work.settings
        for at, raw in enumerate(raws):
            mine: list[Any] = []
            outcomes.append(mine)
            company = iter(others[at] if others else ())
            for one in read_raw(raw):
                beside = next(company, None) if isinstance(one, Registration) else None
                if isinstance(one, Registration) and not settings.means(one):
                    mine.append(LeftOut())
                    continue
                if isinstance(one, Registration):
                    if beside is not None:
                        one = replace(one, others=(*(one.others or ()), *map(_unpacked, beside)))
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

    def sign(self, raws: Sequence[Raw], others: "Sequence[Others]" = ()) -> list[list[Signature]]:
        """Return the signatures of the registrations in each raw record."""
        return [[sign(one) for one in read_raw(raw) if isinstance(one, Registration)] for raw in raws]


Others = Sequence[tuple[bytes, ...] | None]
"""For each registration in a raw record the packed records that it is compared with, None where it is looked at alone."""


def _packed(record: Registration) -> bytes:
    return zlib.compress(pickle.dumps(as_other(record), pickle.HIGHEST_PROTOCOL), 1)


def _unpacked(packed: bytes) -> Registration:
    record: Registration = pickle.loads(zlib.decompress(packed))
    return record


Outcomes = list[T | UnreadableError | LeftOut]
"""What comes of a raw record: of each registration in it what was made, and why the others are none."""


@dataclass(slots=True)
class Slot(Generic[T]):
    """One item of the input on its way, with its key and its rows in the store."""

    item: Item
    digest: bytes = b""
    """Of its content, where there is a store."""
    others: Others = ()
    """What its registrations are compared with."""
    stamp: bytes = b""
    """Stands for `others`."""
    key: bytes = b""
    rows: list[int] | None = None
    at: int = -1
    """Its place among the raw records of its chunk that are examined."""


@dataclass
class Chunk(Generic[T]):
    """Some items of the input in their order; those that the store does not have are examined together."""

    slots: list[Slot[T]] = field(default_factory=list)
    raws: list[Raw] = field(default_factory=list)
    others: list[Others] = field(default_factory=list)
    position: int = 0
    """How far the reading had come, in bytes."""

    def found(self) -> list[Slot[T]]:
        """Return the slots that have a raw record."""
        return [slot for slot in self.slots if isinstance(slot.item, Found)]


@dataclass
class Batch(Generic[T]):
    """A run over many records: what is made of them comes out of `results`, the rest stands here."""

    work: Work[T]
    jobs: int | None = None
    """Processes; None for one where there are few records, else one for each core."""
    store: Path | None = None
    tell: Callable[[int, int, int], None] | None = None
    """Called when another chunk follows, with the records done, the bytes read and the bytes of all."""
    tell_before: Callable[[int, int, int], None] | None = None
    """Called in the same way while the records are looked through."""
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
        with _Kept(self) as kept, _Crew(self) as crew, Spool() as spool:
            slots: Iterable[Slot[T]] = (Slot(item) for item in self._items)
            seen: Meter | _Company[T] = meter
            if not self.work.settings.alone and needed(self.run.checks):
                seen = company = _Company[T](spool, meter.total)
                self._look_through(kept.chunks(slots, meter, kept.look_up_signature), kept, crew, company)
                slots = company.slots(kept.stamps)
            for chunk, outcomes in crew.over(kept.chunks(slots, seen, kept.look_up), "examine"):
                if self.tell and done:  # not after the last one: then all is said
                    self.tell(done, position, meter.total)
                position = chunk.position
                kept.keep(chunk, outcomes)
                for slot in chunk.slots:
                    for one in self._settled(slot, outcomes, kept):
                        done += 1
                        yield one

    def _look_through(self, chunks: Iterator[Chunk[T]], kept: "_Kept[T]", crew: "_Crew[T]", company: "_Company[T]") -> None:
        """Give every record to *company*."""
        for chunk, signed in crew.over(chunks, "sign"):
            kept.keep_signatures(chunk, signed)
            company.add(chunk, [kept.signatures(slot) if slot.rows is not None else signed[slot.at] for slot in chunk.found()])
            if self.tell_before:
                self.tell_before(len(company.across), chunk.position, self._meter.total if self._meter else 0)
        company.close()

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


class _Crew(Generic[T]):
    """Those who work on the chunks of a batch: this process, and others if there are many records; they go home at the end."""

    def __init__(self, batch: Batch[T]) -> None:
        self._batch = batch
        self._jobs = batch.jobs or _cores()
        self._pool: ProcessPoolExecutor | None = None
        self._stop: Event | None = None

    def __enter__(self) -> "_Crew[T]":
        return self

    def over(self, chunks: Iterator[Chunk[T]], job: str) -> Iterator[tuple[Chunk[T], list[Any]]]:
        """Yield each chunk with what the workshop's *job* makes of its raw records: the first here, the others by others if there are many."""
        here, chunk_of = 0, self._batch.work.chunk
        few = chunk_of * _FEW // CHUNK if chunk_of else _FEW
        waiting: deque[tuple[Chunk[T], Future[list[Any]] | None]] = deque()
        for chunk in chunks:
            if self._jobs == 1 or (self._batch.jobs is None and here < few):
                here += len(chunk.raws)
                yield chunk, getattr(self._batch.workshop, job)(chunk.raws, chunk.others) if chunk.raws else []
                continue
            waiting.append((chunk, self._hire().submit(_work, job, chunk.raws, chunk.others) if chunk.raws else None))
            while len(waiting) > _AHEAD * self._jobs:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())

    def _hire(self) -> ProcessPoolExecutor:
        global _workshop
        if self._pool is None:
            if _FORKS:
                self._batch.workshop.engine  # noqa: B018 - loaded once, before the others begin
                _workshop = self._batch.workshop
            context = multiprocessing.get_context("fork" if _FORKS else "spawn")
            self._stop = context.Event()
            self._pool = ProcessPoolExecutor(self._jobs, context, _begin, (self._batch.work, self._stop))
        return self._pool

    def __exit__(self, *error: object) -> None:
        global _workshop
        if self._pool is not None and self._stop is not None:
            self._stop.set()  # what is begun is ended, for a process that is killed while it answers leaves the others waiting
            with _patient():
                self._pool.shutdown(cancel_futures=True)
            _workshop = None


class _Company(Generic[T]):
    """The records of a run looked through: they wait in a spool, and of each it is known which others it is compared with."""

    def __init__(self, spool: Spool, total: int) -> None:
        self.across = Across()
        self.position, self.total = 0, total
        """How far the slots that are given out had come, in bytes, and how far they go."""
        self._spool = spool
        self._ends, self._batches = array("Q"), array("Q")
        """How many registrations there are up to each raw record, and how many raw records up to each batch."""
        self._others: dict[int, tuple[int, ...]] = {}
        self._packed: dict[int, bytes] = {}
        self._stamps: dict[int, bytes] = {}

    def add(self, chunk: Chunk[T], signatures: list[list[Signature]]) -> None:
        """Take a chunk with the signatures of the registrations in each of its raw records."""
        for of_raw in signatures:
            for signature in of_raw:
                self.across.add(signature)
            self._ends.append(len(self.across))
        self._spool.add((chunk.position, [(slot.item, slot.digest) for slot in chunk.slots]))
        self._batches.append(len(self._ends))

    def close(self) -> None:
        """Find out which records are to be compared, and fetch those that others are compared with."""
        self._others, none = self.across.others(), () if self.across.several else None
        self._none: tuple[bytes, ...] | None = none
        last, raws = -1, list[Slot[T]]()
        for place in sorted({other for others in self._others.values() for other in others}):
            at = bisect_right(self._ends, place)
            batch = bisect_right(self._batches, at)
            if batch != last:
                last, raws = batch, [slot for slot in _slots(self._spool[batch][1]) if isinstance(slot.item, Found)]
            slot = raws[at - (self._batches[batch - 1] if batch else 0)]
            nth = place - (self._ends[at - 1] if at else 0)
            if isinstance(slot.item, Found):
                registrations = [one for one in read_raw(slot.item.raw) if isinstance(one, Registration)]
                self._packed[place] = _packed(registrations[nth])
                self._stamps[place] = slot.digest + repr((slot.item.raw.origin, nth)).encode()

    def slots(self, stamped: bool) -> Iterator[Slot[T]]:
        """Yield all slots in their order, each with the records that its own are compared with, *stamped* for a store."""
        at = 0
        for position, items in self._spool:
            self.position = position
            for slot in _slots(items):
                if isinstance(slot.item, Found):
                    places = range(self._ends[at - 1] if at else 0, self._ends[at])
                    known = [self._others.get(place) for place in places]
                    slot.others = [self._none if one is None else tuple(self._packed[other] for other in one) for one in known]
                    if stamped:
                        stamps = [self._none if one is None else [self._stamps[other] for other in one] for one in known]
                        slot.stamp = hashlib.sha256(repr(stamps).encode()).digest()
                    at += 1
                yield slot


def _slots(items: Iterable[tuple[Item, bytes]]) -> "Iterator[Slot[Any]]":
    return (Slot(item, digest) for item, digest in items)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finished(chunk: Chunk[T], future: Future[list[Any]] | None) -> tuple[Chunk[T], list[Any]]:
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


def _work(job: str, raws: list[Raw], others: list[Others]) -> list[Any]:
    if _workshop is None:
        raise RuntimeError("the process was not made ready")
    return [] if _stop is not None and _stop.is_set() else getattr(_workshop, job)(raws, others)


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

    @cached_property
    def _signing(self) -> bytes:
        """The hash of all but the record that a signature depends on."""
        return hashlib.sha256(repr(("signature", program(), version("rensa"))).encode()).digest()

    @property
    def stamps(self) -> bool:
        """Whether it is to be known what the results depend on."""
        return self._store is not None

    def chunks(
        self, slots: Iterable[Slot[T]], meter: "Meter | _Company[T]", look_up: Callable[[Slot[T], Raw], None]
    ) -> Iterator[Chunk[T]]:
        """Yield *slots* in chunks, with where the store has those that it has (*look_up*)."""
        chunk, size, full = Chunk[T](), 0, self._batch.work.chunk or CHUNK
        for slot in slots:
            chunk.slots.append(slot)
            if isinstance(slot.item, Found):
                look_up(slot, slot.item.raw)
                if slot.rows is None:
                    slot.at = len(chunk.raws)
                    chunk.raws.append(slot.item.raw)
                    chunk.others.append(slot.others)
                    size += slot.item.raw.size
            if len(chunk.raws) >= full or size >= _LARGE or len(chunk.slots) >= _SLOTS:
                chunk.position = meter.position
                yield chunk
                chunk, size = Chunk[T](), 0
        chunk.position = meter.total
        yield chunk

    def look_up_signature(self, slot: Slot[T], raw: Raw) -> None:
        """Find out where the store has the signatures of a raw record."""
        if self._store is None:
            return
        slot.digest = raw.digest()
        slot.key = hashlib.sha256(self._signing + slot.digest).digest()
        slot.rows = self._store.find(slot.key, self._today)

    def signatures(self, slot: Slot[T]) -> list[Signature]:
        """Return the signatures of a slot that the store has."""
        if self._store is None or not slot.rows:
            return []
        return [Signature(*fields) for fields in orjson.loads(self._store.read(slot.rows[0]))]

    def keep_signatures(self, chunk: Chunk[T], signed: list[list[Signature]]) -> None:
        """Keep the signatures of a chunk."""
        if self._store is not None:
            new = [slot for slot in chunk.found() if slot.rows is None]
            self._store.keep(
                ((slot.key, [(orjson.dumps([list(one) for one in signed[slot.at]]), None)]) for slot in new), SIGNATURE
            )

    def look_up(self, slot: Slot[T], raw: Raw) -> None:
        """Find out where the store has the results of a raw record."""
        if self._store is None or (self._batch.work.settings.keep_text is not None and isinstance(raw, WholeFile)):
            return
        telling, origin = self._batch.work.make, raw.origin
        place = repr(origin) if isinstance(telling, Telling) and telling.text else ""  # the text names places
        slot.digest = slot.digest or raw.digest()
        slot.key = hashlib.sha256(self._run + slot.digest + place.encode() + slot.stamp).digest()
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
        kept: list[tuple[bytes, list[tuple[bytes, str | None]]]] = []
        met: list[tuple[bytes, bytes | None]] = []
        for slot in chunk.slots:
            if not slot.key or not isinstance(slot.item, Found):
                continue
            if slot.rows is not None:
                met.append((slot.digest, None))
                continue
            told = [one for one in outcomes[slot.at] if isinstance(one, Told) and not one.broken]
            if told and len(told) == len(outcomes[slot.at]):
                origin = slot.item.raw.origin
                days = (one.record["as_of"] if one.record["as_of_source"] == "today" else None for one in told)
                kept.append((slot.key, [(one.packed(origin), day) for one, day in zip(told, days, strict=True)]))
                if not self._batch.work.steps:  # a result that was blackened goes without the record, which is not
                    met.append((slot.digest, packed(slot.item.raw)))
        self._store.keep(kept, met=met)

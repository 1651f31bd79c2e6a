"""The registrations of a run, one after another -> for each of them which others may have to do with it, without comparing all pairs.

Of each record a signature of some hundred bytes is kept: hashes of its number and of those it names, of ethics codes, of long
sentences, of the people behind it, and a MinHash sketch of its titles, groups and outcomes, by whose bands near-duplicates meet
(locality-sensitive hashing). Records that share a hash are proposed to the facts (`audit.engine.facts.comparisons`), which
compare the texts themselves and alone decide.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

from audit.engine.kinship import codes, measured, methods, numbers_named, own_number, passages, runs, team
from audit.model.check import Check
from audit.model.registration import Registration

FACTS = frozenset(
    {
        *("languages_differ", "copies_differ", "registries_differ", "near_duplicates", "shared_passages"),
        *("codes_elsewhere", "foreign_drugs"),
    }
)
"""The facts that look at other records."""
_ROWS, _BANDS = 4, 8
_SKETCH = _ROWS * _BANDS
"""32 numbers in 8 bands of 4: of two records whose runs of words are common to 0.8, 98 of 100 meet; to 0.9, all but 1 in 5000."""
_ALIKE = 0.65
"""So alike are sketches of records that are worth comparing: 0.8 less twice the deviation of an estimate by 32 numbers."""
_LEAST_RUNS = 15
_COMMON = 50
"""A sentence that stands in more trials than this is a registry's, not anybody's."""
_MOST = 8
"""With so many others at most a record is compared."""


def needed(checks: Iterable[Check]) -> bool:
    """Return whether one of *checks* looks at other records."""
    return any(not FACTS.isdisjoint(check.looks_at) for check in checks)


class Signature(NamedTuple):
    """What is kept of a record: hashes of 64 bits, and the numbers of the sketch."""

    number: int
    """Of its own number; 0 where it has none."""
    form: int
    """Of its reader and language: records of one trial that differ in it are copies or translations, not versions."""
    named: list[int]
    codes: list[int]
    sentences: list[int]
    team: list[int]
    sketch: list[int]


def sign(record: Registration) -> Signature:
    """Return the signature of *record*."""
    own = own_number(record)
    form = f"{record.source.reader.removesuffix('-html').removesuffix('-pdf').removesuffix('-text')} {record.language}"
    told = {passage.said for passage in passages((*methods(record), *measured(record)))}
    return Signature(
        _hash(own) if own else 0,
        _hash(form),
        [_hash(one) for one in sorted(numbers_named(record))],
        [_hash(one) for one in codes(record)],
        [_hash(one) for one in sorted(told)],
        [_hash(one) for one in sorted(team(record))],
        _sketch(record),
    )


def _hash(said: str) -> int:
    return int.from_bytes(blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1


def _sketch(record: Registration) -> list[int]:
    found = runs(record)
    if len(found) < _LEAST_RUNS:
        return []
    from rensa import RMinHash

    made = RMinHash(num_perm=_SKETCH, seed=1)
    made.update(list(found))
    digest: list[int] = made.digest()
    return digest


class _Keys:
    """Pairs of a hash and the place of a record in the run."""

    def __init__(self) -> None:
        self.keys, self.places = array("Q"), array("I")

    def add(self, keys: Iterable[int], place: int) -> None:
        for key in keys:
            self.keys.append(key)
            self.places.append(place)

    def groups(self) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield each hash that several have, with their places in order."""
        import numpy as np

        keys = np.frombuffer(self.keys, dtype=np.uint64) if len(self.keys) else np.empty(0, np.uint64)
        order = np.argsort(keys, kind="stable")
        ends = np.flatnonzero(np.diff(keys[order])) + 1
        bounds = [0, *ends.tolist(), len(keys)]
        for start, end in pairwise(bounds):
            if end - start > 1:
                yield int(keys[order[start]]), [self.places[at] for at in order[start:end].tolist()]


class Across:
    """The signatures of a run in its order; `others` says at its end which records are to be compared."""

    def __init__(self) -> None:
        self._numbers, self._forms = array("Q"), array("Q")
        self._own, self._named, self._codes, self._sentences, self._bands = (_Keys() for _ in range(5))
        self._teams, self._team_ends = array("Q"), array("Q")
        self._sketches, self._sketch_of = array("I"), array("I")

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def several(self) -> bool:
        """Whether there are records of several trials."""
        first = next((number for number in self._numbers if number), 0)
        return any(number not in (0, first) for number in self._numbers)

    def add(self, signature: Signature) -> None:
        """Take the next record."""
        place = len(self._numbers)
        self._numbers.append(signature.number)
        self._forms.append(signature.form)
        self._teams.extend(signature.team)
        self._team_ends.append(len(self._teams))
        self._sketch_of.append(len(self._sketches) // _SKETCH + 1 if signature.sketch else 0)
        if not signature.number:
            return
        self._own.add((signature.number,), place)
        self._named.add(signature.named, place)
        self._codes.add(signature.codes, place)
        self._sentences.add(signature.sentences, place)
        if signature.sketch:
            self._sketches.extend(signature.sketch)
            self._bands.add(_bands(signature.sketch), place)

    def others(self) -> dict[int, tuple[int, ...]]:
        """Return for each record that has to do with others their places in the run, the first records of their trials."""
        if len(self) < 2:
            return {}
        found: dict[int, dict[int, None]] = {}

        def note(place: int, others: Iterable[int]) -> None:
            found.setdefault(place, {}).update(dict.fromkeys(others))

        for of_kind in (self._copies, self._linked, self._alike, self._same_codes, self._same_sentences):
            of_kind(note)
        return {place: tuple(others)[:_MOST] for place, others in sorted(found.items()) if others}

    def _copies(self, note: Callable[[int, Iterable[int]], None]) -> None:
        for _, group in self._own.groups():
            firsts: dict[int, int] = {}
            for place in group:
                firsts.setdefault(self._forms[place], place)
            if len(firsts) > 1:
                for place in group:
                    note(place, (first for form, first in firsts.items() if form != self._forms[place]))

    def _linked(self, note: Callable[[int, Iterable[int]], None]) -> None:
        both = _Keys()
        for keys in (self._own, self._named):
            both.keys.extend(keys.keys)
            both.places.extend(keys.places)
        for key, group in both.groups():
            named = [place for place in group if self._numbers[place] == key]
            naming = [place for place in group if self._numbers[place] != key]
            for place in naming:
                note(place, named[:1])
            for place in named:
                note(place, self._trials(naming, 3, place))
            self._among(naming, 2, note)

    def _alike(self, note: Callable[[int, Iterable[int]], None]) -> None:
        met: dict[int, dict[int, float]] = {}
        for _, group in self._bands.groups():
            firsts = self._trials(group, 2)
            before: int | None = None
            for place in group:
                for other in (*firsts, before):
                    if other is not None and self._numbers[other] != self._numbers[place]:
                        for one, two in ((place, other), (other, place)):
                            if two not in (known := met.setdefault(one, {})) and (alike := self._alikeness(one, two)) >= _ALIKE:
                                known[two] = alike
                if before is None or self._numbers[before] != self._numbers[place]:
                    before = place
        for place in sorted(met):
            nearest: dict[int, int] = {}
            for _, other in sorted((-alike, other) for other, alike in met[place].items()):
                nearest.setdefault(self._numbers[other], other)
            note(place, list(nearest.values())[:2])

    def _alikeness(self, one: int, other: int) -> float:
        a, b = ((self._sketch_of[place] - 1) * _SKETCH for place in (one, other))
        return sum(self._sketches[a + at] == self._sketches[b + at] for at in range(_SKETCH)) / _SKETCH

    def _same_codes(self, note: Callable[[int, Iterable[int]], None]) -> None:
        for _, group in self._codes.groups():
            self._among(group, 3, note)

    def _same_sentences(self, note: Callable[[int, Iterable[int]], None]) -> None:
        for _, group in self._sentences.groups():
            trials = self._trials(group, _COMMON + 1)
            if not 1 < len(trials) <= _COMMON:
                continue
            for place in group:
                others = [other for other in trials if self._numbers[other] != self._numbers[place]]
                known, apart = set(self._team(place)), list[int]()
                for other in others if known else ():
                    if (team := set(self._team(other))) and known.isdisjoint(team):
                        known |= team
                        apart.append(other)
                note(place, dict.fromkeys((*apart[:2], *others[:1])))

    def _team(self, place: int) -> Any:
        return self._teams[self._team_ends[place - 1] if place else 0 : self._team_ends[place]]

    def _among(self, group: Sequence[int], most: int, note: Callable[[int, Iterable[int]], None]) -> None:
        trials = self._trials(group, most + 1)
        for place in group if len(trials) > 1 else ():
            note(place, [other for other in trials if self._numbers[other] != self._numbers[place]][:most])

    def _trials(self, group: Sequence[int], most: int, without: int | None = None) -> list[int]:
        """Return the first record of each of the first *most* trials of a group."""
        firsts: dict[int, int] = {}
        for place in group:
            if without is None or self._numbers[place] != self._numbers[without]:
                firsts.setdefault(self._numbers[place], place)
            if len(firsts) == most:
                break
        return list(firsts.values())


def _bands(sketch: Sequence[int]) -> Iterator[int]:
    for band in range(_BANDS):
        yield _hash(f"{band} {sketch[band * _ROWS : (band + 1) * _ROWS]}")


def together(records: Sequence[Registration]) -> list[tuple[Registration, ...] | None]:
    """Return for each of *records*, which are at hand, the others that it is to be compared with; None for one alone."""
    from audit.model.registration import as_other

    across = Across()
    for record in records:
        across.add(sign(record))
    found, none = across.others(), () if across.several else None
    return [tuple(as_other(records[other]) for other in found[at]) if at in found else none for at in range(len(records))]

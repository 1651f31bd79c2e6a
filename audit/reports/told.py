"""An audit -> the plain data of it that lists and tables need, so that no registration has to be kept, sent or stored.

The record is kept as the JSON that is written of it: a result out of a store is written again as it stands, but for the places.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from audit.errors import AuditError
from audit.model.origin import Origin
from audit.model.result import Audit, Verdict
from audit.reports import console, html, json_
from audit.reports.totals import PLACE, state
from audit.reports.words import Words
from audit.where import about

_BROKEN = PLACE[Verdict.BROKEN]


class Counted(NamedTuple):
    """What is counted of a record over a run."""

    id: str | None
    severities: list[str]
    """Of the findings that are open."""
    as_of: str
    as_of_source: str
    waived: int
    known: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one record."""

    said: bytes
    """The record of the JSON result without its verdicts, as JSON."""
    verdicts: bytes
    """The verdicts of the JSON result, as JSON."""
    judged: bytes
    """For each check of the run, in its order, the place of the verdict in `audit.reports.totals.VERDICTS`."""
    address: str | None
    """The registry's page of the record."""
    about: dict[str, str]
    """What ``--where`` asks for."""
    below: int
    """How many findings are below the confidence asked for."""
    counted: Counted
    text: str = ""
    """The record as the terminal shows it, where that is wanted."""

    @classmethod
    def of(cls, audit: Audit, words: Words, text: bool = False) -> "Told":
        """Return what is told of *audit*; *text* says whether the text for the terminal is wanted."""
        record = json_.record(audit, words)
        return cls.of_record(
            record,
            orjson.dumps(record.pop("verdicts")),
            bytes(PLACE[said.verdict] for said in audit.judgements.values()),
            html.registry_page(audit.registration),
            about(audit.registration),
            len(audit.below),
            console.render_record(audit, words) if text else "",
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any], verdicts: bytes, judged: bytes, *more: Any) -> "Told":
        """Return what is told of the *record* of a JSON result, which has no verdicts in it; *more* are the other fields in their order."""
        states = [state(finding) for finding in record["findings"]]
        severities = [one["severity"] for one, said in zip(record["findings"], states, strict=True) if said == "open"]
        days = record["as_of"], record["as_of_source"]
        counted = Counted(record["id"], severities, *days, states.count("waived"), states.count("known"))
        address, where, below, *text = more
        return cls(orjson.dumps(record), verdicts, judged, address, where, below, counted, *text)

    @property
    def record(self) -> dict[str, Any]:
        """The record of the JSON result without its verdicts, made anew."""
        record: dict[str, Any] = orjson.loads(self.said)
        return record

    @property
    def whole(self) -> dict[str, Any]:
        """The record of the JSON result."""
        return self.record | {"verdicts": orjson.loads(self.verdicts)}

    @property
    def line(self) -> bytes:
        """The record as one line of JSON."""
        return b'%s,"verdicts":%s}\n' % (self.said[:-1], self.verdicts)

    @property
    def broken(self) -> bool:
        """Whether a check failed on it."""
        return _BROKEN in self.judged

    def packed(self, origin: Origin, others: Sequence[Origin] = ()) -> bytes:
        """Return it as bytes to be kept; *origin* is where the record stands, *others* where those stand that it was compared with."""
        places = [list(one) for one in (origin, *others)]
        head = [self.judged.hex(), self.address, self.about, self.below, list(self.counted), self.text, places]
        return zlib.compress(b"\n".join((orjson.dumps(head), self.said, self.verdicts)), 1)

    @classmethod
    def unpacked(cls, kept: bytes, origin: Origin, others: Sequence[Origin] = ()) -> "Told":
        """Return what was packed, of a record that now stands at *origin*, as the *others* stand where they are.

        Raises AuditError for what was never packed.
        """
        try:
            head, said, verdicts = zlib.decompress(kept).split(b"\n")
            judged, address, told, below, counted, text, places = orjson.loads(head)
            moved = _Move([Origin(*one) for one in places], [origin, *others])
            return cls(moved.record(said), verdicts, bytes.fromhex(judged), address, told, below, Counted(*counted), text)
        except (zlib.error, ValueError, TypeError, KeyError, StopIteration) as error:
            raise AuditError(f"the store is damaged: {error}; delete its file and run again") from error


class _Move:
    """From where a record stood, and behind it those that it was compared with, to where they stand now."""

    def __init__(self, old: Sequence[Origin], new: Sequence[Origin]) -> None:
        self._pairs = list(zip(old, new, strict=True))

    def record(self, said: bytes) -> bytes:
        """Return the JSON of the record with the files, the number, and the paths and lines of its quotes that are now."""
        if all(old == new for old, new in self._pairs):
            return said
        files = {(old[:2], new[:2]) for old, new in self._pairs}
        if len(files) > 1 or any(old[3:] != new[3:] for old, new in self._pairs):
            return self._anew(orjson.loads(said))
        # in a JSON text no quotation mark stands bare, so that what follows is found only where it is meant
        (file,) = files
        begins = b'"source":%s' % _json({"path": file[0][0]})[:-1]
        start = said.index(begins + b',"reader"')
        end = said.index(b"}", start + len(begins)) + 1
        source = _json(self._source(orjson.loads(said[start + len(b'"source":') : end])))
        theirs, now = (b'"source":%s' % _json({"path": path, "sha256": sha256}) for path, sha256 in file)
        return said[:start] + b'"source":' + source + said[end:].replace(theirs, now)

    def _source(self, source: dict[str, Any]) -> dict[str, Any]:
        new = self._pairs[0][1]
        counts = bool(new.prefix) or new.line is not None
        return source | {"path": new.shown, "sha256": new.sha256} | ({"record": new.number} if counts else {})

    def _anew(self, record: dict[str, Any]) -> bytes:
        record["source"] = self._source(record["source"])
        for finding in record["findings"]:
            for quoted in finding["evidence"]:
                old, new = self._pair(quoted)
                if "source" in quoted:
                    quoted["source"] = {"path": new.shown, "sha256": new.sha256}
                if "path" in quoted:
                    quoted["path"] = new.prefix + quoted["path"][len(old.prefix) :]
                if quoted["line"] is not None:
                    quoted["line"] += (new.line or 0) - (old.line or 0)
        return _json(record)

    def _pair(self, quoted: dict[str, Any]) -> tuple[Origin, Origin]:
        """Return where the record stood, and now stands, that a quote is out of: the audited one, or one that it names."""
        if "source" not in quoted:
            return self._pairs[0]
        path, within = quoted["source"]["path"], quoted.get("path", "")
        return next(pair for pair in self._pairs if pair[0].shown == path and _stands(within, pair[0].prefix))


def _stands(path: str, prefix: str) -> bool:
    """Return whether *path* is one of a record whose paths begin with *prefix*."""
    return path.startswith(prefix) and not path[len(prefix) : len(prefix) + 1].isdigit()


def _json(said: object) -> bytes:
    return orjson.dumps(said)

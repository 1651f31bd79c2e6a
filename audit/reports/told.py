"""An audit -> the plain data of it that lists and tables need, so that no registration has to be kept, sent or stored."""

import zlib
from dataclasses import dataclass
from typing import Any

import orjson

from audit.errors import AuditError
from audit.model.origin import Origin
from audit.model.result import Audit, Verdict
from audit.reports import console, html, json_
from audit.reports.totals import PLACE
from audit.reports.words import Words
from audit.where import about

_BROKEN = PLACE[Verdict.BROKEN]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one record."""

    record: dict[str, Any]
    """The record of the JSON result without its verdicts."""
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
    text: str = ""
    """The record as the terminal shows it, where that is wanted."""

    @classmethod
    def of(cls, audit: Audit, words: Words, text: bool = False) -> "Told":
        """Return what is told of *audit*; *text* says whether the text for the terminal is wanted."""
        record = json_.record(audit, words)
        verdicts = orjson.dumps(record.pop("verdicts"))
        return cls(
            record,
            verdicts,
            bytes(PLACE[said.verdict] for said in audit.judgements.values()),
            html.registry_page(audit.registration),
            about(audit.registration),
            len(audit.below),
            console.render_record(audit, words) if text else "",
        )

    @property
    def whole(self) -> dict[str, Any]:
        """The record of the JSON result."""
        return self.record | {"verdicts": orjson.loads(self.verdicts)}

    @property
    def line(self) -> bytes:
        """The record as one line of JSON."""
        return orjson.dumps(self.record | {"verdicts": orjson.Fragment(self.verdicts)}, option=orjson.OPT_APPEND_NEWLINE)

    @property
    def broken(self) -> bool:
        """Whether a check failed on it."""
        return _BROKEN in self.judged

    def packed(self, origin: Origin) -> bytes:
        """Return it as bytes to be kept; *origin* is where the record stands."""
        head = [self.record, self.judged.hex(), self.address, self.about, self.below, self.text, origin.prefix, origin.line]
        return zlib.compress(orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE) + self.verdicts, 1)

    @classmethod
    def unpacked(cls, kept: bytes, origin: Origin) -> "Told":
        """Return what was packed, of a record that now stands at *origin*; raises AuditError for what was never packed."""
        try:
            head, _, verdicts = zlib.decompress(kept).partition(b"\n")
            record, judged, address, told, below, text, prefix, line = orjson.loads(head)
            _move(record, Origin("", "", 1, prefix, line), origin)
            return cls(record, verdicts, bytes.fromhex(judged), address, told, below, text)
        except (zlib.error, ValueError, TypeError, KeyError) as error:
            raise AuditError(f"the store is damaged: {error}; delete its file and run again") from error


def _move(record: dict[str, Any], old: Origin, new: Origin) -> None:
    """Put *record*, which stood at *old*, to *new*: the file, the number, and the paths and lines of its quotes."""
    record["source"] |= {"path": new.shown, "sha256": new.sha256}
    if not new.prefix and new.line is None:
        return
    record["source"]["record"] = new.number
    if (old.prefix, old.line) == (new.prefix, new.line):
        return
    down = (new.line or 0) - (old.line or 0)
    for finding in record["findings"]:
        for quoted in finding["evidence"]:
            if "source" in quoted:
                continue  # it stands in another record, without which the result is not this one
            if "path" in quoted:
                quoted["path"] = new.prefix + quoted["path"][len(old.prefix) :]
            if quoted["line"] is not None:
                quoted["line"] += down

"""A quote of a finding -> where other programs find it: the file in the repository, line and column; None where a file has no lines."""

from dataclasses import dataclass

from audit.model.result import Audit, Finding
from audit.model.span import Place, Source
from audit.repository import relative


@dataclass(frozen=True)
class Spot:
    """A stretch of a file; lines and columns count from 1, in code points; ``end_column`` is the one after the last."""

    file: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


def spot(place: Place, source: Source) -> Spot:
    """Return where *place* stands in the file of *source*.

    Quotes of a text have lines and columns; those of a structured file at most a line; those of PDF and HTML none,
    because they count in the text that was taken out.
    """
    value = place.value
    source = value.source or source
    file = relative(source.path)
    if source.kind == "structured":
        return Spot(file, value.line)
    if source.kind != "text":
        return Spot(file)
    start, end = value.start + place.start, value.start + place.end
    return Spot(file, source.line(start), _column(source, start), source.line(end), _column(source, end))


def _column(source: Source, offset: int) -> int:
    return offset - source.text.rfind("\n", 0, offset)


def primary(audit: Audit, finding: Finding) -> Spot:
    """Return the spot of the first quote, which a finding always has."""
    return spot(finding.evidence[0], audit.registration.source)

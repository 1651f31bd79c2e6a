"""A WHO ICTRP export (CSV, XLSX or the portal's XML) -> its registrations, a row at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from audit.errors import NoRecordError, UnreadableError
from audit.model.origin import Origin
from audit.model.registration import Registration
from audit.model.span import Source
from audit.readers.opened import Opened
from audit.readers.raw import Packed, Raw, Reading, encoded
from audit.readers.sheets import Line, csv_rows, is_workbook, xlsx_sheets
from audit.readers.who_record import Columns, Row
from audit.readers.who_spellings import looks_like_id
from audit.readers.xml_stream import Piece, RawElement, Text, xml_texts

_FULL = (
    *("TrialID", "Last Refreshed on", "SecondaryIDs", "Public title", "Scientific title", "url"),
    *("Public Contact Firstname", "Public Contact Lastname", "Public Contact Address", "Public Contact Email"),
    *("Public Contact Tel", "Public Contact Affiliation", "Scientific Contact Firstname", "Scientific Contact Lastname"),
    *("Scientific Contact Address", "Scientific Contact Email", "Scientific Contact Tel", "Scientific Contact Affiliation"),
    *("Study type", "Study design", "Phase", "Date registration", "Date enrollement", "Target size", "Recruitment status"),
    *("Primary sponsor", "Secondary sponsors", "Source Support", "Countries", "Conditions", "Interventions", "Agemin"),
    *("Agemax", "Gender", "Inclusion Criteria", "Exclusion Criteria", "Primary Outcome", "Secondary Outcomes"),
    *("Bridging flag", "Bridged type", "Childs", "type enrolment", "Retrospective flag", "results actual enrollment"),
    *("results url link", "results summary", "results date posted", "results date first publication"),
    *("results baseline char", "results participant flow", "results adverse events", "results outcome measures"),
    *("results url protocol", "results IPD plan", "results IPD description", "results date completed", "results yes no"),
    *("Ethics Status", "Ethics Approval Date", "Ethics Contact Name", "Ethics Contact Address", "Ethics Contact Phone"),
    "Ethics Contact Email",
)
"""The columns of the WHO's full database, which comes without a line of names."""
_SEPARATORS = ",;\t"
_ROOT = "Trials_downloaded_from_ICTRP"
_TRIAL = f"/{_ROOT}/Trial"
_NEAR = 4096
ROW = "ictrp-row"
"""What kind of raw record a row is."""


def is_ictrp(opened: Opened, start: str) -> bool:
    """Return whether a source is a WHO export; *start* is its beginning as text, in whatever encoding."""
    if start.startswith("PK"):
        return is_workbook(opened)
    return _ROOT in start[:_NEAR] or _separator(start) is not None


def read(opened: Opened) -> Reading:
    """Yield the raw records of an export, and an error for each row that is none."""
    start = opened.start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    if start.startswith("PK"):
        yield from _read_xlsx(opened)
    elif _ROOT in start[:_NEAR]:
        yield from _read_xml(opened)
    else:
        yield from _read_csv(opened, start)


def _read_xlsx(opened: Opened) -> Reading:
    """Yield the raw records of the first sheet that has the WHO's columns."""
    source = _source(opened)
    for name, lines in xlsx_sheets(opened):
        first = next(lines, None)
        if isinstance(first, Line) and (columns := Columns(first.cells)).known:
            yield from _rows(lines, columns, source, 1, f"sheet {name}, row " if name else "row ")
            return
    raise NoRecordError("no sheet has the columns of a WHO ICTRP export: no TrialID among them")


def _read_xml(opened: Opened) -> Reading:
    """Yield the raw trials of the portal's XML."""
    source = _source(opened)
    found = False
    for text in xml_texts(opened, "Trial"):
        found = True
        yield text if isinstance(text, UnreadableError) else RawElement(source, text, _TRIAL, _trial)
    if not found:
        raise NoRecordError("there is no Trial in this export", 1)


def again(source: Source, number: int, line: int, text: str) -> RawElement:
    """Return the raw trial of the portal's XML that was packed."""
    return RawElement(source, Text(number, text, line), _TRIAL, _trial)


def row_again(
    source: Source, number: int, line: int | None, several: bool, row: str, names: list[str], lengths: list[int], text: str
) -> "RawRow":
    """Return the raw row that was packed; raises ValueError where its parts do not fit together."""
    columns, ends = Columns(names), [0, *accumulate(lengths)]
    if not columns.known or len(lengths) != len(columns.names) or ends[-1] != len(text) or min(lengths) < 0:
        raise ValueError("the cells of a row do not fit its columns")
    return RawRow(_table(source, columns), row, Line(line, [text[at:end] for at, end in pairwise(ends)], several), number)


def _trial(piece: Piece, source: Source) -> Iterator[Registration | UnreadableError]:
    fields = [field for field in piece.root if isinstance(field.tag, str)]
    columns = _columns(tuple(field.tag for field in fields))
    if "trialid" not in columns.index:
        yield UnreadableError("this record has no TrialID", piece.line, piece.number)
        return
    cells = ["".join(field.itertext()) for field in fields]
    yield Row(columns, cells, _element_placer(piece, fields)).registration(source, piece.number)


def _element_placer(piece: Piece, fields: list[Any]) -> Callable[[int], tuple[str, int | None]]:
    base, line = f"{_TRIAL}[{piece.number}]/", piece.line - 1
    return lambda at: (base + fields[at].tag, line + fields[at].sourceline)


@lru_cache(maxsize=64)
def _columns(names: tuple[str, ...]) -> Columns:
    return Columns(names)


def _source(opened: Opened) -> Source:
    return Source(opened.shown, "ictrp", "", opened.sha256, "structured")


def _separator(start: str) -> str | None:
    first = start.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    for separator in _SEPARATORS:
        names = [name.strip(' "\r') for name in first.split(separator)]
        if len(names) > 3 and Columns(names).known:
            return separator
    if looks_like_id(first.lstrip('"')[:30]) and start.count(",") > len(_FULL):
        return ","
    return None


def _read_csv(opened: Opened, start: str) -> Reading:
    """Yield the raw records of a CSV whose text begins with *start*, and an error for each row that is none."""
    separator = _separator(start) or ","
    source = _source(opened)
    lines = csv_rows(opened, separator)
    first = next(lines, None)
    if isinstance(first, UnreadableError):
        yield first
        return
    if first is None:
        raise UnreadableError("the file is empty; export or save the record again", 1)
    columns = Columns(first.cells)
    if columns.known:
        yield from _rows(lines, columns, source, 1)
    elif len(first.cells) == len(_FULL) and looks_like_id(first.cells[0]):
        yield from _rows(_again(first, lines), Columns(_FULL), source, 0)
    else:
        raise NoRecordError("these are not the columns of a WHO ICTRP export: no TrialID among them", 1)


def _again(first: Line, rest: Iterator[Line | UnreadableError]) -> Iterator[Line | UnreadableError]:
    yield first
    yield from rest


def _rows(
    lines: Iterator[Line | UnreadableError], columns: Columns, source: Source, header: int, prefix: str = "row "
) -> Reading:
    """Yield the raw records of *lines*; *header* is the number of rows before the first of them."""
    width = len(columns.names)
    table = _table(source, columns)
    number = 0
    for row, line in enumerate(lines, header + 1):
        if isinstance(line, UnreadableError):
            number += 1
            yield UnreadableError(str(line), line.line, number)
            continue
        cells = line.cells
        if not any(cells):
            continue
        number += 1
        if len(cells) != width:
            if len(cells) > width and not any(cells[width:]):
                line = line._replace(cells=cells[:width])
            else:
                yield UnreadableError(f"this row has {len(cells)} columns, the file {width}", line.line, number)
                continue
        yield RawRow(table, f"{prefix}{row}", line, number)


@dataclass(frozen=True, slots=True)
class _Table:
    """What the rows of a table share."""

    source: Source
    columns: Columns
    suffixes: tuple[str, ...]
    names: bytes


def _table(source: Source, columns: Columns) -> _Table:
    suffixes = tuple(f", column {(name.strip() and name) or at}" for at, name in enumerate(columns.names, 1))
    return _Table(source, columns, suffixes, encoded(repr(columns.names)))


@dataclass(frozen=True, slots=True)
class RawRow(Raw):
    """The cells of a row."""

    table: _Table
    row: str
    line: Line
    number: int

    @property
    def origin(self) -> Origin:
        """The row."""
        return Origin(self.table.source.path, self.table.source.sha256, self.number, self.row, self.line.line)

    @property
    def size(self) -> int:
        """The length of all cells."""
        return sum(map(len, self.line.cells))

    def parts(self) -> Iterator[bytes]:
        """Yield the names of the columns and the cells."""
        yield b"ictrp"
        yield self.table.names
        yield repr((self.line.line is None, [len(cell) for cell in self.line.cells])).encode()
        yield encoded("".join(self.line.cells))

    def read(self) -> Iterator[Registration | UnreadableError]:
        """Yield the registration of the row."""
        cells = self.line.cells
        place = _placer(self.row, self.table.suffixes, self.line, cells)
        yield Row(self.table.columns, cells, place).registration(self.table.source, self.number)

    def packed(self) -> Packed:
        """Return where it stands, the names of the columns, the lengths of the cells, and the cells."""
        line, lengths = self.line, [len(cell) for cell in self.line.cells]
        head = (self.number, line.line, line.several, self.row, self.table.columns.names, lengths)
        return Packed(ROW, head, encoded("".join(line.cells)))


def _placer(row: str, suffixes: Sequence[str], line: Line, cells: Sequence[str]) -> Callable[[int], tuple[str, int | None]]:
    """Return the function that tells path and line of a column's cell."""
    if not line.several or line.line is None:
        return lambda at: (row + suffixes[at], line.line)
    lines, at = list[int](), line.line
    for cell in cells:
        lines.append(at)
        at += cell.count("\n")
    return lambda column: (row + suffixes[column], lines[column])

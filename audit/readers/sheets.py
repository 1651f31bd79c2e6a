"""A CSV or an XLSX file -> its rows of texts, one at a time, each with the line where it begins.

A CSV's lines end with ``\\n``; a row that cannot be read is told and the next row that looks like one is gone on with.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from audit.errors import UnreadableError
from audit.readers.encodings import encoding_of
from audit.readers.opened import Opened
from audit.readers.zips import bomb

_LONGEST = 8 * 1024 * 1024
"""The longest cell that is read: more is a quotation mark that is not closed."""
_RETURN = "\ue00d"
"""Stands for a carriage return inside a line while the CSV reader sees it: outside quotation marks it takes it for a row's end."""
_ROW_START = re.compile(r'"?[A-Za-z]{2,10}[-_ ]?\d[\w/.-]{3,40}"?[,;\t]')


class Line(NamedTuple):
    """A row: the line where it begins (None where the file has no lines), its cells, and whether it spans several lines."""

    line: int | None
    cells: list[str]
    several: bool = False


class _Feed:
    """Lines for the CSV reader, which are kept until the row is known to be good; a bad row's lines can be given back."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._lines: Iterator[str] = iter(stream)
        self._back: list[str] = []
        self.row: list[str] = []
        self.number = 0
        """How many lines were given out."""
        self.returns = False
        """Whether the row has carriage returns inside its lines, which stand as ``_RETURN`` in its cells."""

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines)
        self.number += 1
        self.row.append(line)
        if line.find("\r", 0, -2) < 0:
            return line
        self.returns = True
        return line[:-2].replace("\r", _RETURN) + line[-2:]

    def give_back(self, keep: int) -> None:
        """Take back all lines of the row but the first *keep*."""
        again = self.row[keep:]
        self.number -= len(again)
        self._back.extend(reversed(again))
        del self.row[keep:]


def csv_rows(opened: Opened, separator: str) -> Iterator[Line | UnreadableError]:
    """Yield the rows of a CSV, the line of names first."""
    encoding = encoding_of(opened)
    csv.field_size_limit(_LONGEST)
    with opened.stream() as raw, io.TextIOWrapper(raw, encoding.name, errors=encoding.errors, newline="\n") as text:
        feed = _Feed(text)
        width = 0
        rows = csv.reader(feed, delimiter=separator)
        while True:
            first = feed.number + 1
            feed.row.clear()
            feed.returns = False
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                _resume(feed)
                yield UnreadableError(f"this row cannot be read: {error}", first)
                continue
            width = width or len(cells)
            if feed.returns:
                cells = [cell.replace(_RETURN, "\r") if _RETURN in cell else cell for cell in cells]
            if encoding.suspect and (wrong := _wrong(cells)):
                yield UnreadableError(wrong, first)
            elif len(cells) != width and len(feed.row) > 1 and _resume(feed):
                yield UnreadableError(f"this row has {len(cells)} columns, the file {width}", first)
            else:
                yield Line(first, cells, len(feed.row) > 1)


def _resume(feed: _Feed) -> bool:
    """Give back the lines of a bad row from the first on that looks like the beginning of another row."""
    for at in range(1, len(feed.row)):
        if _ROW_START.match(feed.row[at]):
            feed.give_back(at)
            return True
    return False


def _wrong(cells: list[str]) -> str | None:
    """Return what is wrong with the characters of a row."""
    for cell in cells:
        if "\x00" in cell:
            return "this row holds NUL characters, which no text has"
        if not cell.isascii() and any("\udc80" <= letter <= "\udcff" for letter in cell):
            return "this row is not UTF-8 like the rest of the file; save the file again as UTF-8"
    return None


def is_workbook(opened: Opened) -> bool:
    """Return whether a zip archive is an XLSX workbook, or may be one that is damaged."""
    try:
        with opened.stream() as stream, zipfile.ZipFile(stream) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return b"xl/" in opened.start


def xlsx_sheets(opened: Opened) -> Iterator[tuple[str, Iterator[Line | UnreadableError]]]:
    """Yield each sheet of a workbook: its name, empty where it is the only one, and its rows as texts."""
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise UnreadableError("XLSX files need the package defusedxml, which guards against entity bombs: pip install defusedxml")
    with opened.stream() as stream:
        _refuse_bombs(stream)
        try:
            book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        except Exception as error:  # noqa: BLE001 - openpyxl raises whatever it meets in a damaged workbook
            raise UnreadableError(f"a damaged workbook: {type(error).__name__}: {str(error)[:160]}") from None
        try:
            alone = len(book.worksheets) == 1
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                yield "" if alone else sheet.title, _sheet_rows(sheet)
        finally:
            book.close()


def _sheet_rows(sheet: Any) -> Iterator[Line | UnreadableError]:
    width = 0
    try:
        for cells in sheet.iter_rows(values_only=True):
            texts = [cell if type(cell) is str else "" if cell is None else _text(cell) for cell in cells]
            width = width or len(texts)
            if len(texts) < width:
                texts += [""] * (width - len(texts))
            yield Line(None, texts)
    except UnreadableError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        yield UnreadableError(f"the sheet is damaged and is not read further: {type(error).__name__}: {str(error)[:160]}")


def _text(cell: object) -> str:
    """Return a number, a date or a truth value of a sheet as text: days in ISO form, whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _refuse_bombs(stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                if (why := bomb(info)) is not None:
                    raise UnreadableError(why)
    except zipfile.BadZipFile as error:
        raise UnreadableError(f"a damaged workbook: {error}") from None
    stream.seek(0)

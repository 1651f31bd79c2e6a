"""Results of earlier runs by the content of their records, in one SQLite file that a kill at any moment leaves whole."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from audit.errors import AuditError

_MAGIC = b"SQLite format 3\x00"
_ID = 0x74726175  # "trau"
_FORM = 2
_BUSY = 30.0
RESULT, SIGNATURE = "result", "signature"
"""What a body is: the result of a record, or its signature, by which records are compared."""
_TABLES = """
CREATE TABLE results (
    key BLOB NOT NULL, nth INTEGER NOT NULL, of INTEGER NOT NULL, day TEXT, body BLOB NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (key, nth)
);
"""


def is_store(path: Path) -> bool:
    """Return whether the file at *path* is a database of the kind that stores are."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def kept_in(path: Path) -> Iterator[bytes]:
    """Yield the results in the store at *path*, in the order in which they were kept, and change nothing in it.

    Raises AuditError for what is no store of this version.
    """
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=_BUSY, uri=True)
        try:
            (identity,), (form,) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
            if identity != _ID:
                raise AuditError(f"{path} is a database of something else, no store of trial-audit")
            if form != _FORM:
                raise AuditError(f"{path} was made by another version of trial-audit")
            yield from (
                bytes(body) for (body,) in database.execute("SELECT body FROM results WHERE kind = ? ORDER BY rowid", (RESULT,))
            )
        finally:
            database.close()
    except sqlite3.Error as error:
        raise AuditError(f"the store {path} cannot be read: {error}") from error


class Store:
    """The results kept in a file. A key stands for a record's content and all that its results depend on.

    What `keep` was given is there for the next run as soon as it returns.
    """

    def __init__(self, path: Path) -> None:
        """Open the store at *path*, made if it is not there; raises AuditError for what is no store."""
        self._path = path
        try:
            self._database = sqlite3.connect(path, timeout=_BUSY, isolation_level=None)
            self._open()
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _open(self) -> None:
        execute = self._database.execute
        (identity,), (form,) = execute("PRAGMA application_id").fetchone(), execute("PRAGMA user_version").fetchone()
        empty = execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        if not empty and identity != _ID:
            raise AuditError(f"{self._path} is a database of something else; give --store another file")
        if not empty and form != _FORM:
            raise AuditError(f"{self._path} was made by another version of trial-audit; delete it, or give --store another file")
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        if empty:
            execute("BEGIN IMMEDIATE")
            if execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                execute(_TABLES)
                execute(f"PRAGMA application_id = {_ID}")
                execute(f"PRAGMA user_version = {_FORM}")
            execute("COMMIT")

    def find(self, key: bytes, today: str) -> list[int] | None:
        """Return where the results of *key* are, None where there are none that hold *today*."""
        try:
            rows = self._database.execute("SELECT rowid, of, day FROM results WHERE key = ? ORDER BY nth", (key,)).fetchall()
        except sqlite3.Error as error:
            raise self._error(error) from error
        if not rows or len(rows) != rows[0][1] or any(day not in (None, today) for _, _, day in rows):
            return None
        return [row for row, _, _ in rows]

    def read(self, row: int) -> bytes:
        """Return the result in a row."""
        try:
            (body,) = self._database.execute("SELECT body FROM results WHERE rowid = ?", (row,)).fetchone()
        except sqlite3.Error as error:
            raise self._error(error) from error
        return bytes(body)

    def keep(self, results: Iterable[tuple[bytes, list[tuple[bytes, str | None]]]], kind: str = RESULT) -> None:
        """Keep the results of each key, all of them or none; a result that holds on one day only has that day."""
        rows = [(key, nth, len(bodies), day, body, kind) for key, bodies in results for nth, (body, day) in enumerate(bodies)]
        if not rows:
            return
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _error(self, error: sqlite3.Error) -> AuditError:
        if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
            return AuditError(f"{self._path} is not a store of trial-audit (no SQLite file); give --store another file")
        return AuditError(f"the store {self._path} cannot be used: {error}")

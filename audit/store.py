"""Results of earlier runs by the content of their records, and the records, in one SQLite file that a kill at any moment leaves whole."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from audit.errors import AuditError

_MAGIC = b"SQLite format 3\x00"
_ID = 0x74726175  # "trau"
_FORM = 3
_BUSY = 30.0
RESULT, SIGNATURE = "result", "signature"
"""What a body is: the result of a record, or its signature, by which records are compared."""
_TABLES = {
    "results": """CREATE TABLE results (
    key BLOB NOT NULL, nth INTEGER NOT NULL, of INTEGER NOT NULL, day TEXT, body BLOB NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (key, nth)
)""",
    "records": "CREATE TABLE records (digest BLOB PRIMARY KEY, body BLOB NOT NULL)",
    "met": "CREATE TABLE met (digest BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID",
}
"""What is kept by name; *met* says of each record, by its content, when it was met last: the place in a count over all runs."""
_LONGEST = 128 * 1024 * 1024
"""So many bytes anything in a store has at most."""


def is_store(path: Path) -> bool:
    """Return whether the file at *path* is a database of the kind that stores are."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def records_in(path: Path) -> Iterator[bytes]:
    """Yield the records in the store at *path*, the one that was met last in the end, and change nothing in it.

    Raises AuditError for what is no store of this version. Nothing in a store is trusted: somebody else may have made it.
    """
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=_BUSY, uri=True)
        try:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            database.execute("PRAGMA trusted_schema = OFF")
            (identity,), (form,) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
            if identity != _ID:
                raise AuditError(f"{path} is a database of something else, no store of trial-audit")
            if form != _FORM:
                raise AuditError(
                    f"{path} was made by another version of trial-audit, which kept no records to compare: run check with another "
                    "--store and compare that, or give the records themselves"
                )
            if dict(database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")) != _TABLES:
                raise AuditError(f"{path} is no store of trial-audit: its tables are others")
            for (body,) in database.execute("SELECT body FROM met JOIN records USING (digest) ORDER BY place"):
                if not isinstance(body, bytes):
                    raise AuditError(f"the store {path} is damaged: a record of it is no record")
                yield body
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
                for table in _TABLES.values():
                    execute(table)
                execute(f"PRAGMA application_id = {_ID}")
                execute(f"PRAGMA user_version = {_FORM}")
            execute("COMMIT")
        self._place: int = execute("SELECT coalesce(max(place), 0) FROM met").fetchone()[0]

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

    def keep(
        self,
        results: Iterable[tuple[bytes, list[tuple[bytes, str | None]]]],
        kind: str = RESULT,
        met: Iterable[tuple[bytes, bytes | None]] = (),
    ) -> None:
        """Keep the results of each key, all of them or none; a result that holds on one day only has that day.

        *met* are the records in their order, each by the hash of its content, and packed where it may not be there yet.
        """
        rows = [(key, nth, len(bodies), day, body, kind) for key, bodies in results for nth, (body, day) in enumerate(bodies)]
        met = list(met)
        if not rows and not met:
            return
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                many = self._database.executemany
                many("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", rows)
                many("INSERT OR IGNORE INTO records VALUES (?, ?)", ((digest, body) for digest, body in met if body is not None))
                many("INSERT OR REPLACE INTO met VALUES (?, ?)", ((digest, self._next()) for digest, _ in met))
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _next(self) -> int:
        self._place += 1
        return self._place

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _error(self, error: sqlite3.Error) -> AuditError:
        if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
            return AuditError(f"{self._path} is not a store of trial-audit (no SQLite file); give --store another file")
        return AuditError(f"the store {self._path} cannot be used: {error}")

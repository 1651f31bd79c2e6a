"""Batches of things, one after another -> a temporary file from which they are read again, in their order or one at a time."""

import pickle
import tempfile
from array import array
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from audit.errors import AuditError

_IN_MEMORY = 16 * 1024 * 1024
"""So many bytes are kept before there is a file."""


class Spool:
    """What was given to `add`; it is gone when it is closed."""

    def __init__(self) -> None:
        self._file = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - closed by close
        self._ends = array("Q", [0])

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def add(self, batch: Any) -> None:
        """Keep the next batch; raises AuditError where there is no room for it."""
        try:
            self._file.write(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            where = tempfile.gettempdir()
            raise AuditError(
                f"the records cannot be kept in {where} while they are compared ({error.strerror}): set TMPDIR to a folder with "
                "as much room as the input has unpacked, or give --alone"
            ) from error
        self._ends.append(self._file.tell())

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> Any:
        """Return a batch by its number; the first is 0."""
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return pickle.loads(self._file.read(end - start))

    def __iter__(self) -> Iterator[Any]:
        return (self[number] for number in range(len(self)))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

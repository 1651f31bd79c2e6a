"""A path -> a file that is written whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from audit.errors import AuditError


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which becomes *path* when all is written; where it is not, *path* stays as it was.

    What is no file of its own, as a pipe or ``/dev/null``, is written into. Raises AuditError when the place cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        if is_a_device(path):
            with path.open("wb") as file:
                yield file
            return
        with temporary.open("wb") as file:
            try:
                yield file
            except BaseException:
                file.close()
                temporary.unlink(missing_ok=True)
                raise
        os.replace(temporary, path)
    except OSError as error:
        raise AuditError(f"cannot write {path.as_posix()}: {error.strerror or error}") from error


def is_a_device(path: Path) -> bool:
    """Return whether there is something at *path* that another file must not take the place of: a pipe, a terminal, ``/dev/null``."""
    return path.exists() and not path.is_file() and not path.is_dir()


def append(source: BinaryIO, target: BinaryIO) -> None:
    """Copy all of *source* to the end of *target*, a little at a time."""
    source.seek(0)
    shutil.copyfileobj(source, target, 1024 * 1024)

"""Where the packaged folders are: inside the package in a wheel, beside it in a checkout; what tells one program from another."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def folder(name: str) -> Path:
    """Return the folder *name*: ``checks`` or ``report_templates``.

    Raises FileNotFoundError when the installation does not carry it.
    """
    if (_PACKAGE / name).is_dir():
        return _PACKAGE / name
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / name).is_dir():
        return _CHECKOUT / name
    raise FileNotFoundError(f"the folder {name!r} was not installed with trial-audit; install the package again")


@lru_cache
def program() -> str:
    """Return the hash of the program's own files: a result made by other code is no result of this one."""
    return digest(_PACKAGE.rglob("*.py"))


def digest(files: Iterable[Path]) -> str:
    """Return the hash of the names of *files* and of what is in them."""
    made = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        made.update(b"%s:%d:" % (path.name.encode(), len(content)))
        made.update(content)
    return made.hexdigest()

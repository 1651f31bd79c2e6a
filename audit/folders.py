"""Where the packaged folders are: inside the package in a wheel, beside it in a checkout; what tells one program from another."""

import hashlib
import os
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


def leads_out(path: Path, root: Path) -> bool:
    """Return whether *path*, found in the folder *root*, or its folder there, is a link to a place outside *root*."""
    linked = path.is_symlink() or (path.parent != root and path.parent.is_symlink())
    return linked and not path.resolve().is_relative_to(root.resolve())


def link_out(root: Path) -> Path | None:
    """Return a file or folder in *root* that is a link to a place outside it, or None."""
    for place, folders, files in os.walk(root):
        for path in (Path(place, name) for name in (*folders, *files)):
            if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
                return path
    return None

"""Where the packaged folders are: inside the package in a wheel, beside it in a checkout."""

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

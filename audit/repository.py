"""A path as it was given -> the same path as a repository's tools name it: relative to its root, with ``/``."""

import os
from pathlib import Path

from audit.model.registration import Registration


def root(start: Path | None = None) -> Path:
    """Return the nearest folder at or above *start* (the working directory) that holds ``.git``; else *start* itself."""
    start = start or Path.cwd()
    return next((place for place in (start, *start.parents) if (place / ".git").exists()), start)


def relative(path: str) -> str:
    """Return *path* relative to the root of the repository one works in; as it was given where it lies outside."""
    try:
        return Path(os.path.abspath(path)).relative_to(root()).as_posix()
    except ValueError:
        return Path(path).as_posix()


def record_name(registration: Registration) -> str:
    """Return what waivers and baselines call a record: the trial's number, or the file of a record without one."""
    return registration.trial_id.text.strip() if registration.trial_id.given else relative(registration.source.path)

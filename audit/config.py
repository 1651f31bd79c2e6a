"""A configuration file (``trial-audit.toml``, or ``[tool.trial-audit]`` in ``pyproject.toml``) -> settings and waivers.

Data only: nothing in it is executed. Folders and files that it names lie below its own folder, links included.
"""

import difflib
import glob
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.folders import folder
from audit.model.check import Confidence, Severity
from audit.model.result import Waiver

NAME = "trial-audit.toml"
_TABLE = "trial-audit"
_LARGEST = 256 * 1024
"""Bytes of a configuration; tomllib takes time with the square of what some broken files hold."""
_CODE = re.compile(r"[A-Z]{2}(?:\d{2})?")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Configuration:
    """What a file sets, by the names of its keys, and the waivers in it; ``file`` is None where there is no file."""

    file: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()


class _MistakeError(Exception):
    """What is wrong with one value, and what is allowed."""


def find(paths: Iterable[str]) -> Path | None:
    """Return the configuration that applies to *paths*: in the folder they share, or the nearest one above it.

    The search ends with the root of the repository; where there is none, with that of the file system. In one folder ``trial-audit.toml`` goes before ``pyproject.toml``.
    """
    start = _shared_folder(paths)
    for place in (start, *start.parents):
        if (place / NAME).is_file():
            return place / NAME
        if _has_table(place / "pyproject.toml"):
            return place / "pyproject.toml"
        if (place / ".git").exists():
            break
    return None


def _shared_folder(paths: Iterable[str]) -> Path:
    places = []
    for given in paths:
        path = Path(os.path.abspath("." if given == "-" else given))
        while glob.has_magic(str(path)) and not path.exists():
            path = path.parent
        places.append(path if path.is_dir() else path.parent)
    try:
        return Path(os.path.commonpath(places)) if places else Path.cwd()
    except ValueError:  # on several drives
        return Path.cwd()


def _has_table(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return False
    if f"tool.{_TABLE}" not in path.read_text(encoding="utf-8", errors="replace"):
        return False
    return bool(_own(_parsed(path)[1]))


def read(path: Path) -> Configuration:
    """Return the configuration in *path*; raises AuditError that lists every mistake: file, line, what is wrong, what is allowed."""
    text, data = _parsed(path)
    own = _own(data) if path.name == "pyproject.toml" else data
    if not isinstance(own, dict):
        raise AuditError(f"{path.as_posix()}:{_line(text, _TABLE)}: tool.{_TABLE} is to be a table: [tool.{_TABLE}]")
    values: dict[str, Any] = {}
    waivers: list[Waiver] = []
    mistakes: list[str] = []
    for key, value in own.items():
        try:
            if key == "waiver":
                waivers = _waivers(value)
            elif key in KEYS:
                values[key] = KEYS[key](value, path.parent)
            else:
                raise _MistakeError(_unknown(key, (*KEYS, "waiver")))
        except _MistakeError as mistake:
            mistakes.append(f"{path.as_posix()}:{_line(text, key)}: {key}: {mistake}")
    if mistakes:
        raise AuditError("the configuration cannot be used:\n" + "\n".join(mistakes))
    return Configuration(path, values, tuple(waivers))


def _own(data: Mapping[str, Any]) -> Any:
    """Return what ``pyproject.toml`` sets for us: an empty mapping where it sets nothing."""
    tools = data.get("tool", {})
    return tools.get(_TABLE, {}) if isinstance(tools, dict) else {}


def _parsed(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AuditError(f"{path.as_posix()} is no regular file")
        if path.stat().st_size > _LARGEST:
            raise AuditError(f"{path.as_posix()} is larger than {_LARGEST // 1024} kB, which no configuration is")
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise AuditError(f"{path.as_posix()} cannot be opened: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # a day that cannot be is a ValueError that is none of tomllib
        said = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise AuditError(f"{path.as_posix()} is no TOML: {said}") from error


def _line(text: str, key: str) -> int:
    """Return the line on which *key* is set: tomllib does not tell."""
    found = re.search(rf'^\s*\[*(?:tool\.{_TABLE}\.)?"?{re.escape(key)}\b', text, re.M)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def _unknown(name: str, known: Iterable[str]) -> str:
    known = tuple(known)
    close = difflib.get_close_matches(name, known, 1)
    return f"there is no such key; did you mean {close[0]}?" if close else f"there is no such key; there are {', '.join(known)}"


def _codes(value: Any, _: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and _CODE.fullmatch(one) for one in value):
        raise _MistakeError(f'{value!r} is to be a list of codes and families: ["PL03", "DT"]')
    return tuple(value)


def _one_of(*allowed: str) -> Callable[[Any, Path], Any]:
    def chosen(value: Any, _: Path) -> Any:
        if value not in allowed:
            raise _MistakeError(f"{value!r} is to be one of {', '.join(allowed)}")
        return value

    return chosen


def _as_of(value: Any, _: Path) -> date | str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value in ("record", "today"):
        return str(value)
    raise _MistakeError(f'{value!r} is to be "record" (its own date, else today), "today", or a day: 2026-06-11')


def _language(value: Any, _: Path) -> str:
    there = sorted(one.stem for one in (folder("report_templates") / "languages").glob("*.yaml"))
    return str(_one_of(*there)(value, _))


def _severities(value: Any, _: Path) -> dict[str, Severity]:
    levels = [level.value for level in Severity]
    if not isinstance(value, dict):
        raise _MistakeError('is to be a table: severity.DT02 = "note"')
    for code, level in value.items():
        if not _CODE.fullmatch(code) or level not in levels:
            raise _MistakeError(f"{code} = {level!r} is to be a code or family with one of {', '.join(levels)}")
    return {code: Severity(level) for code, level in value.items()}


def _file(value: Any, base: Path) -> Path:
    if not isinstance(value, str) or not value or "\x00" in value:
        raise _MistakeError(f"{value!r} is to be a path below {base.as_posix()}")
    if not _inside(base / value, base):
        raise _MistakeError(f"{value!r} leads out of {base.as_posix()}; such a place can only be given on the command line")
    try:
        return Path(os.path.relpath(base / value))
    except ValueError:  # on another drive
        return base / value


def _folder(value: Any, base: Path) -> Path:
    path = _file(value, base)
    if not os.path.isdir(path):  # also where the name is longer than a name can be
        raise _MistakeError(f"{value!r} is no folder below {base.as_posix()}")
    for place, folders, files in os.walk(path):
        for name in (*folders, *files):
            if os.path.islink(os.path.join(place, name)) and not _inside(Path(place, name), base):
                raise _MistakeError(f"{Path(place, name).as_posix()} is a link that leads out of {base.as_posix()}")
    return path


def _folders(value: Any, base: Path) -> tuple[Path, ...]:
    return tuple(_folder(one, base) for one in (value if isinstance(value, list) else [value]))


def _inside(path: Path, base: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(base))


def _waivers(value: Any) -> list[Waiver]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _MistakeError("is to be a list of tables: [[waiver]]")
    return [_waiver(one, f"number {number}") for number, one in enumerate(value, 1)]


def _waiver(told: Mapping[str, Any], which: str) -> Waiver:
    needed = ("record", "check", "fingerprints", "reason", "owner", "until")
    for key in told:
        if key not in needed:
            raise _MistakeError(f"{which}: {key}: {_unknown(key, needed)}")
    if lacking := [key for key in needed if not told.get(key) or (isinstance(told[key], str) and not told[key].strip())]:
        raise _MistakeError(f"{which}: {', '.join(lacking)} missing; `trial-audit waive RECORD:CHECK` writes a whole one")
    fingerprints, until = told["fingerprints"], told["until"]
    if not isinstance(fingerprints, list) or not all(isinstance(o, str) and _FINGERPRINT.fullmatch(o) for o in fingerprints):
        raise _MistakeError(f"{which}: fingerprints {fingerprints!r} are to be a list of 16 hexadecimal digits each")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise _MistakeError(f"{which}: until {until!r} is to be a day without quotes: 2026-06-11")
    if wrong := [key for key in ("record", "check", "reason", "owner") if not isinstance(told[key], str)]:
        raise _MistakeError(f"{which}: {', '.join(wrong)} is to be a text")
    return Waiver(told["record"], told["check"], tuple(fingerprints), told["reason"], told["owner"], until)


KEYS: dict[str, Callable[[Any, Path], Any]] = {
    "checks": _codes,
    "skip": _codes,
    "severity": _severities,
    "min-confidence": _one_of(*(level.value for level in Confidence)),
    "fail-on": _one_of(*(level.value for level in Severity), "never"),
    "as-of": _as_of,
    "catalogue": _folders,
    "templates": _folder,
    "lang": _language,
    "baseline": _file,
}
"""The keys, each with what reads its value: the value and the folder of the file in, the setting out."""

"""A short text such as ``registry=IRCT,registered>=2020-01-01`` -> which registrations are meant. Nothing in it is ever run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from audit.errors import AuditError
from audit.model.dates import PartialDate
from audit.model.registration import DateValue, Registration

NAMES = ("registry", "status", "type")
DAYS = ("registered", "started", "updated")
STATUSES = ("pending", "recruiting", "suspended", "complete", "closed", "terminated", "withdrawn", "other", "unknown")
TYPES = ("interventional", "observational", "expanded_access", "unknown")
_CLAUSE = re.compile(r"\s*([a-z_]+)\s*(>=|<=|!=|=|<|>)\s*([^<>=!]+?)\s*")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
HELP = (
    "clauses separated by commas, such as registry=IRCT|ChiCTR,registered>=2020-01-01,status=complete: "
    f"{', '.join(NAMES)} with = or !=; {', '.join(DAYS)} with =, <, <=, > or >= and a day, a month or a year"
)

About = Mapping[str, str]


def about(registration: Registration) -> dict[str, str]:
    """Return what `Where` asks of a registration; a day or a code that is not known is left out."""
    days = {
        "registered": (registration.registration_date,),
        "started": (registration.actual_recruitment_start, registration.expected_recruitment_start),
        "updated": (registration.last_update,),
    }
    told = {name: _first(values) for name, values in days.items()}
    told |= {
        "registry": registration.registry,
        "status": registration.recruitment_status.code,
        "type": registration.study_type.code,
    }
    return {name: said for name, said in told.items() if said}


def _first(values: tuple[DateValue, ...]) -> str | None:
    return next((str(value.date) for value in values if value.given and value.date is not None), None)


@dataclass(frozen=True)
class Where:
    """Which registrations are meant: those for which all clauses hold.

    A date known in part is taken only where it certainly fits, a date that is not known never.
    """

    text: str
    clauses: tuple[Callable[[About], bool], ...]

    @classmethod
    def of(cls, text: str) -> "Where":
        """Return what *text* says; raises AuditError that says what cannot be understood in it."""
        return cls(text, tuple(_clause(part, text) for part in text.split(",")))

    def keeps(self, said: About) -> bool:
        """Return whether a registration of which *said* is told (`about`) is meant."""
        return all(clause(said) for clause in self.clauses)


def _clause(part: str, text: str) -> Callable[[About], bool]:
    match = _CLAUSE.fullmatch(part)
    if match is None:
        raise AuditError(f"--where {text!r}: {part.strip()!r} is not understood; give {HELP}")
    name, sign, values = match[1], match[2], [value.strip() for value in match[3].split("|")]
    if name in DAYS and sign != "!=" and len(values) == 1:
        return partial(_dated, name, sign, _day(values[0], text))
    if name in NAMES and sign in ("=", "!="):
        allowed = {"status": STATUSES, "type": TYPES}.get(name)
        if allowed and (wrong := [value for value in values if value.lower() not in allowed]):
            raise AuditError(f"--where {text!r}: there is no {name} {wrong[0]!r}; there are {', '.join(allowed)}")
        return partial(_named, name, sign == "=", frozenset(value.casefold() for value in values))
    raise AuditError(f"--where {text!r}: {part.strip()!r} is not understood; give {HELP}")


def _named(name: str, equal: bool, values: frozenset[str], said: About) -> bool:
    return (said.get(name, "unknown").casefold() in values) is equal


def _dated(name: str, sign: str, day: PartialDate, said: About) -> bool:
    if name not in said:
        return False
    one = _parsed(said[name])
    if one is None:
        return False
    match sign:
        case "=":
            return day.first <= one.first and one.last <= day.last
        case "<":
            return one.last < day.first
        case "<=":
            return one.last <= day.last
        case ">":
            return one.first > day.last
        case _:
            return one.first >= day.first


def _day(value: str, text: str) -> PartialDate:
    day = _parsed(value)
    if day is None:
        raise AuditError(f"--where {text!r}: {value!r} is not a date like 2020-01-31, 2020-01 or 2020")
    return day


def _parsed(value: str) -> PartialDate | None:
    match = _DAY.fullmatch(value)
    try:
        return PartialDate.of(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None

"""The texts of a WHO export's cells -> days, ages, sizes, phases, registries: each registry's own spelling understood."""

import re
from functools import lru_cache
from typing import NamedTuple

from audit.model.dates import PartialDate
from audit.readers.cells import iso_day

_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_MONTH_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"([A-Za-z]{3})[a-z]*\.?,? (\d{4})", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AGE = re.compile(
    r"(?:>=|=>|<=|>|<|=|≥|≤)?\s*(\d{1,3}(?:\.\d+)?)\s*-?\s*"
    r"(?:(y(?:ears?|rs?|ear\(s\))?|m(?:onths?|onth\(s\))|w(?:eeks?|eek\(s\))|d(?:ays?|ay\(s\))|h(?:ours?|our\(s\)))?"
    r"(?:[\s-]*old)?|age[\s-]*old)",
    re.I | re.ASCII,
)
_PER_YEAR = {"y": 1.0, "m": 12.0, "w": 52.18, "d": 365.25, "h": 8766.0}
_NO_LIMIT = frozenset(
    ("no limit", "n/a", "na", "none", "not applicable", "no minimum age", "no maximum age", "no age limit", "no limits")
)
_EU_PHASES = re.compile(r"\(phase\s*(i{1,3}|iv)\)\s*:\s*yes", re.I)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_PREFIXES = (
    ("NCT", "ClinicalTrials.gov"),
    ("IRCT", "IRCT"),
    ("CHICTR", "ChiCTR"),
    ("ISRCTN", "ISRCTN"),
    ("ACTRN", "ANZCTR"),
    ("EUCTR", "EUCTR"),
    ("CTIS", "CTIS"),
    ("DRKS", "DRKS"),
    ("NTR", "NTR"),
    ("NL", "NTR"),
    ("JPRN", "JPRN"),
    ("UMIN", "JPRN"),
    ("JRCT", "JPRN"),
    ("TCTR", "TCTR"),
    ("CTRI", "CTRI"),
    ("KCT", "CRIS"),
    ("RBR", "REBEC"),
    ("PACTR", "PACTR"),
    ("LBCTR", "LBCTR"),
    ("RPCEC", "RPCEC"),
    ("PER", "REPEC"),
    ("SLCTR", "SLCTR"),
    ("ITMCTR", "ITMCTR"),
)
_REGISTRIES = {
    "eu clinical trials register": "EUCTR",
    "german clinical trials register": "DRKS",
    "netherlands trial register": "NTR",
    "clinicaltrials.gov": "ClinicalTrials.gov",
    "chictr": "ChiCTR",
    "cris": "CRIS",
    "rebec": "REBEC",
}


@lru_cache(maxsize=1024)
def registry_of(register: str, trial_id: str) -> str:
    """Return the registry by its short name, from the WHO's name of it or else from the number.

    >>> registry_of("German Clinical Trials Register", "DRKS00099999"), registry_of("", "NCT99999999")
    ('DRKS', 'ClinicalTrials.gov')
    """
    register = register.strip()
    if register:
        return _REGISTRIES.get(register.lower(), register)
    number = trial_id.strip().upper()
    return next((name for prefix, name in _PREFIXES if number.startswith(prefix)), "")


def looks_like_id(text: str) -> bool:
    """Return whether *text* may be a registration number.

    >>> looks_like_id("IRCT20990101000001N1"), looks_like_id("2099-000001-11-XX"), looks_like_id("Blinding")
    (True, False, False)
    """
    return any(letter.isdigit() for letter in text) and any(text.upper().startswith(prefix) for prefix, _ in _PREFIXES)


def date_order(text: str, packed: str) -> str:
    """Return which comes first in the slashed dates of a row: ``day`` as the WHO writes, ``month`` as its Excel may, or nothing.

    *text* is a date whose day is known from *packed* (``20200203``).
    """
    match, day = _SLASHED.fullmatch(text), who_day(packed)
    if match is None or day is None:
        return ""
    first, second = int(match[1]), int(match[2])
    numbers = (day.first.day, day.first.month)
    if first == second:
        return ""
    return "day" if (first, second) == numbers else "month" if (second, first) == numbers else ""


@lru_cache(maxsize=16384)
def who_day(text: str, order: str = "") -> PartialDate | None:
    """Return the day, month or year that *text* means, None where that is not sure.

    Of ``03/02/2020`` the WHO means the third of February; *order* ``month`` means that this row has the month first.

    >>> str(who_day("03/02/2020")), str(who_day("March 31, 2020")), str(who_day("April 2020")), str(who_day("20200317"))
    ('2020-02-03', '2020-03-31', '2020-04', '2020-03-17')
    >>> who_day("3/2/2020"), str(who_day("3/2/2020", "month"))
    (None, '2020-03-02')
    """
    if (day := iso_day(text)) is not None:
        return day
    if match := _SLASHED.fullmatch(text):
        return _slashed(match, order)
    if match := _PACKED.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_DAY.fullmatch(text):
        return _named(match[3], match[1], match[2])
    if match := _DAY_MONTH.fullmatch(text):
        return _named(match[3], match[2], match[1])
    if match := _MONTH_YEAR.fullmatch(text):
        return _named(match[2], match[1], None)
    if match := _YEAR_MONTH.fullmatch(text):
        return _date(int(match[1]), int(match[2]) if match[2] else None, None)
    return None


def _slashed(match: re.Match[str], order: str) -> PartialDate | None:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if second <= 12 else (second, first)
    elif order == "month":
        day, month = second, first
    elif order == "day" or (len(match[1]) == 2 and len(match[2]) == 2):
        day, month = first, second
    else:
        return None
    return _date(year, month, day)


def _named(year: str, month: str, day: str | None) -> PartialDate | None:
    month = month.lower()
    return _date(int(year), _MONTHS.index(month) + 1, int(day) if day else None) if month in _MONTHS else None


def _date(year: int, month: int | None, day: int | None) -> PartialDate | None:
    if not 1900 <= year <= 2150:
        return None
    try:
        return PartialDate.of(year, month, day)
    except (ValueError, OverflowError):
        return None


def export_day(text: str) -> PartialDate | None:
    """Return the day of an ``Export date``, which the WHO writes month first; None where Excel may have turned it round.

    >>> str(export_day("4/7/2020 10:40:56 AM")), export_day("2020-04-06 16:07:20"), str(export_day("2020-04-29"))
    ('2020-04-07', None, '2020-04-29')
    """
    day = who_day(text, "month") or who_day(text[:10])
    turned = day is not None and text[4:5] == "-" and day.first.day <= 12 and day.first.day != day.first.month
    return None if turned else day


def is_slashed(text: str) -> bool:
    """Return whether *text* is a date of which day and month may have changed places."""
    return _SLASHED.fullmatch(text) is not None


class Limit(NamedTuple):
    """An age limit in years; ``limited`` is False for 'no limit'; None and True mean that it is not understood."""

    years: float | None
    limited: bool


@lru_cache(maxsize=4096)
def age_limit(text: str) -> Limit:
    """Return the age limit that a cell or a JSON value says.

    >>> age_limit("18 Years"), age_limit("no limit"), age_limit("18 Months").years, age_limit("/").limited
    (Limit(years=18.0, limited=True), Limit(years=None, limited=False), 1.5, True)
    """
    bare = " ".join(text.split()).strip(" .").lower()
    if bare in _NO_LIMIT or "(no limit)" in bare:
        return Limit(None, False)
    match = _AGE.fullmatch(bare)
    if match is None:
        return Limit(None, True)
    return Limit(float(match[1]) / _PER_YEAR[(match[2] or "y")[0].lower()], True)


@lru_cache(maxsize=4096)
def group_sizes(text: str) -> int | None:
    """Return the target size that a cell says: one number, or the sum of ``Group 1:30;Group 2:30;``.

    >>> group_sizes("60"), group_sizes("Case series: day 3:30;Control:25;"), group_sizes("30 to 40")
    (60, 55, None)
    """
    bare = text.strip().replace(",", "")
    if bare.isascii() and bare.isdigit():
        return int(bare) if len(bare) < 10 else None
    if bare.isascii() and bare.endswith(".0") and bare[:-2].isdigit():
        return int(bare[:-2]) if len(bare) < 12 else None
    total = 0
    for part in bare.split(";"):
        if part.strip():
            number = part.rpartition(":")[2].strip()
            if ":" not in part or not (number.isascii() and number.isdigit() and len(number) < 10):
                return None
            total += int(number)
    return total if ":" in bare else None


@lru_cache(maxsize=1024)
def eu_phase(text: str) -> str | None:
    """Return the phase code that the European register's four answers make, None where none or an odd pair is 'yes'.

    >>> eu_phase("Therapeutic exploratory (Phase II): yes\\nTherapeutic confirmatory - (Phase III): yes")
    '2-3'
    """
    said = "-".join(sorted(_ROMAN[match[1].lower()] for match in _EU_PHASES.finditer(text)))
    return said if said in ("1", "2", "3", "4", "1-2", "2-3", "3-4") else None

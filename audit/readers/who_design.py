"""A WHO export's ``Study design`` -> randomization, blinding, placebo, assignment, purpose, each a part of the cell."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from audit.model.fold import fold
from audit.readers.cells import coded


class Piece(NamedTuple):
    """A part of the cell: the field it is of, where it stands, and its code (``""`` for a plain text, None if unclear)."""

    field: str
    start: int
    end: int
    code: str | None = ""


_IRCT = re.compile(
    r"\s*Randomization: (N/A|[^,]{1,40}), Blinding: ([^,]{1,40}), Placebo: ([^,]{1,40}), Assignment: ([^,]{1,40}), Purpose: "
    r"(Education/Guidance|[^,.]{1,40})(?:\.?\s*$|, |\.)"
)
_IRCT_FIELDS = ("randomization", "blinding", "placebo", "assignment", "purpose")
_IRCT_TEXTS = (
    ("Other design features: ", "other_design_features"),
    ("Randomization description: ", "randomization_description"),
    ("Blinding description: ", "blinding_description"),
)


def irct_design(text: str) -> list[Piece] | None:
    """Return the parts of IRCT's design string; None when *text* is none.

    The descriptions are free text with commas; each begins where its own heading stands first, in this order.
    """
    head = _IRCT.match(text)
    if head is None:
        return None
    pieces = [Piece(field, head.start(at), head.end(at), coded(field, head[at])) for at, field in enumerate(_IRCT_FIELDS, 1)]
    at, found = head.end(), list[tuple[str, int, int]]()
    for heading, field in _IRCT_TEXTS:
        place = text.find(heading, at)
        if place >= 0 and (place == at or text[place - 2 : place] == ", " or text[place - 1] in ",.\n "):
            found.append((field, place, place + len(heading)))
            at = place + len(heading)
    stops = [place for _, place, _ in found[1:]] + [len(text)]
    for (field, _, start), stop in zip(found, stops, strict=False):
        pieces.append(Piece(field, start, start + len(text[start:stop].rstrip(", \t\r\n")) if stop < len(text) else stop))
    return pieces


_KEYS = {
    "allocation": "randomization",
    "randomization": "randomization",
    "randomised": "randomization",
    "randomized": "randomization",
    "masking": "blinding",
    "blinding": "blinding",
    "intervention model": "assignment",
    "assignment": "assignment",
    "placebo": "placebo",
    "primary purpose": "purpose",
    "purpose": "purpose",
    "study design purpose": "purpose",
    "control": "",
    "group": "",
    "type": "",
    "type of endpoint": "",
    "observational model": "",
    "time perspective": "",
    "duration": "",
    "selection": "",
    "timing": "",
    "endpoint classification": "",
}
_KEY = re.compile(rf"(?:^|[.;,>\n])\s*({'|'.join(sorted(map(re.escape, _KEYS), key=len, reverse=True))}):\s*", re.I)
_MASKED = re.compile(r"[(]([^()]{3,200})[)]")
_RULES: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "randomization": tuple(
        (code, re.compile(pattern))
        for code, pattern in (
            ("not_randomized", r"\b(?:non?|not|un|quasi)[ -]?randomi[sz]ed|single arm|historical"),
            ("randomized", r"\brandomi[sz](?:ed|ation)\b"),
            ("na", r"^n/?a\b|not applicable"),
        )
    ),
    "blinding": tuple(
        (code, re.compile(pattern))
        for code, pattern in (
            (
                "not_blinded",
                r"^open\b|open[ -]label|masking not used|^none\b|not (?:blind|mask)|non[ -]blind|^no (?:masking|blinding)",
            ),
            ("single", r"\bsingle\b"),
            ("double", r"\bdouble\b"),
            ("triple", r"\btriple\b"),
            ("quadruple", r"\bquadruple\b"),
        )
    ),
    "assignment": tuple(
        (code, re.compile(pattern))
        for code, pattern in (
            ("crossover", r"\bcross[ -]?over\b"),
            ("factorial", r"\bfactorial\b"),
            ("parallel", r"\bparallel\b"),
            ("single", r"^single$|\bsingle[ -]?(?:arm|group|assignment)|\bone (?:arm|group)\b"),
            ("sequential", r"\bsequential\b"),
            ("other", r"^other\b"),
        )
    ),
    "placebo": (("used", re.compile(r"^(?:used|yes|placebo)\b")), ("not_used", re.compile(r"^(?:not used|no|none)\b"))),
}
_CHINESE = {
    "parallel": ("assignment", "parallel"),
    "factorial": ("assignment", "factorial"),
    "single arm": ("assignment", "single"),
    "cross-over": ("assignment", "crossover"),
    "crossover": ("assignment", "crossover"),
    "sequential": ("assignment", "sequential"),
    "non randomized control": ("randomization", "not_randomized"),
    "quasi-randomized controlled": ("randomization", "not_randomized"),
    "randomized parallel controlled trial": ("assignment", "parallel"),
}
_PURPOSE_LAST = re.compile(r"[(](treatment|prevention|diagnostic|screening|quality of life|other|supportive care)[)]\s*$")


def other_design(text: str, registry: str) -> list[Piece]:
    """Return the parts of the design string of another registry than IRCT; what is not sure is left out or has no code."""
    return list(_other_design(text, registry))


@lru_cache(maxsize=2048)
def _other_design(text: str, registry: str) -> tuple[Piece, ...]:
    if registry == "ChiCTR":
        said = _CHINESE.get(text.strip().lower())
        start = len(text) - len(text.lstrip())
        return (Piece(said[0], start, len(text.rstrip()), said[1]),) if said else ()
    if registry == "EUCTR":
        return tuple(_european(text))
    pieces = list(_keyed(text, registry))
    if not pieces:
        pieces = list(_worded(text, registry))
    return tuple(pieces)


def _keyed(text: str, registry: str) -> Iterator[Piece]:
    """Yield the parts of ``Allocation: Randomized. Masking: None (Open Label).`` and the like."""
    keys = list(_KEY.finditer(text))
    seen = set[str]()
    for at, key in enumerate(keys):
        field = _KEYS[key[1].lower()]
        if not field or field in seen:
            continue
        seen.add(field)
        start, end = key.end(), keys[at + 1].start() if at + 1 < len(keys) else len(text)
        mark = text.find("<", start, end)
        end = mark if mark >= 0 else end
        end = start + len(text[start:end].rstrip(" \t\r\n.;,"))
        said = fold(text[start:end])
        if not said.strip():
            continue
        yield Piece(field, start, end, _keyed_code(field, said, registry))
        if field == "blinding" and (listed := _MASKED.search(text, start, end)):
            yield from _masked(text, listed)


def _keyed_code(field: str, said: str, registry: str) -> str | None:
    if registry == "NTR" and field == "randomization":
        return None  # this export says "Randomized: No" of randomized trials as well
    if field == "purpose":
        return coded("purpose", said)
    if field == "randomization" and said in ("yes", "no"):
        return "randomized" if said == "yes" else "not_randomized"
    return _by_rule(field, said)


def _by_rule(field: str, said: str) -> str | None:
    return next((code for code, pattern in _RULES[field] if pattern.search(said)), None)


def _masked(text: str, listed: re.Match[str]) -> Iterator[Piece]:
    """Yield the parties in ``Double (Participant, Investigator)``."""
    at = listed.start(1)
    parts = listed[1].split(",")
    for part in parts:
        code = coded("masked_groups", part)
        if code is not None:
            start = at + len(part) - len(part.lstrip())
            yield Piece("masked_groups", start, at + len(part.rstrip()), code)
        at += len(part) + 1


_ANSWER = re.compile(r"(?:^|[\n>;])\s*([A-Za-z][A-Za-z ,]{2,70}):[ \t]*(yes|no)\b", re.I)
_EU_BLINDING = {"open": "not_blinded", "single blind": "single", "double blind": "double"}
_EU_ASSIGNMENT = {"parallel group": "parallel", "cross over": "crossover"}


def _european(text: str) -> Iterator[Piece]:
    """Yield what the yes-or-no answers of the European register say; all 'no' is no answer."""
    answers: dict[str, tuple[str, int, int]] = {}
    for match in _ANSWER.finditer(text):
        answers.setdefault(" ".join(match[1].lower().split()), (match[2].lower(), match.start(1), match.end(2)))
    if not any(answer == "yes" for answer, _, _ in answers.values()):
        return
    if "randomised" in answers:
        answer, start, end = answers["randomised"]
        yield Piece("randomization", start, end, "randomized" if answer == "yes" else "not_randomized")
    for field, names in (("blinding", _EU_BLINDING), ("assignment", _EU_ASSIGNMENT)):
        said = [name for name in names if answers.get(name, ("no",))[0] == "yes"]
        if len(said) == 1:
            _, start, end = answers[said[0]]
            yield Piece(field, start, end, names[said[0]])
    if "placebo" in answers and answers.get("controlled", ("no",))[0] == "yes":
        answer, start, end = answers["placebo"]
        yield Piece("placebo", start, end, "used" if answer == "yes" else "not_used")


_PART = re.compile(r"[^,;<>\n]+")
_BLIND = re.compile(r"blind|mask")
_RANDOM = re.compile(r"(?:non?[ -]?)?randomi[sz]ed\b(?! and| or)")
_WORDED = ("JPRN", "PACTR", "CTRI", "TCTR", "SLCTR", "REBEC")
"""The registries whose design is a list of words with commas."""


def _worded(text: str, registry: str) -> Iterator[Piece]:
    """Yield the parts of ``Randomized, Parallel Group Trial`` and of ``Pragmatic randomised trial (Treatment)``."""
    folded = fold(text)
    if (purpose := _PURPOSE_LAST.search(folded)) and (code := coded("purpose", purpose[1])):
        yield Piece("purpose", purpose.start(1), purpose.end(1), code)
    if registry not in _WORDED or len(text) > 400:
        return
    seen = set[str]()
    for part in _PART.finditer(folded):
        said, start = part[0].strip(), part.start() + len(part[0]) - len(part[0].lstrip())
        if not said or len(said) > 90:
            continue
        for field in ("randomization", "blinding", "assignment"):
            if field in seen or (code := _by_rule(field, said)) is None:
                continue
            if field == "randomization" and not _RANDOM.match(said):
                continue
            if field == "assignment" and code == "single" and _BLIND.search(said):
                continue
            if field == "blinding" and code != "not_blinded" and not _BLIND.search(said):
                continue
            seen.add(field)
            yield Piece(field, start, start + len(said), code)

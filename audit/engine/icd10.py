"""A code of ICD-10 as written -> the code in plain form, whether it exists, its title, and whether it lies in given ranges."""

import re
from functools import cache

from audit.engine.tables import lines

_FORM = re.compile(r"([A-Z][0-9][0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?")
_ANYWHERE = re.compile(r"(?<![A-Z0-9.])[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Z0-9])")
_DIVIDED_ELSEWHERE = "FMSTVWXYZ"
"""Chapters in which national editions add a fifth character to codes that ICD-10-CM does not divide."""


def plain(text: str) -> str | None:
    """Return *text* in the plain form of a code, or None when it has not the form of one.

    >>> [plain(text) for text in ("l90.5", "L905", "M34.8+", "U07. 1", "706.2", "RA01.0", "COVID-19")]
    ['L90.5', 'L90.5', 'M34.8', 'U07.1', None, None, None]
    """
    text = re.sub(r"\s*\.\s*", ".", text.upper().strip(" .,;:*+†‡()[]-\u200c\u200f"))
    match = _FORM.fullmatch(text)
    if not match:
        return None
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def within(text: str) -> list[str]:
    """Return the codes that stand in a text, in their order.

    >>> within("K05.3, K05.2 and L40 (psoriasis)")
    ['K05.3', 'K05.2', 'L40']
    """
    return [match[0] for match in _ANYWHERE.finditer(text.upper())]


@cache
def _tables() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    titles: dict[str, str] = {}
    divided: set[str] = set()
    for line in lines("icd10cm.tsv"):
        code, said = line.split("\t")
        if code[-1] == "+":
            code = code[:-1]
            divided.add(code)
        titles[code] = said
    others = frozenset(code for line in lines("icd10_other_codes.txt") for code in line.split())
    return titles, frozenset(divided), others


def exists(code: str) -> bool:
    """Return whether a plain code stands in ICD-10 or ICD-10-CM; of codes with more than four characters as far as can be told.

    >>> [exists(code) for code in ("L90.5", "E14", "U07.2", "L40.00", "S82.101A", "L9O.5", "K05.9")]
    [True, True, True, False, True, False, False]
    """
    titles, divided, others = _tables()
    short = code[:5]
    if short not in titles and short not in others:
        return len(code) > 5 and code[4] == "X" and code[:3] in titles
    return len(code) <= 5 or short in divided or short in others or code[0] in _DIVIDED_ELSEWHERE


def title(code: str) -> str | None:
    """Return the title in ICD-10-CM of a plain code or of the four-character code above it, or None.

    >>> title("L90.5")
    'Scar conditions and fibrosis of skin'
    """
    return _tables()[0].get(code[:5])


def family(code: str) -> tuple[str, ...]:
    """Return the titles of a code, of its category and of the other codes of the category: words that belong to it.

    >>> "Psoriasis" in family("L40.5")
    True
    """
    return _families().get(code[:3], ())


def titled(said: str) -> frozenset[str]:
    """Return the categories of the codes whose title *said* is, word for word but for case.

    >>> sorted(titled("Malignant neoplasm of colon"))
    ['C18']
    """
    return _by_title().get(" ".join(said.lower().split()), frozenset())


@cache
def _by_title() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, said in _tables()[0].items():
        words = said.lower().split()
        found.setdefault(" ".join(words), set()).add(code[:3])
        if words[-1:] == ["unspecified"]:
            found.setdefault(" ".join(words[:-1]).rstrip(","), set()).add(code[:3])
    return {said: frozenset(codes) for said, codes in found.items()}


@cache
def _families() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, said in _tables()[0].items():
        found.setdefault(code[:3], []).append(said)
    return {category: tuple(said) for category, said in found.items()}


def children(code: str) -> tuple[tuple[str, str], ...]:
    """Return the four-character codes of a category, each with its title."""
    titles = _tables()[0]
    numbers = (f"{code}.{character}" for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return tuple((one, titles[one]) for one in numbers if one in titles)


def lies_in(code: str, ranges: str) -> bool:
    """Return whether a plain code lies in one of the *ranges*, such as ``C00-D48 Z85``; a single part takes its longer codes too.

    >>> lies_in("L90.5", "L80-L99"), lies_in("B97.29", "B97.2"), lies_in("K05", "M00-M99 Z96")
    (True, True, False)
    """
    for part in ranges.split():
        first, _, last = part.partition("-")
        if code.startswith(first) if not last else first <= code[:3] <= last:
            return True
    return False

"""Facts on the letters themselves: characters that cannot be seen or cannot stand where they stand."""

import re
import unicodedata
from collections.abc import Iterator

from audit.engine.reading import Reading, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Value

SUSPECT = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\u00ad\ufeff]"
)
"""The characters that are looked at: marks, invisible ones and those of private use."""
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]")
_JOINERS = "\u200c\u200d\u00ad\ufeff"
_SOFT_HYPHEN = "\u00ad"
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AROUND = 20


@fact(cases=("characters", "around", "part"))
def stray_characters(reading: Reading) -> Fact:
    """The marks without a letter under them, invisible controls and private-use characters, one case a field."""
    source = reading.registration.source
    if source.text and source.text.isascii():
        return listed(())
    return listed(
        case
        for value in reading.registration.values
        if not value.text.isascii() and value.given and SUSPECT.search(value.text)
        for case in _cases(value, source.kind)
    )


def _cases(value: Value, kind: str) -> Iterator[Case]:
    strays = [at for at in _suspects(value.text) if is_stray(value.text, at, kind)]
    if not strays:
        return
    text, first = value.text, strays[0]
    start = text.rfind(" ", 0, max(0, first - _AROUND)) + 1
    end = text.find(" ", min(len(text), first + _AROUND))
    end = len(text) if end < 0 else end
    while start < first and text[start].isspace():
        start += 1
    names = tuple(dict.fromkeys(_name(text[at]) for at in strays))
    yield Case(
        {"characters": names, "around": _visible(text[start:end]), "part": value.label or value.field},
        (value.place(start, end),),
    )


def _suspects(text: str) -> Iterator[int]:
    return (match.start() for match in SUSPECT.finditer(text))


def is_stray(text: str, at: int, kind: str) -> bool:
    """Return whether the suspect character of *text* at *at* cannot stand there; *kind* is that of the source."""
    character = text[at]
    if kind == "pdf" and character == _SOFT_HYPHEN:
        return False
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if unicodedata.category(character) == "Mn":
        base = at
        while base and unicodedata.category(text[base - 1]) == "Mn":
            base -= 1
        letter = text[base - 1] if base else " "
        return not letter.isalpha() or ("\u0600" <= character <= "\u06ff" and letter.isascii())
    if character in _JOINERS:  # right between the letters of a Persian word, and harmless at its end
        return not (_ARABIC.match(before) or _ARABIC.match(after)) and (before.isascii() and after.isascii())
    if _DIRECTIONS.match(character):
        return not _ARABIC.search(text)
    if "\ue000" <= character <= "\uf8ff":
        return kind != "pdf"
    return True


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{code} {unicodedata.name(character, 'private use').lower()}"


def _visible(text: str) -> str:
    return " ".join(SUSPECT.sub("\u25a1", text).split())

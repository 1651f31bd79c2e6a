"""Words and names -> whether they are the same: stems of content words, and names as different people write them."""

import re
from functools import cache, lru_cache

from audit.engine.tables import lines

_WORD = re.compile(r"[a-z][a-z0-9-]{2,}")
_SPELLINGS = (("tumour", "tumor"), ("ae", "e"), ("oe", "e"), ("ph", "f"))


@cache
def _groups() -> dict[str, str]:
    return {stem: group.split()[0] for group in lines("same_words.txt") for stem in group.split()}


@cache
def function_words() -> frozenset[str]:
    """Return the words that tell no content from another."""
    return frozenset(word for line in lines("empty_words.txt") for word in line.split())


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    for there, here in _SPELLINGS:
        word = word.replace(there, here)
    groups = _groups()
    for length in range(min(len(word), 9), 2, -1):
        if word[:length] in groups:
            return groups[word[:length]]
    return word[:5]


@lru_cache(maxsize=1024)
def stems(folded: str) -> frozenset[str]:
    """Return the stems of the content words of a folded text; what names the same organ or trouble has the same stem.

    >>> sorted(stems("chronic renal failure in dialysis") & stems("end-stage kidney disease"))
    ['kidney']
    """
    empty = function_words()
    return frozenset(_stem(word) for word in _WORD.findall(folded.replace("/", " ")) if word not in empty)


_NAME = re.compile(r"[a-z]+")
_TITLES = re.compile(r"dr|mr|mrs|ms|prof|professor|doctor|phd|md|msc|mph|eng|sey?yed|sayye?d|sayed|seyedeh")


@lru_cache(maxsize=1024)
def name_parts(folded: str) -> tuple[str, ...]:
    """Return the parts of a folded name without titles.

    >>> name_parts("dr. sara rad-manesh")
    ('sara', 'rad', 'manesh')
    """
    return tuple(part for part in _NAME.findall(folded) if not _TITLES.fullmatch(part))


@lru_cache(maxsize=4096)
def skeleton(part: str) -> str:
    """Return the sound of a name's part without its vowels and double letters, the same for most transliterations.

    >>> skeleton("mohammad"), skeleton("muhamed"), skeleton("kamraniyeh") == skeleton("kamranieh")
    ('mhmd', 'mhmd', True)
    """
    for there, here in (
        ("kh", "x"),
        ("gh", "q"),
        ("ph", "f"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("w", "v"),
        ("ck", "k"),
        ("c", "k"),
    ):
        part = part.replace(there, here)
    kept = re.sub(r"[aeiouy]", "", part)
    return re.sub(r"(.)\1+", r"\1", kept)


def distance(one: str, other: str, most: int = 3) -> int:
    """Return how many letters must be added, dropped or changed to make *one* the *other*; *most* + 1 when it is more.

    >>> distance("mohamad", "mohammad"), distance("abc", "xyzuvw")
    (1, 4)
    """
    if abs(len(one) - len(other)) > most or len(one) > 40:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for there, its in enumerate(other, 1):
            before, row[there] = row[there], min(row[there] + 1, row[there - 1] + 1, before + (letter != its))
    return min(row[-1], most + 1)


def share_a_word(one: str, other: str) -> bool:
    """Return whether two folded texts share a content word, also misspelt.

    >>> share_a_word("hypertention", "essential hypertension"), share_a_word("asthma", "gingivitis")
    (True, False)
    """
    if stems(one) & stems(other):
        return True
    empty = function_words()
    here, there = ({word for word in re.findall(r"[a-z]{5,}", text) if word not in empty} for text in (one, other))
    return any(distance(a, b, 2) <= (2 if min(len(a), len(b)) > 6 else 1) for a in here for b in there if a[0] == b[0])

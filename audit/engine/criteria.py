"""The texts of criteria -> their items, each with where it stands and whether it lets people in or keeps them out."""

import re
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from audit.engine.age_limits import exclusion_begins
from audit.engine.reading import Reading
from audit.model.span import Place, Value

IN, OUT = "in", "out"
_MARK = re.compile(
    r"\r?\n(?!\s{0,80}[ \t]{3,}[a-z(])|\r|;|[\u2022\u25cf\u25aa\u2023\u00b7]|(?<![^\s.;,:])\(?\d{1,2}[.)-](?=\s*[A-Za-z])|(?<=[a-z)\]%])\.\s+(?=[A-Z0-9])"
    r"|(?<![^\s.;,:])[-*+_](?=\s*[A-Za-z])"
)
_HEAD = re.compile(
    r"[\s.,:;*\x7f-]*(?:(?:main |key |major |general )?(?:inclusion|exclusion|non-?inclusion|non-?entry|entry)(?:/exclusion)? ?(?:criteria|criterion|conditions)?(?: (?:are|include|includes))? ?[:.]?)?[\s.,:;*\x7f-]*"
)
_AGAIN = re.compile(r"(?<!non-)(?<!non )\b(in|ex)clusion criteria(?: \w+){0,5} ?:")
_EDGE = re.compile(r"[\s.,;:*\x7f-]*$")


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion: ``role`` is ``in`` or ``out``; ``start`` and ``end`` count in the text of ``value``."""

    value: Value
    start: int
    end: int
    role: str

    @property
    def folded(self) -> str:
        """The folded text of the item."""
        return self.value.folded[self.start : self.end]

    @property
    def place(self) -> Place:
        """The place of the item."""
        return Place(self.value, self.start, self.end)


_FOUND: WeakKeyDictionary[Reading, tuple[Item, ...]] = WeakKeyDictionary()
"""The criteria of the records that are being read: several facts ask for them."""


def criteria_items(reading: Reading) -> tuple[Item, ...]:
    """Return the criteria of the detailed lists; those of the summary where there are no lists."""
    if (known := _FOUND.get(reading)) is not None:
        return known
    r = reading.registration
    detailed = [(value, role) for value, role in ((r.inclusion_criteria, IN), (r.exclusion_criteria, OUT)) if value.given]
    listed = detailed or [(r.criteria_summary, IN)]
    found = tuple(item for value, role in listed if value.given for item in items(value, role == OUT))
    _FOUND[reading] = found
    return found


def items(value: Value, excluding: bool = False) -> tuple[Item, ...]:
    """Return the criteria in one text; *excluding*: it begins with what keeps people out.

    >>> text = Value("criteria_summary", text="Inclusion criteria: asthma; age over 18. Exclusion criteria: Pregnancy")
    >>> [(item.role, item.place.quote) for item in items(text)]
    [('in', 'asthma'), ('in', 'age over 18'), ('out', 'Pregnancy')]
    """
    return tuple(Item(value, start, end, role) for start, end, role in _parts(value.text, value.folded, excluding))


def several_lists(value: Value) -> bool:
    """Return whether a text has a list of criteria for each of several groups."""
    return value.given and len(_AGAIN.findall(value.folded)) > 2


@lru_cache(maxsize=256)
def _parts(text: str, folded: str, excluding: bool) -> tuple[tuple[int, int, str], ...]:
    turn = 0 if excluding else exclusion_begins(folded)
    turns = [(0, OUT if excluding else IN)]
    if not excluding and turn < len(folded):
        turns.append((turn, OUT))
        turns += [(again.start(), IN if again[1] == "in" else OUT) for again in _AGAIN.finditer(folded, turn + 1)]
    found: list[tuple[int, int, str]] = []
    for number, (begin, role) in enumerate(turns):
        stop = turns[number + 1][0] if number + 1 < len(turns) else len(text)
        at = begin
        for mark in (*_MARK.finditer(text, begin, stop), None):
            end = mark.start() if mark else stop
            head = _HEAD.match(folded, at, end)
            start = head.end() if head else at
            edge = _EDGE.search(folded, start, end)
            last = edge.start() if edge else end
            if last - start >= 3:
                found.append((start, last, role))
            at = mark.end() if mark else stop
    return tuple(found)

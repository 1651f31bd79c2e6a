"""A sample and a tape of random bytes -> the sample with anything done to it; the same bytes do the same, fewer do less."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

TOKENS = (
    *("", " ", "\n", "\r", "\r\n\r\n", "\t", "\x00", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "\u200c", "\u202e", "\u00ad", "\ufffd"),
    *("\ud800", "\U0001f600", "\u0661\u0662", "\u06f1\u06f4\u06f0\u06f3/\u06f0\u06f1/\u06f0\u06f2", "\u0130", "\u00df", "\u01c5", "e\u0301", "\ufb01", "\u00bd", "\u00b2"),
    *("0", "-1", "1e400", "9" * 30, "7" * 5000, "1" + "0" * 400, "\u0664" * 6, "1/0", "0/0/0", "31/02/2020", "2020-02-30", "1399-12-30", "9999-99-99", "0000-00-00"),
    *("12 months", "7 days old", "1,000,000", "1.2.3", "50%", "5 mg/kg/day", "BMI >= 30", "\u2265", "&lt;", "&#0;", "&#xD800;", "&amp;amp;"),
    *("empty", "No information", "null", "true", "nan", "-", "**", "__", "|", "||", "---", "...", "#", "//", "\\", "\\u0000", "\\ud83d", "\\x00"),
    *("{", "}", "[", "]", "[[", "]]", "(", ")", "<", ">", "</", "<!--", "<![CDATA[", "]]>", "<?xml", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;"),
    *('"', "'", '"""', "`", ",", ";", ":", ": ", "- ", "? ", "& a", "&a *a", "*a", "!!python/object:os.system", "!a", "%", "@", "=1+1", "{0}", "{{7*7}}"),
    *("Primary outcomes", "Inclusion criteria", "Description", "Group 1", "1: ", "<br>", "_x000D_", "\u221a\u00f6", "\u00e2\u2030\u00a5", "IRCT20990101099991N1", "NCT99990001"),
)  # fmt: skip
"""What formats and texts trip over: signs of every format, odd letters and numbers, dates and doses that cannot be."""
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1256", "latin-1", "mac_roman", "utf-16-be", "cp1252")
SIZE = 100_000
"""Bytes of the largest input: the limit on time is set for it."""


class Tape:
    """Random bytes that choose; at their end every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def below(self, limit: int) -> int:
        """Return a number below *limit*, at least 1."""
        size = 1 if limit <= 256 else 2
        taken = self._data[self._at : self._at + size]
        self._at += size
        number = int.from_bytes(taken)
        return number % limit if size == 1 or limit > 65536 else number * limit >> 16

    def one(self, choices: Sequence[Any]) -> Any:
        """Return one of *choices*."""
        return choices[self.below(len(choices))]


def text(samples: Sequence[str], tape: Tape, tokens: Sequence[str] = TOKENS) -> str:
    """Return a sample, often only some lines of it, after a few changes."""
    said: str = tape.one(samples)
    how = tape.below(8)
    if how:  # some lines of it, so that most inputs are small; its head stays, which tells the format
        lines = said.split("\n")
        start, count = tape.below(len(lines)), 2 + tape.below(40)
        head = lines[: tape.below(12)] if how > 2 else []
        said = "\n".join([*head, *lines[start : start + count]])
    while tape:
        said = _changed(said, samples, tape, tokens)
    return said[:SIZE]


def _changed(said: str, samples: Sequence[str], tape: Tape, tokens: Sequence[str]) -> str:
    change, at = tape.below(16), tape.below(len(said) + 1)
    length = tape.below(64)
    part = said[at : at + length]
    match change:
        case 0 | 1:
            return said[:at] + said[at + length :]
        case 2 | 3 | 4:
            return said[:at] + tape.one(tokens) + said[at:]
        case 5 | 6:
            return said[:at] + tape.one(tokens) + said[at + length :]
        case 7:
            return said[:at] + part + said[at:]
        case 8:
            other: str = tape.one(samples)
            start = tape.below(len(other) + 1)
            return said[:at] + other[start : start + 4 * length] + said[at:]
        case 9:
            return said[:at] if length < 16 else said[at:]
        case 10:
            return said[:at] + part.translate(_PERSIAN) + said[at + length :]
        case 11:
            return said[:at] + part.swapcase() + said[at + length :]
        case 12:
            lines = said.split("\n")
            here, there = tape.below(len(lines)), tape.below(len(lines))
            lines[here], lines[there] = lines[there], lines[here]
            return "\n".join(lines)
        case 13:
            return said[:at] + chr(tape.below(0x3000)) + said[at + 1 :]
        case 14:
            much = 2 + tape.below(30)
            return said[:at] + (part or tape.one(tokens)) * much + said[at:]
        case _:  # seldom: as large as the limit on time is for
            if tape.below(96) != 95:
                return said[:at] + part[::-1] + said[at + length :]
            filling = part or tape.one(tokens) or "a "
            return said[:at] + filling * ((SIZE - len(said)) // len(filling)) + said[at:]


_PERSIAN = str.maketrans("0123456789-/", "۰۱۲۳۴۵۶۷۸۹\u2010\u2044")


def encoded(said: str, tape: Tape) -> bytes:
    """Return *said* as bytes, mostly UTF-8; unpaired surrogates and what an encoding has not become question marks."""
    name = ENCODINGS[max(0, tape.below(40) - 32)]
    return said.encode(name, "replace")


def blurred(data: bytes, tape: Tape) -> bytes:
    """Return *data* with bytes dropped, changed and repeated."""
    made = bytearray(data)
    while tape:
        at, change = tape.below(len(made) + 1), tape.below(5)
        length = 1 + tape.below(32)
        if change == 0:
            made[at : at + 1] = bytes([tape.below(256)])
        elif change == 1:
            del made[at : at + length]
        elif change == 2:
            made[at:at] = made[at : at + length] * (1 + tape.below(4))
        elif change == 3:
            del made[at:]
        else:
            made[at : at + length] = bytes(length)
    return bytes(made[:SIZE])


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**20,
    "",
    "x",
    [],
    {},
    [None],
    {"": None},
    [[]],
    "\u0000",
    ["a", {"b": []}],
    1e308,
)
"""Values of other kinds than are expected."""


def tree(data: Any, tape: Tape) -> Any:
    """Return JSON *data* in which values are of another kind, gone, said twice, nested or under another key."""
    data = copy.deepcopy(data)
    while tape:
        node = data
        for _ in range(1 + tape.below(12)):
            inner = [one for one in (node.values() if isinstance(node, dict) else node) if isinstance(one, dict | list) and one]
            if not inner or tape.below(8) == 0:
                break
            node = tape.one(inner)
        if not node:
            break
        key = tape.one(list(node)) if isinstance(node, dict) else tape.below(len(node))
        _replaced(node, key, tape)
    return data


def _replaced(node: Any, key: Any, tape: Tape) -> None:
    old = node[key]
    match tape.below(8):
        case 0:
            del node[key]
        case 1:
            node[key] = [old, old]
        case 2:
            node[key] = {"value": old}
        case 3 if isinstance(old, str):
            node[key] = old + tape.one(TOKENS)
        case 4 if isinstance(old, str):
            node[key] = tape.one(TOKENS)
        case 5 if isinstance(node, dict):
            node[str(key) + tape.one(("s", "", " ", "X", "_type"))] = node.pop(key)
        case _:
            node[key] = copy.deepcopy(tape.one(ODD))


def cells(rows: Sequence[Sequence[str]], tape: Tape) -> list[list[str]]:
    """Return a table in which cells, rows and columns are changed, gone, moved and too many."""
    made = [list(row) for row in rows]
    while tape:
        at = tape.below(len(made))
        row = made[at]
        column = tape.below(len(row)) if row else 0
        match tape.below(10):
            case 0 if len(made) > 1:
                del made[at]
            case 1:
                made.insert(at, list(tape.one(made)))
            case 2:
                row.append(tape.one(TOKENS))
            case 3 if row:
                del row[column]
            case 4 if row:
                row[column] = tape.one(tape.one(rows))
            case _ if row:
                row[column] = text([row[column] or " "], Tape(bytes(tape.below(256) for _ in range(6))))
    return made


Mutation = Callable[[Tape], bytes]

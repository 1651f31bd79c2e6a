"""A folded text -> the numbers in it: counts (in figures or words), and ranges and bounds with their units."""

import re
from dataclasses import dataclass
from functools import lru_cache

from audit.model.figures import whole

_ONES = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
)
_TENS = {word: 10 * at for at, word in enumerate(re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
_SMALL = {**{word: at for at, word in enumerate(_ONES)}, **_TENS, "fourty": 40, "fourteen": 14, "a dozen": 12}
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
WORDS = rf"(?:(?:{_WORD})[ -]hundred(?: and)?(?:[ -](?:{_WORD}))?(?:[ -](?:{_WORD}))?|one thousand|hundred|(?:{_WORD})(?:[ -](?:{_WORD}))?)"
"""A pattern for a number in words below one thousand and one."""
COUNT = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+(?![\d.,]*\d)|{WORDS}\b)"
"""A pattern for a whole number in figures or words."""


def count(text: str) -> int | None:
    """Return the whole number that *text* writes in figures or words, or None.

    >>> [count(text) for text in ("1,200", "forty-five", "one hundred and twenty", "two hundred", "some")]
    [1200, 45, 120, 200, None]
    """
    text = text.strip()
    figures = text.replace(",", "")
    if figures.isdigit():
        return whole(figures)
    total = 0
    for word in re.split(r"[ -]+", text):
        if word in _SMALL:
            total += _SMALL[word]
        elif word in ("hundred", "thousand"):
            total = max(total, 1) * (100 if word == "hundred" else 1000)
        elif word != "and":
            return None
    return total or None


@dataclass(frozen=True)
class Range:
    """What a text says of a quantity: from ``low`` to ``high``; None where it does not bound it.

    ``low_open`` and ``high_open``: the number itself is not meant ("> 17"). ``exact``: a bare number.
    ``crossed``: "less than 20 or more than 75", what lies outside is meant.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False
    exact: bool = False
    crossed: bool = False
    unit: str = ""
    low_unit: str = ""
    sure: bool = True
    """False where a sign was lost and guessed ("= 18")."""


_NUMBER = r"\d+(?:[.,/]\d+)?"
_UNITS = (
    r"(?:%|percent|years?\b|year(?=old|s)|yrs?\b|ys\b|y\.o\.|y/?\.?o\b|y\b|months?\b|mos?\b|weeks?\b|days?\b|hours?\b|kg ?/ ?m ?\^?2|kg/m\b|"
    r"kg\b|mg ?/ ?dl\b|g ?/ ?dl\b|mmol ?/ ?l\b|umol ?/ ?l\b|ng ?/ ?ml\b|mm ?hg\b|ml ?/ ?min\b|ml\b|cm\b|mm\b|times?\b|points?\b)"
    r"(?:[ -]*(?:old|of age|years|aged)\b)?"
)
_IN_WORDS = rf"(?: ?\((?:{_WORD})(?:[ -](?:{_WORD}))?\))?"
_LOW_WORDS = ("greater", "more", "older", "higher", "larger", "bigger", "upper", "over", "above", "elder")
_HIGH_WORDS = ("less", "fewer", "lower", "younger", "smaller", "under", "below")
_LOW_SIGNS = (">", ">=", "=>", "\x01", ">/=", "> or =")
_HIGH_SIGNS = ("<", "<=", "=<", "\x02", "</=", "< or =")


def _phrases() -> dict[str, tuple[str, bool]]:
    """The words before a number that make it a bound -> which bound, and whether the number itself is left out."""
    made: dict[str, tuple[str, bool]] = {}
    for side, words, opposite in (("low", _LOW_WORDS, _HIGH_WORDS), ("high", _HIGH_WORDS, _LOW_WORDS)):
        for word in words:
            for base in (word, f"{word} than"):
                made[base] = (side, True)
                for also in ("or equal to", "or equal", "and equal to", "equal to", "equal", "or equal than", "and equal"):
                    made[f"{base} {also}"] = (side, False)
                for first in ("equal or", "equal to or", "equal and", "equal to and", "equals or"):
                    made[f"{first} {base}"] = (side, False)
        for word in opposite:
            for no in ("not", "no", "not be", "are not", "is not"):
                made[f"{no} {word} than"] = made[f"{no} {word}"] = (side, False)
    made |= dict.fromkeys(
        ("at least", "minimum", "minimum of", "a minimum of", "min", "starting from", "minimal"), ("low", False)
    )
    made |= dict.fromkeys(
        ("at most", "maximum", "maximum of", "a maximum of", "max", "up to", "until", "maximal"), ("high", False)
    )
    made |= dict.fromkeys(("from the age of", "from age of", "since", "since age", "since the age of"), ("low", False))
    made |= dict.fromkeys(("exceeding", "exceeds", "beyond"), ("low", True))
    made |= dict.fromkeys(
        (
            "from",
            "between",
            "range",
            "range of",
            "range is",
            "ranging from",
            "ranged from",
            "ranged between",
            "aged",
            "b/w",
            "aged form",
        ),
        ("from", False),
    )
    return made


_BEFORE = _phrases()
_OPENING = "([,;:.-"
_LAST_WORDS = frozenset([phrase.rsplit(" ", 1)[-1] for phrase in _BEFORE])
_FILLING = re.compile(r"(?:(?<=^)| )(?:(?:the |an |their )?ages? (?:of|limit|is)|the age|ages?|of|the|is|are|:)$")
_FILLING_ENDS = ("age", "ages", "of", "limit", "the", "is", "are", ":")
_AFTER_LOW = r"[ ,]*(?:\+|(?:(?:and|or|&|to|-) ?)?(?:years? )?(?:older|over|above|more|greater|higher|up|upper|upwards?|onwards?|elder|beyond)\b(?! to)(?: than)?)"
_AFTER_HIGH = r"[ ,]*(?:(?:and|or|&|to) ?)?(?:years? )?(?:younger|under|below|less|lower|fewer|down)\b(?: than)?"
_SECOND = (
    r"(?:(?P<low2>>=?|\x01|(?:at least|(?:equal (?:to )?(?:or|and) )?(?:greater|more|older|higher|over|above))(?: than)?(?: or equal(?: to)?)?)|"
    r"(?P<high2><=?|=<|\x02|(?:at most|up to|(?:equal (?:to )?(?:or|and) )?(?:less|lower|younger|under|below))(?: than)?(?: or equal(?: to)?)?)|"
    r"(?P<eq2>=)) ?(?:(?:the )?age(?:s)?(?: of)? )?"
)
_FROM_NUMBER = re.compile(
    rf"(?P<n1>{_NUMBER}){_IN_WORDS}(?P<plus> ?\+(?= ?y))?(?P<u1>[ -]?{_UNITS})?(?: ?\((?:including|inclusive|included)\))?"
    rf"(?:(?P<join> {{0,2}}(?:-|_|~|to|and|till?|until|up to|through|or|&|,)? {{0,2}}(?:and )?)(?:{_SECOND})?(?P<n2>{_NUMBER})(?P<u2>[ -]?{_UNITS})?)?"
    rf"(?:(?P<after_low>{_AFTER_LOW})(?![a-z])|(?P<after_high>{_AFTER_HIGH})(?![a-z])(?! *\d))?"
    r"(?P<reverse> *(?:<=?(?!/?[a-z]+ ?>)|>=?|\x01|\x02))?"
)
_JOINS = frozenset({"-", "_", "~", "to", "till", "til", "until", "up to", "through"})
_DIGIT = re.compile(r"\d")


_SIGN_OR_EQUAL = re.compile(r"[<>] ?(?:/|or|and) ?=$")
_END = re.compile(r"[\d.,/]*\d")


@lru_cache(maxsize=256)
def ranges(folded: str) -> tuple[Range, ...]:
    """Return the ranges, bounds and bare numbers of a folded text, in order.

    >>> [(r.low, r.high) for r in ranges("aged 18-65 years, bmi > 30, pasi 3 to10, under 70 years")]
    [(18.0, 65.0), (30.0, None), (3.0, 10.0), (None, 70.0)]
    """
    found: list[Range] = []
    at = 0
    while digit := _DIGIT.search(folded, at):
        match = _FROM_NUMBER.match(folded, digit.start()) if _begins(folded, digit.start()) else None
        if match is None:
            at = _END.match(folded, digit.start()).end()  # type: ignore[union-attr]
            continue
        read = _read(folded, match, found[-1].end if found else 0)
        found.append(read)
        at = max(read.end, match.end("n1"))
    return tuple(found)


def _begins(folded: str, at: int) -> bool:
    """Whether a number begins at *at*: not inside a word, a number, or a name like ``covid-19``."""
    before = folded[max(0, at - 2) : at]
    if not before or before[-1] in " (>=<[:,;\x01\x02+*":
        return not (len(before) == 2 and before[-1] == "," and before[0].isdigit())
    if before[-1] == "-":
        return not before[0].isalpha()
    return before == "to" or not (before[-1].isalnum() or before[-1] in "_./")


def _before(folded: str, end: int, floor: int) -> tuple[int, str, bool, bool]:
    """Return what the words before a number make of it: where they begin, the side, whether open, whether a sign is lost."""
    begin = max(floor, end - 60)
    text = folded[begin:end].rstrip().replace("(", " ")
    if text.endswith(("age:", "ages:")):
        text = text[:-1]
    signs = _SIGN_OR_EQUAL.search(text) if text.endswith("=") else None
    if signs:
        return begin + signs.start(), "low" if signs[0][0] == ">" else "high", False, False
    if text.endswith("=") and not text.endswith((">=", "<=", "=>", "=<", "/=", "or =")):
        return begin + len(text) - 1, "", False, True
    for length in (3, 2, 1):
        sign = text[-length:]
        if sign in _LOW_SIGNS or sign in _HIGH_SIGNS:
            return begin + len(text) - len(sign), "low" if sign in _LOW_SIGNS else "high", sign in "<>", False
    for _ in range(3):
        words = text.split()[-5:]
        for length in range(len(words), 0, -1) if words and words[-1].lstrip(_OPENING) in _LAST_WORDS else ():
            phrase = " ".join(words[-length:]).lstrip(_OPENING)
            if phrase in _BEFORE:
                start = len(text)
                for word in reversed(words[-length:]):
                    start = text.rfind(word, 0, start)
                return begin + start, *_BEFORE[phrase], False
        filling = _FILLING.search(text) if text.endswith(_FILLING_ENDS) else None
        if filling is None:
            break
        text = text[: filling.start()].rstrip()
    return end, "", False, False


def _read(folded: str, match: re.Match[str], floor: int) -> Range:
    start, side, is_open, lost = _before(folded, match.start(), floor)
    first, second = _value(match["n1"]), _value(match["n2"])
    unit1, unit2 = (match["u1"] or "").strip(" -"), (match["u2"] or "").strip(" -")
    low2, high2 = match["low2"], match["high2"]
    if second is not None and not _joined(match, side, lost):
        second = None
    if second is not None:
        end = match.end("u2") if match["u2"] else match.end("n2")
        unit = unit2 or unit1
        if side == "high" and low2:  # "less than 20 or more than 75": what lies outside is meant
            return Range(start, end, second, first, _is_open(low2), is_open, crossed=True, unit=unit)
        return Range(start, end, first, second, is_open and side == "low", _is_open(high2), unit=unit, low_unit=unit1)
    side_of_word = _said_after(match)
    if side_of_word and side not in ("low", "high"):  # "18 years or more 2. consent"
        return Range(start, match.end(f"{side_of_word}2"), *_bounds(side_of_word, first), unit=unit1 or unit2)
    if match["plus"] and side not in ("low", "high"):  # "18+ years"
        return Range(match.start(), match.end("u1") if match["u1"] else match.end("plus"), first, None, unit=unit1)
    alone = match["n2"] is None
    end = match.end("u1") if match["u1"] else match.end("n1")
    after_low, after_high = (match["after_low"], match["after_high"]) if alone else (None, None)
    reverse = (match["reverse"] or "").strip() if alone else ""
    if side not in ("low", "high"):
        if after_low or after_high:
            side, is_open, end = "low" if after_low else "high", False, match.end("after_low" if after_low else "after_high")
        elif reverse and not lost:  # "18 < age"
            side, is_open = "low" if reverse[0] in "<\x02" else "high", reverse in "<>"
            end = match.end("reverse")
    if side == "low":
        return Range(start, end, first, None, is_open, unit=unit1)
    if side == "high":
        return Range(start, end, None, first, high_open=is_open, unit=unit1)
    return Range(start if lost else match.start(), end, first, first, exact=True, unit=unit1, sure=not lost)


def _said_after(match: re.Match[str]) -> str:
    """Which bound the words between two numbers make of the first one: "18 or more 2." and "18 or more than 18"."""
    for side in ("low", "high"):
        words = match[f"{side}2"] or ""
        if words[:1].isalpha() and match["join"].strip() in ("or", "and", "&") and not words.startswith(("at", "up", "equal")):
            return side if "than" not in words or match["n1"] == match["n2"] else ""
    return ""


def _bounds(side: str, number: float | None) -> tuple[float | None, float | None]:
    return (number, None) if side == "low" else (None, number)


def _joined(match: re.Match[str], side: str, lost: bool) -> bool:
    """Whether the second number ends a range that the first one begins."""
    join = match["join"].strip()
    if side == "high":
        return bool(match["low2"]) and join in ("and", "or", "&")
    if match["low2"] or (join == "" and not match["high2"]):
        return False
    if match["high2"]:
        return side in ("low", "from") or lost or join in _JOINS
    return join in _JOINS or (join in ("and", "&") and (side in ("from", "low") or lost or bool(match["eq2"])))


def _is_open(words: str | None) -> bool:
    return (
        bool(words)
        and words is not None
        and "equal" not in words
        and not words.startswith(("at", "up", "=", ">=", "<=", "\x01", "\x02"))
    )


def _value(text: str | None) -> float | None:
    if text is None:
        return None
    whole, mark, rest = text.partition(",")
    if mark and len(rest) == 3:
        return float(whole + rest)
    return float(text.replace(",", ".").replace("/", "."))

"""Facts on texts that were damaged on their way: wrong encodings, lost signs, turned-round numbers, foreign script, left-over markup."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from audit.engine.clauses import clause
from audit.engine.language import persian
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.registration import Registration
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_MOST = 6


def _flat(text: str) -> str:
    return " ".join(text.split())


def _around(value: Value, start: int, end: int, reach: int = 14) -> Place:
    """Return the words around *start* to *end*, for a quote."""
    text = value.text
    first = max(text.rfind(" ", 0, max(0, start - reach)) + 1, 0)
    last = text.find(" ", min(len(text), end + reach))
    last = len(text) if last < 0 else last
    while first < start and text[first].isspace():
        first += 1
    return value.place(min(first, start), max(last, end))


_CODES = ("mac_roman", "cp1252", "latin-1")


@cache
def _garbled_pairs() -> list[tuple[str, re.Pattern[str]]]:
    """Return for each wrong encoding the pattern of what UTF-8's bytes become in it."""
    found = []
    for name in _CODES:
        table = {byte: _decoded(byte, name) for byte in range(0x80, 0x100)}
        follow = "[" + "".join(re.escape(table[b]) for b in range(0x80, 0xC0)) + "]"
        two = "[" + "".join(re.escape(table[b]) for b in range(0xC2, 0xE0)) + "]"
        three = "[" + "".join(re.escape(table[b]) for b in range(0xE0, 0xF0)) + "]"
        found.append((name, re.compile(f"{three}{follow}{follow}|{two}{follow}")))
    return found


def _decoded(byte: int, name: str) -> str:
    try:
        return bytes((byte,)).decode(name)
    except UnicodeDecodeError:
        return chr(byte)


def _encoded(text: str, name: str) -> bytes:
    return bytes(_byte(character, name) for character in text)


def _byte(character: str, name: str) -> int:
    try:
        return character.encode(name)[0]
    except UnicodeEncodeError:
        return ord(character) & 0xFF


_MEANT = re.compile(
    "[\u00a0-\u00bf\u00d7\u00f7\u00c0-\u017f\u0391-\u03c9\u2010-\u2044\u2070-\u209f\u20ac\u2100-\u22ff\u0600-\u06ff\ufb00-\ufb06\u200b-\u200f]"
)
_LOST = re.compile("\ufffd|\u00ef\u00bf\u00bd")


@fact(cases=("part", "around", "meant"))
def wrong_encodings(reading: Reading) -> Fact:
    """The fields in which letters or signs were read in a wrong encoding ("\u00e2\u20ac\u201c" for a dash), as one case."""
    source = reading.registration.source
    if source.text and source.text.isascii():
        return listed(())
    return listed(_encodings(reading.registration.values, source.kind))


def _encodings(values: Iterable[Value], kind: str) -> Iterator[Case]:
    found = [
        (value, places)
        for value in values
        if value.given and not value.text.isascii()
        if (places := [*_misread(value.text, kind)])
    ]
    if found:
        parts = tuple(dict.fromkeys(value.label or value.field for value, _ in found))
        meant = tuple(dict.fromkeys(said for _, places in found for _, _, said in places if said))[:_MOST]
        shown = [_around(value, start, end) for value, places in found for start, end, _ in places[:2]]
        yield Case({"part": parts, "around": _flat(shown[0].quote), "meant": _said(meant)}, tuple(shown[:12]))


def _said(meant: tuple[str, ...]) -> str:
    return ", ".join(f'"{one}"' for one in meant) if meant else "what cannot be told"


def _misread(text: str, kind: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places in *text* that make sense when read as UTF-8, and what they say then."""
    may_be: list[tuple[bool, int, int, int, str]] = []
    for name, pattern in _garbled_pairs():
        for match in pattern.finditer(text):
            try:
                said = _encoded(match[0], name).decode("utf-8")
            except UnicodeDecodeError:
                continue
            if _MEANT.match(said):
                may_be.append(("\u0600" <= said <= "\u06ff", -len(match[0]), *match.span(), said))
    found: dict[int, tuple[int, int, str]] = {}
    taken = bytearray(len(text))
    for _, _, start, end, said in sorted(may_be):  # the longest first, and Persian letters last
        if taken.find(1, start, end) < 0:
            found[start] = (start, end, said)
            taken[start:end] = b"\1" * (end - start)
    arabic = [place for place in found.values() if "\u0600" <= place[2] <= "\u06ff"]
    if 0 < len(arabic) < 3:
        few = set(arabic)
        found = {at: place for at, place in found.items() if place not in few}
    if kind != "pdf":
        for match in _LOST.finditer(text):
            found.setdefault(match.start(), (match.start(), match.end(), ""))
    yield from (found[at] for at in sorted(found))


_MEASURES = (
    "age|ages|aged|years?|saturation|sat|o2|spo2|sao2|pao2|fio2|bmi|rate|rr|ratio|gfr|egfr|clearance|scores?|counts?|platelets?|plt|"
    "temperature|temp|fever|pressure|bp|sbp|dbp|ha?emoglobin|hb|hgb|creatinine|cr|crp|ferritin|bilirubin|alt|ast|uln|ef|lvef|weight|"
    "concentration|index|levels?|inr|neutrophils?|lymphocytes?|wbc|glucose|fbs|hba1c|a1c|ldh|d-dimer|vas|nrs|gcs|cd4|mmse|moca|pasi|edss|phq-?9?|"
    "duration|size|diameter|depth|volume|dose|time|interval|fraction|fev1|fvc|ecog|asa|nyha|psa|tsh|ldl|hdl|triglycerides?|cholesterol|"
    "albumin|potassium|sodium|calcium|ph|lactate|procalcitonin|titers?|titres?|transaminases?|enzymes?|bdi(?:-ii)?|hamd|hdrs|kps|karnofsky|apgar|infiltrates?|number"
)
_EQUALS = re.compile(
    rf"(?<![<>=!\x01\x02:/-])(?:(?P<word>\b(?:{_MEASURES})\b)[)\] :.-]{{0,3}}|\()(?P<sign>=) ?(?P<number>\d[\d.,]*)(?P<after>[^;\n]{{0,12}})"
)
_BESIDE_EQUAL = re.compile(
    r"\b(?:over|above|below|under|beneath|(?:more|less|greater|higher|lower|larger|smaller|fewer|longer|shorter|older|younger|bigger) than|at least|at most"
    r"|up to|exceed(?:s|ing)?)(?: or)?[ ]*= ?\d[\d.]*"
)
"""A comparison in words with "=" behind it, which stood for its sign."""
_EQUALS_TO = re.compile(r"\bor ?=")
_LISTED = re.compile(r"\d(?:,\d)+")
_GRADES = re.compile(r"scores?|asa|nyha|ecog|index|levels?|apgar|number")
_RANGE = re.compile(r" ?(?:-|to|and|~) ?\d|\.\d")
_ASKED = re.compile(
    rf"\b(?:{_MEASURES})\b[)\] ]{{0,2}}(?P<before>\?) ?\d|\d ?(?P<between>\?) ?\d+(?:\.\d+)? ?(?:%|mg|ml|cm|mm|years?|days?|kg|g\b)|"
    r"\d ?(?P<degree>\?) ?c\b|\d ?(?P<unit>\?) ?(?:mg|ug|g|kg|mm ?hg|%|ml|mm|cm)\b|(?P<open>\(\?) ?\d"
)
_LIGATURES = re.compile(
    r"\b(?:strati|signi|con|speci|veri|identi|quanti|classi|modi|de|in|bene|e|di|su|arti|certi|simpli|noti|satis|ampli|scienti|puri)"
    r"\?(?:ed|cation|cant\w*|rm\w*|c|cs|cally|city|cit|ned|nition|ciency|cient\w*|cacy|cacious|ammat\w*|uenza|erence\w*|erent\w*|cult\w*|cial\w*|ts?|es|y|cate\w*)\b"
)


@fact(cases=("quote", "why"))
def lost_signs(reading: Reading) -> Fact:
    """The signs that became "=" or "?" in criteria and outcomes: at least, at most, degrees, plus or minus, joined letters."""
    r = reading.registration
    outcomes = (part for o in (*r.primary_outcomes, *r.secondary_outcomes) for part in (o.description, o.timepoint, o.method))
    values = (r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary, *outcomes)
    given = tuple(value for value in values if value.given)
    if not given:
        return cannot_tell("unknown", "inclusion_criteria")
    return listed(_by_way(_signs(given)))


def _signs(values: Iterable[Value]) -> Iterator[tuple[str, Value, int, int]]:
    for value in values:
        folded = value.folded
        comparisons = list(_equals(folded)) if "=" in folded else []
        others = [(m.start(), m.end()) for m in _ASKED.finditer(folded)] if "?" in folded else []
        words = [m.span() for m in _LIGATURES.finditer(folded)] if "?" in folded else []
        for why, found in (
            ('"=" stands where a sign like "at least" or "at most" is expected', comparisons),
            ('"?" stands where a sign is expected', others),
            ('"?" stands for letters', words),
        ):
            yield from ((why, value, start, end) for start, end in found)


def _by_way(found: Iterable[tuple[str, Value, int, int]]) -> Iterator[Case]:
    """Yield one case for each way of being damaged, with its quotes and the first places where it was seen."""
    ways: dict[str, list[tuple[Value, int, int]]] = {}
    for why, value, start, end in found:
        ways.setdefault(why, []).append((value, start, end))
    for why, same in ways.items():
        quotes = tuple(dict.fromkeys(_flat(value.text[a:b]).strip(" ,;:(") for value, a, b in same))
        yield Case({"quote": quotes[:_MOST], "why": why}, tuple(clause(value, a, b, 140) for value, a, b in same[:_MOST]))


def _equals(folded: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _BESIDE_EQUAL.finditer(folded) if _EQUALS_TO.search(match[0]) is None)
    for match in _EQUALS.finditer(folded):
        word, number = match["word"] or "", match["number"].strip(".,")
        if _RANGE.match(match["after"]) or number in ("0", "00"):
            continue
        if _GRADES.fullmatch(word) and len(number) == 1 and not match["after"].lstrip().startswith("%"):
            continue
        if _LISTED.fullmatch(number) or (word == "gcs" and number == "15"):
            continue
        if word in ("time", "number", "dose", "size", "volume", "depth", "ph", "interval"):
            continue
        if not word and re.search(r"\d ?$", folded[max(0, match.start() - 2) : match.start()]):
            continue  # "3125 (=5^5)"
        yield match.start(), match.end("number")


@fact
def language_is_english(reading: Reading) -> Fact:
    """Whether the record is the English version, by the language of its labels."""
    return Fact(reading.registration.language == "en")


@fact(cases=("part", "around"))
def foreign_script(reading: Reading) -> Fact:
    """The English fields with letters or digits of the Persian or Arabic script, outside brackets and quotation marks."""
    r = reading.registration
    texts = [value for value in r.values if value.given and not value.text.isascii()]
    mostly = sum(1 for value in texts if persian(value))
    if mostly > 3 and mostly * 3 > sum(1 for value in r.values if value.given):
        return cannot_tell("language", next(value.field for value in texts if persian(value)))
    found = [place for value in texts for place in _script(value)]
    if not found:
        return listed(())
    parts = tuple(dict.fromkeys(place.value.label or place.value.field for place in found))
    return listed((Case({"part": parts, "around": _flat(found[0].quote)[:120]}, tuple(found[:12])),))


_SCRIPT = re.compile("[\u0620-\u064a\u066e-\u06d3\u06f0-\u06f9\u0660-\u0669][\u0600-\u06ff\u200c ]*")
_QUOTED = re.compile(
    '\\([^()]{0,120}\\)|"[^"]{0,120}"|\u00ab[^\u00bb]{0,120}\u00bb|\u201c[^\u201d]{0,120}\u201d|\\[[^\\]]{0,120}\\]'
)


def _script(value: Value) -> Iterator[Place]:
    if _SCRIPT.search(value.text):
        quoted = [match.span() for match in _QUOTED.finditer(value.text)]
        for match in _SCRIPT.finditer(value.text):
            if not any(a <= match.start() and match.end() <= b for a, b in quoted):
                yield _around(value, match.start(), min(match.end(), match.start() + 60))


_N = r"\d{1,3}(?:\.\d{1,2})?"
_HYPHENED = re.compile(r"\d ?- ?\d")
_TURNED = re.compile(rf"(?P<first>{_N}) ?- ?(?P<second>{_N})")
_UNIT = re.compile(
    r" ?-?(?P<unit>years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|kg|kilo\w*|percent|%|(?:mg|ug|mcg|g) ?(?:/|per) ?kg)(?![\w/])"
)
_AGES = re.compile(r"\b(?:age|ages|aged)\b[^.;\d]{0,24}(?P<first>\d{2}) ?(?:-|to|and) ?(?P<second>\d{1,2})\b(?! ?(?:%|/|\.\d))")
_WEIGHTS = re.compile(rf"\b(?:weights?|weighing|bmi)\b[ :]{{1,2}}(?:of |between )?(?P<first>{_N}) ?- ?(?P<second>{_N})(?![\w.])")
_SLASHED = re.compile(
    r"(?<![\w./])(?:0/\d{1,3} ?(?:mg|ml|cc|g|gr|kg|mcg|ug|cm|mm|%|percent|iu|units?|j|w)\b|0/0\d{1,3}(?![\d/])|%\d{1,3}/\d{1,2}(?![\d/])|(?:p ?[<=>] ?|[<>=] ?)0/\d{1,3}(?![\d/]))"
)
_UNIT_FIRST = re.compile(
    r"\b(?P<unit>mg|mcg|ml|cc|iu) ?(?P<number>\d[\d.,]*)(?! ?(?:times?|days?|weeks?|months?|tablets?|tabs?|capsules?|x|hours?|h\b|doses?|mg|ml|cc|g\b"
    r"|meq|mmol|patients|st|nd|rd|th|%|/))"
)
_TIMES_TEN = re.compile(r"[x*] ?10\d")
_NO_NUMBER = re.compile(r"(?:^|[a-z(]{3,}[ ,]{1,2}|[(])\Z")
_SIGN_FIRST = re.compile(r"(?<![\w%])%\d+(?:[./]\d+)? ?[<>]|[<>] ?%\d")


@fact(cases=("quote", "why"))
def turned_numbers(reading: Reading) -> Fact:
    """The ranges, decimals and units that stand the wrong way round, as right-to-left writing leaves them."""
    r = reading.registration
    values = [value for value in _prose(r) if value.given]
    if not values:
        return cannot_tell("unknown", "inclusion_criteria")
    if all(persian(value) for value in values):
        return cannot_tell("language", values[0].field)
    return listed(_by_way(part for value in values if not persian(value) for part in _turned(reading, value)))


def _prose(r: Registration) -> Iterator[Value]:
    yield from (r.scientific_title, r.public_title, r.study_aim, r.design_summary, r.settings, r.criteria_summary, r.arms_summary)
    yield from (
        r.outcomes_summary,
        r.inclusion_criteria,
        r.exclusion_criteria,
        r.randomization_description,
        r.blinding_description,
    )
    yield from (arm.description for arm in r.arms)
    for outcome in (*r.primary_outcomes, *r.secondary_outcomes):
        yield from (outcome.description, outcome.timepoint, outcome.method)


def _turned(reading: Reading, value: Value) -> Iterator[tuple[str, Value, int, int]]:
    folded = value.folded
    ways: list[tuple[str, list[tuple[int, int]]]] = [
        ("the range runs backwards", _backward_ranges(folded)),
        (
            "a slash stands for the decimal point",
            [m.span() for m in _SLASHED.finditer(folded)] if "0/" in folded or "%" in folded else [],
        ),
        ("the unit stands before its number", _units_first(value)),
        ("the sign stands before its number", [m.span() for m in _SIGN_FIRST.finditer(folded)] if "%" in folded else []),
        (
            "the parts of the number stand in another order",
            [(h.start, h.end) for h in reading.find("dose.range_times", value)] if _TIMES_TEN.search(folded) else [],
        ),
    ]
    for why, found in ways:
        yield from ((why, value, start, end) for start, end in found)


_BEFORE = re.compile(r"[^a-z.;]{0,4}(?:before|prior|ago|to \d|pre)")


def _backward_ranges(folded: str) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    if _HYPHENED.search(folded):
        for match in _TURNED.finditer(folded):
            unit = _UNIT.match(folded, match.end()) if _backward(match) else None
            before = folded[match.start() - 1] if match.start() else " "
            if unit is None or before.isalnum() or before in "./,:-_":
                continue
            if not _BEFORE.match(folded, unit.end()) and not (unit["unit"] == "%" and float(match["first"]) > 100):
                found[match.start()] = unit.end()
    if "age" in folded or "weigh" in folded or "bmi" in folded:
        for pattern in (_AGES, _WEIGHTS):
            for match in pattern.finditer(folded):
                if _backward(match):
                    found.setdefault(match.start("first"), match.end("second"))
    return sorted(found.items())


def _backward(match: re.Match[str]) -> bool:
    return float(match["first"]) > float(match["second"]) > 0


def _units_first(value: Value) -> list[tuple[int, int]]:
    found = []
    for match in _UNIT_FIRST.finditer(value.folded):
        start = match.start("unit")
        if value.text[start : start + 2] != "Mg" and not re.search(
            r"\d ?$|\bper $|/ ?$", value.folded[max(0, start - 4) : start]
        ):
            found.append((start, match.end("number")))
    return found


_MARKUP = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|apos|ndash|mdash|micro|deg|plusmn|#\d{2,5}|#x[0-9a-f]{2,5});|</?(?:p|div|span|b|i|u|strong|em|ul|ol|li|sub|sup|font|table|"
    r"tbody|td|tr|th|h[1-6]|o:p)(?: [^<>]{0,120})?/?>|_x000[0-9a-f]_|\{\\rtf|\\par\b|style=\"",
    re.I,
)


@fact(cases=("part", "markup"))
def markup_left(reading: Reading) -> Fact:
    """The fields that hold tags, entities or escapes of HTML, XML or a word processor; line breaks (``<br>``) are passed over."""
    given = [value for value in reading.registration.values if value.given and _may_hold_markup(value.text)]
    found = [(value, marks) for value in given if (marks := [*_MARKUP.finditer(value.text)])]
    if not found:
        return listed(())
    parts = tuple(dict.fromkeys(value.label or value.field for value, _ in found))
    names = tuple(dict.fromkeys(mark[0] for _, marks in found for mark in marks))[:4]
    places = tuple(_around(value, mark.start(), mark.end()) for value, marks in found for mark in marks[:2])
    return listed((Case({"part": parts, "markup": names}, places[:8]),))


def _may_hold_markup(text: str) -> bool:
    return "&" in text or "<" in text or "_x" in text or "\\" in text

"""A folded text -> the doses in it as a pharmacist reads them: amounts with their unit and per what, and how often and how long."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from audit.engine.numbers import WORDS, count

MASS, VOLUME, ACTIVITY, CELLS, SHARE, FORM, ENERGY = "mass", "volume", "activity", "cells", "share", "form", "energy"
_SPELT: dict[tuple[str, str, float], str] = {
    (MASS, "ug", 1.0): "mcg ug microgram micrograms microgramme microgrammes mikrogram",
    (MASS, "mg", 1e3): "mg mgs milligram milligrams miligram miligrams milligramme milligrammes",
    (MASS, "g", 1e6): "g gr gm gram grams gramme grammes",
    (MASS, "ng", 1e-3): "ng nanogram nanograms",
    (VOLUME, "ml", 1.0): "ml mls cc ccs milliliter milliliters millilitre millilitres mililiter mililiters",
    (VOLUME, "l", 1e3): "l lit liter liters litre litres",
    (VOLUME, "ul", 1e-3): "ul microliter microliters microlitre microlitres",
    (VOLUME, "spoon", 5.0): "teaspoon teaspoons teaspoonful tsp tablespoon tablespoons tablespoonful tbsp",
    (ACTIVITY, "iu", 1.0): "iu ius unit units u international_unit international_units",
    (ACTIVITY, "miu", 1e6): "miu million_units million_iu million_international_units",
    (CELLS, "cells", 1.0): "cell cells particle particles cfu copies vesicles exosomes spores",
    (SHARE, "%", 1.0): "% percent",
    (FORM, "piece", 1.0): (
        "tablet tablets tab tabs capsule capsules cap caps pill pills puff puffs drop drops ampoule ampoules ampule ampules "
        "amp vial vials sachet sachets suppository suppositories pearl pearls lozenge lozenges spray sprays patch patches "
        "scoop scoops dose doses bottle bottles syringe syringes cup cups glass"
    ),
    (ENERGY, "j", 1.0): "j joule joules mj w mw watt watts gy hz khz mhz nm ma volt volts",
}
_UNITS = {word.replace("_", " "): unit for unit, words in _SPELT.items() for word in words.split()}
_UNIT = "|".join(re.escape(word).replace(r"\ ", " +") for word in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_AMOUNT = re.compile(
    rf"(?<![a-wyz\d.,^/-])(?:({_NUMBER}(?: ?(?:-|to|~|,|/|and|or|\+) ?{_NUMBER}){{0,4}})[ -]{{0,2}}|({WORDS}|half(?: an?)?|an?) )"
    rf"(mill?ions? (?:of )?)?({_UNIT})(?![a-z])"
)
_SPAN = re.compile(rf"({_NUMBER}) ?(?:-|to|~) ?({_NUMBER})\Z")
_NUMBERS = re.compile(_NUMBER)
_MEASURES = {
    "kg": r"kg|kgs|kilo(?:gram)?s?|body ?weight",
    "m2": r"m ?\^?2|square met(?:er|re)s?|body surface(?: area)?",
    "cm2": r"cm ?\^?2|square (?:centimet(?:er|re)s?|cm)|sq ?cm",
    "cm3": r"cm ?\^?3|cubic centimet(?:er|re)s?",
    "ml": r"ml|cc|mil?lilit(?:er|re)s?",
    "dl": r"dl|decilit(?:er|re)s?",
    "l": r"l|lit(?:er|re)s?",
    "g": r"g|gr|grams?",
    "mg": r"mg|milligrams?",
    "day": r"d|day|days|24 ?h(?:ours?)?",
    "h": r"h|hr|hrs|hours?",
    "min": r"min|mins|minutes?",
    "week": r"week|wk",
    "session": r"session|treatment|injection|time",
    "piece": r"tablet|tab|capsule|cap|puff|dose|drop|vial|ampoule|sachet|spray|serving|meal|actuation|side|nostril|eye|point|site|spot|lesion|disc|level|patient|person",
    "unit": r"units?",
}
_PER = re.compile(
    r" {0,2}(?:of [a-z-]+ )?(?:/|per\b|for (?:each|every)\b|in each\b|each\b) {0,2}(?:(?:1|one|every|each) )? ?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _MEASURES.items())
    + r")(?![a-z0-9])(?: of (?:the )?(?:body )?weight| (?:of )?(?:the )?body ?weight)?"
)
CONCENTRATION = frozenset(("ml", "dl", "l", "g", "mg", "cm3"))
"""What a dose may be dissolved in."""
RECEIVER = frozenset(("kg", "m2", "cm2"))
"""What of a patient a dose may be measured by."""
TIME = frozenset(("day", "h", "min", "week"))
"""How fast or how often."""


@dataclass(frozen=True)
class Quantity:
    """An amount as it stands in a folded text: ``low`` to ``high`` of ``unit``, per each of ``per``, in their order.

    ``several``: the numbers are those of several products or groups ("400/100 mg", "50, 100 and 200 mg").
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    kind: str
    per: tuple[str, ...]
    factor: float
    several: bool = False
    numbers: tuple[float, ...] = ()

    @property
    def base(self) -> float:
        """The upper amount in micrograms, millilitres, units or pieces."""
        return self.high * self.factor


@lru_cache(maxsize=1024)
def quantities(folded: str) -> tuple[Quantity, ...]:
    """Return the quantities of a folded text, in order.

    >>> [(q.low, q.high, q.unit, q.per) for q in quantities("5-10 mg/kg/day, two tablets, 0.5 ml per square centimeter")]
    [(5.0, 10.0, 'mg', ('kg', 'day')), (2.0, 2.0, 'piece', ()), (0.5, 0.5, 'ml', ('cm2',))]
    """
    found = []
    for match in _AMOUNT.finditer(folded):
        kind, unit, factor = _UNITS[" ".join(match[4].split())]
        if match[2] and kind not in (FORM, VOLUME, MASS):
            continue
        if unit == "spoon" and match[4].startswith("tab"):
            factor = 15.0
        numbers = [n * 1e6 if match[3] else n for n in _numbers(match)]
        if not numbers:
            continue
        span = match[1] and _SPAN.match(match[1])
        several = len(numbers) > 1 and not span
        per, end = _per(folded, match.end())
        found.append(Quantity(match.start(), end, min(numbers), max(numbers), unit, kind, per, factor, several, tuple(numbers)))
    return tuple(found)


def _numbers(match: re.Match[str]) -> list[float]:
    if match[2]:
        said = 0.5 if match[2].startswith("half") else 1 if match[2] in ("a", "an") else count(match[2])
        return [float(said)] if said is not None else []
    return [number(text) for text in _NUMBERS.findall(match[1])]


def number(text: str) -> float:
    """Return the number that *text* writes: "1,500" is a thousand and a half, "0,5" is a half.

    >>> number("1,500"), number("0,5"), number("2.5")
    (1500.0, 0.5, 2.5)
    """
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text) and not text.startswith("0"):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _per(folded: str, at: int) -> tuple[tuple[str, ...], int]:
    chain: list[str] = []
    while match := _PER.match(folded, at):
        chain.append(match.lastgroup or "")
        at = match.end()
    return tuple(chain), at


def nonsense(per: tuple[str, ...]) -> str | None:
    """Return why a chain of measures cannot be that of a dose, or None when it can.

    >>> nonsense(("ml", "cm2"))
    'a concentration cannot be per area or per body weight as well'
    >>> nonsense(("kg", "day")), nonsense(("kg", "min"))
    (None, None)
    """
    if len(set(per)) < len(per):
        return "the same measure stands twice"
    solved, received = CONCENTRATION & set(per), RECEIVER & set(per)
    if solved and received:
        return "a concentration cannot be per area or per body weight as well"
    if len(solved) > 1:
        return "two measures of what it is dissolved in"
    if len(received) > 1:
        return "per body weight and per area at once"
    if len(TIME & set(per)) > 1:
        return "two measures of time"
    return None


_FIGURE = rf"\d{{1,3}}|{WORDS}"
_N = f"({_FIGURE})"
_SESSIONS = re.compile(
    rf"\b{_N}(?! ?-?(?:minutes?|mins?|hours?|hrs?|h)\b)[ -](?:\d{{1,3}}[ -]?(?:minutes?|mins?|hours?|hrs?|h)[ -])?"
    rf"(?:(?!to\b|and\b|or\b)[a-z-]+ ){{0,2}}(sessions?|(?:treatment|therapy|laser|training|exercise|counsel\w+|education\w*) (?:sessions?|courses?))\b"
)
_CYCLES = re.compile(rf"\b{_N} (?!more\b|other\b|additional\b|further\b)(?:[a-z-]+ ){{0,2}}cycles\b(?! (?:before|after|of age))")
_INJECTIONS = re.compile(
    rf"\b{_N} (?!more\b|other\b|additional\b|further\b|daily\b|weekly\b)(?:[a-z-]+ ){{0,2}}injections\b(?! (?:a|per|each|every|in each)\b)"
    rf"|\binjections? (?:is|are|was|were|will be) (?:done|given|made|performed|repeated|administered|carried out) (?:for )?{_N} times\b"
)
_SESSIONS_RANGE = re.compile(r"(?:\d|\b(?:one|two|three|four|five|six|eight|ten|twelve)) ?(?:-|to|or|~) ?$")
_RATE = re.compile(
    rf"\b(?:(?P<often>once|twice|thrice|{_FIGURE}) ?(?:x|times?|sessions?|days?|courses?|injections?|treatments?|doses?)? ?(?:a|per|each|every|in a|in each|/|in every) ?week\b"
    rf"|(?P<often2>once|twice|thrice|(?:{_FIGURE}) ?(?:x|times?|sessions?)) weekly\b|(?P<weekly>weekly|every week|each week|(?:one|1)-week intervals?)"
    rf"|every (?P<every>{_FIGURE}) (?P<unit>days?|weeks?|months?)|every (?P<other>other|second) (?P<unit2>day|week)"
    rf"|(?:(?:at|with|in|by) )?(?:an? )?(?P<gap>{_FIGURE})[- ](?P<unit3>days?|weeks?|months?)[- ](?:intervals?|apart)"
    rf"|intervals? (?:of|is|was) (?:about )?(?P<gap2>{_FIGURE}) (?P<unit4>days?|weeks?|months?)|(?P<gap3>{_FIGURE}) (?P<unit5>days?|weeks?|months?) (?:apart|intervals?))"
)
_LASTS = re.compile(
    rf"\b(?:for|during|over|within|in|lasts?|lasting|duration of|period of|course of|throughout)(?: (?:a|an|the|about|total of|period of|course of|duration of|up to|at least)){{0,4}} "
    rf"{_N}[ -](?:consecutive |successive |continuous )?(days?|weeks?|months?)\b(?! (?:before|after|ago|later|follow|apart|interval|prior|following))"
)
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4}
_OFTEN = {"once": 1, "twice": 2, "thrice": 3}


@dataclass(frozen=True)
class Told:
    """A number that a text gives of sessions, or a time in days, and where."""

    number: float
    start: int
    end: int


def sessions(folded: str) -> list[Told]:
    """Return the numbers of sessions that *folded* gives; "3-4 sessions" and "sessions per week" are none.

    >>> [s.number for s in sessions("in three sessions, 8 sessions of laser, two sessions a week")]
    [3.0, 8.0]
    """
    found: list[Told] = []
    if "session" not in folded and "course" not in folded:
        return found
    for match in _SESSIONS.finditer(folded):
        after = folded[match.end() : match.end() + 14]
        if re.match(r" ?(?:a|per|each|every|in a|in each|/) ?(?:week|day|month)| ?(?:week|dai|month)ly", after):
            continue
        if _SESSIONS_RANGE.search(folded[max(0, match.start() - 5) : match.start()]):
            continue
        if (said := count(match[1])) is not None:
            found.append(Told(float(said), match.start(), match.end()))
    return found


def cycles(folded: str) -> list[Told]:
    """Return the numbers of cycles that *folded* gives.

    >>> [s.number for s in cycles("after four cycles surgery is done and four more cycles are given")]
    [4.0]
    """
    return _counted(_CYCLES, folded) if "cycles" in folded else []


def injections(folded: str) -> list[Told]:
    """Return the numbers of injections that *folded* gives in all.

    >>> [s.number for s in injections("two injections; injections are done three times; two injections a week")]
    [2.0, 3.0]
    """
    return _counted(_INJECTIONS, folded) if "injection" in folded else []


def _counted(pattern: re.Pattern[str], folded: str) -> list[Told]:
    found = []
    for match in pattern.finditer(folded):
        said = count(next(group for group in match.groups() if group))
        if said is not None and not _SESSIONS_RANGE.search(folded[max(0, match.start() - 5) : match.start()]):
            found.append(Told(float(said), match.start(), match.end()))
    return found


def rates(folded: str) -> list[Told]:
    """Return how many times in seven days something is done, by each of the frequencies that *folded* gives.

    >>> [round(r.number, 2) for r in rates("twice a week; every 2 weeks; weekly; with an interval of 1 month")]
    [2.0, 0.5, 1.0, 0.23]
    """
    found = []
    for match in _RATE.finditer(folded):
        part = match.groupdict()
        often = part["often"] or (part["often2"] or "").removesuffix("times").removesuffix("time").removesuffix("sessions").strip(
            " x"
        )
        rate: float | None = None
        if often:
            rate = float(_OFTEN.get(often) or count(often) or 0)
        elif part["weekly"]:
            rate = 1.0
        elif part["other"]:
            rate = 7.0 / (2 * _DAYS[part["unit2"]])
        else:
            gap = part["every"] or part["gap"] or part["gap2"] or part["gap3"]
            unit = part["unit"] or part["unit3"] or part["unit4"] or part["unit5"]
            said = count(gap) if gap else None
            rate = 7.0 / (said * _DAYS[unit.rstrip("s")]) if said and unit else None
        if rate:
            found.append(Told(rate, match.start(), match.end()))
    return found


def lengths(folded: str) -> list[Told]:
    """Return how long something lasts, in days, by each of the durations that *folded* gives.

    >>> [d.number for d in lengths("daily for 8 weeks, for a period of ten days; 3 months after surgery")]
    [56.0, 10.0]
    """
    found = []
    for match in _LASTS.finditer(folded):
        said = count(match[1])
        if said is not None:
            found.append(Told(said * _DAYS[match[2].rstrip("s")], match.start(), match.end()))
    return found


_EVERY_HOURS = re.compile(r"\bevery (\d{1,2}) ?(?:h|hr|hrs|hours?)\b[^()\d]{0,15}\(([^()]{5,60})\)")
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d\d))? ?([ap])\.?m\b")


def clock_slips(folded: str) -> list[tuple[int, int]]:
    """Return where the times of day in brackets are not those of "every N hours" before them.

    >>> clock_slips("every 8 hours (8 am, 4 pm, 12 pm)"), clock_slips("every 8 hours (8 am, 4 pm, 12 am)")
    ([(0, 33)], [])
    >>> clock_slips("every 6 hours (6 am, 2 pm, 10 pm)"), clock_slips("every 4 hours (8 am, 12 pm, 4 pm)")
    ([(0, 33)], [])
    """
    found = []
    for match in _EVERY_HOURS.finditer(folded) if "every" in folded else ():
        times = [_hour(part) for part in _CLOCK.finditer(match[2])]
        if len(times) < 2 or None in times:
            continue
        hours = sorted({hour for hour in times if hour is not None})
        gaps = {b - a for a, b in pairwise(hours)}
        evenly = len(times) == 24 // int(match[1] or 1) or (len(gaps) == 1 and len(times) > 2)
        if len(hours) < len(times) or (evenly and gaps != {float(match[1])}):
            found.append(match.span())
    return found


def _hour(part: re.Match[str]) -> float | None:
    hour = int(part[1])
    if hour > 12:
        return None
    return hour % 12 + (12 if part[3] == "p" else 0) + int(part[2] or 0) / 60


_A_DAY = re.compile(
    rf"\b(?:(?P<often>once|twice|thrice|(?:{_FIGURE}) ?(?:x|times)) ?(?:dai?ly|(?:a|per|each|every|in a|in|/) ?(?:day|24 ?h(?:ours?)?)\b)"
    r"|every ?(?P<hours>\d{1,2}|two|three|four|six|eight|twelve) ?-?(?:h|hr|hrs|hours?)\b|q ?(?P<q>\d{1,2}) ?h\b"
    r"|(?P<two>b\.?i\.?d|bd)\b|(?P<three>t\.?i\.?d|t\.?d\.?s|tds)\b|(?P<four>q\.?i\.?d|qds)\b)"
)


def times_a_day(folded: str) -> list[Told]:
    """Return how many times a day something is taken, by each of the frequencies that *folded* gives in so many words.

    >>> [t.number for t in times_a_day("twice daily; three times a day; every 6 hours; q8h; BID".lower())]
    [2.0, 3.0, 4.0, 3.0, 2.0]
    """
    found = []
    for match in _A_DAY.finditer(folded):
        part = match.groupdict()
        hours = part["hours"] or part["q"]
        if hours:
            every = count(hours)
            said = 24.0 / every if every and 24 % every == 0 else None
        elif part["often"]:
            word = part["often"].removesuffix("times").strip(" x")
            said = float(_OFTEN.get(word) or count(word) or 0) or None
        else:
            said = 2.0 if part["two"] else 3.0 if part["three"] else 4.0
        if said:
            found.append(Told(said, match.start(), match.end()))
    return found

"""Facts on doses: those that were garbled in the text, and those that differ between summary and arms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit.engine.clauses import clause
from audit.engine.controls import arm_texts
from audit.engine.groups import groups
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import sentence_at
from audit.model.registration import Registration
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_POWERS = ("dose.range_times", "dose.lost_power", "dose.bare_power")
_WHY = {
    "dose.range_times": "a number times a number, without powers",
    "dose.lost_power": "a power of ten written as a plain number",
    "dose.bare_power": "a power of ten written as a plain number",
    "dose.per_unit": "a unit that does not say per what",
    "dose.two_units": "two units in a row",
    "dose.many_points": "a number with several decimal points",
    "dose.backward_range": "a range that runs backwards",
}
_COUNT_OF_CELLS = re.compile(r" *(?:/|per) *(?:mm|cubic|ul\b|micro|hpf|field|l\b|high)")
_PER_UNIT = re.compile(r" ?\^?-\d")  # "5 mg ml-1" is 5 mg/ml
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079\u207b]")
_GLUED = (".", ",", "-", "^", "/")
_SEVERAL = re.compile(
    r"\b(?:tablets?|tabs?|capsules?|times|twice|b\.?i?\.?d|tid|qid|every|q\d|daily|divided|doses|puffs?|drops?|ampoules?|vials?|each|day|week)\b|/day"
)
_OFTEN = re.compile(
    r"\b(?:(?P<day>once|single|daily|nightly|(?:a|per|each|every) (?:day|night))|(?P<twice>twice|(?:two|2) times|b\.?i?\.?d|q ?12|every 12)"
    r"|(?P<thrice>thrice|(?:three|3) times|t\.?[id]\.?[ds]|q ?8|every 8)|(?P<four>(?:four|4) times|q\.?i\.?d|q ?6|every 6)"
    r"|(?P<week>weekly|(?:a|per|each|every) week))\b|/ ?(?:(?P<a_day>d|day|night)|(?P<a_week>week))\b"
)
_COUNTED = re.compile(
    r"\b(?:half|two|three|four|five|six|[2-8]|\d/\d) (?:\w+ )?(?:tab|cap|pill|pearl|dos|puff|drop|ampoule|vial|sachet)"
    r"|\b(?:two|three|four|five|six|[2-8]) (?:an?|per|each|in a) (?:day|night|week)|\b(?:each|divided|split|total|another)\b"
)
_RANGE = re.compile(r"(\d+(?:\.\d+)?) *- *(\d+(?:\.\d+)?)")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?!\d)")

_UNITS = {
    **dict.fromkeys(("mcg", "ug", "microgram", "micrograms", "microgramme", "microgrammes"), ("ug", 1.0)),
    **dict.fromkeys(("mg", "milligram", "milligrams", "miligram", "milligramme"), ("ug", 1e3)),
    **dict.fromkeys(("g", "gr", "gram", "grams"), ("ug", 1e6)),
    **dict.fromkeys(("ng", "nanogram", "nanograms"), ("ug", 1e-3)),
    **dict.fromkeys(("iu", "unit", "units"), ("iu", 1.0)),
    **dict.fromkeys(("ml", "cc", "milliliter", "milliliters", "millilitre", "millilitres"), ("ml", 1.0)),
    **dict.fromkeys(("%", "percent"), ("%", 1.0)),
}
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_DOSE = re.compile(
    rf"(?<![a-z\d.])({_NUMBER}(?:(?:,| and| or|, and|/| -|-) ?{_NUMBER})*) ?-?("
    + "|".join(sorted(_UNITS, key=len, reverse=True))
    + r")(?![a-z0-9])"
)
_NUMBERS = re.compile(_NUMBER)
_PER = re.compile(
    r"(?:/|\bper\b|\bfor (?:each|every)\b|\bevery\b|\beach\b) *(?:(?:1|one) *)?(kg|kilo(?:gram)?s?(?: of)?|body weight|square (?:centi)?met(?:er|re)s?|cm *\^?2|m *\^?2\b|"
    r"ml\b|cc\b|millilit(?:er|re)s?|milli-lit(?:er|re)|lit(?:er|re)s?\b|dl\b|l\b)"
)
_PRODUCT = re.compile(
    r"(vitamin [a-z]\d{0,2}|[a-z][a-z-]{4,}(?: [a-c](?= ))?)(?: (?:sul(?:f|ph)ate|chloride|gluconate|citrate|hcl|hydrochloride|acetate|sodium|phosphate|oxide|acid))?"
    r"(?: tab(?:let)?s?| cap(?:sule)?s?| (?:eye |oral |topical |nasal )?(?:mouth-?(?:wash|rinse)|gel|cream|ointment|solution|lotion|drops?|shampoo|paste|varnish|serum|spray))?(?: is| was| will be)?(?: (?:at|in|with) (?:a |the )?(?:dose|dosage|amount) of)? *[:=(]? *$"
)
_OF_PRODUCT = re.compile(
    r"(?: ?/ ?(?:kg|day|d)| per kg)* *(?:of |doses? of |oral |tablets? of |capsules? of )*(vitamin [a-z]\d{0,2}|[a-z][a-z-]{4,})"
)
_REACH = 110
_MULTIPLES = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)


@dataclass(frozen=True)
class Dose:
    """An amount as it stands in a text: in micrograms or units, ``per`` what (kg, cm2, m2, ml), and of which product."""

    amount: float
    unit: str
    per: frozenset[str]
    product: str
    value: Value
    start: int
    end: int

    @property
    def place(self) -> Place:
        """The sentence in which the dose stands."""
        return clause(self.value, self.start, self.end, 150)


@fact(cases=("quote", "why"))
def garbled_doses(reading: Reading) -> Fact:
    """The doses and quantities in arms and summary that cannot be read as they stand."""
    found = list(_garbled(reading, tuple(_WHY)))
    if reading.registration.source.kind == "pdf":
        kept = [hit for hit in found if hit.pattern not in _POWERS]
        if found and not kept:
            return cannot_tell("text", "the export to PDF may have lost a superscript")
        found = kept
    return listed(_cases(found)) if _texts(reading.registration) else cannot_tell("empty", "arms")


@fact(cases=("quote",))
def lost_superscripts(reading: Reading) -> Fact:
    """The powers of ten whose exponent is no longer raised ("106 cells" for a million)."""
    found = list(_garbled(reading, _POWERS))
    if found and reading.registration.source.kind == "pdf":
        return cannot_tell("text", "the export to PDF may have lost a superscript")
    return listed(_cases(found)) if _texts(reading.registration) else cannot_tell("empty", "arms")


@fact(cases=("summary_dose", "arm_dose"))
def dose_differences(reading: Reading) -> Fact:
    """The doses that summary and arms give differently: another amount, or per another measure."""
    r = reading.registration
    arms = tuple(arm.description for arm in r.arms if arm.description.given)
    texts = (r.arms_summary, r.design_summary, r.settings, r.study_aim, r.scientific_title, r.public_title)
    summary = tuple(value for value in texts if value.given)
    if not arms or not summary:
        return cannot_tell("unknown" if not arms else "empty", "arms" if not arms else "arms_summary")
    if not (reading.first("dose.amount", *arms) and reading.first("dose.amount", *summary)):
        return cannot_tell("text", "summary and arms do not both name a dose")
    in_arms = [dose for value in arms for dose in doses(value)]
    in_summary = [dose for value in summary for dose in doses(value)]
    cases = [
        _other_measure(in_summary, in_arms),
        *_other_amount(reading, in_summary, in_arms),
        *_other_frequency(in_summary, in_arms),
    ]
    if not any(cases):
        cases = [*_other_in_its_group(reading, in_summary, in_arms)]
    return listed(case for case in cases if case)


def doses(value: Value) -> Iterator[Dose]:
    """Yield the doses in *value*; of "50, 100 and 200 mg" each number is one."""
    folded = value.folded
    found = list(_DOSE.finditer(folded))
    for at, match in enumerate(found):
        _, last = sentence_at(folded, match.start())
        reach = min(last, match.end() + _REACH, found[at + 1].start() if at + 1 < len(found) else last)
        after = folded[match.end() : reach]
        per = frozenset(_measure(part[1]) for part in _PER.finditer(after))
        unit, factor = _UNITS[match[2]]
        product = product_at(folded, match.start(), match.end(), unit)
        for number in _NUMBERS.findall(match[1]):
            amount = round(float(number.replace(",", "")) * factor, 6)
            yield Dose(amount, unit, per, product, value, match.start(), match.end())


def _measure(text: str) -> str:
    if text.startswith(("kg", "kilo", "body")):
        return "kg"
    if text.startswith(("square c", "cm")):
        return "cm2"
    if text.startswith(("square", "m2", "m ", "m^")):
        return "m2"
    return "ml"


def product_at(folded: str, start: int, end: int, unit: str = "") -> str:
    """Return the product whose amount stands at *start* to *end* ("zinc 30 mg", "30 mg of zinc"), or nothing."""
    after = _OF_PRODUCT.match(folded, end)
    before = _PRODUCT.search(folded[max(0, start - 40) : start])
    for found in (after, before):
        if found and found[1] not in _NO_PRODUCT and not (found[1] in _SOLVENTS and unit == "ml"):
            return found[1].removesuffix("s")
    return ""


_NO_PRODUCT_WORDS = (
    "about after along among before being between capsule capsules combined concentration daily diluted dosage doses during "
    "every first followed given group hours intravenous intravenously injection maximum minutes orally other patients receive "
    "received receives receiving single subcutaneous syrup tablet tablets their there these total twice until using weekly "
    "weight which while with within equal maximum minimum intra-dermal intramuscular once three times powder solution second "
    "ampoule ampoules vials oral night morning evening of-drug containing contains consist amount approximately powder"
)
_SOLVENTS = frozenset(
    [
        "normal",
        "saline",
        "sodium",
        "water",
        "distilled",
        "dextrose",
        "ringer",
        "sterile",
        "serum",
        "physiological",
        "blood",
        "solvent",
        "fluid",
    ]
)
_NO_PRODUCT = frozenset(_NO_PRODUCT_WORDS.split())


def _other_measure(summary: list[Dose], arms: list[Dose]) -> Case | None:
    """Return where the same amount is a total here and per kilogram or area there."""
    for here in summary:
        same = [dose for dose in arms if (dose.amount, dose.unit) == (here.amount, here.unit) and _same_product(dose, here)]
        others = [dose for dose in summary if (dose.amount, dose.unit) == (here.amount, here.unit)]
        together = [dose for dose in others if dose.value is here.value]
        said = {dose.per - {"ml"} for dose in same}
        if len(said) != 1 or any((other.per - {"ml"}) in said for other in together):
            continue
        there = same[0]
        more = [dose.place for dose in others if dose.per != here.per]
        return Case({"summary_dose": _flat(here), "arm_dose": _flat(there)}, (here.place, *_first_of_each(more), there.place))
    return None


def _same_product(one: Dose, other: Dose) -> bool:
    return not one.product or not other.product or one.product == other.product


def _may_be_several(one: str, other: str) -> bool:
    """Return whether one amount may be several of the other: "two tablets of 200 mg" are 400 mg, but "once" is "once"."""
    if _COUNTED.search(one) or _COUNTED.search(other):
        return True
    often, more_often = _how_often(one), _how_often(other)
    if often and more_often:
        return often != more_often
    return bool(often or more_often or _SEVERAL.search(one) or _SEVERAL.search(other))


def _how_often(text: str) -> set[str]:
    """Return how often a sentence says that a dose is given; a bare "day" counts where nothing else is said."""
    found = {(match.lastgroup or "").removeprefix("a_") for match in _OFTEN.finditer(text)}
    return found - {"day"} or found


def _first_of_each(places: list[Place]) -> tuple[Place, ...]:
    kept: dict[str, Place] = {}
    for place in places:
        kept.setdefault(place.value.field, place)
    return tuple(kept.values())


def _other_amount(reading: Reading, summary: list[Dose], arms: list[Dose]) -> Iterator[Case]:
    """Yield the products that have one dose in the summary and another one in the arms, beyond "two tablets of"."""
    for product, unit in dict.fromkeys((dose.product, dose.unit) for dose in summary if dose.product):
        here = [dose for dose in summary if (dose.product, dose.unit) == (product, unit)]
        there = [dose for dose in arms if (dose.product, dose.unit) == (product, unit)]
        if not there or len({(d.amount, d.unit, d.per) for d in here}) > 1 or len({(d.amount, d.unit, d.per) for d in there}) > 1:
            continue
        one, other = here[0], there[0]
        if (one.unit, one.per) != (other.unit, other.per) or one.amount == other.amount or not one.amount or not other.amount:
            continue
        ratio = max(one.amount, other.amount) / min(one.amount, other.amount)
        several = ratio in _MULTIPLES and _may_be_several(_sentence(one), _sentence(other))
        if several or _changes(reading, one) or _changes(reading, other):
            continue
        yield Case({"summary_dose": _flat(one), "arm_dose": _flat(other)}, (one.place, other.place))


def _other_in_its_group(reading: Reading, summary: list[Dose], arms: list[Dose]) -> Iterator[Case]:
    """Yield the groups whose one dose differs while that of another group agrees; groups stand in the same order."""
    r = reading.registration
    there = _one_each([[dose for dose in arms if dose.value is arm.description] for arm in r.arms])
    if len(there) < 2:
        return
    here = _one_each(
        [[d for d in summary if d.value is g.value and g.start <= d.start < g.end] for g in groups(reading, r.arms_summary)]
    )
    if len(here) != len(there):
        return
    pairs = list(zip(here, there, strict=True))
    if len({(dose.unit, dose.per) for dose in (*here, *there)}) > 1 or all(a.amount != b.amount for a, b in pairs):
        return
    for one, other in pairs:
        if one.amount != other.amount and not (_changes(reading, one) or _changes(reading, other)):
            yield Case({"summary_dose": _flat(one), "arm_dose": _flat(other)}, (one.place, other.place))


def _other_frequency(summary: list[Dose], arms: list[Dose]) -> Iterator[Case]:
    """Yield the dose that is the same in summary and arms, but daily there and weekly here."""
    for one in summary:
        often = _said_after(one)
        mine = [d for d in summary if d.product == one.product]
        if not one.product or len(often) != 1 or any(_said_after(d) != often or d.amount != one.amount for d in mine):
            continue
        for other in arms:
            there = _said_after(other)
            if (other.product, other.amount, other.unit, other.per) != (one.product, one.amount, one.unit, one.per):
                continue
            if (
                len(there) == 1
                and there != often
                and "week" in often | there
                and not _SHARED_OUT.search(_sentence(one) + _sentence(other))
            ):
                yield Case({"summary_dose": _flat(one), "arm_dose": _flat(other)}, (one.place, other.place))
                return


_SHARED_OUT = re.compile(r"\b(?:divided|split|total|altogether|equivalent)\b")


def _said_after(dose: Dose) -> set[str]:
    """Return how often a dose is given by the words that follow it at once: "50000 IU once a week" is weekly, not single."""
    after = dose.value.folded[dose.end : dose.end + 45]
    stop = _DOSE.search(after)
    often = _how_often(re.split(r"[;:()]| and | or |,", after[: stop.start()] if stop else after)[0])
    return often - {"day"} or often


def _flat(dose: Dose) -> str:
    return " ".join(dose.place.quote.split())


def _one_each(found: list[list[Dose]]) -> list[Dose]:
    """Return the one dose of each group, or nothing when a group has none or several."""
    if any(len({(dose.amount, dose.unit, dose.per) for dose in group}) != 1 for group in found):
        return []
    return [group[0] for group in found]


def _sentence(dose: Dose) -> str:
    first, last = sentence_at(dose.value.folded, dose.start)
    return dose.value.folded[first:last]


def _changes(reading: Reading, dose: Dose) -> bool:
    value = dose.value
    first, last = sentence_at(value.folded, dose.start)
    found = [hit for hit in reading.find("dose.titration", value) if first <= hit.start < last]
    return any(hit.text != "day 1" or not value.folded[: hit.start].endswith(("on ", "on the ")) for hit in found)


def _texts(r: Registration) -> tuple[Value, ...]:
    others = (r.arms_summary, r.design_summary, r.settings, r.scientific_title, r.public_title)
    described = (*arm_texts(r), *(value for value in others if value.given))
    return tuple({id(value): value for value in described}.values())


def _garbled(reading: Reading, patterns: tuple[str, ...]) -> Iterator[Hit]:
    end: tuple[int, int] = (0, -1)
    for hit in reading.find(patterns, *_texts(reading.registration)):
        overlaps = end[0] == id(hit.value) and hit.start < end[1]
        if not overlaps and _is_garbled(hit):
            end = (id(hit.value), hit.end)
            yield hit


def _is_garbled(hit: Hit) -> bool:
    if hit.pattern in _POWERS and _RAISED.search(hit.value.text, hit.start, hit.end):
        return False  # folding turned a raised digit that is there into a plain one
    if hit.pattern == "dose.bare_power":
        before = hit.value.folded[max(0, hit.start - 1) : hit.start]
        return before not in _GLUED and not _COUNT_OF_CELLS.match(hit.value.folded, hit.end)
    if hit.pattern == "dose.two_units":
        return not _PER_UNIT.match(hit.value.folded, hit.end)
    if hit.pattern == "dose.many_points":
        return not _THOUSANDS.match(hit.text)
    if hit.pattern == "dose.backward_range":
        return _runs_backwards(hit)
    return True


def _runs_backwards(hit: Hit) -> bool:
    folded = hit.value.folded
    if folded[max(0, hit.start - 1) : hit.start] in ("-", "/", ".") and hit.start:
        return False
    match = _RANGE.search(hit.text)
    return match is not None and float(match[1]) > float(match[2])


def _cases(hits: list[Hit]) -> Iterator[Case]:
    """Yield one case for each way of being garbled, with its wordings and the places where they stand."""
    ways: dict[str, list[Hit]] = {}
    for hit in hits:
        ways.setdefault(_WHY[hit.pattern], []).append(hit)
    for why, same in ways.items():
        quotes = dict.fromkeys(" ".join(hit.place.quote.split()).rstrip(",;:") for hit in same)
        places = tuple(clause(hit.value, hit.start, hit.end, 150) for hit in same[:6])
        yield Case({"quote": tuple(quotes), "why": why}, places)

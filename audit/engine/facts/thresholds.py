"""Facts on the numbers in criteria: laboratory values without a unit, and ranges that nobody can meet."""

import re
from collections.abc import Iterator

from audit.engine.criteria import IN, criteria_items
from audit.engine.facts.scales import names_of_quantities, range_near
from audit.engine.language import unread
from audit.engine.numbers import Range, ranges
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_LABORATORY = tuple(
    f"quantities.{name}"
    for name in (
        "creatinine",
        "platelets",
        "haemoglobin",
        "fasting_glucose",
        "glucose",
        "bilirubin",
        "crp",
        "ferritin",
        "white_cells",
        "calcium",
        "triglycerides",
        "cholesterol",
        "potassium",
        "sodium",
        "uric_acid",
        "d_dimer",
    )
)
_DIGIT = re.compile(r"\d")
_UNITS = (
    r"(?:m?c?gr?|grams?|mil\w*|mmol\w*|micro\w*|u?mol|ug|ng|pg|u|iu|ml|dl|lit\w*|l|cc|cells?|per|mm\d?|cmm|percent|times?|folds?|x|uln|unl|nul|n|upper|lower|normal|"
    r"limits?|thousands?|k|lakhs?|millions?|meq\w*|units?|mcl|ul|mic\w*|cubic|baseline|reference|range|deciliter|grade|stage|score|points?|seconds?|years?|months?|weeks?|"
    r"days?|hours?|copies|m/d\w*)\b|x ?\d|x ?uln|[/%^*\x7f]"
)
_UNIT = re.compile(rf"(?<![a-z])(?:{_UNITS})")
_BREAKS = r"(?:[ (\[=,\r\n-]|_x000d_|<br ?/?>){0,40}"
"""What may stand between a number and its unit: a sign, or the end of a line as exports write it."""
_UNIT_NEXT = re.compile(rf"{_BREAKS}(?:{_UNITS})")
_MULTIPLE = re.compile(r"\b(?:times|fold|uln|upper|lower limit|normal|limits?|baseline|reference)\b")
_MULTIPLE_NEXT = re.compile(
    rf"{_BREAKS}(?:the |of |x |times )*(?:times|fold|uln|upper|lower|normal|limits?|baseline|reference)\b"
)
_OTHER_QUANTITY = re.compile(
    r" *(?:clearance|ratio|/|a1c|electrophor|s\b|rich|transfus|concentrate|donat|aggregat|count at|gradient|channel)"
)
_RATIO_BEFORE = re.compile(r"(?:/|\bratio of|\bto|proteins?|albumin|urine|urinary|clearance of|anti-?|\bnon-?) ?$")
_JOINED = re.compile(r"\d[\d.,]* ?(?:%|kg/m2|years?|points?)? ?(?:-|to|and|~|till|until) ?\d")
_CODE = re.compile(r"\D0\d")
_NOT_A_RANGE = re.compile(
    r"pressure|\bbp\b|\bvision|acuity|date|phone|code|no\.|\bteeth|tooth|\blevels? (?:l|c|t)\d|grade of hearing|\bratio"
)
_TIME_UNITS = ("mo", "we", "da", "ho", "ti")
_ONE_AGE = re.compile(
    r"(?:the )?(?:ages?|aged)(?: of| is| are|:)? ?(?:the patients? (?:is|of) )?(?P<n>[1-9]\d)(?: years?(?:[ -]old| of age)?)?"
)
_MOST = 4


def _texts(reading: Reading) -> tuple[Value, ...]:
    r = reading.registration
    return tuple(value for value in (r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary) if value.given)


def _unknown(reading: Reading, values: tuple[Value, ...]) -> Fact | None:
    if not values:
        field = reading.registration.inclusion_criteria
        return cannot_tell(field.state.value, field.field)
    return unread(*values)


@fact(cases=("quantity", "text_says"))
def thresholds_without_unit(reading: Reading) -> Fact:
    """The laboratory values that a criterion limits by a number without a unit, one case for each quantity."""
    values = _texts(reading)
    if (unknown := _unknown(reading, values)) is not None:
        return unknown
    found: dict[str, list[Place]] = {}
    names: dict[str, str] = {}
    for value in values:
        if not _DIGIT.search(value.folded):
            continue
        named = 0
        for hit in reading.find(_LABORATORY, value):
            if hit.start < named:  # blood sugar, in fasting blood sugar
                continue
            named = hit.end
            place = _without_unit(value, hit.start, hit.end)
            if place is not None:
                found.setdefault(hit.pattern, []).append(place)
                names.setdefault(hit.pattern, value.text[hit.start : hit.end])
    return listed(
        Case({"quantity": names[quantity], "text_says": places[0].quote}, tuple(places[:2]))
        for quantity, places in list(found.items())[:_MOST]
    )


def _without_unit(value: Value, start: int, end: int) -> Place | None:
    folded = value.folded
    if _OTHER_QUANTITY.match(folded, end) or _RATIO_BEFORE.search(folded[max(0, start - 12) : start]):
        return None
    read = range_near(folded, start, end)
    if read is None or read.start < end or read.unit or read.low_unit:
        return None
    if folded[start:end] == "cr" and folded[end : end + 3].strip()[:1] not in ("<", ">", "\x01", "\x02"):
        return None
    if (
        _UNIT.search(folded[end : read.start])
        or _UNIT_NEXT.match(folded, read.end)
        or _MULTIPLE.search(folded, read.end, read.end + 25)
        or _MULTIPLE_NEXT.match(folded, read.end)
    ):
        return None
    return value.place(start, read.end)


@fact(cases=("text_says", "why"))
def impossible_ranges(reading: Reading) -> Fact:
    """The ranges in criteria that run backwards or hold one number only, and numbers that were turned round."""
    values = _texts(reading)
    if (unknown := _unknown(reading, values)) is not None:
        return unknown
    cases = [case for value in values if _DIGIT.search(value.folded) for case in _impossible(reading, value)]
    if not cases and (one := _one_age(reading)) is not None:
        cases.append(one)
    seen: dict[str, Case] = {}
    for case in cases:
        seen.setdefault(" ".join(str(case.values["text_says"]).lower().split()), case)
    return listed(list(seen.values())[:_MOST])


def _impossible(reading: Reading, value: Value) -> Iterator[Case]:
    folded = value.folded
    backwards = [one for one in ranges(folded) if _is_backwards(folded, one)]
    if backwards:
        near = {
            read.start: start for start, end, _ in names_of_quantities(reading, value) if (read := range_near(folded, start, end))
        }
        for one in backwards:
            start = near.get(one.start)
            if start is None and not _is_age(folded, one):
                continue
            place = value.place(min(one.start, one.start if start is None else start), one.end)
            why = "the lower and the upper limit are the same" if one.low == one.high else "the first number is the greater one"
            yield Case({"text_says": place.quote, "why": why}, (place,))
    for hit in reading.find("criteria.garbled_number", value):
        yield Case({"text_says": hit.place.quote, "why": "the sign stands on the wrong side of the number"}, (hit.place,))


def _is_backwards(folded: str, one: Range) -> bool:
    low, high = one.low, one.high
    if low is None or high is None or low < high or one.exact or one.crossed or low >= 1000:
        return False
    if one.unit[:2] in _TIME_UNITS and "old" not in one.unit:
        return False
    if (
        not _JOINED.search(folded[one.start : one.end])
        or _CODE.search(folded[one.start : one.end])
        or (one.low_unit and one.unit and one.low_unit[:2] != one.unit[:2])
    ):
        return False
    return not _NOT_A_RANGE.search(folded[max(0, one.start - 30) : one.start])


def _is_age(folded: str, one: Range) -> bool:
    return one.unit.startswith("y") and bool(re.search(r"\bage[ds]?\b", folded[max(0, one.start - 25) : one.end + 12]))


def _one_age(reading: Reading) -> Case | None:
    """An inclusion criterion that names one age, as if everybody were of it; not where the fields do so too."""
    r = reading.registration
    if r.minimum_age.years is not None and r.minimum_age.years == r.maximum_age.years:
        return None
    for item in criteria_items(reading):
        if item.role == IN and len(item.folded) < 60 and _ONE_AGE.fullmatch(item.folded.strip()):
            return Case({"text_says": item.place.quote, "why": "one age is named, and no range"}, (item.place,))
    return None
